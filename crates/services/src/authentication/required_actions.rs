//! Required actions: what users can be told to do when they log in.

mod kinds;

use std::collections::HashMap;

use model::{Attributes, authentication::RequiredAction, event::Operation, realm::Realm};
use protocol::Setting;
use representation::{RequiredActionConfigRepresentation, RequiredActionProviderRepresentation, StringMap};
use serde::Serialize;
use store::{PgConnection, Tx};

use super::{
    MANAGE, VIEW, book, check_alias,
    order::{Move, moved},
};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::{Found, OnConflict},
    import_report::ImportReport,
    provider_settings,
    realms::given_name,
};

pub use kinds::{Kind, MAX_AUTH_AGE, SETTINGS};

/// The most required actions that a realm may have.
const MAX_ACTIONS: usize = 200;

/// The required actions of a new realm.
pub(super) fn built_in() -> Vec<RequiredAction> {
    kinds::ALL
        .iter()
        .map(|kind| RequiredAction {
            alias: kind.id.to_owned(),
            provider_id: kind.id.to_owned(),
            name: kind.name.to_owned(),
            enabled: kind.enabled,
            default_action: false,
            priority: kind.priority,
            config: Attributes::new(),
        })
        .collect()
}

fn representation(action: &RequiredAction) -> RequiredActionProviderRepresentation {
    RequiredActionProviderRepresentation {
        alias: Some(action.alias.clone()),
        name: Some(action.name.clone()),
        provider_id: Some(action.provider_id.clone()),
        enabled: Some(action.enabled),
        default_action: Some(action.default_action),
        priority: Some(action.priority),
        config: Some(action.config.clone()),
    }
}

async fn read(services: &Services, realm: &Realm) -> Result<Vec<RequiredAction>> {
    let mut conn = services.store.read().await?;
    let actions = store::required_actions::list(&mut conn, realm.id).await?;
    if !actions.is_empty() || !book::is_missing(&mut conn, realm).await? {
        return Ok(actions);
    }
    drop(conn);
    book::read(services, realm).await?;
    Ok(store::required_actions::list(&mut *services.store.read().await?, realm.id).await?)
}

/// The aliases of the required actions that a realm has switched on.
///
/// # Errors
/// If the database fails.
pub(crate) async fn enabled(services: &Services, realm: &Realm) -> Result<Vec<String>> {
    let actions = read(services, realm).await?;
    Ok(actions.into_iter().filter(|action| action.enabled).map(|action| action.alias).collect())
}

/// Reads the required actions and keeps others from changing them until the transaction ends.
async fn lock(services: &Services, tx: &mut Tx) -> Result<Vec<RequiredAction>> {
    let realm = store::realms::lock(tx).await?.found(What::Realm)?;
    let actions = store::required_actions::list(tx, realm.id).await?;
    if !actions.is_empty() || !book::is_missing(tx, &realm).await? {
        return Ok(actions);
    }
    book::insert_built_in(services, tx, &realm).await?;
    Ok(store::required_actions::list(tx, realm.id).await?)
}

fn find<'a>(actions: &'a [RequiredAction], alias: &str) -> Result<&'a RequiredAction> {
    actions.iter().find(|action| action.alias == alias).found(What::RequiredAction)
}

/// The required actions of a realm by priority.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
) -> Result<Vec<RequiredActionProviderRepresentation>> {
    caller.require(VIEW)?;
    Ok(read(services, realm).await?.iter().map(representation).collect())
}

/// One required action.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
) -> Result<RequiredActionProviderRepresentation> {
    caller.require(VIEW)?;
    Ok(representation(find(&read(services, realm).await?, alias)?))
}

/// What this server knows of and the realm does not have: `providerId`, `name`.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn unregistered(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<&'static Kind>> {
    caller.require(VIEW)?;
    let actions = read(services, realm).await?;
    Ok(kinds::ALL.iter().filter(|kind| !actions.iter().any(|action| action.provider_id == kind.id)).collect())
}

/// The enabled required actions that set up a credential.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn registrators(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<String>> {
    caller.require(VIEW)?;
    let actions = read(services, realm).await?;
    let sets_up =
        |action: &RequiredAction| action.enabled && kinds::REGISTRATORS.contains(&action.provider_id.as_str());
    Ok(actions.into_iter().filter(sets_up).map(|action| action.provider_id).collect())
}

