//! Components and the keys of key providers.

use model::{component::Component, id::ComponentId, key::Key};
use serde_json::Value;
use time::OffsetDateTime;

use crate::{Result, Tx, row, transfer::same_things};

/// Saves components.
///
/// # Errors
/// If the database fails.
pub async fn put(tx: &mut Tx, components: &[Component]) -> Result<()> {
    if components.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = components.iter().map(|component| component.id.0.clone()).collect();
    let names: Vec<String> = components.iter().map(|component| component.name.clone()).collect();
    let providers: Vec<String> = components.iter().map(|component| component.provider_id.clone()).collect();
    let types: Vec<String> = components.iter().map(|component| component.provider_type.clone()).collect();
    let parents: Vec<String> = components.iter().map(|component| component.parent_id.clone()).collect();
    let sub_types: Vec<Option<String>> = components.iter().map(|component| component.sub_type.clone()).collect();
    let configs: Vec<Value> = components.iter().map(|component| row::write(&component.config)).collect();
    let done = sqlx::query!(
        "insert into components (realm_id, id, name, provider_id, provider_type, parent_id, sub_type, config)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
         on conflict (realm_id, id) do update set name = excluded.name, provider_id = excluded.provider_id,
             provider_type = excluded.provider_type, parent_id = excluded.parent_id, sub_type = excluded.sub_type,
             config = excluded.config
         where components.provider_type = excluded.provider_type
             and components.provider_id = excluded.provider_id",
        realm.0,
        &ids,
        &names,
        &providers,
        &types,
        &parents,
        &sub_types as &[Option<String>],
        &configs
    )
    .execute(&mut **tx)
    .await?;
    same_things("components_pkey", done.rows_affected(), components.len())
}

/// Makes the keys of each of `providers` exactly those among `keys` that are its own.
///
/// # Errors
/// A conflict on `keys_pkey` if another provider has a key.
pub async fn replace_keys(tx: &mut Tx, providers: &[ComponentId], keys: &[Key]) -> Result<()> {
    let realm = tx.realm();
    let providers: Vec<String> = providers.iter().map(|component| component.0.clone()).collect();
    sqlx::query!("delete from keys where realm_id = $1 and component = any($2)", realm.0, &providers)
        .execute(&mut **tx)
        .await?;
    put_keys(tx, keys).await
}

/// Keeps keys.
///
/// # Errors
/// A conflict on `keys_pkey` if a key is there already.
pub async fn put_keys(tx: &mut Tx, keys: &[Key]) -> Result<()> {
    let realm = tx.realm();
    let kids: Vec<String> = keys.iter().map(|key| key.kid.clone()).collect();
    let owners: Vec<Option<String>> =
        keys.iter().map(|key| key.component.as_ref().map(|component| component.0.clone())).collect();
    let purposes: Vec<String> = keys.iter().map(|key| key.purpose.as_str().to_owned()).collect();
    let algorithms: Vec<String> = keys.iter().map(|key| key.algorithm.clone()).collect();
    let sealed: Vec<String> = keys.iter().map(|key| key.sealed.clone()).collect();
    let publics: Vec<Option<Vec<u8>>> = keys.iter().map(|key| key.public.clone()).collect();
    let certificates: Vec<Option<Vec<u8>>> = keys.iter().map(|key| key.certificate.clone()).collect();
    let created: Vec<OffsetDateTime> = keys.iter().map(|key| key.created).collect();
    sqlx::query!(
        "insert into keys (realm_id, kid, component, purpose, algorithm, sealed, public, certificate, created_at)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bytea[],
             $9::timestamptz[])",
        realm.0,
        &kids,
        &owners as &[Option<String>],
        &purposes,
        &algorithms,
        &sealed,
        &publics as &[Option<Vec<u8>>],
        &certificates as &[Option<Vec<u8>>],
        &created
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
