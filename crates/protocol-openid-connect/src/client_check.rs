//! What is checked of a client before it is saved.

use model::{client::Client, problem::Problem};
use services::client_registration::attributes::{LISTS, LOGO, POLICY, SEPARATOR, SINGLE, TERMS};
use url::Url;

use crate::redirect_uri;

/// The longest address, in bytes.
const MAX_LENGTH: usize = 2_048;
/// The most addresses of one kind.
const MAX_COUNT: usize = 200;
/// Schemes that a browser runs or shows instead of going somewhere.
const DANGEROUS: [&str; 8] = ["about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"];
/// Attributes with an address that people see or follow on pages of ours.
const SHOWN: [&str; 3] = [LOGO, POLICY, TERMS];
/// How further attributes end that hold an address, in Keycloak's several spellings, such as those of SAML.
const ADDRESSES: [&str; 7] = ["uri", "uris", "url", "urls", "url_post", "url_redirect", "url_artifact"];

/// One problem per field that can't be accepted.
pub fn check(client: &Client) -> Vec<Problem> {
    let settings = &client.settings;
    let mut problems = Vec::new();
    let lists = [("redirectUris", &settings.redirect_uris), ("webOrigins", &settings.web_origins)];
    for (field, list) in lists {
        if list.len() > MAX_COUNT {
            problems.push(Problem::new(field, format!("at most {MAX_COUNT} are possible, {} were given", list.len())));
        }
        problems.extend(list.iter().filter_map(|uri| fault(uri)).map(|text| Problem::new(field, text)));
    }
    problems.extend(settings.redirect_uris.iter().filter_map(|uri| redirect_fault(uri)));
    let single = [("rootUrl", &settings.root_url), ("baseUrl", &settings.base_url), ("adminUrl", &settings.admin_url)];
    for (field, uri) in single {
        problems.extend(uri.iter().filter_map(|uri| fault(uri)).map(|text| Problem::new(field, text)));
    }
    problems.extend(attribute_problems(client));
    problems
}

/// Addresses stand in attributes too: in some one, in some a list.
fn attribute_problems(client: &Client) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in SINGLE {
        let uri = client.attributes.get(name);
        let fault = uri.and_then(|uri| fault(uri).or_else(|| shown_fault(uri).filter(|_| SHOWN.contains(&name))));
        problems.extend(fault.map(|text| Problem::new(name, text)));
    }
    for name in LISTS {
        let list: Vec<_> = client.attributes.get(name).into_iter().flat_map(|list| list.split(SEPARATOR)).collect();
        if list.len() > MAX_COUNT {
            problems.push(Problem::new(name, format!("at most {MAX_COUNT} are possible, {} were given", list.len())));
        }
        problems.extend(list.into_iter().find_map(fault).map(|text| Problem::new(name, text)));
    }
    for (name, value) in &client.attributes {
        let (known, lower) = ([&SINGLE[..], &LISTS[..]].concat(), name.to_ascii_lowercase());
        if !known.contains(&name.as_str()) && ADDRESSES.iter().any(|end| lower.ends_with(end)) {
            problems.extend(value.split(SEPARATOR).find_map(fault).map(|text| Problem::new(name, text)));
        }
    }
    problems
}

/// A link to elsewhere than the web is none that people should follow. What is no absolute address stays on this server.
fn shown_fault(uri: &str) -> Option<String> {
    let elsewhere = Url::parse(uri.trim()).is_ok_and(|url| !matches!(url.scheme(), "http" | "https"));
    elsewhere.then(|| "an address that people see has to begin with https:// or http://".to_owned())
}

