//! Initial access tokens as administrators make and see them.

use serde_json::json;

use crate::http::support::{World, field, r};

#[tokio::test]
async fn tokens_are_made_listed_and_removed() {
    let world = World::start().await;
    let api = &world.admin;
    assert_eq!(api.read(&r("/clients-initial-access")).await, json!([]));
    // Keycloak's client expects 200 and a body
    let made = api.post(&r("/clients-initial-access"), json!({"count": 3, "expiration": 60})).await.expect(200).json();
    let now = world.server.services().now().unix_timestamp();
    for (name, value) in
        [("count", json!(3)), ("remainingCount", json!(3)), ("expiration", json!(60)), ("timestamp", json!(now))]
    {
        assert_eq!(made[name], value, "{name}");
    }
    let token = made["token"].as_str().unwrap();
    let claims = tests::docker::claims(token);
    assert_eq!((&claims["typ"], &claims["jti"]), (&json!("InitialAccessToken"), &made["id"]));
    assert_eq!((&claims["iss"], &claims["exp"]), (&json!(world.url("/realms/acme")), &json!(now + 60)));
    assert_eq!(tests::docker::header(token)["alg"], "HS512");
    // listed by age
    world.server.clock().advance(std::time::Duration::from_secs(1));
    let usual = api.post(&r("/clients-initial-access"), json!({})).await.expect(200).json();
    assert_eq!((&usual["count"], &usual["expiration"]), (&json!(1), &json!(0)));
    assert_eq!(tests::docker::claims(usual["token"].as_str().unwrap()).get("exp"), None);
    let listed = api.read(&r("/clients-initial-access")).await;
    assert_eq!(field(&listed, "id"), [made["id"].as_str().unwrap(), usual["id"].as_str().unwrap()]);
    assert!(field(&listed, "token").is_empty(), "{listed}");
    api.delete(&r(&format!("/clients-initial-access/{}", made["id"].as_str().unwrap()))).await.expect(204);
    assert_eq!(field(&api.read(&r("/clients-initial-access")).await, "id"), [usual["id"].as_str().unwrap()]);
    // one that is gone is gone
    api.delete(&r("/clients-initial-access/nothing")).await.expect(204);
}

#[tokio::test]
async fn numbers_below_zero_are_refused_in_keycloaks_words() {
    let world = World::start().await;
    let api = &world.admin;
    for (name, text) in [
        ("expiration", "The expiration time interval cannot be less than 0"),
        ("count", "The count cannot be less than 0"),
    ] {
        let reply = api.post(&r("/clients-initial-access"), json!({name: -1})).await.expect(400);
        let expected = json!({"error": format!("Invalid value for {name}"), "error_description": text});
        assert_eq!(reply.json(), expected);
    }
    api.post(&r("/clients-initial-access"), json!({"webOrigins": vec!["https://a.example"; 101]})).await.expect(400);
}

#[tokio::test]
async fn making_and_removing_is_recorded_without_the_token() {
    let world = World::start().await;
    let api = &world.admin;
    let events = json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true});
    api.put(&r("/events/config"), events).await.expect(204);
    let made = api.post(&r("/clients-initial-access"), json!({})).await.expect(200).json();
    let path = format!("clients-initial-access/{}", made["id"].as_str().unwrap());
    world.server.clock().advance(std::time::Duration::from_secs(1));
    api.delete(&r(&format!("/{path}"))).await.expect(204);
    let events = api.read(&r("/admin-events?resourceTypes=CLIENT_INITIAL_ACCESS_MODEL")).await;
    assert_eq!(field(&events, "operationType"), ["DELETE", "CREATE"]);
    assert_eq!(field(&events, "resourcePath"), [path.as_str(); 2]);
    assert!(!events.to_string().contains(made["token"].as_str().unwrap()));
}
