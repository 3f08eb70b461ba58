//! Configurations of authenticators. Their secrets are sealed and never shown.

use model::{
    Attributes,
    authentication::{AuthenticatorConfig, Execution},
    event::Operation,
    id::{AuthenticatorConfigId, ExecutionId, RealmId},
    realm::Realm,
};
use representation::AuthenticatorConfigRepresentation;
use store::{Tx, authentication::All};

use super::{MANAGE, VIEW, book, check_alias, executions, shown};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::Found,
    provider_settings,
    realms::{given_id, given_name},
};

fn place(realm: RealmId, id: &AuthenticatorConfigId) -> String {
    format!("{realm}/authenticator-config/{id}")
}

/// A configuration.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &AuthenticatorConfigId,
) -> Result<AuthenticatorConfigRepresentation> {
    caller.require(VIEW)?;
    let book = book::read(services, realm).await?;
    Ok(shown::config(book.config(id).found(What::AuthenticatorConfig)?))
}

/// A configuration as it was given, its secrets sealed.
pub(super) fn read(
    services: &Services,
    realm: &Realm,
    given: AuthenticatorConfigRepresentation,
) -> Result<AuthenticatorConfig> {
    let alias = given.alias.ok_or_else(|| Error::Refused("Alias missing".to_owned()))?;
    check_alias(&alias)?;
    let id = AuthenticatorConfigId(given_id(services, given.id)?);
    let config = settings(services, &place(realm.id, &id), given.config, None)?;
    Ok(AuthenticatorConfig { id, alias: given_name("alias", alias)?, config })
}

/// A configuration with its secrets in the clear, for an export of the whole realm.
pub(super) fn opened(
    services: &Services,
    realm: &Realm,
    config: &AuthenticatorConfig,
) -> Result<AuthenticatorConfigRepresentation> {
    let settings = provider_settings::opened(services, &place(realm.id, &config.id), &config.config)?;
    Ok(AuthenticatorConfigRepresentation { config: Some(settings.into()), ..shown::config(config) })
}

fn settings(
    services: &Services,
    place: &str,
    given: Option<representation::Masked<Attributes>>,
    kept: Option<&Attributes>,
) -> Result<Attributes> {
    let mut given = given.map(representation::Masked::into_inner).unwrap_or_default();
    given.retain(|_, value| !value.is_empty());
    provider_settings::check(&given)?;
    provider_settings::seal(services, place, given, kept)
}

/// A copy of a configuration.
pub(super) fn copied(
    services: &Services,
    realm: &Realm,
    original: &AuthenticatorConfig,
    alias: &str,
) -> Result<AuthenticatorConfig> {
    let id = AuthenticatorConfigId(services.new_id());
    let (from, to) = (place(realm.id, &original.id), place(realm.id, &id));
    let config = provider_settings::moved(services, &from, &to, &original.config)?;
    Ok(AuthenticatorConfig { id, alias: given_name("alias", alias.to_owned())?, config })
}

/// Makes a configuration that no execution has yet.
///
/// # Errors
/// `Conflict` for a taken id or alias, `Invalid`, or `Forbidden` without `manage-realm`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: AuthenticatorConfigRepresentation,
) -> Result<AuthenticatorConfigId> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    book.require_room(0, 0, 1)?;
    let config = read(services, realm, given)?;
    require_free(&book.0, &config)?;
    let id = config.id.clone();
    let path = format!("authentication/config/{id}");
    record(services, &mut tx, caller, realm, Operation::Create, &path, Some(&config)).await?;
    store::authentication::insert(&mut tx, &All { configs: vec![config], ..All::default() }).await?;
    services.commit(tx).await?;
    Ok(id)
}

fn require_free(all: &All, config: &AuthenticatorConfig) -> Result<()> {
    if all.configs.iter().any(|other| other.alias == config.alias || other.id == config.id) {
        let text = format!("Authentication execution configuration {} already exists", config.alias);
        return Err(Error::Conflict(text));
    }
    Ok(())
}

/// Gives an execution a configuration. One that it had, and that nothing else has, is removed.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken id or alias, `Invalid`, or `Forbidden` without `manage-realm`.
pub async fn configure(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    execution: &ExecutionId,
    given: AuthenticatorConfigRepresentation,
) -> Result<AuthenticatorConfigId> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    let before = book.execution(execution).found(What::Execution)?;
    book.require_room(0, 0, 1)?;
    let config = read(services, realm, given)?;
    require_free(&book.0, &config)?;
    let id = config.id.clone();
    let shown = shown::config(&config);
    store::authentication::insert(&mut tx, &All { configs: vec![config], ..All::default() }).await?;
    let after = Execution { config: Some(id.clone()), ..before.clone() };
    store::authentication::update_executions(&mut tx, std::slice::from_ref(&after)).await?;
    let had = |other: &Execution| other.id != *execution && other.config == before.config;
    if let Some(old) = &before.config
        && !book.0.executions.iter().any(had)
    {
        store::authentication::delete_configs(&mut tx, std::slice::from_ref(old)).await?;
    }
    let path = format!("authentication/executions/{execution}/config");
    executions::record(services, &mut tx, caller, realm, Operation::Create, &path, Some(&shown)).await?;
    services.commit(tx).await?;
    Ok(id)
}

/// Replaces a configuration's settings. The mask stands for a secret that is kept.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken alias, `Invalid`, or `Forbidden` without `manage-realm`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &AuthenticatorConfigId,
    given: AuthenticatorConfigRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    let mut config = book.config(id).found(What::AuthenticatorConfig)?.clone();
    if let Some(alias) = given.alias.filter(|alias| *alias != config.alias) {
        check_alias(&alias)?;
        config.alias = given_name("alias", alias)?;
        if book.0.configs.iter().any(|other| other.id != *id && other.alias == config.alias) {
            let text = format!("Authentication execution configuration {} already exists", config.alias);
            return Err(Error::Conflict(text));
        }
    }
    if given.config.is_some() {
        config.config = settings(services, &place(realm.id, id), given.config, Some(&config.config))?;
    }
    store::authentication::update_config(&mut tx, &config).await?;
    let path = format!("authentication/config/{id}");
    record(services, &mut tx, caller, realm, Operation::Update, &path, Some(&config)).await?;
    services.commit(tx).await
}

/// Removes a configuration; executions that had it have none then.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &AuthenticatorConfigId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    book.config(id).found(What::AuthenticatorConfig)?;
    store::authentication::delete_configs(&mut tx, std::slice::from_ref(id)).await?;
    let path = format!("authentication/config/{id}");
    record(services, &mut tx, caller, realm, Operation::Delete, &path, None).await?;
    services.commit(tx).await
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    path: &str,
    config: Option<&AuthenticatorConfig>,
) -> Result<()> {
    let resource = Resource { kind: "AUTHENTICATOR_CONFIG", path };
    admin_events::record(services, tx, caller, realm, operation, resource, config.map(shown::config).as_ref()).await
}
