//! Places that belong to a client: where the browser may go after a logout, and the application itself.

use model::client::{Client, ClientSettings};
use url::form_urlencoded;
use web::Destination;

use super::request::Target;
use crate::redirect_uri;

/// Client attribute, Keycloak's name and form: addresses with `##` between them. `+` stands for the redirect URIs and
/// `-` for none; without the attribute it is as with `+`.
const POST_LOGOUT: &str = "post.logout.redirect.uris";

/// Whether a client may send the browser here after a logout: by an exact match (OpenID Connect RP-Initiated Logout 1.0
/// section 3.1).
pub fn may_lead(client: &Client, public_url: &str, uri: &str) -> bool {
    client.enabled && redirect_uri::matches_any(&registered(client), &client.settings, public_url, uri)
}

fn registered(client: &Client) -> Vec<String> {
    let attribute = client.attributes.get(POST_LOGOUT).map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut registered = Vec::new();
    for entry in attribute.unwrap_or("+").split("##").map(str::trim) {
        match entry {
            "" | "-" => {}
            "+" => registered.extend(client.settings.redirect_uris.iter().cloned()),
            uri => registered.push(uri.to_owned()),
        }
    }
    registered
}

/// The address of a target, with its `state`.
pub fn address(target: &Target) -> String {
    let Some(state) = &target.state else { return target.uri.clone() };
    with(&target.uri, &[("state", state)])
}

/// An address with further parameters in its query.
pub fn with(uri: &str, parameters: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(parameters);
    let joint = match uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{joint}{}", text.finish())
}

/// The application's home page.
pub fn home(client: &Client, public_url: &str) -> Option<Destination> {
    let ClientSettings { base_url: Some(base), .. } = &client.settings else { return None };
    match base.starts_with('/') {
        true => Destination::parse(&format!("{}{base}", redirect_uri::root(&client.settings, public_url))),
        false => Destination::parse(base),
    }
}

#[cfg(test)]
mod tests {
    use model::{Attributes, id::ClientId};

    use super::*;

    const HERE: &str = "https://id.example";

    fn client(attribute: Option<&str>) -> Client {
        Client {
            id: ClientId("c".into()),
            client_id: "app".into(),
            protocol: "openid-connect".into(),
            enabled: true,
            settings: ClientSettings {
                redirect_uris: vec!["https://app.example/cb".into()],
                ..ClientSettings::default()
            },
            attributes: attribute.map(|text| (POST_LOGOUT.to_owned(), text.to_owned())).into_iter().collect(),
            default_scopes: Vec::new(),
            optional_scopes: Vec::new(),
        }
    }

    #[test]
    fn only_registered_addresses_follow_a_logout() {
        let bye = "https://app.example/bye";
        let cases: [(Option<&str>, bool, bool); 9] = [
            (None, true, false),
            (Some(""), true, false),
            (Some("+"), true, false),
            (Some("-"), false, false),
            (Some(bye), false, true),
            (Some("+##https://app.example/bye"), true, true),
            (Some("https://app.example/bye##+"), true, true),
            (Some("https://other.example/##https://app.example/bye"), false, true),
            (Some("##"), false, false),
        ];
        for (attribute, callback, page) in cases {
            let client = client(attribute);
            assert_eq!(may_lead(&client, HERE, "https://app.example/cb"), callback, "{attribute:?}");
            assert_eq!(may_lead(&client, HERE, bye), page, "{attribute:?}");
            for bad in ["https://app.example/bye?a=b", "https://app.example/", "https://evil.example/bye", "+", "-", ""]
            {
                assert!(!may_lead(&client, HERE, bad), "{attribute:?} {bad}");
            }
        }
        let disabled = Client { enabled: false, ..client(Some(bye)) };
        assert!(!may_lead(&disabled, HERE, bye));
    }

    #[test]
    fn parameters_join_the_query_that_is_there() {
        for (uri, expected) in [
            ("https://a.example/x", "https://a.example/x?state=a%26b"),
            ("https://a.example/x?", "https://a.example/x?state=a%26b"),
            ("https://a.example/x?y=1", "https://a.example/x?y=1&state=a%26b"),
            ("https://a.example/x?y=1&", "https://a.example/x?y=1&state=a%26b"),
        ] {
            assert_eq!(with(uri, &[("state", "a&b")]), expected);
        }
    }

    #[test]
    fn a_home_page_is_relative_to_the_root_and_never_code() {
        let mut app = client(None);
        assert_eq!(home(&app, HERE), None);
        app.settings.base_url = Some("/start".into());
        assert_eq!(home(&app, HERE).unwrap().to_string(), "https://id.example/start");
        app.settings.root_url = Some("https://app.example/".into());
        assert_eq!(home(&app, HERE).unwrap().to_string(), "https://app.example/start");
        app.settings.base_url = Some("javascript:alert(1)".into());
        assert_eq!(home(&app, HERE), None);
        app.attributes = Attributes::new();
    }
}
