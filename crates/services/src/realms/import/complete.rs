//! What every realm has, added to what an import leaves out: a realm of three fields and a full export become the same
//! kind of document, which is then stored.

use model::{client_scope::ScopeAssignment, id::RoleId, permission::Permission, realm::Realm};
use representation::{
    AuthenticationFlowRepresentation, AuthenticatorConfigRepresentation, ClientRepresentation,
    ClientScopeRepresentation, Composites, IdentityProviderMapperRepresentation, IdentityProviderRepresentation,
    RealmRepresentation, RequiredActionProviderRepresentation, RoleRepresentation, RolesRepresentation,
    ScopeMappingRepresentation, StringMap, UserRepresentation,
};
use std::collections::BTreeMap;

use super::super::built_in;
use crate::{Services, components::import::Given as Components, import_report::ImportReport};

/// What a realm owns, taken out of its representation.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) client_scopes: Option<Vec<ClientScopeRepresentation>>,
    pub(crate) default_default_scopes: Option<Vec<String>>,
    pub(crate) default_optional_scopes: Option<Vec<String>>,
    pub(crate) clients: Option<Vec<ClientRepresentation>>,
    pub(crate) roles: RolesRepresentation,
    pub(crate) default_roles: Vec<String>,
    pub(crate) default_role: Option<RoleRepresentation>,
    pub(crate) scope_mappings: Vec<ScopeMappingRepresentation>,
    pub(crate) client_scope_mappings: BTreeMap<String, Vec<ScopeMappingRepresentation>>,
    pub(crate) groups: Vec<representation::GroupRepresentation>,
    pub(crate) default_groups: Option<Vec<String>>,
    pub(crate) components: Components,
    pub(crate) flows: Option<Vec<AuthenticationFlowRepresentation>>,
    pub(crate) authenticator_configs: Option<Vec<AuthenticatorConfigRepresentation>>,
    pub(crate) required_actions: Option<Vec<RequiredActionProviderRepresentation>>,
    pub(crate) identity_providers: Option<Vec<IdentityProviderRepresentation>>,
    pub(crate) identity_provider_mappers: Option<Vec<IdentityProviderMapperRepresentation>>,
    pub(crate) localization_texts: Option<BTreeMap<String, StringMap>>,
    pub(crate) users: Vec<UserRepresentation>,
}

impl Parts {
    /// Takes the parts out of a representation; its settings stay.
    pub(crate) fn of(given: &mut RealmRepresentation) -> Self {
        let mut client_scope_mappings = given.client_scope_mappings.take().unwrap_or_default();
        for (client, mappings) in given.application_scope_mappings.take().unwrap_or_default() {
            client_scope_mappings.entry(client).or_default().extend(mappings);
        }
        Self {
            client_scopes: given.client_scopes.take(),
            default_default_scopes: given.default_default_client_scopes.take(),
            default_optional_scopes: given.default_optional_client_scopes.take(),
            clients: given.clients.take(),
            roles: given.roles.take().unwrap_or_default(),
            default_roles: given.default_roles.take().unwrap_or_default(),
            default_role: given.default_role.take(),
            scope_mappings: given.scope_mappings.take().unwrap_or_default(),
            client_scope_mappings,
            groups: given.groups.take().unwrap_or_default(),
            default_groups: given.default_groups.take(),
            components: given.components.take().unwrap_or_default(),
            flows: given.authentication_flows.take(),
            authenticator_configs: given.authenticator_config.take(),
            required_actions: given.required_actions.take(),
            identity_providers: given.identity_providers.take(),
            identity_provider_mappers: given.identity_provider_mappers.take(),
            localization_texts: given.localization_texts.take(),
            users: given.users.take().unwrap_or_default(),
        }
    }

    /// Adds what every realm has and the import says nothing of. Gives the role that every user gets.
    pub(crate) fn complete(&mut self, services: &Services, realm: &Realm) -> (RoleId, String) {
        self.add_client_scopes(services);
        self.add_clients(realm);
        self.add_client_roles();
        self.add_management_roles(realm);
        self.add_default_role(services, realm)
    }

