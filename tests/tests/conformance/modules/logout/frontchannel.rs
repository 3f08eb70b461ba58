//! Front-channel logout: the browser tells the applications (`OpenID` Connect Front-Channel Logout 1.0).

use serde_json::json;
use tests::{oidc_client::random_text, user_agent::Page};
use url::Url;

use super::logged_in;
use crate::conformance::stage::Stage;

pub async fn frontchannel_rp_initiated_logout(stage: &Stage) {
    let uri = stage.party.url("/frontchannel_logout");
    let further = json!({"frontchannel_logout_uri": uri, "frontchannel_logout_session_required": true});
    let user = logged_in(stage, &further).await;
    let state = random_text(128);
    let parameters = [("id_token_hint", user.hint()), ("post_logout_redirect_uri", &user.after()), ("state", &state)];
    let page = user.log_out(&parameters).await.page();
    assert_eq!(page.status, 200, "{}", page.shown());

    let frames = page.attributes("iframe", "src");
    let [frame] = frames.as_slice() else { panic!("one frame expected: {}", page.shown()) };
    assert!(may_frame(&page, stage.party.origin()), "a browser would not show it: {:?}", page.headers);
    let _ = user.browser.frame(frame).await.expect(200);
    let hit = stage.party.first_hit("/frontchannel_logout").await;
    assert_eq!(hit.method, "GET");
    let told: Vec<_> = hit.query().into_iter().collect();
    let get = |name: &str| told.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    assert_eq!(get("iss"), Some(stage.provider.issuer.as_str()));
    let session = user.outcome.claim("sid").as_str();
    assert!(session.is_some(), "the ID token has no sid");
    assert_eq!(get("sid"), session);

    let mut after: Url = user.after().parse().expect("a URL");
    after.query_pairs_mut().append_pair("state", &state);
    let ways = ways_on(&page);
    assert!(ways.iter().any(|way| same(way, &after)), "{ways:?} do not lead to {after}: {}", page.shown());
    assert!(!user.is_still_logged_in().await);
}

/// Whether the page's policy lets a frame of this origin be shown.
fn may_frame(page: &Page, origin: &str) -> bool {
    let policy = page.header("content-security-policy").unwrap_or_default();
    let directives: Vec<_> = policy.split(';').map(str::trim).collect();
    let of = |name: &str| directives.iter().find_map(|directive| directive.strip_prefix(name));
    match of("frame-src ").or(of("child-src ")).or(of("default-src ")) {
        Some(sources) => {
            sources.split_whitespace().any(|source| source == origin || source == "https:" || source == "*")
        }
        None => true,
    }
}

/// Where the page leads: by itself, or by a link.
fn ways_on(page: &Page) -> Vec<Url> {
    let refresh = page.attributes("meta[http-equiv]", "content");
    let refresh = refresh.iter().filter_map(|content| {
        let at = content.to_ascii_lowercase().find("url=")?;
        content.get(at + 4..)
    });
    let links = page.attributes("a", "href");
    links.iter().map(String::as_str).chain(refresh).filter_map(|link| page.url.join(link).ok()).collect()
}

fn same(way: &Url, other: &Url) -> bool {
    let parts = |url: &Url| (url.origin(), url.path().to_owned(), url.query_pairs().into_owned().collect::<Vec<_>>());
    parts(way) == parts(other)
}
