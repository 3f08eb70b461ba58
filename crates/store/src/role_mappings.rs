//! Which roles users and groups were given, and which are in effect.

use model::{
    id::{GroupId, RealmId, RoleId, UserId},
    role::{Role, RoleContainer},
};
use sqlx::PgConnection;

use crate::{
    Result, Tx,
    roles::{Row, client_of, select_roles, texts},
};

/// Who is given roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder<'a> {
    /// A user.
    User(&'a UserId),
    /// A group, on behalf of its members and those of the groups below.
    Group(&'a GroupId),
}

impl<'a> Holder<'a> {
    /// The ids for a query about both kinds: the one that doesn't apply is null and finds nothing.
    pub(crate) fn ids(self) -> (Option<&'a str>, Option<&'a str>) {
        match self {
            Self::User(user) => (Some(user.as_str()), None),
            Self::Group(group) => (None, Some(group.as_str())),
        }
    }
}

/// The roles given directly, by name: all of them, or those of one realm or client.
///
/// # Errors
/// If the database fails.
pub async fn direct(
    conn: &mut PgConnection,
    realm: RealmId,
    holder: Holder<'_>,
    container: Option<&RoleContainer>,
) -> Result<Vec<Role>> {
    let (user, group) = holder.ids();
    let rows = select_roles!(
        "with direct as (
             select role_id from user_roles where realm_id = $1 and user_id = $2
             union all
             select role_id from group_roles where realm_id = $1 and group_id = $3
         )",
        "where r.realm_id = $1 and r.id in (select role_id from direct)
           and ($4 or r.client is not distinct from $5)
         order by r.name, r.id",
        realm.0,
        user,
        group,
        container.is_none(),
        container.and_then(client_of)
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// The roles of a realm or client that were not given directly yet, by name.
///
/// # Errors
/// If the database fails.
pub async fn available(
    conn: &mut PgConnection,
    realm: RealmId,
    holder: Holder<'_>,
    container: &RoleContainer,
) -> Result<Vec<Role>> {
    let (user, group) = holder.ids();
    let rows = select_roles!(
        "",
        "where r.realm_id = $1
           and (r.client = $4 or ($4::text is null and r.client is null))
           and not exists (
               select from user_roles given where given.realm_id = $1 and given.user_id = $2 and given.role_id = r.id
           )
           and not exists (
               select from group_roles given where given.realm_id = $1 and given.group_id = $3 and given.role_id = r.id
           )
         order by r.name",
        realm.0,
        user,
        group,
        client_of(container)
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// The roles of a realm or client in effect, by name: given directly, through groups, or as part of such a role.
///
/// # Errors
/// If the database fails.
pub async fn effective(
    conn: &mut PgConnection,
    realm: RealmId,
    holder: Holder<'_>,
    container: &RoleContainer,
) -> Result<Vec<Role>> {
    let (user, group) = holder.ids();
    let rows = select_roles!(
        "with recursive up as (
             select g.id, g.parent from groups g where g.realm_id = $1 and g.id = $3
             union
             select g.id, g.parent from user_groups m join groups g on g.realm_id = m.realm_id and g.id = m.group_id
             where m.realm_id = $1 and m.user_id = $2
             union
             select g.id, g.parent from up join groups g on g.realm_id = $1 and g.id = up.parent
         ),
         held as (
             select role_id from user_roles where realm_id = $1 and user_id = $2
             union
             select given.role_id from up join group_roles given on given.realm_id = $1 and given.group_id = up.id
             union
             select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
         )",
        "where r.realm_id = $1 and r.id in (select role_id from held) and r.client is not distinct from $4
         order by r.name",
        realm.0,
        user,
        group,
        client_of(container)
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// The `clientId`s of the clients that define any of these roles.
///
/// # Errors
/// If the database fails.
pub async fn clients_of(
    conn: &mut PgConnection,
    realm: RealmId,
    roles: &[Role],
) -> Result<Vec<(model::id::ClientId, String)>> {
    let mut clients: Vec<String> =
        roles.iter().filter_map(|role| client_of(&role.container)).map(str::to_owned).collect();
    clients.sort_unstable();
    clients.dedup();
    if clients.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        "select id, client_id from clients where realm_id = $1 and id = any($2) order by client_id",
        realm.0,
        &clients
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (model::id::ClientId(row.id), row.client_id)).collect())
}

/// Gives roles to a user. Those that the user has already stay.
///
/// # Errors
/// A conflict for a missing row if the user or a role is gone.
pub async fn grant_user_roles(tx: &mut Tx, user: &UserId, roles: &[RoleId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into user_roles (realm_id, user_id, role_id)
         select $1, $2, role_id from unnest($3::text[]) as given (role_id) order by role_id on conflict do nothing",
        realm.0,
        user.as_str(),
        &texts(roles)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives roles to a group. Those that the group has already stay.
///
/// # Errors
/// A conflict for a missing row if the group or a role is gone.
pub async fn grant_group_roles(tx: &mut Tx, group: &GroupId, roles: &[RoleId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into group_roles (realm_id, group_id, role_id)
         select $1, $2, role_id from unnest($3::text[]) as given (role_id) order by role_id on conflict do nothing",
        realm.0,
        group.as_str(),
        &texts(roles)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives roles to a user or group.
///
/// # Errors
/// A conflict for a missing row if the holder or a role is gone.
pub async fn grant(tx: &mut Tx, holder: Holder<'_>, roles: &[RoleId]) -> Result<()> {
    match holder {
        Holder::User(user) => grant_user_roles(tx, user, roles).await,
        Holder::Group(group) => grant_group_roles(tx, group, roles).await,
    }
}

/// Takes roles from a user or group. Those that weren't given are passed over.
///
/// # Errors
/// If the database fails.
pub async fn revoke(tx: &mut Tx, holder: Holder<'_>, roles: &[RoleId]) -> Result<()> {
    let realm = tx.realm();
    let (user, group) = holder.ids();
    let roles = texts(roles);
    sqlx::query!(
        "with of_user as (
             delete from user_roles where realm_id = $1 and user_id = $2 and role_id = any($4)
         )
         delete from group_roles where realm_id = $1 and group_id = $3 and role_id = any($4)",
        realm.0,
        user,
        group,
        &roles
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