fn fault(uri: &str) -> Option<String> {
    if uri.len() > MAX_LENGTH {
        return Some(format!("an address may have {MAX_LENGTH} characters at most"));
    }
    if uri.chars().any(char::is_control) {
        return Some("an address may not hold control characters".to_owned());
    }
    // Browsers ignore white space before the scheme and its case.
    let scheme = Url::parse(uri.trim()).map(|url| url.scheme().to_owned()).unwrap_or_default();
    DANGEROUS.contains(&scheme.as_str()).then(|| {
        format!("an address may not begin with {scheme}: a browser would run or show it instead of going there")
    })
}

fn redirect_fault(uri: &str) -> Option<Problem> {
    let problem = |text: &str| Some(Problem::new("redirectUris", format!("{uri}: {text}")));
    if uri.contains('#') {
        return problem("a redirect URI may not have a fragment (RFC 6749 section 3.1.2)");
    }
    if redirect_uri::holds_an_answer(uri) {
        return problem("a redirect URI may not have a parameter that the answer brings, such as code or state");
    }
    match uri.find('*') {
        Some(at) if at + 1 != uri.len() => problem("the wildcard * may only be the last letter"),
        Some(_) if uri.contains('?') => problem("the wildcard * can't follow a query"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::{Attributes, client::ClientSettings, id::ClientId};

    use super::*;

    fn client(redirect_uri: &str) -> Client {
        Client {
            id: ClientId("id".into()),
            client_id: "app".into(),
            protocol: "openid-connect".into(),
            enabled: true,
            settings: ClientSettings { redirect_uris: vec![redirect_uri.into()], ..ClientSettings::default() },
            attributes: Attributes::new(),
            default_scopes: Vec::new(),
            optional_scopes: Vec::new(),
        }
    }

    #[test]
    fn usual_redirect_uris_are_sound() {
        for uri in ["https://app.example.org/cb", "http://localhost:3000/*", "/relative/*", "*", "app.example:/cb", ""]
        {
            assert_eq!(check(&client(uri)), [], "{uri}");
        }
    }

    #[test]
    fn dangerous_ones_are_refused() {
        for uri in [
            "javascript:alert(1)",
            " JavaScript:alert(1)",
            "data:text/html,x",
            "https://app.example.org/cb#part",
            "https://*.example.org/cb",
            "https://app.example.org/?a=*",
            "https://app.example.org/\n",
        ] {
            assert!(!check(&client(uri)).is_empty(), "{uri}");
        }
    }

    #[test]
    fn addresses_in_attributes_are_looked_at_too() {
        let with = |name: &str, value: &str| {
            let mut app = client("https://a.example/");
            app.attributes.insert(name.to_owned(), value.to_owned());
            check(&app)
        };
        for name in SINGLE.iter().chain(&LISTS) {
            for value in ["https://a.example/x?y#z", "http://localhost:3000/", "", "/relative"] {
                assert_eq!(with(name, value), [], "{name} {value}");
            }
            for value in [
                "javascript:alert(1)",
                " JaVaScRiPt:x",
                "data:text/html,x",
                "vbscript:x",
                "java\tscript:x",
                "file:///x",
            ] {
                assert_eq!(with(name, value)[0].field, *name, "{value}");
            }
            assert!(!with(name, &"x".repeat(MAX_LENGTH + 1)).is_empty());
        }
        assert_eq!(with("post.logout.redirect.uris", "+##https://a.example/##app:/bye"), []);
        assert_eq!(with("post.logout.redirect.uris", "-"), []);
        assert_eq!(with("request.uris", "https://a.example/##javascript:x")[0].field, "request.uris");
        assert!(!with("request.uris", &"https://a.example/##".repeat(MAX_COUNT + 1)).is_empty());
        assert_eq!(with("logoUri", "mailto:a@a.example")[0].field, "logoUri");
        assert_eq!(with("post.logout.redirect.uris", "mailto:a@a.example"), []);
    }

    #[test]
    fn other_addresses_are_looked_at_too() {
        let mut app = client("https://a.example/");
        app.settings.base_url = Some("javascript:alert(1)".into());
        assert_eq!(check(&app)[0].field, "baseUrl");
    }
}
