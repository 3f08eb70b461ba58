//! Making a realm: keys, scopes, roles and clients in one transaction, and nothing outside the realm.

use std::collections::HashMap;

use model::{
    MultiAttributes,
    client_scope::ScopeAssignment,
    event::Operation,
    id::{ClientId, ClientScopeId, MapperId, RealmId, RoleId},
    permission::Permission,
    protocol_mapper::MapperOwner,
    realm::{Realm, RealmSettings},
    role::{Role, RoleContainer},
};
use representation::RealmRepresentation;
use serde_json::Value;
use store::{Tx, permissions::CREATE_REALM};

use super::{built_in, change, check_realm_name, given_id, record};
use crate::{
    Caller, Error, Result, Services, authentication, client_registration, clients, components, error::OnConflict,
    identity_providers, import_report::ImportReport, keys, localization, random, user_storage,
};

/// Makes a realm with what every realm has from the start.
///
/// # Errors
/// `Conflict` for a taken name or id, `Refused` for a bad name or for parts of an export that can't be taken over,
/// `Forbidden` without `create-realm`.
pub async fn create(services: &Services, caller: &Caller, given: RealmRepresentation) -> Result<Realm> {
    if !caller.create_realm {
        return Err(Error::Forbidden);
    }
    refuse_owned(&given)?;
    let (mut tx, realm) = insert(services, given).await?;
    record(services, &mut tx, caller, &realm, Operation::Create).await?;
    services.commit(tx).await?;
    grant_to_creator(services, caller, &realm).await?;
    Ok(realm)
}

/// A creator who may not do everything everywhere gets every permission on what they made.
async fn grant_to_creator(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    let Some(user) = &caller.user else { return Ok(()) };
    let mut tx = services.store.begin(caller.realm).await?;
    let held = store::permissions::grants_of_user(&mut tx, caller.realm, user).await?;
    let has_all = |permission: &Permission| {
        held.iter().any(|grant| grant.target.is_none() && grant.permission == permission.as_str())
    };
    if Permission::ALL.iter().all(has_all) {
        return Ok(());
    }
    let names = Permission::ALL.map(Permission::as_str);
    store::permissions::grant_user(&mut tx, user, realm.id, &names).await?;
    services.commit(tx).await
}

/// Nothing of what is given is dropped in silence: lists of things that a realm owns are refused by name.
fn refuse_owned(given: &RealmRepresentation) -> Result<()> {
    let Ok(Value::Object(fields)) = serde_json::to_value(given) else { return Ok(()) };
    let holds_something = |value: &Value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    };
    let named: Vec<_> = fields
        .iter()
        .filter(|(name, value)| change::OWNED.contains(&name.as_str()) && holds_something(value))
        .map(|(name, _)| name.as_str())
        .collect();
    if named.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!(
        "A realm is created with its settings; create these afterwards: {}. Nothing was created.",
        named.join(", ")
    )))
}

/// Makes a realm and leaves its transaction open, for those who add to it.
pub(crate) async fn insert(services: &Services, mut given: RealmRepresentation) -> Result<(Tx, Realm)> {
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
        default_role: RoleId(services.new_id()),
        enabled: false,
        settings: RealmSettings::default(),
        name,
    };
    change::apply(services, &mut realm, given)?;
    // An RSA key takes a tenth of a second: made before the transaction, so that nobody waits for it.
    let providers = components::default_key_providers(services, &realm);
    let mut generated = Vec::new();
    for provider in &providers {
        generated.push(components::generate_key(services, &realm, provider).await?);
    }
    let mut tx = services.store.begin(realm.id).await?;
    let exists = || format!("Realm {} already exists", realm.name);
    store::realms::insert(&mut tx, &realm, services.now())
        .await
        .on_conflict("realms_name_key", exists)
        .map_err(|error| error.on_conflict("realms_given_id_key", || Error::Conflict(exists())))?;
    for (provider, key) in providers.iter().zip(&generated) {
        store::components::insert(&mut tx, provider).await?;
        keys::keep(services, &mut tx, &provider.id, key).await?;
    }
    for policy in client_registration::default_components(services, &realm) {
        store::components::insert(&mut tx, &policy).await?;
    }
    keys::keep_authority(services, &mut tx, &realm).await?;
    insert_client_scopes(services, &mut tx).await?;
    insert_roles_and_clients(services, &mut tx, &realm).await?;
    let mut report = ImportReport::default();
    authentication::import(services, &mut tx, &mut realm, None, None, &mut report).await?;
    authentication::import_required_actions(&mut tx, None, &mut report).await?;
    identity_providers::import(services, &mut tx, &realm, None, None, &mut report).await?;
    user_storage::import(services, &mut tx, &realm, None, &mut report).await?;
    localization::import(&mut tx, None, &mut report).await?;
    if let Some(remark) = report.remarks().first() {
        // Nothing but a binding to a flow that isn't there can be remarked on here.
        return Err(Error::Refused(remark.to_string()));
    }
    Ok((tx, realm))
}

