//! Things that are imported into a realm which is there: all of them in one transaction, or none.
//!
//! What is there already under the same name stops the import, stays as it is, or is removed and made anew, as the request
//! says. Nobody gets by an import what they could not do or grant one by one.

mod existing;

use std::collections::{HashMap, HashSet};

use model::{
    client_scope::ScopeAssignment,
    event::Operation,
    id::{GroupId, RoleId},
    permission::Permission,
    realm::Realm,
    role::RoleName,
};
use representation::{
    ClientRepresentation, GroupRepresentation, IdentityProviderMapperRepresentation, IdentityProviderRepresentation,
    PartialImportRepresentation, RoleRepresentation, RolesRepresentation, UserRepresentation,
};
use serde::Serialize;
use serde_json::Value;
use store::{PgConnection, Tx};

use self::existing::{Policy, Sorted, There};
use super::{
    desired::{Mode, without_secrets},
    import::{MOST_PLAIN_PASSWORDS, Names, elsewhere, plain_passwords},
};
use crate::{
    Caller, Error, Result, Services,
    admin_events::{self, Change},
    administrators::require_covers_roles,
    clients, groups, identity_providers,
    import_report::ImportReport,
    roles::{self, import::role_names},
    users,
};

/// What was done with one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It was made.
    Added,
    /// It was there and stayed as it was, or can't be taken over.
    Skipped,
    /// It was there and was made anew.
    Overwritten,
}

/// A kind of thing, with Keycloak's names of results and of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A client.
    Client,
    /// A realm role.
    RealmRole,
    /// A role of a client.
    ClientRole,
    /// An identity provider.
    IdentityProvider,
    /// A mapper of one.
    IdentityProviderMapper,
    /// A group with those below it.
    Group,
    /// A user.
    User,
}

impl Kind {
    /// The name in events.
    fn in_events(self) -> &'static str {
        match self {
            Self::IdentityProvider => "IDENTITY_PROVIDER",
            Self::IdentityProviderMapper => "IDENTITY_PROVIDER_MAPPER",
            other => other.as_str(),
        }
    }

    /// The name in results.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "CLIENT",
            Self::RealmRole => "REALM_ROLE",
            Self::ClientRole => "CLIENT_ROLE",
            Self::IdentityProvider => "IDP",
            Self::IdentityProviderMapper => "IDP_MAPPER",
            Self::Group => "GROUP",
            Self::User => "USER",
        }
    }
}

/// What became of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What was done.
    pub action: Action,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// As it was given, without secrets.
    pub representation: Value,
    /// The client that defines a role, or the identity provider that has a mapper.
    owner: Option<String>,
}

/// The things of a request, as they are to be made.
#[derive(Default)]
struct Things {
    clients: Vec<ClientRepresentation>,
    roles: Vec<(Option<String>, RoleRepresentation)>,
    identity_providers: Vec<IdentityProviderRepresentation>,
    identity_provider_mappers: Vec<IdentityProviderMapperRepresentation>,
    groups: Vec<GroupRepresentation>,
    users: Vec<UserRepresentation>,
}

/// Imports things into a realm.
///
/// # Errors
/// `Forbidden` without `manage-realm`, without the permission for one of the kinds, or if the import would grant or remove
/// more than the caller holds; `Conflict` for a thing that is there, if that is to stop the import; `Refused` and `Invalid`
/// for what makes no sense.
pub async fn partial_import(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: PartialImportRepresentation,
) -> Result<(Vec<Entry>, ImportReport)> {
    run(services, caller, realm, given, Mode::Apply).await
}

/// Says what [`partial_import`] would do, by doing it and taking it back. Ids of what would be made mean nothing.
///
/// # Errors
/// As [`partial_import`].
pub async fn plan_partial_import(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: PartialImportRepresentation,
) -> Result<(Vec<Entry>, ImportReport)> {
    run(services, caller, realm, given, Mode::Plan).await
}

