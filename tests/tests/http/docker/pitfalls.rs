//! Pitfalls of registry tokens, by number: what is granted, to whom and for what. See `docs/docker-v2-pitfalls.md`.

use serde_json::{Value, json};

use crate::http::support::{ALLOW_ALL_MAPPER, EVERYONE_MAPPER, REALM, REGISTRY, ROLE_MAPPER, World, r, send};

const ALICE: Option<(&str, &str)> = Some(("alice", "pw"));

async fn open_world() -> (World, String) {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    (world, registry)
}

#[tokio::test]
async fn pitfall_01_nothing_disabled_gets_a_token() {
    let (world, registry) = World::with_registry().await;
    let alice = world.user("alice", "pw").await;
    let group = world.group("/team").await;
    world.role("puller").await;
    let role = world.admin.read(&r("/roles/puller")).await;
    world.admin.post(&r(&format!("/groups/{group}/role-mappings/realm")), json!([role])).await.expect(204);
    world.join(&alice, &group).await;
    world
        .mapper(&registry, "rule", ROLE_MAPPER, json!({"role": "puller", "repositories": "a/*", "actions": "pull"}))
        .await;
    let identity = world.identity_token("alice", "pw").await;
    let scope = "repository:a/b:pull";
    let ask = async || (world.pull_token(ALICE, &[scope]).await, world.redeem(&identity, scope).await);
    let refused = async |status: u16, what: &str| {
        let (by_password, by_identity) = ask().await;
        for reply in [by_password, by_identity] {
            assert_eq!(reply.status, status, "{what}: {}", reply.text());
            assert_eq!(reply.json().get("token"), None, "{what}");
        }
    };
    let granted = async || {
        let (by_password, by_identity) = ask().await;
        assert_eq!((by_password.access(), by_identity.access()), (vec![scope.to_owned()], vec![scope.to_owned()]));
    };
    granted().await;
    for (path, status) in [(format!("/clients/{registry}"), 400), (String::new(), 404)] {
        world.admin.put(&r(&path), json!({"enabled": false})).await.expect(204);
        refused(status, &path).await;
        world.admin.put(&r(&path), json!({"enabled": true})).await.expect(204);
        granted().await;
    }
    // the role that came by the group
    world.admin.delete_with(&r(&format!("/groups/{group}/role-mappings/realm")), json!([role])).await.expect(204);
    let (by_password, by_identity) = ask().await;
    assert_eq!((by_password.access().len(), by_identity.access().len()), (0, 0));
    world.admin.post(&r(&format!("/groups/{group}/role-mappings/realm")), json!([role])).await.expect(204);
    granted().await;
    world.admin.put(&r(&format!("/users/{alice}")), json!({"enabled": false})).await.expect(204);
    refused(401, "user").await;
}

#[tokio::test]
async fn pitfall_02_a_service_is_a_registry_of_this_realm() {
    let (world, registry) = open_world().await;
    for (client_id, settings) in [
        ("web", json!({"protocol": "openid-connect"})),
        ("public", json!({"protocol": "openid-connect", "publicClient": true})),
        ("bearer", json!({"protocol": "openid-connect", "bearerOnly": true})),
        ("robot", json!({"protocol": "openid-connect", "publicClient": false, "serviceAccountsEnabled": true})),
    ] {
        let mut client = settings;
        client["clientId"] = client_id.into();
        client["enabled"] = true.into();
        world.admin.post(&r("/clients"), client).await.expect(201);
    }
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let elsewhere = world.registry_in("other", "elsewhere", json!({})).await;
    for service in [
        "web",
        "public",
        "bearer",
        "robot",
        "account",
        "admin-cli",
        "realm-management",
        "nothing",
        "Registry",
        "registry ",
        "elsewhere",
        &registry,
        &elsewhere,
    ] {
        let by_get = world.docker_get(&[("service", service)], ALICE).await.expect(400);
        let form = [("grant_type", "password"), ("service", service), ("username", "alice"), ("password", "pw")];
        let by_post = world.docker_post(&form).await.expect(400);
        for reply in [by_get, by_post] {
            let event = world.event(&reply.refusal_id()).await;
            assert_eq!(event["error"], "client_not_found", "{service}");
        }
    }
}

