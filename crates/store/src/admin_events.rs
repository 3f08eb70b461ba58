//! What administrators did, written in the transaction that did it, with what webhooks are to be told of it.

use model::{
    event::AdminEvent,
    id::{ClientId, EventId, RealmId, UserId},
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{
    Result, Store, Tx,
    events::Place,
    webhooks::deliveries::{self, Columns},
};

/// Which events are looked for; what is absent does not narrow the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these operations.
    pub operations: Option<Vec<String>>,
    /// One of these resource types.
    pub resource_types: Option<Vec<String>>,
    /// A pattern of SQL's `like` for the path of the resource.
    pub resource_path: Option<String>,
    /// The administrator's realm.
    pub auth_realm_id: Option<String>,
    /// The client that the administrator used.
    pub auth_client_id: Option<String>,
    /// The administrator.
    pub auth_user_id: Option<String>,
    /// The administrator's address.
    pub ip_address: Option<String>,
    /// At this moment or later.
    pub from: Option<OffsetDateTime>,
    /// At this moment or earlier.
    pub to: Option<OffsetDateTime>,
    /// This one.
    pub id: Option<EventId>,
    /// Older than this one.
    pub before: Option<Place>,
    /// Newer than this one.
    pub after: Option<Place>,
    /// The oldest first instead of the newest.
    pub oldest_first: bool,
    /// How many to skip.
    pub first: i64,
    /// How many to give; none is all.
    pub max: Option<i64>,
}

struct Row {
    id: String,
    time: OffsetDateTime,
    auth_realm_id: String,
    auth_client_id: Option<String>,
    auth_user_id: Option<String>,
    ip_address: Option<String>,
    operation: String,
    resource_type: String,
    resource_path: String,
    representation: Option<String>,
}

impl Row {
    fn read(self, realm_id: RealmId) -> AdminEvent {
        AdminEvent {
            id: EventId(self.id),
            time: self.time,
            realm_id,
            auth_realm_id: self.auth_realm_id,
            auth_client_id: self.auth_client_id.map(ClientId),
            auth_user_id: self.auth_user_id.map(UserId),
            ip_address: self.ip_address,
            operation: self.operation,
            resource_type: self.resource_type,
            resource_path: self.resource_path,
            representation: self.representation,
        }
    }
}

