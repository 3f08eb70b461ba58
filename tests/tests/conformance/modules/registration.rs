//! What a client may register, and what comes of it.

use reqwest::Method;
use serde_json::json;
use tests::{oidc_client::register, user_agent::Page};

use crate::conformance::{
    checks::registration,
    flow::login_page,
    stage::{Stage, public_jwk},
};

impl Stage {
    /// The login page of a client that has registered this address of its own. It is not fetched by the server.
    async fn login_page_with(&self, name: &str, path: &str) -> (Page, String) {
        let uri = self.party.url(path);
        let client = self.register(&json!({name: uri})).await;
        let page = login_page(self.start(&self.browser(), &self.request(&client)).await);
        assert!(self.party.hits(path).is_empty(), "{path} was fetched");
        (page, uri)
    }
}

pub async fn registration_logo_uri(stage: &Stage) {
    let (page, uri) = stage.login_page_with("logo_uri", "/logo.png").await;
    assert!(page.attributes("img", "src").contains(&uri), "{}", page.shown());
    let policy = page.header("content-security-policy").unwrap_or_default();
    let images = policy.split(';').map(str::trim).find(|directive| directive.starts_with("img-src"));
    let allows = images.is_some_and(|images| images.contains(stage.party.origin()) || images.contains(" https:"));
    assert!(allows, "a browser would not show it: {policy}");
}

pub async fn registration_policy_uri(stage: &Stage) {
    let (page, uri) = stage.login_page_with("policy_uri", "/policy.html").await;
    assert!(page.attributes("a", "href").contains(&uri), "{}", page.shown());
}

pub async fn registration_tos_uri(stage: &Stage) {
    let (page, uri) = stage.login_page_with("tos_uri", "/tos.html").await;
    assert!(page.attributes("a", "href").contains(&uri), "{}", page.shown());
}

pub async fn registration_jwks_uri(stage: &Stage) {
    let uri = stage.party.publish_json("/jwks.json", &json!({"keys": [public_jwk(&stage.key, None)]}));
    let client = stage.register(&json!({"jwks": null, "jwks_uri": uri})).await;
    let outcome = stage.usual_flow(&client).await;
    stage.is_accepted(&outcome).await;
    assert_eq!(stage.party.hits("/jwks.json").is_empty(), !stage.variant.has_code());
}

pub async fn registration_sector_uri(stage: &Stage) {
    assert!(stage.provider.lists("subject_types_supported", "pairwise"));
    let uri = stage.party.publish_json("/redirect_uris.json", &json!([stage.redirect_uri()]));
    let client = stage.register(&json!({"subject_type": "pairwise", "sector_identifier_uri": uri})).await;
    assert!(!stage.party.hits("/redirect_uris.json").is_empty(), "it was not fetched");
    let outcome = stage.usual_flow(&client).await;
    stage.is_accepted(&outcome).await;
    let public = stage.client().await;
    let of_public = stage.usual_flow(&public).await;
    assert_ne!(outcome.claim("sub"), of_public.claim("sub"), "OpenID Connect Core, section 8.1");
}

pub async fn registration_sector_bad(stage: &Stage) {
    let uri = stage.party.publish_json("/redirect_uris.json", &json!(["https://app.example.org/callback"]));
    let metadata = stage.registration_with(&json!({"subject_type": "pairwise", "sector_identifier_uri": uri}));
    let answer = register(&stage.provider, stage.registration_token().await, &metadata).await;
    registration::error(&answer, &["invalid_client_metadata"]);
    assert!(!stage.party.hits("/redirect_uris.json").is_empty(), "it was not fetched");
}

pub async fn third_party_init_login(stage: &Stage) {
    let uri = stage.party.url("/initiate_login");
    let client = stage.register(&json!({"initiate_login_uri": uri})).await;
    let answer = client.configuration(&stage.provider, Method::GET).await.expect(200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("application/json")));
    let shown = answer.json();
    assert_eq!(shown["client_id"], client.id);
    registration::echo(&stage.registration_with(&json!({"initiate_login_uri": uri})), &shown);
    assert!(stage.party.hits("/initiate_login").is_empty(), "it was fetched");
    let _ = client.configuration(&stage.provider, Method::DELETE).await.expect(204);
}

pub async fn third_party_init_login_nohttps(stage: &Stage) {
    let metadata = stage.registration_with(&json!({"initiate_login_uri": "http://app.example.org/initiate_login"}));
    let answer = register(&stage.provider, stage.registration_token().await, &metadata).await;
    registration::error(&answer, &["invalid_client_metadata"]);
}
