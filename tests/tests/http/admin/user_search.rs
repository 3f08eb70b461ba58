//! Searches that take another way than those in a small realm do: all ways give the same.

use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::http::support::{World, field, r};

/// More users than the first walk of a search looks at, of which those of the second half have other names.
const MANY: &str = "
    insert into users (realm_id, id, username, email, email_verified, first_name, last_name, first_name_folded,
        last_name_folded, enabled, created_at, attributes, required_actions)
    select realm_id, 'many-' || n, username, username || '@example.org', n % 2 = 0, 'Some', 'Body', 'some', 'body',
        n % 5000 > 0, '2024-01-01', jsonb_build_object('n', jsonb_build_array(n::text)), '{}'
    from realms, generate_series(1, 50000) as n,
        lateral (select case when n <= 25000 then 'aa-' else 'zz-' end || lpad(n::text, 6, '0') as username) as made
    where name = 'acme';
    insert into federated_identities
    select realm_id, 'many-' || n, 'github', 'g' || n, null from realms, generate_series(49999, 50000) as n
    where name = 'acme';
    analyze users";

#[tokio::test]
async fn every_way_of_searching_finds_the_same() {
    let world = World::start().await;
    let api = &world.admin;
    world.free_attributes().await;
    let zoe = json!({"username": "zoe", "firstName": "ÄRA", "lastName": "Zz-top", "email": "zoe@example.org"});
    api.post(&r("/users"), zoe).await.expect(201);
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(MANY.to_owned())).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    for (query, count, first) in [
        ("", 50_001, "aa-000001"),
        ("search=zz", 25_001, "zoe"),
        ("search=zz-0499", 100, "zz-049900"),
        ("search=zz-04999*", 10, "zz-049990"),
        ("search=*-04999*", 10, "zz-049990"),
        ("search=*9999*", 5, "aa-009999"),
        ("search=%C3%A4r", 1, "zoe"),
        ("search=z*e", 25_001, "zoe"),
        ("search=aa%20some", 25_000, "aa-000001"),
        ("search=zz%20body", 25_000, "zz-025001"),
        ("search=zoe%20zz", 1, "zoe"),
        ("username=zz-", 25_000, "zz-025001"),
        ("username=ZZ-030000&exact=true", 1, "zz-030000"),
        ("email=zz-03", 10_000, "zz-030000"),
        ("lastName=od", 50_000, "aa-000001"),
        ("enabled=false", 11, "aa-005000"),
        ("enabled=false&search=zz", 6, "zoe"),
        ("emailVerified=true", 25_000, "aa-000002"),
        ("q=n:40000", 1, "zz-040000"),
        ("q=n:40000%20username:aa", 0, ""),
        ("idpAlias=github", 2, "zz-049999"),
        ("idpAlias=github&idpUserId=g50000", 1, "zz-050000"),
        ("idpUserId=g49999", 1, "zz-049999"),
        ("idpAlias=gitlab", 0, ""),
        ("search=zz&idpAlias=github", 2, "zz-049999"),
        ("search=id:many-3%20many-4", 2, "aa-000003"),
    ] {
        let found = api.read(&r(&format!("/users?max=2&{query}"))).await;
        let names = field(&found, "username");
        assert_eq!(names.first().copied().unwrap_or_default(), first, "{query}: {names:?}");
        assert_eq!(api.read(&r(&format!("/users/count?{query}"))).await, count, "{query}");
        let last = api.read(&r(&format!("/users?max=5&first={}&{query}", (count - 2).max(0)))).await;
        assert_eq!(last.as_array().unwrap().len(), usize::try_from(count.min(2)).unwrap(), "the end of {query}");
    }
    let all = api.read(&r("/users?max=-1&search=zz-0499&briefRepresentation=true")).await;
    assert_eq!(all.as_array().unwrap().len(), 100);
    assert_eq!(all[0].get("attributes"), None);

    // the numbers that the database keeps follow every change
    let zoe = api.read(&r("/users?username=zoe&exact=true")).await[0]["id"].as_str().unwrap().to_owned();
    let zoe = r(&format!("/users/{zoe}"));
    api.put(&zoe, json!({"enabled": true, "emailVerified": true})).await.expect(204);
    assert_eq!(api.read(&r("/users/count?enabled=false")).await, 10);
    assert_eq!(api.read(&r("/users/count?emailVerified=true")).await, 25_001);
    api.delete(&zoe).await.expect(204);
    assert_eq!(api.read(&r("/users/count")).await, 50_000);

    // members of a large group, of which a page is found by walking
    let group = world.group("/large").await;
    let mut database = PgConnection::connect(world.server.database_url()).await.unwrap();
    let sql = format!("insert into user_groups select realm_id, id, '{group}' from users where username like 'zz-%'");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let members = api.read(&r(&format!("/groups/{group}/members?first=1&max=2"))).await;
    assert_eq!(field(&members, "username"), ["zz-025002", "zz-025003"]);
    api.delete(&r("")).await.expect(204);
}
