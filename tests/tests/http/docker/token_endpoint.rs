//! GET and POST, complete: what every client needs of an answer, and how it may ask.

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::http::support::{EVERYONE_MAPPER, REALM, REGISTRY, World, basic};

/// A registry on which alice may do everything and everybody may pull below `public/`.
async fn world() -> World {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.allow_public_pull(&registry).await;
    world.user("alice", "correct horse").await;
    world
}

const ALICE: Option<(&str, &str)> = Some(("alice", "correct horse"));

fn assert_members(answer: &Value, more: &[&str]) {
    let mut expected = vec!["access_token", "expires_in", "issued_at", "scope", "token"];
    expected.extend(more);
    expected.sort_unstable();
    let mut members: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, expected);
    assert_eq!(answer["token"], answer["access_token"]);
    assert!(answer["expires_in"].as_u64().is_some_and(|seconds| seconds >= 60), "{answer}");
    OffsetDateTime::parse(answer["issued_at"].as_str().unwrap(), &Rfc3339).unwrap();
}

#[tokio::test]
async fn both_verbs_answer_with_what_every_client_reads() {
    let world = world().await;
    let got = world.pull_token(ALICE, &["repository:team/app:pull,push"]).await.expect(200);
    let form = [
        ("grant_type", "password"),
        ("service", REGISTRY),
        ("client_id", "containerd"),
        ("username", "alice"),
        ("password", "correct horse"),
        ("scope", "repository:team/app:push,pull"),
    ];
    let posted = world.docker_post(&form).await.expect(200);
    for reply in [&got, &posted] {
        let answer = reply.json();
        assert_members(&answer, &[]);
        assert_eq!(answer["expires_in"], 900);
        assert_eq!(answer["scope"], "repository:team/app:pull,push");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("pragma"), Some("no-cache"));
        assert_eq!(reply.header("content-type"), Some("application/json"));
        assert_eq!(reply.header("set-cookie"), None);
        let claims = reply.claims();
        assert_eq!(claims["iss"], world.url(&format!("/realms/{REALM}")));
        assert_eq!((&claims["aud"], &claims["sub"]), (&json!(REGISTRY), &json!("alice")));
        let second = |name: &str| claims[name].as_i64().unwrap();
        assert_eq!((second("exp") - second("iat"), second("iat") - second("nbf")), (900, 10));
        assert!(claims["jti"].as_str().unwrap().len() >= 22, "at least 128 random bits");
        assert_eq!(claims["access"], json!([{"type": "repository", "name": "team/app", "actions": ["pull", "push"]}]));
    }
    assert_ne!(got.claims()["jti"], posted.claims()["jti"]);
    let docker = tests::Docker::new(world.server.url(), REALM);
    docker.verified(REGISTRY, &got.access_token()).await;
}

#[tokio::test]
async fn identity_tokens_are_given_where_asked_for() {
    let world = world().await;
    let offline = [("service", REGISTRY), ("offline_token", "true"), ("account", "alice"), ("client_id", "docker")];
    let got = world.docker_get(&offline, ALICE).await.expect(200).json();
    assert_members(&got, &["refresh_token"]);
    assert_eq!(got["scope"], "");
    // nobody in particular gets none, and neither does who asks for none
    assert_members(&world.docker_get(&offline[..2], None).await.expect(200).json(), &[]);
    for no in ["false", "1", "TRUE", ""] {
        let query = [("service", REGISTRY), ("offline_token", no)];
        assert_members(&world.docker_get(&query, ALICE).await.expect(200).json(), &[]);
    }
    for (access_type, expected) in [("offline", true), ("online", false), ("", false)] {
        let form = [
            ("grant_type", "password"),
            ("service", REGISTRY),
            ("username", "alice"),
            ("password", "correct horse"),
            ("access_type", access_type),
        ];
        let answer = world.docker_post(&form).await.expect(200).json();
        assert_eq!(answer.get("refresh_token").is_some(), expected, "{access_type}: {answer}");
    }
    // the same one comes back, whether it is asked for or not
    let token = got["refresh_token"].as_str().unwrap();
    let redeemed = world.redeem(token, "repository:team/app:pull").await.expect(200);
    assert_eq!(redeemed.json()["refresh_token"], token);
    assert_eq!(redeemed.access(), ["repository:team/app:pull"]);
    assert_eq!(redeemed.claims()["sub"], "alice");
    // a registry without identity tokens
    let plain = world.registry("plain", json!({"docker.identity.token.lifespan": "0"})).await;
    world.mapper(&plain, "all", EVERYONE_MAPPER, json!({"repositories": "**", "actions": "pull"})).await;
    let query = [("service", "plain"), ("offline_token", "true")];
    assert_members(&world.docker_get(&query, ALICE).await.expect(200).json(), &[]);
}

