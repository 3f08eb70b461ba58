//! What of an import is in the realm already, and what happens to it.

use std::collections::HashMap;

use model::{
    id::{ClientId, GroupId, RoleId, UserId},
    realm::Realm,
    role::RoleName,
};
use store::{PgConnection, Tx, transfer};

use super::{Action, Entry, Kind, Names, Things, shown, username};
use crate::{
    Caller, Error, Result, Services,
    administrators::{require_covers_roles, require_covers_users},
    import_report::ImportReport,
    realms::built_in,
    roles::import::path_of,
    sessions,
};

/// What happens to a thing that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// The import stops.
    Fail,
    /// It stays.
    Skip,
    /// It is removed and made anew.
    Overwrite,
}

impl Policy {
    /// Reads Keycloak's word; without one, the import stops.
    pub(super) fn read(word: Option<&str>) -> Result<Self> {
        match word {
            None | Some("FAIL") => Ok(Self::Fail),
            Some("SKIP") => Ok(Self::Skip),
            Some("OVERWRITE") => Ok(Self::Overwrite),
            Some(_) => Err(Error::Refused("ifResourceExists must be FAIL, SKIP or OVERWRITE".to_owned())),
        }
    }
}

/// The users of these names that are there.
pub(super) async fn users(conn: &mut PgConnection, realm: &Realm, names: &[String]) -> Result<HashMap<String, UserId>> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let found = transfer::users::named(conn, realm.id, names).await?;
    Ok(found.into_iter().map(|user| (user.username, user.id)).collect())
}

/// Identity providers and mappers by their names.
#[derive(Debug, Default)]
pub(super) struct Providers {
    providers: HashMap<String, String>,
    /// By the alias of the provider and the name.
    mappers: HashMap<(String, String), String>,
}

/// The identity providers and mappers that are there.
pub(super) async fn providers(conn: &mut PgConnection, realm: &Realm) -> Result<Providers> {
    use store::identity_providers::{Filter, list, mappers_of_all};
    let found = list(conn, realm.id, &Filter::default()).await?;
    let aliases: HashMap<_, _> = found.iter().map(|one| (one.id.clone(), one.alias.clone())).collect();
    let mappers = mappers_of_all(conn, realm.id).await?.into_iter();
    let mappers = mappers.filter_map(|one| Some(((aliases.get(&one.provider)?.clone(), one.name), one.id.0)));
    Ok(Providers {
        mappers: mappers.collect(),
        providers: found.into_iter().map(|one| (one.alias, one.id.0)).collect(),
    })
}

/// What is in the realm.
pub(super) struct There<'a> {
    pub(super) names: &'a Names,
    pub(super) users: &'a HashMap<String, UserId>,
    pub(super) providers: Providers,
}

impl There<'_> {
    /// The id of a thing that is there.
    pub(super) fn id_of(&self, kind: Kind, owner: Option<&str>, name: &str) -> Option<String> {
        let owner = owner.map(str::to_owned);
        match kind {
            Kind::Client => self.names.client(name).map(|id| id.0.clone()),
            Kind::RealmRole | Kind::ClientRole => {
                let role = RoleName { client: owner, name: name.to_owned() };
                self.names.roles.get(&role).map(|id| id.0.clone())
            }
            Kind::IdentityProvider => self.providers.providers.get(name).cloned(),
            Kind::IdentityProviderMapper => {
                self.providers.mappers.get(&(owner.unwrap_or_default(), name.to_owned())).cloned()
            }
            Kind::Group => self.names.groups.get(std::slice::from_ref(&name.to_owned())).map(|id| id.0.clone()),
            Kind::User => self.users.get(name).map(|id| id.0.clone()),
        }
    }
}

/// The things of an import after it was looked at what is there.
pub(super) struct Sorted {
    /// What is to be made.
    pub(super) things: Things,
    /// What becomes of each.
    pub(super) entries: Vec<Entry>,
    /// What is to be removed first.
    pub(super) removed: Removed,
}

/// What is removed, to be made anew.
#[derive(Default)]
pub(super) struct Removed {
    clients: Vec<ClientId>,
    roles: Vec<RoleId>,
    /// Aliases.
    identity_providers: Vec<String>,
    identity_provider_mappers: Vec<String>,
    groups: Vec<GroupId>,
    users: Vec<UserId>,
}

struct Sorting<'a> {
    policy: Policy,
    entries: Vec<Entry>,
    report: &'a mut ImportReport,
}

impl Sorting<'_> {
    /// Decides about one thing: whether it is to be made, and what is to be removed before.
    fn decide(&mut self, mut entry: Entry, id: Option<&str>, exists: impl FnOnce() -> String) -> Result<bool> {
        let Some(id) = id else {
            self.entries.push(entry);
            return Ok(true);
        };
        match self.policy {
            Policy::Fail => return Err(Error::Conflict(exists())),
            Policy::Skip => {
                entry.action = Action::Skipped;
                id.clone_into(&mut entry.id);
            }
            Policy::Overwrite => entry.action = Action::Overwritten,
        }
        self.entries.push(entry);
        Ok(self.policy == Policy::Overwrite)
    }
}

fn entry(kind: Kind, name: &str, thing: &impl serde::Serialize) -> Entry {
    Entry {
        action: Action::Added,
        kind,
        name: name.to_owned(),
        id: String::new(),
        representation: shown(thing),
        owner: None,
    }
}

