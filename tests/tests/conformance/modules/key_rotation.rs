//! Keys that change.

use serde_json::json;
use tests::{oidc_client::Authentication, verifier::forge::KeyPair};

use crate::conformance::{
    checks::{keys, token},
    stage::{Stage, public_jwk},
};

pub async fn server_rotate_keys(stage: &Stage) {
    let client = stage.client().await;
    let before = stage.usual_flow(&client).await;
    let old = keys::kids(&stage.provider.jwks().await);

    let realm = &stage.variant.realm;
    let provider = json!({
        "name": "rotated", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "config": {
            "priority": ["200"], "enabled": ["true"], "active": ["true"], "algorithm": ["RS256"], "keySize": ["2048"],
        },
    });
    let _ = stage.admin().await.post(&format!("/realms/{realm}/components"), Some(provider)).await.expect(201);

    let jwks = stage.provider.jwks().await;
    keys::jwks(&jwks);
    let new = keys::kids(&jwks);
    assert!(new.is_superset(&old), "a key is gone: {old:?}, {new:?}");
    let added: Vec<_> = new.difference(&old).collect();
    assert_eq!(added.len(), 1, "{old:?}, {new:?}");
    let after = stage.usual_flow(&client).await;
    assert_eq!(after.id_token().jwt.header["kid"], added[0].as_str());
    // What the old key has signed is still good.
    before.id_token().jwt.verify(&jwks).expect("a good token");
    stage.is_accepted(&before).await;
}

pub async fn refresh_token_rp_key_rotation(stage: &Stage) {
    let publish = |key: &KeyPair, kid: &str| {
        stage.party.publish_json("/jwks.json", &json!({"keys": [public_jwk(key, Some(kid))]}))
    };
    let uri = publish(&stage.key, "first");
    let mut client = stage.refreshing_client(&json!({"jwks": null, "jwks_uri": uri})).await;
    let with = |key: &KeyPair, kid: &str| Authentication::PrivateKeyJwt {
        key: key.clone(),
        kid: Some(kid.to_owned()),
        algorithm: "RS256",
    };
    client.authentication = with(&stage.key, "first");
    let outcome = stage.offline_flow(&client).await;

    let next = KeyPair::kept_rsa("relying-party-next");
    publish(&next, "second");
    stage.wait(60);
    let old_client = client.clone();
    client.authentication = with(&next, "second");
    let tokens = token::success(client.refresh(&stage.provider, outcome.refresh_token(), &[], stage.now()).await);

    // The key that the application has given up is good for nothing any more.
    let refresh_token = tokens["refresh_token"].as_str().unwrap_or(outcome.refresh_token());
    let answer = old_client.refresh(&stage.provider, refresh_token, &[], stage.now()).await;
    token::error(&answer, &["invalid_client"]);
}
