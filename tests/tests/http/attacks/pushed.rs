//! Pushed authorization requests (RFC 9126): a reference is good once, for one client, for a minute, and tells nothing.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use super::{
    findings::Findings,
    pages::refused_on_our_page,
    stage::{ALICE, Browser, CALLBACK, answered, location},
};
use crate::http::support::{World, r, send};

#[tokio::test]
async fn attack_15_a_request_uri_again_cve_2026_96446() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let other = world.app("other", json!({})).await;
    let strict = world.app("strict", json!({"attributes": {"require.pushed.authorization.requests": "true"}})).await;
    world.admin.post("/realms", json!({"realm": "second", "enabled": true})).await.expect(201);
    let second = world.site("second");
    let twin = world.app_in("second", "app", json!({})).await;
    let browser = Browser::default();
    let mut findings = Findings::default();
    let by = |app: &super::stage::App, uri: &str| {
        vec![("client_id".to_owned(), app.client_id.clone()), ("request_uri".to_owned(), uri.to_owned())]
    };
    // used twice: with a login, with prompt=none before anybody is logged in, and with a session
    let uri = site.push(&app, &[]).await;
    let first = site.authorize(&browser, &pairs(&by(&app, &uri))).await;
    assert!(location(&first).contains("/login-actions/"), "{}", location(&first));
    let again = site.authorize(&browser, &pairs(&by(&app, &uri))).await;
    findings.judge("twice", &again, refused_on_our_page(&again));
    let uri = site.push(&app, &[("prompt", "none")]).await;
    let first = site.authorize(&browser, &pairs(&by(&app, &uri))).await;
    assert_eq!(answered(&first)["error"], "login_required");
    for further in [vec![], vec![("prompt".to_owned(), "login".to_owned())]] {
        let again = site.authorize(&browser, &pairs(&[by(&app, &uri), further].concat())).await;
        findings.judge("after prompt=none", &again, refused_on_our_page(&again));
    }
    let code = site.code(&browser, &app, &[]).await;
    assert!(!code.is_empty());
    let uri = site.push(&app, &[]).await;
    assert!(answered(&site.authorize(&browser, &pairs(&by(&app, &uri))).await).contains_key("code"));
    let again = site.authorize(&browser, &pairs(&by(&app, &uri))).await;
    findings.judge("twice with a session", &again, refused_on_our_page(&again));
    // by another client, in another realm: refused, and still there for its own
    let uri = site.push(&app, &[]).await;
    let reply = site.authorize(&browser, &pairs(&by(&other, &uri))).await;
    findings.judge("another client", &reply, refused_on_our_page(&reply));
    let reply = second.authorize(&browser, &pairs(&by(&twin, &uri))).await;
    findings.judge("another realm", &reply, refused_on_our_page(&reply));
    let reply = site.authorize(&browser, &[("request_uri", &uri)]).await;
    findings.judge("no client", &reply, refused_on_our_page(&reply));
    assert!(answered(&site.authorize(&browser, &pairs(&by(&app, &uri))).await).contains_key("code"));
    // too late
    let reply = site.post("ext/par/request", &app.form(&[("response_type", "code"), ("redirect_uri", CALLBACK)])).await;
    let pushed = reply.expect(201).json();
    let lasts = pushed["expires_in"].as_u64().unwrap();
    assert!((5..=600).contains(&lasts), "{lasts}");
    world.wait(lasts);
    let reply = site.authorize(&browser, &pairs(&by(&app, pushed["request_uri"].as_str().unwrap()))).await;
    findings.judge("too late", &reply, refused_on_our_page(&reply));
    // made up
    let prefix = "urn:ietf:params:oauth:request_uri:";
    for drawn in ["", "x", "%00", &"a".repeat(43), &"a".repeat(64), &"a".repeat(3_000), "../x", "' or 1=1"] {
        let reply = site.authorize(&browser, &pairs(&by(&app, &format!("{prefix}{drawn}")))).await;
        findings.judge(&format!("made up {drawn:.20}"), &reply, refused_on_our_page(&reply));
    }
    // a reference can't be pushed (RFC 9126 section 2.1)
    let uri = site.push(&app, &[]).await;
    let reply = site.post("ext/par/request", &app.form(&[("request_uri", &uri)])).await;
    findings.judge("pushed again", &reply, super::pages::refused_in_json(&reply, &["invalid_request"]));
    // a client that has to push can't do without, also if it names the same parameters
    let reply = site.authorize(&browser, &site.request(&strict, &[])).await;
    findings.check(!answered(&reply).contains_key("code"), || "not pushed".to_owned());
    let uri = site.push(&strict, &[]).await;
    assert!(answered(&site.authorize(&browser, &pairs(&by(&strict, &uri))).await).contains_key("code"));
    findings.none(17);
}

