//! Requests to the logout endpoints that nobody would send in good faith: each gets a clear answer, none fails the server.

use super::{
    browser::Asks,
    stage::{ALICE, Stage},
};
use crate::http::support::send;

const PARAMETERS: [&str; 8] = [
    "id_token_hint",
    "client_id",
    "post_logout_redirect_uri",
    "state",
    "ui_locales",
    "logout_hint",
    "session_code",
    "refresh_token",
];

#[tokio::test]
async fn every_parameter_may_be_odd() {
    let stage = Stage::new().await;
    let browser = stage.browser();
    browser.log_in(&Asks::by("app"), ALICE.0, ALICE.1).await;
    let long = "x".repeat(60_000);
    for path in ["logout", "logout/logout-confirm"] {
        for name in PARAMETERS {
            for value in ["", " ", "\u{0}", "a\r\nb", "ä\u{202e}", "null", "{}", "%", "..", long.as_str()] {
                let posted = send(browser.http.post(stage.url(path)).form(&[(name, value)])).await;
                assert!(posted.status < 500 && posted.status != 302, "{path} {name}={value:.20}: {}", posted.status);
                if path == "logout" && value.len() < 100 {
                    let got = send(browser.http.get(stage.url(path)).query(&[(name, value)])).await;
                    assert!(got.status < 500 && got.status != 302, "{name}={value:.20}: {}", got.status);
                }
            }
            let twice = [(name, "a"), (name, "a")];
            let reply = send(browser.http.post(stage.url(path)).form(&twice)).await;
            assert_eq!(reply.status, 400, "{path}: {name} twice: {}", reply.text());
            if path == "logout" {
                send(browser.http.get(stage.url(path)).query(&twice)).await.expect(400);
            }
        }
        for (kind, body) in [
            ("application/json", "{}"),
            ("multipart/form-data; boundary=x", "--x--"),
            ("application/x-www-form-urlencoded", "%ff%fe=%00&&&=="),
        ] {
            let request = browser.http.post(stage.url(path)).header("content-type", kind).body(body);
            send(request).await.expect(400);
        }
        let many: Vec<_> = (0..5_000).map(|number| (format!("p{number}"), "x")).collect();
        let reply = send(browser.http.post(stage.url(path)).form(&many)).await;
        assert!([400, 413].contains(&reply.status), "{}", reply.status);
        let request = browser.http.post(stage.url(path)).form(&[("state", "x".repeat(70_000))]);
        send(request).await.expect(413);
    }
    assert!(browser.is_logged_in("app").await, "none of this was a logout");
}
