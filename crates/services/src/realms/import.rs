//! The one way in which a realm comes to be: from three fields or from a full export, over REST, from the command line or
//! at the first start, the same code stores it in one transaction.
//!
//! What a realm owns is stored by the modules that own it, each with a few statements however much there is, in the order
//! in which one thing refers to another by name. What can't be taken over is noted. Users come at the end and in batches.

mod complete;
pub(crate) mod elsewhere;
pub(crate) mod names;

use std::collections::{HashMap, HashSet};

use model::{
    client_scope::ScopeAssignment,
    event::Operation,
    id::{ClientScopeId, RealmId, RoleId},
    key::Key,
    permission::Permission,
    realm::{Realm, RealmSettings},
    role::RoleName,
};
use representation::{ComponentExportRepresentation, MASK, Masked, RealmRepresentation, UserRepresentation};
use store::{Tx, permissions::CREATE_REALM};

pub(crate) use self::{complete::Parts, names::Names};
use super::{built_in, change, check_realm_name, given_id, record};
use crate::{
    Caller, Error, Result, Services, authentication, client_policies, client_registration, client_scopes, clients,
    components,
    error::OnConflict as _,
    groups, identity_providers,
    import_report::{ImportReport, Remark},
    keys, localization, random, roles, scope_mappings,
    users::import::{self as users, Accounts},
};

/// How many passwords in the clear one request may bring: each costs a hash.
pub(crate) const MOST_PLAIN_PASSWORDS: usize = 1_000;
/// How many remarks of one import are logged.
const MOST_LOGGED: usize = 100;

/// What is to become of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// A realm of the same name is removed first.
    pub overwrite: bool,
    /// Everything is done but for the end: nothing stays.
    pub dry_run: bool,
}

/// An import that is under way. Dropped without [`Import::finish`], nothing happened.
pub struct Import {
    tx: Tx,
    realm: Realm,
    names: Names,
    accounts: Accounts,
    replaced: Option<RealmId>,
    report: ImportReport,
    options: Options,
}

/// Makes a realm from what a request gives: settings alone, or a full export.
///
/// # Errors
/// As [`Import::begin`], [`Import::users`] and [`Import::finish`]; `Invalid` for more passwords in the clear than one
/// request may bring.
pub async fn create(
    services: &Services,
    caller: &Caller,
    given: RealmRepresentation,
    options: Options,
) -> Result<(Realm, ImportReport)> {
    if !caller.create_realm {
        return Err(Error::Forbidden);
    }
    let plain = plain_passwords(given.users.as_deref().unwrap_or_default());
    if plain > MOST_PLAIN_PASSWORDS {
        let text = format!(
            "A request may bring {MOST_PLAIN_PASSWORDS} passwords in the clear, this one has {plain}: give hashes, or \
             use the command line"
        );
        return Err(Error::invalid("users", text));
    }
    Import::begin(services, caller, given, options).await?.finish(services, caller).await
}

/// How many passwords in the clear users bring.
pub(crate) fn plain_passwords(users: &[UserRepresentation]) -> usize {
    let credentials = users.iter().flat_map(|user| user.credentials.iter().flatten());
    credentials.filter(|credential| credential.value.is_some()).count()
}