fn pairs(owned: &[(String, String)]) -> Vec<(&str, &str)> {
    owned.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn attack_16_the_pushed_body_appears_nowhere_cve_2024_4540() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let events = json!({"eventsEnabled": true, "enabledEventTypes": []});
    world.admin.put(&r("/events/config"), events).await.expect(204);
    let browser = Browser::default();
    const MARK: &str = "6f1d2c0e-a-secret-of-the-request";
    let claims = json!({"id_token": {"sub": null, MARK: null}}).to_string();
    let pushed = [("state", MARK), ("nonce", MARK), ("claims", claims.as_str()), ("unknown", MARK)];
    let uri = site.push(&app, &pushed).await;
    let mut seen = vec![uri.clone()];
    let first = site.authorize(&browser, &[("client_id", "app"), ("request_uri", &uri)]).await;
    seen.push(format!("{:?}", first.headers));
    seen.push(first.text());
    let page = site.follow(&browser, &first).await.expect(200);
    seen.push(format!("{:?}", page.headers));
    seen.push(page.text());
    seen.push(browser.cookies());
    let refused = site.type_password(&browser, &first, ("alice", "wrong")).await;
    seen.push(refused.text());
    let last = site.type_password(&browser, &first, ALICE).await;
    assert_eq!(answered(&last)["state"], MARK, "the application hears its own state");
    seen.push(browser.cookies());
    for text in &seen {
        assert!(!text.contains(MARK), "{text}");
    }
    // nor in an event, nor in any table once it is used but where the code waits for the application
    let events = world.admin.read(&r("/events?max=100")).await;
    assert!(events.as_array().is_some_and(|events| !events.is_empty()), "{events}");
    assert!(!events.to_string().contains(MARK), "{events}");
    let code = answered(&last)["code"].clone();
    site.redeem(&app, &code).await.expect(200);
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let tables = sqlx::query("select table_name::text from information_schema.tables where table_schema = 'public'")
        .fetch_all(&mut database)
        .await
        .unwrap();
    for table in tables {
        let table: String = table.get(0);
        let sql = format!("select count(*) from {table} t where t::text like '%6f1d2c0e%'");
        let count: i64 = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut database).await.unwrap().get(0);
        // the family knows which claims its tokens show
        assert_eq!(count, i64::from(table == "client_sessions"), "{table}");
    }
}

#[tokio::test]
async fn attack_17_parameters_beside_the_request_rfc_9101_6_3() {
    let (world, site) = World::with_alice().await;
    let key = tests::verifier::forge::KeyPair::rsa();
    let jwks = json!({"keys": [key.jwk("k")]}).to_string();
    let signs = json!({
        "redirectUris": [CALLBACK, "https://app.example/other"],
        "attributes": {"use.jwks.string": "true", "jwks.string": jwks},
    });
    let app = world.app("app", signs).await;
    let browser = Browser::default();
    let warm = site.code(&browser, &app, &[]).await;
    assert!(!warm.is_empty());
    let inside: [(&str, &str); 6] = [
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid"),
        ("state", "inside"),
        ("nonce", "inside"),
        ("prompt", "none"),
    ];
    let beside = [
        ("redirect_uri", "https://app.example/other"),
        ("redirect_uri", "https://evil.example/"),
        ("response_type", "code id_token token"),
        ("response_mode", "fragment"),
        ("response_mode", "form_post"),
        ("scope", "openid offline_access"),
        ("state", "beside"),
        ("nonce", "beside"),
        ("prompt", "login"),
        ("max_age", "0"),
        ("code_challenge", "beside-beside-beside-beside-beside-beside-beside"),
        ("code_challenge_method", "plain"),
        ("login_hint", "mallory"),
        ("claims", "{\"id_token\":{\"email\":null}}"),
        ("kc_action", "UPDATE_PASSWORD"),
        ("id_token_hint", "x"),
        ("acr_values", "9"),
        ("request", "x"),
    ];
    let mut findings = Findings::default();
    for (name, value) in beside {
        let by_reference = site.push(&app, &inside).await;
        let mut claims = json!({"iss": "app", "client_id": "app", "aud": site.issuer()});
        for (name, value) in inside {
            claims[name] = Value::from(value);
        }
        let object = key.token(&json!({"alg": "RS256", "kid": "k"}), &claims);
        for (kind, parameter, object) in [("pushed", "request_uri", by_reference), ("signed", "request", object)] {
            if parameter == name {
                continue;
            }
            let query = [("client_id", "app"), (parameter, object.as_str()), (name, value)];
            let reply = site.authorize(&browser, &query).await;
            let what = format!("{kind}, beside it {name}={value}");
            if reply.status == 400 {
                findings.judge(&what, &reply, refused_on_our_page(&reply));
                continue;
            }
            let answer = answered(&reply);
            let (to, given) = (location(&reply), answer.get("code").cloned().unwrap_or_default());
            let as_inside =
                to.starts_with(&format!("{CALLBACK}?")) && answer.get("state").is_some_and(|s| s == "inside");
            findings.check(as_inside && !given.is_empty(), || format!("{what}: {to}"));
            let reply = site.redeem(&app, &given).await;
            findings.judge(&what, &reply, if reply.status == 200 { Ok(()) } else { Err("refused".to_owned()) });
            let tokens = reply.json();
            let id = tests::docker::claims(tokens["id_token"].as_str().unwrap_or_default());
            findings.check(id["nonce"] == "inside" && id.get("email").is_none(), || format!("{what}: {id}"));
            findings.check(!tokens["scope"].as_str().unwrap_or_default().contains("offline"), || {
                format!("{what}: {}", tokens["scope"])
            });
        }
    }
    findings.none(60);
    // the client beside it is the one that pushed or signed
    let other = world.app("other", json!({})).await;
    let uri = site.push(&app, &inside).await;
    let reply = site.authorize(&browser, &[("client_id", &other.client_id), ("request_uri", &uri)]).await;
    refused_on_our_page(&reply).unwrap();
    let reply = send(site.http.get(site.protocol("auth")).query(&[("request_uri", &uri)])).await;
    refused_on_our_page(&reply).unwrap();
}
