//! Back-channel logout: the server tells the applications (`OpenID` Connect Back-Channel Logout 1.0).

use serde_json::json;
use tests::oidc_client::random_text;

use super::logged_in;
use crate::conformance::stage::Stage;

/// Section 2.4.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

pub async fn backchannel_rp_initiated_logout(stage: &Stage) {
    let uri = stage.party.url("/backchannel_logout");
    let further = json!({"backchannel_logout_uri": uri, "backchannel_logout_session_required": true});
    let user = logged_in(stage, &further).await;
    let state = random_text(128);
    let parameters = [("id_token_hint", user.hint()), ("post_logout_redirect_uri", &user.after()), ("state", &state)];
    let landing = user.log_out(&parameters).await;
    user.is_sent_back(landing, Some(&state));

    let hit = stage.party.first_hit("/backchannel_logout").await;
    assert_eq!((hit.method.as_str(), hit.query.as_str()), ("POST", ""));
    let form = hit.form();
    let [(name, token)] = form.as_slice() else { panic!("one parameter expected: {form:?}") };
    assert_eq!(name, "logout_token");
    let jwt = stage.provider.verified(token).await;
    // As ID tokens of this client (section 2.4), and told apart from them by the type (section 2.5).
    assert_eq!(jwt.algorithm(), "RS256");
    assert_eq!(jwt.header["typ"], "logout+jwt");
    let claims = &jwt.claims;
    assert_eq!(claims["iss"], stage.provider.issuer);
    let audience = &claims["aud"];
    assert!(*audience == user.client.id.as_str() || *audience == json!([user.client.id]), "aud is {audience}");
    let now = stage.now();
    assert!(claims["iat"].as_i64().is_some_and(|at| (at - now).abs() <= 60), "{claims}");
    assert!(claims["exp"].as_i64().is_some_and(|end| end > now && end <= now + 600), "{claims}");
    assert!(claims["jti"].as_str().is_some_and(|id| id.len() >= 16), "{claims}");
    assert_eq!(claims["events"], json!({EVENT: {}}));
    assert!(claims.get("nonce").is_none(), "section 2.4 forbids it: {claims}");
    assert_eq!(&claims["sub"], user.outcome.claim("sub"));
    assert!(claims["sid"].is_string());
    assert_eq!(&claims["sid"], user.outcome.claim("sid"));
    assert!(!user.is_still_logged_in().await);
}
