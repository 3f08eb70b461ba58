//! What administrators may do, as rows of (subject, realm, permission). A subject is a user, or a role that users
//! hold directly, through a group or through a composite role.

use model::id::{ClientId, RealmId, RoleId, UserId};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::{Result, Tx, client_sessions::Part, sessions::Open};

/// The permission to make realms, which is about no realm in particular.
pub const CREATE_REALM: &str = "create-realm";

/// An administrator as the database knows it at this moment.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// The user may log in.
    pub enabled: bool,
    /// The user's `not_before`, seconds since 1970.
    pub not_before: i64,
    /// The token still hangs on an open session, or on none, and was not revoked.
    pub token_good: bool,
    /// When the token's session began; none without one.
    pub session_started: Option<OffsetDateTime>,
    /// What the administrator may do to the target realm, by name.
    pub permissions: Vec<String>,
}

/// One permission that a role or a user brings: the realm it is about (none is every realm) and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The realm; none is every realm.
    pub target: Option<RealmId>,
    /// The permission's name.
    pub permission: String,
}

/// What an administrator's token hangs on.
#[derive(Clone, Copy, Debug)]
pub struct AdminToken<'a> {
    /// Whose it is.
    pub user: &'a UserId,
    /// The token's own id.
    pub id: &'a str,
    /// The client's part of the user's session, with the token's family in it, or none for whatever is in it; none where a
    /// client acts for itself.
    pub family: Option<(Part<'a>, Option<&'a str>)>,
}

/// Reads an administrator's account, token and permissions on `target` in one statement. None if there is no such user.
/// A missing target asks for what concerns every realm, such as making one.
///
/// # Errors
/// If the database fails.
pub async fn administrator(
    conn: &mut PgConnection,
    realm: RealmId,
    token: AdminToken<'_>,
    target: Option<RealmId>,
    open: Open,
) -> Result<Option<Administrator>> {
    let (part, family) = (token.family.map(|(part, _)| part), token.family.and_then(|(_, family)| family));
    let row = sqlx::query!(
        r#"with recursive
           up as (
               select g.id, g.parent from user_groups m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
               where m.realm_id = $1 and m.user_id = $2
               union
               select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select role_id from user_roles where realm_id = $1 and user_id = $2
               union
               select r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id
               union
               select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           )
           select u.enabled, u.not_before,
               (not exists (select from revoked_tokens where realm_id = $1 and id = $5) and ($3::text is null or exists (
                   select from user_sessions s
                   join client_sessions k on k.realm_id = $1 and k.session_id = s.id and k.offline = s.offline
                   where s.realm_id = $1 and s.id = $3 and s.offline = $6 and s.user_id = $2
                       and k.client = $7 and ($8::text is null or k.families ? $8::text) and s.expires_at > $9
                       and s.last_access_at > ($10::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
                       and s.started_at > ($11::timestamptz[])[1 + s.remember_me::integer + 2 * s.offline::integer]
               ))) as "token_good!",
               (select s.started_at from user_sessions s
                where s.realm_id = $1 and s.id = $3 and s.offline = $6) as session_started,
               array(
                   select distinct p.permission from permissions p
                   where p.realm_id = $1
                     and (p.user_id = $2 or p.role_id in (select role_id from held))
                     and (p.target_realm is null or p.target_realm = $4)
               ) as "permissions!"
           from users u where u.realm_id = $1 and u.id = $2"#,
        realm.0,
        token.user.as_str(),
        part.map(|part| part.session.as_str()),
        target.map(|target| target.0),
        token.id,
        part.is_some_and(|part| part.offline),
        part.map(|part| part.client.as_str()),
        family,
        open.now,
        &open.used_since,
        &open.started_since
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Administrator {
        enabled: row.enabled,
        not_before: row.not_before,
        token_good: row.token_good,
        session_started: row.session_started,
        permissions: row.permissions,
    }))
}

/// Everything that a user may do anywhere.
///
/// # Errors
/// If the database fails.
pub async fn grants_of_user(conn: &mut PgConnection, realm: RealmId, user: &UserId) -> Result<Vec<Grant>> {
    let rows = sqlx::query!(
        r#"with recursive
           up as (
               select g.id, g.parent from user_groups m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
               where m.realm_id = $1 and m.user_id = $2
               union
               select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select role_id from user_roles where realm_id = $1 and user_id = $2
               union
               select r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id
               union
               select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           )
           select distinct p.target_realm, p.permission from permissions p
           where p.realm_id = $1 and (p.user_id = $2 or p.role_id in (select role_id from held))"#,
        realm.0,
        user.as_str()
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Grant { target: row.target_realm.map(RealmId), permission: row.permission })
        .collect())
}

/// Everything that any of these users may do anywhere.
///
/// # Errors
/// If the database fails.
pub async fn grants_of_users(conn: &mut PgConnection, realm: RealmId, users: &[UserId]) -> Result<Vec<Grant>> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let users: Vec<String> = users.iter().map(|user| user.0.clone()).collect();
    let rows = sqlx::query!(
        r#"with recursive
           up as (
               select g.id, g.parent from user_groups m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
               where m.realm_id = $1 and m.user_id = any($2)
               union
               select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select role_id from user_roles where realm_id = $1 and user_id = any($2)
               union
               select r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id
               union
               select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           )
           select distinct p.target_realm, p.permission from permissions p
           where p.realm_id = $1 and (p.user_id = any($2) or p.role_id in (select role_id from held))"#,
        realm.0,
        &users
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Grant { target: row.target_realm.map(RealmId), permission: row.permission })
        .collect())
}

