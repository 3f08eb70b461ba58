//! The frame that tells an application whether its session is still the browser's.

use web::percent_encoded;

use crate::browser::Browser;

const SESSION: &str = "0197f3c2-a4d8-7e61-b3f0-c85d2e9a1b74";

/// base64url(SHA-256(…)) of a text, by the library that the server uses.
fn hashed(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(openssl::sha::sha256(text.as_bytes()))
}

/// The frame's page with this cookie, at a server that permits the client `notes` only.
fn frame(cookie: &str) -> Browser {
    let page = format!(
        "var asked = [], told = [];
         document.cookie = '{cookie}';
         window.location = {{ pathname: '/realms/a/protocol/openid-connect/login-status-iframe.html' }};
         function XMLHttpRequest() {{}}
         XMLHttpRequest.prototype.open = function (method, url) {{ this.url = url; asked.push(method + ' ' + url); }};
         XMLHttpRequest.prototype.send = function () {{
             if (this.url.indexOf('client_id=unreachable') > 0) {{ this.onerror(); return; }}
             this.status = this.url.indexOf('client_id=notes&') > 0 ? 204 : 403;
             this.onload();
         }};
         function say(data, origin) {{
             var source = {{ postMessage: function (answer, to) {{ told.push(answer + ' to ' + to); }} }};
             fire('message', {{ data: data, origin: origin, source: source }});
         }}"
    );
    Browser::with(&page, &web::assets::LOGIN_STATUS)
}

/// What the frame answers to a message of the application.
fn answer(frame: &Browser, message: &str) -> String {
    let message = serde_json::to_string(message).unwrap();
    frame.run::<()>(&format!("told = []; say({message}, 'https://notes.example')"));
    frame.run("told.join(', ')")
}

#[test]
fn the_cookie_decides() {
    let held = frame(&format!("a=b; KEYCLOAK_SESSION={}; c=d", hashed(SESSION)));
    let none = frame("a=b; X_KEYCLOAK_SESSION=c");
    for (frame, message, expected) in [
        (&held, format!("notes {SESSION}"), "unchanged"),
        (&held, "notes 0197f3c2".to_owned(), "changed"),
        (&held, format!("notes {}", hashed(SESSION)), "changed"),
        (&held, "notes ".to_owned(), "changed"),
        (&none, format!("notes {SESSION}"), "changed"),
        (&none, "notes ".to_owned(), "unchanged"),
    ] {
        assert_eq!(answer(frame, &message), format!("{expected} to https://notes.example"), "{message}");
    }
}

#[test]
fn a_client_is_asked_for_once_and_a_refused_one_hears_nothing_of_the_session() {
    let frame = frame(&format!("KEYCLOAK_SESSION={}", hashed(SESSION)));
    for _ in 0..3 {
        assert_eq!(answer(&frame, &format!("notes {SESSION}")), "unchanged to https://notes.example");
    }
    let base = "GET /realms/a/protocol/openid-connect/login-status-iframe.html/init?client_id=";
    let origin = "&origin=https%3A%2F%2Fnotes.example";
    assert_eq!(frame.run::<Vec<String>>("asked"), [format!("{base}notes{origin}")]);
    for client in ["other", "unreachable", "my client", "a&client_id=notes"] {
        assert_eq!(answer(&frame, &format!("{client} {SESSION}")), "error to https://notes.example", "{client}");
        let url = format!("{base}{}{origin}", percent_encoded(client));
        assert_eq!(frame.run::<String>("asked[asked.length - 1]"), url);
    }
    // Another origin is another question.
    frame.run::<()>(&format!("say('notes {SESSION}', 'https://evil.example')"));
    assert!(frame.run::<String>("asked[asked.length - 1]").ends_with("evil.example"));
}

#[test]
fn messages_that_are_none_are_not_answered_with_a_state() {
    let frame = frame("");
    assert_eq!(answer(&frame, "nonsense"), "error to https://notes.example");
    assert_eq!(answer(&frame, " a"), "error to https://notes.example");
    frame.run::<()>("told = []; say({}, 'https://notes.example'); say('notes a', 'null')");
    frame.run::<()>("say('notes ' + Array(5000).join('a'), 'https://notes.example')");
    frame.run::<()>("fire('message', { data: 'notes a', origin: 'https://notes.example', source: null })");
    assert_eq!(frame.run::<i32>("told.length + asked.length"), 0);
}

#[test]
fn a_frame_without_its_cookies_says_error() {
    for (access, expected) in [("resolve(true)", "unchanged"), ("resolve(false)", "error"), ("reject('no')", "error")] {
        let frame = frame(&format!("KEYCLOAK_SESSION={}", hashed(SESSION)));
        frame.run::<()>(&format!(
            "window.isSecureContext = true; document.hasStorageAccess = function () {{ return Promise.{access}; }};"
        ));
        assert_eq!(answer(&frame, &format!("notes {SESSION}")), format!("{expected} to https://notes.example"));
    }
}

#[test]
fn its_sha_256_is_sha_256() {
    // Every length around the edges of the 64-byte blocks, and letters of one to four bytes.
    for length in 1..140 {
        let text: String = "aé漢😀-0".chars().cycle().take(length).collect();
        let frame = frame(&format!("KEYCLOAK_SESSION={}", hashed(&text)));
        assert_eq!(answer(&frame, &format!("notes {text}")), "unchanged to https://notes.example", "{length}");
    }
}
