//! `keycloak-js` in Chromium: an application that consists of nothing but pages, with silent single sign-on and the
//! frame that notices a logout somewhere else.

use std::fs;

use serde_json::{Value, json};
use tests::{
    peer::is_here,
    relying_parties::{Browser, Site, Tab, installation},
};

use super::fixture::{ALICE, Fixture, REALM};

const INDEX: &str = include_str!("../../../relying-parties/keycloak-js/index.html");
const SILENT: &str = include_str!("../../../relying-parties/keycloak-js/silent-check-sso.html");
const APP: &str = include_str!("../../../relying-parties/keycloak-js/app.js");

/// The application and a browser.
struct Scene {
    fixture: Fixture,
    site: Site,
    host: &'static str,
    browser: Browser,
}

impl Scene {
    /// `host` is the name under which the application is opened.
    async fn start(browser: Browser, fixture: Fixture, host: &'static str) -> Self {
        Self::with(browser, fixture, host, Value::Null, json!({})).await
    }

    /// With these settings of the adapter and of its `init`.
    async fn with(browser: Browser, fixture: Fixture, host: &'static str, adapter: Value, init: Value) -> Self {
        let listener = Site::listen();
        let base = format!("http://{host}:{}", listener.local_addr().unwrap().port());
        fixture
            .client(json!({
                "clientId": "page-app", "publicClient": true, "webOrigins": [base],
                "redirectUris": [format!("{base}/"), format!("{base}/silent-check-sso.html")],
                "attributes": {"post.logout.redirect.uris": format!("{base}/")},
            }))
            .await;
        let mut settings = json!({"adapter": {"clientId": "page-app"}, "init": init});
        let general = json!({"url": fixture.url, "realm": REALM});
        for (name, value) in adapter.as_object().or(general.as_object()).unwrap() {
            settings["adapter"][name] = json!(value.as_str().unwrap().replace("{issuer}", &fixture.issuer()));
        }
        let library = installation::of("node").join("node_modules/keycloak-js/lib/keycloak.js");
        let files = [
            ("/", "text/html", INDEX.to_owned()),
            ("/silent-check-sso.html", "text/html", SILENT.to_owned()),
            ("/app.js", "text/javascript", APP.to_owned()),
            ("/keycloak.js", "text/javascript", fs::read_to_string(library).unwrap()),
            ("/settings.json", "application/json", settings.to_string()),
        ];
        Self { site: Site::serve(listener, files), fixture, host, browser }
    }

    fn base(&self) -> String {
        format!("http://{}:{}/", self.host, self.site.port())
    }

    /// Opens the application in a new tab.
    async fn open(&mut self) -> Tab {
        let tab = self.browser.tab().await;
        self.browser.open(tab, &self.base()).await;
        tab
    }

    /// Waits until keycloak-js knows whether somebody is logged in.
    async fn is_logged_in(&mut self, tab: Tab) -> bool {
        self.browser.at(tab, &self.base()).await;
        let ready = self.browser.wait_for(tab, "window.ready").await;
        ready["authenticated"].as_bool().unwrap_or_else(|| panic!("{ready}"))
    }

    /// Logs in from a tab that shows the application.
    async fn log_in(&mut self, tab: Tab) {
        self.browser.follow(tab, "#login").await;
        assert!(self.browser.url(tab).await.starts_with(&self.fixture.issuer()));
        self.browser.log_in(tab, ALICE.0, ALICE.1).await;
        assert!(self.is_logged_in(tab).await);
    }

    /// Waits until a frame of the server has said this.
    async fn heard(&mut self, tab: Tab, message: &str) {
        let script = format!("window.messages.some(({{ data }}) => data === {})", json!(message));
        self.browser.wait_for(tab, &script).await;
        let origins = self.browser.evaluate(tab, "[...new Set(window.messages.map(({ origin }) => origin))]").await;
        assert_eq!(origins, json!([self.fixture.url]));
    }

    /// Refreshes, reads who it is, and gives the new access token.
    async fn use_tokens(&mut self, tab: Tab) -> String {
        let look = "({ access: keycloak.token, refresh: keycloak.refreshToken, claims: keycloak.idTokenParsed })";
        let before = self.browser.evaluate(tab, look).await;
        self.fixture.expect_alice(&before["claims"]);
        assert_eq!(self.browser.evaluate(tab, "keycloak.updateToken(-1)").await, json!(true));
        let after = self.browser.evaluate(tab, look).await;
        for name in ["access", "refresh"] {
            assert_ne!(after[name], before[name]);
        }
        assert_eq!(self.browser.evaluate(tab, "keycloak.updateToken(-1)").await, json!(true));
        let userinfo = self.browser.evaluate(tab, "keycloak.loadUserInfo()").await;
        self.fixture.expect_alice(&userinfo);
        self.browser.evaluate(tab, "keycloak.token").await.as_str().unwrap().to_owned()
    }
}

