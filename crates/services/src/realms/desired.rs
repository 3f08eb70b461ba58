//! Configuration as code: what a file says of a realm is compared with what is there, and made true.
//!
//! What a file would do is found out by doing it: the realm is exported, the wanted things are written by the code of
//! imports, the realm is exported again, and the differences between both exports are the answer. A plan takes it all
//! back. So a plan says exactly what will happen, and what was applied once changes nothing when it is applied again.

mod difference;
mod merge;

use std::collections::{HashMap, HashSet};

use model::{
    client_scope::ScopeAssignment,
    component::KEY_PROVIDER,
    event::Operation,
    id::{ClientId, UserId},
    realm::Realm,
};
use representation::{RealmRepresentation, UserRepresentation, is_secret_name};
use serde_json::{Map, Value};
use store::{Tx, transfer};

pub use self::difference::Difference;
pub(crate) use self::difference::without_secrets;
use self::{
    difference::differences,
    merge::{changed_things, merged, same_set},
};
use super::{
    change,
    export::{self, Secrets, Wanted},
    import::{Import, Names, Options, Parts, elsewhere, grant, names::paths},
};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Change},
    authentication, client_scopes, clients, components,
    error::Found as _,
    groups, identity_providers,
    import_report::ImportReport,
    localization, roles, scope_mappings, sessions, users,
};

/// What is done about the differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are only told.
    Plan,
    /// They are made to disappear.
    Apply,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The realm's name.
    pub realm: String,
    /// There was no such realm: it is made as an import makes it.
    pub created: bool,
    /// What is different, or was.
    pub differences: Vec<Difference>,
    /// What of the file can't be made true.
    pub report: ImportReport,
}

impl Outcome {
    /// Whether the realm is not, or was not, as the file wants it.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.created || !self.differences.is_empty()
    }
}

/// Compares a realm with what a file wants of it and, if it is to be applied, makes it so in one transaction.
///
/// Fields that the file names are its own, all others stay. Things in lists are found by their names and are added or
/// changed, never removed. The credentials of a user are set when the user is made, and not changed afterwards.
///
/// # Errors
/// `Forbidden` for anybody but the server itself; `Refused`, `Invalid` and `Conflict` as for an import; `Conflict` too if
/// somebody else changes the realm at the same time.
pub async fn reconcile(
    services: &Services,
    caller: &Caller,
    mut given: RealmRepresentation,
    mode: Mode,
) -> Result<Outcome> {
    if caller.user.is_some() {
        return Err(Error::Forbidden);
    }
    let name = given.realm.clone().unwrap_or_default();
    super::check_realm_name(&name)?;
    let present = store::realms::find_by_name(&mut *services.store.read().await?, &name).await?;
    let Some((present, _)) = present else {
        let options = Options { dry_run: mode == Mode::Plan, overwrite: false };
        let (_, report) = Import::begin(services, caller, given, options).await?.finish(services, caller).await?;
        return Ok(Outcome { realm: name, created: true, differences: Vec::new(), report });
    };
    let mut report = ImportReport::default();
    elsewhere::note(&given, &mut report);
    let mut tx = services.store.begin_repeatable(present.id).await?;
    let realm = store::realms::lock(&mut tx).await?.found(What::Realm)?;
    authentication::lock_for_changes(services, &mut tx).await?;
    let named: Vec<String> = given.users.iter().flatten().filter_map(|user| user.username.clone()).collect();
    let named: Vec<String> = named.iter().map(|name| users::login_name(name)).collect();
    let before = state(services, &mut tx, &realm, &named).await?;
    if mode == Mode::Plan {
        // A plan hashes no passwords: nobody will log in with them.
        given.users.iter_mut().flatten().for_each(|user| user.credentials = None);
    }
    let changes = wanted_changes(&before, given)?;
    let realm = write(services, &mut tx, &realm, changes, &before, &mut report).await?;
    let after = state(services, &mut tx, &realm, &named).await?;
    let differences = differences(&before, &after);
    if mode == Mode::Apply && !differences.is_empty() {
        record(services, &mut tx, caller, &realm, &differences).await?;
        services.commit(tx).await?;
    }
    Ok(Outcome { realm: name, created: false, differences, report })
}

/// A realm with these users, as its export has it.
async fn state(services: &Services, tx: &mut Tx, realm: &Realm, named: &[String]) -> Result<Value> {
    let mut document = export::document(services, tx, realm, Wanted::EVERYTHING, Secrets::Shown).await?;
    if !named.is_empty() {
        let paths = paths(&transfer::groups::all(tx, realm.id).await?);
        let found = transfer::users::named(tx, realm.id, named).await?;
        document.users = Some(export::users(services, tx, realm, &paths, found, Secrets::Shown).await?);
    }
    Ok(as_json(&document))
}

