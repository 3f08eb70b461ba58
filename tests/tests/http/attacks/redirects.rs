//! Where the browser is sent with a code: only to what is registered, letter by letter.

use serde_json::json;

use super::{
    findings::Findings,
    pages::{EVIL, refused_in_json, refused_on_our_page},
    spellings,
    stage::{Browser, CALLBACK, answered, location},
};
use crate::http::support::{World, r};

#[tokio::test]
async fn attack_01_redirect_uri_variants_cve_2023_6291() {
    let (world, site) = World::with_alice().await;
    let exact = world.app("exact", json!({})).await;
    let star = world.app("star", json!({"redirectUris": ["https://app.example/cb/*"]})).await;
    let browser = Browser::default();
    // logged in, so that nothing but the address stands between the attacker and a code
    let code = site.code(&browser, &exact, &[]).await;
    assert!(!code.is_empty());
    let mut findings = Findings::default();
    for (kind, uri) in spellings::of(CALLBACK) {
        let request = site.request(&exact, &[("redirect_uri", &uri), ("state", "s")]);
        let reply = site.authorize(&browser, &request).await;
        findings.judge(&format!("{kind} {uri:?}"), &reply, refused_on_our_page(&reply));
    }
    for (kind, uri) in spellings::named() {
        let form = [("redirect_uri", uri.as_str()), ("response_type", "code"), ("scope", "openid")];
        let reply = site.post("ext/par/request", &exact.form(&form)).await;
        let verdict = refused_in_json(&reply, &["invalid_request"]);
        findings.judge(&format!("pushed {kind} {uri:?}"), &reply, verdict);
        for prompt in ["none", "login"] {
            let request = site.request(&exact, &[("redirect_uri", &uri), ("prompt", prompt)]);
            let reply = site.authorize(&browser, &request).await;
            findings.judge(&format!("{prompt} {kind} {uri:?}"), &reply, refused_on_our_page(&reply));
        }
    }
    // what a star stands for stays below its folder
    let folder = "https://app.example/cb/";
    let mut outside: Vec<_> = spellings::named().into_iter().map(|(_, uri)| uri).collect();
    outside.retain(|uri| !uri.starts_with(folder));
    for up in spellings::UPWARDS {
        outside.extend([format!("{folder}{up}"), format!("{folder}{up}evil"), format!("{folder}x/{up}{up}evil")]);
    }
    for letter in ["\\", "#", "\r\n", "\t", "\0", "@evil.example", "\"", "<", "\u{430}"] {
        outside.push(format!("{folder}{letter}x"));
    }
    for uri in &outside {
        let reply = site.authorize(&browser, &site.request(&star, &[("redirect_uri", uri)])).await;
        findings.judge(&format!("beside the star: {uri:?}"), &reply, refused_on_our_page(&reply));
    }
    findings.none(950);
    for uri in [folder, "https://app.example/cb/deep/down?a=../b"] {
        let reply = site.authorize(&browser, &site.request(&star, &[("redirect_uri", uri)])).await;
        assert!(location(&reply).starts_with(uri) && answered(&reply).contains_key("code"), "{uri}");
    }
    // a client that registered one address needs not name it, and gets the answer there
    let request = site.request(&exact, &[("redirect_uri", ""), ("scope", "profile")]);
    assert!(location(&site.authorize(&browser, &request).await).starts_with(CALLBACK));
}

