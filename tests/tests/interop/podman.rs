//! podman: login, push, pull, search, and what it does with docker's identity token.

use serde_json::json;
use tests::image;

use super::fixture::{ALICE, CAROL, Fixture, SERVICE};

#[tokio::test]
async fn login_push_pull_search_logout() {
    let fixture = Fixture::start().await;
    let registry = fixture.registry.address();
    let home = fixture.home();
    let _ = home.login("podman", &registry, ALICE.0, "not it").await.refused();
    let _ = home.login("podman", &registry, ALICE.0, ALICE.1).await.ok();

    let name = format!("{registry}/team/pod:1");
    image::store(&home, "pod", &name).await;
    let _ = home.run("podman", &["push", "--tls-verify=false", &name]).await.ok();
    let _ = home.run("podman", &["rmi", "--force", &name]).await.ok();
    let _ = home.run("podman", &["pull", "--tls-verify=false", &name]).await.ok();

    let search = ["search", "--tls-verify=false", "--format", "{{.Name}}", &format!("{registry}/")];
    let found = home.run("podman", &search).await.ok();
    assert!(found.contains("team/pod"), "{found}");

    let _ = home.run("podman", &["logout", &registry]).await.ok();
    let _ = home.run("podman", &["pull", "--tls-verify=false", &name]).await.refused();
}

#[tokio::test]
async fn the_catalog_is_for_those_who_may_see_it() {
    let fixture = Fixture::start().await;
    let registry = fixture.registry.address();
    let _ = fixture.push(&fixture.home_of(ALICE).await, "team/secret:1").await.ok();
    let home = fixture.home_of(CAROL).await;
    let search = ["search", "--tls-verify=false", "--format", "{{.Name}}", &format!("{registry}/")];
    let outcome = home.run("podman", &search).await;
    assert!(!outcome.stdout.contains("team/secret"), "{outcome:?}");
}

#[tokio::test]
async fn an_identity_token_works_in_chunks() {
    let fixture = Fixture::start().await;
    let registry = fixture.registry.address();
    let _ = fixture.push(&fixture.home_of(ALICE).await, "team/app:1").await.ok();
    let answer = fixture.docker().get(SERVICE, &[], Some(ALICE), &[("offline_token", "true")]).await.expect(200).json();

    let home = fixture.home();
    let auths = json!({"auths": {registry: {"auth": "YWxpY2U6", "identitytoken": answer["refresh_token"]}}});
    std::fs::write(home.auth_file(), auths.to_string()).unwrap();
    let name = format!("{}/team/app:1", fixture.registry.address());
    let _ = home.run("podman", &["pull", "--tls-verify=false", &name]).await.ok();
    let _ = fixture.push(&home, "team/app:2").await.ok();
    let event = fixture.event(|event| event["details"]["proof"] == "identity_token").await;
    assert_eq!(event["details"]["client_label"], "containers/image");
}
