//! Attacks on what stands around every door: names, headers, origins and paths. The numbers are those of the list of
//! known attacks.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Hosting, docker::claims};
use web::{ForwardedHeader, PublicAddress, TrustedProxies};

use super::support::{Api, EVERYONE_MAPPER, REALM, REGISTRY, Reply, World, r, send};

/// What somebody sends who wants to be taken for a proxy.
const FORGED: [(&str, &str); 9] = [
    ("host", "evil.example"),
    ("forwarded", "for=6.6.6.6;host=evil.example;proto=https"),
    ("x-forwarded-for", "6.6.6.6"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-proto", "https"),
    ("x-forwarded-port", "666"),
    ("x-forwarded-prefix", "/evil"),
    ("x-real-ip", "6.6.6.6"),
    ("x-original-url", "/admin/realms"),
];

fn forged(request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
    FORGED.iter().fold(request, |request, (name, value)| request.header(*name, *value))
}

#[track_caller]
fn unmoved(reply: &Reply) {
    let headers = format!("{:?}", reply.headers);
    for evil in ["evil", "6.6.6.6", ":666"] {
        assert!(
            !reply.text().contains(evil) && !headers.contains(evil),
            "{}: {headers} {}",
            reply.request,
            reply.text()
        );
    }
}

#[tokio::test]
async fn attack_56_forged_names_and_addresses_change_nothing() {
    let world = World::start().await;
    let base = world.server.url().to_owned();
    let registry = world.registry(REGISTRY, json!({})).await;
    world.mapper(&registry, "all", EVERYONE_MAPPER, json!({"repositories": "**", "actions": "pull"})).await;
    world.user("alice", "pw").await;
    world.admin.put(&r("/events/config"), json!({"eventsEnabled": true})).await.expect(204);
    // the same bytes with and without
    for path in [
        "/".to_owned(),
        format!("/realms/{REALM}"),
        format!("/realms/{REALM}/.well-known/openid-configuration"),
        format!("/realms/{REALM}/protocol/openid-connect/certs"),
        format!("/realms/{REALM}/protocol/docker-v2/certs"),
        "/nowhere".to_owned(),
    ] {
        let usual = send(world.http.get(world.url(&path))).await;
        let reply = send(forged(world.http.get(world.url(&path)))).await;
        unmoved(&reply);
        assert_eq!((reply.status, reply.text()), (usual.status, usual.text()), "{path}");
        assert_eq!(reply.header("strict-transport-security"), None);
        // the absolute form of the target is a host too
        let target =
            format!("GET http://evil.example{path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
        unmoved(&world.raw(target.as_bytes()).await);
    }
    // issuers
    let form = [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "alice"), ("password", "pw")];
    let token = format!("/realms/{REALM}/protocol/openid-connect/token");
    let reply = send(forged(world.http.post(world.url(&token)).form(&form))).await.expect(200);
    assert_eq!(claims(&reply.access_token())["iss"], format!("{base}/realms/{REALM}"));
    let request = world.http.get(world.auth_url()).query(&[("service", REGISTRY)]).basic_auth("alice", Some("pw"));
    assert_eq!(send(forged(request)).await.expect(200).claims()["iss"], format!("{base}/realms/{REALM}"));
    // links
    let location = send(forged(world.admin.request(Method::POST, &r("/roles")).json(&json!({"name": "a"})))).await;
    assert_eq!(location.header("location").unwrap(), format!("{base}/admin/realms/{REALM}/roles/a"));
    let list = world.admin.read("/serverinfo").await;
    let kinds: Vec<_> = list["clientInstallations"].as_object().into_iter().flatten().collect();
    assert!(kinds.len() > 1, "{kinds:?}");
    for (protocol, installations) in kinds {
        for installation in installations.as_array().into_iter().flatten() {
            let client = if protocol == "docker-v2" { &registry } else { &world.client_id(REALM, "account").await };
            let id = installation["id"].as_str().unwrap();
            let path = r(&format!("/clients/{client}/installation/providers/{id}"));
            unmoved(&send(forged(world.admin.request(Method::GET, &path))).await);
        }
    }
    // addresses, those of failed logins too
    for _ in 0..3 {
        let form =
            [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "alice"), ("password", "wrong")];
        send(forged(world.http.post(world.url(&token)).form(&form))).await.expect(401);
    }
    let events = world.admin.read(&r("/events")).await;
    let events = events.as_array().unwrap();
    assert!(events.len() >= 3);
    assert!(events.iter().all(|event| event["ipAddress"] == "127.0.0.1"), "{events:?}");
    // nor does `sslRequired` believe it
    world.admin.put(&r(""), json!({"sslRequired": "all"})).await.expect(204);
    let reply = send(forged(world.http.post(world.url(&token)).form(&form))).await;
    assert!([400, 403].contains(&reply.status), "{} {}", reply.status, reply.text());
}

