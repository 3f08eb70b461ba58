//! Apache with Debian's `mod_auth_openidc`, as a confidential client, seen through Chromium.

use serde_json::{Value, json};
use tests::{
    peer::is_here,
    poll::until,
    relying_parties::{Apache, Browser, Tab},
};

use super::fixture::{ALICE, Fixture, REALM};

const SECRET: &str = "s3cret: of Apache & co";

/// What the module tells about the session, as JSON.
async fn info(browser: &mut Browser, tab: Tab, apache: &Apache) -> Value {
    let status = browser.open(tab, &apache.url("/protected/redirect_uri?info=json")).await;
    let text = browser.text(tab).await;
    assert_eq!(status, 200, "{text}\n{}", apache.log());
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("no JSON ({error}): {text}"))
}

/// The client, and Apache itself.
async fn start(fixture: &Fixture, attributes: Value) -> Apache {
    let port = Apache::port();
    let base = format!("http://127.0.0.1:{port}");
    let mut client = json!({
        "clientId": "apache", "secret": SECRET, "redirectUris": [format!("{base}/protected/redirect_uri")],
        "attributes": {"post.logout.redirect.uris": format!("{base}/goodbye/")},
    });
    for (name, value) in attributes.as_object().unwrap() {
        client["attributes"][name] = json!(value.as_str().unwrap().replace("{base}", &base));
    }
    client["frontchannelLogout"] = json!(attributes.get("frontchannel.logout.url").is_some());
    fixture.client(client).await;
    Apache::start(port, &fixture.issuer(), "apache", SECRET).await
}

/// Opens what only members may see, which has to lead to the login page.
async fn ask_for_login(browser: &mut Browser, tab: Tab, fixture: &Fixture, apache: &Apache) {
    browser.open(tab, &apache.url("/protected/")).await;
    let (url, text) = (browser.url(tab).await, browser.text(tab).await);
    assert!(url.starts_with(&fixture.issuer()), "{url}: {text}\n{}", apache.log());
    browser.fill(tab, "#username", ALICE.0).await;
}

/// Opens what only members may see, and logs in.
async fn log_in(browser: &mut Browser, fixture: &Fixture, apache: &Apache) -> Tab {
    let tab = browser.tab().await;
    ask_for_login(browser, tab, fixture, apache).await;
    browser.log_in(tab, ALICE.0, ALICE.1).await;
    browser.at(tab, &apache.url("/protected/")).await;
    assert_eq!(browser.text(tab).await.trim(), "For members only.", "{}", apache.log());
    tab
}

/// Logs out at the server itself, without any application, and says yes when asked.
async fn log_out_at_the_server(browser: &mut Browser, fixture: &Fixture) {
    let tab = browser.tab().await;
    browser.open(tab, &format!("{}/protocol/openid-connect/logout", fixture.issuer())).await;
    browser.follow(tab, "#kc-logout").await;
}

/// Without following any redirect, whether a page of this browser may see what is for members.
async fn is_member(browser: &mut Browser, tab: Tab) -> bool {
    let script = "fetch('/protected/', { redirect: 'manual' }).then((answer) => answer.status === 200)";
    browser.evaluate(tab, script).await == json!(true)
}

fn is_all_here() -> bool {
    ["apache2", "chromium", "node"].into_iter().all(is_here)
}

#[tokio::test]
async fn a_user_logs_in_stays_logged_in_and_logs_out() {
    if !is_all_here() {
        return;
    }
    let fixture = Fixture::start().await;
    let apache = start(&fixture, json!({})).await;
    let mut browser = Browser::start().await;
    let tab = log_in(&mut browser, &fixture, &apache).await;
    let member = "fetch('/protected/').then((answer) => answer.headers.get('remote-user'))";
    assert_eq!(browser.evaluate(tab, member).await, "alice");

    let mut last = info(&mut browser, tab, &apache).await;
    fixture.expect_alice(&last["userinfo"]);
    assert_eq!(last["id_token"]["sub"], fixture.alice);
    for _ in 0..2 {
        let used = last["access_token"].as_str().unwrap();
        let back = apache.url("/protected/");
        let refresh = format!("/protected/redirect_uri?refresh={back}&access_token={used}");
        assert_eq!(browser.open(tab, &apache.url(&refresh)).await, 200);
        assert_eq!(browser.url(tab).await, back, "{}", apache.log());
        let next = info(&mut browser, tab, &apache).await;
        for name in ["access_token", "refresh_token"] {
            assert_ne!(next[name], last[name], "{name}\n{}", apache.log());
        }
        last = next;
    }
    let used = last["access_token"].as_str().unwrap();
    assert_eq!(fixture.userinfo_status(used).await, 200);

    browser.open(tab, &apache.url(&format!("/protected/redirect_uri?logout={}", apache.url("/goodbye/")))).await;
    assert_eq!(browser.url(tab).await.split('?').next(), Some(&*apache.url("/goodbye/")));
    assert_eq!(browser.text(tab).await.trim(), "You have left.");
    assert_eq!(fixture.userinfo_status(used).await, 401);
    ask_for_login(&mut browser, tab, &fixture, &apache).await;
}

#[tokio::test]
async fn a_logout_elsewhere_is_told_behind_the_scenes() {
    if !is_all_here() {
        return;
    }
    let fixture = Fixture::start().await;
    // The server calls nobody on its own machine unless the realm allows it.
    let attributes = json!({"attributes": {"outgoing.allowed-networks": "127.0.0.0/8"}});
    let _ = fixture.admin.put(&format!("/realms/{REALM}"), Some(attributes)).await.expect(204);
    let apache = start(
        &fixture,
        json!({
            "backchannel.logout.url": "{base}/protected/redirect_uri?logout=backchannel",
            "backchannel.logout.session.required": "true",
        }),
    )
    .await;
    let mut browser = Browser::start().await;
    let member = log_in(&mut browser, &fixture, &apache).await;
    assert!(is_member(&mut browser, member).await);
    log_out_at_the_server(&mut browser, &fixture).await;
    let browser = tokio::sync::Mutex::new(browser);
    until("Apache to be told", 20, || async { (!is_member(&mut *browser.lock().await, member).await).then_some(()) })
        .await;
}

#[tokio::test]
async fn a_logout_elsewhere_is_told_through_the_browser() {
    if !is_all_here() {
        return;
    }
    let fixture = Fixture::start().await;
    let attributes = json!({
        "frontchannel.logout.url": "{base}/protected/redirect_uri?logout=get",
        "frontchannel.logout.session.required": "true",
    });
    let apache = start(&fixture, attributes).await;
    let mut browser = Browser::start().await;
    let member = log_in(&mut browser, &fixture, &apache).await;
    assert!(is_member(&mut browser, member).await);
    log_out_at_the_server(&mut browser, &fixture).await;
    // The page is loaded when its frames are.
    assert!(!is_member(&mut browser, member).await, "{}", apache.log());
}
