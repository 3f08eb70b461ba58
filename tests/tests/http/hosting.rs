//! Under which address the server is known: a fixed one, or, in development, the one that a request came to.

use reqwest::{Method, header::HOST};
use serde_json::{Value, json};
use tests::{Hosting, docker::claims};
use web::{ForwardedHeader, PublicAddress, TrustedProxies};

use super::support::{Api, EVERYONE_MAPPER, REALM, REGISTRY, Reply, World, r, send};

fn of_request() -> Hosting {
    Hosting { address: PublicAddress::OfRequest, ..Hosting::default() }
}

fn behind_a_proxy(header: ForwardedHeader) -> Hosting {
    let proxies = TrustedProxies::new(vec!["127.0.0.0/8".parse().unwrap()], header);
    Hosting { proxies, ..of_request() }
}

async fn get(world: &World, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = world.http.get(world.url(path));
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

async fn issuer(world: &World, headers: &[(&str, &str)]) -> String {
    let path = format!("/realms/{REALM}/.well-known/openid-configuration");
    get(world, &path, headers).await.expect(200).json()["issuer"].as_str().unwrap().to_owned()
}

/// Every address in a document that begins with a scheme.
fn addresses(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) if text.starts_with("http") => vec![text],
        Value::Array(values) => values.iter().flat_map(addresses).collect(),
        Value::Object(members) => members.values().flat_map(addresses).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn in_development_every_address_begins_as_the_request_did() {
    let world = World::hosted(of_request()).await;
    let registry = world.registry(REGISTRY, json!({})).await;
    world.mapper(&registry, "all", EVERYONE_MAPPER, json!({"repositories": "**", "actions": "pull"})).await;
    world.user("alice", "pw").await;
    for (host, base) in [
        ("localhost:8180", "http://localhost:8180"),
        ("127.0.0.1:8180", "http://127.0.0.1:8180"),
        ("ID.example.org", "http://id.example.org"),
        ("[::1]:80", "http://[::1]"),
    ] {
        let document =
            get(&world, &format!("/realms/{REALM}/.well-known/openid-configuration"), &[("host", host)]).await;
        let document = document.expect(200).json();
        assert_eq!(document["issuer"], format!("{base}/realms/{REALM}"));
        let found = addresses(&document);
        assert!(found.len() >= 3 && found.iter().all(|address| address.starts_with(base)), "{found:?}");
        let published = get(&world, &format!("/realms/{REALM}"), &[("host", host)]).await.expect(200).json();
        assert!(addresses(&published).iter().all(|address| address.starts_with(base)), "{published}");
        // the registries' tokens
        let query = [("service", REGISTRY), ("scope", "repository:a/b:pull")];
        let request = world.http.get(world.auth_url()).query(&query).basic_auth("alice", Some("pw")).header(HOST, host);
        assert_eq!(send(request).await.expect(200).claims()["iss"], format!("{base}/realms/{REALM}"));
        // tokens, and the admin API that they open: under this name only, as the issuer is compared
        let form = [
            ("grant_type", "password"),
            ("client_id", "admin-cli"),
            ("username", "admin"),
            ("password", tests::TestServer::ADMIN_PASSWORD),
        ];
        let url = world.url("/realms/master/protocol/openid-connect/token");
        let token = send(world.http.post(url).form(&form).header(HOST, host)).await.expect(200).access_token();
        assert_eq!(claims(&token)["iss"], format!("{base}/realms/master"));
        let api = Api { token: Some(token), ..world.admin.clone() };
        api.get("/realms").await.expect(401);
        let name = host.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
        let request = api.request(Method::POST, &r("/roles")).json(&json!({"name": name})).header(HOST, host);
        let location = send(request).await.expect(201);
        assert_eq!(location.header("location").unwrap(), format!("{base}/admin/realms/{REALM}/roles/{name}"));
        let request = api.request(Method::POST, "/realms").json(&json!({"realm": name})).header(HOST, host);
        assert_eq!(send(request).await.header("location").unwrap(), format!("{base}/admin/realms/{name}"));
        let path = r(&format!("/clients/{registry}/installation/providers/docker-v2-registry-config-file"));
        let file = send(api.request(Method::GET, &path).header(HOST, host)).await;
        assert!(file.expect(200).text().contains(base));
        // the page
        assert!(get(&world, "/", &[("host", host)]).await.expect(200).text().contains(base));
    }
}

#[tokio::test]
async fn a_request_that_names_no_host_is_refused_where_the_host_decides() {
    let world = World::hosted(of_request()).await;
    let long = "a".repeat(256);
    for host in ["a b", "a/b", "a@b", "a:b", "a\\b", "a%0d%0aX-Evil: 1", "<script>", "", long.as_str()] {
        let reply = get(&world, &format!("/realms/{REALM}"), &[("host", host)]).await.expect(400);
        assert_eq!(reply.json()["error"], "invalid_request", "{host}");
        assert!(reply.header("content-security-policy").is_some() && reply.header("x-request-id").is_some());
        assert_eq!(
            get(&world, "/admin/realms", &[("host", host)]).await.expect(400).json().as_object().unwrap().len(),
            1
        );
        let page = get(&world, "/", &[("host", host)]).await.expect(400);
        assert!(page.header("content-type").unwrap().starts_with("text/html") && !page.text().contains("<script>"));
    }
    let raw = async |head: &str| world.raw(format!("{head}Connection: close\r\n\r\n").as_bytes()).await;
    raw("GET /realms/acme HTTP/1.1\r\n").await.expect(400);
    raw("GET /realms/acme HTTP/1.1\r\nHost: a\r\nHost: b\r\n").await.expect(400);
    // HTTP/1.0 knows no host; the absolute form of the target goes before the header
    raw("GET /realms/acme HTTP/1.0\r\n").await.expect(200);
    let reply = raw("GET http://id.example.org/realms/acme HTTP/1.1\r\nHost: other\r\n").await.expect(200);
    assert!(reply.text().contains("http://id.example.org/realms/acme"), "{}", reply.text());
}

#[tokio::test]
async fn a_trusted_proxy_names_scheme_and_host() {
    let world = World::hosted(behind_a_proxy(ForwardedHeader::XForwarded)).await;
    let (of, host) = (("x-forwarded-for", "203.0.113.9"), ("host", "inner:8080"));
    let said = [of, host, ("x-forwarded-proto", "https"), ("x-forwarded-host", "id.example.org")];
    assert_eq!(issuer(&world, &said).await, format!("https://id.example.org/realms/{REALM}"));
    let with_port = [&said[..], &[("x-forwarded-port", "8443")]].concat();
    assert_eq!(issuer(&world, &with_port).await, format!("https://id.example.org:8443/realms/{REALM}"));
    let reply = get(&world, "/", &said).await.expect(200);
    assert!(reply.header("strict-transport-security").is_some());
    assert!(get(&world, "/", &[of, host]).await.expect(200).header("strict-transport-security").is_none());
    get(&world, "/", &[of, host, ("x-forwarded-host", "a/b")]).await.expect(400);
    // the other header is not read
    let other = [of, host, ("forwarded", "for=203.0.113.9;host=evil.example;proto=https")];
    assert_eq!(issuer(&world, &other).await, format!("http://inner:8080/realms/{REALM}"));
    let world = World::hosted(behind_a_proxy(ForwardedHeader::Forwarded)).await;
    let said = [host, ("forwarded", "for=203.0.113.9;host=\"id.example.org:8443\";proto=https")];
    assert_eq!(issuer(&world, &said).await, format!("https://id.example.org:8443/realms/{REALM}"));
}

#[tokio::test]
async fn a_fixed_address_is_that_of_a_proxy_too() {
    let public_url = Some("https://id.example.org".to_owned());
    let hosting = Hosting { address: PublicAddress::Fixed, public_url, ..behind_a_proxy(ForwardedHeader::XForwarded) };
    // no world: its realm would be made under this address
    let server = tests::TestServer::hosted(hosting).await;
    let url = format!("{}/realms/master/.well-known/openid-configuration", server.url());
    for proto in ["http", "https"] {
        let request = tests::answer::http().get(&url).header("x-forwarded-for", "203.0.113.9");
        let request = request.header("x-forwarded-proto", proto).header("x-forwarded-host", "evil.example");
        let reply = send(request).await.expect(200);
        assert_eq!(reply.json()["issuer"], "https://id.example.org/realms/master");
        assert!(!reply.text().contains("evil"));
        assert_eq!(reply.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    }
}