/// Where the host decides, it does so alone: what a stranger says of other hops is not believed there either.
#[tokio::test]
async fn attack_56_in_development_only_the_host_is_believed() {
    let world = World::hosted(Hosting { address: PublicAddress::OfRequest, ..Hosting::default() }).await;
    let path = format!("/realms/{REALM}/.well-known/openid-configuration");
    let request = FORGED[1..]
        .iter()
        .fold(world.http.get(world.url(&path)), |request, (name, value)| request.header(*name, *value));
    let reply = send(request).await.expect(200);
    unmoved(&reply);
    assert_eq!(reply.json()["issuer"], format!("{}/realms/{REALM}", world.server.url()));
}

/// Nothing that was sent gets a line of its own into the head of an answer.
#[tokio::test]
async fn attack_59_no_line_breaks_get_into_headers() {
    let proxies = TrustedProxies::new(vec!["127.0.0.1".parse().unwrap()], ForwardedHeader::XForwarded);
    let world = World::hosted(Hosting { address: PublicAddress::OfRequest, proxies, ..Hosting::default() }).await;
    let registry = world.registry(REGISTRY, json!({})).await;
    let change = json!({"webOrigins": ["*", "https://a.example\r\nX-Evil: 1"]});
    world.admin.put(&r(&format!("/clients/{registry}")), change).await;
    let clean = |reply: &Reply| {
        assert!(reply.status < 500, "{}: {}", reply.request, reply.text());
        assert_eq!(reply.header("x-evil"), None, "{}", reply.request);
        assert!(reply.headers.values().all(|value| value.as_bytes().iter().all(|byte| *byte >= b' ')));
    };
    let encoded = "%0d%0aX-Evil:%201%0d%0a%0d%0a<html>";
    let raw = async |head: &str| world.raw(format!("{head}Connection: close\r\n\r\n").as_bytes()).await;
    // the path, which the challenge and the page could repeat
    for path in [
        format!("/realms/{REALM}{encoded}/protocol/docker-v2/auth?service=registry"),
        format!("/realms/{REALM}{encoded}"),
        format!("/realms/{REALM}/protocol/docker-v2/auth?service=registry{encoded}&scope={encoded}"),
        format!("/admin/realms/{REALM}{encoded}/users"),
        format!("/{encoded}"),
        format!("/static/{encoded}"),
    ] {
        clean(&raw(&format!("GET {path} HTTP/1.1\r\nHost: a\r\n")).await);
    }
    // header values that are repeated or read
    let auth = format!("GET /realms/{REALM}/protocol/docker-v2/auth?service=registry HTTP/1.1\r\n");
    for value in [encoded, "a\rX-Evil: 1", "a\r\n X-Evil: 1", "a\nX-Evil: 1", "a\0b", "a\u{b}b"] {
        let reply = raw(&format!("{auth}Host: {value}\r\n")).await;
        clean(&reply);
        // `a\nX-Evil: 1` is a host, and another header of the request (RFC 9112, section 2.2)
        assert_eq!(reply.status, if value.contains('\n') && !value.contains('\r') { 401 } else { 400 }, "{value:?}");
        for header in ["Origin", "X-Request-Id", "User-Agent", "X-Forwarded-For"] {
            let reply = raw(&format!("{auth}Host: a\r\n{header}: {value}\r\n")).await;
            clean(&reply);
            assert_eq!(reply.header("access-control-allow-origin"), None, "{header}: {value:?}");
            assert_ne!(reply.header("x-request-id"), Some(value));
        }
        let reply =
            raw(&format!("{auth}Host: a\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Host: {value}\r\n")).await;
        clean(&reply);
    }
    // names that get into `Location`
    for (path, body) in [
        ("/realms".to_owned(), json!({"realm": "x\r\nX-Evil: 1"})),
        (r("/roles"), json!({"name": "x\r\nX-Evil: 1"})),
        (r("/clients"), json!({"clientId": "x\r\nX-Evil: 1"})),
        (r("/client-scopes"), json!({"name": "x\r\nX-Evil: 1", "protocol": "openid-connect"})),
        (r("/groups"), json!({"name": "x\r\nX-Evil: 1"})),
        (r("/users"), json!({"username": "x\r\nX-Evil: 1"})),
    ] {
        let reply = world.admin.post(&path, body).await;
        clean(&reply);
        assert!([201, 400].contains(&reply.status), "{path} {}", reply.status);
        assert!(path != "/realms" || reply.status == 400, "a realm's name is a part of every address");
        if let Some(location) = reply.header("location") {
            assert!(!location.contains(' ') && location.starts_with(world.server.url()), "{location}");
        }
    }
}

