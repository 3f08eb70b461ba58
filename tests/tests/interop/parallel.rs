//! Many at once.

use super::fixture::{ALICE, Fixture, SERVICE};

#[tokio::test]
async fn twenty_pulls_at_once() {
    let fixture = Fixture::start().await;
    let home = fixture.home_of(ALICE).await;
    let _ = fixture.push(&home, "team/app:1").await.ok();
    let places: Vec<String> = (0..20).map(|number| format!("pulled-{number}")).collect();
    let pulls = places.iter().map(|place| fixture.pull(&home, "team/app:1", place));
    for outcome in futures_util::future::join_all(pulls).await {
        let _ = outcome.ok();
    }
}

#[tokio::test]
async fn one_identity_token_in_many_hands() {
    let fixture = Fixture::start().await;
    let docker = fixture.docker();
    let answer = docker.get(SERVICE, &[], Some(ALICE), &[("offline_token", "true")]).await.expect(200).json();
    let token = answer["refresh_token"].as_str().unwrap();
    let uses = (0..50).map(|_| docker.refresh(SERVICE, "repository:team/app:pull", token));
    for answer in futures_util::future::join_all(uses).await {
        assert_eq!(answer.expect(200).json()["refresh_token"], token);
    }
}
