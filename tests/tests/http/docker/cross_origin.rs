//! Browsers: web origins, challenges, and that no cookie plays a part.

use reqwest::Method;
use serde_json::json;

use crate::http::support::{REALM, REGISTRY, Reply, World, r, send};

async fn from(world: &World, origin: &str, basic: Option<(&str, &str)>) -> Reply {
    let mut request = world.http.get(world.auth_url()).query(&[("service", REGISTRY)]).header("origin", origin);
    if let Some((username, password)) = basic {
        request = request.basic_auth(username, Some(password));
    }
    send(request).await
}

#[tokio::test]
async fn pitfall_34_only_web_origins_may_read_answers() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    let listed = "https://ui.example.org";
    let change = json!({"webOrigins": [listed], "redirectUris": ["https://other.example.org/*"]});
    world.admin.put(&r(&format!("/clients/{registry}")), change).await.expect(204);
    for basic in [Some(("alice", "pw")), Some(("alice", "wrong")), None] {
        let reply = from(&world, listed, basic).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some(listed), "{}", reply.status);
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
        for other in [
            "https://evil.example.org",
            "http://ui.example.org",
            "https://ui.example.org:8443",
            "null",
            "https://ui.example.org.evil.example",
            "https://other.example.org",
        ] {
            let reply = from(&world, other, basic).await;
            assert_eq!(reply.header("access-control-allow-origin"), None, "{other}");
            assert_eq!(reply.header("access-control-allow-credentials"), None, "{other}");
        }
    }
    // even where every origin is listed, the one that asks is named, and credentials that its browser may have added
    // by itself are not allowed
    world.admin.put(&r(&format!("/clients/{registry}")), json!({"webOrigins": ["*"]})).await.expect(204);
    let reply = from(&world, "https://any.example", Some(("alice", "pw"))).await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://any.example"));
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    // origins of redirect URIs, on wish
    world.admin.put(&r(&format!("/clients/{registry}")), json!({"webOrigins": ["+"]})).await.expect(204);
    let reply = from(&world, "https://other.example.org", Some(("alice", "pw"))).await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://other.example.org"));
}

#[tokio::test]
async fn preflights_are_answered_without_credentials() {
    let (world, _) = World::with_registry().await;
    let request = world
        .http
        .request(Method::OPTIONS, world.auth_url())
        .header("origin", "https://ui.example.org")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization");
    let reply = send(request).await.expect(200);
    let methods = reply.header("access-control-allow-methods").unwrap();
    assert!(methods.contains("GET") && methods.contains("POST"), "{methods}");
    assert!(reply.header("access-control-allow-headers").unwrap().contains("Authorization"));
}

#[tokio::test]
async fn pitfall_35_no_cookie_is_read_or_set() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    for (basic, status) in [(Some(("alice", "pw")), 200), (Some(("alice", "wrong")), 401), (None, 401)] {
        let mut request = world.http.get(world.auth_url()).query(&[("service", REGISTRY)]);
        if let Some((username, password)) = basic {
            request = request.basic_auth(username, Some(password));
        }
        // the session of an administrator in the same browser
        let token = world.admin.token.as_deref().unwrap();
        let cookie = format!("KEYCLOAK_IDENTITY={token}; KEYCLOAK_SESSION={REALM}/x; AUTH_SESSION_ID=1");
        let reply = send(request.header("cookie", cookie)).await.expect(status);
        assert_eq!(reply.header("set-cookie"), None);
    }
}

#[tokio::test]
async fn refusals_for_want_of_credentials_challenge() {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    let reply = world.pull_token(None, &["repository:a/b:pull"]).await.expect(401);
    let challenge = reply.header("www-authenticate").unwrap();
    assert!(challenge.starts_with(&format!("Basic realm=\"{REALM}\"")), "{challenge}");
    reply.refusal_id();
}
