//! Webhooks: what they are told, how it is signed, and that it is told in the end.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tests::poll::until;

use crate::http::{
    oidc::recorder::{Heard, Recorder},
    support::{World, field, r},
};

const ALLOWED: &str = "outgoing.allowed-networks";

/// A realm whose webhooks may be on this machine.
async fn world() -> World {
    let world = World::start().await;
    world.admin.put(&r(""), json!({"attributes": {ALLOWED: "127.0.0.0/8"}})).await.expect(204);
    world
}

/// A webhook; gives its path and its secret.
async fn webhook(world: &World, recorder: &Recorder, filter: Value) -> (String, String) {
    let mut given = filter;
    given["url"] = json!(recorder.url("/hook"));
    let made = world.admin.post(&r("/webhooks"), given).await.expect(201);
    let shown = made.json();
    let path = r(&format!("/webhooks/{}", shown["id"].as_str().unwrap()));
    assert!(made.header("location").unwrap().ends_with(&path));
    (path, shown["secret"].as_str().unwrap().to_owned())
}

/// The message in a request, after its signature was made again with what the standard says and nothing of the server's.
fn verified(world: &World, heard: &Heard, secret: &str) -> Value {
    assert_eq!((heard.method.as_str(), heard.header("content-type")), ("POST", "application/json"));
    let moment: i64 = heard.header("webhook-timestamp").parse().unwrap();
    assert!((moment - world.server.services().now().unix_timestamp()).abs() < 60);
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    assert_eq!(key.len(), 32);
    let key = openssl::pkey::PKey::hmac(&key).unwrap();
    let signed = format!("{}.{moment}.{}", heard.header("webhook-id"), heard.body);
    let mut signer = openssl::sign::Signer::new(openssl::hash::MessageDigest::sha256(), &key).unwrap();
    let mac = signer.sign_oneshot_to_vec(signed.as_bytes()).unwrap();
    assert_eq!(heard.header("webhook-signature"), format!("v1,{}", STANDARD.encode(mac)));
    let message: Value = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(message["realm"], "acme");
    message
}

