//! 10.4.11: a client gets the scopes that it was given, those on request only when it asks, and no others.

use std::collections::BTreeSet;

use serde_json::json;

use crate::http::{
    posture::{
        browser::{Browser, location, parameter},
        fresh::{Fresh, JANE, VERIFIER, text},
    },
    support::{REALM, r, send},
};

const UNKNOWN: [&str; 6] =
    ["nonsense", "openid nonsense", "openid PROFILE", "admin", "openid profile,email", "realm-management"];

fn words(scope: &str) -> BTreeSet<&str> {
    scope.split(' ').collect()
}

#[tokio::test]
async fn asvs_10_4_11_a_scope_that_was_not_given_is_refused() {
    let fresh = Fresh::start().await;
    let robot = json!({"clientId": "robot", "serviceAccountsEnabled": true, "secret": "robot-secret"});
    fresh.world.admin.post(&r("/clients"), robot).await.expect(201);
    for scope in UNKNOWN {
        for app in &fresh.apps {
            let told = location(&Browser::new().get(&fresh.sound_request(app, &[("scope", scope)])).await);
            assert_eq!(parameter(&told, "error").as_deref(), Some("invalid_scope"), "{} {scope}", app.id);
        }
        let form = [("grant_type", "client_credentials"), ("scope", scope)];
        let request = fresh.world.http.post(fresh.url("token")).basic_auth("robot", Some("robot-secret"));
        let reply = send(request.form(&form)).await.expect(400).json();
        assert_eq!(reply["error"], "invalid_scope", "{scope}");
    }
}

#[tokio::test]
async fn asvs_10_4_11_scopes_on_request_are_given_on_request() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let tokens = fresh.tokens(app, &[]).await;
        assert_eq!(words(text(&tokens, "scope")), words("openid profile email"), "{}", app.id);
        let claims = tests::docker::claims(text(&tokens, "access_token"));
        assert_eq!(claims["scope"], tokens["scope"]);
        for claim in ["address", "phone_number", "groups", "upn", "organization"] {
            assert!(claims.get(claim).is_none(), "{} {claim}", app.id);
        }
        assert_eq!(tests::docker::claims(text(&tokens, "refresh_token"))["typ"], "Refresh", "{}", app.id);
        let asked = fresh.tokens(app, &[("scope", "openid phone offline_access")]).await;
        assert_eq!(words(text(&asked, "scope")), words("openid profile email phone offline_access"), "{}", app.id);
    }
}

#[tokio::test]
async fn asvs_10_4_11_a_refresh_never_widens_the_scope() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let tokens = fresh.tokens(app, &[]).await;
        for wider in ["openid phone", "openid offline_access", "nonsense"] {
            let refresh = text(&tokens, "refresh_token");
            let form = [("grant_type", "refresh_token"), ("refresh_token", refresh), ("scope", wider)];
            let reply = send(fresh.as_client(app, "token", &form)).await.expect(400).json();
            assert_eq!(reply["error"], "invalid_scope", "{} {wider}", app.id);
        }
    }
}

/// The consoles of users are built-in clients that get no role but their own, even if an administrator uses them.
#[tokio::test]
async fn asvs_10_4_11_the_built_in_consoles_of_users_carry_no_administrators_roles() {
    let fresh = Fresh::start().await;
    fresh.world.grant_admin(REALM, &fresh.jane, "realm-admin").await;
    for id in ["account", "account-console"] {
        let redirect_uri = fresh.world.url(&format!("/realms/{REALM}/account/"));
        let app = crate::http::posture::fresh::App { id: id.to_owned(), redirect_uri, secret: None };
        let browser = Browser::new();
        let reply = browser.get(&fresh.sound_request(&app, &[])).await;
        let answer = location(&browser.log_in(reply, JANE.0, JANE.1).await);
        let code = parameter(&answer, "code").unwrap();
        let tokens = fresh.redeem(&app, &code, Some(VERIFIER)).await.expect(200).json();
        let claims = tests::docker::claims(text(&tokens, "access_token"));
        let clients: Vec<_> =
            claims["resource_access"].as_object().map(|roles| roles.keys().collect()).unwrap_or_default();
        assert!(clients.iter().all(|client| *client == "account"), "{id}: {claims}");
        // Only this one page of the console, although Keycloak lets all below it be named.
        for path in ["", "x", "../", "%2e%2e/", "?referrer=x"] {
            let url = format!("{}{path}", fresh.world.url(&format!("/realms/{REALM}/account/")));
            let expected = if path.is_empty() { 302 } else { 400 };
            let page = Browser::new().get(&fresh.sound_request(&app, &[("redirect_uri", &url)])).await;
            assert_eq!(page.status, expected, "{id} {path}");
        }
    }
}