/// What is sent back to an application goes through `Location` too.
#[tokio::test]
async fn attack_59_no_line_breaks_get_into_redirects() {
    let world = World::start().await;
    let client = |uris: Value| json!({"clientId": "app", "publicClient": true, "redirectUris": uris});
    for broken in ["https://rp.example/cb\r\nX-Evil: 1", "https://rp.example/\n*", "app://cb\r"] {
        world.admin.post(&r("/clients"), client(json!([broken]))).await.expect(400);
    }
    world
        .admin
        .post(&r("/clients"), client(json!(["https://rp.example/cb", "https://rp.example/at/*"])))
        .await
        .created();
    let path = format!("/realms/{REALM}/protocol/openid-connect/auth?client_id=app&response_type=code&prompt=none");
    let pkce = "code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    for evil in ["%0d%0aX-Evil:%201", "%0aX-Evil:%201", "%0d", "%0d%0a%0d%0a<html>", "%E5%98%8D%E5%98%8AX-Evil:%201"] {
        let at = async |redirect_uri: &str, state: &str| {
            let target =
                format!("{path}&{pkce}&scope=openid&redirect_uri=https://rp.example/{redirect_uri}&state={state}");
            send(world.http.get(world.url(&target))).await
        };
        let told = at("cb", evil).await;
        assert_eq!(told.status, 302, "{}", told.text());
        let location = told.header("location").unwrap();
        assert!(location.starts_with("https://rp.example/cb?"), "{location}");
        for reply in [told, at(&format!("cb{evil}"), "x").await, at(&format!("at/{evil}"), "x").await] {
            assert!(reply.status < 500, "{}", reply.request);
            assert_eq!(reply.header("x-evil"), None, "{}", reply.request);
            let clean = |location: &str| location.bytes().all(|byte| byte.is_ascii_graphic());
            assert!(reply.header("location").is_none_or(clean), "{:?}", reply.header("location"));
        }
    }
}

/// What an answer lets a page do: the origin that may read it, and whether with credentials.
fn permitted(reply: &Reply) -> (Option<&str>, bool) {
    (reply.header("access-control-allow-origin"), reply.header("access-control-allow-credentials").is_some())
}

#[tokio::test]
async fn attack_60_only_listed_origins_may_read_answers() {
    let world = World::start().await;
    world.user("alice", "pw").await;
    let listed = "https://app.example.org";
    let client = async |web_origins: Value| {
        let id = world.client_id(REALM, "admin-cli").await;
        let change = json!({"webOrigins": web_origins, "redirectUris": ["https://other.example.org/cb/*"]});
        world.admin.put(&r(&format!("/clients/{id}")), change).await.expect(204);
    };
    let ask = async |password: &str, origins: &[&str]| {
        let form =
            [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "alice"), ("password", password)];
        let url = world.url(&format!("/realms/{REALM}/protocol/openid-connect/token"));
        let request = world.http.post(url).form(&form);
        send(origins.iter().fold(request, |request, origin| request.header("origin", *origin))).await
    };
    client(json!([listed])).await;
    for (password, status) in [("pw", 200), ("wrong", 401)] {
        let reply = ask(password, &[listed]).await.expect(status);
        assert_eq!(permitted(&reply), (Some(listed), true));
        assert!(reply.header("vary").is_some_and(|vary| vary.contains("Origin")));
        for origin in [
            "null",
            "https://evil.example",
            "http://app.example.org",
            "https://app.example.org:8443",
            "https://app.example.org.evil.example",
            "https://evil.example/https://app.example.org",
            "https://app.example.org@evil.example",
            "https://appXexample.org",
            "https://sub.app.example.org",
            "https://other.example.org",
            "HTTPS://APP.EXAMPLE.ORG",
            "https://app.example.org/",
            "https://app.example.org https://evil.example",
            "*",
            "",
        ] {
            let reply = ask(password, &[origin]).await.expect(status);
            assert_eq!(permitted(&reply), (None, false), "{origin}");
        }
        assert_eq!(permitted(&ask(password, &[listed, "https://evil.example"]).await), (None, false));
    }
    // `+` are the origins of the redirect URIs, `*` is everybody but `null`
    client(json!(["+"])).await;
    assert_eq!(permitted(&ask("pw", &["https://other.example.org"]).await).0, Some("https://other.example.org"));
    assert_eq!(permitted(&ask("pw", &[listed]).await), (None, false));
    client(json!(["*", "null"])).await;
    assert_eq!(permitted(&ask("pw", &["https://any.example"]).await), (Some("https://any.example"), true));
    assert_eq!(permitted(&ask("pw", &["null"]).await), (None, false));
    // no list at all
    client(json!([])).await;
    assert_eq!(permitted(&ask("pw", &[listed]).await), (None, false));
}

