//! Whether a browser may be sent to an address (RFC 6749 section 3.1.2, RFC 9700 section 2.1).
//!
//! Addresses are compared letter by letter. Two exceptions: an IP literal of the loopback interface may have any port
//! (RFC 8252 section 7.3), and a registered address may end in `*`, as Keycloak's do; what the star stands for holds
//! nothing that could lead elsewhere.

use model::client::ClientSettings;
use url::{Host, Url, form_urlencoded};

/// The longest redirect URI, in bytes.
pub const MAX_LENGTH: usize = 2_048;
/// What the server itself adds to the query or the fragment of a redirect URI.
const ANSWER: [&str; 12] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "id_token",
    "iss",
    "scope",
    "session_state",
    "state",
    "token_type",
];

/// Whether a client may be answered at `given`. `public_url` is the server's address, for registered paths.
pub fn is_registered(settings: &ClientSettings, public_url: &str, given: &str) -> bool {
    !holds_an_answer(given) && matches_any(&settings.redirect_uris, settings, public_url, given)
}

/// Whether an address brings a parameter of the answer along: an application that reads the first of two would take it
/// for ours (RFC 6749 section 3.1 forbids two of a name).
pub fn holds_an_answer(uri: &str) -> bool {
    let Some((_, query)) = uri.split_once('?') else { return false };
    let query = query.split('#').next().unwrap_or_default();
    // Some applications divide at a semicolon too.
    query.split(';').any(|part| form_urlencoded::parse(part.as_bytes()).any(|(name, _)| ANSWER.contains(&&*name)))
}

/// Whether `given` is among `registered`, which may be relative to the client's root URL.
pub fn matches_any(registered: &[String], settings: &ClientSettings, public_url: &str, given: &str) -> bool {
    if given.len() > MAX_LENGTH || !is_sound(given) {
        return false;
    }
    registered.iter().any(|registered| {
        let absolute = match registered.starts_with('/') {
            true => format!("{}{registered}", root(settings, public_url)),
            false => registered.clone(),
        };
        matches(&absolute, given)
    })
}

/// What a registered path is relative to.
pub fn root<'a>(settings: &'a ClientSettings, public_url: &'a str) -> &'a str {
    match settings.root_url.as_deref().map(|root| root.trim_end_matches('/')) {
        // Keycloak's placeholders for the server itself.
        None | Some("" | "${authBaseUrl}" | "${authAdminUrl}") => public_url,
        Some(root) => root,
    }
}

/// Nothing in a sound address is read in two ways: it is visible ASCII without a fragment, a backslash or quotes.
fn is_sound(uri: &str) -> bool {
    uri.bytes().all(|byte| byte.is_ascii_graphic() && !b"#\\\"<>^`{|}".contains(&byte)) && Url::parse(uri).is_ok()
}

fn matches(registered: &str, given: &str) -> bool {
    if registered == given {
        return true;
    }
    match registered.strip_suffix('*') {
        Some("") => is_web(given) && !has_traversal(given),
        Some(prefix) => below(prefix, given),
        None => is_same_but_for_the_port(registered, given),
    }
}

fn is_web(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && has_plain_authority(&url))
}

/// Whether `given` begins with `prefix` and goes on within the same place.
fn below(prefix: &str, given: &str) -> bool {
    let Some(rest) = given.strip_prefix(prefix) else {
        return without_loopback_port(prefix)
            .zip(without_loopback_port(given))
            .is_some_and(|(prefix, given)| given.strip_prefix(&prefix).is_some_and(|rest| goes_on(&prefix, rest)));
    };
    goes_on(prefix, rest)
}

