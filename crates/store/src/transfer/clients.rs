//! Clients with their names, and which client scopes they have.

use model::{
    client::Client,
    client_scope::ScopeAssignment,
    id::{ClientId, ClientScopeId},
};
use serde_json::Value;
use time::OffsetDateTime;

use crate::{Result, Tx, row, transfer::same_things};

/// A client as it is to be stored.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// The client. Its lists of client scopes are not looked at.
    pub client: Client,
    /// The names beside its `clientId` under which requests address it.
    pub further_names: Vec<String>,
    /// Its secret, sealed.
    pub sealed_secret: Option<String>,
}

/// Saves clients with their names and secrets.
///
/// # Errors
/// A conflict on `clients_client_id` or `client_names_pkey` if a name is taken.
pub async fn put(tx: &mut Tx, clients: &[NewClient], created: OffsetDateTime) -> Result<()> {
    if clients.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let each = || clients.iter().map(|new| &new.client);
    let ids: Vec<String> = each().map(|client| client.id.0.clone()).collect();
    let client_ids: Vec<String> = each().map(|client| client.client_id.clone()).collect();
    let protocols: Vec<String> = each().map(|client| client.protocol.clone()).collect();
    let enabled: Vec<bool> = each().map(|client| client.enabled).collect();
    let settings: Vec<Value> = each().map(|client| row::write(&client.settings)).collect();
    let attributes: Vec<Value> = each().map(|client| row::write(&client.attributes)).collect();
    let secrets: Vec<Option<String>> = clients.iter().map(|new| new.sealed_secret.clone()).collect();
    let done = sqlx::query!(
        "insert into clients (realm_id, id, client_id, protocol, enabled, settings, attributes, secret, created_at)
         select $1, given.*, $9 from unnest(
             $2::text[], $3::text[], $4::text[], $5::boolean[], $6::jsonb[], $7::jsonb[], $8::text[]) as given
         on conflict (realm_id, id) do update set client_id = excluded.client_id, protocol = excluded.protocol,
             enabled = excluded.enabled, settings = excluded.settings, attributes = excluded.attributes,
             secret = excluded.secret
         where clients.client_id = excluded.client_id",
        realm.0,
        &ids,
        &client_ids,
        &protocols,
        &enabled,
        &settings,
        &attributes,
        &secrets as &[Option<String>],
        created
    )
    .execute(&mut **tx)
    .await?;
    same_things("clients_pkey", done.rows_affected(), clients.len())?;
    sqlx::query!("delete from client_names where realm_id = $1 and id = any($2)", realm.0, &ids)
        .execute(&mut **tx)
        .await?;
    let names = clients.iter().flat_map(|new| {
        let mut names = new.further_names.clone();
        names.push(new.client.client_id.clone());
        names.sort_unstable();
        names.dedup();
        names.into_iter().map(|name| (new.client.id.0.clone(), name))
    });
    let (owners, names): (Vec<String>, Vec<String>) = names.unzip();
    sqlx::query!(
        "insert into client_names (realm_id, id, name) select $1, * from unnest($2::text[], $3::text[])",
        realm.0,
        &owners,
        &names
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives each of `clients` exactly the client scopes that `assigned` names for it.
///
/// # Errors
/// A conflict (missing) if a client or a client scope is gone.
pub async fn replace_scopes(
    tx: &mut Tx,
    clients: &[ClientId],
    assigned: &[(ClientId, ClientScopeId, ScopeAssignment)],
) -> Result<()> {
    let realm = tx.realm();
    let clients: Vec<String> = clients.iter().map(|client| client.0.clone()).collect();
    sqlx::query!("delete from client_scope_assignments where realm_id = $1 and client = any($2)", realm.0, &clients)
        .execute(&mut **tx)
        .await?;
    let owners: Vec<String> = assigned.iter().map(|(client, ..)| client.0.clone()).collect();
    let scopes: Vec<String> = assigned.iter().map(|(_, scope, _)| scope.0.clone()).collect();
    let optional: Vec<bool> =
        assigned.iter().map(|(.., assignment)| matches!(assignment, ScopeAssignment::Optional)).collect();
    sqlx::query!(
        "insert into client_scope_assignments (realm_id, client, scope, optional)
         select $1, * from unnest($2::text[], $3::text[], $4::boolean[]) on conflict do nothing",
        realm.0,
        &owners,
        &scopes,
        &optional
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes clients with everything that belongs to them.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, clients: &[ClientId]) -> Result<()> {
    let realm = tx.realm();
    let clients: Vec<String> = clients.iter().map(|client| client.0.clone()).collect();
    sqlx::query!("delete from clients where realm_id = $1 and id = any($2)", realm.0, &clients)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
