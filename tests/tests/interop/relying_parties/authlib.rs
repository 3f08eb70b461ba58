//! PyPI's Authlib in a Flask application, as a confidential client that is walked through with a browser.

use serde_json::{Value, json};
use tests::{
    UserAgent,
    relying_parties::{Conversation, installation::Workplace},
    user_agent::Page,
};

use super::fixture::{ALICE, Fixture, log_in, login_page};

const PROGRAM: &str = include_str!("../../../relying-parties/with_authlib.py");
const NAME: &str = "with_authlib.py";

fn shown(page: &Page) -> Value {
    serde_json::from_str(&page.html).unwrap_or_else(|error| panic!("no JSON ({error}): {}", page.shown()))
}

#[tokio::test]
async fn a_user_logs_in_stays_logged_in_and_logs_out() {
    let fixture = Fixture::start().await;
    let place = Workplace::of_python(NAME, PROGRAM);
    let settings = json!({
        "issuer": fixture.issuer(), "clientId": "python-app", "clientSecret": "p: secret of/python",
        "sessionKey": "only for this test",
    });
    let mut app = Conversation::start(place.python(NAME).arg(settings.to_string()));
    let base = format!("http://127.0.0.1:{}", app.step("listening").await["port"]);
    fixture
        .client(json!({
            "clientId": "python-app", "secret": "p: secret of/python", "redirectUris": [format!("{base}/callback")],
            "attributes": {"post.logout.redirect.uris": format!("{base}/logged-out")},
        }))
        .await;

    // One browser, in two halves: each stops where the other one has to go on.
    let (alice, at_server) = (UserAgent::new(&base), fixture.browser());
    let away = async |path: &str| alice.open(&format!("{base}{path}")).await.away().url;
    let look = async |url: &str| shown(&alice.open(url).await.page());

    let page = login_page(&at_server, away("/login").await.as_str()).await;
    let back = log_in(&at_server, &page, ALICE.0, ALICE.1).await.away().url;
    let login = look(back.as_str()).await;
    fixture.expect_alice(&login["token"]["userinfo"]);
    fixture.expect_alice(&look(&format!("{base}/userinfo")).await);

    let mut last = login["token"].clone();
    for _ in 0..2 {
        let refreshed = look(&format!("{base}/refresh")).await;
        fixture.expect_alice(&refreshed["userinfo"]);
        assert_ne!(refreshed["token"]["access_token"], last["access_token"]);
        assert_ne!(refreshed["token"]["refresh_token"], last["refresh_token"]);
        assert_eq!(refreshed["claims"]["sub"], fixture.alice, "{refreshed}");
        last = refreshed["token"].clone();
    }

    let left = at_server.open(away("/logout").await.as_str()).await.away().url;
    assert_eq!(look(left.as_str()).await, json!({"left": true}));
    let refused = look(&format!("{base}/userinfo")).await;
    assert_eq!(refused["status"], 401, "{refused}");
    assert!(refused["authenticate"].as_str().is_some_and(|text| text.contains("invalid_token")), "{refused}");
    assert_eq!(look(&format!("{base}/refresh")).await["error"], "invalid_grant");
    login_page(&at_server, away("/login").await.as_str()).await;
}
