//! npm's `openid-client`, as a confidential client.

use serde_json::{Value, json};
use tests::{
    peer::is_here,
    relying_parties::{Conversation, installation::Workplace},
};

use super::fixture::{ALICE, APPLICATION, Fixture, REALM, log_in, login_page};

const PROGRAM: &str = include_str!("../../../relying-parties/with-openid-client.mjs");
const NAME: &str = "with-openid-client.mjs";

/// Starts the application.
fn start(place: &Workplace, fixture: &Fixture, further: Value) -> Conversation {
    let mut settings = json!({
        "issuer": fixture.issuer(), "clientId": "node-app",
        "redirectUri": format!("{APPLICATION}/callback"), "postLogoutRedirectUri": format!("{APPLICATION}/goodbye"),
    });
    for (name, value) in further.as_object().unwrap() {
        settings[name] = value.clone();
    }
    Conversation::start(place.node(NAME).arg(settings.to_string()))
}

/// From the login to after the logout.
async fn all_that_it_does(fixture: &Fixture, app: &mut Conversation) -> String {
    let alice = fixture.browser();
    let login = app.step("login").await["url"].as_str().unwrap().to_owned();
    let page = login_page(&alice, &login).await;
    let back = log_in(&alice, &page, ALICE.0, ALICE.1).await.away().url;
    app.tell(&json!({"callback": back}));

    let tokens = app.step("tokens").await;
    fixture.expect_alice(&tokens["claims"]);
    assert_eq!(tokens["tokens"]["token_type"], "bearer", "{tokens}");
    fixture.expect_alice(&app.step("userinfo").await["userinfo"]);
    let refreshed = app.step("refreshed").await;
    assert_eq!(refreshed["claims"]["sub"], fixture.alice);
    assert_ne!(refreshed["tokens"]["refresh_token"], refreshed["used"]);
    assert_eq!(app.step("refreshed").await["claims"]["sid"], tokens["claims"]["sid"]);
    let introspection = app.step("introspected").await["introspection"].take();
    assert_eq!((&introspection["active"], &introspection["username"]), (&json!(true), &json!("alice")));

    let leave = app.step("logout").await;
    let left = alice.open(leave["url"].as_str().unwrap()).await.away().url;
    assert!(left.as_str().starts_with(&format!("{APPLICATION}/goodbye?state=see")), "{left}");
    app.tell(&json!({}));
    let after = app.step("after").await;
    assert_eq!(after["refresh"]["error"], "invalid_grant", "{after}");
    assert_eq!(after["userinfo"]["error"], "invalid_token", "{after}");
    assert_eq!(after["introspection"], json!({"active": false}));
    login
}

#[tokio::test]
async fn a_user_logs_in_stays_logged_in_and_logs_out() {
    if !is_here("node") {
        return;
    }
    let fixture = Fixture::start().await;
    fixture
        .client(json!({
            "clientId": "node-app", "secret": "the secret of node-app", "redirectUris": [format!("{APPLICATION}/callback")],
            "attributes": {"post.logout.redirect.uris": format!("{APPLICATION}/goodbye")},
        }))
        .await;
    let place = Workplace::of_node(NAME, PROGRAM);
    let mut app = start(&place, &fixture, json!({"clientSecret": "the secret of node-app"}));
    all_that_it_does(&fixture, &mut app).await;
}

#[tokio::test]
async fn the_same_without_any_shared_secret_and_with_pushed_requests() {
    if !is_here("node") {
        return;
    }
    let fixture = Fixture::start().await;
    let client = fixture
        .client(json!({
            "clientId": "node-app", "clientAuthenticatorType": "client-jwt",
            "redirectUris": [format!("{APPLICATION}/callback")],
            "attributes": {
                "post.logout.redirect.uris": format!("{APPLICATION}/goodbye"), "require.pushed.authorization.requests": "true",
                "token.endpoint.auth.signing.alg": "ES256",
            },
        }))
        .await;
    let place = Workplace::of_node(NAME, PROGRAM);
    let mut app = start(&place, &fixture, json!({"pushed": true}));
    let jwks = json!({"keys": [app.step("key").await["jwk"]]}).to_string();
    fixture.admin.set_attributes(REALM, &client, json!({"use.jwks.string": "true", "jwks.string": jwks})).await;
    app.tell(&json!({}));
    let login = all_that_it_does(&fixture, &mut app).await;
    assert!(login.contains("request_uri=urn%3A") && !login.contains("redirect_uri"), "{login}");
}
