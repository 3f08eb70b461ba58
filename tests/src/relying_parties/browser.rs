//! A real browser, Debian's Chromium, driven by playwright.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{Conversation, installation::Workplace};

/// The program that drives it.
const DRIVER: &str = include_str!("../../relying-parties/browser.mjs");
/// How long a page may take for one step, in milliseconds: less than the patience for the program that drives it.
const PATIENCE: &str = "15000";

/// A running browser with a profile of its own. It ends when it is dropped.
#[derive(Debug)]
pub struct Browser {
    driver: Conversation,
    version: String,
    /// Dropped last, since the browser writes into it until its end.
    _place: Workplace,
}

/// One of the browser's tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab(u64);

impl Browser {
    /// Starts the browser with Debian's settings, which keep cookies out of frames of another site.
    ///
    /// # Panics
    /// If it can't be started.
    pub async fn start() -> Self {
        Self::with_preferences(&json!({})).await
    }

    /// Starts the browser with the makers' setting for cookies in frames of another site, which get those that are
    /// `Secure` and `SameSite=None`.
    ///
    /// # Panics
    /// If it can't be started.
    pub async fn with_third_party_cookies() -> Self {
        Self::with_preferences(&json!({"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": false}}))
            .await
    }

    async fn with_preferences(preferences: &Value) -> Self {
        let place = Workplace::of_node("browser.mjs", DRIVER);
        let program = program();
        let profile = place.path().join("profile");
        fs::create_dir_all(profile.join("Default")).expect("a folder");
        fs::write(profile.join("Default/Preferences"), preferences.to_string()).expect("a file");
        let mut command = place.node("browser.mjs");
        command.arg(program).arg(profile).arg(PATIENCE);
        let mut driver = Conversation::start(&mut command);
        let version = driver.hear().await["value"].as_str().unwrap_or_default().to_owned();
        Self { driver, version, _place: place }
    }

    /// The browser's version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Opens a tab.
    pub async fn tab(&mut self) -> Tab {
        let tab = self.ask(json!({"action": "newTab"})).await;
        Tab(tab.as_u64().expect("a number"))
    }

    /// Opens an address and gives the status of the page that it led to.
    pub async fn open(&mut self, tab: Tab, url: &str) -> u64 {
        self.ask(json!({"action": "open", "tab": tab.0, "url": url})).await.as_u64().unwrap_or_default()
    }

    /// The address of the page.
    pub async fn url(&mut self, tab: Tab) -> String {
        text(self.ask(json!({"action": "url", "tab": tab.0})).await)
    }

    /// What there is to read on the page.
    pub async fn text(&mut self, tab: Tab) -> String {
        text(self.ask(json!({"action": "text", "tab": tab.0})).await)
    }

    /// Types into a field.
    pub async fn fill(&mut self, tab: Tab, selector: &str, value: &str) {
        self.ask(json!({"action": "fill", "tab": tab.0, "selector": selector, "value": value})).await;
    }

    /// Clicks on something that leads to another page, and waits for that.
    pub async fn follow(&mut self, tab: Tab, selector: &str) {
        self.ask(json!({"action": "follow", "tab": tab.0, "selector": selector})).await;
    }

    /// Logs in on the page that asks for it.
    pub async fn log_in(&mut self, tab: Tab, username: &str, password: &str) {
        self.fill(tab, "#username", username).await;
        self.fill(tab, "#password", password).await;
        self.follow(tab, "#kc-login").await;
    }

    /// Waits for a page whose address begins with `start`, and gives its address.
    pub async fn at(&mut self, tab: Tab, start: &str) -> String {
        text(self.ask(json!({"action": "waitForUrl", "tab": tab.0, "start": start})).await)
    }

    /// The value of a JavaScript expression; promises are waited for.
    pub async fn evaluate(&mut self, tab: Tab, script: &str) -> Value {
        self.ask(json!({"action": "evaluate", "tab": tab.0, "script": script})).await
    }

    /// Waits until a JavaScript expression is true, whatever page is open by then, and gives its value.
    pub async fn wait_for(&mut self, tab: Tab, script: &str) -> Value {
        self.ask(json!({"action": "waitFor", "tab": tab.0, "script": script})).await
    }

    /// All cookies, with their attributes.
    pub async fn cookies(&mut self) -> Vec<Value> {
        self.ask(json!({"action": "cookies"})).await.as_array().expect("a list").clone()
    }

    /// Changes the size of the window and the preferred colours, `light` or `dark`.
    pub async fn emulate(&mut self, tab: Tab, (width, height): (u32, u32), colour_scheme: &str) {
        let request = json!({
            "action": "emulate", "tab": tab.0, "width": width, "height": height, "colorScheme": colour_scheme,
        });
        self.ask(request).await;
    }

    /// Clicks on something that stays on the page.
    pub async fn click(&mut self, tab: Tab, selector: &str) {
        self.ask(json!({"action": "click", "tab": tab.0, "selector": selector})).await;
    }

    /// Presses a key that leads to another page, and waits for that.
    pub async fn press_and_follow(&mut self, tab: Tab, keys: &str) {
        self.ask(json!({"action": "pressAndFollow", "tab": tab.0, "keys": keys})).await;
    }

    /// Presses the tabulator until an element has the focus: at most `most` times.
    pub async fn tab_to(&mut self, tab: Tab, selector: &str, most: usize) {
        self.ask(json!({"action": "tabTo", "tab": tab.0, "selector": selector, "most": most})).await;
    }

    /// Presses a key, or several at once, such as `Control+k`.
    pub async fn press(&mut self, tab: Tab, keys: &str) {
        self.ask(json!({"action": "press", "tab": tab.0, "keys": keys})).await;
    }

    /// Types where the focus is.
    pub async fn type_text(&mut self, tab: Tab, text: &str) {
        self.ask(json!({"action": "type", "tab": tab.0, "text": text})).await;
    }

    /// What axe-core finds on the page that is serious or critical.
    pub async fn axe(&mut self, tab: Tab) -> Vec<String> {
        texts(self.ask(json!({"action": "axe", "tab": tab.0})).await)
    }

    /// What pages have complained about since the last time: errors, exceptions, requests that failed.
    pub async fn complaints(&mut self) -> Vec<String> {
        texts(self.ask(json!({"action": "complaints"})).await)
    }

    /// Writes a picture of the whole page, as PNG.
    pub async fn screenshot(&mut self, tab: Tab, file: &Path) {
        self.ask(json!({"action": "screenshot", "tab": tab.0, "path": file})).await;
    }

    async fn ask(&mut self, request: Value) -> Value {
        self.driver.tell(&request);
        let mut answer = self.driver.hear().await;
        if let Some(error) = answer.get("error") {
            panic!("{request}: {}", error.as_str().unwrap_or_default());
        }
        answer["value"].take()
    }
}

fn text(value: Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn texts(value: Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

/// Where the browser is.
fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("chromium")).find(|file| file.is_file());
    found.expect("chromium is on this machine: run `cargo xtask test`")
}