/// Adds a required action at the end: `providerId`, `name`.
///
/// # Errors
/// `Illegal` for one that this server doesn't know, `Conflict` for one that is there, `Forbidden` without `manage-realm`.
pub async fn register(services: &Services, caller: &Caller, realm: &Realm, given: &StringMap) -> Result<()> {
    caller.require(MANAGE)?;
    let provider = given.get("providerId").map(String::as_str).unwrap_or_default();
    let kind = kinds::find(provider)
        .ok_or_else(|| Error::Illegal("Required Action Provider with given providerId not found".to_owned()))?;
    let mut tx = services.store.begin(realm.id).await?;
    let actions = lock(services, &mut tx).await?;
    let last = actions.iter().map(|action| action.priority).max();
    let action = RequiredAction {
        alias: kind.id.to_owned(),
        provider_id: kind.id.to_owned(),
        name: match given.get("name").filter(|name| !name.is_empty()) {
            Some(name) => given_name("name", name.clone())?,
            None => kind.name.to_owned(),
        },
        enabled: true,
        default_action: false,
        priority: last.map_or(0, |last| last.saturating_add(1)),
        config: Attributes::new(),
    };
    let taken = || format!("Required action {} already exists", action.alias);
    store::required_actions::insert(&mut tx, std::slice::from_ref(&action))
        .await
        .on_conflict("required_actions_pkey", taken)?;
    let shown = representation(&action);
    record(services, &mut tx, caller, realm, Operation::Create, "register-required-action", Some(&shown)).await?;
    services.commit(tx).await
}

/// Changes a required action. Absent fields stay; what carries it out stays too.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken alias, `Invalid`, or `Forbidden` without `manage-realm`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    given: RequiredActionProviderRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let mut action = find(&lock(services, &mut tx).await?, alias)?.clone();
    if let Some(alias) = given.alias {
        check_alias(&alias)?;
        action.alias = given_name("alias", alias)?;
    }
    if let Some(name) = given.name {
        action.name = given_name("name", name)?;
    }
    action.enabled = given.enabled.unwrap_or(action.enabled);
    action.default_action = given.default_action.unwrap_or(action.default_action);
    action.priority = given.priority.unwrap_or(action.priority);
    if let Some(config) = given.config {
        action.config = settings(config)?;
    }
    let taken = || format!("Required action {} already exists", action.alias);
    store::required_actions::update(&mut tx, alias, &action).await.on_conflict("required_actions_pkey", taken)?;
    let path = format!("required-actions/{alias}");
    record(services, &mut tx, caller, realm, Operation::Update, &path, Some(&representation(&action))).await?;
    services.commit(tx).await
}

/// Settings as they were given; an empty one is none.
fn settings(mut given: Attributes) -> Result<Attributes> {
    given.retain(|_, value| !value.is_empty());
    provider_settings::check(&given)?;
    match given.get(MAX_AUTH_AGE).map(|age| age.parse::<i64>()) {
        Some(Err(_)) => Err(Error::invalid(MAX_AUTH_AGE, "error-invalid-value")),
        Some(Ok(age)) if age < 0 => Err(Error::invalid(MAX_AUTH_AGE, "error-number-out-of-range-too-small")),
        Some(Ok(_)) | None => Ok(given),
    }
}

/// Removes a required action.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, alias: &str) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    lock(services, &mut tx).await?;
    if !store::required_actions::delete(&mut tx, alias).await? {
        return Err(Error::NotFound(What::RequiredAction));
    }
    let path = format!("required-actions/{alias}");
    record::<()>(services, &mut tx, caller, realm, Operation::Delete, &path, None).await?;
    services.commit(tx).await
}

/// Moves a required action past its neighbour. At the end of its way it stays.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn shift(services: &Services, caller: &Caller, realm: &Realm, alias: &str, way: Move) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let mut actions = lock(services, &mut tx).await?;
    let index = actions.iter().position(|action| action.alias == alias).found(What::RequiredAction)?;
    let priorities: Vec<_> = actions.iter().map(|action| action.priority).collect();
    let Some(priorities) = moved(&priorities, index, way) else { return Ok(()) };
    for (action, priority) in actions.iter_mut().zip(priorities) {
        action.priority = priority;
    }
    store::required_actions::update_priorities(&mut tx, &actions).await?;
    let path = format!("required-actions/{alias}/{}", way.as_path());
    record::<()>(services, &mut tx, caller, realm, Operation::Update, &path, None).await?;
    services.commit(tx).await
}

/// The settings that the required action of this alias can have.
///
/// # Errors
/// `NotFound` if it has none, or `Forbidden` without `view-realm` or `manage-realm`.
pub fn settings_of(caller: &Caller, alias: &str) -> Result<&'static [Setting]> {
    caller.require(VIEW)?;
    kinds::find(alias).map(|_| SETTINGS).found(What::ConfigurableAction)
}

