//! Claims that are asked for by scope, or one by one.

use serde_json::Value;

use crate::conformance::{
    checks::userinfo,
    flow::Outcome,
    realm::{ADDRESS, EMAIL, LEAN, PHONE, PROFILE},
    stage::Stage,
};

impl Stage {
    /// The claims as the application has them in the end: from the userinfo endpoint, or where there is no access token
    /// from the ID token (`OpenID` Connect Core, section 5.4).
    async fn claims(&self, outcome: &Outcome) -> Value {
        match outcome.access_token() {
            Some(token) => userinfo::success(self.provider.userinfo(token).await, outcome.claim("sub")),
            None => outcome.id_token().jwt.claims.clone(),
        }
    }

    /// The claims that come with these scopes.
    async fn claims_of(&self, scope: &str) -> Value {
        for name in scope.split(' ') {
            assert!(self.provider.lists("scopes_supported", name), "{name} is not listed");
        }
        let client = self.client().await;
        let request = self.request(&client).with("scope", scope);
        let outcome = self.flow(&self.browser(), &client, request).await;
        self.claims(&outcome).await
    }
}

fn has_profile(claims: &Value) {
    for (name, value) in PROFILE {
        if name == "updated_at" {
            assert_eq!(claims[name].as_i64(), value.parse().ok(), "{name} of {claims}");
        } else {
            assert_eq!(claims[name], value, "{name} of {claims}");
        }
    }
}

fn has_email(claims: &Value) {
    assert_eq!(claims["email"], EMAIL, "{claims}");
    assert_eq!(claims["email_verified"], true, "{claims}");
}

fn has_address(claims: &Value) {
    for (name, value) in ADDRESS {
        assert_eq!(claims["address"][name], value, "{name} of {claims}");
    }
}

fn has_phone(claims: &Value) {
    assert_eq!(claims["phone_number"], PHONE, "{claims}");
    assert_eq!(claims["phone_number_verified"], true, "{claims}");
}

pub async fn scope_profile(stage: &Stage) {
    has_profile(&stage.claims_of("openid profile").await);
}

pub async fn scope_email(stage: &Stage) {
    has_email(&stage.claims_of("openid email").await);
}

pub async fn scope_address(stage: &Stage) {
    has_address(&stage.claims_of("openid address").await);
}

pub async fn scope_phone(stage: &Stage) {
    has_phone(&stage.claims_of("openid phone").await);
}

pub async fn scope_all(stage: &Stage) {
    let claims = stage.claims_of("openid profile email address phone").await;
    has_profile(&claims);
    has_email(&claims);
    has_address(&claims);
    has_phone(&claims);
}

pub async fn claims_essential(stage: &Stage) {
    assert_eq!(stage.provider.metadata["claims_parameter_supported"], true);
    let client = stage.client().await;
    let place = if stage.variant.has_access_token() { "userinfo" } else { "id_token" };
    let wanted = format!("{{\"{place}\":{{\"name\":{{\"essential\":true}}}}}}");
    let request = stage.request(&client).with("claims", &wanted);
    let outcome = stage.flow(&stage.browser(), &client, request).await;
    let claims = stage.claims(&outcome).await;
    assert_eq!(claims["name"], PROFILE[0].1, "{claims}");
    if stage.variant.realm == LEAN && stage.variant.has_access_token() {
        for claims in outcome.id_tokens() {
            assert!(claims["name"].is_null(), "it was asked for at the userinfo endpoint: {claims}");
        }
    }
}