/// CVE-2026-37977: origins were taken from a token before it was verified.
#[tokio::test]
async fn attack_60_a_token_that_is_not_ours_allows_no_origin() {
    let world = World::start().await;
    let listed = "https://evil.example";
    let claims = json!({
        "iss": format!("{}/realms/master", world.server.url()), "typ": "Bearer", "azp": "admin-cli",
        "exp": 4_102_444_800_u64, "allowed-origins": [listed, "*"],
    });
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let own = world.admin.token.clone().unwrap();
    let signature = own.rsplit('.').next().unwrap();
    for header in [json!({"alg": "none"}), json!({"alg": "RS256"}), json!({"alg": "HS256"})] {
        let token = format!("{}.{}.{signature}", part(&header), part(&claims));
        let api = Api { token: Some(token.clone()), ..world.admin.clone() };
        for path in ["/serverinfo".to_owned(), r(""), r("/users")] {
            for method in [Method::GET, Method::POST] {
                let reply = send(api.request(method, &path).header("origin", listed)).await;
                assert!(reply.status >= 400, "{path}: {}", reply.status);
                assert_eq!(permitted(&reply), (None, false), "{path}");
            }
        }
        let url = world.url(&format!("/realms/{REALM}/protocol/openid-connect/token"));
        let form = [("grant_type", "refresh_token"), ("client_id", "admin-cli"), ("refresh_token", token.as_str())];
        let reply = send(world.http.post(url).form(&form).header("origin", listed)).await;
        assert_eq!(permitted(&reply), (None, false));
    }
}

/// Sends this target as it is: a client's library would tidy it.
async fn at(world: &World, method: &str, path: &str, token: Option<&str>) -> Reply {
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {REALM}\r\n{authorization}Connection: close\r\n\r\n");
    world.raw(head.as_bytes()).await
}

/// Ways to write `path`, which has at least two segments, that a careless comparison takes for something else.
fn tricks(path: &str) -> Vec<String> {
    let (first, rest) = path[1..].split_once('/').unwrap();
    let last = path.rsplit('/').next().unwrap();
    let up = "/..".repeat(path.matches('/').count());
    vec![
        format!("/{path}"),
        format!("//{first}//{rest}"),
        format!("/{first}//{rest}"),
        format!("/.{path}"),
        format!("/./{first}/./{rest}"),
        format!("/x/..{path}"),
        format!("/x/%2e%2e{path}"),
        format!("/static/..{path}"),
        format!("/static/..%2f{first}/{rest}"),
        format!("/static/..;{path}"),
        format!("/{first}/x/../{rest}"),
        format!("/{first}%2f{rest}"),
        format!("/{first}%5c{rest}"),
        format!("/{first}\\{rest}"),
        format!("/{first};x/{rest}"),
        format!("/{first};/{rest}"),
        format!("/{first}/{rest};x=1"),
        format!("/{first}/{rest};jsessionid=1"),
        format!("/{first}/{rest}%3bx"),
        format!("/{first}/{rest}%2f"),
        format!("/{first}/{rest}%2f.."),
        format!("/{first}/{rest}/..%2f{last}"),
        format!("/{first}/{rest}/."),
        format!("/{first}/{rest}/.."),
        format!("/{first}/{rest}{up}{path}"),
        format!("/{first}/{rest}%00"),
        format!("/{first}/{rest}%00.css"),
        format!("/{first}/{rest}%0d%0a"),
        format!("/{first}/{rest}%20"),
        format!("/{first}/{rest}."),
        format!("/{first}/{rest}%2e"),
        format!("/{first}/{rest}%23x"),
        format!("/{first}/{rest}%3fx"),
        format!("/{first}/{rest}%ff"),
        format!("/{first}/{rest}%c0%af"),
        format!("/{first}/{rest}%"),
        format!("/{first}/{rest}%zz"),
        format!("/{first}/{rest}%252f"),
        format!("/{}/{rest}", first.to_uppercase()),
        format!("/{first}/{}", rest.to_uppercase()),
        format!("/{first}/{}", rest.replacen('a', "%EF%BD%81", 1)),
        format!("/{first}/{}", rest.replacen('a', "%D0%B0", 1)),
        format!("/{first}%E2%88%95{rest}"),
        // the same path, with a letter encoded (RFC 3986, section 6.2.2.2)
        format!("/%{:02X}{}/{rest}", first.as_bytes()[0], &first[1..]),
        format!("{path}/"),
        format!("{path}?/../x"),
        format!("http://x{path}"),
    ]
}

