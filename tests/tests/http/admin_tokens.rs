//! Tokens for administrators: the three grants, discovery and keys, as an ordinary OpenID Connect library reads them.

use std::time::Duration;

use openidconnect::{
    IssuerUrl,
    core::{CoreJsonWebKeySet, CoreProviderMetadata},
};
use serde_json::{Value, json};

use crate::http::support::{Api, REALM, World, basic, r, send};

fn api(world: &World, answer: &Value) -> Api {
    Api { token: Some(answer["access_token"].as_str().unwrap().to_owned()), ..world.admin.clone() }
}

#[tokio::test]
async fn the_password_grant_gives_a_session() {
    let world = World::start().await;
    let answer = world.password_grant("master", "admin", tests::TestServer::ADMIN_PASSWORD).await.expect(200).json();
    for name in ["access_token", "refresh_token", "token_type", "session_state", "scope"] {
        assert!(answer[name].is_string(), "{name}: {answer}");
    }
    for name in ["expires_in", "refresh_expires_in", "not-before-policy"] {
        assert!(answer[name].is_i64(), "{name}: {answer}");
    }
    assert_eq!(answer["token_type"], "Bearer");
    api(&world, &answer).get("/serverinfo").await.expect(200);
    let claims = tests::docker::claims(answer["access_token"].as_str().unwrap());
    assert_eq!((&claims["azp"], &claims["typ"]), (&json!("admin-cli"), &json!("Bearer")));
    assert_eq!(claims["iss"], world.url("/realms/master"));
}

#[tokio::test]
async fn the_refresh_token_grant_goes_on_with_the_session() {
    let mut world = World::start().await;
    let first = world.password_grant("master", "admin", tests::TestServer::ADMIN_PASSWORD).await.expect(200).json();
    world.advance(Duration::from_secs(61)).await;
    api(&world, &first).get("/serverinfo").await.expect(401);
    let refresh = |token: &Value| {
        let token = token.as_str().unwrap().to_owned();
        let world = &world;
        async move {
            let form = [("grant_type", "refresh_token"), ("client_id", "admin-cli"), ("refresh_token", token.as_str())];
            world.token("master", &form).await
        }
    };
    let second = refresh(&first["refresh_token"]).await.expect(200).json();
    api(&world, &second).get("/serverinfo").await.expect(200);
    assert_eq!(second["session_state"], first["session_state"]);
    // a token of another kind is no refresh token, nor is one of another realm
    refresh(&second["access_token"]).await.expect(400);
    refresh(&json!("x")).await.expect(400);
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", "admin-cli"),
        ("refresh_token", second["refresh_token"].as_str().unwrap()),
    ];
    let reply = world.token(REALM, &form).await.expect(400);
    assert_eq!(reply.json()["error"], "invalid_grant");
    // it ends with the session
    let logout = world.url("/realms/master/protocol/openid-connect/logout");
    send(world.http.post(logout).form(&form[1..])).await.expect(204);
    refresh(&second["refresh_token"]).await.expect(400);
    api(&world, &second).get("/serverinfo").await.expect(401);
}

#[tokio::test]
async fn the_client_credentials_grant_is_the_clients_own() {
    let world = World::start().await;
    let client = json!({
        "clientId": "robot", "publicClient": false, "serviceAccountsEnabled": true, "secret": "s3cret",
        "protocol": "openid-connect",
    });
    let id = world.admin.post(&r("/clients"), client).await.created();
    let form = [("grant_type", "client_credentials"), ("client_id", "robot"), ("client_secret", "s3cret")];
    let answer = world.token(REALM, &form).await.expect(200).json();
    let robot = api(&world, &answer);
    robot.get(&r("/users")).await.expect(403);
    let account = world.admin.read(&r(&format!("/clients/{id}/service-account-user"))).await;
    assert_eq!(account["username"], "service-account-robot");
    world.grant_admin(REALM, account["id"].as_str().unwrap(), "view-users").await;
    robot.get(&r("/users")).await.expect(200);
    // by Basic too
    let url = world.url(&format!("/realms/{REALM}/protocol/openid-connect/token"));
    let request = world.http.post(&url).form(&form[..1]).header("authorization", basic("robot", "s3cret"));
    send(request).await.expect(200);
    for (name, secret) in [("robot", "wrong"), ("robot", ""), ("nobody", "s3cret"), ("admin-cli", ""), ("account", "x")]
    {
        let form = [("grant_type", "client_credentials"), ("client_id", name), ("client_secret", secret)];
        let reply = world.token(REALM, &form).await;
        assert!([400, 401].contains(&reply.status), "{name}: {}", reply.text());
        assert!(reply.json()["error"].is_string(), "{name}: {}", reply.text());
    }
    // what is disabled stops at once
    world.admin.put(&r(&format!("/clients/{id}")), json!({"enabled": false})).await.expect(204);
    robot.get(&r("/users")).await.expect(401);
    assert_ne!(world.token(REALM, &form).await.status, 200);
}

