//! PyPI's Authlib in a Flask application, as a confidential client that is walked through with a browser.

use serde_json::{Value, json};
use tests::relying_parties::{Conversation, Page, Person, installation::Workplace};

use super::fixture::{ALICE, Fixture, login_page};

const PROGRAM: &str = include_str!("../../../relying-parties/with_authlib.py");
const NAME: &str = "with_authlib.py";

fn shown(page: &Page) -> Value {
    serde_json::from_str(&page.text).unwrap_or_else(|_| panic!("{} {} {}", page.url, page.status, page.text))
}

#[tokio::test]
async fn a_user_logs_in_stays_logged_in_and_logs_out() {
    let fixture = Fixture::start().await;
    let place = Workplace::of_python(NAME, PROGRAM);
    let settings = json!({
        "issuer": fixture.issuer(), "clientId": "python-app", "clientSecret": "p: secret+of/python",
        "sessionKey": "only for this test",
    });
    let mut app = Conversation::start(place.python(NAME).arg(settings.to_string()));
    let base = format!("http://127.0.0.1:{}", app.step("listening").await["port"]);
    fixture
        .client(json!({
            "clientId": "python-app", "secret": "p: secret+of/python", "redirectUris": [format!("{base}/callback")],
            "attributes": {"post.logout.redirect.uris": format!("{base}/logged-out")},
        }))
        .await;

    let mut alice = Person::default();
    let page = login_page(&mut alice, &format!("{base}/login")).await;
    let login = shown(&alice.log_in(&page, ALICE.0, ALICE.1).await.page());
    fixture.expect_alice(&login["token"]["userinfo"]);
    let mut look = async |path: &str| shown(&alice.open(&format!("{base}{path}")).await.page());
    fixture.expect_alice(&look("/userinfo").await);

    let mut last = login["token"].clone();
    for _ in 0..2 {
        let refreshed = look("/refresh").await;
        fixture.expect_alice(&refreshed["userinfo"]);
        assert_ne!(refreshed["token"]["access_token"], last["access_token"]);
        assert_ne!(refreshed["token"]["refresh_token"], last["refresh_token"]);
        assert_eq!(refreshed["claims"]["sub"], fixture.alice, "{refreshed}");
        last = refreshed["token"].clone();
    }

    assert_eq!(look("/logout").await, json!({"left": true}));
    let refused = look("/userinfo").await;
    assert_eq!(refused["status"], 401, "{refused}");
    assert!(refused["authenticate"].as_str().is_some_and(|text| text.contains("invalid_token")), "{refused}");
    assert_eq!(look("/refresh").await["error"], "invalid_grant");
    login_page(&mut alice, &format!("{base}/login")).await;
}
