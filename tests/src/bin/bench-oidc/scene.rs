//! What the requests are about: a realm with users, services and applications.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use tests::{
    Admin,
    bench::{message, server::Server},
};

const REALM: &str = "bench";
/// The password of every user.
pub const PASSWORD: &str = "a password of the benchmark";
/// The secret of every client.
const SECRET: &str = "a-secret-of-the-benchmark-32-long";
/// Where every application wants its codes.
pub const REDIRECT_URI: &str = "https://app.example.org/callback";
/// More than there are connections, so that no two of them often meet at one user.
pub const USERS: usize = 50;
/// Applications whose tokens are signed with RS256.
pub const APPS: [&str; 4] = ["app-0", "app-1", "app-2", "app-3"];
/// An application whose tokens are signed with ES256.
pub const APP_ES256: &str = "app-es256";
const SERVICE: &str = "service";
const SERVICE_ES256: &str = "service-es256";

/// Makes the realm.
pub async fn make(server: &Server) {
    let admin = server.admin().await;
    // As a production realm would be: with the protection against guessing and with stored events. Tokens are to be
    // good for as long as the measurements take.
    let realm = json!({
        "realm": REALM, "enabled": true, "eventsEnabled": true, "bruteForceProtected": true, "accessTokenLifespan": 3_600,
    });
    let _ = admin.post("/realms", Some(realm)).await.expect(201);
    let curve = json!({
        "name": "p256", "providerId": "ecdsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"ecdsaEllipticCurveKey": ["P-256"]},
    });
    let _ = admin.post(&format!("/realms/{REALM}/components"), Some(curve)).await.expect(201);
    for (client, algorithm) in [(SERVICE, "RS256"), (SERVICE_ES256, "ES256")] {
        let service = json!({
            "clientId": client, "secret": SECRET, "standardFlowEnabled": false, "serviceAccountsEnabled": true,
            "attributes": {"access.token.signed.response.alg": algorithm},
        });
        make_client(&admin, service).await;
    }
    for (client, algorithm) in APPS.map(|name| (name, "RS256")).into_iter().chain([(APP_ES256, "ES256")]) {
        let app = json!({
            "clientId": client, "secret": SECRET, "redirectUris": [REDIRECT_URI],
            "attributes": {
                "access.token.signed.response.alg": algorithm, "id.token.signed.response.alg": algorithm,
                "pkce.code.challenge.method": "S256",
            },
        });
        make_client(&admin, app).await;
    }
    admin.create_role(REALM, "developer").await;
    let group = admin.create_group(REALM, "/teams/red").await;
    for number in 0..USERS {
        let id = admin.create_user(REALM, &user(number), PASSWORD).await;
        admin.grant_role(REALM, &id, "developer").await;
        admin.join(REALM, &id, &group).await;
    }
}

async fn make_client(admin: &Admin, client: serde_json::Value) {
    let _ = admin.post(&format!("/realms/{REALM}/clients"), Some(client)).await.expect(201);
}

/// The name of a user.
pub fn user(number: usize) -> String {
    format!("user-{}", number % USERS)
}

/// The path of an endpoint.
pub fn endpoint(name: &str) -> String {
    format!("/realms/{REALM}/protocol/openid-connect/{name}")
}

/// A form that a client posts to an endpoint, with its secret in the header.
pub fn client_post(client: &str, name: &str, form: &[(&str, &str)]) -> Vec<u8> {
    let credentials = STANDARD.encode(format!("{client}:{SECRET}"));
    message::post(&endpoint(name), &format!("Authorization: Basic {credentials}\r\n"), form)
}

/// A client asks for a token for itself.
pub fn client_credentials(es256: bool) -> Vec<u8> {
    client_post(if es256 { SERVICE_ES256 } else { SERVICE }, "token", &[("grant_type", "client_credentials")])
}

/// A text in a JSON answer of which it is known that it needs no escapes.
pub fn member<'a>(body: &'a [u8], name: &str) -> &'a str {
    let text = std::str::from_utf8(body).expect("JSON");
    let behind = text.split_once(&format!("\"{name}\":\"")).map(|(_, rest)| rest);
    behind.and_then(|rest| rest.split_once('"')).map(|(value, _)| value).expect("the member")
}