async fn run(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: PartialImportRepresentation,
    mode: Mode,
) -> Result<(Vec<Entry>, ImportReport)> {
    caller.require(&[Permission::ManageRealm])?;
    let policy = Policy::read(given.if_resource_exists.as_deref().or(given.policy.as_deref()))?;
    let mut report = ImportReport::default();
    let things = read(services, realm, given, &mut report);
    require_kinds(caller, &things)?;
    if plain_passwords(&things.users) > MOST_PLAIN_PASSWORDS {
        return Err(Error::invalid(
            "users",
            format!("At most {MOST_PLAIN_PASSWORDS} passwords in the clear are possible"),
        ));
    }
    let usernames: Vec<String> = things.users.iter().filter_map(username).collect();
    // Passwords are hashed before the transaction, but not those of users who stay as they are.
    let known = existing::users(&mut *services.store.read().await?, realm, &usernames).await?;
    let hashed: Vec<_> = things
        .users
        .iter()
        .filter(|user| policy != Policy::Skip || username(user).is_none_or(|name| !known.contains_key(&name)))
        .cloned()
        .collect();
    let prepared = users::import::prepare(services, realm, hashed, &HashMap::new(), &mut report).await?;

    let mut tx = services.configure(realm).await?;
    let mut names = Names::load(&mut tx, realm.id).await?;
    let known = existing::users(&mut tx, realm, &usernames).await?;
    let there = There { names: &names, users: &known, providers: existing::providers(&mut tx, realm).await? };
    let Sorted { mut things, entries, removed } = existing::sort(realm, policy, things, &there, &mut report)?;
    if !removed.is_empty() {
        removed.remove(services, &mut tx, caller, realm).await?;
        names = Names::load(&mut tx, realm.id).await?;
    }
    let granted = Granted::of(&things);
    let wanted: HashSet<String> = things.users.iter().filter_map(username).collect();
    let prepared = prepared.only(&wanted);
    let of_new_clients = new_client_scopes(&mut tx, realm).await?;
    let clients = std::mem::take(&mut things.clients);
    let imported =
        clients::import::import(services, &mut tx, realm, clients, &of_new_clients, &mut names, &mut report).await?;
    let roles = as_representation(std::mem::take(&mut things.roles));
    roles::import::import(services, &mut tx, roles, &mut names, &mut report).await?;
    if !things.identity_providers.is_empty() {
        elsewhere::note_identity_providers(&mut report);
    }
    let providers = Some(std::mem::take(&mut things.identity_providers));
    let mappers = Some(std::mem::take(&mut things.identity_provider_mappers));
    identity_providers::import(services, &mut tx, realm, providers, mappers, &mut report).await?;
    let groups = std::mem::take(&mut things.groups);
    groups::import::import(services, &mut tx, groups, &mut names, &mut report).await?;
    let mut accounts: users::import::Accounts = imported.with_account.into_iter().collect();
    let made = users::import::write(services, &mut tx, realm, prepared, &names, &mut accounts, &mut report).await?;
    users::import::make_accounts(services, &mut tx, realm, accounts).await?;
    granted.require(&mut tx, caller, realm, &names).await?;
    let made = made.into_iter().map(|user| (user.username, user.id)).collect();
    let providers = existing::providers(&mut tx, realm).await?;
    let entries = finished(entries, &There { names: &names, users: &made, providers });
    if mode == Mode::Plan {
        return Ok((entries, report));
    }
    record(services, &mut tx, caller, realm, &entries).await?;
    services.commit(tx).await?;
    Ok((entries, report))
}

fn username(user: &UserRepresentation) -> Option<String> {
    user.username.as_deref().or(user.email.as_deref()).map(users::login_name)
}

/// Sorts a request into things. Ids are drawn anew, as in Keycloak: those of an export may be other things' here.
fn read(services: &Services, realm: &Realm, given: PartialImportRepresentation, report: &mut ImportReport) -> Things {
    let mut things = Things {
        clients: given.clients.unwrap_or_default(),
        roles: roles::import::all(given.roles.unwrap_or_default()).collect(),
        identity_providers: given.identity_providers.unwrap_or_default(),
        identity_provider_mappers: given.identity_provider_mappers.unwrap_or_default(),
        groups: given.groups.unwrap_or_default(),
        users: given.users.unwrap_or_default(),
    };
    things.clients.retain(|client| {
        let name = client.client_id.as_deref().unwrap_or_default();
        let offered = client.protocol.as_deref().is_none_or(|name| services.protocols.get(name).is_some());
        let built_in = super::built_in::is_built_in(realm, name);
        if built_in {
            report.note(format!("clients[{name}]"), "built-in clients are not imported; left out");
        }
        !built_in && (offered || client.client_id.is_some())
    });
    for client in &mut things.clients {
        client.id = client.client_id.is_none().then(|| client.id.take()).flatten();
        client.protocol_mappers.iter_mut().flatten().for_each(|mapper| mapper.id = None);
    }
    things.roles.iter_mut().for_each(|(_, role)| role.id = None);
    things.identity_providers.iter_mut().for_each(|provider| provider.internal_id = None);
    things.identity_provider_mappers.iter_mut().for_each(|mapper| mapper.id = None);
    things.groups.iter_mut().for_each(forget_group_ids);
    for user in &mut things.users {
        user.id = None;
        user.credentials.iter_mut().flatten().for_each(|credential| credential.id = None);
    }
    things
}

fn forget_group_ids(group: &mut GroupRepresentation) {
    group.id = None;
    group.sub_groups.iter_mut().flatten().for_each(forget_group_ids);
}

fn require_kinds(caller: &Caller, things: &Things) -> Result<()> {
    let of_clients = !things.clients.is_empty() || things.roles.iter().any(|(client, _)| client.is_some());
    if of_clients {
        caller.require(&[Permission::ManageClients])?;
    }
    if !things.identity_providers.is_empty() || !things.identity_provider_mappers.is_empty() {
        caller.require(&[Permission::ManageIdentityProviders])?;
    }
    if !things.users.is_empty() || !things.groups.is_empty() {
        caller.require(&[Permission::ManageUsers])?;
    }
    Ok(())
}

