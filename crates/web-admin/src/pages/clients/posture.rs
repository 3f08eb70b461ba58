//! What makes a client less safe than the standards ask for, in plain words, and where to change it.

use actix_web::web::Path;
use askama::Template;
use model::id::ClientId;
use services::{
    clients,
    posture::{Finding, Severity},
};
use web::Shown;

use super::{
    VIEW,
    tabs::{self, Tabs},
};
use crate::{Console, frame::Frame, refusal::Answer, routes::Routes};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/clients/{client}/posture", VIEW, show);
}

/// One finding, as it is shown.
pub(crate) struct Row {
    /// How much it matters.
    pub severity: &'static str,
    /// The tone of its badge.
    pub tone: &'static str,
    /// What it is, in plain words.
    pub title: Shown,
    /// What is there.
    pub found: Shown,
    /// What can go wrong.
    pub risk: &'static str,
    /// What to change.
    pub remedy: &'static str,
    /// Who says so.
    pub reference: &'static str,
    /// The rule's name.
    pub rule: &'static str,
    /// Where to change it: path below the client with the field, and what the link says.
    pub place: Option<(&'static str, &'static str)>,
}

/// A rule in the console's words: what it finds, what to change, and where.
struct Plain {
    rule: &'static str,
    title: &'static str,
    remedy: &'static str,
    place: (&'static str, &'static str),
}

const REDIRECTS: (&str, &str) = ("#f-redirectUris", "Go to the redirect URIs");
const ORIGINS: (&str, &str) = ("#f-webOrigins", "Go to the web origins");
const EXCHANGE: (&str, &str) = ("#f-attributes-standard-token-exchange-enabled", "Go to token exchange");
const PKCE: (&str, &str) = ("#f-attributes-pkce-code-challenge-method", "Go to Proof Key for Code Exchange");
const PASSWORDS: (&str, &str) = ("#f-directAccessGrantsEnabled", "Go to passwords");
const LIFETIME: (&str, &str) = ("/advanced#f-attributes-access-token-lifespan", "Go to the lifetime of access tokens");
const SCOPE: (&str, &str) = ("/scope-mappings", "Go to the scope");

const fn plain(
    rule: &'static str,
    title: &'static str,
    remedy: &'static str,
    place: (&'static str, &'static str),
) -> Plain {
    Plain { rule, title, remedy, place }
}

