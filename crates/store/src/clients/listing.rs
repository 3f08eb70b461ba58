//! Pages of a realm's clients for people: what tells clients apart, without what protocols need of them.

use model::{
    client::ClientSettings,
    id::{ClientId, RealmId},
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, row};

/// By what clients are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By `clientId`.
    #[default]
    ClientId,
    /// By the name that people see.
    Name,
    /// By when they were made.
    Created,
}

/// What a list is narrowed to. Absent parts don't narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// A part of the `clientId` or the name, in any case.
    pub text: Option<String>,
    /// The login protocol.
    pub protocol: Option<String>,
    /// May be used, or may not.
    pub enabled: Option<bool>,
}

/// A client in a list.
#[derive(Clone, Debug)]
pub struct ListedClient {
    /// Its id.
    pub id: ClientId,
    /// Its `clientId`.
    pub client_id: String,
    /// Its login protocol.
    pub protocol: String,
    /// May be used.
    pub enabled: bool,
    /// Its settings.
    pub settings: ClientSettings,
    /// When it was made.
    pub created: OffsetDateTime,
}

struct Row {
    id: String,
    client_id: String,
    protocol: String,
    enabled: bool,
    settings: Value,
    created_at: OffsetDateTime,
}

/// Clients of a realm in an order. The connection must plan for each question, see
/// [`Store::searching`](crate::Store::searching).
///
/// # Errors
/// If the database fails.
pub async fn listing(
    conn: &mut PgConnection,
    realm: RealmId,
    narrowed: &Narrowed,
    (order, descending): (Order, bool),
    first: i64,
    max: i64,
) -> Result<Vec<ListedClient>> {
    // Once the parameters are known, only one part of the order is left, so that it can follow an index.
    let rows = sqlx::query_as!(
        Row,
        r#"select id, client_id, protocol, enabled, settings, created_at from clients
           where realm_id = $1
               and ($2::text is null or strpos(lower(client_id), lower($2)) > 0
                    or strpos(lower(settings ->> 'name'), lower($2)) > 0)
               and ($3::text is null or protocol = $3) and ($4::boolean is null or enabled = $4)
           order by
               case when $5 = 1 and not $6 then lower(coalesce(settings ->> 'name', client_id)) end,
               case when $5 = 1 and $6 then lower(coalesce(settings ->> 'name', client_id)) end desc,
               case when $5 = 2 and not $6 then created_at end, case when $5 = 2 and $6 then created_at end desc,
               case when $6 then client_id end desc, client_id
           offset $7 limit $8"#,
        realm.0,
        narrowed.text,
        narrowed.protocol,
        narrowed.enabled,
        match order {
            Order::ClientId => 0,
            Order::Name => 1,
            Order::Created => 2,
        },
        descending,
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(ListedClient {
                id: ClientId(row.id),
                client_id: row.client_id,
                protocol: row.protocol,
                enabled: row.enabled,
                settings: row::read("clients", "settings", row.settings)?,
                created: row.created_at,
            })
        })
        .collect()
}
