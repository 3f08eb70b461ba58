//! Who gets what: without credentials, in part, not at all.

use serde_json::json;
use tests::docker::granted;

use super::fixture::{ALICE, BOB, CAROL, Fixture, SERVICE};

#[tokio::test]
async fn public_images_need_no_login() {
    let fixture = Fixture::start().await;
    let alice = fixture.home_of(ALICE).await;
    let _ = fixture.push(&alice, "public/app:1").await.ok();
    let _ = fixture.push(&alice, "team/app:1").await.ok();
    let nobody = fixture.home();
    let _ = fixture.pull(&nobody, "public/app:1", "pulled").await.ok();
    let _ = fixture.pull(&nobody, "team/app:1", "refused").await.refused();
    let _ = fixture.push(&nobody, "public/app:2").await.refused();
    // What nobody in particular may do, everybody may.
    let _ = fixture.pull(&fixture.home_of(CAROL).await, "public/app:1", "pulled").await.ok();
}

#[tokio::test]
async fn a_part_is_granted_of_what_is_asked() {
    let fixture = Fixture::start().await;
    let scopes = ["repository:team/app:pull,push,delete", "repository:home/bob/x:push,pull", "registry:catalog:*"];
    let answer = fixture.docker().get(SERVICE, &scopes, Some(BOB), &[]).await.expect(200).json();
    let token = answer["token"].as_str().unwrap();
    assert_eq!(granted(token), ["repository:home/bob/x:pull,push", "repository:team/app:pull"]);
    // The registry takes the token and sees the same.
    assert_eq!(fixture.registry.get("", Some(token)).await.status, 200);
    assert_eq!(fixture.registry.get("team/app/tags/list", Some(token)).await.status, 404);
    assert_eq!(fixture.registry.get("_catalog", Some(token)).await.status, 401);
    let claims = fixture.docker().verified(SERVICE, token).await;
    assert_eq!(claims["sub"], "bob");

    // Somebody's home is theirs alone, and a name that only begins alike is another name.
    let others = ["repository:home/alice:pull", "repository:home/bobby:pull", "repository:team:pull"];
    let answer = fixture.docker().get(SERVICE, &others, Some(BOB), &[]).await.expect(200).json();
    assert!(granted(answer["token"].as_str().unwrap()).is_empty());
}

#[tokio::test]
async fn a_refused_push_is_explained_by_its_event() {
    let fixture = Fixture::start().await;
    let home = fixture.home_of(BOB).await;
    let said = fixture.push(&home, "team/app:1").await.refused();
    assert!(said.to_lowercase().contains("denied") || said.contains("unauthorized"), "{said}");
    let event =
        fixture.event(|event| event["details"]["requested"].as_str().is_some_and(|asked| asked.contains("push"))).await;
    assert_eq!(event["type"], "LOGIN");
    assert_eq!(event["clientId"], SERVICE);
    let details = &event["details"];
    assert_eq!((&details["granted"], &details["refused_actions"]), (&json!("repository:team/app:pull"), &json!("1")));

    let body = json!({"username": "bob", "scope": ["repository:team/app:pull,push"]});
    let path = format!("/realms/{}/clients/{}/docker-v2/evaluate", super::fixture::REALM, fixture.client);
    let tried = fixture.admin.post(&path, Some(body)).await.expect(200).json();
    let verdicts: Vec<_> = tried["actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| (action["action"].as_str().unwrap(), action["granted"].as_bool().unwrap()))
        .collect();
    assert_eq!(verdicts, [("pull", true), ("push", false)]);
    assert_eq!(tried["actions"][0]["rule"]["name"], "readers");
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_gone_with_the_next_token() {
    let fixture = Fixture::start().await;
    let _ = fixture.push(&fixture.home_of(ALICE).await, "team/app:1").await.ok();
    let home = fixture.home_of(BOB).await;
    let _ = fixture.pull(&home, "team/app:1", "first").await.ok();
    let path = format!("/realms/{}/users/{}", super::fixture::REALM, fixture.users[1]);
    let role = fixture.admin.get(&format!("{path}/role-mappings/realm")).await.expect(200).json();
    let reader = role.as_array().unwrap().iter().find(|role| role["name"] == "reader").unwrap().clone();
    let _ = fixture.admin.delete(&format!("{path}/role-mappings/realm"), Some(json!([reader]))).await.expect(204);
    let _ = fixture.pull(&home, "team/app:1", "second").await.refused();
    let _ = fixture.admin.put(&path, Some(json!({"enabled": false}))).await.expect(204);
    let said = fixture.home().login("skopeo", &fixture.registry.address(), BOB.0, BOB.1).await.refused();
    assert!(said.contains("invalid username/password"), "{said}");
}
