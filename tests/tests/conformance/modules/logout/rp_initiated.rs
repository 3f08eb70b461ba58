//! The redirect after it, and when there is none.

use openssl::base64::{decode_block, encode_block};
use serde_json::{Value, json};
use tests::{oidc_client::random_text, user_agent::Landing, verifier::forge::KeyPair};

use super::{LoggedIn, logged_in, logged_out_page};
use crate::conformance::{flow::error_page, stage::Stage};

pub async fn rp_initiated_logout(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    assert!(user.is_still_logged_in().await);
    let state = random_text(128);
    let parameters = [("id_token_hint", user.hint()), ("post_logout_redirect_uri", &user.after()), ("state", &state)];
    let landing = user.log_out(&parameters).await;
    user.is_sent_back(landing, Some(&state));
    assert!(!user.is_still_logged_in().await);
}

pub async fn rp_initiated_logout_no_state(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    let parameters = [("id_token_hint", user.hint()), ("post_logout_redirect_uri", &user.after())];
    let landing = user.log_out(&parameters).await;
    user.is_sent_back(landing, None);
    assert!(!user.is_still_logged_in().await);
}

pub async fn rp_initiated_logout_no_params(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    let landing = user.log_out(&[]).await;
    drop(logged_out_page(landing));
    assert!(!user.is_still_logged_in().await);
}

pub async fn rp_initiated_logout_only_state(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    let landing = user.log_out(&[("state", &random_text(16))]).await;
    drop(logged_out_page(landing));
    assert!(!user.is_still_logged_in().await);
}

pub async fn rp_initiated_logout_no_post_logout_redirect_uri(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    let landing = user.log_out(&[("id_token_hint", user.hint()), ("state", &random_text(16))]).await;
    drop(logged_out_page(landing));
    assert!(!user.is_still_logged_in().await);
}

/// Nobody is sent anywhere: there is an error page, or one that asks and leads to another page.
async fn is_not_sent(user: &LoggedIn<'_>, parameters: &[(&str, &str)]) {
    match user.ask(parameters).await.page() {
        page if page.has("kc-logout") => {
            assert_eq!(page.status, 200, "{}", page.shown());
            assert!(user.is_still_logged_in().await, "nobody has confirmed it");
            drop(logged_out_page(user.confirm(Landing::Page(page)).await));
        }
        page => drop(error_page(Landing::Page(page))),
    }
}

pub async fn rp_initiated_logout_bad_post_logout_redirect_uri(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    let other = stage.party.url("/post_logout_redirect_other");
    let state = random_text(16);
    is_not_sent(&user, &[("id_token_hint", user.hint()), ("post_logout_redirect_uri", &other), ("state", &state)])
        .await;
}

pub async fn rp_initiated_logout_query_added_to_post_logout_redirect_uri(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    let other = format!("{}?foo=bar", user.after());
    let state = random_text(16);
    is_not_sent(&user, &[("id_token_hint", user.hint()), ("post_logout_redirect_uri", &other), ("state", &state)])
        .await;
}

pub async fn rp_initiated_logout_modified_id_token_hint(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    // The claims as they were, but nobody's signature.
    let header = encode_block(json!({"alg": "none"}).to_string().as_bytes()).replace('=', "");
    let claims = user.hint().split('.').nth(1).expect("claims");
    let hint = format!("{header}.{claims}.");
    is_not_sent(&user, &[("id_token_hint", &hint), ("post_logout_redirect_uri", &user.after()), ("state", "x")]).await;
}

pub async fn rp_initiated_logout_bad_id_token_hint(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    let mut claims = user.outcome.id_token().jwt.claims.clone();
    (claims["iss"], claims["aud"]) = (claims["aud"].clone(), claims["iss"].clone());
    let hint = KeyPair::kept_rsa("stranger").token(&json!({"alg": "RS256"}), &claims);
    is_not_sent(&user, &[("id_token_hint", &hint), ("post_logout_redirect_uri", &user.after()), ("state", "x")]).await;
}

pub async fn rp_initiated_logout_no_id_token_hint(stage: &Stage) {
    let user = logged_in(stage, &json!({})).await;
    is_not_sent(&user, &[("post_logout_redirect_uri", &user.after()), ("state", "x")]).await;
}

#[test]
fn the_header_of_a_modified_hint_is_read_as_it_is_meant() {
    let header = encode_block(json!({"alg": "none"}).to_string().as_bytes());
    let read: Value = serde_json::from_slice(&decode_block(&header).unwrap()).unwrap();
    assert_eq!(read["alg"], "none");
}
