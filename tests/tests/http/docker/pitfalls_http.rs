//! Pitfalls of registry tokens, by number: addresses, logs, sizes, files. See `docs/docker-v2-pitfalls.md`.

use std::io::Read;

use serde_json::json;

use crate::http::support::{REALM, REGISTRY, World, r, send};

async fn open_world() -> World {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    world
}

#[tokio::test]
async fn pitfall_25_the_issuer_is_the_servers_own() {
    let world = open_world().await;
    let issuer = world.url(&format!("/realms/{REALM}"));
    for (name, value) in [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("forwarded", "host=evil.example;proto=https;for=203.0.113.9"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-original-host", "evil.example"),
        ("x-forwarded-prefix", "/evil"),
    ] {
        let request = world.http.get(world.auth_url()).query(&[("service", REGISTRY)]).header(name, value);
        let reply = send(request.basic_auth("alice", Some("pw"))).await.expect(200);
        assert_eq!(reply.claims()["iss"], issuer.as_str(), "{name}");
        let events = world.admin.read(&r("/events?max=1")).await;
        assert_eq!(events[0]["ipAddress"], "127.0.0.1", "{name}");
        let discovery = world.url(&format!("/realms/{REALM}/.well-known/openid-configuration"));
        let text = send(world.http.get(discovery).header(name, value)).await.expect(200).text();
        assert!(!text.contains("evil"), "{name}: {text}");
    }
}

#[tokio::test]
async fn pitfall_31_no_secret_is_logged() {
    let setup = tests::program::Setup {
        environment: vec![("PORTCULLIS_LOG_LEVEL".to_owned(), "trace".to_owned())],
        ..Default::default()
    };
    let program = tests::Program::start(setup).await;
    let admin = program.admin().await;
    admin.create_realm(REALM).await;
    admin.create_user(REALM, "alice", "a-password-to-look-for").await;
    let registry = admin.create_registry(REALM, REGISTRY, json!({})).await;
    let rule = json!({"repositories": "**", "actions": "pull"});
    admin.add_mapper(REALM, &registry, "rule", crate::http::support::EVERYONE_MAPPER, rule).await;
    let docker = program.docker(REALM);
    let form = [
        ("grant_type", "password"),
        ("service", REGISTRY),
        ("username", "alice"),
        ("access_type", "offline"),
        ("password", "a-password-to-look-for"),
    ];
    let answer = docker.post(&form).await.expect(200).json();
    let (identity, token) = (answer["refresh_token"].as_str().unwrap(), answer["access_token"].as_str().unwrap());
    let _ = docker.refresh(REGISTRY, "repository:a:pull", identity).await.expect(200);
    let _ = docker.refresh(REGISTRY, "", "ptk_a-wrong-token-to-look-for").await.expect(401);
    let wrong = ("alice", "a-wrong-password-to-look-for");
    let _ = docker.get(REGISTRY, &[], Some(wrong), &[]).await.expect(401);
    let basic = crate::http::support::basic(wrong.0, wrong.1);
    let signature = token.rsplit('.').next().unwrap();
    let admin_token = admin.token().await;
    let admin_signature = admin_token.rsplit('.').next().unwrap().to_owned();
    let log = program.log();
    assert!(log.contains("alice") && log.len() > 1_000, "the log is there: {log}");
    for secret in [
        "to-look-for",
        identity,
        signature,
        &admin_signature,
        &basic["Basic ".len()..],
        tests::Program::ADMIN_PASSWORD,
        "PRIVATE KEY",
    ] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn pitfall_32_and_33_are_tested_with_all_bad_input() {
    // The whole matrix is in `bad_input`; here is what browsers ask for first.
    let world = open_world().await;
    for accept in ["text/html", "*/*", "application/xml", "text/html,application/json;q=0.1"] {
        for (query, status) in [("", 400), ("?service=registry", 401), ("?service=nothing", 400)] {
            let request = world.http.get(format!("{}{query}", world.auth_url())).header("accept", accept);
            send(request).await.expect(status).refusal_id();
        }
    }
}

#[tokio::test]
async fn pitfall_40_requests_and_tokens_are_bounded() {
    let world = open_world().await;
    let alice = Some(("alice", "pw"));
    let scopes = |count: usize, length: usize| -> Vec<String> {
        (0..count).map(|n| format!("repository:{}{n}:pull", "a".repeat(length))).collect()
    };
    let ask =
        async |scopes: &[String]| world.pull_token(alice, &scopes.iter().map(String::as_str).collect::<Vec<_>>()).await;
    // No token is longer than a header line may be; who asks for more gets none, rather than one that proxies refuse.
    let mut granted = 0;
    for count in [1, 20, 40, 60, 80, 100] {
        let reply = ask(&scopes(count, 1)).await;
        if reply.status == 200 {
            assert_eq!(reply.access().len(), count);
            assert!(reply.access_token().len() <= 7 * 1024, "{}", reply.access_token().len());
            granted = count;
        } else {
            reply.expect(400).refusal_id();
        }
    }
    assert!(granted >= 40, "{granted} repositories in one token");
    ask(&scopes(101, 1)).await.expect(400).refusal_id();
    ask(&[scopes(101, 1).join(" ")]).await.expect(400).refusal_id();
    ask(&scopes(100, 120)).await.expect(400).refusal_id();
    for (amount, status) in [(1_000, 400), (5_000, 413)] {
        let scope = scopes(amount, 1).join(" ");
        let form = [
            ("grant_type", "password"),
            ("service", REGISTRY),
            ("username", "alice"),
            ("password", "pw"),
            ("scope", scope.as_str()),
        ];
        world.docker_post(&form).await.expect(status);
    }
}

const FILES: [&str; 7] = [
    "docker-v2-compose-yaml",
    "docker-v2-registry-config-file",
    "docker-v2-variable-override",
    "docker-v2-registry3-config-file",
    "docker-v2-zot-config",
    "docker-v2-compose-file",
    "docker-v2-containerd-hosts",
];

/// Every text in a file that is given or packed.
async fn texts(world: &World, client: &str, provider: &str) -> Vec<(String, String)> {
    let reply = world.admin.get(&r(&format!("/clients/{client}/installation/providers/{provider}"))).await.expect(200);
    if !reply.body.starts_with(b"PK") {
        return vec![(provider.to_owned(), reply.text())];
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(reply.body)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().to_owned(), text)
        })
        .collect()
}

