//! What users let clients do.

use model::id::{ClientId, RealmId, UserId};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Store, Tx, sessions::Open};

/// The names of the client scopes that a user granted to a client; none if the user was never asked or took it back.
///
/// # Errors
/// If the database fails.
pub async fn granted(
    conn: &mut PgConnection,
    realm: RealmId,
    user: &UserId,
    client: &ClientId,
) -> Result<Option<Vec<String>>> {
    Ok(sqlx::query_scalar!(
        "select scopes from user_consents where realm_id = $1 and user_id = $2 and client = $3",
        realm.0,
        user.as_str(),
        client.as_str()
    )
    .fetch_optional(conn)
    .await?)
}

/// Adds to what a user granted to a client.
///
/// # Errors
/// A conflict (missing) if the user or the client is gone.
pub async fn grant(
    store: &Store,
    realm: RealmId,
    user: &UserId,
    client: &ClientId,
    scopes: &[String],
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "insert into user_consents as c (realm_id, user_id, client, scopes, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict (realm_id, user_id, client) do update set updated_at = $5,
             scopes = array(select distinct unnest(c.scopes || excluded.scopes) order by 1)",
        realm.0,
        user.as_str(),
        client.as_str(),
        scopes,
        now
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// A grant in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The client.
    pub client: ClientId,
    /// Its `clientId`.
    pub client_id: String,
    /// Names of client scopes.
    pub scopes: Vec<String>,
    /// When the user was first asked.
    pub created: OffsetDateTime,
    /// When something was last added.
    pub updated: OffsetDateTime,
}

/// What a user granted, by `clientId`.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, user: &UserId) -> Result<Vec<Consent>> {
    let rows = sqlx::query!(
        "select c.id, c.client_id, g.scopes, g.created_at, g.updated_at from user_consents g
         join clients c on c.realm_id = g.realm_id and c.id = g.client
         where g.realm_id = $1 and g.user_id = $2 order by c.client_id",
        realm.0,
        user.as_str()
    )
    .fetch_all(conn)
    .await?;
    let consent = |(id, client_id, scopes, created, updated)| Consent {
        client: ClientId(id),
        client_id,
        scopes,
        created,
        updated,
    };
    Ok(rows
        .into_iter()
        .map(|row| consent((row.id, row.client_id, row.scopes, row.created_at, row.updated_at)))
        .collect())
}

/// The clients that go on without the user: those in an open offline session, and those with an identity token, by
/// `clientId`.
///
/// # Errors
/// If the database fails.
pub async fn offline_clients(
    conn: &mut PgConnection,
    realm: RealmId,
    user: &UserId,
    open: Open,
) -> Result<Vec<(ClientId, String)>> {
    let rows = sqlx::query!(
        r#"select c.id, c.client_id from clients c
           where c.realm_id = $1 and c.id in (
               select k.client from client_sessions k
               join user_sessions s on s.realm_id = $1 and s.id = k.session_id and s.offline = k.offline
               where k.realm_id = $1 and s.user_id = $2 and s.offline and s.expires_at > $3
                   and s.last_access_at > ($4::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
                   and s.started_at > ($5::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               union
               select client from identity_tokens where realm_id = $1 and user_id = $2 and expires_at > $3
           )
           order by c.client_id"#,
        realm.0,
        user.as_str(),
        open.now,
        &open.used_since,
        &open.started_since
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.id), row.client_id)).collect())
}

/// Takes back what a user granted to a client: the consent, the client's part of the user's sessions and so every token.
/// True if there was anything.
///
/// # Errors
/// If the database fails.
pub async fn revoke(tx: &mut Tx, user: &UserId, client: &ClientId) -> Result<bool> {
    let realm = tx.realm();
    let consents = sqlx::query!(
        "delete from user_consents where realm_id = $1 and user_id = $2 and client = $3",
        realm.0,
        user.as_str(),
        client.as_str()
    )
    .execute(&mut **tx)
    .await?;
    let parts = sqlx::query!(
        "delete from client_sessions k using user_sessions s
         where k.realm_id = $1 and k.client = $3 and s.realm_id = $1 and s.id = k.session_id
             and s.offline = k.offline and s.user_id = $2",
        realm.0,
        user.as_str(),
        client.as_str()
    )
    .execute(&mut **tx)
    .await?;
    // An offline session without a client serves nobody.
    sqlx::query!(
        "delete from user_sessions s where s.realm_id = $1 and s.user_id = $2 and s.offline
             and not exists (select from client_sessions k
                 where k.realm_id = $1 and k.session_id = s.id and k.offline)",
        realm.0,
        user.as_str()
    )
    .execute(&mut **tx)
    .await?;
    Ok(consents.rows_affected() + parts.rows_affected() > 0)
}
