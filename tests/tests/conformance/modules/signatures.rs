//! How ID tokens are signed.

use serde_json::json;
use tests::oidc_client::register;

use crate::conformance::{checks::registration, stage::Stage};

pub async fn idtoken_signature(stage: &Stage) {
    let client = stage.client().await;
    is_signed_with_rs256(stage, &client).await;
}

pub async fn idtoken_rs256(stage: &Stage) {
    assert!(stage.provider.lists("id_token_signing_alg_values_supported", "RS256"));
    let client = stage.register(&json!({"id_token_signed_response_alg": "RS256"})).await;
    is_signed_with_rs256(stage, &client).await;
}

async fn is_signed_with_rs256(stage: &Stage, client: &tests::oidc_client::Client) {
    let outcome = stage.usual_flow(client).await;
    for token in outcome.front.iter().chain(&outcome.back) {
        // That the signature is right was seen already, by the key with this id.
        assert_eq!(token.jwt.algorithm(), "RS256");
        assert!(token.jwt.header["kid"].is_string(), "{}", token.jwt.header);
    }
}

/// The suite skips this where the metadata does not list `none`. Ours does not, so nobody can register it either.
pub async fn idtoken_unsigned(stage: &Stage) {
    assert!(!stage.provider.lists("id_token_signing_alg_values_supported", "none"));
    let metadata = stage.registration_with(&json!({"id_token_signed_response_alg": "none"}));
    let answer = register(&stage.provider, stage.registration_token().await, &metadata).await;
    registration::error(&answer, &["invalid_client_metadata"]);
}
