//! Mappers of identity providers: kept and given back.

use model::{
    event::Operation,
    id::IdentityProviderMapperId,
    identity_provider::{IdentityProvider, IdentityProviderMapper},
    realm::Realm,
};
use protocol::MapperKind;
use representation::IdentityProviderMapperRepresentation;
use store::{PgConnection, Tx};

use super::{MANAGE, VIEW, kinds};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::Found,
    provider_settings,
    realms::{given_id, given_name},
};

/// The most mappers that an identity provider may have.
const MAX_MAPPERS: usize = 1_000;

/// A mapper as it is shown.
pub(super) fn shown(alias: &str, mapper: &IdentityProviderMapper) -> IdentityProviderMapperRepresentation {
    IdentityProviderMapperRepresentation {
        id: Some(mapper.id.0.clone()),
        name: Some(mapper.name.clone()),
        identity_provider_alias: Some(alias.to_owned()),
        identity_provider_mapper: Some(mapper.kind.clone()),
        config: Some(mapper.config.clone()),
    }
}

async fn provider(conn: &mut PgConnection, realm: &Realm, alias: &str) -> Result<IdentityProvider> {
    store::identity_providers::find(conn, realm.id, alias).await?.found(What::IdentityProvider)
}

async fn locked(tx: &mut Tx, alias: &str) -> Result<IdentityProvider> {
    store::identity_providers::lock(tx, alias).await?.found(What::IdentityProvider)
}

/// The kinds of mappers that an identity provider can have.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-identity-providers` or `manage-identity-providers`.
pub async fn mapper_kinds(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
) -> Result<Vec<&'static MapperKind>> {
    caller.require(VIEW)?;
    let provider = provider(&mut *services.store.read().await?, realm, alias).await?;
    Ok(kinds::mappers_of(&provider.provider_id).collect())
}

/// The mappers of an identity provider by name.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-identity-providers` or `manage-identity-providers`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
) -> Result<Vec<IdentityProviderMapperRepresentation>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let provider = provider(&mut conn, realm, alias).await?;
    let mappers = store::identity_providers::mappers_of(&mut conn, realm.id, &provider.id).await?;
    Ok(mappers.iter().map(|mapper| shown(&provider.alias, mapper)).collect())
}

/// One mapper.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-identity-providers` or `manage-identity-providers`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    id: &IdentityProviderMapperId,
) -> Result<IdentityProviderMapperRepresentation> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let provider = provider(&mut conn, realm, alias).await?;
    let found = store::identity_providers::find_mapper(&mut conn, realm.id, &provider.id, id).await?;
    Ok(shown(&provider.alias, &found.found(What::Mapper)?))
}

/// A mapper as it was given.
///
/// # Errors
/// `Invalid` for values that can't be.
pub(super) fn read(
    services: &Services,
    provider: &IdentityProvider,
    given: IdentityProviderMapperRepresentation,
) -> Result<IdentityProviderMapper> {
    let mut config = given.config.unwrap_or_default();
    config.retain(|_, value| !value.is_empty());
    provider_settings::check(&config)?;
    Ok(IdentityProviderMapper {
        id: IdentityProviderMapperId(given_id(services, given.id)?),
        provider: provider.id.clone(),
        name: given_name("name", given.name.unwrap_or_default())?,
        kind: given_name("identityProviderMapper", given.identity_provider_mapper.unwrap_or_default())?,
        config,
    })
}

/// Keycloak's text for a mapper that can't be kept.
fn failed(provider: &IdentityProvider, name: &str) -> Error {
    let kind = &provider.provider_id;
    Error::Refused(format!("Failed to add mapper '{name}' to identity provider [{kind}]."))
}

/// Adds a mapper to an identity provider.
///
/// # Errors
/// `NotFound`, `Refused` for a taken name and for the alias of another provider, `Invalid`, or `Forbidden` without
/// `manage-identity-providers`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    given: IdentityProviderMapperRepresentation,
) -> Result<IdentityProviderMapperId> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let provider = locked(&mut tx, alias).await?;
    let name = given.name.clone().unwrap_or_default();
    let present = store::identity_providers::mappers_of(&mut tx, realm.id, &provider.id).await?;
    let of_another = given.identity_provider_alias.as_ref().is_some_and(|alias| *alias != provider.alias);
    if of_another || present.len() >= MAX_MAPPERS {
        return Err(failed(&provider, &name));
    }
    let mapper = read(services, &provider, given)?;
    store::identity_providers::insert_mappers(&mut tx, std::slice::from_ref(&mapper)).await.map_err(|error| {
        Error::from(error)
            .on_conflict("identity_provider_mappers_name", || failed(&provider, &name))
            .on_conflict("identity_provider_mappers_pkey", || failed(&provider, &name))
    })?;
    record(services, &mut tx, caller, realm, Operation::Create, &provider, &mapper).await?;
    services.commit(tx).await?;
    Ok(mapper.id)
}

/// Changes a mapper. Absent fields stay; settings, if given, are replaced.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken name, `Invalid`, or `Forbidden` without `manage-identity-providers`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    id: &IdentityProviderMapperId,
    given: IdentityProviderMapperRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let provider = locked(&mut tx, alias).await?;
    let before = store::identity_providers::find_mapper(&mut tx, realm.id, &provider.id, id).await?;
    let before = before.found(What::Mapper)?;
    let given = IdentityProviderMapperRepresentation {
        id: Some(before.id.0),
        name: given.name.or(Some(before.name)),
        identity_provider_alias: None,
        identity_provider_mapper: given.identity_provider_mapper.or(Some(before.kind)),
        config: given.config.or(Some(before.config)),
    };
    let mapper = read(services, &provider, given)?;
    store::identity_providers::update_mapper(&mut tx, &mapper).await.map_err(|error| {
        let text = format!("Identity provider mapper {} already exists", mapper.name);
        Error::from(error).on_conflict("identity_provider_mappers_name", || Error::Conflict(text))
    })?;
    record(services, &mut tx, caller, realm, Operation::Update, &provider, &mapper).await?;
    services.commit(tx).await
}

/// Removes a mapper.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-identity-providers`.
pub async fn delete(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    id: &IdentityProviderMapperId,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let provider = locked(&mut tx, alias).await?;
    let mapper = store::identity_providers::find_mapper(&mut tx, realm.id, &provider.id, id).await?;
    let mapper = mapper.found(What::Mapper)?;
    store::identity_providers::delete_mapper(&mut tx, id).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, &provider, &mapper).await?;
    services.commit(tx).await
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    provider: &IdentityProvider,
    mapper: &IdentityProviderMapper,
) -> Result<()> {
    let path = format!("identity-provider/instances/{}/mappers/{}", provider.alias, mapper.id);
    let resource = Resource { kind: "IDENTITY_PROVIDER_MAPPER", path: &path };
    let shown = (operation != Operation::Delete).then(|| shown(&provider.alias, mapper));
    admin_events::record(services, tx, caller, realm, operation, resource, shown.as_ref()).await
}