    fn add_client_scopes(&mut self, services: &Services) {
        if self.client_scopes.is_some() {
            return;
        }
        let mut scopes = Vec::new();
        let (mut always, mut on_request) = (Vec::new(), Vec::new());
        for default in services.protocols.iter().flat_map(protocol::Protocol::default_client_scopes) {
            match default.assignment {
                Some(ScopeAssignment::Default) => always.push(default.scope.name.clone()),
                Some(ScopeAssignment::Optional) => on_request.push(default.scope.name.clone()),
                None => {}
            }
            scopes.push(new_scope(&default));
        }
        self.client_scopes = Some(scopes);
        self.default_default_scopes.get_or_insert(always);
        self.default_optional_scopes.get_or_insert(on_request);
    }

    fn add_clients(&mut self, realm: &Realm) {
        let clients = self.clients.get_or_insert_default();
        let missing = |built_in: &ClientRepresentation| !clients.iter().any(|one| one.client_id == built_in.client_id);
        let missing: Vec<_> = built_in::clients(realm).into_iter().filter(missing).collect();
        clients.extend(missing);
    }

    /// Roles of built-in clients of which the import has no role at all.
    fn add_client_roles(&mut self) {
        let of_clients = self.roles.client.get_or_insert_default();
        for client in ["account", "broker"] {
            if of_clients.contains_key(client) {
                continue;
            }
            let roles = built_in::CLIENT_ROLES.iter().filter(|(of, ..)| *of == client).map(|(_, name, contained)| {
                let parts = contained.map(|part| parts_of_client(client, [part]));
                new_role(name, built_in::role_description(name), parts)
            });
            of_clients.insert(client.to_owned(), roles.collect());
        }
    }

    /// The roles that are permissions on the realm. What is missing is added, also to the role that holds all of them.
    fn add_management_roles(&mut self, realm: &Realm) {
        let management = built_in::management_client(realm);
        let roles = self.roles.client.get_or_insert_default().entry(management.to_owned()).or_default();
        let missing: Vec<_> = Permission::ALL
            .into_iter()
            .filter(|permission| !roles.iter().any(|role| role.name.as_deref() == Some(permission.as_str())))
            .collect();
        for permission in &missing {
            let contained = built_in::PERMISSION_COMPOSITES.iter().filter(|(parent, _)| parent == permission);
            let parts: Vec<_> = contained.map(|(_, part)| part.as_str()).collect();
            let parts = (!parts.is_empty()).then(|| parts_of_client(management, parts));
            let name = permission.as_str();
            roles.push(new_role(name, built_in::role_description(name), parts));
        }
        let missing = missing.into_iter().map(Permission::as_str);
        if realm.is_master() {
            let of_realm = self.roles.realm.get_or_insert_default();
            let create = store::permissions::CREATE_REALM;
            let has_create = of_realm.iter().any(|role| role.name.as_deref() == Some(create));
            if !has_create {
                of_realm.push(new_role(create, built_in::role_description(create), None));
            }
            add_to_top(of_realm, built_in::ADMIN, management, missing, (!has_create).then_some(create));
        } else {
            add_to_top(roles, built_in::REALM_ADMIN, management, missing, None);
        }
    }

    /// The role that every user gets, with the roles that older exports name one by one.
    fn add_default_role(&mut self, services: &Services, realm: &Realm) -> (RoleId, String) {
        let of_realm = self.roles.realm.get_or_insert_default();
        for (name, key) in [("offline_access", "offline-access"), ("uma_authorization", "uma_authorization")] {
            if !of_realm.iter().any(|role| role.name.as_deref() == Some(name)) {
                of_realm.push(new_role(name, built_in::role_description(key), None));
            }
        }
        let usual = built_in::default_role_name(&realm.name);
        let named = self.default_role.take();
        let (given_id, name) = match named {
            Some(role) => (role.id, role.name.unwrap_or(usual)),
            None => (None, usual),
        };
        let at = of_realm.iter().position(|role| role.name.as_deref() == Some(name.as_str()));
        let mut role = match at {
            Some(at) => of_realm.remove(at),
            None => {
                let parts = Composites {
                    realm: Some(vec!["offline_access".to_owned(), "uma_authorization".to_owned()]),
                    ..parts_of_client("account", ["view-profile", "manage-account"])
                };
                let description = built_in::role_description("default-roles");
                RoleRepresentation { id: given_id, ..new_role(&name, description, Some(parts)) }
            }
        };
        if !self.default_roles.is_empty() {
            let legacy = std::mem::take(&mut self.default_roles);
            for name in &legacy {
                if !of_realm.iter().any(|role| role.name.as_ref() == Some(name)) {
                    of_realm.push(new_role(name, String::new(), None));
                }
            }
            role.composites.get_or_insert_default().realm.get_or_insert_default().extend(legacy);
        }
        let id = role.id.get_or_insert_with(|| services.new_id()).clone();
        of_realm.push(role);
        (RoleId(id), name)
    }