const WORDS: [Plain; 29] = [
    plain(
        "redirect-uri-anywhere",
        "People can be sent anywhere after the login",
        "Write every redirect URI out in full.",
        REDIRECTS,
    ),
    plain(
        "redirect-uri-wildcard",
        "People can be sent to every page below an address",
        "Write every redirect URI out in full; what the application has to remember goes into state.",
        REDIRECTS,
    ),
    plain(
        "redirect-uri-without-tls",
        "An address without TLS",
        "Let redirect URIs begin with https; http is for 127.0.0.1 and [::1] only.",
        REDIRECTS,
    ),
    plain(
        "redirect-uri-localhost",
        "An address by the name localhost",
        "Write http://127.0.0.1 or http://[::1] instead: there, any port will do.",
        REDIRECTS,
    ),
    plain(
        "redirect-uri-scheme-of-nobody",
        "An address that other applications can claim",
        "Use https links that the system gives to the application, or a scheme that is a domain of yours turned round, \
         such as org.example.app:/callback.",
        REDIRECTS,
    ),
    plain(
        "post-logout-redirect-wildcard",
        "People can be sent to many pages after a logout",
        "Write every address out in full, or + for the redirect URIs.",
        ("#f-attributes-post-logout-redirect-uris", "Go to the addresses after a logout"),
    ),
    plain(
        "implicit-flow",
        "Tokens travel in addresses",
        "Turn off \u{201c}Tokens come in the address\u{201d}, and let the application log people in with a code and PKCE.",
        ("#f-implicitFlowEnabled", "Go to the implicit flow"),
    ),
    plain(
        "password-grant",
        "The application sees passwords",
        "Turn off \u{201c}The application takes passwords itself\u{201d}, and let people log in through the browser; \
         where nobody is there, let the application act for itself.",
        PASSWORDS,
    ),
    plain(
        "password-grant-of-admin-cli",
        "Administrators type passwords into programs",
        "Where they use a service account or a console, turn off \u{201c}The application takes passwords itself\u{201d}.",
        PASSWORDS,
    ),
    plain(
        "pkce-plain",
        "The code challenge can be read by others",
        "Set Proof Key for Code Exchange to \u{201c}Always, S256\u{201d}.",
        PKCE,
    ),
    plain(
        "pkce-not-required",
        "Logins without a code challenge are accepted",
        "Set Proof Key for Code Exchange to \u{201c}Always, S256\u{201d} once the application sends a challenge.",
        PKCE,
    ),
    plain(
        "device-grant-of-a-public-client",
        "Anybody can begin a device login in its name",
        "Leave \u{201c}People log in on another device\u{201d} on only where there is no browser.",
        ("#f-attributes-oauth2-device-authorization-grant-enabled", "Go to device logins"),
    ),
    plain(
        "token-exchange",
        "It may exchange tokens",
        "Leave it on only for services that call others on behalf of people.",
        EXCHANGE,
    ),
    plain(
        "token-exchange-for-refresh-tokens",
        "It exchanges short access for long access",
        "Remove the attribute standard.token.exchange.enableRefreshRequestedTokenType, through the Admin API.",
        EXCHANGE,
    ),
    plain(
        "issuer-left-out-of-answers",
        "Answers don't say from whom they are",
        "Turn off \u{201c}Leave out who answers\u{201d} once the application bears it.",
        ("/advanced#f-attributes-exclude-issuer-from-auth-response", "Go to compatibility"),
    ),
    plain("web-origins-any", "Scripts of every site may call", "Name the application's own origins.", ORIGINS),
    plain(
        "web-origins-of-wildcards",
        "Origins that follow from wildcards",
        "Name the application's own origins, or write its redirect URIs out in full.",
        ORIGINS,
    ),
    plain("web-origin-without-tls", "An origin without TLS", "Let the origins begin with https.", ORIGINS),
    plain(
        "full-scope-of-a-client-that-others-hold",
        "Its tokens carry every role of a person",
        "Let its tokens carry only the roles that it needs.",
        SCOPE,
    ),
    plain(
        "full-scope",
        "Its tokens carry every role of a person",
        "Let its tokens carry only the roles that it needs.",
        SCOPE,
    ),
    plain(
        "offline-access-by-default",
        "Every login lasts beyond the session",
        "Let the client have offline_access on request.",
        ("/scopes", "Go to the client scopes"),
    ),
    plain(
        "service-account-of-an-administrator",
        "Whoever has its secret is an administrator",
        "Take roles from it that it doesn't need, and let it sign with a key of its own.",
        ("/service-account", "Go to the service account's roles"),
    ),
    plain(
        "client-secret-shared",
        "It proves itself with a secret that both sides know",
        "Let it sign with a private key of its own, if its library can.",
        ("/credentials", "Go to the credentials"),
    ),
    plain(
        "client-secret-aged",
        "Its secret is old",
        "Make a new secret, or let it sign with a key of its own.",
        ("/credentials", "Go to the credentials"),
    ),
    plain(
        "client-keys-without-tls",
        "Its keys are fetched without TLS",
        "Let the address begin with https.",
        ("/keys", "Go to the keys"),
    ),
    plain(
        "request-object-unsigned",
        "Requests are believed without a signature",
        "Choose the algorithm with which it signs its request objects.",
        ("/advanced#f-attributes-request-object-signature-alg", "Go to request objects"),
    ),
    plain(
        "token-signature-not-with-a-key-pair",
        "A signature is asked for that isn't made",
        "Let tokens be signed as the realm does, or choose an algorithm of the list.",
        ("/advanced#f-attributes-access-token-signed-response-alg", "Go to the signatures"),
    ),
    plain(
        "access-token-of-client-lives-long",
        "Access tokens last long",
        "Let them last minutes, or leave it to the realm.",
        LIFETIME,
    ),
    plain(
        "access-token-of-client-lives-very-long",
        "Access tokens last for days",
        "Let them last minutes, or leave it to the realm.",
        LIFETIME,
    ),
];

/// The findings as rows.
pub(crate) fn rows(findings: &[Finding]) -> Vec<Row> {
    let row = |finding: &Finding| {
        let (severity, tone) = match finding.rule.severity {
            Severity::Violation => ("Unsafe", "bad"),
            Severity::Warning => ("Less safe", "warn"),
            Severity::Note => ("Worth knowing", "plain"),
        };
        let plain = WORDS.iter().find(|plain| plain.rule == finding.rule.id);
        Row {
            severity,
            tone,
            title: Shown::sentence(plain.map_or(finding.found.as_str(), |plain| plain.title)),
            found: Shown::sentence(&finding.found),
            risk: finding.rule.risk,
            remedy: plain.map_or(finding.rule.remedy, |plain| plain.remedy),
            reference: finding.rule.reference,
            rule: finding.rule.id,
            place: plain.map(|plain| plain.place),
        }
    };
    findings.iter().map(row).collect()
}

#[derive(Template)]
#[template(path = "admin/clients/posture.html")]
struct PosturePage {
    frame: Frame,
    tabs: Tabs,
    rows: Vec<Row>,
    path: Option<String>,
}

async fn show(console: Console, path: Path<(String, String, ClientId)>) -> Answer {
    let (client, findings) = clients::examine(&console.services, &console.caller, console.realm()?, &path.2).await?;
    console.show(&PosturePage {
        frame: console.frame(&format!("{}: posture", client.client_id)),
        tabs: Tabs::of(&console, &client, "/posture"),
        rows: rows(&findings),
        path: Some(tabs::path(&console, &client, "")),
    })
}

#[cfg(test)]
mod tests {
    use services::posture;

    use super::*;

    #[test]
    fn every_rule_about_clients_has_plain_words() {
        let without: Vec<_> = posture::client_rules()
            .filter(|rule| !WORDS.iter().any(|plain| plain.rule == rule.id))
            .map(|rule| rule.id)
            .collect();
        assert!(without.is_empty(), "{without:?}");
        assert!(WORDS.iter().all(|plain| posture::client_rules().any(|rule| rule.id == plain.rule)));
    }
}
