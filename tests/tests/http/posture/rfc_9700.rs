//! What RFC 9700 asks for beside ASVS V10.4, on a new realm.

use std::time::Duration;

use reqwest::Method;

use crate::http::{
    posture::{
        browser::{Browser, form_action, location, parameter},
        fresh::{Fresh, JANE, VERIFIER, text},
    },
    support::{REALM, r, send},
};

/// Sections 2.1 and 4.4: an application that uses several providers can tell who answered.
#[tokio::test]
async fn rfc_9700_4_4_answers_name_their_issuer() {
    let fresh = Fresh::start().await;
    let issuer = fresh.world.url(&format!("/realms/{REALM}"));
    for app in &fresh.apps {
        let good = fresh.answer(app, &[]).await;
        let error = location(&Browser::new().get(&fresh.sound_request(app, &[("prompt", "none")])).await);
        for answer in [good, error] {
            assert_eq!(parameter(&answer, "iss").as_deref(), Some(issuer.as_str()), "{answer}");
            assert_eq!(parameter(&answer, "state").as_deref(), Some("state"), "{answer}");
        }
    }
    let metadata = send(fresh.world.http.get(format!("{issuer}/.well-known/openid-configuration"))).await.json();
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
}

/// Sections 4.2 and 4.16: pages of the login tell nobody where they were, and nobody frames them.
#[tokio::test]
async fn rfc_9700_4_16_pages_are_not_framed_and_tell_no_referrer() {
    let fresh = Fresh::start().await;
    let browser = Browser::new();
    let login = browser.get(&location(&browser.get(&fresh.sound_request(fresh.public(), &[])).await)).await;
    let refused = browser.get(&fresh.sound_request(fresh.public(), &[("redirect_uri", "https://evil.example/")])).await;
    for page in [login.expect(200), refused.expect(400)] {
        let policy = page.header("content-security-policy").expect("a policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
        assert!(page.header("cache-control").unwrap_or_default().contains("no-store"));
    }
}

/// Section 4.12: what was typed is not sent on. 302 instead of the 303 that is recommended, as programs for Keycloak
/// expect it; browsers make a GET of both.
#[tokio::test]
async fn rfc_9700_4_12_a_password_is_not_sent_on_by_a_redirect() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let browser = Browser::new();
        let page = browser.get(&location(&browser.get(&fresh.sound_request(app, &[])).await)).await;
        let fields = [("username", JANE.0), ("password", JANE.1)];
        let reply = browser.post(&form_action(&page), &fields).await;
        assert_eq!(reply.status, 302, "never 307 or 308");
        let answer = location(&reply);
        assert!(answer.starts_with(&app.redirect_uri) && !answer.contains(JANE.1), "{answer}");
    }
}

/// Section 2.6: no script calls the authorization endpoint.
#[tokio::test]
async fn rfc_9700_2_6_the_authorization_endpoint_has_no_cross_origin_access() {
    let fresh = Fresh::start().await;
    let app = fresh.public();
    let id = fresh.world.client_id(REALM, &app.id).await;
    let origins = serde_json::json!({"webOrigins": ["https://spa.example.org"]});
    fresh.world.admin.put(&r(&format!("/clients/{id}")), origins).await.expect(204);
    for method in [Method::GET, Method::OPTIONS] {
        let request = fresh.world.http.request(method.clone(), fresh.sound_request(app, &[]));
        let request =
            request.header("origin", "https://spa.example.org").header("access-control-request-method", "GET");
        let reply = send(request).await;
        assert!(reply.header("access-control-allow-origin").is_none(), "{method}");
    }
    // Where a page does call, only those of the client's own origins read the answer.
    for (origin, reads) in [("https://spa.example.org", true), ("https://evil.example", false), ("null", false)] {
        let request = fresh.as_client(app, "token", &[("grant_type", "authorization_code"), ("code", "x")]);
        let reply = send(request.header("origin", origin)).await;
        assert_eq!(reply.header("access-control-allow-origin").is_some(), reads, "{origin}");
    }
}

/// Section 2.2.1 and RFC 6750 section 5.3: access tokens are short.
#[tokio::test]
async fn rfc_9700_2_2_1_access_tokens_end_in_minutes() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let tokens = fresh.tokens(app, &[]).await;
        assert_eq!(tokens["expires_in"], 300, "{}", app.id);
        let access = text(&tokens, "access_token");
        let refused = fresh.world.http.get(fresh.url("userinfo")).query(&[("access_token", access)]);
        assert_eq!(send(refused).await.status, 401, "never in an address (section 4.3.2)");
        fresh.world.server.clock().advance(Duration::from_secs(301));
        assert!(!fresh.is_good(access).await, "{}", app.id);
    }
}

/// Section 4.5 and 4.7: a login that somebody else began ends nowhere.
#[tokio::test]
async fn rfc_9700_4_7_a_login_of_another_browser_is_not_gone_on_with() {
    let fresh = Fresh::start().await;
    let attacker = Browser::new();
    let page = attacker.get(&location(&attacker.get(&fresh.sound_request(fresh.public(), &[])).await)).await;
    let fields = [("username", JANE.0), ("password", JANE.1)];
    let reply = Browser::new().post(&form_action(&page), &fields).await;
    let location = reply.header("location").unwrap_or_default();
    assert!(!location.contains("code="), "{} {location}", reply.status);
    // The victim's own login is as good as before.
    let code = fresh.code(fresh.public(), &[]).await;
    let _ = fresh.redeem(fresh.public(), &code, Some(VERIFIER)).await.expect(200);
}
