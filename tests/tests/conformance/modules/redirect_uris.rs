//! Where the authorization endpoint may send anybody.

use serde_json::json;
use tests::oidc_client::{AuthorizationRequest, Client, register};

use crate::conformance::{checks::registration, flow::error_page, stage::Stage};

async fn is_not_followed(stage: &Stage, request: &AuthorizationRequest) {
    let page = error_page(stage.start(&stage.browser(), request).await);
    assert!(page.text().to_lowercase().contains("redirect"), "it does not say what is wrong: {}", page.shown());
}

pub async fn ensure_registered_redirect_uri(stage: &Stage) {
    let client = stage.client().await;
    let other = format!("{}/{}", client.redirect_uri, "another");
    is_not_followed(stage, &stage.request(&client).with("redirect_uri", &other)).await;
}

pub async fn ensure_redirect_uri_in_authorization_request(stage: &Stage) {
    let uris = json!([stage.redirect_uri(), stage.party.url("/callback2")]);
    let client = stage.register(&json!({"redirect_uris": uris})).await;
    is_not_followed(stage, &stage.request(&client).without("redirect_uri")).await;
}

async fn client_with_query(stage: &Stage) -> Client {
    stage.register(&json!({"redirect_uris": [format!("{}?foo=bar", stage.redirect_uri())]})).await
}

pub async fn redirect_uri_query_ok(stage: &Stage) {
    let client = client_with_query(stage).await;
    let outcome = stage.usual_flow(&client).await;
    assert_eq!(outcome.response.other_query, [("foo".to_owned(), "bar".to_owned())]);
}

pub async fn redirect_uri_query_mismatch(stage: &Stage) {
    let client = client_with_query(stage).await;
    let other = format!("{}?bar=foo", stage.redirect_uri());
    is_not_followed(stage, &stage.request(&client).with("redirect_uri", &other)).await;
}

pub async fn redirect_uri_query_added(stage: &Stage) {
    let client = stage.client().await;
    let other = format!("{}?foo=bar", stage.redirect_uri());
    is_not_followed(stage, &stage.request(&client).with("redirect_uri", &other)).await;
}

pub async fn redirect_uri_regfrag(stage: &Stage) {
    let metadata = stage.registration_with(&json!({"redirect_uris": [format!("{}#foobar", stage.redirect_uri())]}));
    let answer = register(&stage.provider, stage.registration_token().await, &metadata).await;
    registration::error(&answer, &["invalid_redirect_uri", "invalid_client_metadata"]);
}
