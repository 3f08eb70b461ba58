//! Rules that every table keeps, looked up in the database's own catalog.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, postgres::PgRow};
use tests::TestServer;

/// Tables that belong to no realm, or are the directory of realms.
const NOT_OWNED: [&str; 2] = ["_sqlx_migrations", "realms"];

/// Tables that no cache reads from: a change of theirs needs no notice. A new table is either here or calls
/// `cache_follows` in its migration.
const NOT_CACHED: [&str; 29] = [
    "admin_events",
    "authentication_executions",
    "authentication_flows",
    "authenticator_configs",
    "client_sessions",
    "credentials",
    "default_groups",
    "device_codes",
    "event_counts",
    "events",
    "federated_identities",
    "identity_provider_mappers",
    "identity_providers",
    "identity_tokens",
    "initial_access_tokens",
    "jobs",
    "localization_texts",
    "login_failures",
    "permissions",
    "pushed_requests",
    "realm_changes",
    "refused_admin_requests",
    "required_actions",
    "revoked_tokens",
    "used_assertions",
    "user_consents",
    "user_counts",
    "user_sessions",
    "webhook_deliveries",
];

async fn rows(sql: &str) -> Vec<PgRow> {
    let database = TestServer::database().await;
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

async fn tables() -> Vec<String> {
    let sql = "select relname::text from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
               order by relname";
    rows(sql).await.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn every_table_belongs_to_a_realm() {
    let sql = "select table_name::text from information_schema.columns
               where table_schema = 'public' and column_name = 'realm_id' and is_nullable = 'NO'";
    let owned: Vec<String> = rows(sql).await.iter().map(|row| row.get(0)).collect();
    for table in tables().await.iter().filter(|table| !NOT_OWNED.contains(&table.as_str())) {
        assert!(owned.contains(table), "{table} has no realm_id, or one that may be null");
    }
}

#[tokio::test]
async fn every_table_is_followed_by_the_caches_or_known_to_be_in_none() {
    let sql = "select c.relname::text, count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid
               where t.tgname in ('cache_follows_insert', 'cache_follows_update', 'cache_follows_delete')
               group by c.relname";
    let followed: Vec<(String, i64)> = rows(sql).await.iter().map(|row| (row.get(0), row.get(1))).collect();
    for table in tables().await.iter().filter(|table| !NOT_OWNED.contains(&table.as_str())) {
        let triggers = followed.iter().find(|(name, _)| name == table).map_or(0, |(_, count)| *count);
        let expected = if NOT_CACHED.contains(&table.as_str()) { 0 } else { 3 };
        assert_eq!(triggers, expected, "triggers of {table}");
    }
}

/// So that the schema can be distributed by realm: a unique index or a foreign key that doesn't begin with the realm
/// would have to look at every node.
#[tokio::test]
async fn every_unique_index_and_foreign_key_begins_with_the_realm() {
    let sql = "select c.relname::text, i.relname::text,
                      (select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = x.indkey[0])
               from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
               where x.indisunique and c.relnamespace = 'public'::regnamespace";
    let mut seen = 0;
    for row in rows(sql).await {
        let (table, index, first): (String, String, Option<String>) = (row.get(0), row.get(1), row.get(2));
        if !NOT_OWNED.contains(&table.as_str()) {
            assert_eq!(first.as_deref(), Some("realm_id"), "{index} of {table}");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} unique indexes");
    let sql = "select c.relname::text, k.conname::text,
                      (select attname::text from pg_attribute where attrelid = k.conrelid and attnum = k.conkey[1]),
                      (select attname::text from pg_attribute where attrelid = k.confrelid and attnum = k.confkey[1])
               from pg_constraint k join pg_class c on c.oid = k.conrelid where k.contype = 'f'";
    let mut seen = 0;
    for row in rows(sql).await {
        let (table, key): (String, String) = (row.get(0), row.get(1));
        let (from, to): (Option<String>, Option<String>) = (row.get(2), row.get(3));
        assert_eq!((from.as_deref(), to.as_deref()), (Some("realm_id"), Some("realm_id")), "{key} of {table}");
        seen += 1;
    }
    assert!(seen > 20, "{seen} foreign keys");
}

/// The time is the server's clock, and ids are made by the server.
#[test]
fn migrations_ask_the_database_for_no_time_and_no_ids() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let sql = std::fs::read_to_string(&path).unwrap();
        let sql: String =
            sql.lines().filter(|line| !line.trim_start().starts_with("--")).collect::<Vec<_>>().join("\n");
        let sql = sql.to_lowercase();
        for word in [
            "now()",
            "current_timestamp",
            "clock_timestamp",
            "statement_timestamp",
            "current_date",
            "localtimestamp",
            "gen_random_uuid",
            "serial",
            "generated always as identity",
            "random()",
            "uuid_generate",
        ] {
            assert!(!sql.contains(word), "{word} in {}", path.display());
        }
        seen += 1;
    }
    assert!(seen >= 8, "{seen} migrations");
}
