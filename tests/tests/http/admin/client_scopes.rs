//! Client scopes, their assignment to clients and the realm's defaults.

use serde_json::json;

use crate::http::support::{World, field, r};

#[tokio::test]
async fn client_scopes_are_created_read_listed_changed_and_deleted() {
    let world = World::start().await;
    let api = &world.admin;
    let given = json!({"name": "teams", "protocol": "openid-connect", "attributes": {"gui.order": 7}});
    let id = api.post(&r("/client-scopes"), given).await.created();
    let path = r(&format!("/client-scopes/{id}"));
    let read = api.read(&path).await;
    assert_eq!((&read["name"], &read["attributes"]["gui.order"]), (&json!("teams"), &json!("7")));
    assert!(field(&api.read(&r("/client-scopes")).await, "name").contains(&"teams"));
    api.put(&path, json!({"description": "d"})).await.expect(204);
    assert_eq!(api.read(&path).await["description"], "d");
    let reply = api.post(&r("/client-scopes"), json!({"name": "teams"})).await;
    reply.error_message(409, "Client Scope teams already exists");
    for name in ["", "a b", "a\u{0}b", &"x".repeat(300)] {
        let reply = api.post(&r("/client-scopes"), json!({ "name": name })).await;
        assert_eq!(reply.status, 400, "{name:.20}: {}", reply.text());
    }
    api.delete(&path).await.expect(204);
    api.get(&path).await.error(404, "Could not find client scope");
    api.put(&path, json!({})).await.error(404, "Could not find client scope");
    api.delete(&path).await.error(404, "Could not find client scope");
}

#[tokio::test]
async fn client_scopes_are_assigned() {
    let world = World::start().await;
    let api = &world.admin;
    let scope = api.post(&r("/client-scopes"), json!({"name": "s", "protocol": "openid-connect"})).await.created();
    let client = api.post(&r("/clients"), json!({"clientId": "web"})).await.created();
    for kind in ["default", "optional"] {
        let list = r(&format!("/clients/{client}/{kind}-client-scopes"));
        let one = format!("{list}/{scope}");
        api.put(&one, json!({})).await.expect(204);
        assert!(field(&api.read(&list).await, "name").contains(&"s"), "{kind}");
        api.delete(&one).await.expect(204);
        assert!(!field(&api.read(&list).await, "name").contains(&"s"), "{kind}");
        api.put(&format!("{list}/nothing"), json!({})).await.error(404, "Client scope not found");
        let list = r(&format!("/default-{kind}-client-scopes"));
        let one = format!("{list}/{scope}");
        api.put(&one, json!({})).await.expect(204);
        assert!(field(&api.read(&list).await, "name").contains(&"s"), "{kind}");
        let fresh = api.post(&r("/clients"), json!({"clientId": format!("web-{kind}")})).await.created();
        let of_fresh = api.read(&r(&format!("/clients/{fresh}/{kind}-client-scopes"))).await;
        assert!(field(&of_fresh, "name").contains(&"s"), "{kind}: {of_fresh}");
        api.delete(&one).await.expect(204);
        assert!(!field(&api.read(&list).await, "name").contains(&"s"), "{kind}");
        api.put(&format!("{list}/nothing"), json!({})).await.error(404, "Client scope not found");
    }
}
