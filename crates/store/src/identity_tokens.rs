//! Identity tokens: what docker clients keep instead of a password. Only hashes are stored.

use model::{
    id::{ClientId, RealmId, SessionId, UserId},
    session::IdentityToken,
    subject::Assignments,
    user::User,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Store, Tx, subjects::assigned, users::user_of};

/// Stores a token by its hash, in one statement that is a transaction of its own.
///
/// # Errors
/// A conflict (missing) if the user or the client is gone.
pub async fn insert(store: &Store, realm: RealmId, token: &IdentityToken, hash: &[u8]) -> Result<()> {
    sqlx::query!(
        "insert into identity_tokens (realm_id, id, token_hash, user_id, client, created_at, last_used_at, expires_at,
             ip_address, user_agent)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        realm.0,
        token.id.as_str(),
        hash,
        token.user_id.as_str(),
        token.client_id.as_str(),
        token.created,
        token.last_used,
        token.expires,
        token.ip_address,
        token.user_agent
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(())
}

/// A token with its user.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// The token.
    pub token: IdentityToken,
    /// Its user.
    pub user: User,
    /// What was given to the user.
    pub given: Assignments,
}

/// The token of this client with this hash that ends after `now`, with its user and what was given to the user.
///
/// # Errors
/// If the database fails.
pub async fn find(
    conn: &mut PgConnection,
    realm: RealmId,
    client: &ClientId,
    hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<Redeemed>> {
    let row = sqlx::query!(
        r#"select t.id as token_id, t.client, t.created_at as token_created_at, t.last_used_at, t.expires_at,
               t.ip_address, t.user_agent,
               u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of,
               array(select role_id from user_roles where realm_id = $1 and user_id = u.id order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = u.id order by group_id)
                   as "group_ids!"
           from identity_tokens t join users u on u.realm_id = $1 and u.id = t.user_id
           where t.realm_id = $1 and t.token_hash = $2 and t.client = $3 and t.expires_at > $4"#,
        realm.0,
        hash,
        client.as_str(),
        now
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let token = IdentityToken {
        id: SessionId(row.token_id),
        user_id: UserId(row.id.clone()),
        client_id: ClientId(row.client),
        created: row.token_created_at,
        last_used: row.last_used_at,
        expires: row.expires_at,
        ip_address: row.ip_address,
        user_agent: row.user_agent,
    };
    let given = assigned(row.role_ids, row.group_ids);
    Ok(Some(Redeemed { token, user: user_of!(row)?, given }))
}

/// A token in a list, with the names that go with its ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The token.
    pub token: IdentityToken,
    /// Its user's name.
    pub username: String,
    /// Its client's `clientId`.
    pub client_id: String,
}

/// Tokens that end after `now`, the oldest first: of one user, of one client, or of both.
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    user: Option<&UserId>,
    client: Option<&ClientId>,
    now: OffsetDateTime,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Listed>> {
    let rows = sqlx::query!(
        "select t.id, t.user_id, t.client, t.created_at, t.last_used_at, t.expires_at, t.ip_address, t.user_agent,
             u.username, c.client_id
         from identity_tokens t
         join users u on u.realm_id = t.realm_id and u.id = t.user_id
         join clients c on c.realm_id = t.realm_id and c.id = t.client
         where t.realm_id = $1 and ($2::text is null or t.user_id = $2) and ($3::text is null or t.client = $3)
             and t.expires_at > $4
         order by t.created_at, t.id offset $5 limit $6",
        realm.0,
        user.map(UserId::as_str),
        client.map(ClientId::as_str),
        now,
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Listed {
            token: IdentityToken {
                id: SessionId(row.id),
                user_id: UserId(row.user_id),
                client_id: ClientId(row.client),
                created: row.created_at,
                last_used: row.last_used_at,
                expires: row.expires_at,
                ip_address: row.ip_address,
                user_agent: row.user_agent,
            },
            username: row.username,
            client_id: row.client_id,
        })
        .collect())
}

/// How many tokens of a client end after `now`.
///
/// # Errors
/// If the database fails.
pub async fn count_of_client(
    conn: &mut PgConnection,
    realm: RealmId,
    client: &ClientId,
    now: OffsetDateTime,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from identity_tokens
           where realm_id = $1 and client = $2 and expires_at > $3"#,
        realm.0,
        client.as_str(),
        now
    )
    .fetch_one(conn)
    .await?)
}

/// Whose token it is. None if there is none with this id.
///
/// # Errors
/// If the database fails.
pub async fn owner(conn: &mut PgConnection, realm: RealmId, id: &SessionId) -> Result<Option<UserId>> {
    let user = sqlx::query_scalar!(
        "select user_id from identity_tokens where realm_id = $1 and id = $2",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?;
    Ok(user.map(UserId))
}

/// Removes a token. False if there is none with this id.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &SessionId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from identity_tokens where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Removes the tokens of a user: all of them, or those of one client.
///
/// # Errors
/// If the database fails.
pub async fn delete_of_user(tx: &mut Tx, user: &UserId, client: Option<&ClientId>) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "delete from identity_tokens where realm_id = $1 and user_id = $2 and ($3::text is null or client = $3)",
        realm.0,
        user.as_str(),
        client.map(ClientId::as_str)
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Removes all tokens of the realm.
///
/// # Errors
/// If the database fails.
pub async fn delete_all(tx: &mut Tx) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from identity_tokens where realm_id = $1", realm.0).execute(&mut **tx).await?;
    Ok(done.rows_affected())
}

/// Deletes up to `limit` tokens that ended, in whatever realm, and tells how many. Several nodes may do it at once.
///
/// # Errors
/// If the database fails.
pub async fn expire(store: &Store, now: OffsetDateTime, limit: i64) -> Result<u64> {
    let done = sqlx::query!(
        "with over as materialized (
             select o.realm_id, o.id from realms r
             cross join lateral (
                 select realm_id, id from identity_tokens where realm_id = r.realm_id and expires_at <= $1
                 order by expires_at limit $2 for update skip locked
             ) o
             limit $2
         )
         delete from identity_tokens t using over
         where t.realm_id = over.realm_id and t.id = over.id",
        now,
        limit
    )
    .execute(&mut *store.acquire().await?)
    .await?;
    Ok(done.rows_affected())
}
