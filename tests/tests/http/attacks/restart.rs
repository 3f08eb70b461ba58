//! The real program ends in the middle, as in a power failure: what was used up or revoked stays so, and what was not is
//! still good.

use serde_json::json;
use tests::{Program, program::Setup, verifier::forge::KeyPair};

use super::{
    assertions,
    findings::Findings,
    once::{Once, is_good, make},
    stage::{App, Browser, Site, application, text},
};
use crate::http::support::REALM;

const MARK: &str = "6f1d2c0e-a-secret-of-the-request";

fn now() -> i64 {
    time::OffsetDateTime::now_utc().unix_timestamp()
}

#[tokio::test]
async fn attack_20_after_a_crash_cve_2026_9802() {
    let log = Setup { arguments: vec!["--log-level".to_owned(), "debug".to_owned()], ..Setup::default() };
    let mut program = Program::start(log).await;
    let admin = program.admin().await;
    admin.create_realm(REALM).await;
    let alice = admin.create_user(REALM, "alice", "pw").await;
    let key = KeyPair::rsa();
    let clients = format!("/realms/{REALM}/clients");
    let mut apps = Vec::new();
    for (name, change) in [("app", json!({})), ("signing", assertions::with_key(&key))] {
        let client = application(name, change);
        let secret = client["secret"].as_str().map(str::to_owned);
        let id = admin.post(&clients, Some(client)).await.made();
        apps.push(App { id, client_id: name.to_owned(), secret });
    }
    let (app, site) = (&apps[0], Site::new(&program.url(), REALM));
    let browsers: [Browser; 5] = std::array::from_fn(|_| Browser::default());
    let [spending, keeping, leaving, revoking, over] = &browsers;
    let mut findings = Findings::default();

    // used up, and kept
    let spent = make(&site, app, &key, spending, now()).await;
    for once in &spent {
        findings.check(is_good(&site, app, spending, once).await, || format!("{once:?} before"));
    }
    let kept = make(&site, app, &key, keeping, now()).await;
    // revoked: an access token, a family, a session by its application, one by an administrator
    let revoked = site.tokens(revoking, app, "openid").await;
    site.post("revoke", &app.form(&[("token", &revoked.access())])).await.expect(200);
    let family = site.tokens(revoking, app, "openid offline_access").await;
    site.post("revoke", &app.form(&[("token", &family.refresh())])).await.expect(200);
    let left = site.tokens(leaving, app, "openid").await;
    site.post("logout", &app.form(&[("refresh_token", &left.refresh())])).await.expect(204);
    let ended = site.tokens(over, app, "openid").await;
    let session = text(&ended.0, "session_state");
    let _ = admin.delete(&format!("/realms/{REALM}/sessions/{session}"), None).await.expect(204);
    // rotated three times
    let first = site.tokens(keeping, app, "openid").await;
    let mut newest = first.clone();
    for _ in 0..3 {
        newest = super::stage::Tokens(site.refresh(app, &newest.refresh()).await.expect(200).json());
    }
    // pushed with something that is nobody's business
    let uri = site.push(app, &[("state", MARK), ("nonce", MARK), ("login_hint", MARK)]).await;
    let reply = site.authorize(&Browser::default(), &[("client_id", "app"), ("request_uri", &uri)]).await;
    findings.check(reply.status == 302, || format!("the pushed request: {}", reply.text()));

    program.kill9();
    program.restart().await;

    for (what, tokens) in [("revoked", &revoked), ("a family", &family), ("logged out", &left), ("ended", &ended)] {
        let reply = site.userinfo(&tokens.access()).await;
        findings.check(reply.status == 401, || format!("{what}: userinfo {}", reply.status));
        let active = site.is_active(app, &tokens.access()).await;
        findings.check(!active, || format!("{what}: introspection"));
    }
    for (what, tokens) in [("a family", &family), ("logged out", &left), ("ended", &ended)] {
        let reply = site.refresh(app, &tokens.refresh()).await;
        findings.check(reply.status == 400, || format!("{what}: refresh {}", reply.status));
    }
    for (what, browser) in [("logged out", leaving), ("ended", over)] {
        findings.check(!site.is_logged_in(browser, app).await, || format!("{what}: the browser's session"));
    }
    let reply = site.authorize(&Browser::default(), &[("client_id", "app"), ("request_uri", &uri)]).await;
    findings.check(reply.status == 400, || "a request URI again".to_owned());
    // what was not used is there, once
    site.userinfo(&newest.access()).await.expect(200);
    for once in &kept {
        findings.check(is_good(&site, app, keeping, once).await, || format!("{once:?} was lost"));
        // a code or a token that comes again takes along what it led to, so these come last
        if matches!(once, Once::RequestUri(_) | Once::DeviceCode(_) | Once::Assertion(_)) {
            findings.check(!is_good(&site, app, keeping, once).await, || format!("{once:?} is good again"));
        }
    }
    let newer = site.refresh(app, &newest.refresh()).await;
    findings.check(newer.status == 200, || format!("the newest refresh token: {}", newer.text()));
    let reply = site.refresh(app, &first.refresh()).await;
    findings.check(reply.status == 400, || format!("the oldest refresh token: {}", reply.text()));
    let reply = site.userinfo(&newest.access()).await;
    findings.check(reply.status == 401, || "a replay after the crash revokes nothing".to_owned());
    for once in &spent {
        findings.check(!is_good(&site, app, spending, once).await, || format!("{once:?} is good again"));
    }
    // an end in order is no different
    let _ = admin.post(&format!("/realms/{REALM}/users/{alice}/logout"), None).await;
    let _ = program.stop();
    program.restart().await;
    findings.check(!site.is_logged_in(keeping, app).await, || "logged out everywhere".to_owned());
    for once in kept.iter().chain(&spent) {
        findings.check(!is_good(&site, app, keeping, once).await, || format!("{once:?} after all"));
    }
    findings.check(!program.log().contains(MARK), || "the log tells of the pushed request".to_owned());
    let secret = app.secret.as_deref().unwrap();
    findings.check(!program.log().contains(secret), || "the log tells a secret".to_owned());
    findings.none(45);
}
