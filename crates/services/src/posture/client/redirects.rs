//! Where a browser may be sent, with a code or a token in its hands.

use url::{Host, Url};

use super::{ClientFacts, Findings, Rule, shown};
use crate::posture::Severity::{Note, Violation, Warning};

/// Client attribute: where a browser may be sent after a logout; Keycloak's name.
const POST_LOGOUT: &str = "post.logout.redirect.uris";

static ANYWHERE: Rule = Rule {
    id: "redirect-uri-anywhere",
    severity: Violation,
    risk: "Anybody makes a link that logs a user in and has the code or the tokens sent to a site of their own.",
    remedy: "Name every redirect URI in full in redirectUris (Valid redirect URIs).",
    reference: "ASVS 5.0 10.4.1; RFC 9700 sections 2.1 and 4.1.1",
};
static WILDCARD: Rule = Rule {
    id: "redirect-uri-wildcard",
    severity: Violation,
    risk: "Codes may be sent to every page below: one page that sends browsers on, or shows what others wrote, gives them away.",
    remedy: "Name every redirect URI in full in redirectUris (Valid redirect URIs); what the application has to remember goes into state.",
    reference: "ASVS 5.0 10.4.1; RFC 9700 sections 2.1 and 4.1.3",
};
static PLAIN_HTTP: Rule = Rule {
    id: "redirect-uri-without-tls",
    severity: Violation,
    risk: "Everybody on the way reads the code or the tokens.",
    remedy: "Let the redirect URIs in redirectUris begin with https; http is for 127.0.0.1 and [::1] only.",
    reference: "RFC 9700 section 2.6; RFC 6749 section 3.1.2.1",
};
static LOCALHOST: Rule = Rule {
    id: "redirect-uri-localhost",
    severity: Note,
    risk: "The name localhost can be made to mean another machine, and the application may listen to the whole network.",
    remedy: "Use http://127.0.0.1 and http://[::1] in redirectUris: there, any port will do.",
    reference: "RFC 8252 sections 7.3 and 8.3",
};
static SCHEME_FOR_ALL: Rule = Rule {
    id: "redirect-uri-scheme-of-nobody",
    severity: Warning,
    risk: "Any other application on the device may ask for this scheme too, and gets the code.",
    remedy: "Use https links that the system gives to the application, or a scheme that is a domain of yours turned round, such as org.example.app:/callback.",
    reference: "RFC 8252 sections 7.1 and 8.1",
};
static LOGOUT_ANYWHERE: Rule = Rule {
    id: "post-logout-redirect-wildcard",
    severity: Warning,
    risk: "A link to this server can lead a user to a page that somebody else chose, and that seems to be yours.",
    remedy: "Name every address in full in the attribute post.logout.redirect.uris, or + for the redirect URIs.",
    reference: "RFC 9700 section 4.11; OpenID Connect RP-Initiated Logout 1.0 section 3.1",
};

pub(super) const RULES: &[&Rule] = &[&ANYWHERE, &WILDCARD, &PLAIN_HTTP, &SCHEME_FOR_ALL, &LOCALHOST, &LOGOUT_ANYWHERE];

pub(super) fn check(facts: &ClientFacts<'_>, findings: &mut Findings<'_>) {
    if !facts.is_redirected_to() {
        return;
    }
    for uri in &facts.client.settings.redirect_uris {
        let absolute = resolved(uri, facts.client.settings.root_url.as_deref());
        let found = || match absolute.as_deref() {
            Some(absolute) if absolute != uri.as_str() => format!("{} stands for {}.", shown(uri), shown(absolute)),
            _ => format!("{} is registered.", shown(uri)),
        };
        for rule in judge(absolute.as_deref().unwrap_or(uri)) {
            findings.add(rule, found());
        }
    }
    let after_logout = facts.attribute(POST_LOGOUT).unwrap_or_default();
    for uri in after_logout.split("##").filter(|uri| uri.ends_with('*')) {
        findings.add(&LOGOUT_ANYWHERE, format!("{} is registered for logouts.", shown(uri)));
    }
}

