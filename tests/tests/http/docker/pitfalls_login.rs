//! Pitfalls of registry tokens, by number: who it is. See `docs/docker-v2-pitfalls.md`.

use std::sync::{Arc, Mutex, mpsc};

use serde_json::json;

use crate::http::support::{REALM, REGISTRY, Reply, World, r};

/// What the harness starts its servers with.
const HASHING_THREADS: usize = 2;
const HASHING_QUEUE: usize = 256;

async fn world() -> World {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.allow_public_pull(&registry).await;
    world
}

async fn post(world: &World, username: &str, password: &str) -> Reply {
    let form = [("grant_type", "password"), ("service", REGISTRY), ("username", username), ("password", password)];
    world.docker_post(&form).await
}

#[tokio::test]
async fn pitfall_13_bad_credentials_never_become_anonymous() {
    let world = world().await;
    world.user("alice", "pw").await;
    let scopes = ["repository:public/x:pull"];
    assert_eq!(world.pull_token(None, &scopes).await.access().len(), 1);
    for basic in [("alice", "wrong"), ("nobody", "x"), ("", ""), ("alice", ""), ("", "pw")] {
        let reply = world.pull_token(Some(basic), &scopes).await.expect(401);
        assert_eq!(reply.json().get("token"), None, "{basic:?}");
        let reply = post(&world, basic.0, basic.1).await.expect(401);
        assert_eq!(reply.json().get("access_token"), None, "{basic:?}");
    }
}

#[tokio::test]
async fn pitfall_14_the_account_is_who_logs_in() {
    let world = world().await;
    world.user("alice", "pw").await;
    world.user("bob", "secret").await;
    let ask =
        async |account: &str, basic| world.docker_get(&[("service", REGISTRY), ("account", account)], basic).await;
    let reply = ask("alice", Some(("bob", "secret"))).await;
    assert_eq!(reply.status, 400, "{}", reply.text());
    assert_eq!(ask("bob", Some(("bob", "secret"))).await.claims()["sub"], "bob");
    // without credentials the account is a word
    assert_eq!(ask("alice", None).await.claims()["sub"], "");
}

/// Status, headers and body of a refusal, without what differs by nature.
fn shape(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let id = reply.refusal_id();
    let mut headers: Vec<_> = reply
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().replace(&id, "ID")))
        .collect();
    headers.sort();
    (reply.status, headers, reply.text().replace(&id, "ID"))
}

#[tokio::test]
async fn pitfall_16_refused_logins_are_alike() {
    let world = world().await;
    let mut realm = json!({"failureFactor": 1, "waitIncrementSeconds": 600, "maxFailureWaitSeconds": 600});
    realm["bruteForceProtected"] = true.into();
    world.admin.put(&r(""), realm).await.expect(204);
    world.user("wrong", "pw").await;
    world.user("locked", "pw").await;
    let disabled = world.user("disabled", "pw").await;
    world.admin.put(&r(&format!("/users/{disabled}")), json!({"enabled": false})).await.expect(204);
    let waiting = world.user("waiting", "pw").await;
    let change = json!({"requiredActions": ["UPDATE_PASSWORD"]});
    world.admin.put(&r(&format!("/users/{waiting}")), change).await.expect(204);
    world.admin.post(&r("/users"), json!({"username": "nopassword", "enabled": true})).await.expect(201);
    post(&world, "locked", "guess").await.expect(401);
    let cases = [
        ("wrong", "guess", "invalid_user_credentials"),
        ("nobody", "guess", "user_not_found"),
        ("disabled", "pw", "user_disabled"),
        ("disabled", "guess", "user_disabled"),
        ("locked", "pw", "user_temporarily_disabled"),
        ("nopassword", "pw", "invalid_user_credentials"),
        ("waiting", "pw", "resolve_required_actions"),
    ];
    let mut shapes = Vec::new();
    for (username, password, reason) in cases {
        for reply in [
            world.pull_token(Some((username, password)), &["repository:a:pull"]).await,
            post(&world, username, password).await,
        ] {
            // what really happened is the administrator's to know
            let event = world.event(&reply.refusal_id()).await;
            let error = event["error"].as_str().unwrap();
            assert!(error == reason || username == "wrong" || username == "nopassword", "{username}: {error}");
            shapes.push(shape(&reply));
        }
    }
    shapes.sort();
    shapes.dedup();
    assert_eq!(shapes.len(), 1, "{shapes:#?}");
}