impl Import {
    /// Stores everything but further users. Keys are made and passwords hashed before the transaction begins.
    ///
    /// # Errors
    /// `Conflict` for a taken name or id, in the server or within what is given; `Refused` for a bad name, or for
    /// replacing master; `Invalid` for settings that make no sense; `Forbidden` without `create-realm`.
    pub async fn begin(
        services: &Services,
        caller: &Caller,
        mut given: RealmRepresentation,
        options: Options,
    ) -> Result<Self> {
        if !caller.create_realm {
            return Err(Error::Forbidden);
        }
        let mut report = ImportReport::default();
        elsewhere::note(&given, &mut report);
        let version = given.keycloak_version.take();
        let legacy_key = legacy_key(&mut given);
        let mut parts = Parts::of(&mut given);
        parts.migrate(services, version.as_deref(), &mut report);
        forget_masked_password(&mut given, &mut report);
        client_policies::keep_what_can_be(&mut given, &mut report);
        let mut realm = new_realm(services, given)?;
        if options.overwrite && realm.is_master() {
            return Err(Error::Refused("The realm master can't be replaced: apply the file instead".to_owned()));
        }
        (realm.default_role, realm.default_role_name) = parts.complete(services, &realm);
        let usual = complete_components(services, &realm, &mut parts.components, legacy_key);
        let (given, none) = (std::mem::take(&mut parts.components), HashSet::new());
        let mut components = components::import::prepare(services, &realm, given, &none, &mut report).await?;
        // That the usual providers come without keys is no news.
        let unsaid = &mut ImportReport::default();
        components.extend(components::import::prepare(services, &realm, usual, &none, unsaid).await?);
        let authority = keys::new_authority(services, &realm)?;
        let first_users = std::mem::take(&mut parts.users);
        let first_users = users::prepare(services, &realm, first_users, &HashMap::new(), &mut report).await?;

        let mut tx = services.store.begin(realm.id).await?;
        let replaced = match options.overwrite {
            true => store::realms::delete_named(&mut tx, &realm.name).await?,
            false => None,
        };
        // An export doesn't hold them: their secrets are shared with somebody else, not with whoever reads it.
        if let Some((_, webhooks @ 1..)) = replaced {
            report.note("webhooks", format!("the realm had {webhooks}, which are gone: no export holds them"));
        }
        let replaced = replaced.map(|(realm, _)| realm);
        let exists = || format!("Realm {} already exists", realm.name);
        store::realms::insert(&mut tx, &realm, services.now())
            .await
            .on_conflict("realms_name_key", exists)
            .map_err(|error| error.on_conflict("realms_given_id_key", || Error::Conflict(exists())))?;
        let mut names = Names::default();
        let accounts =
            write(services, &mut tx, &mut realm, parts, (components, authority), &mut names, &mut report).await?;
        let mut import = Self { tx, realm, names, accounts, replaced, report, options };
        import.write_users(services, first_users).await?;
        Ok(import)
    }

    /// Stores a batch of users.
    ///
    /// # Errors
    /// `Conflict` for a name, an address or an id that is taken, `Busy` if too many hashes wait.
    pub async fn users(&mut self, services: &Services, given: Vec<UserRepresentation>) -> Result<()> {
        let prepared = users::prepare(services, &self.realm, given, &HashMap::new(), &mut self.report).await?;
        self.write_users(services, prepared).await
    }

    async fn write_users(&mut self, services: &Services, prepared: users::Prepared) -> Result<()> {
        let Self { tx, realm, names, accounts, report, .. } = self;
        users::write(services, tx, realm, prepared, names, accounts, report).await.map(|_| ())
    }

    /// Ends the import: the realm is there from now on, unless it was a dry run.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn finish(mut self, services: &Services, caller: &Caller) -> Result<(Realm, ImportReport)> {
        let accounts = std::mem::take(&mut self.accounts);
        users::make_accounts(services, &mut self.tx, &self.realm, accounts).await?;
        if self.options.dry_run {
            return Ok((self.realm, self.report));
        }
        record(services, &mut self.tx, caller, &self.realm, Operation::Create).await?;
        grant_to_creator(&mut self.tx, caller, &self.realm).await?;
        services.commit(self.tx).await?;
        if let Some(replaced) = self.replaced {
            services.cache.heard(replaced, i64::MAX);
        }
        let remarks = self.report.remarks();
        tracing::info!(realm = self.realm.name, remarks = remarks.len(), "made a realm");
        // Whoever runs a command reads the report itself.
        let logged = if caller.user.is_some() { MOST_LOGGED } else { 0 };
        for Remark { path, reason } in remarks.iter().take(logged) {
            tracing::info!(realm = self.realm.name, path, reason, "not taken over as it was given");
        }
        Ok((self.realm, self.report))
    }
}

/// Makes a realm without a caller and leaves its transaction open, for those who add to it.
pub(crate) async fn insert(services: &Services, given: RealmRepresentation) -> Result<(Tx, Realm)> {
    let mut import = Import::begin(services, &Caller::of_server(services), given, Options::default()).await?;
    let accounts = std::mem::take(&mut import.accounts);
    users::make_accounts(services, &mut import.tx, &import.realm, accounts).await?;
    Ok((import.tx, import.realm))
}

