//! Malformed requests of every kind: never 500, always JSON in both dialects, and the id finds the event.

use reqwest::Method;
use serde_json::json;

use crate::http::support::{REALM, REGISTRY, Reply, World, basic, r, send};

const FORM: &str = "application/x-www-form-urlencoded";

async fn world() -> World {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    // So many wrong passwords would lock the account.
    world.admin.put(&r(""), json!({"bruteForceProtected": false})).await.expect(204);
    world
}

/// One value for each way in which a field can be wrong.
fn odd_values() -> Vec<(&'static str, String)> {
    vec![
        ("empty", String::new()),
        ("space", "+".to_owned()),
        ("nul", "%00".to_owned()),
        ("nul inside", "a%00b".to_owned()),
        ("line break", "a%0d%0aX:1".to_owned()),
        ("no UTF-8", "%ff%fe".to_owned()),
        ("broken escape", "%zz".to_owned()),
        ("half an escape", "%".to_owned()),
        ("surrogate", "%ed%a0%80".to_owned()),
        ("wide", "%f0%9f%90%b3%e2%80%ae".to_owned()),
        ("markup", "%3Cscript%3Ealert(1)%3C/script%3E".to_owned()),
        ("quotes", "%22%27%3B--%5C".to_owned()),
        ("template", "%24%7Busername%7D".to_owned()),
        ("number", "18446744073709551616".to_owned()),
        ("JSON", "%7B%22a%22%3A%5B%5D%7D".to_owned()),
        ("path", "..%2F..%2Fetc%2Fpasswd".to_owned()),
        ("long", "a".repeat(5_000)),
        ("very long", "a".repeat(60_000)),
    ]
}

