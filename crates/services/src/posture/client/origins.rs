//! Which pages may call the endpoints and read the answers.

use url::{Host, Url};

use super::{ClientFacts, Findings, Rule, shown};
use crate::posture::Severity::{Violation, Warning};

static ANY_ORIGIN: Rule = Rule {
    id: "web-origins-any",
    severity: Violation,
    risk: "Any page that a user visits may call the endpoints with this client and read the answers.",
    remedy: "Name the application's origins in webOrigins (Web origins), or + for those of its redirect URIs.",
    reference: "ASVS 5.0 3.4.2; RFC 9700 section 2.6",
};
static ORIGINS_OF_WILDCARDS: Rule = Rule {
    id: "web-origins-of-wildcards",
    severity: Warning,
    risk: "+ stands for the origins of redirect URIs, and those are not named in full: pages that nobody thought of may be among them.",
    remedy: "Name the redirect URIs in full in redirectUris, or the origins in webOrigins.",
    reference: "ASVS 5.0 3.4.2",
};
static ORIGIN_WITHOUT_TLS: Rule = Rule {
    id: "web-origin-without-tls",
    severity: Warning,
    risk: "Everybody on the way puts a script into a page of this origin, and reads what it reads.",
    remedy: "Let the origins in webOrigins begin with https.",
    reference: "ASVS 5.0 3.4.2; ASVS 5.0 12.2.1",
};

pub(super) const RULES: &[&Rule] = &[&ANY_ORIGIN, &ORIGINS_OF_WILDCARDS, &ORIGIN_WITHOUT_TLS];

pub(super) fn check(facts: &ClientFacts<'_>, findings: &mut Findings<'_>) {
    let settings = &facts.client.settings;
    for origin in &settings.web_origins {
        match origin.as_str() {
            "*" => findings.add(&ANY_ORIGIN, "webOrigins holds *."),
            "+" => {
                if let Some(uri) = settings.redirect_uris.iter().find(|uri| uri.ends_with('*')) {
                    findings
                        .add(&ORIGINS_OF_WILDCARDS, format!("webOrigins holds +, and redirectUris {}.", shown(uri)));
                }
            }
            origin if is_readable_by_others(origin) => {
                findings.add(&ORIGIN_WITHOUT_TLS, format!("{} is among the webOrigins.", shown(origin)));
            }
            _ => {}
        }
    }
}

fn is_readable_by_others(origin: &str) -> bool {
    let Ok(url) = Url::parse(origin) else { return false };
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && !local
}
