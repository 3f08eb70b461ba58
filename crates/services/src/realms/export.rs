//! A realm as an export has it: everything that an import takes, read in one snapshot with a number of statements that does
//! not depend on how much there is. Users come in pages.

mod users;

use std::collections::{BTreeMap, HashMap};

use model::{
    client_scope::ScopeAssignment,
    group::{Group, path_text},
    id::{ClientId, GroupId},
    permission::Permission,
    protocol_mapper::{MapperOwner, ProtocolMapper},
    realm::Realm,
    role::{Role, RoleContainer, RoleName},
};
use representation::{
    ClientRepresentation, ClientScopeRepresentation, Composites, GroupRepresentation, KEYCLOAK_VERSION, ListMap, MASK,
    RealmRepresentation, RoleRepresentation, RolesRepresentation, ScopeMappingRepresentation, SecretText,
    UserRepresentation,
};
use store::{
    PgConnection, Snapshot,
    transfer::{self, scopes::MappedRole},
};

pub(crate) use users::users;

use super::{change, import::names::paths};
use crate::{
    Caller, Error, Result, Services, What, authentication, clients, components, error::Found as _, identity_providers,
    localization,
};

/// How many users one page of an export holds.
const USERS_AT_ONCE: i64 = 1_000;

/// What becomes of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Secrets {
    /// They are in the export, in the clear.
    Shown,
    /// A mask stands for them, and private keys are left out.
    Masked,
}

/// Which parts of a realm an export holds, beside its settings.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    /// Client scopes, and which of them new clients get.
    pub(crate) client_scopes: bool,
    /// Clients, and roles mapped to them and to client scopes.
    pub(crate) clients: bool,
    /// Realm roles.
    pub(crate) realm_roles: bool,
    /// Roles of clients.
    pub(crate) client_roles: bool,
    /// Groups, and which of them new users join.
    pub(crate) groups: bool,
    /// Identity providers with their mappers.
    pub(crate) identity_providers: bool,
    /// The accounts of clients.
    pub(crate) service_accounts: bool,
}

impl Wanted {
    /// All of them but for users.
    pub(crate) const EVERYTHING: Self = Self {
        client_scopes: true,
        clients: true,
        realm_roles: true,
        client_roles: true,
        groups: true,
        identity_providers: true,
        service_accounts: false,
    };
}

/// A realm's settings, with its clients, and its groups and roles, if they are asked for; secrets are masked.
///
/// An export shows what single reads would show: what the caller may not read is refused if it was asked for, and else
/// left out.
///
/// # Errors
/// `Forbidden` without `manage-realm`, without `view-clients` for clients, without `view-users` for groups.
pub async fn partial(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    with_clients: bool,
    with_groups_and_roles: bool,
) -> Result<RealmRepresentation> {
    const CLIENTS: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];
    const USERS: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
    const PROVIDERS: &[Permission] = &[Permission::ViewIdentityProviders, Permission::ManageIdentityProviders];
    caller.require(&[Permission::ManageRealm])?;
    if with_clients {
        caller.require(CLIENTS)?;
    }
    if with_groups_and_roles {
        caller.require(USERS)?;
    }
    let wanted = Wanted {
        client_scopes: caller.may(CLIENTS),
        clients: with_clients,
        realm_roles: with_groups_and_roles,
        client_roles: with_groups_and_roles && caller.may(CLIENTS),
        groups: with_groups_and_roles,
        identity_providers: caller.may(PROVIDERS),
        service_accounts: with_clients && caller.may(USERS),
    };
    let mut snapshot = services.store.snapshot().await?;
    let document = document(services, &mut snapshot, realm, wanted, Secrets::Masked).await?;
    snapshot.end().await?;
    Ok(document)
}

/// A whole realm that is being exported with its secrets, for whoever runs the server.
pub struct Export {
    snapshot: Snapshot,
    realm: Realm,
    paths: HashMap<GroupId, Vec<String>>,
    last: Option<String>,
}