fn goes_on(prefix: &str, rest: &str) -> bool {
    // The prefix must hold scheme, host and the slash after it: what follows can't be a part of the host then. Browsers
    // read `https:x` and `https:///x` as `https://x`, so a web address without a host would stand for every site.
    let is_web = ["http:", "https:"]
        .iter()
        .any(|scheme| prefix.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let path = match prefix.split_once("://") {
        Some((_, authority)) => {
            authority.split_once('/').filter(|(host, _)| !is_web || !host.is_empty()).map(|(_, path)| path)
        }
        None => prefix.split_once(':').filter(|_| !is_web).map(|(_, path)| path),
    };
    // A path that becomes a host is none any more.
    let stays_a_path = !(prefix.ends_with(":/") && rest.starts_with('/'));
    path.is_some() && stays_a_path && !has_traversal(rest) && !rest.contains('@')
}

/// Whether a path leads upwards, in any spelling that some server might decode.
fn has_traversal(text: &str) -> bool {
    let (path, _) = text.split_once('?').unwrap_or((text, ""));
    let mut path = path.to_ascii_lowercase();
    // Twice, for what is encoded twice.
    for _ in 0..3 {
        path = path.replace("%25", "%").replace("%2e", ".").replace("%2f", "/").replace("%5c", "/").replace("%3b", ";");
    }
    path.split(['/', '\\']).any(|segment| matches!(segment.split(';').next(), Some("." | "..")))
}

fn has_plain_authority(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// RFC 8252 section 7.3: the port of a loopback IP literal is chosen by the application at each start.
fn is_same_but_for_the_port(registered: &str, given: &str) -> bool {
    match (without_loopback_port(registered), without_loopback_port(given)) {
        (Some(registered), Some(given)) => registered == given,
        _ => false,
    }
}

/// The address without its port, if its host is an IP literal of the loopback interface, written as such.
fn without_loopback_port(uri: &str) -> Option<String> {
    let url = Url::parse(uri.trim_end_matches('*')).ok()?;
    let loopback = match url.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(_) => false,
    };
    if url.scheme() != "http" || !loopback || !has_plain_authority(&url) {
        return None;
    }
    let host = url.host_str()?;
    let rest = uri.strip_prefix("http://")?.strip_prefix(host)?;
    let rest = match rest.strip_prefix(':') {
        Some(after) => after.trim_start_matches(|letter: char| letter.is_ascii_digit()),
        None => rest,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then(|| format!("http://{host}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(registered: &str, given: &str) -> bool {
        let settings = ClientSettings { redirect_uris: vec![registered.to_owned()], ..ClientSettings::default() };
        is_registered(&settings, "https://id.example", given)
    }

    #[test]
    fn only_the_same_address_matches() {
        let registered = "https://app.example/cb?a=1";
        assert!(allows(registered, registered));
        for given in [
            "https://app.example/cb",
            "https://app.example/cb?a=1&b=2",
            "https://app.example/cb?a=2",
            "https://app.example/cb?a=1#x",
            "https://APP.example/cb?a=1",
            "https://app.example:443/cb?a=1",
            "https://app.example./cb?a=1",
            "https://user@app.example/cb?a=1",
            "https://app.example/x/../cb?a=1",
            "https://app.example/cb?a=1\n",
            "https://app.example\\cb?a=1",
            "",
        ] {
            assert!(!allows(registered, given), "{given}");
        }
    }

    #[test]
    fn an_answer_of_its_own_is_refused() {
        for query in ["code=x", "a=1&state=x", "%63ode=x", "iss", "a=1;code=x", "error=access_denied"] {
            let uri = format!("https://app.example/cb?{query}");
            assert!(!allows(&uri, &uri), "{uri}");
            assert!(!allows("https://app.example/*", &uri), "{uri}");
        }
        for query in ["codec=x", "a=code", "tenant=acme", ""] {
            let uri = format!("https://app.example/cb?{query}");
            assert!(allows(&uri, &uri), "{uri}");
        }
    }

    #[test]
    fn a_star_stays_in_its_place() {
        let registered = "https://app.example/cb/*";
        for given in ["https://app.example/cb/", "https://app.example/cb/a/b?x=/../y"] {
            assert!(allows(registered, given), "{given}");
        }
        for given in [
            "https://app.example/cb",
            "https://app.example/cb/../x",
            "https://app.example/cb/..;/x",
            "https://app.example/cb/%2e%2e/x",
            "https://app.example/cb/%252e%252e%252fx",
            "https://app.example.evil.example/cb/",
        ] {
            assert!(!allows(registered, given), "{given}");
        }
        assert!(!allows("https://app.example*", "https://app.example.evil.example/"));
        assert!(!allows("https://app.example*", "https://app.example@evil.example/"));
        assert!(allows("*", "https://anywhere.example/cb") && !allows("*", "javascript:alert(1)"));
        assert!(!allows("*", "https://user@evil.example/"));
    }

    #[test]
    fn the_port_of_a_loopback_literal_may_vary() {
        assert!(allows("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb"));
        assert!(allows("http://127.0.0.1:8080/cb", "http://127.0.0.1:9/cb"));
        assert!(allows("http://[::1]/cb", "http://[::1]:49152/cb"));
        assert!(allows("http://127.0.0.1/*", "http://127.0.0.1:5000/cb"));
        for given in [
            "http://127.0.0.1:49152/other",
            "http://127.0.0.1.nip.io/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.1/cb",
            "https://127.0.0.1:1/cb",
        ] {
            assert!(!allows("http://127.0.0.1/cb", given), "{given}");
        }
        assert!(!allows("http://localhost/cb", "http://localhost:3000/cb"));
        assert!(!allows("http://localhost/cb", "http://localhost:80@evil.example/cb"));
    }

    #[test]
    fn a_path_is_relative_to_the_root() {
        assert!(allows("/realms/a/account/*", "https://id.example/realms/a/account/x"));
        let settings = ClientSettings {
            redirect_uris: vec!["/cb".to_owned()],
            root_url: Some("https://app.example/".to_owned()),
            ..ClientSettings::default()
        };
        assert!(is_registered(&settings, "https://id.example", "https://app.example/cb"));
        assert!(!is_registered(&settings, "https://id.example", "https://id.example/cb"));
    }

    #[test]
    fn a_wildcard_without_a_host_stands_for_nothing() {
        for registered in ["https:*", "http:*", "https:/*", "HTTPS:*", "https://*", "https:///*"] {
            for given in
                ["https://evil.example/", "https:/evil.example/", "https:///evil.example/", "http://evil.example/"]
            {
                assert!(!allows(registered, given), "{registered} {given}");
            }
        }
        assert!(allows("org.example.app:/*", "org.example.app:/cb"));
        assert!(!allows("org.example.app:/*", "org.example.app://cb"));
    }

    #[test]
    fn schemes_of_applications_match_exactly() {
        assert!(allows("com.example.app:/cb", "com.example.app:/cb"));
        assert!(!allows("com.example.app:/cb", "com.example.app:/cb2"));
    }
}