/// A realm with the given settings.
fn new_realm(services: &Services, mut given: RealmRepresentation) -> Result<Realm> {
    let name = given.realm.take().unwrap_or_default();
    check_realm_name(&name)?;
    let id = random::new_id(&*services.random, services.now());
    let given_id = match given.id.take() {
        None => id.to_string(),
        Some(id) => given_id(services, Some(id))?,
    };
    let mut realm = Realm {
        id: RealmId(id),
        given_id,
        default_role: RoleId(String::new()),
        default_role_name: String::new(),
        listeners: Vec::new(),
        enabled: false,
        settings: RealmSettings::default(),
        name,
    };
    change::apply(services, &mut realm, given)?;
    Ok(realm)
}

/// A password that is masked is none: there is no earlier one that it could stand for.
fn forget_masked_password(given: &mut RealmRepresentation, report: &mut ImportReport) {
    let Some(server) = given.smtp_server.take() else { return };
    let mut server = server.into_inner();
    if server.get("password").is_some_and(|password| password == MASK) {
        server.remove("password");
        report.note("smtpServer.password", "it is masked; left out");
    }
    given.smtp_server = Some(Masked::new(server));
}

/// The key of a realm in the oldest exports, as a component.
fn legacy_key(given: &mut RealmRepresentation) -> Option<ComponentExportRepresentation> {
    let (private, certificate, _) = (given.private_key.take()?, given.certificate.take(), given.public_key.take());
    let mut config = representation::ListMap::from([
        ("priority".to_owned(), vec!["100".to_owned()]),
        ("privateKey".to_owned(), vec![private.into_inner()]),
    ]);
    config.extend(certificate.map(|certificate| ("certificate".to_owned(), vec![certificate])));
    Some(ComponentExportRepresentation {
        name: Some("rsa".to_owned()),
        provider_id: Some("rsa".to_owned()),
        config: Some(Masked::new(config)),
        ..ComponentExportRepresentation::default()
    })
}

/// The key providers and registration policies of every new realm, where the import has none.
fn complete_components(
    services: &Services,
    realm: &Realm,
    given: &mut components::import::Given,
    legacy_key: Option<ComponentExportRepresentation>,
) -> components::import::Given {
    let mut usual = components::import::Given::new();
    let keys = given.entry(model::component::KEY_PROVIDER.to_owned()).or_default();
    if keys.is_empty() {
        keys.extend(legacy_key);
    }
    if keys.is_empty() {
        let providers = components::default_key_providers(services, realm).map(components::export::one);
        usual.insert(model::component::KEY_PROVIDER.to_owned(), providers.into());
    }
    if given.get(client_registration::PROVIDER_TYPE).is_none_or(Vec::is_empty) {
        let policies = client_registration::default_components(services, realm);
        let policies = policies.into_iter().map(components::export::one).collect();
        usual.insert(client_registration::PROVIDER_TYPE.to_owned(), policies);
    }
    usual
}

