//! Client scopes, which of them new clients get, and the roles that are mapped to them and to clients.

use model::{
    client_scope::{ClientScope, ScopeAssignment},
    id::{ClientId, ClientScopeId, RealmId, RoleId},
    protocol_mapper::MapperOwner,
    role::RoleName,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row, transfer::same_things};

/// Saves client scopes.
///
/// # Errors
/// A conflict on `client_scopes_name` if a name is taken.
pub async fn put(tx: &mut Tx, scopes: &[ClientScope]) -> Result<()> {
    if scopes.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = scopes.iter().map(|scope| scope.id.0.clone()).collect();
    let names: Vec<String> = scopes.iter().map(|scope| scope.name.clone()).collect();
    let descriptions: Vec<Option<String>> = scopes.iter().map(|scope| scope.description.clone()).collect();
    let protocols: Vec<String> = scopes.iter().map(|scope| scope.protocol.clone()).collect();
    let attributes: Vec<Value> = scopes.iter().map(|scope| row::write(&scope.attributes)).collect();
    let done = sqlx::query!(
        "insert into client_scopes (realm_id, id, name, description, protocol, attributes)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
         on conflict (realm_id, id) do update set name = excluded.name, description = excluded.description,
             protocol = excluded.protocol, attributes = excluded.attributes
         where client_scopes.name = excluded.name",
        realm.0,
        &ids,
        &names,
        &descriptions as &[Option<String>],
        &protocols,
        &attributes
    )
    .execute(&mut **tx)
    .await?;
    same_things("client_scopes_pkey", done.rows_affected(), scopes.len())
}

/// Makes the client scopes that new clients get exactly these: all in one assignment, as the other list has its own.
///
/// # Errors
/// A conflict (missing) if a client scope is gone.
pub async fn replace_defaults(tx: &mut Tx, assignment: ScopeAssignment, scopes: &[ClientScopeId]) -> Result<()> {
    let realm = tx.realm();
    let optional = matches!(assignment, ScopeAssignment::Optional);
    let scopes: Vec<String> = scopes.iter().map(|scope| scope.0.clone()).collect();
    sqlx::query!(
        "delete from default_client_scopes where realm_id = $1 and optional = $2 and scope <> all($3)",
        realm.0,
        optional,
        &scopes
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into default_client_scopes (realm_id, scope, optional)
         select $1, scope, $2 from unnest($3::text[]) as given (scope)
         on conflict (realm_id, scope) do update set optional = excluded.optional",
        realm.0,
        optional,
        &scopes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The roles mapped to all clients and client scopes of a realm, each by the name of its owner.
///
/// # Errors
/// If the database fails.
pub async fn mapped_roles(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<MappedRole>> {
    let rows = sqlx::query!(
        r#"select c.client_id as "client?", s.name as "scope?", o.client_id as "role_client?", r.name as role
           from scope_mappings m
           join roles r on r.realm_id = m.realm_id and r.id = m.role_id
           left join clients o on o.realm_id = m.realm_id and o.id = r.client
           left join clients c on c.realm_id = m.realm_id and c.id = m.client
           left join client_scopes s on s.realm_id = m.realm_id and s.id = m.scope
           where m.realm_id = $1
           order by o.client_id nulls first, c.client_id nulls first, s.name, r.name"#,
        realm.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| MappedRole {
            client: row.client,
            scope: row.scope,
            role: RoleName { client: row.role_client, name: row.role },
        })
        .collect())
}

/// A role that is mapped to a client or to a client scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedRole {
    /// The `clientId` of its owner.
    pub client: Option<String>,
    /// The name of the client scope that is its owner.
    pub scope: Option<String>,
    /// The role.
    pub role: RoleName,
}

/// Maps roles to clients and client scopes; those that are mapped already stay.
///
/// # Errors
/// A conflict (missing) if an owner or a role is gone.
pub async fn map_roles(tx: &mut Tx, mappings: &[(MapperOwner, RoleId)]) -> Result<()> {
    if mappings.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let (clients, scopes): (Vec<Option<String>>, Vec<Option<String>>) = mappings.iter().map(columns).unzip();
    let roles: Vec<String> = mappings.iter().map(|(_, role)| role.0.clone()).collect();
    sqlx::query!(
        "insert into scope_mappings (realm_id, client, scope, role_id)
         select $1, * from unnest($2::text[], $3::text[], $4::text[]) on conflict do nothing",
        realm.0,
        &clients as &[Option<String>],
        &scopes as &[Option<String>],
        &roles
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes from each of these owners the roles that are defined in one place and mapped to it: pairs of an owner and the
/// client that defines the roles, none for realm roles.
///
/// # Errors
/// If the database fails.
pub async fn unmap_roles(tx: &mut Tx, owners: &[(MapperOwner, Option<ClientId>)]) -> Result<()> {
    if owners.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let (clients, scopes): (Vec<Option<String>>, Vec<Option<String>>) = owners.iter().map(columns).unzip();
    let places: Vec<Option<String>> =
        owners.iter().map(|(_, place)| place.as_ref().map(|client| client.0.clone())).collect();
    sqlx::query!(
        "delete from scope_mappings m
         using roles r, unnest($2::text[], $3::text[], $4::text[]) as given (client, scope, place)
         where m.realm_id = $1 and r.realm_id = $1 and r.id = m.role_id
             and m.client is not distinct from given.client and m.scope is not distinct from given.scope
             and r.client is not distinct from given.place",
        realm.0,
        &clients as &[Option<String>],
        &scopes as &[Option<String>],
        &places as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// An owner as the two columns that hold it.
fn columns<T>((owner, _): &(MapperOwner, T)) -> (Option<String>, Option<String>) {
    match owner {
        MapperOwner::Client(client) => (Some(client.0.clone()), None),
        MapperOwner::ClientScope(scope) => (None, Some(scope.0.clone())),
    }
}
