//! The client scopes of an import, and which of them new clients get.

use std::collections::HashSet;

use model::{
    client::OPENID_CONNECT,
    client_scope::{ClientScope, ScopeAssignment},
    id::ClientScopeId,
    protocol_mapper::MapperOwner,
};
use representation::ClientScopeRepresentation;
use store::Tx;

use super::{check, taken};
use crate::{
    Error, Result, Services,
    error::OnConflict as _,
    import_report::ImportReport,
    mappers,
    realms::{given_id, given_name, import::Names},
};

/// Stores client scopes with their mappers, and lets them be found by name.
///
/// # Errors
/// `Conflict` for a name that is given twice or taken.
pub(crate) async fn import(
    services: &Services,
    tx: &mut Tx,
    given: Vec<ClientScopeRepresentation>,
    names: &mut Names,
    report: &mut ImportReport,
) -> Result<()> {
    let mut seen = HashSet::new();
    let (mut scopes, mut owned) = (Vec::new(), Vec::new());
    for given in given {
        let name = given_name("name", given.name.unwrap_or_default())?;
        let path = format!("clientScopes[{name}]");
        let present = names.scopes.get(&name).map(|(id, _)| id.0.clone());
        let scope = ClientScope {
            id: ClientScopeId(given_id(services, present.or(given.id))?),
            description: given.description,
            protocol: given.protocol.unwrap_or_else(|| OPENID_CONNECT.to_owned()),
            attributes: given.attributes.unwrap_or_default(),
            name,
        };
        if services.protocols.get(&scope.protocol).is_none() {
            report.note(&path, format!("the protocol {} is not offered here; left out", scope.protocol));
            continue;
        }
        if report.kept(&path, check(services, &scope))?.is_none() {
            continue;
        }
        if !seen.insert(scope.name.clone()) || !seen.insert(format!("id {}", scope.id)) {
            return Err(Error::Conflict(taken(&scope.name)()));
        }
        let own = mappers::import::prepare(
            services,
            given.protocol_mappers.unwrap_or_default(),
            &scope.protocol,
            &path,
            report,
        )?;
        let owner = MapperOwner::ClientScope(scope.id.clone());
        owned.extend(own.into_iter().map(|mapper| (owner.clone(), mapper)));
        names.scopes.insert(scope.name.clone(), (scope.id.clone(), scope.protocol.clone()));
        scopes.push(scope);
    }
    let name_taken = || "A client scope of an import has the name of another one".to_owned();
    store::transfer::scopes::put(tx, &scopes).await.on_conflict("client_scopes_name", name_taken)?;
    mappers::import::put(tx, &owned).await
}

/// Makes the client scopes that new clients get exactly those with these names.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import_defaults(
    tx: &mut Tx,
    assignment: ScopeAssignment,
    given: Vec<String>,
    names: &Names,
    report: &mut ImportReport,
) -> Result<()> {
    let field = match assignment {
        ScopeAssignment::Default => "defaultDefaultClientScopes",
        ScopeAssignment::Optional => "defaultOptionalClientScopes",
    };
    let mut scopes = Vec::new();
    for name in given {
        match names.scopes.get(&name) {
            Some((id, _)) => scopes.push(id.clone()),
            None => report.note(format!("{field}[{name}]"), "there is no such client scope; left out"),
        }
    }
    scopes.sort_unstable();
    scopes.dedup();
    Ok(store::transfer::scopes::replace_defaults(tx, assignment, &scopes).await?)
}