#[tokio::test]
async fn pitfall_03_no_other_door_takes_a_docker_token() {
    let (world, _) = open_world().await;
    let reply = world.docker_get(&[("service", REGISTRY), ("offline_token", "true")], ALICE).await.expect(200);
    let docker = reply.access_token();
    let identity = reply.json()["refresh_token"].as_str().unwrap().to_owned();
    let oidc = world.password_grant(REALM, "alice", "pw").await.expect(200).json();
    let access = oidc["access_token"].as_str().unwrap();
    for token in [docker.as_str(), identity.as_str()] {
        for path in ["/admin/serverinfo".to_owned(), format!("/admin/realms/{REALM}/users"), "/admin/realms".to_owned()]
        {
            send(world.http.get(world.url(&path)).bearer_auth(token)).await.expect(401);
        }
        let userinfo = world.url(&format!("/realms/{REALM}/protocol/openid-connect/userinfo"));
        assert_ne!(send(world.http.get(userinfo).bearer_auth(token)).await.status, 200);
        let form = [("grant_type", "refresh_token"), ("client_id", "admin-cli"), ("refresh_token", token)];
        world.token(REALM, &form).await.expect(400);
    }
    // nor does this door take a token of OpenID Connect
    for token in [access, oidc["refresh_token"].as_str().unwrap(), docker.as_str()] {
        world.redeem(token, "").await.expect(401).refusal_id();
        let request = world.http.get(world.auth_url()).query(&[("service", REGISTRY)]).bearer_auth(token);
        send(request).await.expect(401).refusal_id();
    }
    // and a registry takes neither an access token nor a token for another registry
    let trust = tests::Docker::new(world.server.url(), REALM).trust().await;
    let issuer = world.url(&format!("/realms/{REALM}"));
    let now = reply.claims()["iat"].as_i64().unwrap();
    use tests::verifier::{RegistryVersion, Sources, Verdict};
    for version in [RegistryVersion::V2_8, RegistryVersion::V3_1] {
        let verdict =
            |token: &str, service: &str| trust.verdict(version, Sources::Bundle, token, &issuer, service, now);
        assert_eq!(verdict(&docker, REGISTRY), Verdict::Accepted);
        assert_ne!(verdict(&docker, "another"), Verdict::Accepted);
        assert_ne!(verdict(access, REGISTRY), Verdict::Accepted);
    }
    let (own, other) = (reply.claims(), tests::docker::claims(access));
    assert_ne!(own["typ"], other["typ"]);
    assert_ne!(own["aud"], other["aud"]);
}

#[tokio::test]
async fn pitfall_04_no_token_carries_a_key() {
    let (world, registry) = open_world().await;
    for mode in ["x5c", "libtrust", "thumbprint"] {
        for algorithm in ["RS256", "ES256"] {
            let attributes = json!({"docker.token.header": mode, "access.token.signed.response.alg": algorithm});
            world.admin.put(&r(&format!("/clients/{registry}")), json!({"attributes": attributes})).await.expect(204);
            let header = tests::docker::header(&world.pull_token(ALICE, &[]).await.access_token());
            assert_eq!((&header["typ"], &header["alg"]), (&json!("JWT"), &json!(algorithm)));
            let mut names: Vec<_> = header.as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            let expected: &[&str] = if mode == "x5c" { &["alg", "kid", "typ", "x5c"] } else { &["alg", "kid", "typ"] };
            assert_eq!(names, expected, "{mode} {algorithm}");
        }
    }
}

