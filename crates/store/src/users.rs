//! Users: rows of people and of clients' own accounts. Searching and group memberships have files of their own.

pub mod counts;
pub mod memberships;
mod pattern;
pub mod search;

use model::{
    id::{ClientId, RealmId, UserId},
    user::User,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Tx, row};

/// The columns of a user as every query selects them.
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) created_at: OffsetDateTime,
    pub(crate) not_before: i64,
    pub(crate) attributes: Value,
    pub(crate) required_actions: Vec<String>,
    pub(crate) service_account_of: Option<String>,
}

impl Row {
    pub(crate) fn read(self) -> Result<User> {
        Ok(User {
            id: UserId(self.id),
            username: self.username,
            email: self.email,
            email_verified: self.email_verified,
            first_name: self.first_name,
            last_name: self.last_name,
            enabled: self.enabled,
            created: self.created_at,
            not_before: self.not_before,
            attributes: row::read("users", "attributes", self.attributes)?,
            required_actions: self.required_actions,
            service_account_of: self.service_account_of.map(ClientId),
        })
    }
}

/// Takes the user out of a row that holds more than a user.
macro_rules! user_of {
    ($row:ident) => {
        $crate::users::Row {
            id: $row.id,
            username: $row.username,
            email: $row.email,
            email_verified: $row.email_verified,
            first_name: $row.first_name,
            last_name: $row.last_name,
            enabled: $row.enabled,
            created_at: $row.created_at,
            not_before: $row.not_before,
            attributes: $row.attributes,
            required_actions: $row.required_actions,
            service_account_of: $row.service_account_of,
        }
        .read()
    };
}
pub(crate) use user_of;

/// The user with this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &UserId) -> Result<Option<User>> {
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and id = $2",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// The user with this id, kept from being changed by others until the transaction ends.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &mut Tx, id: &UserId) -> Result<Option<User>> {
    let realm = tx.realm();
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and id = $2 for no key update",
        realm.0,
        id.as_str()
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(Row::read)
    .transpose()
}

/// The user of this name.
///
/// # Errors
/// If the database fails.
pub async fn find_by_username(conn: &mut PgConnection, realm: RealmId, username: &str) -> Result<Option<User>> {
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and username = $2",
        realm.0,
        username
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// Whether the realm has any user at all.
///
/// # Errors
/// If the database fails.
pub async fn any(conn: &mut PgConnection, realm: RealmId) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"select exists (select from users where realm_id = $1) as "exists!""#, realm.0)
        .fetch_one(conn)
        .await?)
}