#[tokio::test]
async fn a_library_reads_the_discovery_and_verifies_tokens_by_the_keys() {
    let world = World::start().await;
    world.user("alice", "pw").await;
    for realm in ["master", REALM] {
        let issuer = IssuerUrl::new(world.url(&format!("/realms/{realm}"))).unwrap();
        let http = openidconnect::reqwest::Client::new();
        let metadata = CoreProviderMetadata::discover_async(issuer.clone(), &http).await.unwrap();
        assert_eq!(metadata.issuer(), &issuer);
        assert_eq!(
            metadata.token_endpoint().unwrap().url().path(),
            format!("/realms/{realm}/protocol/openid-connect/token")
        );
        let read = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &http).await.unwrap();
        assert!(!read.keys().is_empty());
        let keys = send(world.http.get(metadata.jwks_uri().url().clone())).await.expect(200).json();
        let (user, password) =
            if realm == "master" { ("admin", tests::TestServer::ADMIN_PASSWORD) } else { ("alice", "pw") };
        let answer = world.password_grant(realm, user, password).await.expect(200).json();
        let token = answer["access_token"].as_str().unwrap();
        let header = tests::docker::header(token);
        let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap();
        assert_eq!((&key["alg"], &key["use"], &key["kty"]), (&header["alg"], &json!("sig"), &json!("RSA")));
        assert_eq!(key.get("d"), None);
        let key = josekit::jwk::Jwk::from_map(key.as_object().unwrap().clone()).unwrap();
        let verifier = josekit::jws::RS256.verifier_from_jwk(&key).unwrap();
        let (payload, _) = josekit::jwt::decode_with_verifier(token, &verifier).unwrap();
        assert_eq!(payload.issuer(), Some(issuer.as_str()));
        let mut forged = token.to_owned();
        forged.insert(forged.find('.').unwrap() + 5, 'A');
        assert!(josekit::jwt::decode_with_verifier(&forged, &verifier).is_err());
    }
}

#[tokio::test]
async fn bad_token_requests_are_refused_as_oauth_says() {
    let world = World::start().await;
    world.user("alice", "pw").await;
    let usual = [("grant_type", "password"), ("client_id", "admin-cli"), ("username", "alice"), ("password", "pw")];
    world.token(REALM, &usual).await.expect(200);
    let long = "x".repeat(50_000);
    for odd in ["grant_type", "client_id", "username", "password", "scope", "client_secret", "code"] {
        for value in ["", " ", "\u{0}", "a\r\nb", "ä\u{202e}", "<script>", "null", "{}", long.as_str()] {
            let mut form: Vec<_> = usual.iter().filter(|(name, _)| *name != odd).copied().collect();
            form.push((odd, value));
            let reply = world.token(REALM, &form).await;
            assert!(reply.status < 500, "{odd}={value:.20}: {} {}", reply.status, reply.text());
            let body = reply.json();
            if reply.status != 200 {
                assert!(body["error"].is_string(), "{odd}={value:.20}: {body}");
                assert_eq!(reply.header("content-type"), Some("application/json"), "{odd}={value:.20}: {body}");
            }
        }
        let form: Vec<_> = usual.iter().filter(|(name, _)| *name != odd).copied().collect();
        assert!(world.token(REALM, &form).await.status < 500);
        let mut form = usual.to_vec();
        form.extend([(odd, "x"), (odd, "x")]);
        let reply = world.token(REALM, &form).await;
        assert!([400, 401].contains(&reply.status), "{odd} twice: {} {}", reply.status, reply.text());
    }
    let reply = world.password_grant(REALM, "alice", "wrong").await.expect(401);
    assert_eq!(reply.json(), json!({"error": "invalid_grant", "error_description": "Invalid user credentials"}));
    let reply = world.token(REALM, &[("grant_type", "magic"), ("client_id", "admin-cli")]).await.expect(400);
    assert_eq!(reply.json()["error"], "unsupported_grant_type");
    world.password_grant("nothing", "alice", "pw").await.error(404, "Realm does not exist");
    world.admin.put(&r(""), json!({"enabled": false})).await.expect(204);
    assert_eq!(world.token(REALM, &usual).await.status, 403);
}

