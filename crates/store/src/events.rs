//! Login events. They are written in batches of many realms, and always together with the identity tokens that were
//! used, with refused requests of administrators, and with what webhooks are to be told, so that a request which costs one event
//! costs no other write.

use std::collections::BTreeMap;

use model::{
    event::Event,
    id::{ClientId, EventId, RealmId, SessionId, UserId},
};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;

use crate::{
    Error, Result, Store, Tx,
    refusals::RefusedRequest,
    row,
    webhooks::deliveries::{self, Columns},
};

/// That an identity token was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The token's realm.
    pub realm_id: RealmId,
    /// The token.
    pub token: SessionId,
    /// When.
    pub at: OffsetDateTime,
}

/// What is written together.
#[derive(Debug, Default)]
pub struct Entries<'a> {
    /// Events.
    pub events: Vec<&'a Event>,
    /// Uses of identity tokens.
    pub uses: Vec<&'a Use>,
    /// Refused requests of administrators.
    pub refused: Vec<&'a RefusedRequest>,
    /// What webhooks are to be told.
    pub told: Vec<&'a deliveries::New>,
}

/// Writes all entries in one statement, which is a transaction of its own. What belongs to realms or webhooks that are gone is dropped.
///
/// # Errors
/// If the database fails: then nothing was written.
pub async fn write(store: &Store, entries: &Entries<'_>) -> Result<()> {
    fn column<'a, T, C>(rows: &[&'a T], value: impl Fn(&'a T) -> C) -> Vec<C> {
        rows.iter().copied().map(value).collect()
    }
    let Entries { events, uses, refused, told } = entries;
    let told = Columns::of(told.iter().copied());
    let needed: Vec<_> = refused.iter().map(|refused| Json(&refused.permissions)).collect();
    // Another node may note uses of the same tokens at this moment: neither waits for the other, one note is enough.
    // Webhooks that are being removed are waited for, so that no delivery refers to one that is gone; their realms first, in
    // the order in which removing a realm locks them.
    sqlx::query!(
        "with used as (
             update identity_tokens t set last_used_at = chosen.at
             from (
                 select o.realm_id, o.id, given.at from identity_tokens o
                 join (
                     select realm_id, id, max(at) as at
                     from unnest($11::uuid[], $12::text[], $13::timestamptz[]) as given (realm_id, id, at)
                     group by realm_id, id
                 ) as given on given.realm_id = o.realm_id and given.id = o.id
                 where o.last_used_at < given.at
                 for no key update of o skip locked
             ) as chosen
             where t.realm_id = chosen.realm_id and t.id = chosen.id
         ),
         told as (
             insert into webhook_deliveries (realm_id, id, webhook_id, kind, body, created_at)
             select given.realm_id, given.id, given.webhook_id, given.kind, given.body, given.created_at
             from unnest($14::uuid[], $15::text[], $16::text[], $17::text[], $18::text[], $19::timestamptz[])
                 as given (realm_id, id, webhook_id, kind, body, created_at)
             join realms r on r.realm_id = given.realm_id
             join webhooks w on w.realm_id = given.realm_id and w.id = given.webhook_id
             for key share of r, w
             on conflict do nothing
             returning realm_id, id, created_at
         ),
         queued as (
             insert into jobs (realm_id, id, kind, payload, run_at, created_at)
             select realm_id, $20::text || ':' || id, $20, jsonb_build_object('delivery', id), created_at, created_at
             from told
             on conflict do nothing
         ),
         refused as (
             insert into refused_admin_requests (realm_id, id, time, auth_realm_id, auth_user_id, auth_client_id,
                 ip_address, method, path, rule, permissions)
             select given.realm_id, given.id, given.time, given.auth_realm_id, given.auth_user_id,
                 given.auth_client_id, given.ip_address, given.method, given.path, given.rule,
                 array(select jsonb_array_elements_text(given.permissions))
             from unnest($21::uuid[], $22::text[], $23::timestamptz[], $24::text[], $25::text[], $26::text[], $27::text[],
                 $28::text[], $29::text[], $30::text[], $31::jsonb[])
                 as given (realm_id, id, time, auth_realm_id, auth_user_id, auth_client_id, ip_address, method, path, rule,
                     permissions)
             join realms r on r.realm_id = given.realm_id
             on conflict do nothing
         )
         insert into events (realm_id, id, time, kind, client_id, user_id, session_id, ip_address, error, details)
         select given.*
         from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[],
             $8::text[], $9::text[], $10::jsonb[])
             as given (realm_id, id, time, kind, client_id, user_id, session_id, ip_address, error, details)
         join realms r on r.realm_id = given.realm_id
         on conflict do nothing",
        &column(events, |event| event.realm_id.0),
        &column(events, |event| event.id.as_str()) as &[&str],
        &column(events, |event| event.time),
        &column(events, |event| event.kind.as_str()) as &[&str],
        &column(events, |event| event.client_id.as_deref()) as &[Option<&str>],
        &column(events, |event| event.user_id.as_ref().map(UserId::as_str)) as &[Option<&str>],
        &column(events, |event| event.session_id.as_ref().map(SessionId::as_str)) as &[Option<&str>],
        &column(events, |event| event.ip_address.as_deref()) as &[Option<&str>],
        &column(events, |event| event.error.as_deref()) as &[Option<&str>],
        &column(events, |event| Json(&event.details)) as &[Json<&BTreeMap<String, String>>],
        &column(uses, |used| used.realm_id.0),
        &column(uses, |used| used.token.as_str()) as &[&str],
        &column(uses, |used| used.at),
        &told.realms,
        &told.ids as &[&str],
        &told.webhooks as &[&str],
        &told.kinds as &[&str],
        &told.bodies as &[&str],
        &told.times,
        deliveries::JOB,
        &column(refused, |refused| refused.realm_id.0),
        &column(refused, |refused| refused.id.as_str()) as &[&str],
        &column(refused, |refused| refused.time),
        &column(refused, |refused| refused.auth_realm_id.as_str()) as &[&str],
        &column(refused, |refused| refused.auth_user_id.as_ref().map(UserId::as_str)) as &[Option<&str>],
        &column(refused, |refused| refused.auth_client_id.as_ref().map(ClientId::as_str)) as &[Option<&str>],
        &column(refused, |refused| refused.ip_address.as_deref()) as &[Option<&str>],
        &column(refused, |refused| refused.method.as_str()) as &[&str],
        &column(refused, |refused| refused.path.as_str()) as &[&str],
        &column(refused, |refused| refused.rule.as_str()) as &[&str],
        &needed as &[Json<&Vec<String>>],
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// The error of an event that could not be written because the database was not there.
#[must_use]
pub fn unavailable() -> Error {
    Error::Unavailable(sqlx::Error::PoolTimedOut)
}