#[tokio::test]
async fn pitfall_36_installation_files_name_the_servers_own_address() {
    let world = open_world().await;
    let client = world.client_id(REALM, REGISTRY).await;
    for provider in FILES {
        let all: String = texts(&world, &client, provider).await.into_iter().map(|(_, text)| text).collect();
        assert!(all.contains(&world.url(&format!("/realms/{REALM}"))), "{provider}: {all}");
        // this server speaks plain HTTP, and the files say so
        assert!(all.to_lowercase().contains("http:"), "{provider}: {all}");
    }
}

#[tokio::test]
async fn pitfall_41_installation_files_quote_the_client() {
    let world = World::start().await;
    for client_id in
        ["a: b", "#x", "$(id)", "\"quoted\"", "it's", "`id`", "${HOME}", "- a", "yes", "a\\b", "1e3", "&x *x"]
    {
        let client = world.registry(client_id, json!({})).await;
        for provider in FILES {
            for (name, text) in texts(&world, &client, provider).await {
                if name.ends_with(".yml") || name.ends_with(".yaml") || name == "docker-v2-registry-config-file" {
                    let parsed: serde_yaml_ng::Value = serde_yaml_ng::from_str(&text)
                        .unwrap_or_else(|error| panic!("{client_id} in {name}: {error}\n{text}"));
                    if let Some(service) = parsed.get("auth").and_then(|auth| auth.get("token")?.get("service")) {
                        assert_eq!(service.as_str(), Some(client_id), "{name}: {text}");
                    }
                }
            }
        }
    }
    // a line break is no part of a name
    let client = json!({"clientId": "a\nb", "protocol": "docker-v2"});
    world.admin.post(&r("/clients"), client).await.expect(400);
}
