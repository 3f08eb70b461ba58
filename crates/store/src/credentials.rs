//! Credentials of users. What proves an identity is hashed or encrypted before it gets here.

use model::{
    credential::{Credential, PASSWORD},
    id::{CredentialId, RealmId, UserId},
    secret::Secret,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Tx};

/// The type of a password that was replaced and must not be taken again.
pub const PASSWORD_HISTORY: &str = "password-history";

/// How far apart the places of neighbours are, so that most moves change one row's neighbours only.
const GAP: i32 = 10;

pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) label: Option<String>,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) credential_data: String,
    pub(crate) secret_data: String,
    pub(crate) priority: i32,
}

impl From<Row> for Credential {
    fn from(row: Row) -> Self {
        Self {
            id: CredentialId(row.id),
            kind: row.kind,
            label: row.label,
            created: row.created_at,
            credential_data: row.credential_data,
            secret_data: Secret::new(row.secret_data),
            priority: row.priority,
        }
    }
}

/// The credentials of a user in order, without replaced passwords.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, user: &UserId) -> Result<Vec<Credential>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, kind, label, created_at, credential_data, secret_data, priority from credentials
         where realm_id = $1 and user_id = $2 and kind <> $3 order by priority, created_at, id",
        realm.0,
        user.as_str(),
        PASSWORD_HISTORY
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Credential::from).collect())
}

/// The password of a user and up to `replaced` earlier ones, the newest first.
///
/// # Errors
/// If the database fails.
pub async fn passwords(
    conn: &mut PgConnection,
    realm: RealmId,
    user: &UserId,
    replaced: i64,
) -> Result<Vec<Credential>> {
    let rows = sqlx::query_as!(
        Row,
        "select id, kind, label, created_at, credential_data, secret_data, priority from credentials
         where realm_id = $1 and user_id = $2 and kind in ($3, $4)
         order by kind = $3 desc, created_at desc, id desc limit $5",
        realm.0,
        user.as_str(),
        PASSWORD,
        PASSWORD_HISTORY,
        replaced.saturating_add(1)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Credential::from).collect())
}

/// Adds a credential to a user, after those that are there.
///
/// # Errors
/// A conflict (missing) if the user is gone.
pub async fn insert(tx: &mut Tx, user: &UserId, credential: &Credential) -> Result<()> {
    insert_all(tx, user, std::slice::from_ref(credential)).await
}

/// Adds credentials to a user, after those that are there, in this order.
///
/// # Errors
/// A conflict (missing) if the user is gone.
pub async fn insert_all(tx: &mut Tx, user: &UserId, credentials: &[Credential]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = credentials.iter().map(|credential| credential.id.0.clone()).collect();
    let kinds: Vec<String> = credentials.iter().map(|credential| credential.kind.clone()).collect();
    let labels: Vec<Option<String>> = credentials.iter().map(|credential| credential.label.clone()).collect();
    let created: Vec<OffsetDateTime> = credentials.iter().map(|credential| credential.created).collect();
    let data: Vec<String> = credentials.iter().map(|credential| credential.credential_data.clone()).collect();
    let secrets: Vec<String> =
        credentials.iter().map(|credential| credential.secret_data.expose().to_owned()).collect();
    sqlx::query!(
        "insert into credentials (realm_id, id, user_id, kind, label, created_at, credential_data, secret_data, priority)
         select $1, id, $2, kind, label, created_at, data, secret, (
             select coalesce(max(priority), 0) from credentials where realm_id = $1 and user_id = $2
         ) + number::integer * $9
         from unnest($3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])
             with ordinality as given (id, kind, label, created_at, data, secret, number)",
        realm.0,
        user.as_str(),
        &ids,
        &kinds,
        &labels as &[Option<String>],
        &created,
        &data,
        &secrets,
        GAP
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives a user a new password. The old one takes no more logins; of all earlier ones the newest `keep` stay, only to
/// be recognised.
///
/// # Errors
/// A conflict (missing) if the user is gone.
pub async fn replace_password(tx: &mut Tx, user: &UserId, password: &Credential, keep: i64) -> Result<()> {
    let realm = tx.realm();
    // One statement would not do: its parts do not see each other's changes.
    sqlx::query!(
        "update credentials set kind = $4 where realm_id = $1 and user_id = $2 and kind = $3",
        realm.0,
        user.as_str(),
        PASSWORD,
        PASSWORD_HISTORY
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from credentials where realm_id = $1 and user_id = $2 and kind = $3 and id not in (
             select id from credentials where realm_id = $1 and user_id = $2 and kind = $3
             order by created_at desc, id desc limit $4
         )",
        realm.0,
        user.as_str(),
        PASSWORD_HISTORY,
        keep
    )
    .execute(&mut **tx)
    .await?;
    insert(tx, user, password).await
}

/// Stores a password that did not change but was hashed anew, unless it was replaced in the meantime.
///
/// # Errors
/// If the database fails.
pub async fn rehash(tx: &mut Tx, old: &Credential, credential_data: &str, secret_data: &Secret) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "update credentials set credential_data = $4, secret_data = $5
         where realm_id = $1 and id = $2 and kind = $6 and secret_data = $3",
        realm.0,
        old.id.as_str(),
        old.secret_data.expose(),
        credential_data,
        secret_data.expose(),
        PASSWORD
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Names a credential. False if the user has no such credential.
///
/// # Errors
/// If the database fails.
pub async fn set_label(tx: &mut Tx, user: &UserId, id: &CredentialId, label: &str) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "update credentials set label = $4 where realm_id = $1 and user_id = $2 and id = $3 and kind <> $5",
        realm.0,
        user.as_str(),
        id.as_str(),
        label,
        PASSWORD_HISTORY
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Removes a credential and tells its type. None if the user has no such credential.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, user: &UserId, id: &CredentialId) -> Result<Option<String>> {
    let realm = tx.realm();
    Ok(sqlx::query_scalar!(
        "delete from credentials where realm_id = $1 and user_id = $2 and id = $3 and kind <> $4 returning kind",
        realm.0,
        user.as_str(),
        id.as_str(),
        PASSWORD_HISTORY
    )
    .fetch_optional(&mut **tx)
    .await?)
}

/// Removes all credentials of these types, and tells how many there were.
///
/// # Errors
/// If the database fails.
pub async fn delete_kinds(tx: &mut Tx, user: &UserId, kinds: &[String]) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "delete from credentials where realm_id = $1 and user_id = $2 and kind = any($3)",
        realm.0,
        user.as_str(),
        kinds
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Puts the credentials of a user into this order.
///
/// # Errors
/// If the database fails.
pub async fn reorder(tx: &mut Tx, user: &UserId, order: &[CredentialId]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = order.iter().map(|id| id.0.clone()).collect();
    sqlx::query!(
        "update credentials c set priority = given.number::integer * $4
         from unnest($3::text[]) with ordinality as given (id, number)
         where c.realm_id = $1 and c.user_id = $2 and c.id = given.id",
        realm.0,
        user.as_str(),
        &ids,
        GAP
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