impl Export {
    /// Begins the export of a realm by its name.
    ///
    /// # Errors
    /// `Forbidden` for anybody but the server itself, `NotFound` if there is no such realm.
    pub async fn begin(services: &Services, caller: &Caller, name: &str) -> Result<Self> {
        if caller.user.is_some() {
            return Err(Error::Forbidden);
        }
        if name.contains('\0') {
            return Err(Error::NotFound(What::Realm));
        }
        let (realm, _) =
            store::realms::find_by_name(&mut *services.store.read().await?, name).await?.found(What::Realm)?;
        // So that what is exported is whole.
        components::make_missing_keys(services, &realm).await?;
        let mut snapshot = services.store.snapshot().await?;
        let (realm, _) = store::realms::find_by_name(&mut snapshot, name).await?.found(What::Realm)?;
        let paths = paths(&transfer::groups::all(&mut snapshot, realm.id).await?);
        Ok(Self { snapshot, realm, paths, last: Some(String::new()) })
    }

    /// Everything but users. Without users, the accounts of clients are in it.
    ///
    /// # Errors
    /// If the database fails or something can't be opened.
    pub async fn document(&mut self, services: &Services, with_users: bool) -> Result<RealmRepresentation> {
        let wanted = Wanted { service_accounts: !with_users, ..Wanted::EVERYTHING };
        document(services, &mut self.snapshot, &self.realm, wanted, Secrets::Shown).await
    }

    /// The next users; none at the end.
    ///
    /// # Errors
    /// If the database fails or something can't be opened.
    pub async fn users(&mut self, services: &Services) -> Result<Vec<UserRepresentation>> {
        let Some(last) = &self.last else { return Ok(Vec::new()) };
        let page = transfer::users::page(&mut self.snapshot, self.realm.id, last, USERS_AT_ONCE).await?;
        self.last = page.last().map(|user| user.id.0.clone());
        users(services, &mut self.snapshot, &self.realm, &self.paths, page, Secrets::Shown).await
    }

    /// Ends the export.
    ///
    /// # Errors
    /// If the database can't be reached.
    pub async fn end(self) -> Result<()> {
        Ok(self.snapshot.end().await?)
    }
}

/// A realm as an export has it.
pub(crate) async fn document(
    services: &Services,
    conn: &mut PgConnection,
    realm: &Realm,
    wanted: Wanted,
    secrets: Secrets,
) -> Result<RealmRepresentation> {
    let mut document = RealmRepresentation::of(realm);
    if secrets == Secrets::Shown {
        change::show_smtp_password(services, realm, &mut document)?;
    }
    document.keycloak_version = Some(KEYCLOAK_VERSION.to_owned());
    document.default_role = Some(default_role(realm));
    document.components = Some(components::export::export(services, conn, realm, secrets).await?);
    let (flows, configs) = authentication::export(services, conn, realm, secrets).await?;
    (document.authentication_flows, document.authenticator_config) = (Some(flows), Some(configs));
    document.required_actions = Some(authentication::export_required_actions(conn, realm).await?);
    if wanted.identity_providers {
        let (providers, mappers) = identity_providers::export(services, conn, realm, secrets).await?;
        (document.identity_providers, document.identity_provider_mappers) = (Some(providers), Some(mappers));
    }
    document.localization_texts = Some(localization::export(conn, realm).await?);
    let mut mappers: HashMap<MapperOwner, Vec<ProtocolMapper>> = HashMap::new();
    if wanted.clients || wanted.client_scopes {
        for (owner, mapper) in transfer::mappers::all(conn, realm.id).await? {
            mappers.entry(owner).or_default().push(mapper);
        }
    }
    if wanted.client_scopes {
        let scopes = store::client_scopes::list(conn, realm.id).await?;
        let with_mappers = scopes.iter().map(|scope| {
            let own = mappers.remove(&MapperOwner::ClientScope(scope.id.clone())).unwrap_or_default();
            ClientScopeRepresentation::of(scope, &own)
        });
        document.client_scopes = Some(with_mappers.collect());
        let names = async |conn: &mut PgConnection, assignment| -> Result<Vec<String>> {
            let scopes = store::client_scopes::defaults(conn, realm.id, assignment).await?;
            Ok(scopes.into_iter().map(|scope| scope.name).collect())
        };
        document.default_default_client_scopes = Some(names(conn, ScopeAssignment::Default).await?);
        document.default_optional_client_scopes = Some(names(conn, ScopeAssignment::Optional).await?);
    }
    if wanted.clients {
        document.clients = Some(exported_clients(services, conn, realm, &mut mappers, secrets).await?);
        add_scope_mappings(&mut document, transfer::scopes::mapped_roles(conn, realm.id).await?);
    }
    if wanted.realm_roles || wanted.client_roles {
        document.roles = Some(roles(conn, realm, wanted).await?);
    }
    if wanted.groups || wanted.service_accounts {
        let groups = transfer::groups::all(conn, realm.id).await?;
        let paths = paths(&groups);
        if wanted.groups {
            let joined = transfer::groups::defaults(conn, realm.id).await?;
            let mut joined: Vec<_> = joined.iter().filter_map(|id| paths.get(id)).map(|path| text(path)).collect();
            joined.sort_unstable();
            document.default_groups = (!joined.is_empty()).then_some(joined);
            let roles = transfer::groups::roles(conn, realm.id).await?;
            document.groups = Some(tree(groups, roles, &paths));
        }
        if wanted.service_accounts {
            let accounts = transfer::users::service_accounts(conn, realm.id).await?;
            let accounts = users(services, conn, realm, &paths, accounts, secrets).await?;
            document.users = (!accounts.is_empty()).then_some(accounts);
        }
    }
    Ok(document)
}