/// Writes events about the transaction's realm, and what webhooks are to be told.
///
/// # Errors
/// If the database fails.
pub async fn insert(tx: &mut Tx, events: &[AdminEvent], told: &[deliveries::New]) -> Result<()> {
    let realm = tx.realm();
    let told = Columns::of(told);
    let ids: Vec<String> = events.iter().map(|event| event.id.0.clone()).collect();
    let times: Vec<OffsetDateTime> = events.iter().map(|event| event.time).collect();
    let realms: Vec<String> = events.iter().map(|event| event.auth_realm_id.clone()).collect();
    let clients: Vec<Option<String>> =
        events.iter().map(|event| event.auth_client_id.as_ref().map(|client| client.0.clone())).collect();
    let users: Vec<Option<String>> =
        events.iter().map(|event| event.auth_user_id.as_ref().map(|user| user.0.clone())).collect();
    let addresses: Vec<Option<String>> = events.iter().map(|event| event.ip_address.clone()).collect();
    let operations: Vec<String> = events.iter().map(|event| event.operation.clone()).collect();
    let types: Vec<String> = events.iter().map(|event| event.resource_type.clone()).collect();
    let paths: Vec<String> = events.iter().map(|event| event.resource_path.clone()).collect();
    let representations: Vec<Option<String>> = events.iter().map(|event| event.representation.clone()).collect();
    sqlx::query!(
        "with told as (
             insert into webhook_deliveries (realm_id, id, webhook_id, kind, body, created_at)
             select given.realm_id, given.id, given.webhook_id, given.kind, given.body, given.created_at
             from unnest($12::uuid[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[])
                 as given (realm_id, id, webhook_id, kind, body, created_at)
             join webhooks w on w.realm_id = given.realm_id and w.id = given.webhook_id
             for key share of w
             returning realm_id, id, created_at
         ),
         queued as (
             insert into jobs (realm_id, id, kind, payload, run_at, created_at)
             select realm_id, $18::text || ':' || id, $18, jsonb_build_object('delivery', id), created_at, created_at
             from told
         )
         insert into admin_events (realm_id, id, time, auth_realm_id, auth_client_id, auth_user_id, ip_address,
             operation, resource_type, resource_path, representation)
         select $1, * from unnest($2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
             $8::text[], $9::text[], $10::text[], $11::text[])",
        realm.0,
        &ids,
        &times,
        &realms,
        &clients as &[Option<String>],
        &users as &[Option<String>],
        &addresses as &[Option<String>],
        &operations,
        &types,
        &paths,
        &representations as &[Option<String>],
        &told.realms,
        &told.ids as &[&str],
        &told.webhooks as &[&str],
        &told.kinds as &[&str],
        &told.bodies as &[&str],
        &told.times,
        deliveries::JOB
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The events of a realm that pass `filter`.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<Vec<AdminEvent>> {
    let (before_time, before_id) = filter.before.as_ref().map(|place| (place.time, place.id.as_str())).unzip();
    let (after_time, after_id) = filter.after.as_ref().map(|place| (place.time, place.id.as_str())).unzip();
    // Two statements that differ in their order alone, so that both can follow the index.
    macro_rules! select {
        ($sql:literal) => {
            sqlx::query_as!(
                Row,
                $sql,
                realm.0,
                filter.operations.as_deref(),
                filter.resource_types.as_deref(),
                filter.resource_path,
                filter.auth_realm_id,
                filter.auth_client_id,
                filter.auth_user_id,
                filter.ip_address,
                filter.from,
                filter.to,
                filter.first,
                filter.max,
                filter.id.as_ref().map(EventId::as_str),
                before_time,
                before_id,
                after_time,
                after_id
            )
            .fetch_all(conn)
            .await?
        };
    }
    let rows = if filter.oldest_first {
        select!(
            "select id, time, auth_realm_id, auth_client_id, auth_user_id, ip_address, operation, resource_type,
                 resource_path, representation
             from admin_events
             where realm_id = $1 and ($2::text[] is null or operation = any($2))
                 and ($3::text[] is null or resource_type = any($3))
                 and ($4::text is null or resource_path collate \"C\" like $4)
                 and ($5::text is null or auth_realm_id = $5) and ($6::text is null or auth_client_id = $6)
                 and ($7::text is null or auth_user_id = $7) and ($8::text is null or ip_address = $8)
                 and ($9::timestamptz is null or time >= $9) and ($10::timestamptz is null or time <= $10)
                 and ($13::text is null or id = $13)
                 and ($14::timestamptz is null or (time, id) < ($14, $15::text collate \"C\"))
                 and ($16::timestamptz is null or (time, id) > ($16, $17::text collate \"C\"))
             order by time, id offset $11 limit $12"
        )
    } else {
        select!(
            "select id, time, auth_realm_id, auth_client_id, auth_user_id, ip_address, operation, resource_type,
                 resource_path, representation
             from admin_events
             where realm_id = $1 and ($2::text[] is null or operation = any($2))
                 and ($3::text[] is null or resource_type = any($3))
                 and ($4::text is null or resource_path collate \"C\" like $4)
                 and ($5::text is null or auth_realm_id = $5) and ($6::text is null or auth_client_id = $6)
                 and ($7::text is null or auth_user_id = $7) and ($8::text is null or ip_address = $8)
                 and ($9::timestamptz is null or time >= $9) and ($10::timestamptz is null or time <= $10)
                 and ($13::text is null or id = $13)
                 and ($14::timestamptz is null or (time, id) < ($14, $15::text collate \"C\"))
                 and ($16::timestamptz is null or (time, id) > ($16, $17::text collate \"C\"))
             order by time desc, id desc offset $11 limit $12"
        )
    };
    Ok(rows.into_iter().map(|row| row.read(realm)).collect())
}

/// Deletes all events of the realm.
///
/// # Errors
/// If the database fails.
pub async fn clear(tx: &mut Tx) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from admin_events where realm_id = $1", realm.0).execute(&mut **tx).await?;
    Ok(done.rows_affected())
}

/// Deletes up to `limit` events that are older than their realm keeps them (Keycloak's realm attribute
/// `adminEventsExpiration`, in seconds), and tells how many. Several nodes may do it at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "with keeping as materialized (
             select realm_id, (settings -> 'attributes' ->> 'adminEventsExpiration')::double precision as seconds
             from realms where settings -> 'attributes' ->> 'adminEventsExpiration' ~ '^[1-9][0-9]{0,8}$'
         ),
         over as materialized (
             select o.realm_id, o.id from keeping k
             cross join lateral (
                 select realm_id, id from admin_events
                 where realm_id = k.realm_id and time < $1::timestamptz - make_interval(secs => k.seconds)
                 order by time limit $2 for update skip locked
             ) o
             limit $2
         )
         delete from admin_events e using over
         where e.realm_id = over.realm_id and e.id = over.id",
        now,
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
