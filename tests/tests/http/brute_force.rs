//! Protection against password guessing: exact, whatever comes at the same time, and over every door.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use crate::http::support::{REALM, REGISTRY, World, r};

/// A realm that locks an account for ten minutes at the fifth wrong password, and alice.
async fn world(more: Value) -> (World, String) {
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    let mut change = json!({
        "bruteForceProtected": true, "failureFactor": 5, "waitIncrementSeconds": 600, "maxFailureWaitSeconds": 600,
        "quickLoginCheckMilliSeconds": 0, "permanentLockout": false,
    });
    change.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.admin.put(&r(""), change).await.expect(204);
    let alice = world.user("alice", "pw").await;
    (world, alice)
}

async fn status(world: &World, user: &str) -> Value {
    world.admin.read(&r(&format!("/attack-detection/brute-force/users/{user}"))).await
}

async fn logs_in(world: &World, password: &str) -> bool {
    world.pull_token(Some(("alice", password)), &[]).await.status == 200
}

/// Logs in so many times at once and gives how many were let in.
async fn at_once(world: &Arc<World>, passwords: Vec<String>) -> usize {
    let tasks: Vec<_> = passwords
        .into_iter()
        .enumerate()
        .map(|(number, password)| {
            let world = Arc::clone(world);
            tokio::spawn(async move {
                match number % 3 {
                    0 => world.pull_token(Some(("alice", &password)), &[]).await.status == 200,
                    1 => {
                        let form = [
                            ("grant_type", "password"),
                            ("service", REGISTRY),
                            ("username", "alice"),
                            ("password", &password),
                        ];
                        world.docker_post(&form).await.status == 200
                    }
                    _ => world.password_grant(REALM, "alice", &password).await.status == 200,
                }
            })
        })
        .collect();
    let mut let_in = 0;
    for task in tasks {
        let_in += usize::from(task.await.unwrap());
    }
    let_in
}

#[tokio::test]
async fn parallel_wrong_passwords_are_counted_exactly() {
    let (world, alice) = world(json!({"failureFactor": 100})).await;
    let world = Arc::new(world);
    assert_eq!(at_once(&world, (0..40).map(|n| format!("wrong {n}")).collect()).await, 0);
    let found = status(&world, &alice).await;
    assert_eq!((&found["numFailures"], &found["disabled"]), (&json!(40), &json!(false)), "{found}");
    assert_eq!(found["lastIPFailure"], "127.0.0.1");
}

#[tokio::test]
async fn the_lock_closes_in_the_middle_of_an_attack() {
    let (world, alice) = world(json!({})).await;
    let world = Arc::new(world);
    let mut guesses: Vec<_> = (0..40).map(|n| format!("wrong {n}")).collect();
    guesses.extend(std::iter::repeat_n("pw".to_owned(), 3));
    at_once(&world, guesses).await;
    // Those who came before the lock may be in; after it nobody is.
    for _ in 0..6 {
        if status(&world, &alice).await["disabled"] == true {
            break;
        }
        logs_in(&world, &format!("wrong {}", rand::random::<u32>())).await;
    }
    assert_eq!(status(&world, &alice).await["disabled"], true);
    assert!(!logs_in(&world, "pw").await);
    assert_ne!(world.password_grant(REALM, "alice", "pw").await.status, 200);
}

#[tokio::test]
async fn one_wrong_attempt_made_twice_counts_once() {
    let (mut world, alice) = world(json!({})).await;
    for _ in 0..6 {
        assert!(!logs_in(&world, "typo").await);
    }
    assert_eq!(status(&world, &alice).await["numFailures"], 1);
    // later it is a new attempt
    world.advance(Duration::from_secs(60)).await;
    assert!(!logs_in(&world, "typo").await);
    assert_eq!(status(&world, &alice).await["numFailures"], 2);
}

#[tokio::test]
async fn parallel_right_passwords_lock_nobody() {
    let (world, alice) = world(json!({"quickLoginCheckMilliSeconds": 1_000, "failureFactor": 2})).await;
    let world = Arc::new(world);
    assert_eq!(at_once(&world, vec!["pw".to_owned(); 20]).await, 20);
    let found = status(&world, &alice).await;
    assert_eq!((&found["numFailures"], &found["disabled"]), (&json!(0), &json!(false)));
}

#[tokio::test]
async fn a_lock_ends_by_itself_and_by_an_administrator() {
    let (mut world, alice) = world(json!({})).await;
    let lock = async |world: &World| {
        for _ in 0..5 {
            assert!(!logs_in(world, &format!("wrong {}", rand::random::<u32>())).await);
        }
        assert_eq!(status(world, &alice).await["disabled"], true);
        assert!(!logs_in(world, "pw").await);
    };
    lock(&world).await;
    world.advance(Duration::from_secs(601)).await;
    assert_eq!(status(&world, &alice).await["disabled"], false);
    assert!(logs_in(&world, "pw").await);
    assert_eq!(status(&world, &alice).await["numFailures"], 0);
    lock(&world).await;
    let path = r(&format!("/attack-detection/brute-force/users/{alice}"));
    world.admin.delete(&path).await.expect(204);
    assert!(logs_in(&world, "pw").await);
    lock(&world).await;
    world.admin.delete(&r("/attack-detection/brute-force/users")).await.expect(204);
    assert!(logs_in(&world, "pw").await);
}

#[tokio::test]
async fn a_permanent_lock_ends_by_an_administrator_only() {
    let (mut world, alice) = world(json!({"permanentLockout": true})).await;
    for number in 0..5 {
        assert!(!logs_in(&world, &format!("wrong {number}")).await);
    }
    assert_eq!(status(&world, &alice).await["disabled"], true);
    let user = r(&format!("/users/{alice}"));
    assert_eq!(world.admin.read(&user).await["enabled"], false);
    world.advance(Duration::from_secs(100_000)).await;
    let reply = world.pull_token(Some(("alice", "pw")), &[]).await.expect(401);
    assert_eq!(world.event(&reply.refusal_id()).await["error"], "user_disabled");
    world.admin.put(&user, json!({"enabled": true})).await.expect(204);
    assert!(logs_in(&world, "pw").await);
}

#[tokio::test]
async fn failures_are_forgotten_after_a_while() {
    let (mut world, alice) = world(json!({"maxDeltaTimeSeconds": 100})).await;
    for number in 0..4 {
        assert!(!logs_in(&world, &format!("wrong {number}")).await);
    }
    assert_eq!(status(&world, &alice).await["numFailures"], 4);
    world.advance(Duration::from_secs(101)).await;
    assert!(!logs_in(&world, "another").await);
    let found = status(&world, &alice).await;
    assert_eq!((&found["numFailures"], &found["disabled"]), (&json!(1), &json!(false)));
}

#[tokio::test]
async fn a_realm_without_protection_counts_nothing() {
    let (world, alice) = world(json!({"bruteForceProtected": false})).await;
    for number in 0..8 {
        assert!(!logs_in(&world, &format!("wrong {number}")).await);
    }
    assert!(logs_in(&world, "pw").await);
    assert_eq!(status(&world, &alice).await["numFailures"], 0);
}