fn text(path: &[String]) -> String {
    path_text(path.iter().map(String::as_str))
}

/// The role that every user gets, as a realm shows it.
#[must_use]
pub fn default_role(realm: &Realm) -> RoleRepresentation {
    RoleRepresentation {
        id: Some(realm.default_role.0.clone()),
        name: Some(realm.default_role_name.clone()),
        description: Some("${role_default-roles}".to_owned()),
        composite: Some(true),
        client_role: Some(false),
        container_id: Some(realm.given_id.clone()),
        ..RoleRepresentation::default()
    }
}

async fn exported_clients(
    services: &Services,
    conn: &mut PgConnection,
    realm: &Realm,
    mappers: &mut HashMap<MapperOwner, Vec<ProtocolMapper>>,
    secrets: Secrets,
) -> Result<Vec<ClientRepresentation>> {
    let found = store::clients::list(conn, realm.id, &store::clients::Filter::default()).await?;
    let ids: Vec<_> = found.iter().map(|client| client.id.clone()).collect();
    let sealed = store::clients::sealed_secrets(conn, realm.id, &ids).await?;
    let mut sealed: HashMap<ClientId, String> = sealed.into_iter().collect();
    found
        .iter()
        .map(|client| {
            let own = mappers.remove(&MapperOwner::Client(client.id.clone())).unwrap_or_default();
            let secret = match (sealed.remove(&client.id), secrets) {
                (None, _) => None,
                (Some(_), Secrets::Masked) => Some(SecretText::from(MASK)),
                (Some(sealed), Secrets::Shown) => {
                    let secret = clients::open_secret(services, realm.id, &client.id, Some(&sealed))?;
                    secret.map(|secret| SecretText::new(secret.expose().to_owned()))
                }
            };
            Ok(ClientRepresentation { secret, ..ClientRepresentation::of(client, &own) })
        })
        .collect()
}

