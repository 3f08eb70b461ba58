//! Realms.

use serde_json::json;

use crate::http::support::{REALM, World, field, r};

#[tokio::test]
async fn realms_are_created_read_listed_changed_and_deleted() {
    let world = World::start().await;
    let api = &world.admin;
    let given = json!({
        "id": "given-id", "realm": "other", "enabled": true, "displayName": "Other", "attributes": {"a": "b", "n": 5},
        "accessTokenLifespan": 120, "bruteForceProtected": false, "eventsExpiration": 60,
    });
    let reply = api.post("/realms", given).await.expect(201);
    assert_eq!(reply.header("location"), Some(world.url("/admin/realms/other").as_str()));
    assert!(reply.body.is_empty());
    let other = api.read("/realms/other").await;
    for (name, value) in [
        ("id", json!("given-id")),
        ("realm", json!("other")),
        ("enabled", json!(true)),
        ("displayName", json!("Other")),
        ("accessTokenLifespan", json!(120)),
        ("bruteForceProtected", json!(false)),
        ("eventsExpiration", json!(60)),
    ] {
        assert_eq!(other[name], value, "{name}");
    }
    assert_eq!((&other["attributes"]["a"], &other["attributes"]["n"]), (&json!("b"), &json!("5")));
    let listed = api.read("/realms").await;
    let mut names = field(&listed, "realm");
    names.sort_unstable();
    assert_eq!(names, [REALM, "master", "other"]);
    // what is absent stays
    api.put("/realms/other", json!({"displayName": "Changed"})).await.expect(204);
    let changed = api.read("/realms/other").await;
    assert_eq!((&changed["displayName"], &changed["accessTokenLifespan"]), (&json!("Changed"), &json!(120)));
    // what is read can be written
    api.put("/realms/other", changed.clone()).await.expect(204);
    assert_eq!(api.read("/realms/other").await, changed);
    // another name
    api.put("/realms/other", json!({"realm": "renamed"})).await.expect(204);
    api.get("/realms/other").await.error(404, "Realm not found.");
    assert_eq!(api.read("/realms/renamed").await["id"], "given-id");
    api.delete("/realms/renamed").await.expect(204);
    api.delete("/realms/renamed").await.error(404, "Realm not found.");
}

#[tokio::test]
async fn realms_are_refused_with_keycloaks_words() {
    let world = World::start().await;
    let api = &world.admin;
    api.post("/realms", json!({"realm": REALM})).await.error_message(409, "Realm acme already exists");
    api.post("/realms", json!({"realm": ""})).await.error_message(400, "Realm name cannot be empty");
    api.post("/realms", json!({})).await.error_message(400, "Realm name cannot be empty");
    api.put("/realms/master", json!({"realm": "x"})).await.error_message(400, "Can't rename master realm");
    api.delete("/realms/master").await.error_message(400, "Can't remove master realm");
    api.post("/realms", json!({"realm": "second"})).await.expect(201);
    api.put("/realms/second", json!({"realm": REALM})).await.error_message(409, "Realm with same name exists");
    api.get("/realms/nothing").await.error(404, "Realm not found.");
    api.put("/realms/nothing", json!({})).await.error(404, "Realm not found.");
    for name in ["a/b", "a?b", "a#b", "a%b", "a b\n", "a:b@c", &"x".repeat(300), "..", "."] {
        let reply = api.post("/realms", json!({ "realm": name })).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.text());
    }
    for (name, value) in [
        ("sslRequired", json!("sometimes")),
        ("accessTokenLifespan", json!(-1)),
        ("passwordPolicy", json!("nonsense(")),
        ("failureFactor", json!(-5)),
        ("bruteForceStrategy", json!("x")),
        ("eventsExpiration", json!(-1)),
        ("defaultSignatureAlgorithm", json!("none")),
        ("ssoSessionMaxLifespan", json!(-1)),
    ] {
        let reply = api.put(&r(""), json!({ name: value })).await;
        assert_eq!(reply.status, 400, "{name}: {}", reply.text());
    }
}

#[tokio::test]
async fn nothing_of_a_realm_outlives_it() {
    use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
    let (world, registry) = World::with_registry().await;
    world.allow_everything(&registry).await;
    world.user("alice", "pw").await;
    world.identity_token("alice", "pw").await;
    world.group("/a/b").await;
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let id: sqlx::types::Uuid =
        sqlx::query("select realm_id from realms where name = 'acme'").fetch_one(&mut database).await.unwrap().get(0);
    world.admin.delete(&r("")).await.expect(204);
    let tables = sqlx::query(
        "select table_name::text from information_schema.columns where column_name = 'realm_id'
                              and table_schema = 'public'",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    assert!(tables.len() > 15);
    for table in tables {
        let table: String = table.get(0);
        // that a realm is gone is what other nodes have to hear of
        if table == "realm_changes" {
            continue;
        }
        let sql = format!("select count(*) from {table} where realm_id = $1");
        let count: i64 = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_one(&mut database).await.unwrap().get(0);
        assert_eq!(count, 0, "{table}");
    }
    // a realm of the same name is a new one
    world.admin.post("/realms", json!({"realm": REALM, "enabled": true})).await.expect(201);
    assert_eq!(world.admin.read(&r("/users")).await, json!([]));
}