#[tokio::test]
async fn webhooks_hear_of_what_they_ask_for_signed_with_their_secret() {
    let world = world().await;
    let (api, recorder, changes) = (&world.admin, Recorder::start(), Recorder::start());
    let wants = json!({"eventsEnabled": true, "eventTypes": ["LOGIN_ERROR"]});
    let (path, secret) = webhook(&world, &recorder, wants).await;
    let wants = json!({"adminEventsEnabled": true, "operationTypes": ["CREATE", "DELETE"], "resourceTypes": ["USER"]});
    let (_, other_secret) = webhook(&world, &changes, wants).await;
    assert_ne!(secret, other_secret);
    // What the realm itself keeps is another question, here nothing at all of administrators.
    let alice = world.user("alice", "pw").await;
    world.role("worker").await;
    let message = verified(&world, &changes.after(1).await[0], &other_secret);
    assert_eq!(message["type"], "admin-event");
    let told = &message["data"];
    assert_eq!((&told["operationType"], &told["resourcePath"]), (&json!("CREATE"), &json!(format!("users/{alice}"))));
    assert_eq!(told.get("representation"), None, "the realm doesn't want it in its events");
    assert_eq!(api.read(&r("/admin-events")).await, json!([]));
    let config = json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true});
    api.put(&r("/events/config"), config).await.expect(204);
    api.delete(&r(&format!("/users/{}", world.user("bob", "a password of bob").await))).await.expect(204);
    let heard = changes.after(3).await;
    assert!(!heard.iter().any(|heard| heard.body.contains("a password of bob")));
    let mut kept = api.read(&r("/admin-events?resourceTypes=USER&direction=asc")).await;
    let mut told: Vec<_> =
        heard[1..].iter().map(|heard| verified(&world, heard, &other_secret)["data"].clone()).collect();
    // They are sent beside each other.
    let by_id = |event: &Value| event["id"].as_str().unwrap().to_owned();
    told.sort_by_key(by_id);
    kept.as_array_mut().unwrap().sort_by_key(by_id);
    assert_eq!(json!(told), kept);

    world.password_grant("acme", "alice", "pw").await.expect(200);
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    let message = verified(&world, &recorder.after(1).await[0], &secret);
    assert_eq!((&message["type"], &message["data"]["type"]), (&json!("event"), &json!("LOGIN_ERROR")));
    assert_eq!(message["data"], api.read(&r("/events?type=LOGIN_ERROR")).await[0]);
    api.put(&r("/events/config"), json!({"eventsEnabled": false})).await.expect(204);
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    recorder.after(2).await;
    assert_eq!(api.read(&r("/events?type=LOGIN_ERROR")).await.as_array().unwrap().len(), 1);

    // The secret is in no further answer; the mask stands for it, but not for another address.
    let mut shown = api.read(&path).await;
    assert_eq!(shown["secret"], "**********");
    assert_eq!(api.read(&r("/webhooks")).await[0], shown);
    api.put(&path, shown.clone()).await.expect(204);
    api.post(&format!("{path}/test"), json!({})).await.expect(204);
    assert_eq!(verified(&world, &recorder.after(3).await[2], &secret)["type"], "ping");
    shown["url"] = json!(changes.url("/elsewhere"));
    for with in [shown.clone(), json!({"url": shown["url"]})] {
        let refused = api.put(&path, with).await.expect(400).json();
        assert_eq!(refused["errorMessage"], "The url changed: give a new secret with it");
    }
    let renewed = api.post(&format!("{path}/secret"), json!({})).await.expect(200).json();
    let renewed = renewed["secret"].as_str().unwrap();
    assert_ne!(renewed, secret);
    recorder.answers(&[500]);
    let refused = api.post(&format!("{path}/test"), json!({})).await.expect(400).json();
    assert!(refused["errorMessage"].as_str().unwrap().ends_with("it answered with status 500"), "{refused}");
    verified(&world, &recorder.after(4).await[3], renewed);
    shown["secret"] = json!(other_secret);
    api.put(&path, shown).await.expect(204);
    api.post(&format!("{path}/test"), json!({})).await.expect(204);
    verified(&world, &changes.after(4).await[3], &other_secret);
    let events = api.read(&r("/admin-events?resourceTypes=CUSTOM&max=-1")).await;
    let mut seen = field(&events, "resourcePath");
    seen.sort_by_key(|path| path.len());
    let own = path.split_once("/webhooks/").map(|(_, id)| format!("webhooks/{id}")).unwrap();
    let (tested, renewed) = (format!("{own}/test"), format!("{own}/secret"));
    assert_eq!(seen, [&own, &own, &tested, &tested, &tested, &renewed]);
    assert!(!events.to_string().contains("whsec_"));

    // Bad input, and where a webhook may not be.
    for bad in [
        json!({}),
        json!({"url": recorder.url("/x")}),
        json!({"eventsEnabled": true}),
        json!({"url": "http://10.0.0.1/x", "eventsEnabled": true}),
        json!({"url": "https://localhost:1/x\u{0}", "eventsEnabled": true}),
        json!({"url": "ftp://example.org/", "eventsEnabled": true}),
        json!({"url": recorder.url("/x"), "eventsEnabled": true, "eventTypes": ["a b"]}),
        json!({"url": recorder.url("/x"), "eventsEnabled": true, "eventTypes": vec!["A"; 201]}),
        json!({"url": recorder.url("/x"), "adminEventsEnabled": true, "operationTypes": ["READ"]}),
        json!({"url": recorder.url("/x"), "eventsEnabled": true, "secret": "short"}),
        json!({"url": recorder.url("/x"), "eventsEnabled": true, "secret": "**********"}),
        json!({"url": recorder.url("/x"), "eventsEnabled": true, "id": "a/b"}),
        json!({"url": recorder.url("/x"), "eventsEnabled": true, "other": 1}),
    ] {
        api.post(&r("/webhooks"), bad).await.expect(400);
    }
    let taken = json!({"id": path.rsplit('/').next(), "url": recorder.url("/x"), "eventsEnabled": true});
    api.post(&r("/webhooks"), taken).await.expect(409);
}