/// The time of a refusal is the time of its hash. Whether there is one is seen when nobody can have one: with every
/// hashing thread busy and their queue full, each kind of login is told to come back later.
#[tokio::test]
async fn pitfall_16_every_refused_login_needs_a_hash() {
    let world = world().await;
    world.user("alice", "pw").await;
    let disabled = world.user("disabled", "pw").await;
    world.admin.put(&r(&format!("/users/{disabled}")), json!({"enabled": false})).await.expect(204);
    world.admin.post(&r("/users"), json!({"username": "nopassword", "enabled": true})).await.expect(201);
    let (release, gate) = mpsc::channel::<()>();
    let gate = Arc::new(Mutex::new(gate));
    let (started, mut running) = tokio::sync::mpsc::unbounded_channel();
    let occupy = || {
        let (services, gate, started) = (world.server.services().clone(), Arc::clone(&gate), started.clone());
        tokio::spawn(async move {
            let wait = move |_: &mut _| {
                let _ = started.send(());
                let _ = gate.lock().unwrap().recv();
            };
            services.passwords.run(wait).await.is_ok()
        })
    };
    let mut jobs: Vec<_> = (0..HASHING_THREADS).map(|_| occupy()).collect();
    for _ in 0..HASHING_THREADS {
        running.recv().await.unwrap();
    }
    // the last one finds no place
    jobs.extend((0..HASHING_QUEUE).map(|_| occupy()));
    assert!(!occupy().await.unwrap(), "the queue is full");
    for (username, password) in
        [("alice", "pw"), ("alice", "wrong"), ("disabled", "pw"), ("nobody", "pw"), ("nopassword", "pw")]
    {
        for reply in [world.pull_token(Some((username, password)), &[]).await, post(&world, username, password).await] {
            let reply = reply.expect(503);
            assert!(reply.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()), "{username}");
            reply.refusal_id();
        }
    }
    // without a password there is nothing to wait for
    world.pull_token(None, &["repository:public/x:pull"]).await.expect(200);
    drop(release);
    for job in jobs {
        assert!(job.await.unwrap());
    }
    world.pull_token(Some(("alice", "pw")), &[]).await.expect(200);
}

#[tokio::test]
async fn pitfall_17_all_doors_count_together() {
    let world = world().await;
    let change = json!({
        "bruteForceProtected": true, "failureFactor": 5, "waitIncrementSeconds": 600, "maxFailureWaitSeconds": 600,
        "quickLoginCheckMilliSeconds": 0,
    });
    world.admin.put(&r(""), change).await.expect(204);
    let id = world.user("alice", "pw").await;
    world.admin.put(&r(&format!("/users/{id}")), json!({"email": "alice@example.org"})).await.expect(204);
    world.pull_token(Some(("alice", "wrong1")), &[]).await.expect(401);
    world.pull_token(Some(("ALICE", "wrong2")), &[]).await.expect(401);
    post(&world, "Alice@Example.org", "wrong3").await.expect(401);
    post(&world, "alice", "wrong4").await.expect(401);
    let status = world.admin.read(&r(&format!("/attack-detection/brute-force/users/{id}"))).await;
    assert_eq!((&status["numFailures"], &status["disabled"]), (&json!(4), &json!(false)), "{status}");
    let refused = world.password_grant(REALM, "alice@example.org", "wrong5").await;
    assert!([400, 401].contains(&refused.status), "{}", refused.text());
    // locked, whichever way
    let right = Some(("alice", "pw"));
    world.pull_token(right, &["repository:public/x:pull"]).await.expect(401);
    post(&world, "alice@example.org", "pw").await.expect(401);
    assert_ne!(world.password_grant(REALM, "alice", "pw").await.status, 200);
}

#[tokio::test]
async fn pitfall_18_nobody_is_locked_out_by_logging_in() {
    let world = world().await;
    let change = json!({
        "bruteForceProtected": true, "failureFactor": 3, "waitIncrementSeconds": 600, "maxFailureWaitSeconds": 600,
    });
    world.admin.put(&r(""), change).await.expect(204);
    let id = world.user("alice", "pw").await;
    let identity = world.identity_token("alice", "pw").await;
    // containerd tries one wrong password by two verbs, again and again
    for _ in 0..5 {
        world.pull_token(Some(("alice", "typo")), &[]).await.expect(401);
        post(&world, "alice", "typo").await.expect(401);
    }
    let status = world.admin.read(&r(&format!("/attack-detection/brute-force/users/{id}"))).await;
    assert_eq!(status["numFailures"], 1, "{status}");
    world.pull_token(Some(("alice", "pw")), &[]).await.expect(200);
    // an attack on the password
    for guess in 0..10 {
        post(&world, "alice", &format!("guess {guess}")).await.expect(401);
    }
    world.pull_token(Some(("alice", "pw")), &[]).await.expect(401);
    // does not take away what was gained by it before
    assert_eq!(world.redeem(&identity, "repository:a:pull").await.access(), ["repository:a:pull"]);
}

#[tokio::test]
async fn pitfall_20_what_is_left_to_do_is_done_first() {
    let world = world().await;
    let id = world.user("alice", "pw").await;
    for action in ["UPDATE_PASSWORD", "VERIFY_EMAIL", "TERMS_AND_CONDITIONS", "CONFIGURE_TOTP", "UPDATE_PROFILE"] {
        world.admin.put(&r(&format!("/users/{id}")), json!({"requiredActions": [action]})).await.expect(204);
        for reply in [
            world.pull_token(Some(("alice", "pw")), &["repository:public/x:pull"]).await.expect(401),
            post(&world, "alice", "pw").await.expect(401),
        ] {
            let event = world.event(&reply.refusal_id()).await;
            assert_eq!(event["error"], "resolve_required_actions", "{action}");
        }
    }
    world.admin.put(&r(&format!("/users/{id}")), json!({"requiredActions": []})).await.expect(204);
    world.pull_token(Some(("alice", "pw")), &[]).await.expect(200);
    // a temporary password is one that has to be changed
    let temporary = json!({"type": "password", "value": "once", "temporary": true});
    world.admin.put(&r(&format!("/users/{id}/reset-password")), temporary).await.expect(204);
    let reply = world.pull_token(Some(("alice", "once")), &[]).await.expect(401);
    assert_eq!(world.event(&reply.refusal_id()).await["error"], "resolve_required_actions");
}
