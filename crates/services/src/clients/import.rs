//! The clients of an import.

use std::collections::HashSet;

use model::{
    Attributes,
    client::{Client, OPENID_CONNECT},
    client_scope::ScopeAssignment,
    id::{ClientId, ClientScopeId},
    protocol_mapper::MapperOwner,
    realm::Realm,
    role::RoleName,
    secret::Secret,
};
use representation::{ClientRepresentation, MASK};
use store::{Tx, transfer::clients::NewClient};

use super::{change, initial_settings, mend::mend, secret};
use crate::{
    Error, Result, Services,
    import_report::ImportReport,
    mappers,
    realms::{given_id, import::Names},
};

/// The client scope of what tokens of a service account tell about it.
const SERVICE_ACCOUNT_SCOPE: &str = "service_account";

/// What follows from the clients of an import for the other parts of it.
#[derive(Debug, Default)]
pub(crate) struct Imported {
    /// The clients that act for themselves, with their `clientId`.
    pub(crate) with_account: Vec<(ClientId, String)>,
    /// Roles that an old export gives to every user at the client that defines them.
    pub(crate) default_roles: Vec<RoleName>,
}

/// Stores clients with their mappers and client scopes, and lets them be found by name. `defaults` are the client scopes
/// of clients that name none.
///
/// # Errors
/// `Conflict` for a name that is given twice or taken.
pub(crate) async fn import(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    given: Vec<ClientRepresentation>,
    defaults: &[(ClientScopeId, ScopeAssignment)],
    names: &mut Names,
    report: &mut ImportReport,
) -> Result<Imported> {
    let mut imported = Imported::default();
    let (mut clients, mut owned, mut assigned) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for mut given in given {
        let client_id = given.client_id.clone().or_else(|| given.id.clone()).unwrap_or_default();
        let path = format!("clients[{client_id}]");
        note_what_is_not_there(&given, &path, report);
        if let Some(protocol) = given.protocol.as_deref().filter(|name| services.protocols.get(name).is_none()) {
            report.note(&path, format!("the protocol {protocol} is not offered here; left out"));
            continue;
        }
        let present = names.client(&client_id).map(|id| id.0.clone());
        let id = ClientId(given_id(services, present.or(given.id.take()))?);
        let given_mappers = given.protocol_mappers.take().unwrap_or_default();
        let given_secret = given.secret.take().map(|secret| Secret::new(secret.into_inner()));
        let given_scopes = (given.default_client_scopes.take(), given.optional_client_scopes.take());
        let default_roles = given.default_roles.take().unwrap_or_default();
        let mut client = Client {
            client_id: id.0.clone(),
            id,
            protocol: OPENID_CONNECT.to_owned(),
            enabled: true,
            settings: initial_settings(&given),
            attributes: Attributes::new(),
            default_scopes: Vec::new(),
            optional_scopes: Vec::new(),
        };
        change::apply(&mut client, given)?;
        if !mend(services, &mut client, &path, report) {
            continue;
        }
        if !seen.insert(client.client_id.clone()) || !seen.insert(format!("id {}", client.id)) {
            return Err(Error::Conflict(format!("Client {} already exists", client.client_id)));
        }
        let sealed_secret = sealed_secret(services, realm, &mut client, given_secret, &path, report)?;
        let own = mappers::import::prepare(services, given_mappers, &client.protocol, &path, report)?;
        let owner = MapperOwner::Client(client.id.clone());
        owned.extend(own.into_iter().map(|mapper| (owner.clone(), mapper)));
        assigned.extend(scopes_of(&client, given_scopes, defaults, names, &path, report));
        names.clients.insert(client.client_id.clone(), (client.id.clone(), client.protocol.clone()));
        if client.settings.service_accounts_enabled {
            imported.with_account.push((client.id.clone(), client.client_id.clone()));
        }
        let name = |name: String| RoleName { client: Some(client.client_id.clone()), name };
        imported.default_roles.extend(default_roles.into_iter().map(name));
        clients.push(NewClient { further_names: change::further_names(services, &client), client, sealed_secret });
    }
    store::transfer::clients::put(tx, &clients, services.now()).await.map_err(|error| taken(error.into()))?;
    mappers::import::put(tx, &owned).await?;
    let ids: Vec<_> = clients.into_iter().map(|new| new.client.id).collect();
    store::transfer::clients::replace_scopes(tx, &ids, &assigned).await?;
    Ok(imported)
}

fn taken(error: Error) -> Error {
    let named = |text: &'static str| move || Error::Conflict(text.to_owned());
    error
        .on_conflict("clients_client_id", named("A client of the import has the clientId of another one"))
        .on_conflict("clients_pkey", named("A client of the import has the id of another one"))
        .on_conflict("client_names_pkey", named("Two clients answer to one name, further service names included"))
}

