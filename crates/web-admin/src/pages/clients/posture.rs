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
    /// Where to change it: path below the client with the field, and what it says.
    pub place: Option<(&'static str, &'static str)>,
}

/// The field that a rule is about: page and field below the client, and the words of the link.
fn place(rule: &str) -> Option<(&'static str, &'static str)> {
    Some(match rule {
        "redirect-uri-anywhere" | "redirect-uri-wildcard" | "redirect-uri-without-tls" | "redirect-uri-localhost"
        | "redirect-uri-scheme-of-nobody" => ("#f-redirectUris", "Go to the redirect URIs"),
        "post-logout-redirect-wildcard" => ("#f-attributes-post-logout-redirect-uris", "Go to the addresses after logout"),
        "implicit-flow" => ("#f-implicitFlowEnabled", "Go to the implicit flow"),
        "password-grant" | "password-grant-of-admin-cli" => ("#f-directAccessGrantsEnabled", "Go to the password grant"),
        "device-grant-of-a-public-client" => {
            ("#attributes.oauth2.device.authorization.grant.enabled", "Go to the device login")
        }
        "token-exchange" | "token-exchange-for-refresh-tokens" => {
            ("#f-attributes-standard-token-exchange-enabled", "Go to token exchange")
        }
        "pkce-plain" | "pkce-not-required" => {
            ("#f-attributes-pkce-code-challenge-method", "Go to Proof Key for Code Exchange")
        }
        "client-secret-shared" | "client-secret-aged" => ("/credentials", "Go to the credentials"),
        "client-keys-without-tls" => ("/keys", "Go to the keys"),
        "full-scope" | "full-scope-of-a-client-that-others-hold" => ("/scope-mappings", "Go to the scope"),
        "offline-access-by-default" => ("/scopes", "Go to the client scopes"),
        "service-account-of-an-administrator" => ("/service-account", "Go to the service account's roles"),
        "web-origins-any" | "web-origin-without-tls" | "web-origins-of-wildcards" => ("#f-webOrigins", "Go to the web origins"),
        "access-token-of-client-lives-long" | "access-token-of-client-lives-very-long" => {
            ("/advanced#f-attributes-access-token-lifespan", "Go to the lifetime of access tokens")
        }
        "request-object-unsigned" => ("/advanced#f-attributes-request-object-signature-alg", "Go to request objects"),
        "token-signature-not-with-a-key-pair" => {
            ("/advanced#f-attributes-access-token-signed-response-alg", "Go to the signatures")
        }
        "issuer-left-out-of-answers" => {
            ("/advanced#f-attributes-exclude-issuer-from-auth-response", "Go to compatibility")
        }
        _ => return None,
    })
}

/// The findings as rows.
pub(crate) fn rows(findings: &[Finding]) -> Vec<Row> {
    let row = |finding: &Finding| {
        let (severity, tone) = match finding.rule.severity {
            Severity::Violation => ("Unsafe", "bad"),
            Severity::Warning => ("Less safe", "warn"),
            Severity::Note => ("Worth knowing", "plain"),
        };
        Row {
            severity,
            tone,
            found: Shown::sentence(&finding.found),
            risk: finding.rule.risk,
            remedy: finding.rule.remedy,
            reference: finding.rule.reference,
            rule: finding.rule.id,
            place: place(finding.rule.id),
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
    let (client, findings) =
        clients::examine(&console.services, &console.caller, console.realm()?, &path.2).await?;
    console.show(&PosturePage {
        frame: console.frame(&format!("{}: posture", client.client_id)),
        tabs: Tabs::of(&console, &client, "/posture"),
        rows: rows(&findings),
        path: Some(tabs::path(&console, &client, "")),
    })
}
