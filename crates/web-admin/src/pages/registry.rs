//! Registries: connecting one, and the pages of a registry's client that no other client has.

mod evaluate;
mod installation;
mod permissions;
mod requests;
mod rule;
mod wizard;

use model::{
    client::{Client, DOCKER_V2},
    id::ClientId,
};
use services::{Error, What, clients};

use crate::{Console, refusal::Refusal, routes::Routes};

pub(crate) fn routes(routes: &mut Routes) {
    wizard::routes(routes);
    permissions::routes(routes);
    evaluate::routes(routes);
    installation::routes(routes);
    requests::routes(routes);
}

/// The client of a registry's page; other clients have no such page.
async fn registry(console: &Console, id: &ClientId) -> Result<Client, Refusal> {
    let client = clients::find(&console.services, &console.caller, console.realm()?, id).await?;
    if client.protocol == DOCKER_V2 { Ok(client) } else { Err(Error::NotFound(What::Client).into()) }
}
