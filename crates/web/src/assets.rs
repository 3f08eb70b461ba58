//! Style sheet, icon and scripts, part of the program. Their address holds a hash of their content, so that browsers may keep
//! them for ever and still see a new version at once.

use std::{fmt::Write, sync::LazyLock};

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::CACHE_CONTROL},
    web::{self, Path, ServiceConfig},
};

use crate::{door::Door, refusal};

/// The style sheet of all pages.
pub static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("style.css", "text/css; charset=utf-8", include_bytes!("../../../templates/static/style.css"))
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

/// All of them.
pub static ALL: [&LazyLock<Asset>; 8] =
    [&STYLE, &ICON, &SUBMIT, &LOGIN, &LOGOUT, &LOGIN_STATUS, &COOKIE_PROBE_SET, &COOKIE_PROBE_READ];

fn script(name: &str, content: &'static [u8]) -> Asset {
    Asset::new(name, "text/javascript; charset=utf-8", content)
}

/// A file that pages refer to.
pub struct Asset {
    name: String,
    url: String,
    media_type: &'static str,
    content: &'static [u8],
}

impl Asset {
    fn new(name: &str, media_type: &'static str, content: &'static [u8]) -> Self {
        let mut hashed = String::new();
        // Writing to a String can't fail.
        let _ = write!(hashed, "{:016x}-{name}", fnv1a(content));
        Self { url: format!("/static/{hashed}"), name: hashed, media_type, content }
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

/// The 64-bit FNV-1a hash: enough to tell versions of a file apart.
#[must_use]
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Mounts the files below `/static`.
pub fn routes(config: &mut ServiceConfig) {
    config.route("/static/{name}", web::get().to(file));
}

async fn file(name: Path<String>) -> HttpResponse {
    match ALL.into_iter().find(|asset| asset.name == *name) {
        Some(asset) => HttpResponse::Ok()
            .content_type(asset.media_type)
            .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .body(asset.content),
        None => refusal::answer(Door::Page, StatusCode::NOT_FOUND, "This file isn't part of the server any more."),
    }
}