async fn get(world: &World, query: &str, authorization: &[&[u8]]) -> Reply {
    let mut request =
        format!("GET /realms/{REALM}/protocol/docker-v2/auth?{query} HTTP/1.1\r\nHost: id\r\nConnection: close\r\n")
            .into_bytes();
    for value in authorization {
        request.extend_from_slice(b"Authorization: ");
        request.extend_from_slice(value);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    world.raw(&request).await
}

async fn post(world: &World, body: &str) -> Reply {
    send(world.http.post(world.auth_url()).header("content-type", FORM).body(body.to_owned())).await
}

/// Whatever came in: an answer in JSON; a refusal with an id under which the event is found.
async fn assert_sound(world: &World, what: &str, reply: &Reply) {
    assert!(reply.status < 500, "{what}: {} {}", reply.status, reply.text());
    assert_eq!(reply.header("content-type"), Some("application/json"), "{what}: {} {}", reply.status, reply.text());
    if reply.status == 200 {
        let _ = reply.claims();
        return;
    }
    let id = reply.refusal_id();
    assert_eq!(reply.status == 401, reply.header("www-authenticate").is_some(), "{what}: {}", reply.status);
    let event = world.event(&id).await;
    assert_eq!(event["type"], "LOGIN_ERROR", "{what}: {event}");
}

#[tokio::test]
async fn any_field_of_a_query_may_be_anything() {
    let world = world().await;
    let good = basic("alice", "pw");
    for field in ["service", "scope", "account", "client_id", "offline_token", "unknown", "%00", "grant_type"] {
        for (kind, value) in odd_values() {
            // Longer addresses are refused by the HTTP server itself.
            let value = &value[..value.len().min(20_000)];
            let query = match field {
                "service" => format!("service={value}&scope=repository:a/b:pull"),
                field => format!("service={REGISTRY}&scope=repository:a/b:pull&{field}={value}"),
            };
            for authorization in [vec![], vec![good.as_bytes()]] {
                let reply = get(&world, &query, &authorization).await;
                assert_sound(&world, &format!("{field} {kind}"), &reply).await;
            }
        }
    }
}

#[tokio::test]
async fn any_field_of_a_form_may_be_anything() {
    let world = world().await;
    let fields =
        ["grant_type", "service", "client_id", "access_type", "scope", "username", "password", "refresh_token"];
    for grant in ["password", "refresh_token"] {
        let usual = [
            ("grant_type", grant),
            ("service", REGISTRY),
            ("client_id", "c"),
            ("access_type", "online"),
            ("scope", "repository:a/b:pull"),
            ("username", "alice"),
            ("password", "pw"),
            ("refresh_token", "ptk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ];
        for odd in fields {
            for (kind, value) in odd_values() {
                let pairs: Vec<_> = usual
                    .iter()
                    .map(|(name, usual)| format!("{name}={}", if *name == odd { &value } else { *usual }))
                    .collect();
                let reply = post(&world, &pairs.join("&")).await;
                assert_sound(&world, &format!("{grant}: {odd} {kind}"), &reply).await;
            }
            let without: Vec<_> =
                usual.iter().filter(|(name, _)| *name != odd).map(|(name, usual)| format!("{name}={usual}")).collect();
            let reply = post(&world, &without.join("&")).await;
            assert_sound(&world, &format!("{grant} without {odd}"), &reply).await;
            let needed = match odd {
                "grant_type" | "service" => true,
                "username" | "password" => grant == "password",
                "refresh_token" => grant == "refresh_token",
                _ => false,
            };
            let usual_status = if grant == "password" { 200 } else { 401 };
            assert_eq!(reply.status, if needed { 400 } else { usual_status }, "{grant} without {odd}");
        }
    }
}

#[tokio::test]
async fn bodies_that_are_no_forms_are_refused() {
    let world = world().await;
    for body in ["", "&", "=", "&&&===", "grant_type", "{}", "\u{0}", "grant_type=password&&service", "%", "a=%zz&b"] {
        let reply = post(&world, body).await;
        assert_sound(&world, body, &reply).await;
        assert_eq!(reply.status, 400, "{body:?}");
    }
    let kinds: [Option<&str>; 7] = [
        None,
        Some(""),
        Some("application/json"),
        Some("text/plain"),
        Some("multipart/form-data; boundary=x"),
        Some("application/x-www-form-urlencodedx"),
        Some(";"),
    ];
    for kind in kinds {
        let mut request = world.http.post(world.auth_url()).body("grant_type=password&service=registry");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let reply = send(request).await.expect(415);
        assert_sound(&world, &format!("{kind:?}"), &reply).await;
    }
}

#[tokio::test]
async fn any_authorization_header_is_an_attempt_to_log_in() {
    let world = world().await;
    let long = basic(&"u".repeat(300), "p");
    let huge = basic("alice", &"p".repeat(5_000));
    let headers: Vec<&[u8]> = vec![
        b"",
        b"Basic",
        b"Basic ",
        b"Basic Og==",
        b"Basic !!!",
        b"Basic YQ==",
        b"Basic YTo=",
        b"Basic OmE=",
        b"Basic AAAA",
        b"Basic YWxpY2UAOnB3",
        b"Basic /////w==",
        b"Bearer x",
        b"Bearer",
        b"Digest username=alice",
        b"Negotiate YQ==",
        b"basic",
        b"\xff\xfe",
        b"Basic \xff",
        long.as_bytes(),
        huge.as_bytes(),
    ];
    for header in headers {
        let reply = get(&world, &format!("service={REGISTRY}"), &[header]).await;
        assert_eq!(reply.status, 401, "{:?}: {}", String::from_utf8_lossy(header), reply.text());
        assert_sound(&world, "Authorization", &reply).await;
    }
    let good = basic("alice", "pw");
    let reply = get(&world, &format!("service={REGISTRY}"), &[good.as_bytes(), good.as_bytes()]).await;
    assert_eq!(reply.status, 401);
    assert_sound(&world, "two headers", &reply).await;
    // a form carries its credentials itself
    let form = [("grant_type", "password"), ("service", REGISTRY), ("username", "alice"), ("password", "pw")];
    let reply = send(world.http.post(world.auth_url()).form(&form).basic_auth("alice", Some("pw"))).await.expect(400);
    assert_sound(&world, "both", &reply).await;
}

#[tokio::test]
async fn single_fields_occur_once() {
    let world = world().await;
    let query = [("service", REGISTRY), ("scope", "repository:a/b:pull")];
    for field in ["service", "account", "client_id", "offline_token"] {
        let mut query = query.to_vec();
        query.extend([(field, REGISTRY), (field, REGISTRY)]);
        let reply = world.docker_get(&query, None).await.expect(400);
        assert_sound(&world, field, &reply).await;
    }
    let form = [("grant_type", "password"), ("service", REGISTRY), ("username", "alice"), ("password", "pw")];
    for field in ["grant_type", "service", "username", "password", "client_id", "access_type"] {
        let mut form = form.to_vec();
        form.extend([(field, "x"), (field, "x")]);
        let reply = world.docker_post(&form).await.expect(400);
        assert_sound(&world, field, &reply).await;
    }
}

#[tokio::test]
async fn other_methods_and_paths_are_refused_in_json() {
    let world = world().await;
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
        let reply = send(world.http.request(method.clone(), world.auth_url())).await.expect(405);
        reply.refusal_id();
        let allow = reply.header("allow").unwrap();
        assert!(allow.contains("GET") && allow.contains("POST"), "{method}: {allow}");
    }
    let head = send(world.http.head(world.auth_url())).await.expect(405);
    assert_eq!((head.header("content-type"), head.body.len()), (Some("application/json"), 0));
    for path in ["auth/", "auth/x", "token", "", "certs/x", "../docker-v2/nothing", "AUTH"] {
        let reply = send(world.http.get(world.url(&format!("/realms/{REALM}/protocol/docker-v2/{path}")))).await;
        reply.expect(404).refusal_id();
    }
}

#[tokio::test]
async fn realms_that_are_not_there_are_refused_in_json() {
    let world = world().await;
    let long = "r".repeat(3_000);
    for realm in ["nothing", "ACME", "acme%20", "%00", "a%00b", "%ff", "%2e%2e%2fmaster", "acme%2f", "💥", &long] {
        for path in ["auth?service=registry", "certs", "ca.pem"] {
            let url = world.url(&format!("/realms/{realm}/protocol/docker-v2/{path}"));
            let reply = send(world.http.get(url)).await;
            assert!([400, 404].contains(&reply.status), "{realm}: {} {}", reply.status, reply.text());
            assert_eq!(reply.header("content-type"), Some("application/json"), "{realm}: {}", reply.text());
            assert!(reply.json()["errors"][0]["message"].is_string(), "{realm}: {}", reply.text());
        }
        let url = world.url(&format!("/realms/{realm}/protocol/docker-v2/auth"));
        let form = [("grant_type", "password"), ("service", REGISTRY), ("username", "a"), ("password", "b")];
        assert!([400, 404].contains(&send(world.http.post(url).form(&form)).await.status), "{realm}");
    }
    // one that is disabled is none
    world.admin.put(&r(""), json!({"enabled": false})).await.expect(204);
    let reply = world.pull_token(Some(("alice", "pw")), &[]).await.expect(404);
    reply.refusal_id();
}

#[tokio::test]
async fn bodies_that_are_too_long_are_413() {
    let world = world().await;
    for length in [64 * 1024 + 1, 1024 * 1024, 3 * 1024 * 1024] {
        let head = format!(
            "POST /realms/{REALM}/protocol/docker-v2/auth HTTP/1.1\r\nHost: id\r\nConnection: close\r\n\
             Content-Type: {FORM}\r\nContent-Length: {length}\r\n\r\n"
        );
        let mut request = head.into_bytes();
        request.extend(std::iter::repeat_n(b'a', length));
        let reply = world.raw(&request).await;
        assert_eq!(reply.status, 413, "{length}: {}", reply.text());
        reply.refusal_id();
    }
    // without a length it is noticed on the way
    let mut request = format!(
        "POST /realms/{REALM}/protocol/docker-v2/auth HTTP/1.1\r\nHost: id\r\nConnection: close\r\n\
         Content-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    .into_bytes();
    for _ in 0..20 {
        request.extend_from_slice(b"2000\r\n");
        request.extend(std::iter::repeat_n(b'a', 0x2000));
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    let reply = world.raw(&request).await;
    assert_eq!(reply.status, 413, "{}", reply.text());
}
