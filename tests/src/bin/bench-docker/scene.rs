//! What the requests are about: a realm with a registry, users in a role, and an identity token for each.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use tests::{
    Docker,
    bench::{message, server::Server},
};

const REALM: &str = "bench";
const REGISTRY: &str = "registry.bench";
const REGISTRY_ES256: &str = "registry-es256.bench";
const PASSWORD: &str = "a password of the benchmark";
const SCOPE: &str = "repository:team/image:pull,push";
/// More than there are connections, so that no two of them often meet at one user.
const USERS: usize = 50;

/// Ready-made requests of each kind.
#[derive(Clone, Debug)]
pub struct Scene {
    /// `GET` with a user's name and password.
    pub password: Vec<Vec<u8>>,
    /// `POST` with an identity token, for a token signed with RS256.
    pub identity: Vec<Vec<u8>>,
    /// The same for a token signed with ES256.
    pub identity_es256: Vec<Vec<u8>>,
    /// `GET` without credentials.
    pub anonymous: Vec<Vec<u8>>,
}

impl Scene {
    /// Makes the realm and the requests.
    pub async fn make(server: &Server) -> Self {
        let admin = server.admin().await;
        // As a production realm would be: with the protection against guessing and with stored events.
        let realm = json!({"realm": REALM, "enabled": true, "eventsEnabled": true, "bruteForceProtected": true});
        let _ = admin.post("/realms", Some(realm)).await.expect(201);
        let curve = json!({
            "name": "p256", "providerId": "ecdsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
            "config": {"ecdsaEllipticCurveKey": ["P-256"]},
        });
        let _ = admin.post(&format!("/realms/{REALM}/components"), Some(curve)).await.expect(201);
        admin.create_role(REALM, "developer").await;
        for (client, algorithm) in [(REGISTRY, "RS256"), (REGISTRY_ES256, "ES256")] {
            let attributes = json!({"access.token.signed.response.alg": algorithm});
            let id = admin.create_registry(REALM, client, attributes).await;
            let developers = json!({"role": "developer", "repositories": "team/**", "actions": "pull,push"});
            let _ = admin.add_mapper(REALM, &id, "developers", "docker-v2-role-repository-mapper", developers).await;
            let everyone = json!({"anonymous": "true", "repositories": "public/**", "actions": "pull"});
            let _ = admin.add_mapper(REALM, &id, "public", "docker-v2-everyone-repository-mapper", everyone).await;
        }
        let docker = Docker::new(&server.url(), REALM);
        let mut scene = Self {
            password: Vec::new(),
            identity: Vec::new(),
            identity_es256: Vec::new(),
            anonymous: vec![anonymous()],
        };
        for number in 0..USERS {
            let name = format!("user-{number}");
            let id = admin.create_user(REALM, &name, PASSWORD).await;
            admin.grant_role(REALM, &id, "developer").await;
            scene.password.push(password(&name));
            for (client, requests) in [(REGISTRY, &mut scene.identity), (REGISTRY_ES256, &mut scene.identity_es256)] {
                let offline = [("offline_token", "true")];
                let answer = docker.get(client, &[], Some((&name, PASSWORD)), &offline).await.expect(200).json();
                let token = answer.get("refresh_token").and_then(|token| token.as_str()).expect("an identity token");
                requests.push(identity(client, token));
            }
        }
        scene
    }
}

fn get(service: &str, scope: &str, header: &str) -> Vec<u8> {
    let path = format!("/realms/{REALM}/protocol/docker-v2/auth?service={service}&scope={scope}");
    message::get(&path, header)
}

fn anonymous() -> Vec<u8> {
    get(REGISTRY, "repository:public/image:pull", "")
}

fn password(name: &str) -> Vec<u8> {
    let credentials = STANDARD.encode(format!("{name}:{PASSWORD}"));
    get(REGISTRY, SCOPE, &format!("Authorization: Basic {credentials}\r\n"))
}

fn identity(service: &str, token: &str) -> Vec<u8> {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "docker"),
        ("service", service),
        ("scope", SCOPE),
        ("refresh_token", token),
    ];
    message::post(&format!("/realms/{REALM}/protocol/docker-v2/auth"), "", &form)
}
