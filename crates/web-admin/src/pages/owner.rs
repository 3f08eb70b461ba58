//! Clients and client scopes have mappers and scope mappings alike: whose a page is about.

use actix_web::web::Path;
use model::{
    client::Client,
    id::{ClientId, ClientScopeId, MapperId},
    protocol_mapper::MapperOwner,
};
use serde::Deserialize;
use services::{client_scopes, clients};

use super::clients::tabs::{self, Tabs};
use crate::{Console, refusal::Refusal};

/// The names in the path of such a page; one of the first two is there.
#[derive(Debug, Deserialize)]
pub(super) struct Names {
    client: Option<ClientId>,
    scope: Option<ClientScopeId>,
    mapper: Option<MapperId>,
}

/// The path of such a page.
pub(super) type OwnerPath = Path<Names>;

impl Names {
    /// The mapper.
    pub(super) fn mapper(&self) -> MapperId {
        self.mapper.clone().unwrap_or_else(|| MapperId(String::new()))
    }
}

/// A client or a client scope.
pub(super) struct Owner {
    /// For the services.
    pub(super) owner: MapperOwner,
    /// Its name.
    pub(super) name: String,
    /// Its protocol.
    pub(super) protocol: String,
    /// Its path, without a slash at its end.
    pub(super) path: String,
    /// The frame of the page.
    pub(super) tabs: Tabs,
    /// The client, if it is one.
    pub(super) client: Option<Client>,
}

impl Owner {
    /// The owner whose page at `current` is asked for.
    pub(super) async fn of(console: &Console, names: &Names, current: &str) -> Result<Self, Refusal> {
        let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
        if let Some(id) = &names.scope {
            let (scope, _) = client_scopes::get(services, caller, realm, id).await?;
            return Ok(Self {
                owner: MapperOwner::ClientScope(id.clone()),
                path: tabs::scope_path(console, &scope, ""),
                tabs: Tabs::of_scope(console, &scope, current),
                protocol: scope.protocol,
                name: scope.name,
                client: None,
            });
        }
        let id = names.client.clone().unwrap_or_else(|| ClientId(String::new()));
        let client = clients::find(services, caller, realm, &id).await?;
        Ok(Self {
            owner: MapperOwner::Client(id),
            name: client.client_id.clone(),
            protocol: client.protocol.clone(),
            path: tabs::path(console, &client, ""),
            tabs: Tabs::of(console, &client, current),
            client: Some(client),
        })
    }
}

/// The patterns of the two kinds of paths, with `rest` behind them.
pub(super) fn patterns(rest: &str) -> [String; 2] {
    [format!("/clients/{{client}}{rest}"), format!("/client-scopes/{{scope}}{rest}")]
}
