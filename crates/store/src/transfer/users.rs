//! Users with the roles given to them, the groups they are in and what they let clients do.

use model::{
    id::{ClientId, GroupId, RealmId, RoleId, UserId},
    role::RoleName,
    user::User,
};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{
    Result, Tx, row,
    transfer::same_things,
    users::{Row, search},
};

fn texts(users: &[UserId]) -> Vec<String> {
    users.iter().map(|user| user.0.clone()).collect()
}

/// Saves users. `email_shared`: the realm allows several users with one address.
///
/// # Errors
/// A conflict with `users_username`, `users_email` or `users_service_account` if one of these is taken.
pub async fn put(tx: &mut Tx, users: &[User], email_shared: bool) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = users.iter().map(|user| user.id.0.clone()).collect();
    let usernames: Vec<String> = users.iter().map(|user| user.username.clone()).collect();
    let emails: Vec<Option<String>> = users.iter().map(|user| user.email.clone()).collect();
    let verified: Vec<bool> = users.iter().map(|user| user.email_verified).collect();
    let first_names: Vec<Option<String>> = users.iter().map(|user| user.first_name.clone()).collect();
    let last_names: Vec<Option<String>> = users.iter().map(|user| user.last_name.clone()).collect();
    let enabled: Vec<bool> = users.iter().map(|user| user.enabled).collect();
    let created: Vec<OffsetDateTime> = users.iter().map(|user| user.created).collect();
    let not_before: Vec<i64> = users.iter().map(|user| user.not_before).collect();
    let attributes: Vec<Value> = users.iter().map(|user| row::write(&user.attributes)).collect();
    let actions: Vec<Value> = users.iter().map(|user| row::write(&user.required_actions)).collect();
    let clients: Vec<Option<String>> =
        users.iter().map(|user| user.service_account_of.as_ref().map(|client| client.0.clone())).collect();
    let folded = |name: &Option<String>| search::folded(name.as_deref());
    let first_folded: Vec<Option<String>> = users.iter().map(|user| folded(&user.first_name)).collect();
    let last_folded: Vec<Option<String>> = users.iter().map(|user| folded(&user.last_name)).collect();
    let done = sqlx::query!(
        "insert into users (realm_id, id, username, email, email_shared, email_verified, first_name, last_name,
             enabled, created_at, not_before, attributes, required_actions, service_account_of,
             first_name_folded, last_name_folded)
         select $1, id, username, email, $2, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, array(select jsonb_array_elements_text(actions)), client, first_name_folded, last_name_folded
         from unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::text[], $9::boolean[],
             $10::timestamptz[], $11::bigint[], $12::jsonb[], $13::jsonb[], $14::text[], $15::text[],
             $16::text[])
             as given (id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
                 attributes, actions, client, first_name_folded, last_name_folded)
         on conflict (realm_id, id) do update set username = excluded.username, email = excluded.email,
             email_shared = excluded.email_shared, email_verified = excluded.email_verified,
             first_name = excluded.first_name, last_name = excluded.last_name, enabled = excluded.enabled,
             not_before = excluded.not_before, attributes = excluded.attributes,
             required_actions = excluded.required_actions, service_account_of = excluded.service_account_of,
             first_name_folded = excluded.first_name_folded, last_name_folded = excluded.last_name_folded
         where users.username = excluded.username",
        realm.0,
        email_shared,
        &ids,
        &usernames,
        &emails as &[Option<String>],
        &verified,
        &first_names as &[Option<String>],
        &last_names as &[Option<String>],
        &enabled,
        &created,
        &not_before,
        &attributes,
        &actions,
        &clients as &[Option<String>],
        &first_folded as &[Option<String>],
        &last_folded as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    same_things("users_pkey", done.rows_affected(), users.len())
}