#[tokio::test]
async fn pitfall_05_06_and_08_names_are_never_bent() {
    let (world, _) = open_world().await;
    let granted = async |scope: &str| world.pull_token(ALICE, &[scope]).await.expect(200).access();
    assert_eq!(granted("repository:h:5000/a/b:pull").await, ["repository:h:5000/a/b:pull"]);
    for scope in [
        "a:b",
        "repository:a",
        "::",
        ":",
        "repository::pull",
        "repository:a:",
        "repository:a/b:pull:",
        ":a:pull",
        // encoded once more than the address was
        "repository:a%2Fb:pull",
        "repository:a%252Fb:pull",
        "repository:%2e%2e/b:pull",
        // paths
        "repository:../a:pull",
        "repository:a/../b:pull",
        "repository:a//b:pull",
        "repository:/a:pull",
        "repository:a/:pull",
        "repository:.:pull",
        "repository:a/.:pull",
        "repository:a\u{0}b:pull",
        "repository:a\\b:pull",
        "repository:a/b\n:pull",
        "repository:a/*:pull",
        "repository:*:pull",
        // letters
        "repository:Team/app:pull",
        "repository:t\u{435}am/app:pull",
        "REPOSITORY:a/b:pull",
        "repository:a/b:PULL",
        "repository:a/b:admin",
        "registry:everything:*",
        "registry:catalog:pull",
        "registry:catalog:delete",
    ] {
        assert!(granted(scope).await.is_empty(), "{scope:?}");
    }
    let long = format!("repository:{}:pull", "a".repeat(256));
    assert!(granted(&long).await.is_empty());
    let longest = format!("repository:{}:pull", "a".repeat(255));
    assert_eq!(granted(&longest).await, [longest]);
}

