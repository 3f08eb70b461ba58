//! The ways to ask for the user's claims.

use serde_json::json;
use tests::Answer;

use crate::conformance::{checks::userinfo, flow::Outcome, stage::Stage};

async fn outcome(stage: &Stage) -> Outcome {
    let client = stage.client().await;
    stage.usual_flow(&client).await
}

fn access_token(outcome: &Outcome) -> &str {
    outcome.access_token().expect("an access token")
}

pub async fn userinfo_get(stage: &Stage) {
    let outcome = outcome(stage).await;
    userinfo::success(stage.provider.userinfo(access_token(&outcome)).await, outcome.claim("sub"));
}

pub async fn userinfo_post_header(stage: &Stage) {
    let outcome = outcome(stage).await;
    let request = stage.provider.http().post(stage.provider.endpoint("userinfo_endpoint"));
    let answer = Answer::to(request.bearer_auth(access_token(&outcome))).await;
    userinfo::success(answer, outcome.claim("sub"));
}

pub async fn userinfo_post_body(stage: &Stage) {
    let outcome = outcome(stage).await;
    let request = stage.provider.http().post(stage.provider.endpoint("userinfo_endpoint"));
    let answer = Answer::to(request.form(&[("access_token", access_token(&outcome))])).await;
    userinfo::success(answer, outcome.claim("sub"));
}

pub async fn userinfo_rs256(stage: &Stage) {
    assert!(stage.provider.lists("userinfo_signing_alg_values_supported", "RS256"));
    let client = stage.register(&json!({"userinfo_signed_response_alg": "RS256"})).await;
    let outcome = stage.usual_flow(&client).await;
    let answer = stage.provider.userinfo(access_token(&outcome)).await.expect(200);
    let content_type = answer.header("content-type").unwrap_or_default();
    assert!(content_type.starts_with("application/jwt"), "{content_type}");
    let jwt = stage.provider.verified(&answer.text()).await;
    assert_eq!(jwt.algorithm(), "RS256");
    assert_eq!(jwt.claims["iss"], stage.provider.issuer);
    let audience = &jwt.claims["aud"];
    assert!(*audience == client.id.as_str() || *audience == json!([client.id]), "aud is {audience}");
    userinfo::about(&jwt.claims, outcome.claim("sub"));
}