/// Everything that holders of these roles may do, through composites too.
///
/// # Errors
/// If the database fails.
pub async fn grants_of_roles(conn: &mut PgConnection, realm: RealmId, roles: &[RoleId]) -> Result<Vec<Grant>> {
    let roles: Vec<String> = roles.iter().map(|role| role.0.clone()).collect();
    let rows = sqlx::query!(
        r#"with recursive held as (
               select unnest($2::text[]) collate "C" as role_id
               union
               select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           )
           select distinct p.target_realm, p.permission from permissions p
           where p.realm_id = $1 and p.role_id in (select role_id from held)"#,
        realm.0,
        &roles
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Grant { target: row.target_realm.map(RealmId), permission: row.permission })
        .collect())
}

/// Gives roles permissions: pairs of role and permission, all about `target` (none is every realm).
///
/// # Errors
/// If the database fails.
pub async fn grant_roles(tx: &mut Tx, target: Option<RealmId>, grants: &[(RoleId, &str)]) -> Result<()> {
    let realm = tx.realm();
    let (roles, names): (Vec<String>, Vec<String>) =
        grants.iter().map(|(role, permission)| (role.0.clone(), (*permission).to_owned())).unzip();
    sqlx::query!(
        "insert into permissions (realm_id, role_id, target_realm, permission)
         select $1, role, $2, permission from unnest($3::text[], $4::text[]) as given (role, permission)
         on conflict do nothing",
        realm.0,
        target.map(|target| target.0),
        &roles,
        &names
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives a user of `realm` permissions on a realm directly.
///
/// # Errors
/// If the database fails.
pub async fn grant_user(
    tx: &mut Tx,
    realm: RealmId,
    user: &UserId,
    target: RealmId,
    permissions: &[&str],
) -> Result<()> {
    let permissions: Vec<String> = permissions.iter().map(|&permission| permission.to_owned()).collect();
    sqlx::query!(
        "insert into permissions (realm_id, user_id, target_realm, permission)
         select $1, $2, $3, permission from unnest($4::text[]) as given (permission)
         on conflict do nothing",
        realm.0,
        user.as_str(),
        target.0,
        &permissions
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Those of the clients whose service account holds any permission: whoever has the secret of one is an administrator.
///
/// # Errors
/// If the database fails.
pub async fn privileged_clients(conn: &mut PgConnection, realm: RealmId, among: &[ClientId]) -> Result<Vec<ClientId>> {
    let among: Vec<String> = among.iter().map(|client| client.0.clone()).collect();
    let rows = sqlx::query!(
        r#"with recursive asked as (
               select u.id as user_id, u.service_account_of as client from users u
               where u.realm_id = $1 and u.service_account_of = any($2)
           ),
           up as (
               select asked.client, g.id, g.parent from asked
               join user_groups m on m.realm_id = $1 and m.user_id = asked.user_id
               join groups g on g.realm_id = $1 and g.id = m.group_id
               union
               select up.client, g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select asked.client, r.role_id from asked
               join user_roles r on r.realm_id = $1 and r.user_id = asked.user_id
               union
               select up.client, r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id
               union
               select held.client, c.child from held
               join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           )
           select distinct client as "client!" from held
           where exists (select from permissions p where p.realm_id = $1 and p.role_id = held.role_id)
           union
           select asked.client from asked
           where exists (select from permissions p where p.realm_id = $1 and p.user_id = asked.user_id)"#,
        realm.0,
        &among
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| ClientId(row.client)).collect())
}

/// The realms that a user holds any permission on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// A permission on every realm is among them.
    pub everywhere: bool,
    /// The realms that permissions name.
    pub realms: Vec<RealmId>,
}

/// The realms that a user holds any permission on. The permission to make realms is about none.
///
/// # Errors
/// If the database fails.
pub async fn reach_of_user(conn: &mut PgConnection, realm: RealmId, user: &UserId) -> Result<Reach> {
    let rows = sqlx::query_scalar!(
        r#"with recursive
           up as (
               select g.id, g.parent from user_groups m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
               where m.realm_id = $1 and m.user_id = $2
               union
               select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
           ),
           held as (
               select role_id from user_roles where realm_id = $1 and user_id = $2
               union
               select r.role_id from up join group_roles r on r.realm_id = $1 and r.group_id = up.id
               union
               select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           )
           select distinct p.target_realm from permissions p
           where p.realm_id = $1 and (p.user_id = $2 or p.role_id in (select role_id from held))
               and p.permission <> $3"#,
        realm.0,
        user.as_str(),
        CREATE_REALM
    )
    .fetch_all(conn)
    .await?;
    Ok(Reach {
        everywhere: rows.iter().any(Option::is_none),
        realms: rows.into_iter().flatten().map(RealmId).collect(),
    })
}