fn is_all_here() -> bool {
    ["chromium", "node"].into_iter().all(is_here)
}

#[tokio::test]
async fn a_user_logs_in_stays_logged_in_and_logs_out_everywhere() {
    if !is_all_here() {
        return;
    }
    let mut scene = Scene::start(Browser::start().await, Fixture::start().await, "127.0.0.1").await;
    let first = scene.open().await;
    assert!(!scene.is_logged_in(first).await);
    assert_eq!(scene.browser.evaluate(first, "sessionStorage.loads").await, "1");
    scene.heard(first, "supported").await;
    scene.log_in(first).await;
    scene.heard(first, "unchanged").await;
    let token = scene.use_tokens(first).await;
    assert_eq!(scene.fixture.userinfo_status(&token).await, 200);

    // Another tab finds out by itself, without leaving its page.
    let second = scene.open().await;
    assert!(scene.is_logged_in(second).await);
    scene.use_tokens(second).await;
    assert_eq!(scene.browser.evaluate(second, "sessionStorage.loads").await, "1");

    // A logout there is noticed here.
    scene.browser.follow(second, "#logout").await;
    assert!(!scene.is_logged_in(second).await);
    scene.heard(first, "changed").await;
    scene.browser.wait_for(first, "window.events.includes('onAuthLogout')").await;
    assert_eq!(scene.browser.evaluate(first, "keycloak.authenticated").await, json!(false));
    assert_eq!(scene.fixture.userinfo_status(&token).await, 401);
    let third = scene.open().await;
    assert!(!scene.is_logged_in(third).await);
}

#[tokio::test]
async fn with_tls_the_frames_work_from_another_site_too() {
    if !is_all_here() {
        return;
    }
    // The server is at localhost.
    let browser = Browser::with_third_party_cookies().await;
    let mut scene = Scene::start(browser, Fixture::secure().await, "127.0.0.1").await;
    let first = scene.open().await;
    assert!(!scene.is_logged_in(first).await);
    scene.heard(first, "supported").await;
    scene.log_in(first).await;
    scene.heard(first, "unchanged").await;
    let second = scene.open().await;
    assert!(scene.is_logged_in(second).await);
    assert_eq!(scene.browser.evaluate(second, "sessionStorage.loads").await, "1");
    scene.browser.follow(second, "#logout").await;
    assert!(!scene.is_logged_in(second).await);
    scene.browser.wait_for(first, "window.events.includes('onAuthLogout')").await;
}

#[tokio::test]
async fn without_cookies_for_frames_a_redirect_does_it() {
    if !is_all_here() {
        return;
    }
    // To a browser another host is another site.
    let mut scene = Scene::start(Browser::start().await, Fixture::start().await, "localhost").await;
    let tab = scene.open().await;
    assert!(!scene.is_logged_in(tab).await);
    scene.log_in(tab).await;
    scene.heard(tab, "unsupported").await;
    scene.use_tokens(tab).await;
    let second = scene.open().await;
    assert!(scene.is_logged_in(second).await);
    scene.browser.follow(second, "#logout").await;
    assert!(!scene.is_logged_in(second).await);
    // This one had no means to notice; its next refresh tells it.
    let refused = scene.browser.evaluate(tab, "keycloak.updateToken(-1).then(() => 'renewed', () => 'refused')").await;
    assert_eq!(refused, "refused");
    assert_eq!(scene.browser.evaluate(tab, "keycloak.authenticated").await, json!(false));
}

#[tokio::test]
async fn knowing_nothing_but_the_issuer() {
    if !is_all_here() {
        return;
    }
    let init = json!({"responseMode": "query"});
    let adapter = json!({"oidcProvider": "{issuer}"});
    let (browser, fixture) = (Browser::start().await, Fixture::start().await);
    let mut scene = Scene::with(browser, fixture, "127.0.0.1", adapter, init).await;
    let tab = scene.open().await;
    assert!(!scene.is_logged_in(tab).await);
    scene.log_in(tab).await;
    scene.use_tokens(tab).await;
    scene.browser.follow(tab, "#logout").await;
    assert!(!scene.is_logged_in(tab).await);
}
