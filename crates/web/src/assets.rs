//! Style sheet, icon and scripts, part of the program. Their address holds a hash of their content, so that browsers may keep
//! them for ever and still see a new version at once.

use std::{fmt::Write, io::Write as _, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, VARY},
    },
    web::{self, Path, ServiceConfig},
};
use flate2::{Compression, write::GzEncoder};

use crate::{door::Door, refusal};

/// The style sheet of all pages.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    sheet(
        "style.css",
        concat!(
            include_str!("../../../templates/static/colours.css"),
            include_str!("../../../templates/static/style.css")
        ),
    )
});
/// The icon of all pages.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon.svg", "image/svg+xml", include_bytes!("../../../templates/static/icon.svg")));

/// Sends the form of the page it is on.
pub static SUBMIT: LazyLock<Asset> =
    LazyLock::new(|| script("submit.js", include_bytes!("../../../templates/static/submit.js")));
/// Shows the password on request, and sends a form only once.
pub static LOGIN: LazyLock<Asset> =
    LazyLock::new(|| script("login.js", include_bytes!("../../../templates/static/login.js")));
/// Goes on when all applications are told of a logout.
pub static LOGOUT: LazyLock<Asset> =
    LazyLock::new(|| script("logout.js", include_bytes!("../../../templates/static/logout.js")));
/// Tells an application whether its session is still the browser's.
pub static LOGIN_STATUS: LazyLock<Asset> =
    LazyLock::new(|| script("login-status.js", include_bytes!("../../../templates/static/login-status.js")));
/// The first half of the probe for cookies.
pub static COOKIE_PROBE_SET: LazyLock<Asset> =
    LazyLock::new(|| script("cookie-probe-set.js", include_bytes!("../../../templates/static/cookie-probe-set.js")));
/// The second half of the probe for cookies.
pub static COOKIE_PROBE_READ: LazyLock<Asset> =
    LazyLock::new(|| script("cookie-probe-read.js", include_bytes!("../../../templates/static/cookie-probe-read.js")));
/// The style sheet of the admin console.
pub static CONSOLE_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    sheet(
        "console.css",
        concat!(
            include_str!("../../../templates/static/colours.css"),
            include_str!("../../../templates/static/console.css")
        ),
    )
});
/// Keyboard, copying and the command palette of the admin console.
pub static CONSOLE: LazyLock<Asset> =
    LazyLock::new(|| script("console.js", include_bytes!("../../../templates/static/console.js")));
/// htmx 2.0.10 (Zero-Clause BSD licence), unchanged: exchanges parts of pages.
pub static HTMX: LazyLock<Asset> =
    LazyLock::new(|| script("htmx.js", include_bytes!("../../../templates/static/htmx.js")));

/// All of them.
pub static ALL: [&LazyLock<Asset>; 11] = [
    &STYLE,
    &ICON,
    &SUBMIT,
    &LOGIN,
    &LOGOUT,
    &LOGIN_STATUS,
    &COOKIE_PROBE_SET,
    &COOKIE_PROBE_READ,
    &CONSOLE_STYLE,
    &CONSOLE,
    &HTMX,
];

fn sheet(name: &str, content: &'static str) -> Asset {
    Asset::new(name, "text/css; charset=utf-8", content.as_bytes())
}

fn script(name: &str, content: &'static [u8]) -> Asset {
    Asset::new(name, "text/javascript; charset=utf-8", content)
}

/// A file that pages refer to.
pub struct Asset {
    name: String,
    url: String,
    media_type: &'static str,
    content: &'static [u8],
    /// The same in gzip (RFC 1952), made once.
    compressed: Vec<u8>,
}

impl Asset {
    fn new(name: &str, media_type: &'static str, content: &'static [u8]) -> Self {
        let mut hashed = String::new();
        // Writing to a String can't fail.
        let _ = write!(hashed, "{:016x}-{name}", fnv1a(content));
        Self { url: format!("/static/{hashed}"), name: hashed, media_type, content, compressed: compressed(content) }
    }

    /// Its address on this server.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it holds.
    #[must_use]
    pub fn content(&self) -> &'static [u8] {
        self.content
    }
}

fn compressed(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to a Vec can't fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

/// The 64-bit FNV-1a hash: enough to tell versions of a file apart.
#[must_use]
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Mounts the files below `/static`.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/static/{name}", web::get().to(file));
}

/// Files are the same for everybody and hold no secret, so they may be compressed; pages are not (RFC 7457 section 2.6).
async fn file(request: HttpRequest, name: Path<String>) -> HttpResponse {
    match ALL.into_iter().find(|asset| asset.name == *name) {
        Some(asset) => {
            let mut answer = HttpResponse::Ok();
            answer
                .content_type(asset.media_type)
                .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
                .insert_header((VARY, "accept-encoding"));
            let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
            if accepted.split(',').any(|coding| coding.trim() == "gzip") {
                answer.insert_header((CONTENT_ENCODING, "gzip")).body(asset.compressed.as_slice())
            } else {
                answer.body(asset.content)
            }
        }
        None => refusal::answer(Door::Page, StatusCode::NOT_FOUND, "This file isn't part of the server any more."),
    }
}