/// The account of a client that acts for itself.
///
/// # Errors
/// If the database fails.
pub async fn find_service_account(conn: &mut PgConnection, realm: RealmId, client: &ClientId) -> Result<Option<User>> {
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and service_account_of = $2",
        realm.0,
        client.as_str()
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// Makes a user. `email_shared`: the realm allows several users with one address.
///
/// # Errors
/// A conflict with `users_username`, `users_email` or `users_pkey` if one of these is taken.
pub async fn insert(tx: &mut Tx, user: &User, email_shared: bool) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into users (realm_id, id, username, email, email_shared, email_verified, first_name, last_name,
             enabled, created_at, not_before, attributes, required_actions, service_account_of,
             first_name_folded, last_name_folded)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        realm.0,
        user.id.as_str(),
        user.username,
        user.email,
        email_shared,
        user.email_verified,
        user.first_name,
        user.last_name,
        user.enabled,
        user.created,
        user.not_before,
        row::write(&user.attributes),
        &user.required_actions,
        user.service_account_of.as_ref().map(ClientId::as_str),
        search::folded(user.first_name.as_deref()),
        search::folded(user.last_name.as_deref())
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves everything of a user but id, creation time and owner.
///
/// # Errors
/// A conflict with `users_username` or `users_email` if one of these is taken.
pub async fn update(tx: &mut Tx, user: &User, email_shared: bool) -> Result<()> {
    let realm = tx.realm();
    // An address that was shared and did not change may stay, whatever the realm allows today.
    sqlx::query!(
        "update users set username = $3, email = $4,
             email_shared = $5 or email_shared and email is not distinct from $4,
             email_verified = $6, first_name = $7, last_name = $8, enabled = $9, not_before = $10,
             attributes = $11, required_actions = $12, first_name_folded = $13, last_name_folded = $14
         where realm_id = $1 and id = $2",
        realm.0,
        user.id.as_str(),
        user.username,
        user.email,
        email_shared,
        user.email_verified,
        user.first_name,
        user.last_name,
        user.enabled,
        user.not_before,
        row::write(&user.attributes),
        &user.required_actions,
        search::folded(user.first_name.as_deref()),
        search::folded(user.last_name.as_deref())
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a user with everything that hangs on it: credentials, sessions, tokens, roles, memberships.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &UserId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from users where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps everybody else from taking one of these login names until the transaction ends. Names and addresses have
/// unique indexes of their own, but none that spans both.
///
/// # Errors
/// If the database fails.
pub async fn reserve_names(tx: &mut Tx, names: &[&str]) -> Result<()> {
    let realm = tx.realm();
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    // Ordered, so that two transactions never wait for each other.
    sqlx::query!(
        r#"select count(pg_advisory_xact_lock(key)) as "locked!" from (
             select distinct hashtextextended($1::uuid::text || ':' || name, 0) as key
             from unnest($2::text[]) as given (name) order by key
           ) as keys"#,
        realm.0,
        &names
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(())
}

/// Login names that other users have in the other role: `email` as a username, `username` as an address, or `email` as
/// an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clashes {
    /// Another user's name is this address.
    pub email_is_username: bool,
    /// Another user's address is this name.
    pub username_is_email: bool,
    /// Another user has this address.
    pub email_is_email: bool,
}

/// Looks for other users than `id` that share a login name with it.
///
/// # Errors
/// If the database fails.
pub async fn clashes(tx: &mut Tx, id: &UserId, username: &str, email: Option<&str>) -> Result<Clashes> {
    let realm = tx.realm();
    let row = sqlx::query!(
        r#"select
             exists (select from users where realm_id = $1 and id <> $2 and username = $4) as "email_is_username!",
             exists (select from users where realm_id = $1 and id <> $2
                 and (email = $3 and not email_shared or email = $3 and email_shared)) as "username_is_email!",
             exists (select from users where realm_id = $1 and id <> $2
                 and (email = $4 and not email_shared or email = $4 and email_shared)) as "email_is_email!""#,
        realm.0,
        id.as_str(),
        username,
        email
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Clashes {
        email_is_username: row.email_is_username,
        username_is_email: row.username_is_email,
        email_is_email: row.email_is_email,
    })
}

/// Refuses tokens of a user that were issued before `not_before` (seconds since 1970).
///
/// # Errors
/// If the database fails.
pub async fn set_not_before(tx: &mut Tx, id: &UserId, not_before: i64) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("update users set not_before = $3 where realm_id = $1 and id = $2", realm.0, id.as_str(), not_before)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The `clientId` of each client whose account is among these users.
///
/// # Errors
/// If the database fails.
pub async fn service_account_clients(
    conn: &mut PgConnection,
    realm: RealmId,
    users: &[User],
) -> Result<Vec<(ClientId, String)>> {
    let clients: Vec<String> =
        users.iter().filter_map(|user| user.service_account_of.as_ref()).map(|client| client.0.clone()).collect();
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let rows =
        sqlx::query!("select id, client_id from clients where realm_id = $1 and id = any($2)", realm.0, &clients)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.id), row.client_id)).collect())
}

/// Sets what a user must do at the next login.
///
/// # Errors
/// If the database fails.
pub async fn set_required_actions(tx: &mut Tx, id: &UserId, actions: &[String]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update users set required_actions = $3 where realm_id = $1 and id = $2",
        realm.0,
        id.as_str(),
        actions
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
