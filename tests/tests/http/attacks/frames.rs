//! Pages in somebody else's frame: a click on what looks like a game approves an application.

use serde_json::json;

use super::{
    findings::Findings,
    pages::locked_down,
    stage::{ALICE, Browser, location},
};
use crate::http::support::{Reply, World, r};

#[tokio::test]
async fn attack_10_framed_pages_rfc_9700_4_16() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let shy =
        world.app("shy", json!({"consentRequired": true, "attributes": {"logoUri": "https://logo.example/x"}})).await;
    let bob = world.user("bob", "pw").await;
    world.admin.put(&r(&format!("/users/{bob}")), json!({"requiredActions": ["UPDATE_PASSWORD"]})).await.expect(204);
    let mut pages: Vec<(&str, Reply)> = Vec::new();

    let browser = Browser::default();
    let to_login = site.authorize(&browser, &site.request(&shy, &[])).await;
    pages.push(("login", site.follow(&browser, &to_login).await.expect(200)));
    pages.push(("login refused", site.type_password(&browser, &to_login, ("alice", "wrong")).await.expect(200)));
    let to_consent = site.type_password(&browser, &to_login, ALICE).await;
    pages.push(("consent", site.follow(&browser, &to_consent).await.expect(200)));
    let login_again = site.authorize(&browser, &site.request(&app, &[("prompt", "login")])).await;
    pages.push(("login again", site.follow(&browser, &login_again).await.expect(200)));
    pages.push(("form post", site.authorize(&browser, &site.request(&app, &[("response_mode", "form_post")])).await));

    let bobs = Browser::default();
    let to_login = site.authorize(&bobs, &site.request(&app, &[])).await;
    let to_password = site.type_password(&bobs, &to_login, ("bob", "pw")).await;
    assert!(location(&to_password).contains("/login-actions/required-action?"));
    pages.push(("new password", site.follow(&bobs, &to_password).await.expect(200)));
    let short = [("password-new", "a"), ("password-confirm", "b")];
    let url = site.local(&location(&to_password));
    pages.push(("new password refused", bobs.send(site.http.post(url).form(&short)).await.expect(200)));

    let (_, user_code) = site.device(&app, "openid").await;
    pages.push(("device", browser.send(site.http.get(site.url("/device"))).await.expect(200)));
    let form = [("device_user_code", "BCDF-GHJK")];
    pages.push(("device refused", browser.send(site.http.post(site.url("/device")).form(&form)).await.expect(200)));
    let form = [("device_user_code", user_code.as_str())];
    let to_confirm = browser.send(site.http.post(site.url("/device")).form(&form)).await;
    pages.push(("device confirm", site.follow(&browser, &to_confirm).await.expect(200)));
    for outcome in ["approved", "denied", "expired", "x"] {
        let url = site.url(&format!("/device/status?outcome={outcome}"));
        pages.push(("device done", browser.send(site.http.get(url)).await));
    }
    pages.push(("expired", browser.send(site.http.get(site.url("/login-actions/expired"))).await));
    pages.push(("no session code", browser.send(site.http.get(site.url("/login-actions/authenticate"))).await));
    pages.push(("error", site.authorize(&browser, &[("client_id", "nobody")]).await));
    pages.push(("nothing there", browser.send(site.http.get(site.url("/login-actions/nothing"))).await));
    let nowhere = site.http.get(world.url("/realms/nowhere/login-actions/authenticate"));
    pages.push(("no realm", browser.send(nowhere).await));
    pages.push(("welcome", browser.send(site.http.get(world.url("/"))).await));

    let mut findings = Findings::default();
    for (name, page) in &pages {
        findings.judge(name, page, locked_down(page));
        let policy = page.header("content-security-policy").unwrap_or_default();
        findings.check(!policy.contains('*') && !policy.contains("script-src http"), || format!("{name}: {policy}"));
    }
    findings.none(38);
}
