//! OpenID Connect: discovery, JWKS, the token endpoint with one file per grant, and what the protocol declares.
//!
//! Requests go straight down: [`routes`] reads them, `services` and `login` decide, and the answer is built here. Nothing
//! of another protocol is known in here.

mod audit;
mod authentication;
mod certs;
mod claims;
mod client_check;
mod default_scopes;
mod discovery;
mod endpoint;
mod form;
mod grants;
mod installation;
mod logout;
mod mapper_check;
mod mapper_kinds;
mod published_realm;
mod refusal;
mod routes;
mod scope;
mod tokens;

use model::{client::Client, problem::Problem, protocol_mapper::ProtocolMapper};
use protocol::{DefaultClientScope, Installation, InstallationContext, InstallationFile, MapperKind, Protocol};

pub use routes::routes;

/// What OpenID Connect declares to the core.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenIdConnect;

impl Protocol for OpenIdConnect {
    fn id(&self) -> &'static str {
        model::client::OPENID_CONNECT
    }

    fn mapper_kinds(&self) -> &'static [MapperKind] {
        mapper_kinds::KINDS
    }

    fn check_mapper(&self, mapper: &ProtocolMapper) -> Vec<Problem> {
        mapper_check::check(mapper)
    }

    fn default_client_scopes(&self) -> Vec<DefaultClientScope> {
        default_scopes::all()
    }

    fn check_client(&self, client: &Client) -> Vec<Problem> {
        client_check::check(client)
    }

    fn further_names(&self, _: &Client) -> Vec<String> {
        Vec::new()
    }

    fn installations(&self) -> &'static [Installation] {
        &installation::ALL
    }

    fn installation(&self, id: &str, context: &InstallationContext<'_>) -> Option<Result<InstallationFile, String>> {
        installation::make(id, context)
    }
}
