//! What a code and a refresh token are good for.

use serde_json::json;
use tests::oidc_client::Client;

use crate::conformance::{
    checks::{id_token, token, userinfo},
    flow::Outcome,
    stage::Stage,
};

pub async fn codereuse(stage: &Stage) {
    let client = stage.client().await;
    let outcome = stage.usual_flow(&client).await;
    let again = client.exchange(&stage.provider, outcome.response.expect("code"), &[], stage.now()).await;
    token::error(&again, &["invalid_grant"]);
}

pub async fn codereuse_30seconds(stage: &Stage) {
    let client = stage.client().await;
    let outcome = stage.usual_flow(&client).await;
    stage.is_accepted(&outcome).await;
    stage.wait(30);
    let again = client.exchange(&stage.provider, outcome.response.expect("code"), &[], stage.now()).await;
    token::error(&again, &["invalid_grant"]);
    assert_eq!(again.status, 400);
    // RFC 6749, section 4.1.2: what the code gave is revoked.
    userinfo::refused(&stage.provider.userinfo(outcome.access_token().expect("an access token")).await);
}

impl Stage {
    /// A client that may ask for refresh tokens.
    pub async fn refreshing_client(&self, changes: &serde_json::Value) -> Client {
        let mut grant_types = self.variant.grant_types();
        grant_types.push("refresh_token");
        let mut all = changes.clone();
        all["grant_types"] = json!(grant_types);
        self.client_with(&all).await
    }

    /// Logs in for a refresh token that outlives the session.
    pub async fn offline_flow(&self, client: &Client) -> Outcome {
        assert!(self.provider.lists("scopes_supported", "offline_access"));
        // OpenID Connect Core, section 11: prompt has to be consent.
        let request = self.request(client).with("scope", "openid offline_access").with("prompt", "consent");
        self.flow(&self.browser(), client, request).await
    }
}

pub async fn refresh_token(stage: &Stage) {
    let (first, second) = (stage.refreshing_client(&json!({})).await, stage.refreshing_client(&json!({})).await);
    let outcome = stage.offline_flow(&first).await;
    let mut refresh_token = outcome.refresh_token().to_owned();
    for further in [&[][..], &[("scope", "openid offline_access")]] {
        stage.wait(2);
        let answer = first.refresh(&stage.provider, &refresh_token, further, stage.now()).await;
        let tokens = token::success(answer);
        let text = tokens["id_token"].as_str().expect("an ID token");
        let jwt = stage.provider.verified(text).await;
        // OpenID Connect Core, section 12.2: it should have no nonce, and if it has one, the same.
        let nonce = outcome.request.get("nonce").filter(|_| !jwt.claims["nonce"].is_null());
        id_token::check(&jwt, &stage.provider.issuer, &first.id, nonce, stage.now());
        token::refreshed(&outcome.id_token().jwt.claims, &jwt);
        let access_token = tokens["access_token"].as_str().expect("an access token");
        userinfo::success(stage.provider.userinfo(access_token).await, outcome.claim("sub"));
        if let Some(rotated) = tokens["refresh_token"].as_str() {
            rotated.clone_into(&mut refresh_token);
        }
    }
    let of_second = stage.offline_flow(&second).await;
    let answer = first.refresh(&stage.provider, of_second.refresh_token(), &[], stage.now()).await;
    token::error(&answer, &["invalid_grant"]);
}
