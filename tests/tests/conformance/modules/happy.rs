//! Authorizations that have to succeed, whatever else the request says.

use reqwest::Method;
use serde_json::json;
use tests::oidc_client::{challenge, random_text};

use crate::conformance::{
    checks::{token, userinfo},
    flow::Outcome,
    realm::{EMAIL, LEAN},
    stage::Stage,
};

/// What an ID token holds without being asked for more.
const USUAL: [&str; 16] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "jti",
    "typ",
];

impl Stage {
    /// The access token is good at the userinfo endpoint, if there is one.
    pub async fn is_accepted(&self, outcome: &Outcome) {
        if let Some(access_token) = outcome.access_token() {
            userinfo::success(self.provider.userinfo(access_token).await, outcome.claim("sub"));
        }
    }

    async fn succeeds_with(&self, further: &[(&str, &str)]) -> Outcome {
        let client = self.client().await;
        let mut request = self.request(&client);
        for (name, value) in further {
            request = request.with(name, value);
        }
        let outcome = self.flow(&self.browser(), &client, request).await;
        self.is_accepted(&outcome).await;
        outcome
    }

    /// Where ID tokens are lean, they hold nothing that was not asked for.
    fn is_lean(&self, outcome: &Outcome) {
        if self.variant.realm == LEAN {
            for claims in outcome.id_tokens() {
                let names = claims.as_object().expect("claims").keys();
                let unasked: Vec<_> = names.filter(|name| !USUAL.contains(&name.as_str())).collect();
                assert!(unasked.is_empty(), "nobody asked for {unasked:?}");
            }
        }
    }
}

pub async fn server(stage: &Stage) {
    let client = stage.client().await;
    let outcome = stage.usual_flow(&client).await;
    stage.is_accepted(&outcome).await;
    stage.is_lean(&outcome);
    if !client.registration.is_null() {
        let _ = client.configuration(&stage.provider, Method::DELETE).await.expect(204);
        let gone = client.configuration(&stage.provider, Method::GET).await;
        assert_eq!(gone.status, 401, "{} (RFC 7592, section 2.1)", gone.shown());
    }
}

pub async fn server_client_secret_post(stage: &Stage) {
    let client = stage.client_with(&json!({"token_endpoint_auth_method": "client_secret_post"})).await;
    let outcome = stage.usual_flow(&client).await;
    stage.is_accepted(&outcome).await;
}

pub async fn alternate_happy_flow(stage: &Stage) {
    let client = stage.client().await;
    let request = stage.request(&client).with("scope", "email openid").reversed();
    let outcome = stage.flow(&stage.browser(), &client, request).await;
    if let Some(access_token) = outcome.access_token() {
        let claims = userinfo::success(stage.provider.userinfo(access_token).await, outcome.claim("sub"));
        assert_eq!(claims["email"], EMAIL);
        assert_eq!(claims["email_verified"], true);
        if stage.variant.realm == LEAN {
            assert!(claims["name"].is_null(), "nobody asked for it: {claims}");
        }
        stage.is_lean(&outcome);
    } else {
        assert_eq!(outcome.claim("email"), EMAIL);
    }
}

pub async fn display_page(stage: &Stage) {
    let _ = stage.succeeds_with(&[("display", "page")]).await;
}

pub async fn display_popup(stage: &Stage) {
    let _ = stage.succeeds_with(&[("display", "popup")]).await;
}

pub async fn ensure_request_with_unknown_parameter_succeeds(stage: &Stage) {
    let outcome = stage.succeeds_with(&[("extra", "foobar")]).await;
    assert_eq!(outcome.response.get("extra"), None);
}

pub async fn login_hint(stage: &Stage) {
    let _ = stage.succeeds_with(&[("login_hint", "buffy@localhost")]).await;
}

pub async fn ui_locales(stage: &Stage) {
    let _ = stage.succeeds_with(&[("ui_locales", "se")]).await;
}

pub async fn claims_locales(stage: &Stage) {
    let _ = stage.succeeds_with(&[("claims_locales", "se")]).await;
}

pub async fn ensure_request_with_acr_values_succeeds(stage: &Stage) {
    let listed = stage.provider.metadata["acr_values_supported"].as_array().cloned().unwrap_or_default();
    let values: Vec<_> = listed.iter().map(|value| value.as_str().expect("a text")).collect();
    assert!(!values.is_empty(), "{}", stage.provider.metadata);
    let outcome = stage.succeeds_with(&[("acr_values", &values.join(" "))]).await;
    assert!(values.contains(&outcome.claim("acr").as_str().expect("an acr")), "{}", outcome.claim("acr"));
}

pub async fn ensure_post_request_succeeds(stage: &Stage) {
    let client = stage.client().await;
    let (browser, request) = (stage.browser(), stage.request(&client));
    let landing = browser.post(stage.provider.endpoint("authorization_endpoint"), &request.parameters).await;
    let landing = stage.log_in(&browser, landing).await;
    let outcome = stage.complete(&client, request, landing).await;
    stage.is_accepted(&outcome).await;
}

pub async fn ensure_request_with_valid_pkce_succeeds(stage: &Stage) {
    let client = stage.client().await;
    let verifier = random_text(64);
    let request =
        stage.request(&client).with("code_challenge", &challenge(&verifier)).with("code_challenge_method", "S256");
    let browser = stage.browser();
    let landing = stage.start(&browser, &request).await;
    let landing = stage.log_in(&browser, landing).await;
    let code = stage.success(&request, landing).expect("code").to_owned();
    let tokens = client.exchange(&stage.provider, &code, &[("code_verifier", &verifier)], stage.now()).await;
    token::success(tokens);
}
