//! Groups, their tree and their members.

use serde_json::json;

use crate::http::support::{World, field, r};

#[tokio::test]
async fn groups_are_created_read_listed_moved_and_deleted() {
    let world = World::start().await;
    let api = &world.admin;
    let top = api.post(&r("/groups"), json!({"name": "top", "attributes": {"k": ["v"]}})).await.created();
    let reply = api.post(&r(&format!("/groups/{top}/children")), json!({"name": "sub"})).await;
    assert_eq!(reply.json()["path"], "/top/sub");
    let sub = reply.created();
    let path = r(&format!("/groups/{sub}"));
    assert_eq!(api.read(&path).await["path"], "/top/sub");
    assert_eq!(api.read(&r("/group-by-path/top/sub")).await["id"], sub.as_str());
    assert_eq!(api.read(&r(&format!("/groups/{top}"))).await["subGroupCount"], 1);
    let listed = api.read(&r("/groups")).await;
    assert_eq!(field(&listed, "name"), ["top"]);
    assert_eq!(listed[0]["subGroups"], json!([]), "{listed}");
    let found = api.read(&r("/groups?search=su")).await;
    assert_eq!(found[0]["subGroups"][0]["name"], "sub", "{found}");
    assert_eq!(api.read(&r("/groups/count")).await, json!({"count": 2}));
    assert_eq!(api.read(&r("/groups/count?top=true")).await, json!({"count": 1}));
    assert_eq!(field(&api.read(&r(&format!("/groups/{top}/children"))).await, "name"), ["sub"]);
    api.put(&path, json!({"name": "renamed", "attributes": {"a": ["b"]}})).await.expect(204);
    assert_eq!(api.read(&path).await["path"], "/top/renamed");
    // a slash in a name is no level
    let odd = api.post(&r("/groups"), json!({"name": "a/b"})).await.created();
    assert_eq!(api.read(&r("/group-by-path/a~%2Fb")).await["id"], odd.as_str());
    // to the top, and below another
    api.post(&r("/groups"), json!({"id": sub, "name": "renamed"})).await.expect(204);
    assert_eq!(api.read(&path).await["path"], "/renamed");
    api.post(&r(&format!("/groups/{odd}/children")), json!({"id": sub, "name": "renamed"})).await.expect(204);
    assert_eq!(api.read(&path).await["path"], "/a~/b/renamed");
    // not below itself
    let circle = api.post(&r(&format!("/groups/{sub}/children")), json!({"id": odd, "name": "a/b"})).await;
    assert!((400..500).contains(&circle.status), "{}", circle.text());
    api.delete(&r(&format!("/groups/{odd}"))).await.expect(204);
    for reply in [api.get(&path).await, api.delete(&path).await, api.put(&path, json!({"name": "x"})).await] {
        reply.error(404, "Could not find group by id");
    }
    api.get(&r("/group-by-path/nothing")).await.error(404, "Group path does not exist");
}

#[tokio::test]
async fn groups_are_refused_with_keycloaks_words() {
    let world = World::start().await;
    let api = &world.admin;
    let top = api.post(&r("/groups"), json!({"name": "top"})).await.created();
    let second = api.post(&r("/groups"), json!({"name": "second"})).await.created();
    api.post(&r("/groups"), json!({"name": "top"}))
        .await
        .error_message(409, "Top level group named 'top' already exists.");
    api.post(&r("/groups"), json!({"name": ""})).await.error_message(400, "Group name is missing");
    api.post(&r("/groups"), json!({})).await.error_message(400, "Group name is missing");
    let children = r(&format!("/groups/{top}/children"));
    api.post(&children, json!({"name": "x"})).await.expect(201);
    api.post(&children, json!({"name": "x"})).await.error_message(409, "Sibling group named 'x' already exists.");
    let reply = api.put(&r(&format!("/groups/{second}")), json!({"name": "top"})).await;
    assert_eq!(reply.status, 409, "{}", reply.text());
    api.post(&children, json!({"id": "nothing", "name": "y"})).await.error(404, "Could not find child by id");
    api.post(&r("/groups/nothing/children"), json!({"name": "y"})).await.error(404, "Could not find group by id");
    for name in ["a\u{0}b", &"x".repeat(300), "a\nb"] {
        let reply = api.post(&r("/groups"), json!({ "name": name })).await;
        assert_eq!(reply.status, 400, "{name:.20}: {}", reply.text());
    }
}

#[tokio::test]
async fn members_come_and_go() {
    let world = World::start().await;
    let api = &world.admin;
    let (alice, bob) = (world.user("alice", "pw").await, world.user("bob", "pw").await);
    let group = world.group("/team").await;
    world.join(&alice, &group).await;
    api.put(&r(&format!("/groups/{group}/members/{bob}")), json!({})).await.expect(204);
    let members = r(&format!("/groups/{group}/members"));
    assert_eq!(field(&api.read(&members).await, "username"), ["alice", "bob"]);
    assert_eq!(field(&api.read(&format!("{members}?first=1&max=1")).await, "username"), ["bob"]);
    api.delete(&r(&format!("/users/{alice}/groups/{group}"))).await.expect(204);
    assert_eq!(field(&api.read(&members).await, "username"), ["bob"]);
    api.put(&r(&format!("/users/{alice}/groups/nothing")), json!({})).await.error(404, "Group not found");
    api.put(&r(&format!("/users/nothing/groups/{group}")), json!({})).await.error(404, "User not found");
    // groups of new users
    let default = r(&format!("/default-groups/{group}"));
    api.put(&default, json!({})).await.expect(204);
    assert_eq!(field(&api.read(&r("/default-groups")).await, "path"), ["/team"]);
    let carol = world.user("carol", "pw").await;
    assert_eq!(field(&api.read(&r(&format!("/users/{carol}/groups"))).await, "path"), ["/team"]);
    api.delete(&default).await.expect(204);
    assert_eq!(api.read(&r("/default-groups")).await, json!([]));
    api.put(&r("/default-groups/nothing"), json!({})).await.error(404, "Group not found");
}