#[tokio::test]
async fn what_was_not_taken_is_sent_again_until_it_is_given_up() {
    let mut world = world().await;
    let recorder = Recorder::start();
    let (path, secret) =
        webhook(&world, &recorder, json!({"eventsEnabled": true, "eventTypes": ["LOGIN_ERROR"]})).await;
    world.user("alice", "pw").await;
    let deliveries = format!("{path}/deliveries");
    // A redirect is not followed.
    recorder.answers(&[500, 302]);
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    recorder.after(1).await;
    let waiting = shown(&world, &deliveries, 0, "it answered with status 500").await;
    let wait = waiting["nextAttempt"].as_i64().unwrap() - waiting["lastAttempt"].as_i64().unwrap();
    assert_eq!((&waiting["state"], &waiting["attempts"], wait), (&json!("WAITING"), &json!(1), 1_000));
    world.server.clock().advance(Duration::from_secs(1));
    recorder.after(2).await;
    let waiting = shown(&world, &deliveries, 0, "it answered with status 302").await;
    let wait = waiting["nextAttempt"].as_i64().unwrap() - waiting["lastAttempt"].as_i64().unwrap();
    assert_eq!(wait, 3_000);
    world.server.clock().advance(Duration::from_secs(3));
    let heard = recorder.after(3).await;
    for attempt in &heard {
        verified(&world, attempt, &secret);
        assert_eq!((attempt.header("webhook-id"), &attempt.body), (heard[0].header("webhook-id"), &heard[0].body));
    }
    assert_ne!(heard[0].header("webhook-timestamp"), heard[2].header("webhook-timestamp"));
    settled(&world, &deliveries, "DELIVERED", 1).await;
    let delivered = world.admin.read(&format!("{deliveries}/{}", heard[0].header("webhook-id"))).await;
    assert_eq!((&delivered["body"], delivered.get("nextAttempt")), (&json!(heard[0].body), None));

    // The realm's filter of addresses is asked each time, and a day is enough.
    world.admin.put(&r(""), json!({"attributes": {ALLOWED: ""}})).await.expect(204);
    let refused = json!({"url": recorder.url("/x"), "eventsEnabled": true});
    let text = world.admin.post(&r("/webhooks"), refused).await.expect(400).text();
    assert!(text.contains("it is a loopback"), "{text}");
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    shown(&world, &deliveries, 0, "it is a loopback").await;
    world.advance(Duration::from_secs(24 * 3_600)).await;
    let given_up = settled(&world, &deliveries, "GIVEN_UP", 1).await;
    assert_eq!(given_up["attempts"], 2);
    recorder.after(3).await;
    world.admin.put(&r(""), json!({"attributes": {ALLOWED: "127.0.0.0/8"}})).await.expect(204);
    let again = format!("{deliveries}/{}", given_up["id"].as_str().unwrap());
    world.admin.post(&format!("{again}/redeliver"), json!({})).await.expect(204);
    let heard = recorder.after(4).await;
    assert_eq!(heard[3].header("webhook-id"), given_up["id"]);
    verified(&world, &heard[3], &secret);
    settled(&world, &deliveries, "GIVEN_UP", 0).await;
    world.admin.get(&format!("{deliveries}?state=LOST")).await.expect(400);

    // With the webhook goes everything that it was to be told.
    recorder.answers(&[500]);
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    recorder.after(5).await;
    shown(&world, &deliveries, 0, "it answered with status 500").await;
    world.admin.delete(&path).await.expect(204);
    for gone in [&path, &deliveries, &again] {
        world.admin.get(gone).await.expect(404);
    }
    let mut conn = world.server.services().store.read().await.unwrap();
    let left: i64 =
        sqlx::query_scalar("select (select count(*) from jobs) + (select count(*) from webhook_deliveries)")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    assert_eq!(left, 0);
    drop(conn);
    world.password_grant("acme", "alice", "wrong").await.expect(401);
    recorder.after(5).await;
}

/// The delivery at this place of the list, once its last attempt is known to have failed so.
async fn shown(world: &World, deliveries: &str, place: usize, failure: &str) -> Value {
    until(failure, 20, async || {
        let found = world.admin.read(deliveries).await[place].clone();
        found["failure"].as_str().is_some_and(|text| text.starts_with(failure)).then_some(found)
    })
    .await
}

/// Waits until so many deliveries are in a state, and gives the newest one.
async fn settled(world: &World, deliveries: &str, state: &str, count: usize) -> Value {
    until(state, 20, async || {
        let found = world.admin.read(&format!("{deliveries}?state={state}")).await;
        (found.as_array().unwrap().len() == count).then(|| found[0].clone())
    })
    .await
}
