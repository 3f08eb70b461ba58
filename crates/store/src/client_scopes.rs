//! Client scopes, which clients have them, and which ones new clients get.

use model::{
    client_scope::{ClientScope, ScopeAssignment},
    id::{ClientId, ClientScopeId, RealmId},
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

struct Row {
    id: String,
    name: String,
    description: Option<String>,
    protocol: String,
    attributes: Value,
}

impl Row {
    fn read(self) -> Result<ClientScope> {
        Ok(ClientScope {
            id: ClientScopeId(self.id),
            name: self.name,
            description: self.description,
            protocol: self.protocol,
            attributes: row::read("client_scopes", "attributes", self.attributes)?,
        })
    }
}

fn is_optional(assignment: ScopeAssignment) -> bool {
    matches!(assignment, ScopeAssignment::Optional)
}

/// All client scopes of a realm by name.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<ClientScope>> {
    sqlx::query_as!(
        Row,
        "select id, name, description, protocol, attributes from client_scopes where realm_id = $1 order by name",
        realm.0
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The names of the client scopes of a protocol, with the realm's generation.
///
/// # Errors
/// If the database fails.
pub async fn names_of_protocol(conn: &mut PgConnection, realm: RealmId, protocol: &str) -> Result<(Vec<String>, i64)> {
    let found = sqlx::query!(
        r#"select generation,
               array(select name from client_scopes where realm_id = $1 and protocol = $2 order by name) as "names!"
           from realms where realm_id = $1"#,
        realm.0,
        protocol
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.map_or((Vec::new(), 0), |found| (found.names, found.generation)))
}

/// The client scope with this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, id: &ClientScopeId) -> Result<Option<ClientScope>> {
    sqlx::query_as!(
        Row,
        "select id, name, description, protocol, attributes from client_scopes where realm_id = $1 and id = $2",
        realm.0,
        id.as_str()
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// Makes client scopes, all in one statement.
///
/// # Errors
/// A conflict on `client_scopes_name` if a name is taken.
pub async fn insert(tx: &mut Tx, scopes: &[ClientScope]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = scopes.iter().map(|scope| scope.id.0.clone()).collect();
    let names: Vec<String> = scopes.iter().map(|scope| scope.name.clone()).collect();
    let descriptions: Vec<Option<String>> = scopes.iter().map(|scope| scope.description.clone()).collect();
    let protocols: Vec<String> = scopes.iter().map(|scope| scope.protocol.clone()).collect();
    let attributes: Vec<Value> = scopes.iter().map(|scope| row::write(&scope.attributes)).collect();
    sqlx::query!(
        "insert into client_scopes (realm_id, id, name, description, protocol, attributes)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])",
        realm.0,
        &ids,
        &names,
        &descriptions as &[Option<String>],
        &protocols,
        &attributes
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves a client scope.
///
/// # Errors
/// A conflict on `client_scopes_name` if the name is taken.
pub async fn update(tx: &mut Tx, scope: &ClientScope) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update client_scopes set name = $3, description = $4, protocol = $5, attributes = $6
         where realm_id = $1 and id = $2",
        realm.0,
        scope.id.as_str(),
        scope.name,
        scope.description,
        scope.protocol,
        row::write(&scope.attributes)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a client scope from the realm and from every client that has it.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, id: &ClientScopeId) -> Result<bool> {
    let realm = tx.realm();
    let done = sqlx::query!("delete from client_scopes where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// The client scopes of a client in one assignment, by name.
///
/// # Errors
/// If the database fails.
pub async fn of_client(
    conn: &mut PgConnection,
    realm: RealmId,
    client: &ClientId,
    assignment: ScopeAssignment,
) -> Result<Vec<ClientScope>> {
    sqlx::query_as!(
        Row,
        "select s.id, s.name, s.description, s.protocol, s.attributes from client_scopes s
         join client_scope_assignments a on a.realm_id = s.realm_id and a.scope = s.id
         where a.realm_id = $1 and a.client = $2 and a.optional = $3 order by s.name",
        realm.0,
        client.as_str(),
        is_optional(assignment)
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// Assigns client scopes to a client, by name and in the client's protocol; names of no scope are passed over. A scope
/// that the client has already keeps its assignment.
///
/// # Errors
/// If the database fails.
pub async fn assign_by_name(
    tx: &mut Tx,
    client: &ClientId,
    names: &[String],
    assignment: ScopeAssignment,
) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into client_scope_assignments (realm_id, client, scope, optional)
         select s.realm_id, c.id, s.id, $4 from client_scopes s
         join clients c on c.realm_id = s.realm_id and c.id = $2 and c.protocol = s.protocol
         where s.realm_id = $1 and s.name = any($3)
         on conflict do nothing",
        realm.0,
        client.as_str(),
        names,
        is_optional(assignment)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Assigns the realm's client scopes for new clients to clients, each in its protocol.
///
/// # Errors
/// If the database fails.
pub async fn assign_defaults(tx: &mut Tx, clients: &[ClientId]) -> Result<()> {
    let realm = tx.realm();
    let clients: Vec<String> = clients.iter().map(|client| client.0.clone()).collect();
    sqlx::query!(
        "insert into client_scope_assignments (realm_id, client, scope, optional)
         select s.realm_id, c.id, s.id, d.optional from default_client_scopes d
         join client_scopes s on s.realm_id = d.realm_id and s.id = d.scope
         join clients c on c.realm_id = d.realm_id and c.id = any($2) and c.protocol = s.protocol
         where d.realm_id = $1
         on conflict do nothing",
        realm.0,
        &clients
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Assigns one client scope to a client, or changes how it applies.
///
/// # Errors
/// If the database fails.
pub async fn assign(tx: &mut Tx, client: &ClientId, scope: &ClientScopeId, assignment: ScopeAssignment) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "insert into client_scope_assignments (realm_id, client, scope, optional) values ($1, $2, $3, $4)
         on conflict (realm_id, client, scope) do update set optional = excluded.optional",
        realm.0,
        client.as_str(),
        scope.as_str(),
        is_optional(assignment)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a client scope from a client.
///
/// # Errors
/// If the database fails.
pub async fn unassign(tx: &mut Tx, client: &ClientId, scope: &ClientScopeId) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "delete from client_scope_assignments where realm_id = $1 and client = $2 and scope = $3",
        realm.0,
        client.as_str(),
        scope.as_str()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes all client scopes from a client.
///
/// # Errors
/// If the database fails.
pub async fn unassign_all(tx: &mut Tx, client: &ClientId) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from client_scope_assignments where realm_id = $1 and client = $2", realm.0, client.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The client scopes that new clients get in one assignment, by name.
///
/// # Errors
/// If the database fails.
pub async fn defaults(
    conn: &mut PgConnection,
    realm: RealmId,
    assignment: ScopeAssignment,
) -> Result<Vec<ClientScope>> {
    sqlx::query_as!(
        Row,
        "select s.id, s.name, s.description, s.protocol, s.attributes from client_scopes s
         join default_client_scopes d on d.realm_id = s.realm_id and d.scope = s.id
         where d.realm_id = $1 and d.optional = $2 order by s.name",
        realm.0,
        is_optional(assignment)
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// Makes client scopes ones that new clients get, or changes how.
///
/// # Errors
/// If the database fails.
pub async fn set_defaults(tx: &mut Tx, scopes: &[(ClientScopeId, ScopeAssignment)]) -> Result<()> {
    let realm = tx.realm();
    let ids: Vec<String> = scopes.iter().map(|(scope, _)| scope.0.clone()).collect();
    let optional: Vec<bool> = scopes.iter().map(|(_, assignment)| is_optional(*assignment)).collect();
    sqlx::query!(
        "insert into default_client_scopes (realm_id, scope, optional)
         select $1, * from unnest($2::text[], $3::boolean[])
         on conflict (realm_id, scope) do update set optional = excluded.optional",
        realm.0,
        &ids,
        &optional
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// New clients no longer get this client scope.
///
/// # Errors
/// If the database fails.
pub async fn remove_default(tx: &mut Tx, scope: &ClientScopeId) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from default_client_scopes where realm_id = $1 and scope = $2", realm.0, scope.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
