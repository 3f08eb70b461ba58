//! A realm that holds everything an export can hold of what this server has.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{hash::MessageDigest, pkcs5::pbkdf2_hmac};
use serde_json::{Value, json};

use super::{KEPT, exported, lost};
use crate::http::support::{World, field};

fn hash(algorithm: &str, password: &str) -> Value {
    let (digest, length) = match algorithm {
        "pbkdf2-sha512" => (MessageDigest::sha512(), 64),
        "pbkdf2-sha256" => (MessageDigest::sha256(), 64),
        _ => (MessageDigest::sha1(), 64),
    };
    let (salt, mut value) = (*b"sixteen salty by", vec![0; length]);
    pbkdf2_hmac(password.as_bytes(), &salt, 1_000, digest, &mut value).unwrap();
    json!({
        "id": format!("credential-{algorithm}"), "type": "password", "createdDate": 1_600_000_000_000_i64, "priority": 10,
        "userLabel": "imported",
        "credentialData": json!({"hashIterations": 1000, "algorithm": algorithm, "additionalParameters": {}}).to_string(),
        "secretData": json!({
            "value": STANDARD.encode(value), "salt": STANDARD.encode(salt), "additionalParameters": {},
        }).to_string(),
    })
}

fn second_factor() -> Value {
    json!({
        "id": "second-factor", "type": "otp", "createdDate": 1_600_000_000_000_i64, "priority": 20,
        "credentialData": r#"{"subType":"totp","digits":6,"period":30,"algorithm":"HmacSHA1"}"#,
        "secretData": r#"{"value":"a seed nobody may see"}"#,
    })
}

/// The realm. Ids are whatever people chose.
pub fn realm(name: &str) -> Value {
    let mut realm: Value = serde_json::from_str(include_str!("everything.json")).unwrap();
    realm["realm"] = json!(name);
    realm["id"] = json!(format!("{name}-id"));
    for (user, credentials) in [
        ("Ann", json!([hash("pbkdf2-sha256", "ann's password"), second_factor()])),
        ("bob", json!([hash("pbkdf2-sha512", "bob's password")])),
        ("old", json!([hash("pbkdf2", "old password")])),
    ] {
        let users = realm["users"].as_array_mut().unwrap();
        users.iter_mut().find(|one| one["username"] == user).unwrap()["credentials"] = credentials;
    }
    realm
}

