//! Roles that tokens of a client without full scope may carry.

use model::{
    id::{ClientId, ClientScopeId, RealmId, RoleId},
    protocol_mapper::MapperOwner,
    role::{Role, RoleContainer, RoleName},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    Result, Tx,
    roles::{Row, client_of, select_roles},
    row,
};

fn columns(owner: &MapperOwner) -> (Option<&str>, Option<&str>) {
    match owner {
        MapperOwner::Client(ClientId(client)) => (Some(client), None),
        MapperOwner::ClientScope(ClientScopeId(scope)) => (None, Some(scope)),
    }
}

/// The roles mapped to an owner directly, by name: all of them, or those of one realm or client.
///
/// # Errors
/// If the database fails.
pub async fn direct(
    conn: &mut PgConnection,
    realm: RealmId,
    owner: &MapperOwner,
    container: Option<&RoleContainer>,
) -> Result<Vec<Role>> {
    let (client, scope) = columns(owner);
    let rows = select_roles!(
        "",
        "where r.realm_id = $1
           and r.id in (select role_id from scope_mappings where realm_id = $1 and (client = $2 or scope = $3))
           and ($4 or r.client is not distinct from $5)
         order by r.name, r.id",
        realm.0,
        client,
        scope,
        container.is_none(),
        container.and_then(client_of)
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// The roles of a realm or client that are not mapped to an owner directly, by name.
///
/// # Errors
/// If the database fails.
pub async fn available(
    conn: &mut PgConnection,
    realm: RealmId,
    owner: &MapperOwner,
    container: &RoleContainer,
) -> Result<Vec<Role>> {
    let (client, scope) = columns(owner);
    let rows = select_roles!(
        "",
        "where r.realm_id = $1
           and (r.client = $4 or ($4::text is null and r.client is null))
           and not exists (
               select from scope_mappings m
               where m.realm_id = $1 and (m.client = $2 or m.scope = $3) and m.role_id = r.id
           )
         order by r.name",
        realm.0,
        client,
        scope,
        client_of(container)
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// The roles of a realm or client within an owner's scope, by name: mapped directly or as part of such a role, or of the
/// client itself, whose own roles are always within its scope. All of them if the owner's scope is the `full` one.
///
/// # Errors
/// If the database fails.
pub async fn effective(
    conn: &mut PgConnection,
    realm: RealmId,
    owner: &MapperOwner,
    container: &RoleContainer,
    full: bool,
) -> Result<Vec<Role>> {
    let (client, scope) = columns(owner);
    let rows = select_roles!(
        "with recursive held as (
             select role_id from scope_mappings where realm_id = $1 and (client = $2 or scope = $3)
             union
             select id from roles where realm_id = $1 and client = $2
             union
             select c.child from held join role_composites c on c.realm_id = $1 and c.parent = held.role_id
         )",
        "where r.realm_id = $1 and r.client is not distinct from $4
           and ($5 or r.id in (select role_id from held))
         order by r.name",
        realm.0,
        client,
        scope,
        client_of(container),
        full
    )
    .fetch_all(conn)
    .await?;
    Row::read_all(rows)
}

/// Maps roles to an owner; those that are mapped already stay.
///
/// # Errors
/// A conflict (missing) if a role is gone.
pub async fn add(tx: &mut Tx, owner: &MapperOwner, roles: &[RoleId]) -> Result<()> {
    let realm = tx.realm();
    let (client, scope) = columns(owner);
    let roles: Vec<String> = roles.iter().map(|role| role.0.clone()).collect();
    sqlx::query!(
        "insert into scope_mappings (realm_id, client, scope, role_id) select $1, $2, $3, unnest($4::text[])
         on conflict do nothing",
        realm.0,
        client,
        scope,
        &roles
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes roles from an owner.
///
/// # Errors
/// If the database fails.
pub async fn remove(tx: &mut Tx, owner: &MapperOwner, roles: &[RoleId]) -> Result<()> {
    let realm = tx.realm();
    let (client, scope) = columns(owner);
    let roles: Vec<String> = roles.iter().map(|role| role.0.clone()).collect();
    sqlx::query!(
        "delete from scope_mappings where realm_id = $1 and (client = $2 or scope = $3) and role_id = any($4)",
        realm.0,
        client,
        scope,
        &roles
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A client scope as it applies to a client.
#[derive(Clone, Debug)]
pub struct AssignedScope {
    /// Its id.
    pub id: ClientScopeId,
    /// Its name.
    pub name: String,
    /// It applies on request only.
    pub optional: bool,
    /// Its attributes.
    pub attributes: model::Attributes,
    /// The roles mapped to it, with what they contain.
    pub roles: Vec<RoleName>,
}

/// The client scopes of a client with the roles mapped to each, and the roles mapped to the client itself.
///
/// # Errors
/// If the database fails.
pub async fn of_client(
    conn: &mut PgConnection,
    realm: RealmId,
    client: &ClientId,
) -> Result<(Vec<AssignedScope>, Vec<RoleName>)> {
    let rows = sqlx::query!(
        r#"with recursive assigned as (
               select s.id, s.name, a.optional, s.attributes from client_scope_assignments a
               join client_scopes s on s.realm_id = a.realm_id and s.id = a.scope
               where a.realm_id = $1 and a.client = $2
           ),
           held as (
               select m.scope, m.role_id from scope_mappings m
               where m.realm_id = $1 and (m.client = $2 or m.scope in (select id from assigned))
               union
               -- A client always sees its own roles, and so what they contain.
               select null, r.id from roles r where r.realm_id = $1 and r.client = $2
               union
               select held.scope, c.child from held
               join role_composites c on c.realm_id = $1 and c.parent = held.role_id
           ),
           named as (
               select held.scope, jsonb_agg(jsonb_build_object('client', c.client_id, 'name', r.name)
                   order by c.client_id nulls first, r.name) as roles
               from held join roles r on r.realm_id = $1 and r.id = held.role_id
               left join clients c on c.realm_id = $1 and c.id = r.client
               group by held.scope
           )
           select a.id as "id?", a.name as "name?", a.optional as "optional?", a.attributes as "attributes?",
               n.roles as "roles?"
           from assigned a full join named n on n.scope = a.id
           order by a.name"#,
        realm.0,
        client.as_str()
    )
    .fetch_all(conn)
    .await?;
    let (mut scopes, mut own) = (Vec::new(), Vec::new());
    for found in rows {
        let roles = row::read("roles", "name", found.roles.unwrap_or(Value::Array(Vec::new())))?;
        match (found.id, found.name, found.optional, found.attributes) {
            (Some(id), Some(name), Some(optional), Some(attributes)) => scopes.push(AssignedScope {
                id: ClientScopeId(id),
                name,
                optional,
                attributes: row::read("client_scopes", "attributes", attributes)?,
                roles,
            }),
            _ => own = roles,
        }
    }
    Ok((scopes, own))
}