#[tokio::test]
async fn attack_02_loopback_look_alikes_cve_2024_8883() {
    let (world, site) = World::with_alice().await;
    let native = json!({
        "redirectUris": ["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb", "http://127.0.0.1:*"],
    });
    let app = world.app("native", native).await;
    let browser = Browser::default();
    let mut findings = Findings::default();
    for port in [1, 80, 1024, 8080, 49_152, 65_535] {
        for host in ["127.0.0.1", "[::1]"] {
            let uri = format!("http://{host}:{port}/cb");
            let reply = site.answer(&browser, &app, &[("redirect_uri", &uri)]).await;
            let there = answered(&reply).contains_key("code") && location(&reply).starts_with(&uri);
            findings.judge(&uri, &reply, there.then_some(()).ok_or("no code".to_owned()));
        }
    }
    let hosts = [
        "localhost:80@evil.example",
        "localhost.evil.example",
        "localhost.",
        "localhost:8080",
        "LOCALHOST",
        "127.0.0.1.nip.io",
        "127.0.0.1.evil.example",
        "127.0.0.1:80@evil.example",
        "127.0.0.1@evil.example",
        "evil@127.0.0.1",
        "127.0.0.1:99999",
        "127.0.0.1:-1",
        "127.0.0.1:80x",
        "127.0.0.1:80:80",
        "127.0.0.1:80%00",
        "127.0.0.1:8\u{660}",
        "127.0.0.2",
        "127.1",
        "127.0.1",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "2130706433",
        "0.0.0.0",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::1%25lo]",
        "[0:0:0:0:0:0:0:1]",
        "[::1].evil.example",
        "[::1]@evil.example",
        "[::1",
        "\u{2460}27.0.0.1",
        "\u{ff11}27.0.0.1",
        EVIL,
    ];
    for host in hosts {
        for (scheme, path) in [("http", "/cb"), ("http", "/cb:80"), ("https", "/cb"), ("http", ""), ("http", "/")] {
            let uri = format!("{scheme}://{host}{path}");
            let reply = site.authorize(&browser, &site.request(&app, &[("redirect_uri", &uri)])).await;
            findings.judge(&uri, &reply, refused_on_our_page(&reply));
        }
    }
    for path in ["/cb/", "/cb?x", "/cb#x", "/CB", "/cb/../x", "//cb", "/%63b", "", "/"] {
        let uri = format!("http://127.0.0.1:8080{path}");
        let reply = site.authorize(&browser, &site.request(&app, &[("redirect_uri", &uri)])).await;
        findings.judge(&uri, &reply, refused_on_our_page(&reply));
    }
    findings.none(180);
}

#[tokio::test]
async fn attack_03_an_answer_in_the_redirect_uri_cve_2026_9689() {
    let (world, site) = World::with_alice().await;
    let star = world.app("star", json!({"redirectUris": ["https://app.example/cb/*"]})).await;
    let everywhere = world.app("everywhere", json!({"redirectUris": ["*"]})).await;
    let browser = Browser::default();
    let code = site.code(&browser, &everywhere, &[]).await;
    assert!(!code.is_empty());
    let mut findings = Findings::default();
    let names = ["code", "state", "iss", "error", "error_description", "session_state", "id_token", "access_token"];
    for name in names {
        let capital = format!("%{:02x}{}", name.as_bytes()[0], &name[1..]);
        for query in [format!("{name}=x"), format!("a=1&{name}=x"), format!("{capital}=x"), format!("a=1;{name}=x")] {
            for (app, uri) in [
                (&star, format!("https://app.example/cb/x?{query}")),
                (&everywhere, format!("https://app.example/?{query}")),
                (&everywhere, format!("https://app.example/#{query}")),
            ] {
                for mode in ["query", "fragment", "form_post"] {
                    let request = site.request(app, &[("redirect_uri", &uri), ("response_mode", mode), ("state", "s")]);
                    let reply = site.authorize(&browser, &request).await;
                    findings.judge(&format!("{mode} {uri}"), &reply, refused_on_our_page(&reply));
                }
            }
            // nor can such an address be registered
            let client =
                json!({"clientId": format!("c-{query}"), "redirectUris": [format!("https://app.example/cb?{query}")]});
            let reply = world.admin.post(&r("/clients"), client).await;
            findings.check(reply.status == 400, || format!("registered with {query}: {}", reply.status));
        }
    }
    findings.none(300);
    // a query of its own stays as it was, and each parameter of the answer is there once
    let uri = "https://app.example/cb/x?tenant=acme";
    let reply = site.authorize(&browser, &site.request(&star, &[("redirect_uri", uri), ("state", "s&code=x")])).await;
    let (location, answer) = (location(&reply), answered(&reply));
    assert!(location.starts_with(&format!("{uri}&")), "{location}");
    for name in ["code", "state", "iss"] {
        assert_eq!(location.matches(&format!("&{name}=")).count(), 1, "{name}: {location}");
    }
    assert_eq!((answer["state"].as_str(), answer["iss"].as_str()), ("s&code=x", site.issuer().as_str()));
}