/// A relative URI below the client's root URL. None below this server itself, whose pages are ours and whose address has
/// TLS or `start` refuses it.
fn resolved(uri: &str, root: Option<&str>) -> Option<String> {
    if !uri.starts_with('/') {
        return Some(uri.to_owned());
    }
    match root.map(|root| root.trim_end_matches('/')) {
        None | Some("" | "${authBaseUrl}" | "${authAdminUrl}") => None,
        Some(root) => Some(format!("{root}{uri}")),
    }
}

fn judge(uri: &str) -> Vec<&'static Rule> {
    let mut rules = Vec::new();
    if let Some(prefix) = uri.strip_suffix('*') {
        rules.push(if names_a_place(prefix) { &WILDCARD } else { &ANYWHERE });
    }
    // Relative to this server.
    if uri.starts_with('/') {
        return rules;
    }
    let Ok(url) = Url::parse(uri.trim_end_matches('*')) else { return rules };
    match (url.scheme(), url.host()) {
        ("https", _) => {}
        ("http", Some(Host::Domain("localhost"))) => rules.push(&LOCALHOST),
        ("http", Some(Host::Ipv4(address))) if address.is_loopback() => {}
        ("http", Some(Host::Ipv6(address))) if address.is_loopback() => {}
        ("http", _) => rules.push(&PLAIN_HTTP),
        (scheme, _) if !scheme.contains('.') => rules.push(&SCHEME_FOR_ALL),
        _ => {}
    }
    rules
}

/// Whether what comes before the wildcard holds a whole host.
fn names_a_place(prefix: &str) -> bool {
    if prefix.starts_with('/') {
        return true;
    }
    let web = ["http:", "https:"]
        .iter()
        .any(|scheme| prefix.get(..scheme.len()).is_some_and(|p| p.eq_ignore_ascii_case(scheme)));
    match prefix.split_once("://") {
        Some((_, rest)) => rest.split_once('/').is_some_and(|(host, _)| !host.is_empty()),
        None => !web && prefix.contains(':'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(uri: &str) -> Vec<&'static str> {
        judge(uri).iter().map(|rule| rule.id).collect()
    }

    #[test]
    fn addresses_in_full_are_sound() {
        for uri in [
            "https://app.example.org/cb?a=b",
            "http://127.0.0.1/cb",
            "http://[::1]:8080/cb",
            "org.example.app:/cb",
            "/realms/acme/account/",
        ] {
            assert!(ids(uri).is_empty(), "{uri}: {:?}", ids(uri));
        }
    }

    #[test]
    fn a_wildcard_is_a_place_or_anywhere() {
        for uri in ["*", "https://*", "https:*", "HTTPS:/*", "https://app.example.org*", "http:*"] {
            assert!(ids(uri).contains(&"redirect-uri-anywhere"), "{uri}: {:?}", ids(uri));
        }
        for uri in ["https://app.example.org/*", "https://app.example.org/cb*", "/realms/acme/*", "org.example.app:/*"]
        {
            assert_eq!(ids(uri), ["redirect-uri-wildcard"], "{uri}");
        }
    }

    #[test]
    fn what_others_can_read_or_take_is_found() {
        assert_eq!(ids("http://app.example.org/cb"), ["redirect-uri-without-tls"]);
        assert_eq!(ids("http://localhost.example.org/cb"), ["redirect-uri-without-tls"]);
        assert_eq!(ids("http://10.0.0.1/*"), ["redirect-uri-wildcard", "redirect-uri-without-tls"]);
        assert_eq!(ids("http://localhost:3000/cb"), ["redirect-uri-localhost"]);
        assert_eq!(ids("myapp:/cb"), ["redirect-uri-scheme-of-nobody"]);
    }

    #[test]
    fn relative_addresses_stand_for_those_below_the_root() {
        assert_eq!(resolved("/cb", Some("http://app.example/")).as_deref(), Some("http://app.example/cb"));
        assert_eq!(resolved("/cb", Some("${authBaseUrl}")), None);
        assert_eq!(resolved("https://a.example/", Some("http://b.example")).as_deref(), Some("https://a.example/"));
    }
}