fn as_json(document: &RealmRepresentation) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

/// What is to be written: of the settings and of each list only what is not as it should be, and that as a whole.
fn wanted_changes(before: &Value, mut given: RealmRepresentation) -> Result<RealmRepresentation> {
    for user in given.users.iter_mut().flatten() {
        user.username = user.username.as_deref().map(users::login_name);
    }
    let (Value::Object(before), Value::Object(wanted)) = (before, as_json(&given)) else {
        return Ok(RealmRepresentation::default());
    };
    let mut changes = Map::new();
    for (name, wanted) in wanted {
        let none = Value::Null;
        let there = before.get(&name).unwrap_or(&none);
        let change = match name.as_str() {
            "id" | "realm" | "keycloakVersion" | "defaultRole" => None,
            "clients"
            | "clientScopes"
            | "groups"
            | "scopeMappings"
            | "authenticationFlows"
            | "authenticatorConfig"
            | "requiredActions"
            | "identityProviders"
            | "identityProviderMappers" => things(there, &wanted),
            "users" => things(there, &without_known_credentials(there, wanted)),
            "roles" | "components" | "clientScopeMappings" => nested_things(there, &wanted),
            _ => setting(there, &wanted),
        };
        changes.extend(change.map(|change| (name, change)));
    }
    serde_json::from_value(Value::Object(changes))
        .map_err(|error| Error::invalid("realm", format!("The file can't be merged: {error}")))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn things(there: &Value, wanted: &Value) -> Option<Value> {
    let changed = changed_things(items(there), items(wanted));
    (!changed.is_empty()).then_some(Value::Array(changed))
}

/// Lists of things by kind, or by client.
fn nested_things(there: &Value, wanted: &Value) -> Option<Value> {
    let mut changes = Map::new();
    for (name, wanted) in wanted.as_object()? {
        let none = Value::Null;
        let there = there.get(name).unwrap_or(&none);
        let change = if wanted.is_object() { nested_things(there, wanted) } else { things(there, wanted) };
        changes.extend(change.map(|change| (name.clone(), change)));
    }
    (!changes.is_empty()).then_some(Value::Object(changes))
}

fn setting(there: &Value, wanted: &Value) -> Option<Value> {
    let whole = merged(there, wanted);
    let same = match (there, &whole) {
        (Value::Array(one), Value::Array(other)) => same_set(one, other),
        (one, other) => one == other,
    };
    (!same).then_some(whole)
}

/// Users without the credentials that are only for new ones.
fn without_known_credentials(there: &Value, mut wanted: Value) -> Value {
    let known: HashSet<&str> = items(there).iter().filter_map(|user| user["username"].as_str()).collect();
    for user in wanted.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        if user.get("username").and_then(Value::as_str).is_some_and(|name| known.contains(name)) {
            user.remove("credentials");
        }
    }
    wanted
}

/// Writes changes by the code of imports, in its order. Gives the realm as it is then.
async fn write(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    mut changes: RealmRepresentation,
    before: &Value,
    report: &mut ImportReport,
) -> Result<Realm> {
    let mut parts = Parts::of(&mut changes);
    let mut realm = realm.clone();
    let (flows, configs) = (parts.flows.take(), parts.authenticator_configs.take());
    authentication::bring(services, tx, &realm, flows.unwrap_or_default(), configs.unwrap_or_default(), report).await?;
    if let Some(actions) = parts.required_actions.take() {
        authentication::import_required_actions(tx, Some(actions), report).await?;
    }
    let (providers, mappers) = (parts.identity_providers.take(), parts.identity_provider_mappers.take());
    identity_providers::import(services, tx, &realm, providers, mappers, report).await?;
    localization::import(tx, parts.localization_texts.take(), report).await?;
    let settings_change = changes != RealmRepresentation::default();
    if settings_change {
        let unchanged = realm.clone();
        change::apply(services, &mut realm, changes)?;
        authentication::check_bindings(services, tx, &unchanged, &realm.settings).await?;
        store::realms::update(tx, &realm).await?;
    }
    let present = keep_keys(before, &mut parts.components);
    let prepared =
        components::import::prepare(services, &realm, std::mem::take(&mut parts.components), &present, report).await?;
    components::import::write(tx, prepared, None).await?;
    let mut names = Names::load(tx, realm.id).await?;
    client_scopes::import::import(services, tx, parts.client_scopes.unwrap_or_default(), &mut names, report).await?;
    let lists = [
        (ScopeAssignment::Default, parts.default_default_scopes),
        (ScopeAssignment::Optional, parts.default_optional_scopes),
    ];
    for (assignment, list) in lists {
        if let Some(list) = list {
            client_scopes::import::import_defaults(tx, assignment, list, &names, report).await?;
        }
    }
    let given_clients = parts.clients.unwrap_or_default();
    let without_account: HashSet<String> = given_clients
        .iter()
        .filter(|client| client.service_accounts_enabled == Some(false))
        .filter_map(|client| client.client_id.clone())
        .collect();
    let mut of_new_clients = Vec::new();
    for assignment in [ScopeAssignment::Default, ScopeAssignment::Optional] {
        let scopes = store::client_scopes::defaults(tx, realm.id, assignment).await?;
        of_new_clients.extend(scopes.into_iter().map(|scope| (scope.id, assignment)));
    }
    let imported =
        clients::import::import(services, tx, &realm, given_clients, &of_new_clients, &mut names, report).await?;
    roles::import::import(services, tx, parts.roles, &mut names, report).await?;
    grant(tx, &realm, &names).await?;
    let (of_realm, of_clients) = (parts.scope_mappings, parts.client_scope_mappings);
    scope_mappings::import::import(tx, of_realm, of_clients, &names, report).await?;
    groups::import::import(services, tx, parts.groups, &mut names, report).await?;
    if let Some(paths) = parts.default_groups {
        groups::import::import_defaults(tx, paths, &names, report).await?;
    }
    let mut accounts: users::import::Accounts = imported.with_account.into_iter().collect();
    follow_accounts(services, tx, &realm, &without_account, &mut accounts, &names).await?;
    write_users(services, tx, &realm, parts.users, &names, before, &mut accounts, report).await?;
    users::import::make_accounts(services, tx, &realm, accounts).await?;
    Ok(realm)
}