#[tokio::test]
async fn attack_05_response_modes_before_the_redirect_uri_cve_2023_6927() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let browser = Browser::default();
    let code = site.code(&browser, &app, &[]).await;
    assert!(!code.is_empty());
    let modes =
        ["query", "fragment", "form_post", "form_post.jwt", "query.jwt", "fragment.jwt", "jwt", "web_message", "x", ""];
    let types = ["code", "none", "id_token", "token", "code id_token token", "x", ""];
    let mut findings = Findings::default();
    for mode in modes {
        for kind in types {
            for uri in ["https://evil.example/cb", "https://app.example/cb/", "javascript:alert(1)", "/cb"] {
                let request = site.request(
                    &app,
                    &[("redirect_uri", uri), ("response_mode", mode), ("response_type", kind), ("nonce", "n")],
                );
                let reply = site.authorize(&browser, &request).await;
                findings.judge(&format!("{mode} {kind} {uri}"), &reply, refused_on_our_page(&reply));
            }
            // at the registered address a mode that is not served is told, and no code is given
            let request = site.request(&app, &[("response_mode", mode), ("response_type", kind), ("nonce", "n")]);
            let reply = site.authorize(&browser, &request).await;
            if mode.contains("jwt") || ["web_message", "x"].contains(&mode) {
                let answer = answered(&reply);
                findings.check(answer.contains_key("error") && !answer.contains_key("code"), || {
                    format!("{mode} {kind}: {answer:?}")
                });
            }
        }
    }
    findings.none(300);
}

#[tokio::test]
async fn attack_06_patterns_in_registered_uris_cve_2024_52289() {
    let (world, site) = World::with_alice().await;
    let plain = world.app("plain", json!({})).await;
    let browser = Browser::default();
    let code = site.code(&browser, &plain, &[]).await;
    assert!(!code.is_empty());
    let mut findings = Findings::default();
    // a pattern is no pattern here: it is refused when it is saved, or means itself
    let patterns = [
        ("https://*", "https://evil.example/"),
        ("https:*", "https://evil.example/"),
        ("http*", "https://evil.example/"),
        ("https://app.example*", "https://app.example.evil.example/"),
        ("https://app.example*", "https://app.example@evil.example/"),
        ("https://app.example:*", "https://app.example:80@evil.example/"),
        ("https://*.app.example/cb", "https://evil.example/x.app.example/cb"),
        ("https://app.example/cb*/x", "https://app.example/cb/y/x"),
        ("https://app.example/*/cb", "https://app.example/x/cb"),
        ("https://app.example/**", "https://app.example/x"),
        ("https://.*", "https://evil.example/"),
        ("https://.+/cb", "https://evil.example/cb"),
        ("https://app.example/.", "https://app.example/x"),
        ("https://app.example/[a-z]+", "https://app.example/x"),
        ("https://app.example/(cb|x)", "https://app.example/x"),
        ("^https://app.example", "https://app.example"),
        ("https://app.example/cb$", "https://app.example/cb"),
        ("https://app.example/?", "https://app.example"),
        ("https://app?example/cb", "https://app.example/cb"),
        ("https://app.example/{x}", "https://app.example/x"),
        ("https://app.example/:x", "https://app.example/x"),
        ("https://app.example/%", "https://app.example/x"),
        ("+", "https://app.example/"),
        ("-", "https://app.example/"),
        ("", "https://app.example/"),
        (".*", "https://app.example/"),
        ("https://app.example/x", "https://appxexample/x"),
        ("https://app.example/x", "https://app-example/x"),
        ("HTTPS://APP.EXAMPLE/x", "https://app.example/x"),
    ];
    for (number, (registered, given)) in patterns.into_iter().enumerate() {
        let client = super::stage::application(&format!("p{number}"), json!({"redirectUris": [registered]}));
        let reply = world.admin.post(&r("/clients"), client).await;
        if reply.status == 400 {
            findings.check(true, String::new);
            continue;
        }
        reply.expect(201);
        let name = format!("p{number}");
        let request = [("client_id", name.as_str()), ("redirect_uri", given), ("response_type", "code")];
        let reply = site.authorize(&browser, &request).await;
        findings.judge(&format!("{registered} for {given}"), &reply, refused_on_our_page(&reply));
    }
    // the star alone, which imports from Keycloak may carry, stands for web addresses only
    let star = world.app("star", json!({"redirectUris": ["*"]})).await;
    for given in ["javascript:alert(1)", "data:text/html,x", "app:/cb", "https://user@evil.example/", "/cb", "*"] {
        let reply = site.authorize(&browser, &site.request(&star, &[("redirect_uri", given)])).await;
        findings.judge(&format!("* for {given}"), &reply, refused_on_our_page(&reply));
    }
    findings.none(30);
}
