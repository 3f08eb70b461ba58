//! Identity tokens: used again and again, taken away at once, and never kept in clear.

use std::time::Duration;

use serde_json::json;
use sqlx::{Connection, PgConnection, Row};

use crate::http::support::{EVERYONE_MAPPER, REALM, REGISTRY, ROLE_MAPPER, World, r};

const SCOPE: &str = "repository:a/b:pull";

/// A registry for users with the role `puller`, alice, who has it, and alice's identity token.
async fn world() -> (World, String, String, String) {
    let (world, registry) = World::with_registry().await;
    let alice = world.user("alice", "pw").await;
    world.role("puller").await;
    world.grant(&alice, "puller").await;
    let rule = json!({"role": "puller", "repositories": "**", "actions": "pull"});
    world.mapper(&registry, "rule", ROLE_MAPPER, rule).await;
    let token = world.identity_token("alice", "pw").await;
    assert_eq!(world.redeem(&token, SCOPE).await.access(), [SCOPE]);
    (world, registry, alice, token)
}

#[tokio::test]
async fn pitfall_22_fifty_may_use_one_at_once() {
    let (world, _, _, token) = world().await;
    let world = std::sync::Arc::new(world);
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (world, token) = (std::sync::Arc::clone(&world), token.clone());
            tokio::spawn(async move {
                let reply = world.redeem(&token, SCOPE).await;
                assert_eq!(reply.access(), [SCOPE]);
                assert_eq!(reply.json()["refresh_token"], token);
                reply.claims()["jti"].as_str().unwrap().to_owned()
            })
        })
        .collect();
    let mut ids = Vec::new();
    for task in tasks {
        ids.push(task.await.unwrap());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50, "each token has an id of its own");
}

#[tokio::test]
async fn pitfall_21_a_new_password_ends_them() {
    let (world, _, alice, token) = world().await;
    let password = json!({"type": "password", "value": "new", "temporary": false});
    world.admin.put(&r(&format!("/users/{alice}/reset-password")), password).await.expect(204);
    let reply = world.redeem(&token, SCOPE).await.expect(401);
    assert_eq!(world.event(&reply.refusal_id()).await["error"], "invalid_token");
}

#[tokio::test]
async fn pitfall_21_logging_a_user_out_ends_them() {
    let (world, _, alice, token) = world().await;
    world.admin.post(&r(&format!("/users/{alice}/logout")), json!({})).await.expect(204);
    world.redeem(&token, SCOPE).await.expect(401);
    // the password is as good as before
    let again = world.identity_token("alice", "pw").await;
    world.redeem(&again, SCOPE).await.expect(200);
}

#[tokio::test]
async fn pitfall_21_logging_everybody_out_ends_them() {
    let (mut world, _, _, token) = world().await;
    world.server.clock().advance(Duration::from_secs(2));
    world.log_in().await;
    world.admin.post(&r("/logout-all"), json!({})).await.expect(200);
    world.redeem(&token, SCOPE).await.expect(401);
}

#[tokio::test]
async fn pitfall_21_what_is_disabled_or_gone_ends_them() {
    let (world, registry, alice, token) = world().await;
    let enabled = |on: bool| json!({ "enabled": on });
    let (client, user) = (r(&format!("/clients/{registry}")), r(&format!("/users/{alice}")));
    world.admin.put(&client, enabled(false)).await.expect(204);
    world.redeem(&token, SCOPE).await.expect(400);
    world.admin.put(&client, enabled(true)).await.expect(204);
    world.redeem(&token, SCOPE).await.expect(200);
    // what a disabled user had is over for good
    world.admin.put(&user, enabled(false)).await.expect(204);
    world.redeem(&token, SCOPE).await.expect(401);
    world.admin.put(&user, enabled(true)).await.expect(204);
    world.redeem(&token, SCOPE).await.expect(401);
    let token = world.identity_token("alice", "pw").await;
    world.admin.delete(&client).await.expect(204);
    world.redeem(&token, SCOPE).await.expect(400);
    // another client of that name is another client
    let registry = world.registry(REGISTRY, json!({})).await;
    world.allow_everything(&registry).await;
    world.redeem(&token, SCOPE).await.expect(401);
    let token = world.identity_token("alice", "pw").await;
    world.redeem(&token, SCOPE).await.expect(200);
    world.admin.delete(&user).await.expect(204);
    world.redeem(&token, SCOPE).await.expect(401);
    world.user("alice", "pw").await;
    world.redeem(&token, SCOPE).await.expect(401);
}