/// Stores what a realm owns but for its users. Gives the clients that are still without an account to act as.
async fn write(
    services: &Services,
    tx: &mut Tx,
    realm: &mut Realm,
    parts: Parts,
    (components, authority): (components::import::Prepared, Key),
    names: &mut Names,
    report: &mut ImportReport,
) -> Result<Accounts> {
    use ScopeAssignment::{Default, Optional};
    components::import::write(tx, components, Some(authority)).await?;
    let (flows, configs) = (parts.flows, parts.authenticator_configs);
    authentication::import(services, tx, realm, flows, configs, report).await?;
    authentication::import_required_actions(tx, parts.required_actions, report).await?;
    let (providers, mappers) = (parts.identity_providers, parts.identity_provider_mappers);
    identity_providers::import(services, tx, realm, providers, mappers, report).await?;
    localization::import(tx, parts.localization_texts, report).await?;
    client_scopes::import::import(services, tx, parts.client_scopes.unwrap_or_default(), names, report).await?;
    let defaults = [(Default, parts.default_default_scopes), (Optional, parts.default_optional_scopes)];
    let mut of_new_clients: Vec<(ClientScopeId, ScopeAssignment)> = Vec::new();
    for (assignment, list) in defaults {
        let list = list.unwrap_or_default();
        let known = list.iter().filter_map(|name| names.scopes.get(name));
        of_new_clients.extend(known.map(|(id, _)| (id.clone(), assignment)));
        client_scopes::import::import_defaults(tx, assignment, list, names, report).await?;
    }
    let clients = parts.clients.unwrap_or_default();
    let clients = clients::import::import(services, tx, realm, clients, &of_new_clients, names, report).await?;
    let roles = with_legacy_defaults(parts.roles, realm, clients.default_roles);
    roles::import::import(services, tx, roles, names, report).await?;
    grant(tx, realm, names).await?;
    let of_clients = parts.client_scope_mappings;
    scope_mappings::import::import(tx, parts.scope_mappings, of_clients, names, report).await?;
    groups::import::import(services, tx, parts.groups, names, report).await?;
    if let Some(paths) = parts.default_groups {
        groups::import::import_defaults(tx, paths, names, report).await?;
    }
    Ok(clients.with_account.into_iter().collect())
}

/// Puts the roles that an old export gives to every user at their clients into the role that every user gets.
fn with_legacy_defaults(
    mut given: representation::RolesRepresentation,
    realm: &Realm,
    legacy: Vec<RoleName>,
) -> representation::RolesRepresentation {
    for RoleName { client, name } in legacy {
        let Some(client) = client else { continue };
        let of_client = given.client.get_or_insert_default().entry(client.clone()).or_default();
        if !of_client.iter().any(|role| role.name.as_ref() == Some(&name)) {
            of_client.push(representation::RoleRepresentation { name: Some(name.clone()), ..Default::default() });
        }
        let of_realm = given.realm.iter_mut().flatten();
        if let Some(default) = of_realm.into_iter().find(|role| role.id.as_ref() == Some(&realm.default_role.0)) {
            let parts = default.composites.get_or_insert_default().client.get_or_insert_default();
            parts.entry(client).or_default().push(name);
        }
    }
    given
}

/// Makes permissions of the roles that stand for them.
pub(crate) async fn grant(tx: &mut Tx, realm: &Realm, names: &Names) -> Result<()> {
    let management = built_in::management_client(realm);
    let role = |permission: Permission| {
        let name = RoleName { client: Some(management.to_owned()), name: permission.as_str().to_owned() };
        names.roles.get(&name).map(|id| (id.clone(), permission.as_str()))
    };
    let grants: Vec<_> = Permission::ALL.into_iter().filter_map(role).collect();
    store::permissions::grant_roles(tx, Some(realm.id), &grants).await?;
    if !realm.is_master() {
        return Ok(());
    }
    // Administrators of master may do everything to every realm, those to come too.
    let everywhere = Permission::ALL.map(Permission::as_str);
    let of_admin = names.realm_role(built_in::ADMIN).into_iter();
    let of_admin = of_admin.flat_map(|id| everywhere.map(|permission| (id.clone(), permission)));
    let of_create = names.realm_role(CREATE_REALM).map(|id| (id.clone(), CREATE_REALM));
    let grants: Vec<_> = of_admin.chain(of_create).collect();
    Ok(store::permissions::grant_roles(tx, None, &grants).await?)
}

/// A creator who may not do everything everywhere gets every permission on what they made.
async fn grant_to_creator(tx: &mut Tx, caller: &Caller, realm: &Realm) -> Result<()> {
    let Some(user) = &caller.user else { return Ok(()) };
    let held = store::permissions::grants_of_user(tx, caller.realm, user).await?;
    let has_all = |permission: &Permission| {
        held.iter().any(|grant| grant.target.is_none() && grant.permission == permission.as_str())
    };
    if Permission::ALL.iter().all(has_all) {
        return Ok(());
    }
    let names = Permission::ALL.map(Permission::as_str);
    Ok(store::permissions::grant_user(tx, caller.realm, user, realm.id, &names).await?)
}