/// The ids of the components that are there. Keys that are the same as before are taken out of the changes: they stay.
fn keep_keys(before: &Value, changes: &mut components::import::Given) -> HashSet<String> {
    let mut present: HashMap<&str, &Value> = HashMap::new();
    for item in before["components"].as_object().into_iter().flatten().flat_map(|(_, items_of)| items(items_of)) {
        present.extend(item["id"].as_str().map(|id| (id, &item["config"])));
    }
    for component in changes.get_mut(KEY_PROVIDER).into_iter().flatten() {
        let there = component.id.as_deref().and_then(|id| present.get(id));
        let (Some(there), Some(config)) = (there, component.config.take()) else { continue };
        let mut config = config.into_inner();
        config.retain(|name, values| !is_secret_name(name) || there[name] != serde_json::json!(values));
        component.config = Some(config.into());
    }
    present.into_keys().map(str::to_owned).collect()
}

/// Clients that have an account already get no other, and the accounts of those that no longer act for themselves go.
async fn follow_accounts(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    without: &HashSet<String>,
    accounts: &mut users::import::Accounts,
    names: &Names,
) -> Result<()> {
    if accounts.is_empty() && without.is_empty() {
        return Ok(());
    }
    let without: HashSet<&ClientId> = without.iter().filter_map(|client| names.client(client)).collect();
    let mut gone = Vec::new();
    for account in transfer::users::service_accounts(tx, realm.id).await? {
        let Some(client) = account.service_account_of else { continue };
        accounts.remove(&client);
        if without.contains(&client) {
            gone.push(account.id);
        }
    }
    sessions::end_all_of(services, tx, &gone).await?;
    Ok(transfer::users::delete(tx, &gone).await?)
}

#[expect(clippy::too_many_arguments, reason = "who, where, what was there, and what becomes of it")]
async fn write_users(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    given: Vec<UserRepresentation>,
    names: &Names,
    before: &Value,
    accounts: &mut users::import::Accounts,
    report: &mut ImportReport,
) -> Result<()> {
    let there = items(&before["users"]);
    let known = there.iter().filter_map(|user| Some((user["username"].as_str()?, user)));
    let known: HashMap<&str, &Value> = known.collect();
    let present =
        known.iter().filter_map(|(name, user)| Some(((*name).to_owned(), UserId(user["id"].as_str()?.to_owned()))));
    let prepared = users::import::prepare(services, realm, given, &present.collect(), report).await?;
    let written = users::import::write(services, tx, realm, prepared, names, accounts, report).await?;
    let disabled = written.into_iter().filter(|user| {
        let was_enabled = known.get(user.username.as_str()).is_some_and(|user| user["enabled"] == true);
        was_enabled && !user.enabled
    });
    let disabled: Vec<_> = disabled.map(|user| user.id).collect();
    sessions::end_all_of(services, tx, &disabled).await
}

/// One admin event for each difference: an update of the realm, with where it is.
async fn record(services: &Services, tx: &mut Tx, caller: &Caller, realm: &Realm, found: &[Difference]) -> Result<()> {
    let change = |difference: &Difference| Change {
        operation: Operation::Update,
        kind: "REALM",
        path: difference.path.chars().take(1_000).collect(),
        representation: difference.after.clone(),
    };
    admin_events::record_all(services, tx, caller, realm, found.iter().map(change).collect()).await
}
