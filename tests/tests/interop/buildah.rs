//! buildah: an image from nothing, pushed and pulled.

use super::fixture::{ALICE, BOB, Fixture};

#[tokio::test]
async fn build_push_and_pull() {
    let fixture = Fixture::start().await;
    let registry = fixture.registry.address();
    let home = fixture.home();
    let _ = home.login("buildah", &registry, ALICE.0, ALICE.1).await.ok();
    let container = home.run("buildah", &["from", "scratch"]).await.ok().trim().to_owned();
    let _ = home.run("buildah", &["copy", &container, "/bin/busybox", "/bin/busybox"]).await.ok();
    let _ = home.run("buildah", &["commit", &container, "localhost/built:1"]).await.ok();
    let name = format!("docker://{registry}/team/built:1");
    let _ = home.run("buildah", &["push", "--tls-verify=false", "localhost/built:1", &name]).await.ok();
    let event = fixture.event(|event| event["details"]["granted"] == "repository:team/built:pull,push").await;
    assert!(event["details"]["user_agent"].as_str().unwrap().starts_with("Buildah/"), "{event}");

    let reader = fixture.home();
    let _ = reader.login("buildah", &registry, BOB.0, BOB.1).await.ok();
    let _ = reader.run("buildah", &["pull", "--tls-verify=false", &name]).await.ok();
    let pulled = format!("{registry}/team/built:1");
    let _ = reader.run("buildah", &["push", "--tls-verify=false", &pulled, &name]).await.refused();
}
