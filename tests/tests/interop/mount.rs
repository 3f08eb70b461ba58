//! Cross-repository mounts: a layer that the registry has in another repository is not sent again, if its reader may
//! read there.

use serde_json::Value;
use tests::{Answer, answer::http, image};

use super::fixture::{ALICE, CAROL, Fixture, SERVICE};

/// Asks the registry to mount a layer of `from` in `to`, with a token for both as clients ask for it.
async fn mount(fixture: &Fixture, user: (&str, &str), digest: &str, from: &str, to: &str) -> u16 {
    let scopes = [format!("repository:{to}:pull,push"), format!("repository:{from}:pull")];
    let answer = fixture.docker().get(SERVICE, &[&scopes[0], &scopes[1]], Some(user), &[]).await.expect(200).json();
    let token = answer["token"].as_str().unwrap();
    let url = format!("http://{}/v2/{to}/blobs/uploads/", fixture.registry.address());
    let request = http().post(url).query(&[("mount", digest), ("from", from)]).bearer_auth(token);
    Answer::to(request.header("content-length", "0")).await.status
}

#[tokio::test]
async fn a_mount_needs_pull_on_the_source() {
    let fixture = Fixture::start().await;
    let home = fixture.home_of(ALICE).await;
    let _ = fixture.push(&home, "team/app:1").await.ok();
    let raw = ["inspect", "--raw", "--tls-verify=false", &fixture.registry.image("team/app:1")];
    let manifest: Value = home.run("skopeo", &raw).await.json();
    let digest = manifest["layers"][0]["digest"].as_str().unwrap();

    assert_eq!(mount(&fixture, ALICE, digest, "team/app", "team/other").await, 201);
    // A right to push somewhere is no right to read elsewhere: the registry asks for the missing right.
    assert_eq!(mount(&fixture, CAROL, digest, "team/app", "home/carol").await, 401);
    assert_eq!(mount(&fixture, CAROL, digest, "public/none", "home/carol").await, 202);
}

#[tokio::test]
async fn podman_mounts_or_sends_again() {
    let fixture = Fixture::start().await;
    let registry = fixture.registry.address();
    let home = fixture.home();
    let _ = home.login("podman", &registry, ALICE.0, ALICE.1).await.ok();
    image::store(&home, "pod", "localhost/pod:1").await;
    let id = "localhost/pod:1";
    for name in ["team/app:1", "team/other:1"] {
        let target = format!("docker://{registry}/{name}");
        let _ = home.run("podman", &["push", "--tls-verify=false", id, &target]).await.ok();
    }
    let log = fixture.registry.log();
    let mounted = log.lines().find(|line| line.contains("POST /v2/team/other/blobs/uploads/?from=team%2Fapp"));
    assert!(mounted.is_some_and(|line| line.contains(" 201 ")), "{mounted:?}");

    // The next user of this machine has the same cache, but may not read there. The push works all the same.
    let _ = home.login("podman", &registry, CAROL.0, CAROL.1).await.ok();
    let target = format!("docker://{registry}/home/carol:1");
    let _ = home.run("podman", &["push", "--tls-verify=false", id, &target]).await.ok();
    let partial = |event: &Value| {
        let details = &event["details"];
        details["username"] == CAROL.0 && details["requested"].as_str().is_some_and(|asked| asked.contains("team/"))
    };
    let event = fixture.event(partial).await;
    assert_eq!(event["details"]["granted"], "repository:home/carol:pull,push");
}