async fn insert_client_scopes(services: &Services, tx: &mut Tx) -> Result<()> {
    let (mut scopes, mut mappers, mut assigned) = (Vec::new(), Vec::new(), Vec::new());
    for default in services.protocols.iter().flat_map(protocol::Protocol::default_client_scopes) {
        let mut scope = default.scope;
        scope.id = ClientScopeId(services.new_id());
        for mut mapper in default.mappers {
            mapper.id = MapperId(services.new_id());
            mappers.push((MapperOwner::ClientScope(scope.id.clone()), mapper));
        }
        assigned.extend(default.assignment.map(|assignment: ScopeAssignment| (scope.id.clone(), assignment)));
        scopes.push(scope);
    }
    store::client_scopes::insert(tx, &scopes).await?;
    store::mappers::insert_owned(tx, &mappers).await?;
    Ok(store::client_scopes::set_defaults(tx, &assigned).await?)
}

async fn insert_roles_and_clients(services: &Services, tx: &mut Tx, realm: &Realm) -> Result<()> {
    let mut clients: HashMap<String, ClientId> = HashMap::new();
    for built_in in built_in::clients(realm) {
        let client = clients::insert(services, tx, realm, built_in).await?;
        clients.insert(client.client_id, client.id);
    }
    let role = |id: RoleId, container: RoleContainer, name: &str, description: String, composite: bool| Role {
        id,
        name: name.to_owned(),
        description: Some(description),
        container,
        attributes: MultiAttributes::new(),
        composite,
    };
    let of_client =
        |client: &str| clients.get(client).map_or(RoleContainer::Realm, |client| RoleContainer::Client(client.clone()));
    let default_name = built_in::default_role_name(&realm.name);
    let mut roles = vec![role(
        realm.default_role.clone(),
        RoleContainer::Realm,
        &default_name,
        built_in::role_description("default-roles"),
        true,
    )];
    let mut composites = Vec::new();
    for (name, key) in [("offline_access", "offline-access"), ("uma_authorization", "uma_authorization")] {
        let id = RoleId(services.new_id());
        composites.push((realm.default_role.clone(), id.clone()));
        roles.push(role(id, RoleContainer::Realm, name, built_in::role_description(key), false));
    }
    let mut of_clients: HashMap<&str, RoleId> = HashMap::new();
    for (client, name, contained) in built_in::CLIENT_ROLES {
        let id = RoleId(services.new_id());
        composites
            .extend(contained.and_then(|contained| of_clients.get(contained)).map(|child| (id.clone(), child.clone())));
        if ["view-profile", "manage-account"].contains(&name) {
            composites.push((realm.default_role.clone(), id.clone()));
        }
        roles.push(role(id.clone(), of_client(client), name, built_in::role_description(name), contained.is_some()));
        of_clients.insert(name, id);
    }
    let management = of_client(built_in::management_client(realm));
    let permissions: Vec<_> =
        Permission::ALL.into_iter().map(|permission| (permission, RoleId(services.new_id()))).collect();
    let role_of =
        |permission: Permission| permissions.iter().find(|(other, _)| *other == permission).map(|(_, id)| id.clone());
    for (permission, id) in &permissions {
        let name = permission.as_str();
        let composite = built_in::PERMISSION_COMPOSITES.iter().any(|(parent, _)| parent == permission);
        roles.push(role(id.clone(), management.clone(), name, built_in::role_description(name), composite));
    }
    composites.extend(
        built_in::PERMISSION_COMPOSITES
            .iter()
            .filter_map(|(parent, child)| Some((role_of(*parent)?, role_of(*child)?))),
    );
    let top = RoleId(services.new_id());
    let (top_name, top_container) = match realm.is_master() {
        true => (built_in::ADMIN, RoleContainer::Realm),
        false => (built_in::REALM_ADMIN, management.clone()),
    };
    roles.push(role(top.clone(), top_container, top_name, built_in::role_description(top_name), true));
    composites.extend(permissions.iter().map(|(_, id)| (top.clone(), id.clone())));
    let create_realm = realm.is_master().then(|| RoleId(services.new_id()));
    if let Some(id) = &create_realm {
        let description = built_in::role_description(CREATE_REALM);
        roles.push(role(id.clone(), RoleContainer::Realm, CREATE_REALM, description, false));
        composites.push((top.clone(), id.clone()));
    }
    store::roles::insert_all(tx, &roles).await?;
    store::roles::add_composites(tx, &composites).await?;
    let grants: Vec<_> = permissions.iter().map(|(permission, id)| (id.clone(), permission.as_str())).collect();
    store::permissions::grant_roles(tx, Some(realm.id), &grants).await?;
    if let Some(create_realm) = create_realm {
        // Administrators of master may do everything to every realm, those to come too.
        let everywhere: Vec<_> =
            Permission::ALL.into_iter().map(|permission| (top.clone(), permission.as_str())).collect();
        store::permissions::grant_roles(tx, None, &everywhere).await?;
        store::permissions::grant_roles(tx, None, &[(create_realm, CREATE_REALM)]).await?;
    }
    Ok(())
}
