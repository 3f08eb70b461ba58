//! Roles of a realm and of all its clients, and what they contain.

use model::{
    id::{RealmId, RoleId},
    role::{Role, RoleName},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Result, Tx,
    roles::{Row, client_of, select_roles, texts},
    row,
    transfer::same_things,
};

/// Saves roles.
///
/// # Errors
/// A conflict `roles_name` if a name is taken in its container; one for a missing row if a client is gone.
pub async fn put(tx: &mut Tx, roles: &[Role]) -> Result<()> {
    if roles.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = roles.iter().map(|role| role.id.0.clone()).collect();
    let clients: Vec<Option<String>> = roles.iter().map(|role| client_of(&role.container).map(str::to_owned)).collect();
    let names: Vec<String> = roles.iter().map(|role| role.name.clone()).collect();
    let descriptions: Vec<Option<String>> = roles.iter().map(|role| role.description.clone()).collect();
    let attributes: Vec<Value> = roles.iter().map(|role| row::write(&role.attributes)).collect();
    let done = sqlx::query!(
        "insert into roles (realm_id, id, client, name, description, attributes)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
         on conflict (realm_id, id) do update set client = excluded.client, name = excluded.name,
             description = excluded.description, attributes = excluded.attributes
         where roles.client is not distinct from excluded.client and roles.name = excluded.name",
        realm.0,
        &ids,
        &clients as &[Option<String>],
        &names,
        &descriptions as &[Option<String>],
        &attributes
    )
    .execute(&mut **tx)
    .await?;
    same_things("roles_pkey", done.rows_affected(), roles.len())
}

/// Makes the parts of each of `parents` exactly those that `parts` names: pairs of the containing role and the contained
/// one.
///
/// # Errors
/// A conflict for a missing row if one of the roles is gone.
pub async fn replace_composites(tx: &mut Tx, parents: &[RoleId], parts: &[(RoleId, RoleId)]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from role_composites where realm_id = $1 and parent = any($2)", realm.0, &texts(parents))
        .execute(&mut **tx)
        .await?;
    crate::roles::add_composites(tx, parts).await
}

/// All roles of a realm and of its clients, by name.
///
/// # Errors
/// If the database fails.
pub async fn all(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<Role>> {
    Row::read_all(select_roles!("", "where r.realm_id = $1 order by r.name, r.id", realm.0).fetch_all(conn).await?)
}

/// What all roles of a realm directly contain, by name.
///
/// # Errors
/// If the database fails.
pub async fn composites(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<(RoleId, RoleName)>> {
    let rows = sqlx::query!(
        r#"select p.parent, c.client_id as "client?", r.name from role_composites p
           join roles r on r.realm_id = p.realm_id and r.id = p.child
           left join clients c on c.realm_id = r.realm_id and c.id = r.client
           where p.realm_id = $1 order by c.client_id nulls first, r.name"#,
        realm.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (RoleId(row.parent), RoleName { client: row.client, name: row.name })).collect())
}

/// Removes roles, everywhere they were granted or part of another role.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, roles: &[RoleId]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from roles where realm_id = $1 and id = any($2)", realm.0, &texts(roles))
        .execute(&mut **tx)
        .await?;
    Ok(())
}