#[tokio::test]
async fn pitfall_07_patterns_cover_the_whole_name() {
    let (world, registry) = World::with_registry().await;
    world.user("alice", "pw").await;
    let config = json!({"repositories": "team##one/*\ntwo/**", "actions": "pull"});
    world.mapper(&registry, "rule", EVERYONE_MAPPER, config).await;
    let granted = async |name: &str| {
        !world.pull_token(ALICE, &[&format!("repository:{name}:pull")]).await.expect(200).access().is_empty()
    };
    for (name, expected) in [
        ("team", true),
        ("team-evil", false),
        ("team-evil/x", false),
        ("x/team", false),
        ("team/x", false),
        ("one/a", true),
        ("one/a/b", false),
        ("one", false),
        ("two/a", true),
        ("two/a/b/c", true),
        ("two", false),
        ("twofold/a", false),
        ("host:5000/two/a", false),
    ] {
        assert_eq!(granted(name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn pitfall_09_services_compare_exactly_and_user_names_by_the_realm() {
    let (world, _) = open_world().await;
    world.docker_get(&[("service", "REGISTRY")], ALICE).await.expect(400);
    let reply = world.pull_token(Some(("ALICE", "pw")), &["repository:a/b:pull"]).await.expect(200);
    assert_eq!(reply.claims()["sub"], "alice");
    // a look-alike is another user, who is not there
    world.pull_token(Some(("\u{430}lice", "pw")), &[]).await.expect(401);
    world.pull_token(Some(("al\u{131}ce", "pw")), &[]).await.expect(401);
}

#[tokio::test]
async fn pitfall_10_11_and_12_nothing_is_widened() {
    let (world, registry) = World::with_registry().await;
    world.user("alice", "pw").await;
    world.mapper(&registry, "pull", EVERYONE_MAPPER, json!({"repositories": "src/*", "actions": "pull"})).await;
    world.mapper(&registry, "push", EVERYONE_MAPPER, json!({"repositories": "dst/*", "actions": "pull,push"})).await;
    let granted = async |scopes: &[&str]| world.pull_token(ALICE, scopes).await.expect(200).access();
    assert_eq!(granted(&["repository:src/a:*"]).await, ["repository:src/a:pull"]);
    assert_eq!(granted(&["repository:dst/a:*"]).await, ["repository:dst/a:pull,push"]);
    assert!(granted(&["registry:catalog:*"]).await.is_empty());
    assert!(granted(&["registry:catalog:*", "registry:other:*"]).await.is_empty());
    // a mount asks for two repositories; the one without a rule stays out
    let mount = ["repository:dst/a:pull,push", "repository:secret/a:pull"];
    assert_eq!(granted(&mount).await, ["repository:dst/a:pull,push"]);
}

#[tokio::test]
async fn pitfall_15_client_id_is_a_label() {
    let (world, _) = open_world().await;
    world.registry("disabled", json!({})).await;
    let disabled = world.client_id(REALM, "disabled").await;
    world.admin.put(&r(&format!("/clients/{disabled}")), json!({"enabled": false})).await.expect(204);
    let long = "x".repeat(20_000);
    for label in ["docker", REGISTRY, "admin-cli", "disabled", "nothing", "", "<b>&\"'", "\u{0}\r\n", &long] {
        let query = [("service", REGISTRY), ("scope", "repository:a/b:pull"), ("client_id", label)];
        let reply = world.docker_get(&query, ALICE).await.expect(200);
        assert_eq!(reply.access(), ["repository:a/b:pull"], "{label:.20}");
        let form = [
            ("grant_type", "password"),
            ("service", REGISTRY),
            ("username", "alice"),
            ("password", "pw"),
            ("client_id", label),
            ("scope", "repository:a/b:pull"),
        ];
        assert_eq!(world.docker_post(&form).await.expect(200).access(), ["repository:a/b:pull"], "{label:.20}");
    }
}

#[tokio::test]
async fn pitfall_24_tokens_are_short_and_follow_the_roles() {
    let (world, registry) = World::with_registry().await;
    let alice = world.user("alice", "pw").await;
    world.role("puller").await;
    world.grant(&alice, "puller").await;
    world
        .mapper(&registry, "rule", ROLE_MAPPER, json!({"role": "puller", "repositories": "**", "actions": "pull"}))
        .await;
    let reply = world.pull_token(ALICE, &["repository:a:pull"]).await;
    let claims = reply.claims();
    assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 900);
    assert_eq!(reply.access().len(), 1);
    world.revoke(&alice, "puller").await;
    assert_eq!(world.pull_token(ALICE, &["repository:a:pull"]).await.access().len(), 0);
    for (lifespan, status) in [("60", 204), ("86400", 204), ("59", 400), ("86401", 400), ("-1", 400), ("1h", 400)] {
        let change = json!({"attributes": {"access.token.lifespan": lifespan}});
        world.admin.put(&r(&format!("/clients/{registry}")), change).await.expect(status);
    }
}

#[tokio::test]
async fn pitfall_28_leaves_are_renewed_before_they_end() {
    let (mut world, _) = open_world().await;
    let leaf = async |world: &World| {
        let header = tests::docker::header(&world.pull_token(ALICE, &[]).await.access_token());
        let der =
            base64::Engine::decode(&base64::engine::general_purpose::STANDARD, header["x5c"][0].as_str().unwrap());
        openssl::x509::X509::from_der(&der.unwrap()).unwrap()
    };
    let first = leaf(&world).await;
    let bundle =
        send(world.http.get(world.url(&format!("/realms/{REALM}/protocol/docker-v2/ca.pem")))).await.expect(200);
    // year after year, with the bundle that registries got on the first day
    for _ in 0..3 {
        world.advance(std::time::Duration::from_secs(360 * 24 * 3_600)).await;
        // A node keeps leaves for ten minutes of its own time at most, however fast the test's clock goes.
        world.server.services().cache.forget();
        let reply = world.pull_token(ALICE, &["repository:a:pull"]).await.expect(200);
        let now = reply.claims()["iat"].as_i64().unwrap();
        let now = openssl::asn1::Asn1Time::from_unix(now + 86_400).unwrap();
        let leaf = leaf(&world).await;
        assert!(leaf.not_after() > &*now, "a leaf is good for a day more at least");
        let authority = openssl::x509::X509::stack_from_pem(&bundle.body).unwrap();
        assert!(authority.iter().any(|ca| leaf.verify(&ca.public_key().unwrap()).unwrap()), "another authority");
    }
    let later = leaf(&world).await;
    assert_ne!(first.to_der().unwrap(), later.to_der().unwrap());
}

#[tokio::test]
async fn pitfall_26_and_27_claims_are_what_registries_read() {
    let (world, registry) = World::with_registry().await;
    world.mapper(&registry, "all", ALLOW_ALL_MAPPER, json!({})).await;
    world.user("alice", "pw").await;
    for scopes in [&["repository:a:pull", "x", "foo:bar:baz", "repository:b:admin"][..], &[], &["", " ", "::"]] {
        let claims = world.pull_token(ALICE, scopes).await.claims();
        assert!(claims["aud"].is_string() && claims["iss"].is_string() && claims["sub"].is_string());
        assert!(["exp", "iat", "nbf"].iter().all(|name| claims[*name].is_i64()), "{claims}");
        let entries = claims["access"].as_array().expect("an array");
        for entry in entries {
            assert!(entry["type"].is_string() && entry["name"].is_string(), "{entry}");
            let actions = entry["actions"].as_array().unwrap();
            assert!(!actions.is_empty() && actions.iter().all(Value::is_string), "{entry}");
        }
    }
}
