//! One transaction: an import is there as a whole or not at all, and nothing outside it is touched.

use representation::RealmRepresentation;
use serde_json::{Value, json};
use services::{
    Caller,
    realms::{Import, ImportOptions},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, types::Uuid};
use tests::docker::claims;

use super::everything::realm;
use crate::http::support::{World, field};

/// A server on which nothing happens by itself: the event of the administrator's login is written behind the answer.
async fn quiet() -> World {
    let world = World::start().await;
    let session = claims(world.admin.token.as_ref().unwrap())["sid"].clone();
    let written = || async {
        let events = world.admin.read("/realms/master/events?type=LOGIN").await;
        events.as_array().unwrap().iter().any(|event| event["sessionId"] == session).then_some(())
    };
    tests::poll::until("the event of the login", 10, written).await;
    world
}

/// A hash of the rows of every table that are not the named realm's, and how many rows are.
async fn rows(world: &World, realm: &str) -> (Vec<(String, String)>, i64) {
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let id: Option<Uuid> = sqlx::query_scalar("select realm_id from realms where name = $1")
        .bind(realm)
        .fetch_optional(&mut database)
        .await
        .unwrap();
    let id = id.unwrap_or_default();
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.columns where column_name = 'realm_id' and table_schema = 'public'
         order by 1",
    )
    .fetch_all(&mut database)
    .await
    .unwrap();
    let (mut others, mut own) = (Vec::new(), 0);
    for table in tables {
        let sql = format!(
            "select coalesce(md5(string_agg(t::text, '|' order by t::text) filter (where realm_id <> $1)), ''),
                 count(*) filter (where realm_id = $1) from {table} t"
        );
        let row = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_one(&mut database).await.unwrap();
        others.push((table, row.get(0)));
        own += row.get::<i64, _>(1);
    }
    (others, own)
}

fn parsed(given: &Value) -> RealmRepresentation {
    representation::parse(given.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn an_import_writes_nothing_outside_its_realm_and_a_dry_run_nothing_at_all() {
    let world = quiet().await;
    let (before, own) = rows(&world, "everything").await;
    assert_eq!(own, 0);
    let tried = world.admin.post("/realms?dryRun=true", realm("everything")).await.expect(200).json();
    assert!(field(&tried["notTakenOver"], "path").contains(&"organizations"));
    assert_eq!(rows(&world, "everything").await, (before.clone(), 0));
    world.admin.post("/realms", realm("everything")).await.expect(201);
    let (after, own) = rows(&world, "everything").await;
    assert_eq!(before, after);
    assert!(own > 100, "{own} rows");
}

#[tokio::test]
async fn an_import_that_does_not_end_leaves_nothing() {
    let world = quiet().await;
    let services = world.server.services();
    let (before, _) = rows(&world, "everything").await;
    let server = Caller::of_server(services);
    let mut import =
        Import::begin(services, &server, parsed(&realm("everything")), ImportOptions::default()).await.unwrap();
    import.users(services, vec![serde_json::from_value(json!({"username": "late"})).unwrap()]).await.unwrap();
    drop(import);
    tests::poll::until("the transaction to be gone", 10, || {
        let (world, expected) = (&world, (before.clone(), 0));
        async move { (rows(world, "everything").await == expected).then_some(()) }
    })
    .await;
    // What is wrong at the very end takes everything back too.
    let mut twice = realm("everything");
    let user = twice["users"][1].clone();
    twice["users"].as_array_mut().unwrap().push(user);
    world.admin.post("/realms", twice).await.expect(409);
    let mut taken = realm("everything");
    taken["clients"][1]["clientId"] = json!("app");
    world.admin.post("/realms", taken).await.expect(409);
    assert_eq!(rows(&world, "everything").await, (before, 0));
    world.admin.post("/realms", realm("everything")).await.expect(201);
}

#[tokio::test]
async fn of_two_imports_of_one_realm_one_is_refused() {
    let world = World::start().await;
    let api = &world.admin;
    let (one, other) = tokio::join!(api.post("/realms", realm("everything")), api.post("/realms", realm("everything")));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", one.text(), other.text());
    let refused = if one.status == 409 { one } else { other };
    refused.error_message(409, "Realm everything already exists");
    // An id is one realm's too.
    let mut same_id = realm("another");
    same_id["id"] = json!("everything-id");
    api.post("/realms", same_id).await.error_message(409, "Realm another already exists");
}

#[tokio::test]
async fn overwriting_replaces_all_of_a_realm() {
    let world = World::start().await;
    let services = world.server.services();
    world.admin.post("/realms", realm("everything")).await.expect(201);
    world.user_in("everything", "leftover", "password").await;
    world.password_grant("everything", "ann", "ann's password").await.expect(200);
    let server = Caller::of_server(services);
    let options = ImportOptions { overwrite: true, dry_run: false };
    let import = Import::begin(services, &server, parsed(&realm("everything")), options).await.unwrap();
    import.finish(services, &server).await.unwrap();
    let users = world.admin.read("/realms/everything/users").await;
    assert!(!field(&users, "username").contains(&"leftover"), "{users}");
    world.password_grant("everything", "ann", "ann's password").await.expect(200);
    let master = Import::begin(services, &server, parsed(&json!({"realm": "master"})), options).await;
    assert!(master.is_err_and(|error| error.to_string().contains("master")));
}

#[tokio::test]
async fn a_creator_who_may_only_make_realms_administers_what_they_imported() {
    let world = World::start().await;
    let id = world.user_in("master", "maker", "pw").await;
    let role = world.admin.read("/realms/master/roles/create-realm").await;
    let path = format!("/realms/master/users/{id}/role-mappings/realm");
    world.admin.post(&path, json!([role])).await.expect(204);
    let maker = world.api("master", "maker", "pw").await;
    maker.post("/realms", realm("everything")).await.expect(201);
    maker.get("/realms/everything/users").await.expect(200);
    maker.get("/realms/acme/users").await.expect(403);
    let export = crate::http::support::send(maker.request(reqwest::Method::POST, "/realms/acme/partial-export")).await;
    export.expect(403);
}
