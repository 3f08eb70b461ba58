//! Identity providers with their mappers, and the accounts that users have there.

use model::{
    id::{FlowId, UserId},
    identity_provider::{IdentityProvider, IdentityProviderMapper},
};
use serde_json::Value;

use crate::{Result, Tx, row, transfer::same_things};

/// Saves identity providers.
///
/// # Errors
/// A conflict on `identity_providers_alias` if an alias is taken, on `identity_providers_pkey` if an id is another one's.
pub async fn put(tx: &mut Tx, providers: &[IdentityProvider]) -> Result<()> {
    if providers.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let flow = |flow: &Option<FlowId>| flow.as_ref().map(|flow| flow.0.clone());
    let ids: Vec<String> = providers.iter().map(|one| one.id.0.clone()).collect();
    let aliases: Vec<String> = providers.iter().map(|one| one.alias.clone()).collect();
    let kinds: Vec<String> = providers.iter().map(|one| one.provider_id.clone()).collect();
    let enabled: Vec<bool> = providers.iter().map(|one| one.enabled).collect();
    let settings: Vec<Value> = providers.iter().map(|one| row::write(&one.settings)).collect();
    let configs: Vec<Value> = providers.iter().map(|one| row::write(&one.config)).collect();
    let first: Vec<Option<String>> = providers.iter().map(|one| flow(&one.first_broker_flow)).collect();
    let post: Vec<Option<String>> = providers.iter().map(|one| flow(&one.post_broker_flow)).collect();
    let done = sqlx::query!(
        "insert into identity_providers
             (realm_id, id, alias, provider_id, enabled, settings, config, first_broker_flow, post_broker_flow)
         select $1, * from unnest(
             $2::text[], $3::text[], $4::text[], $5::boolean[], $6::jsonb[], $7::jsonb[], $8::text[], $9::text[])
         on conflict (realm_id, id) do update set provider_id = excluded.provider_id, enabled = excluded.enabled,
             settings = excluded.settings, config = excluded.config,
             first_broker_flow = excluded.first_broker_flow, post_broker_flow = excluded.post_broker_flow
         where identity_providers.alias = excluded.alias",
        realm.0,
        &ids,
        &aliases,
        &kinds,
        &enabled,
        &settings,
        &configs,
        &first as &[Option<String>],
        &post as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    same_things("identity_providers_pkey", done.rows_affected(), providers.len())
}

/// Saves mappers.
///
/// # Errors
/// A conflict on `identity_provider_mappers_name` if a name is taken, on `identity_provider_mappers_pkey` if an id is
/// another one's.
pub async fn put_mappers(tx: &mut Tx, mappers: &[IdentityProviderMapper]) -> Result<()> {
    if mappers.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = mappers.iter().map(|mapper| mapper.id.0.clone()).collect();
    let providers: Vec<String> = mappers.iter().map(|mapper| mapper.provider.0.clone()).collect();
    let names: Vec<String> = mappers.iter().map(|mapper| mapper.name.clone()).collect();
    let kinds: Vec<String> = mappers.iter().map(|mapper| mapper.kind.clone()).collect();
    let configs: Vec<Value> = mappers.iter().map(|mapper| row::write(&mapper.config)).collect();
    let done = sqlx::query!(
        "insert into identity_provider_mappers (realm_id, id, provider, name, kind, config)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
         on conflict (realm_id, id) do update set kind = excluded.kind, config = excluded.config
         where identity_provider_mappers.provider = excluded.provider
             and identity_provider_mappers.name = excluded.name",
        realm.0,
        &ids,
        &providers,
        &names,
        &kinds,
        &configs
    )
    .execute(&mut **tx)
    .await?;
    same_things("identity_provider_mappers_pkey", done.rows_affected(), mappers.len())
}

/// Removes identity providers by alias, with their mappers and the accounts that users have there.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, aliases: &[String]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from federated_identities where realm_id = $1 and provider = any($2)", realm.0, aliases)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from identity_providers where realm_id = $1 and alias = any($2)", realm.0, aliases)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Removes mappers by id.
///
/// # Errors
/// If the database fails.
pub async fn delete_mappers(tx: &mut Tx, ids: &[String]) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from identity_provider_mappers where realm_id = $1 and id = any($2)", realm.0, ids)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Forgets the accounts of these users.
///
/// # Errors
/// If the database fails.
pub async fn unlink(tx: &mut Tx, users: &[UserId]) -> Result<()> {
    if users.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let users: Vec<String> = users.iter().map(|user| user.0.clone()).collect();
    sqlx::query!("delete from federated_identities where realm_id = $1 and user_id = any($2)", realm.0, &users)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