/// A required action that has settings.
fn configurable<'a>(actions: &'a [RequiredAction], alias: &str) -> Result<&'a RequiredAction> {
    if kinds::find(alias).is_none() {
        return Err(Error::Illegal("RequiredAction is not configurable".to_owned()));
    }
    actions.iter().find(|action| action.alias == alias).found(What::RequiredActionConfig)
}

/// The settings of a required action, with the usual values of those that nobody has set.
///
/// # Errors
/// `NotFound`, `Illegal` if it has none, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn config(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
) -> Result<RequiredActionConfigRepresentation> {
    caller.require(VIEW)?;
    let mut config = configurable(&read(services, realm).await?, alias)?.config.clone();
    for setting in SETTINGS {
        if let Some(usual) = setting.default {
            config.entry(setting.name.to_owned()).or_insert_with(|| usual.to_owned());
        }
    }
    Ok(RequiredActionConfigRepresentation { config: Some(config) })
}

/// Replaces the settings of a required action; none takes them away.
///
/// # Errors
/// `NotFound`, `Illegal` if it has none, `Invalid`, or `Forbidden` without `manage-realm`.
pub async fn set_config(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    given: Option<RequiredActionConfigRepresentation>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let mut action = configurable(&lock(services, &mut tx).await?, alias)?.clone();
    let operation = if given.is_some() { Operation::Update } else { Operation::Delete };
    action.config = settings(given.and_then(|given| given.config).unwrap_or_default())?;
    store::required_actions::update(&mut tx, alias, &action).await?;
    let path = format!("authentication/required-actions/{alias}/config");
    let resource = Resource { kind: "REQUIRED_ACTION_CONFIG", path: &path };
    let shown = RequiredActionConfigRepresentation { config: Some(action.config) };
    let shown = (operation == Operation::Update).then_some(&shown);
    admin_events::record(services, &mut tx, caller, realm, operation, resource, shown).await?;
    services.commit(tx).await
}

async fn record<R: Serialize>(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    path: &str,
    shown: Option<&R>,
) -> Result<()> {
    let path = format!("authentication/{path}");
    let resource = Resource { kind: "REQUIRED_ACTION", path: &path };
    admin_events::record(services, tx, caller, realm, operation, resource, shown).await
}

/// Makes the required actions of a realm that is imported: those that are given, or the usual ones if nothing is said of
/// them. Those that are there already are brought to the given state.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import(
    tx: &mut Tx,
    given: Option<Vec<RequiredActionProviderRepresentation>>,
    report: &mut ImportReport,
) -> Result<()> {
    let Some(given) = given else {
        return Ok(store::required_actions::insert(tx, &built_in()).await?);
    };
    let mut actions: HashMap<String, RequiredAction> = HashMap::new();
    for (index, one) in given.into_iter().enumerate() {
        let path = format!("requiredActions[{index}]");
        if actions.len() == MAX_ACTIONS {
            report.note(path, format!("left out: a realm has at most {MAX_ACTIONS} required actions"));
            continue;
        }
        match imported(one) {
            Ok(action) if actions.contains_key(&action.alias) => {
                report.note(path, format!("left out: there is another one with the alias '{}'", action.alias));
            }
            Ok(action) => {
                if kinds::find(&action.provider_id).is_none() {
                    report.note(path, format!("kept, but this server doesn't know '{}'", action.provider_id));
                }
                actions.insert(action.alias.clone(), action);
            }
            Err(error) => report.note(path, format!("left out: {error}")),
        }
    }
    let actions: Vec<_> = actions.into_values().collect();
    Ok(store::transfer::authentication::put_required_actions(tx, &actions).await?)
}

fn imported(given: RequiredActionProviderRepresentation) -> Result<RequiredAction> {
    let alias = given_name("alias", given.alias.or_else(|| given.provider_id.clone()).unwrap_or_default())?;
    Ok(RequiredAction {
        provider_id: given_name("providerId", given.provider_id.unwrap_or_else(|| alias.clone()))?,
        name: given_name("name", given.name.unwrap_or_else(|| alias.clone()))?,
        enabled: given.enabled.unwrap_or(false),
        default_action: given.default_action.unwrap_or(false),
        priority: given.priority.unwrap_or(0),
        config: settings(given.config.unwrap_or_default())?,
        alias,
    })
}

/// The required actions of a realm, for an export.
///
/// # Errors
/// If the database fails.
pub(crate) async fn export(
    conn: &mut PgConnection,
    realm: &Realm,
) -> Result<Vec<RequiredActionProviderRepresentation>> {
    let actions = store::required_actions::list(conn, realm.id).await?;
    if actions.is_empty() && book::is_missing(conn, realm).await? {
        return Ok(built_in().iter().map(representation).collect());
    }
    Ok(actions.iter().map(representation).collect())
}