/// A token of every kind but an access token is refused by the admin API, and so is an access token whose user, session,
/// client or realm is not there any more.
#[tokio::test]
async fn only_living_access_tokens_open_the_admin_api() {
    let world = World::start().await;
    let id = world.user("boss", "pw").await;
    world.grant_admin(REALM, &id, "realm-admin").await;
    let answer = world.password_grant(REALM, "boss", "pw").await.expect(200).json();
    let boss = api(&world, &answer);
    boss.get(&r("/users")).await.expect(200);
    let token = answer["access_token"].as_str().unwrap();
    let refresh = answer["refresh_token"].as_str().unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    let altered = format!("{}.{}.{}", parts[0], parts[1], &parts[2][..parts[2].len() - 4]);
    let mut bad = vec![refresh.to_owned(), unsigned, altered, "x".to_owned(), "..".to_owned(), "x".repeat(7_000)];
    // with `openid` there is an ID token
    let form = [
        ("grant_type", "password"),
        ("client_id", "admin-cli"),
        ("username", "boss"),
        ("password", "pw"),
        ("scope", "openid"),
    ];
    let with_id = world.token(REALM, &form).await.expect(200).json();
    bad.extend(with_id["id_token"].as_str().map(str::to_owned));
    for bad in bad {
        let api = Api { token: Some(bad), ..world.admin.clone() };
        for path in ["/serverinfo".to_owned(), r("/users"), "/realms".to_owned()] {
            api.get(&path).await.error(401, "HTTP 401 Unauthorized");
        }
    }
    // no other scheme is taken
    let request = world.http.get(world.url("/admin/serverinfo")).header("authorization", basic("boss", "pw"));
    send(request).await.expect(401);
    let in_query = world.url(&format!("/admin/serverinfo?access_token={token}"));
    send(world.http.get(in_query)).await.expect(401);
    // the user
    let user = r(&format!("/users/{id}"));
    world.admin.put(&user, json!({"enabled": false})).await.expect(204);
    boss.get(&r("/users")).await.expect(401);
    world.admin.put(&user, json!({"enabled": true})).await.expect(204);
    // the session
    let boss = world.api(REALM, "boss", "pw").await;
    boss.get(&r("/users")).await.expect(200);
    world.admin.post(&format!("{user}/logout"), json!({})).await.expect(204);
    boss.get(&r("/users")).await.expect(401);
    // the right
    let boss = world.api(REALM, "boss", "pw").await;
    let client = world.client_id(REALM, "realm-management").await;
    let path = format!("{user}/role-mappings/clients/{client}");
    send(world.admin.request(reqwest::Method::DELETE, &path)).await.expect(204);
    boss.get(&r("/users")).await.expect(403);
    world.grant_admin(REALM, &id, "realm-admin").await;
    boss.get(&r("/users")).await.expect(200);
    // the client
    let cli = r(&format!("/clients/{}", world.client_id(REALM, "admin-cli").await));
    world.admin.put(&cli, json!({"enabled": false})).await.expect(204);
    boss.get(&r("/users")).await.expect(401);
    world.admin.put(&cli, json!({"enabled": true})).await.expect(204);
    boss.get(&r("/users")).await.expect(200);
    // the realm
    world.admin.put(&r(""), json!({"enabled": false})).await.expect(204);
    boss.get(&r("/users")).await.expect(401);
}