    /// Brings an export of an older Keycloak to what a present one would have made of it.
    pub(crate) fn migrate(&mut self, services: &Services, version: Option<&str>, report: &mut ImportReport) {
        /// From this version on, what tokens say of subject and login is a client scope's matter.
        const WITH_BASIC: u32 = 25;
        const BASIC: &str = "basic";
        let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
        let Some(scopes) = self.client_scopes.as_mut().filter(|_| major.is_some_and(|major| major < WITH_BASIC)) else {
            return;
        };
        if scopes.iter().any(|scope| scope.name.as_deref() == Some(BASIC)) {
            return;
        }
        let defaults = services.protocols.iter().flat_map(protocol::Protocol::default_client_scopes);
        let Some(basic) = defaults.into_iter().find(|default| default.scope.name == BASIC) else { return };
        scopes.push(new_scope(&basic));
        self.default_default_scopes.get_or_insert_default().push(BASIC.to_owned());
        let oidc = |client: &&mut ClientRepresentation| {
            client.protocol.as_deref().is_none_or(|protocol| protocol == basic.scope.protocol)
        };
        for client in self.clients.iter_mut().flatten().filter(oidc) {
            if let Some(scopes) = &mut client.default_client_scopes {
                scopes.push(BASIC.to_owned());
            }
        }
        let text = "an export of this version has no such client scope, without which tokens would have no subject; \
                    it was added, also to the clients";
        report.note(format!("clientScopes[{BASIC}]"), text);
    }
}

fn new_scope(default: &protocol::DefaultClientScope) -> ClientScopeRepresentation {
    let mut scope = ClientScopeRepresentation::of(&default.scope, &default.mappers);
    scope.id = None;
    scope.protocol_mappers.iter_mut().flatten().for_each(|mapper| mapper.id = None);
    scope
}

fn new_role(name: &str, description: String, composites: Option<Composites>) -> RoleRepresentation {
    RoleRepresentation {
        name: Some(name.to_owned()),
        description: Some(description).filter(|text| !text.is_empty()),
        composites,
        ..RoleRepresentation::default()
    }
}

fn parts_of_client<'a>(client: &str, names: impl IntoIterator<Item = &'a str>) -> Composites {
    let names = names.into_iter().map(str::to_owned).collect();
    Composites { client: Some(BTreeMap::from([(client.to_owned(), names)])), ..Composites::default() }
}

/// Adds permissions to the role that holds all of them; if there is none, it is made.
fn add_to_top<'a>(
    roles: &mut Vec<RoleRepresentation>,
    name: &str,
    management: &str,
    missing: impl Iterator<Item = &'a str>,
    of_realm: Option<&str>,
) {
    let at = roles.iter().position(|role| role.name.as_deref() == Some(name));
    let (mut role, names): (_, Vec<&str>) = match at {
        Some(at) => (roles.remove(at), missing.collect()),
        None => {
            (new_role(name, built_in::role_description(name), None), Permission::ALL.map(Permission::as_str).into())
        }
    };
    if !names.is_empty() || of_realm.is_some() {
        let composites = role.composites.get_or_insert_default();
        let of_client = composites.client.get_or_insert_default().entry(management.to_owned()).or_default();
        of_client.extend(names.into_iter().map(str::to_owned));
        composites.realm.get_or_insert_default().extend(of_realm.map(str::to_owned));
    }
    roles.push(role);
}