/// A place in the order of events: that of the one with this time and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its time.
    pub time: OffsetDateTime,
    /// Its id.
    pub id: EventId,
}

/// Which events are looked for; what is absent does not narrow the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// This one.
    pub id: Option<EventId>,
    /// One of these types.
    pub kinds: Option<Vec<String>>,
    /// This `clientId`.
    pub client_id: Option<String>,
    /// This user.
    pub user_id: Option<UserId>,
    /// This address.
    pub ip_address: Option<String>,
    /// Refused for this reason.
    pub error: Option<String>,
    /// Refused for whatever reason, or not.
    pub refused: Option<bool>,
    /// A registry's client asked for this repository, as the first or the second of its request.
    pub repository: Option<String>,
    /// At this moment or later.
    pub from: Option<OffsetDateTime>,
    /// At this moment or earlier.
    pub to: Option<OffsetDateTime>,
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
    kind: String,
    client_id: Option<String>,
    user_id: Option<String>,
    session_id: Option<String>,
    ip_address: Option<String>,
    error: Option<String>,
    details: Value,
}

impl Row {
    fn read(self, realm_id: RealmId) -> Result<Event> {
        let details: BTreeMap<String, String> = row::read("events", "details", self.details)?;
        Ok(Event {
            id: EventId(self.id),
            realm_id,
            time: self.time,
            kind: self.kind,
            client_id: self.client_id,
            user_id: self.user_id.map(UserId),
            session_id: self.session_id.map(SessionId),
            ip_address: self.ip_address,
            error: self.error,
            details,
        })
    }
}

