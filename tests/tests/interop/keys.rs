//! New keys, other algorithms and other headers, while the registry keeps running.

use serde_json::json;
use tests::{Registry, docker::header, program::Setup};

use super::fixture::{ALICE, Fixture, REALM, SERVICE};

async fn token(fixture: &Fixture) -> String {
    let answer =
        fixture.docker().get(SERVICE, &["repository:team/app:pull"], Some(ALICE), &[]).await.expect(200).json();
    answer["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn keys_rotate_without_the_registry_noticing() {
    let fixture = Fixture::start().await;
    let registry = fixture.registry.id();
    let home = fixture.home_of(ALICE).await;
    let _ = fixture.push(&home, "team/app:1").await.ok();
    let first = header(&token(&fixture).await);
    assert_eq!((&first["alg"], first["jwk"].is_null()), (&json!("RS256"), true));

    let provider = json!({
        "name": "new", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
        "config": {"priority": ["1000"], "enabled": ["true"], "active": ["true"], "keySize": ["2048"], "algorithm": ["RS256"]},
    });
    let _ = fixture.admin.post(&format!("/realms/{REALM}/components"), Some(provider)).await.made();
    let second = header(&token(&fixture).await);
    assert_ne!((&first["kid"], &first["x5c"]), (&second["kid"], &second["x5c"]));
    let _ = fixture.pull(&home, "team/app:1", "with-new-key").await.ok();

    let algorithm = json!({"access.token.signed.response.alg": "ES256"});
    fixture.admin.set_attributes(REALM, &fixture.client, algorithm).await;
    let third = header(&token(&fixture).await);
    assert_eq!(third["alg"], "ES256");
    let _ = fixture.pull(&home, "team/app:1", "with-es256").await.ok();
    let _ = fixture.push(&home, "team/app:2").await.ok();
    assert_eq!(fixture.registry.id(), registry);
}

#[tokio::test]
async fn libtrust_ids_work_with_the_bundle() {
    let fixture = Fixture::with(Setup::default(), json!({"docker.token.header": "libtrust"})).await;
    let home = fixture.home_of(ALICE).await;
    let _ = fixture.push(&home, "team/app:1").await.ok();
    let _ = fixture.pull(&home, "team/app:1", "pulled").await.ok();
    let header = header(&token(&fixture).await);
    assert!(header["x5c"].is_null());
    assert_eq!(header["kid"].as_str().map(|kid| kid.split(':').count()), Some(12));
}

#[tokio::test]
async fn two_registries_of_one_client() {
    let fixture = Fixture::with(Setup::default(), json!({"docker.services": "mirror.acme"})).await;
    let path =
        format!("/realms/{REALM}/clients/{}/installation/providers/docker-v2-registry-config-file", fixture.client);
    let config = fixture.admin.get(&path).await.expect(200).text();
    let mirror = Registry::start(&config.replace(SERVICE, "mirror.acme")).await;

    let docker = fixture.docker();
    let answer = docker.get("mirror.acme", &["repository:team/app:pull"], Some(ALICE), &[]).await.expect(200).json();
    let of_mirror = answer["token"].as_str().unwrap();
    assert_eq!(mirror.get("", Some(of_mirror)).await.status, 200);
    // Each registry takes the tokens that name it.
    assert_eq!(fixture.registry.get("", Some(of_mirror)).await.status, 401);
    assert_eq!(fixture.registry.get("", Some(&token(&fixture).await)).await.status, 200);

    let home = tests::peer::Home::new(&mirror.address());
    let _ = home.login("skopeo", &mirror.address(), ALICE.0, ALICE.1).await.ok();
    let image = tests::image::make(&home, "mirrored").await;
    let _ = home.run("skopeo", &["copy", "--dest-tls-verify=false", &image, &mirror.image("team/app:1")]).await.ok();
}
