//! Applications that are told in the browser (OpenID Connect Front-Channel Logout 1.0).

use serde_json::json;
use url::Url;

use super::{
    browser::{Asks, attribute},
    stage::{ALICE, Stage},
};
use crate::http::support::{REALM, Reply, send};

/// The addresses in the frames of a page.
fn frames(page: &Reply) -> Vec<Url> {
    let html = page.text();
    html.split("<iframe").skip(1).map(|frame| attribute(frame, "src").parse().unwrap()).collect()
}

#[tokio::test]
async fn a_frame_for_each_application_that_wants_one() {
    let stage = Stage::new().await;
    let front = |url: &str, session: Option<&str>| {
        let mut attributes = json!({"frontchannel.logout.url": url});
        if let Some(session) = session {
            attributes["frontchannel.logout.session.required"] = json!(session);
        }
        attributes
    };
    let on = || json!({"frontchannelLogout": true});
    stage.client("plain", on(), front("https://plain.example/out?a=1", Some("false"))).await;
    stage.client("told", on(), front("https://told.example/out?a=1", None)).await;
    stage.client("off", json!({"frontchannelLogout": false}), front("https://off.example/out", None)).await;
    stage.client("code", on(), json!({})).await;
    stage.client("absent", on(), front("https://absent.example/out", None)).await;

    let browser = stage.browser();
    let tokens = browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    for client in ["plain", "told", "off", "code"] {
        browser.go_on(&Asks::by(client)).await;
    }
    let bye = "https://app.example/bye";
    let parameters = [("id_token_hint", tokens.id()), ("post_logout_redirect_uri", bye), ("state", "a&b")];
    let page = send(browser.http.get(stage.url("logout")).query(&parameters)).await.expect(200);
    let shown = frames(&page);
    assert_eq!(shown.iter().map(|url| url.host_str().unwrap()).collect::<Vec<_>>(), ["plain.example", "told.example"]);
    assert_eq!(shown[0].as_str(), "https://plain.example/out?a=1");
    let pairs: Vec<_> = shown[1].query_pairs().into_owned().collect();
    let issuer = stage.world.url(&format!("/realms/{REALM}"));
    let expected = [("a", "1"), ("iss", &issuer), ("sid", &tokens.session())];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    // Then it goes on, with and without scripts.
    let html = page.text();
    let link = attribute(html.split_once("kc-continue").unwrap().1, "href");
    assert_eq!(link, format!("{bye}?state=a%26b"));
    assert!(html.contains("http-equiv=\"refresh\""), "{html}");
    assert!(page.header("content-security-policy").unwrap().contains("frame-src http: https:"));
    assert_eq!((browser.cookie("KEYCLOAK_IDENTITY"), browser.cookie("KEYCLOAK_SESSION")), (None, None));
    assert!(!browser.is_logged_in("app").await);

    // Nowhere to go on to: the page stays.
    let tokens = browser.log_in(&Asks::by("told"), ALICE.0, ALICE.1).await;
    let page = send(browser.http.get(stage.url("logout")).query(&[("id_token_hint", tokens.id())])).await.expect(200);
    assert_eq!(frames(&page).len(), 1);
    assert!(!page.text().contains("kc-continue"));
}

/// An address that was put there by somebody who may is still no code.
#[tokio::test]
async fn only_places_on_the_web_are_framed() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    for url in ["javascript:alert(1)", "data:text/html,x", "/out", "com.example:/x", "https://u:p@told.example/"] {
        let name = format!("c{}", url.len());
        stage.client(&name, json!({"frontchannelLogout": true}), json!({})).await;
        let id = stage.world.client_id(REALM, &name).await;
        let path = crate::http::support::r(&format!("/clients/{id}"));
        let mut client = stage.world.admin.read(&path).await;
        client["attributes"]["frontchannel.logout.url"] = json!(url);
        // Refused when it is saved, or passed over when it is used.
        let _ = stage.world.admin.put(&path, client).await;
        let tokens = browser.log_in(&Asks::by(&name), ALICE.0, ALICE.1).await;
        let page = send(browser.http.get(stage.url("logout")).query(&[("id_token_hint", tokens.id())])).await;
        assert_eq!((page.status, frames(&page)), (200, vec![]), "{url}");
    }
}