#[tokio::test]
async fn everything_is_taken_over_or_named() {
    let world = World::start().await;
    let api = &world.admin;
    let given = realm("everything");
    let reply = api.post("/realms?report=true", given.clone()).await.expect(201);
    assert_eq!(reply.header("location"), Some(world.url("/admin/realms/everything").as_str()));
    let report = reply.json();
    for path in [
        "organizations",
        "clientPolicies",
        "identityProviders",
        "localizationTexts",
        "authenticationFlows[own browser]",
        "clientScopes[samlish]",
        "clientScopes[extra].protocolMappers[scripted]",
        "defaultDefaultClientScopes[samlish]",
        "clients[app].authorizationSettings",
        "clients[app].redirectUris",
        "clients[https://sp.example.org]",
        "components.org.keycloak.keys.KeyProvider[ec]",
        "components.org.keycloak.keys.KeyProvider[store]",
        "components.org.keycloak.storage.UserStorageProvider[ldap]",
        "users[plain].federationLink",
        "users[ann].credentials[1]",
        "users[bob].groups",
        "users[bob].roles",
    ] {
        assert!(field(&report["notTakenOver"], "path").contains(&path), "{path}: {report:#}");
    }
    // People log in with the passwords that they had, the service with its secret and its own roles.
    for (name, password) in
        [("ann", "ann's password"), ("bob", "bob's password"), ("old", "old password"), ("plain", "plain password")]
    {
        world.password_grant("everything", name, "wrong").await.expect(401);
        world.password_grant("everything", name, password).await.expect(200);
    }
    let form = [
        ("grant_type", "password"),
        ("client_id", "app"),
        ("client_secret", "app secret"),
        ("username", "ann"),
        ("password", "ann's password"),
        ("scope", "extra"),
    ];
    let claims = world.token("everything", &form).await.claims();
    assert_eq!((&claims["sub"], &claims["extra"]), (&json!("u1"), &json!("1")), "{claims}");
    let form = [("grant_type", "client_credentials"), ("client_id", "app"), ("client_secret", "app secret")];
    assert_eq!(world.token("everything", &form).await.claims()["sub"], "u5");
    // Nothing that was given is missing from the export but what was named.
    let first = exported(&world, "everything").await;
    let remarks = report["notTakenOver"].as_array().unwrap();
    let noted: Vec<&str> = remarks
        .iter()
        .filter(|remark| !remark["reason"].as_str().unwrap().ends_with(KEPT))
        .map(|remark| remark["path"].as_str().unwrap())
        .collect();
    let expected = [
        "keycloakVersion",
        // Names are folded; a hash that was checked is made anew, as any other.
        "users[Ann].username",
        "users[Ann].email",
        "users[bob].realmRoles[gone]",
        "users[bob].groups[/nowhere]",
        "clients[app].authorizationServicesEnabled",
    ];
    let rehashed = |path: &str| path.contains(".credentials[");
    let named = |path: &str| noted.iter().any(|note| path.starts_with(note)) || expected.contains(&path);
    let silently: Vec<_> = lost(&given, &first).into_iter().filter(|path| !named(path) && !rehashed(path)).collect();
    assert!(silently.is_empty(), "{silently:#?}");
    // The order of what has none does not matter; ids, secrets, keys, hashes and consents are all the same the next time.
    api.delete("/realms/everything").await.expect(204);
    api.post("/realms", first.clone()).await.expect(201);
    assert_eq!(exported(&world, "everything").await, first);
    assert_eq!(first["smtpServer"]["password"], "mail secret");
    let ldap = &first["components"]["org.keycloak.storage.UserStorageProvider"][0];
    assert_eq!(ldap["config"]["bindCredential"], json!(["ldap secret"]));
    assert!(ldap["subComponents"].to_string().contains("ldap-mapper"));
    world.password_grant("everything", "ann", "ann's password").await.expect(200);
}

#[tokio::test]
async fn secrets_stay_inside() {
    use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
    let world = World::start().await;
    let api = &world.admin;
    let mut given = realm("everything");
    given["adminEventsEnabled"] = json!(true);
    given["adminEventsDetailsEnabled"] = json!(true);
    api.post("/realms", given).await.expect(201);
    let secrets = ["app secret", "mail secret", "ldap secret", "a seed nobody may see", "plain password", "hush"];
    let hmac = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw";
    let export = api.request(
        reqwest::Method::POST,
        "/realms/everything/partial-export?exportClients=true&exportGroupsAndRoles=true",
    );
    let export = crate::http::support::send(export).await.expect(200);
    for (path, text) in [
        ("partial export", export.text()),
        ("components", api.read("/realms/everything/components").await.to_string()),
        ("realm", api.read("/realms/everything").await.to_string()),
        ("events", api.read("/realms/everything/admin-events").await.to_string()),
        ("users", api.read("/realms/everything/users").await.to_string()),
    ] {
        for secret in secrets.iter().chain([&hmac]) {
            assert!(!text.contains(secret), "{secret} in {path}");
        }
    }
    assert_eq!(
        export.json()["clients"].as_array().unwrap().iter().find(|one| one["clientId"] == "app").unwrap()["secret"],
        "**********"
    );
    // And sealed or hashed in the database.
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    for table in ["realms", "clients", "components", "keys", "credentials", "users", "admin_events"] {
        let sql = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let text: String = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut database).await.unwrap().get(0);
        for secret in secrets.iter().chain([&hmac]) {
            assert!(!text.contains(secret), "{secret} in {table}");
        }
    }
    // What was exported without its secrets makes a realm again, with new ones.
    api.delete("/realms/everything").await.expect(204);
    let report = api.post("/realms?report=true", export.json()).await.expect(201).json();
    let paths = field(&report["notTakenOver"], "path");
    assert!(paths.contains(&"clients[app].secret") && paths.contains(&"smtpServer.password"), "{report:#}");
    let id = world.client_id("everything", "app").await;
    let secret = api.read(&format!("/realms/everything/clients/{id}/client-secret")).await["value"].clone();
    assert_eq!(secret.as_str().unwrap().len(), 32);
}
