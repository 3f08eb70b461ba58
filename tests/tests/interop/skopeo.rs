//! skopeo: login, push, pull, inspect, list, delete.

use super::fixture::{ALICE, BOB, Fixture};

#[tokio::test]
async fn all_that_a_developer_does() {
    let fixture = Fixture::start().await;
    let home = fixture.home_of(ALICE).await;
    let _ = fixture.push(&home, "team/app:1").await.ok();
    let _ = fixture.pull(&home, "team/app:1", "pulled").await.ok();
    assert!(home.path().join("pulled/manifest.json").exists());

    let repository = fixture.registry.image("team/app");
    let tags = home.run("skopeo", &["list-tags", "--tls-verify=false", &repository]).await.json();
    assert_eq!(tags["Tags"], serde_json::json!(["1"]));
    let image = fixture.registry.image("team/app:1");
    let inspected = home.run("skopeo", &["inspect", "--tls-verify=false", &image]).await.json();
    assert_eq!(inspected["Architecture"].as_str().map(str::is_empty), Some(false));
    let _ = home.run("skopeo", &["delete", "--tls-verify=false", &image]).await.ok();
    let _ = home.run("skopeo", &["inspect", "--tls-verify=false", &image]).await.refused();

    let _ = home.run("skopeo", &["logout", &fixture.registry.address()]).await.ok();
    let _ = fixture.pull(&home, "team/app:1", "again").await.refused();
}

#[tokio::test]
async fn a_reader_can_neither_push_nor_delete() {
    let fixture = Fixture::start().await;
    let alice = fixture.home_of(ALICE).await;
    let _ = fixture.push(&alice, "team/app:1").await.ok();
    let bob = fixture.home_of(BOB).await;
    let _ = fixture.pull(&bob, "team/app:1", "pulled").await.ok();
    let _ = fixture.push(&bob, "team/app:2").await.refused();
    let image = fixture.registry.image("team/app:1");
    let _ = bob.run("skopeo", &["delete", "--tls-verify=false", &image]).await.refused();
    let _ = fixture.pull(&bob, "team/app:1", "again").await.ok();
}

#[tokio::test]
async fn a_wrong_password_does_not_log_in() {
    let fixture = Fixture::start().await;
    let home = fixture.home();
    let said = home.login("skopeo", &fixture.registry.address(), ALICE.0, "not it").await.refused();
    assert!(said.contains("invalid username/password"), "{said}");
    let event = fixture.event(|event| event["type"] == "LOGIN_ERROR").await;
    assert_eq!(event["error"], "invalid_user_credentials");
    assert_eq!(event["details"]["auth_method"], "docker-v2");
    assert!(event["details"]["user_agent"].as_str().unwrap().starts_with("skopeo/"), "{event}");
}