/// Gives each of `users` exactly the roles that `given` names for it.
///
/// # Errors
/// A conflict for a missing row if a user or a role is gone.
pub async fn replace_roles(tx: &mut Tx, users: &[UserId], given: &[(UserId, RoleId)]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from user_roles where realm_id = $1 and user_id = any($2)", realm.0, &texts(users))
        .execute(&mut **tx)
        .await?;
    let (owners, roles): (Vec<String>, Vec<String>) =
        given.iter().map(|(user, role)| (user.0.clone(), role.0.clone())).unzip();
    sqlx::query!(
        "insert into user_roles (realm_id, user_id, role_id)
         select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing",
        realm.0,
        &owners,
        &roles
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Makes each of `users` a member of exactly the groups that `given` names for it.
///
/// # Errors
/// A conflict for a missing row if a user or a group is gone.
pub async fn replace_groups(tx: &mut Tx, users: &[UserId], given: &[(UserId, GroupId)]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from user_groups where realm_id = $1 and user_id = any($2)", realm.0, &texts(users))
        .execute(&mut **tx)
        .await?;
    let (owners, groups): (Vec<String>, Vec<String>) =
        given.iter().map(|(user, group)| (user.0.clone(), group.0.clone())).unzip();
    sqlx::query!(
        "insert into user_groups (realm_id, user_id, group_id)
         select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing",
        realm.0,
        &owners,
        &groups
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What a user lets a client do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The user.
    pub user: UserId,
    /// The client.
    pub client: ClientId,
    /// Names of client scopes.
    pub scopes: Vec<String>,
    /// When the user was first asked.
    pub created: OffsetDateTime,
    /// When something was last added.
    pub updated: OffsetDateTime,
}

/// Saves what users let clients do.
///
/// # Errors
/// A conflict for a missing row if a user or a client is gone.
pub async fn put_consents(tx: &mut Tx, consents: &[Consent]) -> Result<()> {
    if consents.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let users: Vec<String> = consents.iter().map(|consent| consent.user.0.clone()).collect();
    let clients: Vec<String> = consents.iter().map(|consent| consent.client.0.clone()).collect();
    let scopes: Vec<Value> = consents.iter().map(|consent| row::write(&consent.scopes)).collect();
    let created: Vec<OffsetDateTime> = consents.iter().map(|consent| consent.created).collect();
    let updated: Vec<OffsetDateTime> = consents.iter().map(|consent| consent.updated).collect();
    sqlx::query!(
        "insert into user_consents (realm_id, user_id, client, scopes, created_at, updated_at)
         select $1, user_id, client, array(select jsonb_array_elements_text(scopes)), created_at, updated_at
         from unnest($2::text[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[])
             as given (user_id, client, scopes, created_at, updated_at)
         on conflict (realm_id, user_id, client) do update set scopes = excluded.scopes,
             updated_at = excluded.updated_at",
        realm.0,
        &users,
        &clients,
        &scopes,
        &created,
        &updated
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The next users of a realm by id after `after`, at most `max`: for work on all of them, however many there are.
///
/// # Errors
/// If the database fails.
pub async fn page(conn: &mut PgConnection, realm: RealmId, after: &str, max: i64) -> Result<Vec<User>> {
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and id > $2 order by id limit $3",
        realm.0,
        after,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The users of these names.
///
/// # Errors
/// If the database fails.
pub async fn named(conn: &mut PgConnection, realm: RealmId, usernames: &[String]) -> Result<Vec<User>> {
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and username = any($2) order by id",
        realm.0,
        usernames
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The accounts of all clients that act for themselves.
///
/// # Errors
/// If the database fails.
pub async fn service_accounts(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<User>> {
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users where realm_id = $1 and service_account_of is not null order by id",
        realm.0
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The accounts of these clients.
///
/// # Errors
/// If the database fails.
pub async fn accounts_of(conn: &mut PgConnection, realm: RealmId, clients: &[ClientId]) -> Result<Vec<UserId>> {
    let clients: Vec<String> = clients.iter().map(|client| client.0.clone()).collect();
    let ids = sqlx::query_scalar!(
        "select id from users where realm_id = $1 and service_account_of = any($2)",
        realm.0,
        &clients
    );
    Ok(ids.fetch_all(conn).await?.into_iter().map(UserId).collect())
}

/// The roles given to these users directly, by name.
///
/// # Errors
/// If the database fails.
pub async fn roles(conn: &mut PgConnection, realm: RealmId, users: &[UserId]) -> Result<Vec<(UserId, RoleName)>> {
    let rows = sqlx::query!(
        r#"select given.user_id, c.client_id as "client?", r.name from user_roles given
           join roles r on r.realm_id = given.realm_id and r.id = given.role_id
           left join clients c on c.realm_id = r.realm_id and c.id = r.client
           where given.realm_id = $1 and given.user_id = any($2) order by c.client_id nulls first, r.name"#,
        realm.0,
        &texts(users)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (UserId(row.user_id), RoleName { client: row.client, name: row.name })).collect())
}

/// The groups that these users are in directly.
///
/// # Errors
/// If the database fails.
pub async fn groups(conn: &mut PgConnection, realm: RealmId, users: &[UserId]) -> Result<Vec<(UserId, GroupId)>> {
    let rows = sqlx::query!(
        "select user_id, group_id from user_groups where realm_id = $1 and user_id = any($2)",
        realm.0,
        &texts(users)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (UserId(row.user_id), GroupId(row.group_id))).collect())
}

/// What these users let clients do, by client.
///
/// # Errors
/// If the database fails.
pub async fn consents(conn: &mut PgConnection, realm: RealmId, users: &[UserId]) -> Result<Vec<Consent>> {
    let rows = sqlx::query!(
        "select user_id, client, scopes, created_at, updated_at from user_consents
         where realm_id = $1 and user_id = any($2) order by client",
        realm.0,
        &texts(users)
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Consent {
            user: UserId(row.user_id),
            client: ClientId(row.client),
            scopes: row.scopes,
            created: row.created_at,
            updated: row.updated_at,
        })
        .collect())
}

/// Removes the identity tokens of users.
///
/// # Errors
/// If the database fails.
pub async fn delete_identity_tokens(tx: &mut Tx, users: &[UserId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from identity_tokens where realm_id = $1 and user_id = any($2)", realm.0, &texts(users))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Removes users with everything that hangs on them.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, users: &[UserId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from users where realm_id = $1 and id = any($2)", realm.0, &texts(users))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