/// Sorts things by whether they are there, with Keycloak's words where that stops the import.
pub(super) fn sort(
    realm: &Realm,
    policy: Policy,
    things: Things,
    there: &There<'_>,
    report: &mut ImportReport,
) -> Result<Sorted> {
    let (names, known) = (there.names, there.users);
    let mut sorting = Sorting { policy, entries: Vec::new(), report };
    let (mut kept, mut removed) = (Things::default(), Removed::default());
    for client in things.clients {
        let name = client.client_id.clone().or_else(|| client.id.clone()).unwrap_or_default();
        let id = names.client(&name);
        let text = || format!("Client id '{name}' already exists");
        if sorting.decide(entry(Kind::Client, &name, &client), id.map(ClientId::as_str), text)? {
            removed.clients.extend(id.cloned());
            kept.clients.push(client);
        }
    }
    for (client, role) in things.roles {
        let name = RoleName { client: client.clone(), name: role.name.clone().unwrap_or_default() };
        // A role of a client that is made anew goes with it.
        let with_client =
            client.as_ref().and_then(|client| names.client(client)).is_some_and(|id| removed.clients.contains(id));
        let id = names.roles.get(&name).filter(|_| !with_client);
        let text = || match &client {
            None => format!("Realm role '{}' already exists.", name.name),
            Some(client) => format!("Client role '{}' for client '{client}' already exists.", name.name),
        };
        let kind = if client.is_some() { Kind::ClientRole } else { Kind::RealmRole };
        let new = Entry { owner: client.clone(), ..entry(kind, &name.name, &role) };
        if id.is_some_and(|id| policy == Policy::Overwrite && is_fixed(realm, &name, id)) {
            sorting.report.note(path_of(&name), "this role can't be removed, so it stays as it is");
            let id = id.map(|id| id.0.clone()).unwrap_or_default();
            sorting.entries.push(Entry { action: Action::Skipped, id, ..new });
        } else if sorting.decide(new, id.map(RoleId::as_str), text)? {
            removed.roles.extend(id.cloned());
            kept.roles.push((client, role));
        }
    }
    for provider in things.identity_providers {
        let alias = provider.alias.clone().unwrap_or_default();
        let id = there.id_of(Kind::IdentityProvider, None, &alias);
        let text = || format!("Identity Provider '{alias}' already exists.");
        if sorting.decide(entry(Kind::IdentityProvider, &alias, &provider), id.as_deref(), text)? {
            removed.identity_providers.extend(id.map(|_| alias));
            kept.identity_providers.push(provider);
        }
    }
    for mapper in things.identity_provider_mappers {
        let name = mapper.name.clone().unwrap_or_default();
        let alias = mapper.identity_provider_alias.clone().unwrap_or_default();
        // A mapper of a provider that is made anew goes with it.
        let id = there.id_of(Kind::IdentityProviderMapper, Some(&alias), &name);
        let id = id.filter(|_| !removed.identity_providers.contains(&alias));
        let text = || format!("Identity Provider Mapper '{name}' already exists.");
        let new = Entry { owner: Some(alias.clone()), ..entry(Kind::IdentityProviderMapper, &name, &mapper) };
        if sorting.decide(new, id.as_deref(), text)? {
            removed.identity_provider_mappers.extend(id);
            kept.identity_provider_mappers.push(mapper);
        }
    }
    for group in things.groups {
        let name = group.name.clone().unwrap_or_default();
        let id = names.groups.get(std::slice::from_ref(&name));
        let text = || format!("Group '/{name}' already exists");
        if sorting.decide(entry(Kind::Group, &name, &group), id.map(GroupId::as_str), text)? {
            removed.groups.extend(id.cloned());
            kept.groups.push(group);
        }
    }
    for user in things.users {
        let name = username(&user).unwrap_or_default();
        let id = known.get(&name);
        let text = || format!("User with user name {name} already exists.");
        if sorting.decide(entry(Kind::User, &name, &user), id.map(UserId::as_str), text)? {
            removed.users.extend(id.cloned());
            kept.users.push(user);
        }
    }
    Ok(Sorted { things: kept, entries: sorting.entries, removed })
}

/// Roles that a realm can't be without: every user's, and those that are permissions.
fn is_fixed(realm: &Realm, name: &RoleName, id: &RoleId) -> bool {
    let top = realm.is_master() && name.client.is_none() && name.name == built_in::ADMIN;
    *id == realm.default_role || top || name.client.as_deref() == Some(built_in::management_client(realm))
}

impl Removed {
    pub(super) fn is_empty(&self) -> bool {
        let providers = self.identity_providers.is_empty() && self.identity_provider_mappers.is_empty();
        let holders = self.groups.is_empty() && self.users.is_empty();
        self.clients.is_empty() && self.roles.is_empty() && providers && holders
    }

    /// Removes the things, for a caller who holds everything that they bring.
    pub(super) async fn remove(
        mut self,
        services: &Services,
        tx: &mut Tx,
        caller: &Caller,
        realm: &Realm,
    ) -> Result<()> {
        self.users.extend(transfer::users::accounts_of(tx, realm.id, &self.clients).await?);
        require_covers_users(tx, caller, realm, &self.users).await?;
        let mut roles = self.roles.clone();
        roles.extend(transfer::groups::roles_within(tx, realm.id, &self.groups).await?);
        require_covers_roles(tx, caller, realm, &roles).await?;
        sessions::end_all_of(services, tx, &self.users).await?;
        transfer::users::delete(tx, &self.users).await?;
        transfer::groups::delete(tx, &self.groups).await?;
        transfer::identity_providers::delete_mappers(tx, &self.identity_provider_mappers).await?;
        transfer::identity_providers::delete(tx, &self.identity_providers).await?;
        transfer::roles::delete(tx, &self.roles).await?;
        Ok(transfer::clients::delete(tx, &self.clients).await?)
    }
}
