//! Pages of other origins that administer: what a browser is told that they may read.

use reqwest::Method;
use serde_json::json;

use crate::http::support::{Api, REALM, Reply, World, r, send};

const PAGE: &str = "https://console.example.org";
const EXPOSED: Option<&str> = Some("Location, ETag, X-Refusal-Id");
const OTHER: &str = "https://other.example.org";

/// The origin that may read an answer, and the headers that it may read.
fn told(reply: &Reply) -> (Option<&str>, Option<&str>) {
    let header = |name| reply.header(name);
    assert_eq!(header("vary"), Some("Origin"), "{}", reply.text());
    let (origin, credentials) = (header("access-control-allow-origin"), header("access-control-allow-credentials"));
    assert_eq!(credentials, origin.map(|_| "true"));
    (origin, header("access-control-expose-headers"))
}

async fn from(origin: &str, api: &Api, method: Method, path: &str, body: &str) -> Reply {
    let request = api.request(method, path).header("Origin", origin).header("Content-Type", "application/json");
    send(request.body(body.to_owned())).await
}

#[tokio::test]
async fn a_page_reads_what_its_token_says() {
    let world = World::start().await;
    let client = json!({
        "clientId": "console", "publicClient": true, "directAccessGrantsEnabled": true, "webOrigins": [PAGE],
    });
    world.admin.post(&r("/clients"), client).await.expect(201);
    let boss = world.user("boss", "pw").await;
    world.grant_admin(REALM, &boss, "view-users").await;
    world.grant_admin(REALM, &boss, "manage-clients").await;
    let form = [("grant_type", "password"), ("client_id", "console"), ("username", "boss"), ("password", "pw")];
    let token = world.token(REALM, &form).await.expect(200).json()["access_token"].as_str().unwrap().to_owned();
    let api = Api { token: Some(token), ..world.admin.clone() };

    // Before the request, a browser asks without the token: at every address.
    for path in [r("/users"), r("/nothing/here"), "/realms".to_owned(), String::new()] {
        let request = world.http.request(Method::OPTIONS, world.url(&format!("/admin{path}")));
        let request = request.header("Origin", PAGE).header("Access-Control-Request-Method", "PUT");
        let reply = send(request).await.expect(200);
        assert_eq!(told(&reply), (Some(PAGE), EXPOSED), "{path}");
        assert_eq!(reply.headers["access-control-allow-methods"], "GET, PUT, POST, DELETE");
        assert!(reply.headers["access-control-allow-headers"].to_str().unwrap().contains("Authorization"));
    }

    // The page that the client's token names reads everything, refusals too; no other page reads any of it.
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    for (method, path, body, status) in [
        (get.clone(), r("/users"), "", 200),
        (post.clone(), r("/clients"), "{}", 201),
        (post.clone(), r("/clients"), "{\"no\": 1}", 400),
        (post.clone(), r("/users"), "{}", 403),
        (get.clone(), r("/clients/none"), "", 404),
    ] {
        let reply = from(PAGE, &api, method.clone(), &path, body).await.expect(status);
        assert_eq!(told(&reply), (Some(PAGE), EXPOSED), "{method} {path}");
        let reply = from(OTHER, &api, method.clone(), &path, body).await.expect(status);
        assert_eq!(told(&reply), (None, None), "{method} {path}");
    }

    // What is refused before the caller is known is read by no page.
    let over = Api { token: Some("over".to_owned()), ..api.clone() };
    for (api, method, path, body, status) in [
        (&over, get.clone(), r("/users"), String::new(), 401),
        (&api, get.clone(), "/realms/master/users".to_owned(), String::new(), 403),
        (&api, get.clone(), "/nothing".to_owned(), String::new(), 404),
        (&api, put, r("/users"), String::new(), 405),
        (&api, get, r("/users?max=many"), String::new(), 400),
        (&api, post, r("/clients"), " ".repeat(1024 * 1024 + 1), 413),
    ] {
        let reply = from(OTHER, api, method, &path, &body).await.expect(status);
        assert_eq!(told(&reply), (None, None), "{path}");
    }
    // A program sends no origin and is told nothing.
    assert_eq!(told(&api.get(&r("/users")).await.expect(200)), (None, None));
}
