//! 10.4.1: redirect URIs are those that the client registered, letter by letter.

use crate::http::{
    posture::{
        browser::{Browser, location},
        fresh::{CHALLENGE, Fresh},
    },
    support::send,
};

/// Other ways to write an address, and other addresses that look like it.
fn variants(registered: &str) -> Vec<String> {
    let url = url::Url::parse(registered).unwrap();
    let host = url.host_str().unwrap().to_owned();
    let mut variants: Vec<_> = [
        "/",
        "/more",
        "/../",
        "/..",
        "/..;/x",
        "%2f..%2fx",
        "/%2e%2e/x",
        "/%252e%252e/x",
        "?code=x",
        "?",
        "&state=x",
        "#",
        "#x",
        ".",
        "%20",
        " ",
        "\t",
        "\n",
        "\\",
        "*",
        ";x",
    ]
    .map(|tail| format!("{registered}{tail}"))
    .into();
    variants.extend([
        registered.replace(&host, &host.to_uppercase()),
        registered.replace("/cb", "/CB"),
        registered.replace("/cb", "//cb"),
        registered.replace("/cb", "/%63b"),
        registered.replace("https://", "http://"),
        registered.replace("https://", "HTTPS://"),
        registered.replace("https://", "//"),
        registered.replace("https://", "https:/"),
        registered.replace("https://", "https:\\\\"),
        registered.replace(&host, &format!("{host}:443")),
        registered.replace(&host, &format!("{host}:8443")),
        registered.replace(&host, &format!("{host}.")),
        registered.replace(&host, &format!("{host}.evil.example")),
        registered.replace(&host, &format!("{host}@evil.example")),
        registered.replace(&host, &format!("evil.example\\@{host}")),
        registered.replace(&host, &format!("user@{host}")),
        registered.replace(&host, &format!("www.{host}")),
        registered.replace('a', "\u{430}"),
        format!("https://evil.example/?{registered}"),
        "https://evil.example/".to_owned(),
        "javascript:alert(1)".to_owned(),
        "data:text/html,x".to_owned(),
        "/cb".to_owned(),
        "*".to_owned(),
    ]);
    variants.retain(|variant| variant != registered);
    variants
}

#[tokio::test]
async fn asvs_10_4_1_only_a_registered_redirect_uri_is_redirected_to() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        let browser = Browser::new();
        let sound = browser.get(&fresh.sound_request(app, &[])).await;
        assert!(location(&sound).contains("/login-actions/authenticate"), "{}", app.id);
        for variant in variants(&app.redirect_uri) {
            for mode in ["", "fragment", "form_post"] {
                let url = fresh.sound_request(app, &[("redirect_uri", &variant), ("response_mode", mode)]);
                let page = browser.get(&url).await;
                assert_eq!(page.status, 400, "{} {variant:?} {mode}", app.id);
                assert!(page.header("location").is_none(), "{variant:?}");
                assert!(!page.text().contains("evil.example"), "{variant:?}: {}", page.text());
            }
        }
        // Without one, nobody is guessed: OpenID Connect requires it.
        assert_eq!(browser.get(&fresh.sound_request(app, &[("redirect_uri", "")])).await.status, 400);
    }
    // What is wrong with the rest of the request changes nothing of it.
    let app = fresh.public();
    for wrong in [("response_type", "nonsense"), ("scope", "nonsense"), ("code_challenge", ""), ("prompt", "none")] {
        let url = fresh.sound_request(app, &[("redirect_uri", "https://evil.example/"), wrong]);
        let page = Browser::new().get(&url).await.expect(400);
        assert!(page.header("location").is_none(), "{wrong:?}");
    }
}

#[tokio::test]
async fn asvs_10_4_1_a_pushed_request_with_another_redirect_uri_is_refused() {
    let fresh = Fresh::start().await;
    for app in &fresh.apps {
        for redirect_uri in variants(&app.redirect_uri) {
            let form = [
                ("redirect_uri", redirect_uri.as_str()),
                ("response_type", "code"),
                ("scope", "openid"),
                ("code_challenge", CHALLENGE),
                ("code_challenge_method", "S256"),
            ];
            let reply = send(fresh.as_client(app, "ext/par/request", &form)).await.expect(400).json();
            assert_eq!(reply["error"], "invalid_request", "{} {redirect_uri:?}", app.id);
        }
    }
}
