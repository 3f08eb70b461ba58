//! The client scopes that a registration asks for.

use std::collections::BTreeSet;

use model::{client::Client, client_scope::ScopeAssignment, realm::Realm};
use representation::ClientRepresentation;
use store::Tx;

use super::refusal::{Refusal, Result};

/// The most client scopes that a registration may name.
const MOST_SCOPES: usize = 200;

/// The names that a client shall have.
#[derive(Debug)]
pub(super) struct Wanted {
    default: Vec<String>,
    optional: Vec<String>,
}

/// What a new client shall have. Where only the optional ones are named, it has the usual ones of the realm as default;
/// those named again stay default. None if nothing is named.
pub(super) async fn of_new(tx: &mut Tx, realm: &Realm, given: &mut ClientRepresentation) -> Result<Option<Wanted>> {
    if given.default_client_scopes.is_none() && given.optional_client_scopes.is_some() {
        let usual = store::client_scopes::defaults(tx, realm.id, ScopeAssignment::Default).await?;
        let of_protocol = usual.into_iter().filter(|scope| scope.protocol == model::client::OPENID_CONNECT);
        given.default_client_scopes = Some(of_protocol.map(|scope| scope.name).collect());
    }
    let wanted = wanted(given, &[], &[])?;
    if let Some(wanted) = &wanted {
        given.default_client_scopes = Some(wanted.default.clone());
        given.optional_client_scopes = Some(wanted.optional.clone());
    }
    Ok(wanted)
}

/// What a known client shall have; a list that is not named stays as it is.
pub(super) fn of_known(given: &mut ClientRepresentation, client: &Client) -> Result<Option<Wanted>> {
    wanted(given, &client.default_scopes, &client.optional_scopes)
}

fn wanted(given: &mut ClientRepresentation, default: &[String], optional: &[String]) -> Result<Option<Wanted>> {
    let (new_default, new_optional) = (given.default_client_scopes.take(), given.optional_client_scopes.take());
    if new_default.is_none() && new_optional.is_none() {
        return Ok(None);
    }
    let default = new_default.unwrap_or_else(|| default.to_vec());
    let mut optional = new_optional.unwrap_or_else(|| optional.to_vec());
    optional.retain(|name| !default.contains(name));
    if default.len() + optional.len() > MOST_SCOPES {
        return Err(Refusal::InvalidMetadata(format!("At most {MOST_SCOPES} client scopes are possible")));
    }
    if default.iter().chain(&optional).any(|name| name.contains('\0')) {
        return Err(Refusal::InvalidMetadata("A client scope's name must not hold the NUL character".to_owned()));
    }
    Ok(Some(Wanted { default, optional }))
}

/// Gives a client these client scopes and no others, but the one that comes with a service account.
pub(super) async fn assign(tx: &mut Tx, client: &Client, wanted: &Wanted) -> Result<()> {
    store::client_scopes::unassign_all(tx, &client.id).await?;
    let mut default = wanted.default.clone();
    if client.settings.service_accounts_enabled {
        default.push("service_account".to_owned());
    }
    store::client_scopes::assign_by_name(tx, &client.id, &default, ScopeAssignment::Default).await?;
    store::client_scopes::assign_by_name(tx, &client.id, &wanted.optional, ScopeAssignment::Optional).await?;
    Ok(())
}

/// Goes on only if the client got everything that was asked for: a name that nobody knows would be refused at each
/// login.
pub(super) fn require_all(wanted: Option<Wanted>, client: &Client) -> Result<()> {
    let Some(wanted) = wanted else { return Ok(()) };
    let has: BTreeSet<_> = client.default_scopes.iter().chain(&client.optional_scopes).collect();
    match wanted.default.iter().chain(&wanted.optional).find(|name| !has.contains(name)) {
        Some(name) => Err(Refusal::InvalidMetadata(format!("There is no client scope {name}"))),
        None => Ok(()),
    }
}
