//! Addresses that a client is saved with: none is a program.

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use super::{
    findings::Findings,
    stage::{Browser, application},
};
use crate::http::support::{World, r};

/// Fields of a client that hold an address, or a list of them.
const FIELDS: [&str; 5] = ["redirectUris", "webOrigins", "rootUrl", "baseUrl", "adminUrl"];
/// Attributes that do.
const ATTRIBUTES: [&str; 14] = [
    "post.logout.redirect.uris",
    "backchannel.logout.url",
    "frontchannel.logout.url",
    "logoUri",
    "policyUri",
    "tosUri",
    "jwks.url",
    "request.uris",
    "saml_assertion_consumer_url_post",
    "saml_assertion_consumer_url_redirect",
    "saml_artifact_binding_url",
    "saml_single_logout_service_url_post",
    "saml_single_logout_service_url_redirect",
    "saml_single_logout_service_url_artifact",
];

fn programs() -> Vec<String> {
    let mut all = Vec::new();
    for scheme in ["javascript", "JaVaScRiPt", "JAVASCRIPT", "data", "DATA", "vbscript", "blob", "file", "view-source"]
    {
        for before in ["", " ", "\u{a0}", "\t", "\n", "\u{0}", "\u{1f}"] {
            all.push(format!("{before}{scheme}:text/html,alert(1)"));
        }
    }
    let split = ["java\tscript:alert(1)", "java\nscript:alert(1)", "java\r\nscript:alert(1)", "javascript\n:alert(1)"];
    all.extend(split.map(str::to_owned));
    all
}

fn with(field: &str, value: &str) -> Value {
    match field {
        "redirectUris" | "webOrigins" => json!({ field: ["https://app.example/cb", value] }),
        field if FIELDS.contains(&field) => json!({ field: value }),
        "post.logout.redirect.uris" | "request.uris" => {
            json!({"attributes": { field: format!("https://app.example/##{value}") }})
        }
        field => json!({"attributes": { field: value }}),
    }
}

#[tokio::test]
async fn attack_04_programs_as_addresses_cve_2023_6717() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({"consentRequired": true})).await;
    let mut findings = Findings::default();
    for field in FIELDS.into_iter().chain(ATTRIBUTES) {
        for (number, program) in programs().into_iter().enumerate() {
            let client = application(&format!("{field}-{number}"), with(field, &program));
            let reply = world.admin.post(&r("/clients"), client).await;
            findings.check(reply.status == 400, || format!("made with {field} {program:?}: {}", reply.status));
            if number % 9 == 0 {
                let reply = world.admin.put(&r(&format!("/clients/{}", app.id)), with(field, &program)).await;
                findings.check(reply.status == 400, || format!("changed to {field} {program:?}: {}", reply.status));
            }
        }
        let sound = application(&format!("{field}-sound"), with(field, "https://app.example/x"));
        world.admin.post(&r("/clients"), sound).await.expect(201);
    }
    findings.none(1_200);
    // one that came into the database on another way is no link on any page
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let planted = json!({
        "logoUri": "javascript:alert(1)", "policyUri": "JaVaScRiPt:alert(1)", "tosUri": "data:text/html,x",
    });
    let done = sqlx::query("update clients set attributes = attributes || $1 where client_id = 'app'")
        .bind(planted)
        .execute(&mut database)
        .await
        .unwrap();
    assert_eq!(done.rows_affected(), 1);
    let browser = Browser::default();
    let reply = site.authorize(&browser, &site.request(&app, &[])).await;
    let login = site.follow(&browser, &reply).await.expect(200);
    let consent = site.type_password(&browser, &reply, super::stage::ALICE).await;
    let consent = site.follow(&browser, &consent).await.expect(200);
    for page in [login, consent] {
        let text = page.text().to_ascii_lowercase();
        assert!(text.contains("app") && !text.contains("javascript:") && !text.contains("data:text"), "{text}");
    }
}
