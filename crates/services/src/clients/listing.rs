//! The clients of a realm, page by page.

use model::realm::Realm;
use store::clients::listing::Narrowed;

pub use store::clients::listing::{ListedClient, Order};

use super::{LIST, VIEW};
use crate::{
    Caller, Result, Services,
    listing::{self, Direction, Listed, Page},
};

/// What a list of clients is narrowed to. Absent parts don't narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// A part of the `clientId` or the name, in any case.
    pub text: Option<String>,
    /// The login protocol.
    pub protocol: Option<String>,
    /// May be used, or may not.
    pub enabled: Option<bool>,
}

/// Clients of a realm in an order. A caller who may only query sees no settings but the name.
///
/// # Errors
/// `Forbidden` without `query-clients`, `view-clients` or `manage-clients`.
pub async fn page(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    query: &Query,
    (order, direction): (Order, Direction),
    page: Page,
) -> Result<Listed<ListedClient>> {
    caller.require(LIST)?;
    let (Ok(text), Ok(protocol)) = (listing::text(query.text.as_deref()), listing::text(query.protocol.as_deref()))
    else {
        return Ok(Listed::empty());
    };
    let narrowed = Narrowed { text, protocol, enabled: query.enabled };
    let order = (order, direction.is_descending());
    let mut searching = services.store.searching().await?;
    let mut found =
        store::clients::listing::listing(&mut searching, realm.id, &narrowed, order, page.first(), page.asked())
            .await?;
    searching.end().await?;
    if !caller.may(VIEW) {
        for client in &mut found {
            let name = client.settings.name.take();
            client.settings = model::client::ClientSettings { name, ..Default::default() };
        }
    }
    Ok(page.of(found))
}
