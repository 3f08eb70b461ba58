//! What is to be said of one client before somebody relies on it: of one that is there, or of one that is being thought of.

use model::{client::Client, id::ClientId, realm::Realm};
use representation::ClientRepresentation;

use super::{MANAGE, change, draft, find};
use crate::{
    Caller, Result, Services,
    posture::{ClientFacts, Finding, of_client},
};

/// What the rules of posture say of a client, the worst first.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-clients` or `manage-clients`.
pub async fn examine(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
) -> Result<(Client, Vec<Finding>)> {
    let client = find(services, caller, realm, id).await?;
    let privileged = match client.settings.service_accounts_enabled {
        true => {
            let mut conn = services.store.read().await?;
            !store::permissions::privileged_clients(&mut conn, realm.id, std::slice::from_ref(id)).await?.is_empty()
        }
        false => false,
    };
    let facts = ClientFacts { realm: &realm.name, client: &client, privileged, now: services.now() };
    let findings = of_client(&facts);
    Ok((client, findings))
}

/// What the rules of posture would say of a client that isn't there yet. Nothing is written, and whether its name is free
/// is not asked.
///
/// # Errors
/// `Invalid` or `Refused` as its creation would be, or `Forbidden` without `manage-clients`.
pub fn try_out(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: ClientRepresentation,
) -> Result<(Client, Vec<Finding>)> {
    caller.require(MANAGE)?;
    let client = draft(ClientId(services.new_id()), given)?;
    change::check(services, &client)?;
    let facts = ClientFacts { realm: &realm.name, client: &client, privileged: false, now: services.now() };
    let findings = of_client(&facts);
    Ok((client, findings))
}