#[tokio::test]
async fn scopes_come_in_every_form() {
    let world = world().await;
    let both = ["repository:a/b:pull", "repository:c/d:pull,push"];
    // several fields, several in one, empty ones, repeated ones, other spaces
    for scopes in [
        vec!["repository:a/b:pull", "repository:c/d:push,pull"],
        vec!["repository:a/b:pull repository:c/d:push,pull"],
        vec!["", "repository:a/b:pull", "repository:c/d:push", "repository:c/d:pull", "repository:c/d:pull"],
        vec!["  repository:a/b:pull  repository:c/d:push,pull  "],
    ] {
        let got = world.pull_token(ALICE, &scopes).await.expect(200);
        assert_eq!(got.access(), both, "{scopes:?}");
        let mut form = vec![
            ("grant_type", "password"),
            ("service", REGISTRY),
            ("username", "alice"),
            ("password", "correct horse"),
        ];
        form.extend(scopes.iter().map(|scope| ("scope", *scope)));
        assert_eq!(world.docker_post(&form).await.expect(200).access(), both, "{scopes:?}");
    }
    let scope = "repository:localhost:5000/a:pull repository:[::1]:5000/a:pull repository(plugin):a:pull";
    let got = world.pull_token(ALICE, &[scope]).await;
    let expected = ["repository:[::1]:5000/a:pull", "repository:a:pull", "repository:localhost:5000/a:pull"];
    assert_eq!(got.access(), expected);
}

#[tokio::test]
async fn partial_grants_are_answers() {
    let world = world().await;
    let asked = ["repository:public/x:pull,push", "repository:private/x:pull", "registry:catalog:*"];
    assert_eq!(world.pull_token(None, &asked).await.expect(200).access(), ["repository:public/x:pull"]);
    let nothing = world.pull_token(None, &["repository:private/x:pull"]).await.expect(200);
    assert_eq!(nothing.claims()["access"], json!([]));
    assert_eq!((nothing.claims()["sub"].as_str(), nothing.json()["scope"].as_str()), (Some(""), Some("")));
    // a full grant carries the literal star
    let all = world.pull_token(ALICE, &["repository:private/x:*", "registry:catalog:*"]).await.expect(200);
    assert_eq!(all.access(), ["registry:catalog:*", "repository:private/x:*,delete,pull,push"]);
}

#[tokio::test]
async fn further_service_names_and_life_times_are_the_clients() {
    let world = World::start().await;
    let attributes = json!({
        "docker.services": "mirror, registry.example.org:5000", "access.token.lifespan": "60",
        "access.token.signed.response.alg": "ES256", "docker.token.header": "thumbprint",
    });
    let id = world.registry(REGISTRY, attributes).await;
    world.allow_everything(&id).await;
    world.user("alice", "correct horse").await;
    for service in [REGISTRY, "mirror", "registry.example.org:5000"] {
        let reply = world.docker_get(&[("service", service)], ALICE).await.expect(200);
        let (claims, header) = (reply.claims(), tests::docker::header(&reply.access_token()));
        assert_eq!(claims["aud"], service);
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 60);
        assert_eq!(reply.json()["expires_in"], 60);
        assert_eq!(header["alg"], "ES256");
        assert_eq!(header.get("x5c"), None);
    }
}

/// containers/image sends its form in chunks and without a length.
#[tokio::test]
async fn a_chunked_body_without_a_length_is_read() {
    let world = world().await;
    let form = format!(
        "grant_type=password&service={REGISTRY}&client_id=containers%2Fimage&username=alice&password=correct+horse\
         &scope=repository%3Aa%2Fb%3Apull&scope=repository%3Ac%2Fd%3Apull"
    );
    let mut request = format!(
        "POST /realms/{REALM}/protocol/docker-v2/auth HTTP/1.1\r\nHost: id\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    for chunk in form.as_bytes().chunks(7) {
        request.push_str(&format!("{:x}\r\n{}\r\n", chunk.len(), String::from_utf8_lossy(chunk)));
    }
    request.push_str("0\r\n\r\n");
    let reply = world.raw(request.as_bytes()).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let text = reply.text();
    assert!(text.contains("repository:a/b:pull repository:c/d:pull"), "{text}");
}

#[tokio::test]
async fn every_request_is_an_event() {
    let world = world().await;
    let query =
        [("service", REGISTRY), ("client_id", "docker"), ("account", "alice"), ("scope", "repository:a/b:pull,push")];
    let request = world.http.get(world.auth_url()).query(&query).header("user-agent", "docker/28.2.2");
    let request = request.header("authorization", basic("alice", "correct horse"));
    crate::http::support::send(request).await.expect(200);
    world.pull_token(None, &["repository:private/x:pull"]).await.expect(200);
    let refused = world.pull_token(Some(("alice", "wrong")), &[]).await.expect(401);
    let events = world.admin.read(&format!("/realms/{REALM}/events?max=10")).await;
    let docker: Vec<_> =
        events.as_array().unwrap().iter().filter(|event| event["details"]["auth_method"] == "docker-v2").collect();
    assert_eq!(docker.len(), 3, "{events}");
    let login =
        docker.iter().find(|event| event["details"]["username"] == "alice" && event["type"] == "LOGIN").unwrap();
    assert_eq!((&login["clientId"], &login["ipAddress"]), (&json!(REGISTRY), &json!("127.0.0.1")));
    let details = &login["details"];
    for (name, expected) in [
        ("service", REGISTRY),
        ("requested", "repository:a/b:pull,push"),
        ("granted", "repository:a/b:pull,push"),
        ("client_label", "docker"),
        ("user_agent", "docker/28.2.2"),
    ] {
        assert_eq!(details[name], expected, "{name} of {login}");
    }
    let event = world.event(&refused.refusal_id()).await;
    assert_eq!((&event["type"], &event["error"]), (&json!("LOGIN_ERROR"), &json!("invalid_user_credentials")));
    assert_eq!(event["details"]["username"], "alice");
}
