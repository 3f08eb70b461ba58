//! The roles of an import, of the realm and of its clients, and what they contain.

use std::collections::{BTreeMap, HashSet};

use model::{
    id::RoleId,
    role::{Role, RoleContainer, RoleName},
};
use representation::{Composites, RoleRepresentation, RolesRepresentation};
use store::Tx;

use super::input;
use crate::{
    Error, Result, Services,
    error::OnConflict as _,
    import_report::ImportReport,
    realms::{given_id, given_name, import::Names},
};

/// Where a role of an import stands, for its report.
pub(crate) fn path_of(name: &RoleName) -> String {
    match &name.client {
        None => format!("roles.realm[{}]", name.name),
        Some(client) => format!("roles.client.{client}[{}]", name.name),
    }
}

/// All roles of an import by place, those under deprecated names too.
pub(crate) fn all(given: RolesRepresentation) -> impl Iterator<Item = (Option<String>, RoleRepresentation)> {
    let of_realm = given.realm.unwrap_or_default().into_iter().map(|role| (None, role));
    let of_clients = given.client.unwrap_or_default().into_iter().chain(given.application.unwrap_or_default());
    of_realm
        .chain(of_clients.flat_map(|(client, roles)| roles.into_iter().map(move |role| (Some(client.clone()), role))))
}

/// Stores roles with what they contain, and lets them be found by name. The parts of a role that says nothing of them stay
/// as they are.
///
/// # Errors
/// `Conflict` for a name that is given twice or taken, `Invalid` for one that can't be.
pub(crate) async fn import(
    services: &Services,
    tx: &mut Tx,
    given: RolesRepresentation,
    names: &mut Names,
    report: &mut ImportReport,
) -> Result<()> {
    let mut seen = HashSet::new();
    let mut without_client: BTreeMap<String, usize> = BTreeMap::new();
    let (mut roles, mut composites) = (Vec::new(), Vec::new());
    for (client, given) in all(given) {
        let container = match client.as_ref().map(|client| names.client(client)) {
            None => RoleContainer::Realm,
            Some(Some(id)) => RoleContainer::Client(id.clone()),
            Some(None) => {
                *without_client.entry(client.unwrap_or_default()).or_default() += 1;
                continue;
            }
        };
        let name = RoleName { client, name: given_name("role", given.name.unwrap_or_default())? };
        let path = path_of(&name);
        if given.scope_param_required == Some(true) {
            report.note(format!("{path}.scopeParamRequired"), "client scopes replaced it; left out");
        }
        let present = names.roles.get(&name).map(|id| id.0.clone());
        let id = RoleId(given_id(services, present.or(given.id))?);
        if !seen.insert(path.clone()) || !seen.insert(format!("id {id}")) {
            return Err(Error::Conflict(format!("Role with name {} already exists", name.name)));
        }
        let description = given.description.map(|text| report.kept(&path, input::description(text))).transpose()?;
        let attributes = given.attributes.map(|given| report.kept(&path, input::attributes(given))).transpose()?;
        names.roles.insert(name.clone(), id.clone());
        composites.extend(given.composites.map(|parts| (id.clone(), path, parts)));
        roles.push(Role {
            id,
            name: name.name,
            description: description.flatten(),
            container,
            attributes: attributes.flatten().unwrap_or_default(),
            composite: false,
        });
    }
    for (client, count) in without_client {
        report.note(format!("roles.client.{client}"), format!("{count} roles of a client that is not there; left out"));
    }
    store::transfer::roles::put(tx, &roles)
        .await
        .on_conflict("roles_name", || "A role of the import has the name of another one".to_owned())
        .map_err(|error| {
            error.on_conflict("roles_pkey", || Error::Conflict("A role of the import has another one's id".to_owned()))
        })?;
    let parents: Vec<_> = composites.iter().map(|(id, ..)| id.clone()).collect();
    let mut parts = Vec::new();
    for (parent, path, given) in composites {
        for name in named(given) {
            match names.roles.get(&name) {
                Some(child) => parts.push((parent.clone(), child.clone())),
                None => report.note(format!("{path}.composites"), format!("{} is not there; left out", shown(&name))),
            }
        }
    }
    Ok(store::transfer::roles::replace_composites(tx, &parents, &parts).await?)
}

/// The roles that a list of parts names.
pub(crate) fn named(given: Composites) -> impl Iterator<Item = RoleName> {
    let of_clients = given.client.unwrap_or_default().into_iter().chain(given.application.unwrap_or_default());
    role_names(given.realm.unwrap_or_default(), of_clients)
}

/// Roles by their names: of the realm, and of clients.
pub(crate) fn role_names(
    of_realm: Vec<String>,
    of_clients: impl Iterator<Item = (String, Vec<String>)>,
) -> impl Iterator<Item = RoleName> {
    let of_realm = of_realm.into_iter().map(|name| RoleName { client: None, name });
    of_realm.chain(
        of_clients.flat_map(|(client, names)| {
            names.into_iter().map(move |name| RoleName { client: Some(client.clone()), name })
        }),
    )
}

/// A role's name for people.
pub(crate) fn shown(name: &RoleName) -> String {
    match &name.client {
        None => format!("the role {}", name.name),
        Some(client) => format!("the role {} of {client}", name.name),
    }
}