fn add_scope_mappings(document: &mut RealmRepresentation, mapped: Vec<MappedRole>) {
    let mut of_realm: Vec<ScopeMappingRepresentation> = Vec::new();
    let mut of_clients: BTreeMap<String, Vec<ScopeMappingRepresentation>> = BTreeMap::new();
    for MappedRole { client, scope, role } in mapped {
        let list = match role.client {
            None => &mut of_realm,
            Some(client) => of_clients.entry(client).or_default(),
        };
        let new = ScopeMappingRepresentation { client, client_scope: scope, ..ScopeMappingRepresentation::default() };
        // They come sorted by owner.
        match list.last_mut().filter(|last| last.client == new.client && last.client_scope == new.client_scope) {
            Some(last) => last.roles.get_or_insert_default().push(role.name),
            None => list.push(ScopeMappingRepresentation { roles: Some(vec![role.name]), ..new }),
        }
    }
    document.scope_mappings = (!of_realm.is_empty()).then_some(of_realm);
    document.client_scope_mappings = (!of_clients.is_empty()).then_some(of_clients);
}

async fn roles(conn: &mut PgConnection, realm: &Realm, wanted: Wanted) -> Result<RolesRepresentation> {
    let found = transfer::roles::all(conn, realm.id).await?;
    let names = transfer::names::clients(conn, realm.id).await?;
    let names: HashMap<ClientId, String> = names.into_iter().map(|(id, client_id, _)| (id, client_id)).collect();
    let mut parts: HashMap<_, Vec<RoleName>> = HashMap::new();
    for (parent, part) in transfer::roles::composites(conn, realm.id).await? {
        parts.entry(parent).or_default().push(part);
    }
    let mut shown = |role: &Role| {
        let composites = parts.remove(&role.id).map(|parts| {
            let (realm, client) = by_place(parts);
            Composites {
                realm: (!realm.is_empty()).then_some(realm),
                client: (!client.is_empty()).then_some(client),
                ..Composites::default()
            }
        });
        RoleRepresentation { composites, ..RoleRepresentation::full(role, realm) }
    };
    let (mut of_realm, mut of_clients) = (Vec::new(), BTreeMap::<String, Vec<RoleRepresentation>>::new());
    for role in &found {
        match &role.container {
            RoleContainer::Realm => of_realm.push(shown(role)),
            RoleContainer::Client(client) => {
                let name = names.get(client).cloned().unwrap_or_default();
                of_clients.entry(name).or_default().push(shown(role));
            }
        }
    }
    Ok(RolesRepresentation {
        realm: wanted.realm_roles.then_some(of_realm),
        client: wanted.client_roles.then_some(of_clients),
        application: None,
    })
}

/// Roles as realm roles, and as roles of clients.
fn by_place(roles: Vec<RoleName>) -> (Vec<String>, ListMap) {
    let (mut of_realm, mut of_clients) = (Vec::new(), ListMap::new());
    for role in roles {
        match role.client {
            None => of_realm.push(role.name),
            Some(client) => of_clients.entry(client).or_default().push(role.name),
        }
    }
    (of_realm, of_clients)
}

fn tree(
    groups: Vec<Group>,
    roles: Vec<(GroupId, RoleName)>,
    paths: &HashMap<GroupId, Vec<String>>,
) -> Vec<GroupRepresentation> {
    let mut given: HashMap<GroupId, Vec<RoleName>> = HashMap::new();
    for (group, role) in roles {
        given.entry(group).or_default().push(role);
    }
    let mut below: HashMap<Option<GroupId>, Vec<Group>> = HashMap::new();
    for group in groups {
        below.entry(group.parent.clone()).or_default().push(group);
    }
    branches(None, &mut below, &mut given, paths)
}

fn branches(
    parent: Option<GroupId>,
    below: &mut HashMap<Option<GroupId>, Vec<Group>>,
    given: &mut HashMap<GroupId, Vec<RoleName>>,
    paths: &HashMap<GroupId, Vec<String>>,
) -> Vec<GroupRepresentation> {
    let groups = below.remove(&parent).unwrap_or_default();
    groups
        .into_iter()
        .map(|group| {
            let roles = given.remove(&group.id).unwrap_or_default();
            let path = paths.get(&group.id).cloned().unwrap_or_default();
            let inner = branches(Some(group.id.clone()), below, given, paths);
            GroupRepresentation { sub_groups: Some(inner), ..GroupRepresentation::full(&group, &path, &roles) }
        })
        .collect()
}
