//! What the rules find in a new realm, and that they come to an end in ten thousand.

use std::collections::BTreeSet;

use serde_json::json;
use services::posture::{Examination, Finding, Seen, Severity};
use sqlx::{Connection, PgConnection};
use tests::TestServer;

use super::fresh::Fresh;
use crate::http::support::{REALM, r};

/// Everything that is found in these realms, or in all, with the numbers of realms and clients looked at.
async fn examine(server: &TestServer, realms: &[&str]) -> (Vec<Finding>, usize, usize) {
    let names: Vec<_> = realms.iter().map(|name| (*name).to_owned()).collect();
    let mut examination = Examination::new(server.services().store.clone(), server.services().now(), &names);
    let (mut findings, mut number, mut clients) = (Vec::new(), 0, 0);
    while let Some(seen) = examination.next().await.expect("the realms can be read") {
        match seen {
            Seen::Realm(found) => {
                number += 1;
                findings.extend(found);
            }
            Seen::Clients(read, found) => {
                clients += read;
                findings.extend(found);
            }
        }
    }
    (findings, number, clients)
}

fn shown(findings: &[Finding]) -> BTreeSet<String> {
    let line = |finding: &Finding| {
        format!("{} {} {}", finding.rule.severity, finding.client.as_deref().unwrap_or("-"), finding.rule.id)
    };
    findings.iter().map(line).collect()
}

#[tokio::test]
async fn a_new_realm_and_new_clients_violate_nothing() {
    let fresh = Fresh::start().await;
    // Whatever may be left out is left out; a root URL alone names the application.
    let rooted = json!({"clientId": "rooted", "protocol": "openid-connect", "rootUrl": "https://rooted.example.org"});
    fresh.world.admin.post(&r("/clients"), rooted).await.expect(201);
    let robot = json!({"clientId": "robot", "serviceAccountsEnabled": true, "standardFlowEnabled": false});
    fresh.world.admin.post(&r("/clients"), robot).await.expect(201);
    let (findings, realms, clients) = examine(&fresh.world.server, &[]).await;
    // Six built-in clients in each realm.
    assert_eq!((realms, clients), (2, 6 + 6 + 6));
    let worst: Vec<_> = findings.iter().filter(|finding| finding.rule.severity == Severity::Violation).collect();
    assert!(worst.is_empty(), "{worst:#?}");
    let registered = &fresh.apps[3].id;
    let mut expected: BTreeSet<String> = [
        "warning - passwords-without-least-length",
        "note - admin-events-off",
        "note admin-cli password-grant-of-admin-cli",
        "warning spa full-scope-of-a-client-that-others-hold",
        "warning by-protocol full-scope-of-a-client-that-others-hold",
        "warning rooted full-scope-of-a-client-that-others-hold",
        "warning web pkce-not-required",
        "note web full-scope",
        "note web client-secret-shared",
        "note robot client-secret-shared",
    ]
    .map(str::to_owned)
    .into();
    for rule in ["warning {} pkce-not-required", "note {} full-scope", "note {} client-secret-shared"] {
        expected.insert(rule.replace("{}", registered));
    }
    let acme: Vec<_> = findings.iter().filter(|finding| finding.realm == REALM).cloned().collect();
    assert_eq!(shown(&acme), expected);
    let master: Vec<_> = findings.iter().filter(|finding| finding.realm == "master").cloned().collect();
    let about_master = [
        "warning - passwords-without-least-length",
        "note - admin-events-off",
        "note admin-cli password-grant-of-admin-cli",
    ];
    assert_eq!(shown(&master), about_master.map(str::to_owned).into());
}

#[tokio::test]
async fn what_is_made_unsafe_is_found() {
    let fresh = Fresh::start().await;
    let unsafe_client = json!({
        "clientId": "legacy", "publicClient": true, "redirectUris": ["https://legacy.example.org/*"],
        "webOrigins": ["*"], "implicitFlowEnabled": true, "directAccessGrantsEnabled": true,
        "attributes": {"pkce.code.challenge.method": "plain"},
    });
    fresh.world.admin.post(&r("/clients"), unsafe_client).await.expect(201);
    let unsafe_realm = json!({"revokeRefreshToken": false, "offlineSessionMaxLifespanEnabled": false});
    fresh.world.admin.put(&r(""), unsafe_realm).await.expect(204);
    // An administrator's service account, by a role that is composite.
    let robot = json!({"clientId": "robot", "serviceAccountsEnabled": true});
    let robot = fresh.world.admin.post(&r("/clients"), robot).await.created();
    let account = fresh.world.admin.read(&r(&format!("/clients/{robot}/service-account-user"))).await;
    fresh.world.grant_admin(REALM, account["id"].as_str().unwrap(), "realm-admin").await;
    let (findings, ..) = examine(&fresh.world.server, &[REALM]).await;
    let shown = shown(&findings);
    for expected in [
        "violation - refresh-rotation-off",
        "violation - refresh-token-never-ends",
        "violation legacy redirect-uri-wildcard",
        "violation legacy web-origins-any",
        "violation legacy implicit-flow",
        "violation legacy password-grant",
        "violation legacy pkce-plain",
        "warning robot service-account-of-an-administrator",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown:#?}");
    }
    assert!(findings.iter().all(|finding| finding.realm == REALM));
}

#[tokio::test]
async fn a_realm_that_is_named_and_missing_is_an_error() {
    let server = TestServer::start().await;
    let store = server.services().store.clone();
    let mut examination = Examination::new(store, server.services().now(), &["nowhere".to_owned()]);
    let error = examination.next().await.expect_err("no such realm");
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[tokio::test]
async fn many_realms_and_a_realm_of_many_clients_are_gone_through() {
    const REALMS: usize = 1_000;
    const CLIENTS: usize = 1_001;
    let server = TestServer::start().await;
    let mut connection = PgConnection::connect(server.database_url()).await.unwrap();
    // Straight into the tables: what counts is how they are read. Copies of master, whose settings are those of any realm.
    for sql in [
        "insert into realms (realm_id, given_id, name, enabled, default_role_id, settings, created_at)
         select gen_random_uuid(), 'many-' || n, 'many-' || n, true, default_role_id, settings, created_at
         from realms, generate_series(1, $1::bigint) n where name = 'master'",
        "insert into clients (realm_id, id, client_id, protocol, enabled, settings, attributes, created_at)
         select realm_id, 'c' || n, 'client-' || n, 'openid-connect', true, '{}', '{}', now()
         from realms, generate_series(1, $1::bigint) n where name = 'many-500'",
    ] {
        let number = i64::try_from(if sql.contains("into realms") { REALMS } else { CLIENTS }).unwrap();
        let done = sqlx::query(sql).bind(number).execute(&mut connection).await.unwrap();
        assert_eq!(done.rows_affected(), number.cast_unsigned());
    }
    connection.close().await.unwrap();
    let (findings, realms, clients) = examine(&server, &[]).await;
    assert_eq!((realms, clients), (REALMS + 1, CLIENTS + 6));
    let of_clients = findings.iter().filter(|finding| finding.realm == "many-500" && finding.client.is_some());
    let looked_at: BTreeSet<_> = of_clients.map(|finding| finding.client.clone()).collect();
    assert_eq!(looked_at.len(), CLIENTS, "each client once, none left out between pages");
    assert!(findings.iter().all(|finding| finding.rule.severity < Severity::Violation));
}
