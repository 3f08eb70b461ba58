//! Session management (`OpenID` Connect Session Management 1.0), as far as it goes without scripts: what the frame's
//! script compares, is compared here.

use serde_json::json;
use tests::{
    Answer, UserAgent,
    oidc_client::{AuthorizationResponse, Client, challenge},
};
use url::Url;

use crate::conformance::stage::Stage;

pub async fn session_management_discovery_endpoint_verification(stage: &Stage) {
    assert!(stage.provider.endpoint("check_session_iframe").starts_with("https://"));
}

pub async fn session_management_rp_initiated_logout(stage: &Stage) {
    let after = stage.party.url("/post_logout_redirect");
    let client = stage.client_with(&json!({"post_logout_redirect_uris": [after]})).await;
    let browser = stage.browser();
    let outcome = stage.flow(&browser, &client, stage.request(&client)).await;
    let state = outcome.response.expect("session_state").to_owned();
    assert!(!state.contains(' '), "section 2: {state}");

    // The frame is shown by the application's page, whatever that is.
    let frame = browser.frame(stage.provider.endpoint("check_session_iframe")).await.expect(200);
    assert!(frame.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    assert_eq!(frame.header("x-frame-options"), None);
    let policy = frame.header("content-security-policy").unwrap_or_default();
    assert!(!policy.contains("frame-ancestors"), "{policy}");

    assert_eq!(asked(stage, &browser, &client, stage.party.origin()).await.status, 204);
    assert_eq!(asked(stage, &browser, &client, "https://elsewhere.example.org").await.status, 403);
    assert_eq!(session_of(stage, &browser), Some(challenge(&state)), "unchanged");

    let end = stage.provider.endpoint("end_session_endpoint");
    let parameters = [("id_token_hint", outcome.id_token().text.as_str()), ("post_logout_redirect_uri", &after)];
    let url = Url::parse_with_params(end, parameters).expect("a URL");
    let _ = browser.open(url.as_str()).await.away();
    assert_ne!(session_of(stage, &browser), Some(challenge(&state)), "changed");

    // Whoever is not logged in has no session to be told of.
    let request = stage.request(&client).with("prompt", "none");
    let arrival = stage.start(&browser, &request).await.away();
    let response = AuthorizationResponse::read(&arrival, &client.redirect_uri);
    assert_eq!(response.expect("error"), "login_required");
}

/// What the frame asks before it tells an application anything.
async fn asked(stage: &Stage, browser: &UserAgent, client: &Client, origin: &str) -> Answer {
    let frame = stage.provider.endpoint("check_session_iframe");
    let asked = [("client_id", client.id.as_str()), ("origin", origin)];
    let url = Url::parse_with_params(&format!("{frame}/init"), asked).expect("a URL");
    browser.frame(url.as_str()).await
}

/// The cookie that the frame's script reads: the hash of the session's id.
fn session_of(stage: &Stage, browser: &UserAgent) -> Option<String> {
    browser.cookie(&stage.provider.issuer, "KEYCLOAK_SESSION").map(|value| value.trim_matches('"').to_owned())
}