/// Events whatever they are about.
macro_rules! select_any {
    ($columns:literal, $fits:literal, $order:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            "select " + $columns + " from events where " + $fits + " order by " + $order + " offset $9 limit $10"
            $(, $argument)*
        )
    };
}
/// Events about a repository: those that have it in the first place, and those that have it in the second.
macro_rules! select_of_repository {
    ($columns:literal, $fits:literal, $order:literal $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select id as "id!", time as "time!", kind as "kind!", client_id, user_id, session_id, ip_address, error,
                   details as "details!"
               from (
                   (select "# + $columns + " from events where event_repository(details, 1) = $17 and " + $fits
                       + " order by " + $order + " limit $9::bigint + $10::bigint)
                   union all
                   (select " + $columns + " from events where event_repository(details, 2) = $17
                       and event_repository(details, 1) <> $17 and " + $fits
                       + " order by " + $order + " limit $9::bigint + $10::bigint)
               ) as found
               order by " + $order + " offset $9 limit $10"
            $(, $argument)*
        )
    };
}
/// The events of a realm that pass `filter`.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<Vec<Event>> {
    let (before_time, before_id) = filter.before.as_ref().map(|place| (place.time, place.id.as_str())).unzip();
    let (after_time, after_id) = filter.after.as_ref().map(|place| (place.time, place.id.as_str())).unzip();
    // Statements that differ in their order, so that each can follow an index.
    macro_rules! select {
        ($select:ident, $order:literal $(, $argument:expr)*) => {
            $select!(
                "id, time, kind, client_id, user_id, session_id, ip_address, error, details",
                "realm_id = $1 and ($2::text is null or id = $2) and ($3::text[] is null or kind = any($3))
                     and ($4::text is null or client_id = $4) and ($5::text is null or user_id = $5)
                     and ($6::text is null or ip_address = $6)
                     and ($7::timestamptz is null or time >= $7) and ($8::timestamptz is null or time <= $8)
                     and ($11::text is null or error = $11) and ($12::boolean is null or (error is not null) = $12)
                     and ($13::timestamptz is null or (time, id) < ($13, $14::text collate \"C\"))
                     and ($15::timestamptz is null or (time, id) > ($15, $16::text collate \"C\"))",
                $order,
                realm.0,
                filter.id.as_ref().map(EventId::as_str),
                filter.kinds.as_deref(),
                filter.client_id,
                filter.user_id.as_ref().map(UserId::as_str),
                filter.ip_address,
                filter.from,
                filter.to,
                filter.first,
                filter.max,
                filter.error,
                filter.refused,
                before_time,
                before_id,
                after_time,
                after_id
                $(, $argument)*
            )
            .fetch_all(conn)
            .await?
        };
    }
    let rows = match (&filter.repository, filter.oldest_first) {
        (None, true) => select!(select_any, "time, id"),
        (None, false) => select!(select_any, "time desc, id desc"),
        (Some(repository), true) => select!(select_of_repository, "time, id", repository),
        (Some(repository), false) => select!(select_of_repository, "time desc, id desc", repository),
    };
    rows.into_iter().map(|row| row.read(realm)).collect()
}

/// The event of this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &EventId) -> Result<Option<Event>> {
    let row = sqlx::query_as!(
        Row,
        "select id, time, kind, client_id, user_id, session_id, ip_address, error, details from events
         where realm_id = $1 and id = $2",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| row.read(realm)).transpose()
}

/// The newest events of a client, up to `max`.
///
/// # Errors
/// If the database fails.
pub async fn newest_of_client(
    conn: &mut PgConnection,
    realm: RealmId,
    client_id: &str,
    max: i64,
) -> Result<Vec<Event>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, time, kind, client_id, user_id, session_id, ip_address, error, details from events
         where realm_id = $1 and client_id = $2 order by time desc, id desc limit $3",
        realm.0,
        client_id,
        max
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.read(realm)).collect()
}

/// Deletes all events of the realm.
///
/// # Errors
/// If the database fails.
pub async fn clear(tx: &mut Tx) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from events where realm_id = $1", realm.0).execute(&mut **tx).await?;
    Ok(done.rows_affected())
}

/// Deletes up to `limit` events that are older than their realm keeps them, and tells how many. Several nodes may do it
/// at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "with over as materialized (
             select o.realm_id, o.id from realms r
             cross join lateral (
                 select realm_id, id from events
                 where realm_id = r.realm_id
                     and time < $1::timestamptz - make_interval(secs => (r.settings ->> 'eventsExpiration')::double precision)
                 order by time limit $2 for update skip locked
             ) o
             where (r.settings ->> 'eventsExpiration')::bigint > 0
             limit $2
         )
         delete from events e using over
         where e.realm_id = over.realm_id and e.id = over.id",
        now,
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
