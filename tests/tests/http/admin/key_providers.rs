//! Key providers as Keycloak shows them: what a new realm has, every kind by itself, keys that are given, and refusals.

use jose::{ContentEncryption, KeyManagementAlgorithm, KeySet, encrypt::Types};
use serde_json::{Value, json};
use tests::verifier::forge::KeyPair;

use crate::http::{
    attacks::stage::{Browser, CALLBACK, answered},
    support::{REALM, World, field, r, send},
};

const PROVIDER: &str = "org.keycloak.keys.KeyProvider";
const POLICY: &str = "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy";

fn provider(id: &str, config: Value) -> Value {
    json!({"name": id, "providerId": id, "providerType": PROVIDER, "config": config})
}

#[tokio::test]
async fn a_new_realm_has_keycloaks_components_and_keys() {
    let world = World::start().await;
    let api = &world.admin;
    let components = api.read(&r("/components")).await;
    assert_eq!(components.as_array().map(Vec::len), Some(12), "{components}");
    let keys = api.read(&r("/keys")).await;
    let mut active: Vec<_> = keys["active"].as_object().unwrap().keys().map(String::as_str).collect();
    active.sort_unstable();
    assert_eq!(active, ["AES", "HS512", "RS256", "RSA-OAEP"]);
    let mut listed = field(&keys["keys"], "algorithm");
    listed.sort_unstable();
    assert_eq!(listed, active);
    // two of them are public, and stay what they are
    let certs =
        async || send(world.http.get(world.url(&format!("/realms/{REALM}/protocol/openid-connect/certs")))).await;
    let published = certs().await.json();
    let mut uses = field(&published["keys"], "use");
    uses.sort_unstable();
    assert_eq!(uses, ["enc", "sig"]);
    assert_eq!(certs().await.json(), published);
    for key in published["keys"].as_array().unwrap() {
        assert_eq!(keys["active"][key["alg"].as_str().unwrap()], key["kid"]);
    }
}

#[tokio::test]
async fn every_kind_that_is_listed_can_be_added() {
    let world = World::start().await;
    let api = &world.admin;
    let realm = api.read(&r("")).await;
    let info = api.read("/serverinfo").await;
    assert!(info["systemInfo"]["version"].as_str().unwrap().starts_with("26."));
    let kinds = info["componentTypes"][PROVIDER].as_array().unwrap().clone();
    let path = r(&format!("/components/{}/sub-component-types", realm["id"].as_str().unwrap()));
    assert_eq!(api.read(&format!("{path}?type={PROVIDER}")).await, Value::Array(kinds.clone()));
    assert_eq!(api.read(&format!("{path}?type={POLICY}")).await, info["componentTypes"][POLICY]);
    assert_eq!(api.read(&r("/client-registration-policy/providers")).await, info["componentTypes"][POLICY]);
    api.get(&path).await.error(400, "must specify a subtype");
    api.get(&r(&format!("/components/none/sub-component-types?type={PROVIDER}")))
        .await
        .error(404, "Could not find parent component");
    let private = openssl::rsa::Rsa::generate(2048).unwrap();
    let pem = String::from_utf8(private.private_key_to_pem().unwrap()).unwrap();
    for kind in &kinds {
        let id = kind["id"].as_str().unwrap();
        let given = kind["properties"].as_array().unwrap().iter().any(|one| one["name"] == "privateKey");
        // two providers can't have one key
        let config = match (given, id) {
            (true, "rsa") => json!({"privateKey": [pem], "priority": ["7"]}),
            (true, _) => {
                let other = openssl::rsa::Rsa::generate(2048).unwrap().private_key_to_pem().unwrap();
                json!({"privateKey": [String::from_utf8(other).unwrap()]})
            }
            _ => json!({"priority": ["7"]}),
        };
        let component = api.post(&r("/components"), provider(id, config)).await.created();
        let shown = api.read(&r(&format!("/components/{component}"))).await;
        assert_eq!(shown["config"]["privateKey"], if given { json!(["**********"]) } else { Value::Null }, "{id}");
        let keys = api.read(&r("/keys")).await;
        let made = keys["keys"].as_array().unwrap().iter().filter(|key| key["providerId"] == component.as_str());
        assert_eq!(made.count(), 1, "{id}");
        // written back with its mask it keeps its key
        api.put(&r(&format!("/components/{component}")), shown.clone()).await.expect(204);
        assert_eq!(api.read(&r("/keys")).await, keys, "{id}");
    }
    let text = api.get(&r("/components")).await.text() + &api.get(&r("/keys")).await.text();
    assert!(!text.contains("PRIVATE KEY"));
}

