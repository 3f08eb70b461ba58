//! What an administrator switches off while a login is under way, and what a client never registered: neither gives
//! anything.

use serde_json::{Value, json};

use super::{
    findings::Findings,
    stage::{ALICE, Browser, CALLBACK, Site, answered, location},
};
use crate::http::support::{Reply, World, r};

/// The application hears this error at its redirect URI, and nothing else.
fn told(reply: &Reply, error: &str) -> Result<(), String> {
    let answer = answered(reply);
    let given: Vec<_> =
        ["code", "id_token", "access_token"].into_iter().filter(|name| answer.contains_key(*name)).collect();
    match answer.get("error") {
        Some(told) if told == error && given.is_empty() => Ok(()),
        _ => Err(format!("not {error} alone: {} {answer:?}", reply.status)),
    }
}

#[tokio::test]
async fn what_is_switched_off_while_a_login_is_under_way_gives_nothing() {
    let (world, site) = World::with_alice().await;
    let mut findings = Findings::default();
    let cases: [(&str, &str, Value, &str); 4] = [
        ("code", "code", json!({"standardFlowEnabled": false}), "unauthorized_client"),
        ("hybrid", "code id_token", json!({"implicitFlowEnabled": false}), "unauthorized_client"),
        ("types", "code", json!({"attributes": {"registered.response.types": "id_token"}}), "unauthorized_client"),
        ("pkce", "code", json!({"attributes": {"pkce.code.challenge.method": "S256"}}), "invalid_request"),
    ];
    for (name, response_type, change, error) in cases {
        let app = world.app(name, json!({})).await;
        let browser = Browser::default();
        let query = site.request(&app, &[("response_type", response_type), ("nonce", "n"), ("state", "s")]);
        let form = site.authorize(&browser, &query).await;
        world.admin.put(&r(&format!("/clients/{}", app.id)), change.clone()).await.expect(204);
        let reply = site.type_password(&browser, &form, ALICE).await;
        findings.judge(&format!("{name}: {change}"), &reply, told(&reply, error));
        // nor with the session that the login left
        let reply = site.authorize(&browser, &query).await;
        findings.judge(&format!("{name} again"), &reply, told(&reply, error));
    }
    // A client that only verifies tokens now has no login at all.
    let app = world.app("verifies", json!({})).await;
    let browser = Browser::default();
    let form = site.authorize(&browser, &site.request(&app, &[])).await;
    let change = json!({"bearerOnly": true, "serviceAccountsEnabled": false});
    world.admin.put(&r(&format!("/clients/{}", app.id)), change).await.expect(204);
    let reply = site.type_password(&browser, &form, ALICE).await;
    let elsewhere = !location(&reply).starts_with(CALLBACK);
    findings.check(elsewhere, || format!("a bearer-only client was answered: {}", location(&reply)));
    // And a device whose grant is switched off between the code and the consent gets no token.
    let app = world.app("device", json!({})).await;
    let (device_code, user_code) = site.device(&app, "openid").await;
    let change = json!({"attributes": {"oauth2.device.authorization.grant.enabled": "false"}});
    world.admin.put(&r(&format!("/clients/{}", app.id)), change).await.expect(204);
    let reply = site.approve(&Browser::default(), &user_code).await;
    let approved = reply.headers.get("location").is_some_and(|to| to.to_str().unwrap().contains("outcome=approved"));
    findings.check(!approved, || "a device was approved whose grant is off".to_owned());
    site.poll(&app, &device_code).await.expect(400);
    findings.none(10);
}

#[tokio::test]
async fn a_client_gets_no_response_type_and_no_refresh_token_that_it_did_not_register() {
    let (world, site) = World::with_alice().await;
    let mut findings = Findings::default();
    let registered = json!({"attributes": {
        "registered.response.types": "code##code id_token", "use.refresh.tokens": "false",
    }});
    let app = world.app("app", registered).await;
    let browser = Browser::default();
    for (response_type, allowed) in
        [("code", true), ("id_token code", true), ("none", false), ("id_token", false), ("code id_token token", false)]
    {
        let query = [("response_type", response_type), ("nonce", "n")];
        let reply = site.answer(&browser, &app, &query).await;
        match allowed {
            true => findings.check(answered(&reply).contains_key("code"), || format!("{response_type} was refused")),
            false => findings.judge(response_type, &reply, told(&reply, "unauthorized_client")),
        }
    }
    for (kind, tokens) in every_way(&site, &browser, &app).await {
        findings.check(tokens.get("access_token").is_some(), || format!("{kind}: no access token: {tokens}"));
        findings.check(tokens.get("refresh_token").is_none(), || format!("{kind}: a refresh token"));
        findings.check(tokens["refresh_expires_in"] == 0, || format!("{kind}: {tokens}"));
    }
    let sessions = world.admin.read(&r(&format!("/clients/{}/offline-session-count", app.id))).await;
    findings.check(sessions["count"] == 0, || format!("an offline session that nothing belongs to: {sessions}"));
    // One that was given out before is not good any more.
    let change = |value: &str| json!({"attributes": {"use.refresh.tokens": value}});
    world.admin.put(&r(&format!("/clients/{}", app.id)), change("true")).await.expect(204);
    let tokens = site.tokens(&browser, &app, "openid").await;
    world.admin.put(&r(&format!("/clients/{}", app.id)), change("false")).await.expect(204);
    let reply = site.refresh(&app, &tokens.refresh()).await;
    findings.check(reply.status == 400 && reply.json()["error"] == "unauthorized_client", || reply.text());
    findings.none(15);
}

/// The answers of all ways to tokens with a user.
async fn every_way(site: &Site, browser: &Browser, app: &super::stage::App) -> Vec<(&'static str, Value)> {
    let code = site.code(browser, app, &[("scope", "openid offline_access")]).await;
    let of_code = site.redeem(app, &code).await.expect(200).json();
    let (username, password) = ALICE;
    let form = [("grant_type", "password"), ("username", username), ("password", password)];
    let of_password = site.grant(app, &form).await.expect(200).json();
    let (device_code, user_code) = site.device(app, "openid").await;
    let _ = site.approve(browser, &user_code).await;
    let of_device = site.poll(app, &device_code).await.expect(200).json();
    vec![("code", of_code), ("password", of_password), ("device", of_device)]
}