#[tokio::test]
async fn pitfall_21_one_is_good_for_its_registry_and_realm_only() {
    let (world, _, _, token) = world().await;
    let second = world.registry("second", json!({"docker.services": "second-name"})).await;
    world.allow_everything(&second).await;
    let redeem = async |service: &str| {
        let form = [("grant_type", "refresh_token"), ("service", service), ("refresh_token", token.as_str())];
        world.docker_post(&form).await
    };
    redeem("second").await.expect(401);
    redeem("second-name").await.expect(401);
    redeem(REGISTRY).await.expect(200);
    world.admin.post("/realms", json!({"realm": "other", "enabled": true})).await.expect(201);
    let there = world.registry_in("other", REGISTRY, json!({})).await;
    let rule = json!({"repositories": "**", "actions": "pull"});
    world.mapper_in("other", &there, "rule", EVERYONE_MAPPER, rule).await;
    let url = world.url("/realms/other/protocol/docker-v2/auth");
    let form = [("grant_type", "refresh_token"), ("service", REGISTRY), ("refresh_token", token.as_str())];
    crate::http::support::send(world.http.post(url).form(&form)).await.expect(401);
}

#[tokio::test]
async fn pitfall_21_texts_that_are_no_tokens_are_refused() {
    let (world, _, _, token) = world().await;
    let mut altered = token.clone().into_bytes();
    let last = altered.last_mut().unwrap();
    *last = if *last == b'A' { b'Q' } else { b'A' };
    let altered = String::from_utf8(altered).unwrap();
    let long = "x".repeat(5_000);
    let twice = token.repeat(2);
    for text in
        ["", " ", "x", &altered, &token[..token.len() - 1], &twice, &token.to_uppercase(), &long, "a\u{0}b", "é"]
    {
        let reply = world.redeem(text, SCOPE).await;
        assert_eq!(reply.status, 401, "{text:.50}: {}", reply.text());
        world.event(&reply.refusal_id()).await;
    }
}

#[tokio::test]
async fn they_follow_the_roles() {
    let (world, registry, alice, token) = world().await;
    world.role("pusher").await;
    let rule = json!({"role": "pusher", "repositories": "a/*", "actions": "push"});
    world.mapper(&registry, "push", ROLE_MAPPER, rule).await;
    let asked = "repository:a/b:pull,push";
    assert_eq!(world.redeem(&token, asked).await.access(), ["repository:a/b:pull"]);
    world.grant(&alice, "pusher").await;
    assert_eq!(world.redeem(&token, asked).await.access(), ["repository:a/b:pull,push"]);
    world.revoke(&alice, "puller").await;
    assert_eq!(world.redeem(&token, asked).await.access(), ["repository:a/b:push"]);
    world.revoke(&alice, "pusher").await;
    assert_eq!(world.redeem(&token, asked).await.expect(200).access().len(), 0);
}

#[tokio::test]
async fn they_end_by_themselves() {
    let (mut world, registry, _, _) = world().await;
    let change = json!({"attributes": {"docker.identity.token.lifespan": "3600"}});
    world.admin.put(&r(&format!("/clients/{registry}")), change).await.expect(204);
    let token = world.identity_token("alice", "pw").await;
    world.advance(Duration::from_secs(3_590)).await;
    world.redeem(&token, SCOPE).await.expect(200);
    world.advance(Duration::from_secs(20)).await;
    world.redeem(&token, SCOPE).await.expect(401);
}

/// Looks through every text, JSON and binary column of every table.
#[tokio::test]
async fn no_secret_is_in_the_database_in_clear() {
    let (world, _, _, token) = world().await;
    world
        .admin
        .put(&r("/events/config"), json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true}))
        .await
        .expect(204);
    world.user("bob", "a password to look for").await;
    let client = json!({"clientId": "confidential", "publicClient": false, "secret": "a secret to look for"});
    world.admin.post(&r("/clients"), client).await.expect(201);
    world.pull_token(Some(("bob", "another password to look for")), &[]).await.expect(401);
    world.redeem("ptk_a_token_to_look_for", SCOPE).await.expect(401);
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let tables = sqlx::query("select table_name from information_schema.tables where table_schema = 'public'")
        .fetch_all(&mut database)
        .await
        .unwrap();
    let mut seen = 0;
    for table in tables {
        let table: String = table.get(0);
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("select row_to_json(t)::text from \"{table}\" t")))
            .fetch_all(&mut database)
            .await
            .unwrap();
        for row in rows {
            let text: String = row.get(0);
            seen += 1;
            let hexadecimal: String = token.bytes().map(|byte| format!("{byte:02x}")).collect();
            for secret in [&token, &token[4..], &hexadecimal, "to look for", "to_look_for", "PRIVATE KEY"] {
                assert!(!text.contains(secret), "{table}: {secret} in {text}");
            }
        }
    }
    assert!(seen > 100, "{seen} rows in {REALM} and master");
}
