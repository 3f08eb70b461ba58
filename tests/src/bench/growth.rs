//! More realms and more users, written into the database as copies: to make ten thousand realms through the API would take
//! longer than all the measurements.

use super::server::Server;
use sqlx::{Connection, PgConnection, Row};

/// The realm that everything is measured on; others are copies of it.
pub const REALM: &str = "bench";

/// Copies the realm of the measurement until there are `count` like it.
///
/// # Panics
/// If the database refuses.
pub async fn realms(server: &Server, count: i64) {
    let mut database = connect(server).await;
    // Neither foreign keys nor the notices to caches are needed for rows that are copies.
    run(&mut database, "set session_replication_role = replica").await;
    run(&mut database, "create temporary table made (realm_id uuid primary key, name text not null)").await;
    sqlx::query(
        "insert into made select gen_random_uuid(), $1 || '-' || number
         from generate_series((select count(*) from realms where name like $1 || '%'), $2 - 1) number",
    )
    .bind(REALM)
    .bind(count)
    .execute(&mut database)
    .await
    .expect("names for realms");
    for (table, columns) in tables(&mut database).await {
        let values: Vec<_> = columns.iter().map(|column| value(&table, column)).collect();
        let copy = format!(
            "insert into {table} ({}) select {} from {table} t, made where t.realm_id =
                 (select realm_id from realms where name = '{REALM}')",
            columns.join(", "),
            values.join(", ")
        );
        run(&mut database, &copy).await;
    }
    // As after the first quiet minutes: the pages that were filled are known to be visible to all.
    run(&mut database, "vacuum analyze").await;
}

/// What stands in a column of a copy.
fn value(table: &str, column: &str) -> String {
    match (table, column) {
        (_, "realm_id" | "target_realm") => "made.realm_id".to_owned(),
        ("realms", "given_id") => "made.realm_id::text".to_owned(),
        ("realms", "name") => "made.name".to_owned(),
        _ => format!("t.{column}"),
    }
}

/// The tables that hold things of realms, with the columns that aren't computed: `realms` itself last, so that the one to
/// be copied is found by its name all the time.
async fn tables(database: &mut PgConnection) -> Vec<(String, Vec<String>)> {
    let rows = sqlx::query(
        "select c.table_name::text, array_agg(c.column_name::text order by c.ordinal_position) as columns
         from information_schema.columns c
         join information_schema.tables t using (table_schema, table_name)
         where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
             and c.table_name not in ('realm_changes', 'events', 'admin_events', 'user_sessions', 'client_sessions', 'jobs')
         group by c.table_name having bool_or(c.column_name = 'realm_id')
         order by c.table_name = 'realms', c.table_name",
    )
    .fetch_all(database)
    .await
    .expect("tables");
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Adds `count` users to the realm of the measurement.
///
/// # Panics
/// If the database refuses.
pub async fn users(server: &Server, count: i64) {
    let mut database = connect(server).await;
    sqlx::query(
        "insert into users (realm_id, id, username, email, email_verified, first_name, last_name, first_name_folded,
             last_name_folded, enabled, created_at, attributes, required_actions)
         select r.realm_id, gen_random_uuid()::text, 'person' || number, 'person' || number || '@example.org',
             (number / 6) % 3 = 0, given, family, lower(given), lower(family), number % 100 > 0,
             now() - make_interval(secs => number),
             jsonb_build_object('department', jsonb_build_array('unit ' || number % 1000)), '{}'
         from realms r, generate_series(1, $2) number, lateral (
             select (array['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Donald'])[1 + number % 6] as given,
                 'Family' || number % 50000 as family
         ) as person
         where r.name = $1",
    )
    .bind(REALM)
    .bind(count)
    .execute(&mut database)
    .await
    .expect("users");
    run(&mut database, "vacuum analyze users").await;
}

/// Adds `count` login events to the realm of the measurement, one each second until now; one in ten is a refusal.
///
/// # Panics
/// If the database refuses.
pub async fn events(server: &Server, count: i64) {
    let mut database = connect(server).await;
    sqlx::query(
        "insert into events (realm_id, id, time, kind, client_id, user_id, ip_address, error, details)
         select r.realm_id, gen_random_uuid()::text, now() - make_interval(secs => number),
             case when number % 10 = 0 then 'LOGIN_ERROR' else 'LOGIN' end, 'client-' || number % 10, null, '192.0.2.7',
             case when number % 10 = 0 then 'invalid_user_credentials' end, jsonb_build_object('username', 'person' || number)
         from realms r, generate_series(1, $2) number where r.name = $1",
    )
    .bind(REALM)
    .bind(count)
    .execute(&mut database)
    .await
    .expect("events");
    run(&mut database, "vacuum analyze events").await;
}

async fn connect(server: &Server) -> PgConnection {
    PgConnection::connect(&server.database_url()).await.expect("PostgreSQL runs")
}

async fn run(database: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(database).await.expect("a statement that works");
}
