//! The roles that an import maps to clients and client scopes.

use std::collections::{BTreeMap, HashSet};

use model::{protocol_mapper::MapperOwner, role::RoleName};
use representation::ScopeMappingRepresentation;
use store::Tx;

use crate::{Result, import_report::ImportReport, realms::import::Names, roles::import::shown};

/// Mappings by the client that defines the roles.
pub(crate) type OfClients = BTreeMap<String, Vec<ScopeMappingRepresentation>>;

/// Maps roles: realm roles, and those of clients. Of an owner that is named, the roles of the named place become exactly
/// the given ones.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import(
    tx: &mut Tx,
    of_realm: Vec<ScopeMappingRepresentation>,
    of_clients: OfClients,
    names: &Names,
    report: &mut ImportReport,
) -> Result<()> {
    let of_realm = of_realm.into_iter().map(|given| (None, given));
    let of_clients =
        of_clients.into_iter().flat_map(|(client, all)| all.into_iter().map(move |one| (Some(client.clone()), one)));
    let (mut places, mut mappings) = (HashSet::new(), Vec::new());
    for (client, given) in of_realm.chain(of_clients) {
        let owner = match (&given.client, &given.client_scope) {
            (Some(owner), _) => names.client(owner).cloned().map(MapperOwner::Client),
            (None, Some(scope)) => names.scopes.get(scope).map(|(id, _)| MapperOwner::ClientScope(id.clone())),
            (None, None) => None,
        };
        let named = given.client.or(given.client_scope).or(given.client_template).unwrap_or_default();
        let path = match &client {
            None => format!("scopeMappings[{named}]"),
            Some(client) => format!("clientScopeMappings.{client}[{named}]"),
        };
        let place = match &client {
            None => Some(None),
            Some(client) => names.client(client).map(|id| Some(id.clone())),
        };
        let (Some(owner), Some(place)) = (owner, place) else {
            report.note(path, "there is no such client or client scope; left out");
            continue;
        };
        places.insert((owner.clone(), place));
        for name in given.roles.unwrap_or_default() {
            let name = RoleName { client: client.clone(), name };
            match names.roles.get(&name) {
                Some(role) => mappings.push((owner.clone(), role.clone())),
                None => report.note(&path, format!("{} is not there; left out", shown(&name))),
            }
        }
    }
    let places: Vec<_> = places.into_iter().collect();
    store::transfer::scopes::unmap_roles(tx, &places).await?;
    Ok(store::transfer::scopes::map_roles(tx, &mappings).await?)
}