#[tokio::test]
async fn a_given_key_signs_and_what_makes_no_sense_is_refused() {
    let world = World::start().await;
    let api = &world.admin;
    let private = openssl::rsa::Rsa::generate(2048).unwrap();
    let pem = String::from_utf8(private.private_key_to_pem().unwrap()).unwrap();
    let other = String::from_utf8(openssl::rsa::Rsa::generate(2048).unwrap().private_key_to_pem().unwrap()).unwrap();
    let id = api
        .post(
            &r("/components"),
            provider("rsa", json!({"privateKey": [pem], "priority": ["200"], "algorithm": ["PS256"]})),
        )
        .await
        .created();
    let path = r(&format!("/components/{id}"));
    let first = api.read(&r("/keys")).await["active"]["PS256"].clone();
    assert!(first.is_string());
    // another key in its place
    api.put(&path, json!({"config": {"privateKey": [other]}})).await.expect(204);
    let second = api.read(&r("/keys")).await["active"]["PS256"].clone();
    assert!(second.is_string() && second != first);
    // passive, then disabled: neither signs
    for (switch, status) in [("active", "PASSIVE"), ("enabled", "DISABLED")] {
        api.put(&path, json!({"config": {switch: ["false"]}})).await.expect(204);
        let keys = api.read(&r("/keys")).await;
        assert!(keys["active"]["PS256"].is_null());
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == second).unwrap().clone();
        assert_eq!(key["status"], status);
    }
    for (provider_id, config, text) in [
        ("rsa", json!({}), "'Private RSA Key' is required"),
        ("rsa", json!({"privateKey": ["rubbish"]}), "Failed to decode private key"),
        ("rsa", json!({"privateKey": [pem], "certificate": ["rubbish"]}), "Failed to decode certificate"),
        ("rsa-generated", json!({"priority": ["x"]}), "'Priority' should be a number"),
        ("rsa-generated", json!({"enabled": ["maybe"]}), "'Enabled' should be 'true' or 'false'"),
        ("rsa-generated", json!({"keySize": ["512"]}), "'Key size' should be 2048, 3072 or 4096"),
        ("rsa-generated", json!({"keySize": ["2048", "4096"]}), "'Key size' should be a single entry"),
        (
            "ecdsa-generated",
            json!({"ecdsaEllipticCurveKey": ["P-1"]}),
            "'Elliptic Curve' should be P-256, P-384 or P-521",
        ),
    ] {
        api.post(&r("/components"), provider(provider_id, config)).await.error_message(400, text);
    }
    let reply = api.post(&r("/components"), provider("java-keystore", json!({"keystore": ["/etc/passwd"]}))).await;
    assert!(reply.expect(400).json()["error"].as_str().unwrap().contains("provider rsa"));
    api.post(&r("/components"), provider("nonsense", json!({})))
        .await
        .error(400, "Invalid provider type or no such provider");
}

#[tokio::test]
async fn request_objects_are_encrypted_to_the_realm() {
    let (world, site) = World::with_alice().await;
    let key = KeyPair::rsa();
    let app =
        json!({"attributes": {"use.jwks.string": "true", "jwks.string": json!({"keys": [key.jwk("k")]}).to_string()}});
    let app = world.app("app", app).await;
    let browser = Browser::default();
    site.code(&browser, &app, &[]).await;
    let claims = json!({
        "iss": "app", "client_id": "app", "aud": site.issuer(), "exp": world.now() + 60, "response_type": "code",
        "redirect_uri": CALLBACK, "scope": "openid", "prompt": "none",
    });
    let signed = key.token(&json!({"alg": "RS256", "kid": "k"}), &claims);
    let discovery =
        send(world.http.get(world.url(&format!("/realms/{REALM}/.well-known/openid-configuration")))).await.json();
    assert_eq!(discovery["request_object_encryption_alg_values_supported"], json!(["RSA-OAEP"]));
    world
        .admin
        .post(&r("/components"), provider("ecdh-generated", json!({"ecdhAlgorithm": ["ECDH-ES+A256KW"]})))
        .await
        .expect(201);
    let jwks = send(world.http.get(site.protocol("certs"))).await.expect(200).text();
    let set = KeySet::parse(&jwks).unwrap();
    let asked = async |object: &str| {
        let reply = site
            .authorize(
                &browser,
                &[
                    ("client_id", "app"),
                    ("request", object),
                    ("prompt", "none"),
                    ("redirect_uri", CALLBACK),
                    ("response_type", "code"),
                ],
            )
            .await;
        answered(&reply)
    };
    for algorithm in [KeyManagementAlgorithm::RsaOaep, KeyManagementAlgorithm::EcdhEsA256Kw] {
        let to = set.encryption_key(algorithm).unwrap();
        for encryption in ContentEncryption::ALL {
            let object = jose::encrypt::encrypt(&to, encryption, Types::NESTED_JWT, signed.as_bytes()).unwrap();
            assert!(asked(&object).await.contains_key("code"), "{algorithm} {encryption}");
        }
        // what nobody signed says nothing, however well it is encrypted
        let bare =
            jose::encrypt::encrypt(&to, ContentEncryption::A256Gcm, Types::JWT, claims.to_string().as_bytes()).unwrap();
        assert_eq!(asked(&bare).await["error"], "invalid_request_object");
        let twice =
            jose::encrypt::encrypt(&to, ContentEncryption::A256Gcm, Types::NESTED_JWT, bare.as_bytes()).unwrap();
        assert_eq!(asked(&twice).await["error"], "invalid_request_object");
    }
    // a client that registered it sends no other
    let wants = json!({"attributes": {"request.object.encryption.alg": "RSA-OAEP", "request.object.encryption.enc": "A256GCM"}});
    world.admin.put(&r(&format!("/clients/{}", app.id)), wants).await.expect(204);
    assert_eq!(asked(&signed).await["error"], "invalid_request_object");
    let to = set.encryption_key(KeyManagementAlgorithm::RsaOaep).unwrap();
    for (encryption, good) in [(ContentEncryption::A256Gcm, true), (ContentEncryption::A128Gcm, false)] {
        let object = jose::encrypt::encrypt(&to, encryption, Types::NESTED_JWT, signed.as_bytes()).unwrap();
        assert_eq!(asked(&object).await.contains_key("code"), good);
    }
}
