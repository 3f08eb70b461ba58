//! Identity providers and their mappers.

mod mappers;

use model::{
    id::{FlowId, IdentityProviderId, RealmId},
    identity_provider::IdentityProvider,
};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{Result, Tx, row};

pub use mappers::{delete_mapper, find_mapper, insert_mappers, mappers_of, mappers_of_all, update_mapper};

struct Row {
    id: String,
    alias: String,
    provider_id: String,
    enabled: bool,
    settings: Value,
    config: Value,
    first_broker_flow: Option<String>,
    post_broker_flow: Option<String>,
}

impl Row {
    fn read(self) -> Result<IdentityProvider> {
        Ok(IdentityProvider {
            id: IdentityProviderId(self.id),
            alias: self.alias,
            provider_id: self.provider_id,
            enabled: self.enabled,
            settings: row::read("identity_providers", "settings", self.settings)?,
            config: row::read("identity_providers", "config", self.config)?,
            first_broker_flow: self.first_broker_flow.map(FlowId),
            post_broker_flow: self.post_broker_flow.map(FlowId),
        })
    }
}

/// What a list of identity providers is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only those whose alias or name is like this pattern of SQL, in small letters.
    pub pattern: Option<String>,
    /// How many to skip.
    pub first: i64,
    /// How many to give; none is all.
    pub max: Option<i64>,
}

/// Identity providers by alias.
///
/// # Errors
/// If the database fails.
pub async fn list(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<Vec<IdentityProvider>> {
    sqlx::query_as!(
        Row,
        "select id, alias, provider_id, enabled, settings, config, first_broker_flow, post_broker_flow
         from identity_providers
         where realm_id = $1
           and ($2::text is null or lower(alias) like $2 or lower(settings ->> 'displayName') like $2)
         order by alias offset $3 limit $4",
        realm.0,
        filter.pattern,
        filter.first,
        filter.max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// How many identity providers a realm has.
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId) -> Result<i64> {
    Ok(sqlx::query_scalar!(r#"select count(*) as "count!" from identity_providers where realm_id = $1"#, realm.0)
        .fetch_one(conn)
        .await?)
}

/// The identity provider with this alias, or with this id.
///
/// # Errors
/// If the database fails.
pub async fn find(conn: &mut PgConnection, realm: RealmId, name: &str) -> Result<Option<IdentityProvider>> {
    sqlx::query_as!(
        Row,
        "select id, alias, provider_id, enabled, settings, config, first_broker_flow, post_broker_flow
         from identity_providers where realm_id = $1 and (alias = $2 or id = $2)
         order by alias = $2 desc limit 1",
        realm.0,
        name
    )
    .fetch_optional(conn)
    .await?
    .map(Row::read)
    .transpose()
}

/// As [`find`], and keeps others from changing it until the transaction ends.
///
/// # Errors
/// If the database fails.
pub async fn lock(tx: &mut Tx, name: &str) -> Result<Option<IdentityProvider>> {
    let realm = tx.realm();
    sqlx::query_as!(
        Row,
        "select id, alias, provider_id, enabled, settings, config, first_broker_flow, post_broker_flow
         from identity_providers where realm_id = $1 and (alias = $2 or id = $2)
         order by alias = $2 desc limit 1 for no key update",
        realm.0,
        name
    )
    .fetch_optional(&mut **tx)
    .await?
    .map(Row::read)
    .transpose()
}

/// Makes identity providers, all in one statement.
///
/// # Errors
/// A conflict on `identity_providers_alias` or `identity_providers_pkey` if an alias or an id is taken.
pub async fn insert(tx: &mut Tx, providers: &[IdentityProvider]) -> Result<()> {
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
    sqlx::query!(
        "insert into identity_providers
             (realm_id, id, alias, provider_id, enabled, settings, config, first_broker_flow, post_broker_flow)
         select $1, * from unnest(
             $2::text[], $3::text[], $4::text[], $5::boolean[], $6::jsonb[], $7::jsonb[], $8::text[], $9::text[])",
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
    Ok(())
}

/// Saves an identity provider.
///
/// # Errors
/// If the database fails.
pub async fn update(tx: &mut Tx, provider: &IdentityProvider) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!(
        "update identity_providers
         set provider_id = $3, enabled = $4, settings = $5, config = $6, first_broker_flow = $7, post_broker_flow = $8
         where realm_id = $1 and id = $2",
        realm.0,
        provider.id.as_str(),
        provider.provider_id,
        provider.enabled,
        row::write(&provider.settings),
        row::write(&provider.config),
        provider.first_broker_flow.as_ref().map(FlowId::as_str),
        provider.post_broker_flow.as_ref().map(FlowId::as_str)
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes an identity provider with its mappers and the accounts that users have there.
///
/// # Errors
/// If the database fails.
pub async fn delete(tx: &mut Tx, provider: &IdentityProvider) -> Result<()> {
    let realm = tx.realm();
    sqlx::query!("delete from federated_identities where realm_id = $1 and provider = $2", realm.0, provider.alias)
        .execute(&mut **tx)
        .await?;
    sqlx::query!("delete from identity_providers where realm_id = $1 and id = $2", realm.0, provider.id.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether an identity provider of the realm names this flow.
///
/// # Errors
/// If the database fails.
pub async fn name_flow(conn: &mut PgConnection, realm: RealmId, flow: &FlowId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (
               select from identity_providers
               where realm_id = $1 and (first_broker_flow = $2 or post_broker_flow = $2)
           ) as "named!""#,
        realm.0,
        flow.as_str()
    )
    .fetch_one(conn)
    .await?)
}