async fn new_client_scopes(
    conn: &mut PgConnection,
    realm: &Realm,
) -> Result<Vec<(model::id::ClientScopeId, ScopeAssignment)>> {
    let mut scopes = Vec::new();
    for assignment in [ScopeAssignment::Default, ScopeAssignment::Optional] {
        let found = store::client_scopes::defaults(conn, realm.id, assignment).await?;
        scopes.extend(found.into_iter().map(|scope| (scope.id, assignment)));
    }
    Ok(scopes)
}

fn as_representation(roles: Vec<(Option<String>, RoleRepresentation)>) -> RolesRepresentation {
    let mut all = RolesRepresentation::default();
    for (client, role) in roles {
        match client {
            None => all.realm.get_or_insert_default().push(role),
            Some(client) => all.client.get_or_insert_default().entry(client).or_default().push(role),
        }
    }
    all
}

/// The roles and groups that an import hands on.
#[derive(Default)]
struct Granted {
    roles: Vec<RoleName>,
    groups: Vec<Vec<String>>,
}

impl Granted {
    fn of(things: &Things) -> Self {
        let mut granted = Self::default();
        for (_, role) in &things.roles {
            granted.roles.extend(role.composites.clone().into_iter().flat_map(roles::import::named));
        }
        things.groups.iter().for_each(|group| granted.add_group(group));
        for user in &things.users {
            let of_clients = user.client_roles.clone().into_iter().chain(user.application_roles.clone()).flatten();
            granted.roles.extend(role_names(user.realm_roles.clone().unwrap_or_default(), of_clients));
            granted.groups.extend(user.groups.iter().flatten().map(|path| model::group::path_names(path)));
        }
        granted
    }

    fn add_group(&mut self, group: &GroupRepresentation) {
        let of_clients = group.client_roles.clone().unwrap_or_default().into_iter();
        self.roles.extend(role_names(group.realm_roles.clone().unwrap_or_default(), of_clients));
        group.sub_groups.iter().flatten().for_each(|group| self.add_group(group));
    }

    /// Goes on only if the caller holds everything that is handed on.
    async fn require(self, tx: &mut Tx, caller: &Caller, realm: &Realm, names: &Names) -> Result<()> {
        let mut roles: Vec<RoleId> = self.roles.iter().filter_map(|name| names.roles.get(name)).cloned().collect();
        let groups: Vec<GroupId> = self.groups.iter().filter_map(|path| names.groups.get(path)).cloned().collect();
        if !groups.is_empty() {
            roles.extend(store::users::memberships::roles_of_groups(tx, realm.id, &groups).await?);
        }
        if roles.is_empty() {
            return Ok(());
        }
        roles.sort_unstable();
        roles.dedup();
        require_covers_roles(tx, caller, realm, &roles).await
    }
}

/// Adds the ids of what was made. What was not made after all, because it can't be taken over, was skipped.
fn finished(mut entries: Vec<Entry>, there: &There<'_>) -> Vec<Entry> {
    for entry in entries.iter_mut().filter(|entry| entry.action != Action::Skipped) {
        match there.id_of(entry.kind, entry.owner.as_deref(), &entry.name) {
            Some(id) => entry.id = id,
            None => entry.action = Action::Skipped,
        }
    }
    entries
}

/// Where a thing is, for events.
fn path(entry: &Entry) -> String {
    let place = match entry.kind {
        Kind::Client => "clients",
        Kind::RealmRole | Kind::ClientRole => "roles-by-id",
        Kind::IdentityProvider => return format!("identity-provider/instances/{}", entry.name),
        Kind::IdentityProviderMapper => {
            let provider = entry.owner.as_deref().unwrap_or_default();
            return format!("identity-provider/instances/{provider}/mappers/{}", entry.id);
        }
        Kind::Group => "groups",
        Kind::User => "users",
    };
    format!("{place}/{}", entry.id)
}

async fn record(services: &Services, tx: &mut Tx, caller: &Caller, realm: &Realm, entries: &[Entry]) -> Result<()> {
    let change = |entry: &Entry| {
        let operation = match entry.action {
            Action::Added => Operation::Create,
            Action::Overwritten => Operation::Update,
            Action::Skipped => return None,
        };
        let representation = Some(entry.representation.clone());
        Some(Change { operation, kind: entry.kind.in_events(), path: path(entry), representation })
    };
    admin_events::record_all(services, tx, caller, realm, entries.iter().filter_map(change).collect()).await
}

/// A thing as it was given, for whoever reads of it later.
fn shown(thing: &impl Serialize) -> Value {
    without_secrets("", &serde_json::to_value(thing).unwrap_or_default())
}
