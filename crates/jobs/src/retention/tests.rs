//! What is over is deleted, however much there is of it, and nothing else.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use services::store::Store;
use test_db::{Template, TestDatabase};
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::sync::watch;

use super::round;

const REALM: &str = "insert into realms (realm_id, given_id, name, enabled, default_role_id, settings, created_at)
    values (gen_random_uuid(), $1, $1, true, 'x', $2, now())";
const SETTINGS: &str = r#"{"eventsExpiration": 60, "attributes": {"adminEventsExpiration": "60"}}"#;
const USER: &str =
    "insert into users (realm_id, id, username, email_verified, enabled, created_at, attributes, required_actions)
    select realm_id, 'alice', 'alice', true, true, now(), '{}', '{}' from realms";
const CLIENT: &str =
    "insert into clients (realm_id, id, client_id, protocol, enabled, settings, attributes, created_at)
    select realm_id, 'app', 'app', 'openid-connect', true, '{}', '{}', now() from realms";

const NOW: OffsetDateTime = datetime!(2024-01-01 0:00 UTC);
/// Rows of each kind that are over, and rows that are not.
const OVER: i64 = 7;
const KEPT: i64 = 2;
/// The tables that rows end in by themselves, with what makes a row that ends at `$1`.
const TABLES: [(&str, &str); 10] = [
    (
        "user_sessions",
        "insert into user_sessions (realm_id, id, user_id, started_at, last_access_at, expires_at, authenticated_at)
         select realm_id, 'session-' || $2::bigint, 'alice', $1, $1, $1, $1 from realms",
    ),
    (
        "identity_tokens",
        "insert into identity_tokens (realm_id, id, token_hash, user_id, client, created_at, last_used_at, expires_at)
         select realm_id, 'token-' || $2::bigint, convert_to($2::bigint::text, 'UTF8'), 'alice', 'app', $1, $1, $1 from realms",
    ),
    (
        "revoked_tokens",
        "insert into revoked_tokens (realm_id, id, expires_at) select realm_id, 'r' || $2::bigint, $1 from realms",
    ),
    (
        "used_assertions",
        "insert into used_assertions (realm_id, hash, expires_at)
         select realm_id, convert_to($2::bigint::text, 'UTF8'), $1 from realms",
    ),
    (
        "pushed_requests",
        "insert into pushed_requests (realm_id, hash, client, parameters, expires_at)
         select realm_id, convert_to($2::bigint::text, 'UTF8'), 'app', '{}', $1 from realms",
    ),
    (
        "device_codes",
        "insert into device_codes (realm_id, hash, user_code_hash, client, request, next_poll_at, interval_seconds,
             expires_at)
         select realm_id, convert_to($2::bigint::text, 'UTF8'), convert_to($2::bigint::text, 'UTF8'), 'app', '{}', $1, 5, $1
         from realms",
    ),
    (
        "initial_access_tokens",
        // half of those that are over have no end and were used up
        "insert into initial_access_tokens (realm_id, id, created_at, expires_at, total, remaining)
         select realm_id, 'i' || $2::bigint, $1, case when used_up then null else $1 end, 1, case when used_up then 0 else 1 end
         from realms, (select $1 < '2024-01-01 00:00+00' and $2::bigint % 2 = 0 as used_up) given",
    ),
    (
        "events",
        "insert into events (realm_id, id, time, kind, details)
         select realm_id, 'event-' || $2::bigint, $1::timestamptz - interval '60 seconds', 'LOGIN', '{}' from realms",
    ),
    (
        "admin_events",
        "insert into admin_events (realm_id, id, time, auth_realm_id, operation, resource_type, resource_path)
         select realm_id, 'event-' || $2::bigint, $1::timestamptz - interval '60 seconds', 'x', 'CREATE', 'USER', 'x' from realms",
    ),
    (
        "webhook_deliveries",
        "with hooks as (
             insert into webhooks (realm_id, id, url, secret, enabled, filter, created_at)
             select realm_id, 'hook', 'x', 'x', true, '{}', $1 from realms on conflict do nothing
         )
         insert into webhook_deliveries (realm_id, id, webhook_id, kind, body, created_at, delivered, expires_at)
         select realm_id, 'd' || $2::bigint, 'hook', 'event', '{}', $1, true, $1 from realms",
    ),
];

async fn database() -> TestDatabase {
    let mut hasher = DefaultHasher::new();
    for migration in services::store::MIGRATIONS.iter() {
        migration.checksum.hash(&mut hasher);
    }
    let template = Template {
        name_hash: format!("{:016x}", hasher.finish()),
        prepare: |url| {
            Box::pin(async move {
                let store = Store::connect(&url, 1).await?;
                store.migrate().await?;
                store.close().await;
                Ok(())
            })
        },
    };
    TestDatabase::from_template(&template).await.unwrap()
}

#[tokio::test]
async fn what_is_over_is_deleted_and_nothing_else() {
    let database = database().await;
    let store = Store::connect(database.url(), 4).await.unwrap();
    let mut statements: Vec<String> = ["one", "two"]
        .map(|name| REALM.replace("$1", &format!("'{name}'")).replace("$2", &format!("'{SETTINGS}'")))
        .into();
    statements.extend([USER, CLIENT].map(str::to_owned));
    for (_, insert) in TABLES {
        for number in 0..OVER + KEPT {
            let end = if number < OVER { NOW - Duration::SECOND } else { NOW + Duration::HOUR };
            let end = format!("to_timestamp({})", end.unix_timestamp());
            statements.push(insert.replace("$1", &end).replace("$2", &number.to_string()));
        }
    }
    database.run(&statements).await.unwrap();
    let (_stop, shutdown) = watch::channel(false);
    // Two nodes at once, each in portions that are smaller than what there is.
    let (mut one, mut two) = (shutdown.clone(), shutdown);
    let (first, second) = tokio::join!(round(&store, NOW, 3, &mut one), round(&store, NOW, 3, &mut two));
    first.unwrap();
    second.unwrap();
    for (table, _) in TABLES {
        assert_eq!(database.count(table).await.unwrap(), 2 * KEPT, "{table}");
    }
}

#[tokio::test]
async fn it_stops_with_the_server() {
    let database = database().await;
    let store = Store::connect(database.url(), 1).await.unwrap();
    let (stop, mut shutdown) = watch::channel(false);
    stop.send_replace(true);
    // Whatever is there would be a full portion.
    round(&store, NOW, 0, &mut shutdown).await.unwrap();
}