/// Notes parts of a client that nothing here is made for.
fn note_what_is_not_there(given: &ClientRepresentation, path: &str, report: &mut ImportReport) {
    let authorization = given.authorization_settings.as_ref().is_some_and(|settings| !settings.is_null());
    if given.authorization_services_enabled == Some(true) || authorization {
        report.note(format!("{path}.authorizationSettings"), "there are no authorization services here; left out");
    }
    let replaced = given.client_template.is_some()
        || given.use_template_config.is_some()
        || given.use_template_scope.is_some()
        || given.use_template_mappers.is_some();
    for (field, is_given, reason) in [
        (
            "registeredNodes",
            given.registered_nodes.as_ref().is_some_and(|nodes| !nodes.is_empty()),
            "nodes register anew",
        ),
        ("registrationAccessToken", given.registration_access_token.is_some(), "a new one can be drawn"),
        ("type", given.r#type.is_some(), "there are no types of clients here"),
        (
            "directGrantsOnly",
            given.direct_grants_only.is_some(),
            "standardFlowEnabled and directAccessGrantsEnabled say it",
        ),
        ("clientTemplate", replaced, "client scopes replaced templates"),
    ] {
        if is_given {
            report.note(format!("{path}.{field}"), format!("{reason}; left out"));
        }
    }
    let empty =
        given.attributes.iter().flat_map(|attributes| attributes.expose()).filter(|(_, value)| value.is_empty());
    for (name, _) in empty {
        report.note(format!("{path}.attributes.{name}"), "it is empty, which is the same as absent");
    }
}

/// The secret that the client keeps, sealed: the given one, or a new one.
fn sealed_secret(
    services: &Services,
    realm: &Realm,
    client: &mut Client,
    given: Option<Secret>,
    path: &str,
    report: &mut ImportReport,
) -> Result<Option<String>> {
    let path = format!("{path}.secret");
    let given = given.filter(|secret| !secret.expose().is_empty());
    if !secret::has_secret(client) {
        if given.is_some_and(|secret| secret.expose() != MASK) {
            report.note(path, "a client of this kind keeps no secret; left out");
        }
        return Ok(None);
    }
    let secret = match given {
        Some(secret) if secret.expose() != MASK => secret,
        masked => {
            let why = if masked.is_some() { "it is masked" } else { "it is missing" };
            report.note(path, format!("{why}; a new secret was made"));
            secret::new_secret(services)
        }
    };
    let now = services.now().unix_timestamp().to_string();
    client.attributes.entry(secret::SECRET_CREATED.to_owned()).or_insert(now);
    secret::seal(services, realm, &client.id, &secret).map(Some)
}

/// The client scopes that a client gets: those that it names, in its protocol, or those of every new client.
fn scopes_of(
    client: &Client,
    given: (Option<Vec<String>>, Option<Vec<String>>),
    defaults: &[(ClientScopeId, ScopeAssignment)],
    names: &Names,
    path: &str,
    report: &mut ImportReport,
) -> Vec<(ClientId, ClientScopeId, ScopeAssignment)> {
    let of_protocol: HashSet<&ClientScopeId> =
        names.scopes.values().filter(|(_, protocol)| *protocol == client.protocol).map(|(id, _)| id).collect();
    let assign = |id: &ClientScopeId, assignment| (client.id.clone(), id.clone(), assignment);
    if let (None, None) = given {
        let usual = defaults.iter().filter(|(id, _)| of_protocol.contains(id));
        let account = names.scopes.get(SERVICE_ACCOUNT_SCOPE).map(|(id, _)| id);
        let account = account.filter(|id| client.settings.service_accounts_enabled && of_protocol.contains(id));
        return usual
            .map(|(id, assignment)| assign(id, *assignment))
            .chain(account.map(|id| assign(id, ScopeAssignment::Default)))
            .collect();
    }
    let mut assigned = Vec::new();
    let lists = [
        ("defaultClientScopes", given.0, ScopeAssignment::Default),
        ("optionalClientScopes", given.1, ScopeAssignment::Optional),
    ];
    for (field, list, assignment) in lists {
        for name in list.unwrap_or_default() {
            match names.scopes.get(&name).map(|(id, _)| id).filter(|id| of_protocol.contains(id)) {
                Some(id) => assigned.push(assign(id, assignment)),
                None => report.note(
                    format!("{path}.{field}[{name}]"),
                    format!("there is no such client scope for {}; left out", client.protocol),
                ),
            }
        }
    }
    assigned
}
