//! Mappers of identity providers.

use model::{
    id::{IdentityProviderId, IdentityProviderMapperId, RealmId},
    identity_provider::IdentityProviderMapper,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

struct Row {
    id: String,
    provider: String,
    name: String,
    kind: String,
    config: Value,
}

impl Row {
    fn read(self) -> Result<IdentityProviderMapper> {
        Ok(IdentityProviderMapper {
            id: IdentityProviderMapperId(self.id),
            provider: IdentityProviderId(self.provider),
            name: self.name,
            kind: self.kind,
            config: row::read("identity_provider_mappers", "config", self.config)?,
        })
    }
}

/// The mappers of an identity provider by name.
///
/// # Errors
/// If the database fails.
pub async fn mappers_of(
    conn: &mut PgConnection,
    realm: RealmId,
    provider: &IdentityProviderId,
) -> Result<Vec<IdentityProviderMapper>> {
    sqlx::query_as!(
        Row,
        "select id, provider, name, kind, config from identity_provider_mappers
         where realm_id = $1 and provider = $2 order by name, id",
        realm.0,
        provider.as_str()
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// The mappers of all identity providers of a realm by name.
///
/// # Errors
/// If the database fails.
pub async fn mappers_of_all(conn: &mut PgConnection, realm: RealmId) -> Result<Vec<IdentityProviderMapper>> {
    sqlx::query_as!(
        Row,
        "select id, provider, name, kind, config from identity_provider_mappers where realm_id = $1 order by name, id",
        realm.0
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// A mapper of an identity provider.
///
/// # Errors
/// If the database fails.
pub async fn find_mapper(
    conn: &mut PgConnection,
    realm: RealmId,
    provider: &IdentityProviderId,
    id: &IdentityProviderMapperId,
) -> Result<Option<IdentityProviderMapper>> {
    sqlx::query_as!(
        Row,
        "select id, provider, name, kind, config from identity_provider_mappers
         where realm_id = $1 and provider = $2 and id = $3",
        realm.0,
        provider.as_str(),
        id.as_str()
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// Makes mappers, all in one statement.
///
/// # Errors
/// A conflict on `identity_provider_mappers_name` or `identity_provider_mappers_pkey` if a name or an id is taken.
pub async fn insert_mappers(tx: &mut Tx, mappers: &[IdentityProviderMapper]) -> Result<()> {
    if mappers.is_empty() {
        return Ok(());
    }
    let realm = tx.realm();
    let ids: Vec<String> = mappers.iter().map(|mapper| mapper.id.0.clone()).collect();
    let providers: Vec<String> = mappers.iter().map(|mapper| mapper.provider.0.clone()).collect();
    let names: Vec<String> = mappers.iter().map(|mapper| mapper.name.clone()).collect();
    let kinds: Vec<String> = mappers.iter().map(|mapper| mapper.kind.clone()).collect();
    let configs: Vec<Value> = mappers.iter().map(|mapper| row::write(&mapper.config)).collect();
    sqlx::query!(
        "insert into identity_provider_mappers (realm_id, id, provider, name, kind, config)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])",
        realm.0,
        &ids,
        &providers,
        &names,
        &kinds,
        &configs
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Saves a mapper.
///
/// # Errors
/// A conflict on `identity_provider_mappers_name` if the name is taken.
pub async fn update_mapper(tx: &mut Tx, mapper: &IdentityProviderMapper) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update identity_provider_mappers set name = $3, kind = $4, config = $5 where realm_id = $1 and id = $2",
        realm.0,
        mapper.id.as_str(),
        mapper.name,
        mapper.kind,
        row::write(&mapper.config)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a mapper.
///
/// # Errors
/// If the database fails.
pub async fn delete_mapper(tx: &mut Tx, id: &IdentityProviderMapperId) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from identity_provider_mappers where realm_id = $1 and id = $2", realm.0, id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
