//! Every page in Chromium: nothing that keeps people out (axe-core), nothing that a page complains about, and nothing that
//! is wider than a phone.
//!
//! With `SCREENSHOTS` set to a folder, a picture of every page at two widths in both colour schemes is written there.

use std::{env, path::Path};

use tests::{
    Console, TestServer,
    console::Visit,
    peer::is_here,
    relying_parties::{Browser, Tab},
};

use super::{furnished::furnished, offered::found};
use crate::http::support::REALM;

const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 900);

async fn log_in(browser: &mut Browser, tab: Tab, console: &Console) {
    browser.open(tab, &format!("{}/", console.base)).await;
    browser.log_in(tab, "admin", TestServer::ADMIN_PASSWORD).await;
    browser.at(tab, &console.base).await;
}

/// Writes pictures of the page that is open, if they are wanted.
async fn picture(browser: &mut Browser, tab: Tab, path: &str) {
    let Some(folder) = env::var_os("SCREENSHOTS") else { return };
    // Ids differ from run to run.
    let name: Vec<_> = path.split('/').map(|part| if part.len() == 36 { "x" } else { part }).collect();
    let name = format!("{}-", name.join("-").trim_start_matches('-'));
    for size in [PHONE, DESKTOP] {
        for scheme in ["light", "dark"] {
            browser.emulate(tab, size, scheme).await;
            let file = Path::new(&folder).join(format!("{name}{}-{scheme}.png", size.0));
            browser.screenshot(tab, &file).await;
        }
    }
}

#[tokio::test]
async fn every_page_can_be_used_by_everybody() {
    if !is_here("chromium") || !is_here("node") {
        return;
    }
    let world = furnished(str::to_owned).await;
    let console = Console::log_in(world.server.url(), "master", "admin", TestServer::ADMIN_PASSWORD).await;
    let pages = found(&console, 1).await.into_iter().filter(|(_, visit)| visit.is_page());
    // Of the questions before something is destroyed, which are one template, three.
    let mut questions = 0;
    let asks = |visit: &Visit| visit.page.finds("main > form.sheet > .buttons > button.danger");
    let paths: Vec<_> = pages
        .filter(|(_, visit)| {
            questions += usize::from(asks(visit));
            !asks(visit) || questions <= 3
        })
        .map(|(path, _)| path)
        .collect();
    let mut browser = Browser::start().await;
    let tab = browser.tab().await;
    log_in(&mut browser, tab, &console).await;
    browser.complaints().await;
    let mut wrong = Vec::new();
    for (number, path) in paths.iter().enumerate() {
        // Both schemes are looked at, by turns.
        let scheme = if number % 2 == 0 { "light" } else { "dark" };
        browser.emulate(tab, DESKTOP, scheme).await;
        browser.open(tab, &format!("{}{path}", console.base)).await;
        let found = browser.axe(tab).await;
        wrong.extend(found.into_iter().map(|found| format!("{path} ({scheme}): {found}")));
        browser.emulate(tab, PHONE, scheme).await;
        let wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        let wide = browser.evaluate(tab, wide).await.as_i64().unwrap_or_default();
        if wide > 0 {
            wrong.push(format!("{path}: {wide} pixels wider than a phone"));
        }
        wrong.extend(browser.complaints().await.into_iter().map(|complaint| format!("{path}: {complaint}")));
        picture(&mut browser, tab, path).await;
    }
    assert!(wrong.is_empty(), "{} on {} pages:\n{}", wrong.len(), paths.len(), wrong.join("\n"));
}

/// The palette opens by keys, finds while somebody types, and leads there; the session's end is said when a part is asked
/// for.
#[tokio::test]
async fn anything_is_found_with_keys_alone() {
    if !is_here("chromium") || !is_here("node") {
        return;
    }
    let world = furnished(str::to_owned).await;
    let console =
        Console { browser: tests::UserAgent::new(world.server.url()), base: world.url("/admin/master/console") };
    let mut browser = Browser::start().await;
    let tab = browser.tab().await;
    log_in(&mut browser, tab, &console).await;
    browser.open(tab, &format!("{}/realms/{REALM}", console.base)).await;
    for (text, end) in [("jan", "/users/"), ("applic", "/clients/"), ("composi", "/roles/"), ("subgro", "/groups/")] {
        browser.press(tab, "Control+k").await;
        browser.wait_for(tab, "document.activeElement?.matches('#palette input[type=search]')").await;
        browser.press(tab, "Control+a").await;
        browser.type_text(tab, text).await;
        let found = format!("document.querySelector('#palette .found a[href*=\"{end}\"]') !== null");
        browser.wait_for(tab, &found).await;
        // Down to it, past what else begins so.
        let reached = format!("document.activeElement?.matches('#palette a[href*=\"{end}\"]')");
        for _ in 0..10 {
            if browser.evaluate(tab, &reached).await == true {
                break;
            }
            browser.press(tab, "ArrowDown").await;
        }
        browser.press_and_follow(tab, "Enter").await;
        let url = browser.url(tab).await;
        assert!(url.contains(end), "{text}: {url}");
    }
    // Whoever types fast and presses Enter gets what was typed.
    browser.press(tab, "Control+k").await;
    browser.wait_for(tab, "document.activeElement?.matches('#palette input[type=search]')").await;
    browser.press(tab, "Control+a").await;
    browser.type_text(tab, "jane").await;
    browser.press_and_follow(tab, "Enter").await;
    let url = browser.url(tab).await;
    assert!(url.contains("/users/"), "{url}");
    // Escape closes it and gives the focus back to the page.
    browser.press(tab, "Control+k").await;
    browser.wait_for(tab, "document.querySelector('#palette').open").await;
    browser.press(tab, "Escape").await;
    browser.wait_for(tab, "!document.querySelector('#palette').open").await;
}
