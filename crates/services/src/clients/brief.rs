//! Clients without their mappers and secrets, for those who look at settings or at names alone.

use model::{
    client::{Client, ClientSettings},
    id::ClientId,
    realm::Realm,
};
use store::clients::Filter;

use super::{LIST, VIEW};
use crate::{Caller, Result, Services, What, error::Found};

/// Clients that pass `filter`, by `clientId`, without their mappers and secrets. A caller who may only query sees no
/// settings, and can look for names alone.
///
/// # Errors
/// `Forbidden` without `query-clients`, `view-clients` or `manage-clients`.
pub async fn brief(services: &Services, caller: &Caller, realm: &Realm, filter: &Filter) -> Result<Vec<Client>> {
    caller.require(LIST)?;
    let mut conn = services.store.read().await?;
    if caller.may(VIEW) {
        return Ok(store::clients::list(&mut conn, realm.id, filter).await?);
    }
    let by_name = Filter {
        client_id: filter.client_id.clone(),
        substring: filter.substring,
        from_end: filter.from_end,
        first: filter.first,
        max: filter.max,
        ..Filter::default()
    };
    let named = |client: Client| Client {
        id: client.id,
        client_id: client.client_id,
        protocol: client.protocol,
        enabled: client.enabled,
        settings: ClientSettings::default(),
        attributes: model::Attributes::new(),
        default_scopes: Vec::new(),
        optional_scopes: Vec::new(),
    };
    Ok(store::clients::list(&mut conn, realm.id, &by_name).await?.into_iter().map(named).collect())
}

/// One client without its mappers and its secret.
///
/// # Errors
/// As [`get`].
pub async fn find(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId) -> Result<Client> {
    caller.require(LIST)?;
    let client = store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client)?;
    caller.require(VIEW)?;
    Ok(client)
}