#[tokio::test]
async fn attack_63_other_ways_to_write_a_path_lead_nowhere_else() {
    let world = World::start().await;
    world.user("alice", "pw").await;
    let style = send(world.http.get(world.url("/"))).await.text();
    let style =
        style.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|url| url.starts_with("/static/"));
    let style = style.expect("a style sheet").to_owned();
    let owned = world.user("boss", "pw").await;
    world.grant_admin(REALM, &owned, "realm-admin").await;
    let boss = world.api(REALM, "boss", "pw").await.token;
    let nobody = world.api(REALM, "alice", "pw").await.token;
    for (path, token) in [
        (format!("/realms/{REALM}"), None),
        (format!("/realms/{REALM}/protocol/openid-connect/certs"), None),
        (format!("/realms/{REALM}/protocol/docker-v2/certs"), None),
        (style, None),
        ("/health/live".to_owned(), None),
        ("/admin/realms".to_owned(), None),
        (format!("/admin/realms/{REALM}/users"), None),
        (format!("/admin/realms/{REALM}/users"), nobody.as_deref()),
        (format!("/admin/realms/{REALM}/users"), boss.as_deref()),
        ("/admin/realms/master/users".to_owned(), boss.as_deref()),
        ("/admin/realms/master/clients".to_owned(), nobody.as_deref()),
    ] {
        for method in ["GET", "POST"] {
            let canonical = at(&world, method, &path, token).await;
            for trick in tricks(&path) {
                let reply = at(&world, method, &trick, token).await;
                // Nothing is there, or the very same thing under the very same rule.
                let same = reply.status == canonical.status && reply.body == canonical.body;
                let refused = [400, 404, 405].contains(&reply.status);
                // Asking who calls comes before asking for what: whoever may not know learns nothing more.
                let unknown = path.starts_with("/admin") && [401, 403].contains(&reply.status);
                assert!(same || refused || unknown, "{method} {trick}: {} {}", reply.status, reply.text());
            }
        }
    }
}

/// A realm's administrator stays in the realm, whatever stands between the slashes.
#[tokio::test]
async fn attack_63_a_path_through_one_realm_does_not_lead_into_another() {
    let world = World::start().await;
    let id = world.user("boss", "pw").await;
    world.grant_admin(REALM, &id, "realm-admin").await;
    let boss = world.api(REALM, "boss", "pw").await.token;
    assert_eq!(at(&world, "GET", &format!("/admin/realms/{REALM}/users"), boss.as_deref()).await.status, 200);
    for between in
        ["..", "%2e%2e", ".%2e", "..;", "..%2f..", "%2f..", ";/..", "..%5c", "..%00", "%252e%252e", "../.", ".."]
    {
        for path in [
            format!("/admin/realms/{REALM}/{between}/master/users"),
            format!("/admin/realms/{REALM}%2f{between}%2fmaster/users"),
            format!("/admin/realms/{REALM}{between}/master/users"),
            format!("/admin/realms/{REALM}/users/{between}/{between}/master/users"),
            format!("/realms/{REALM}/{between}/{between}/admin/realms/master/users"),
            format!("/admin/{between}/admin/realms/master/users"),
        ] {
            let reply = at(&world, "GET", &path, boss.as_deref()).await;
            assert!([400, 401, 403, 404].contains(&reply.status), "{path}: {} {}", reply.status, reply.text());
            assert!(!reply.text().contains("\"username\""), "{path}: {}", reply.text());
        }
    }
}
