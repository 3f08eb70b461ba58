//! OpenID Connect: its endpoints, the token endpoint with one file per grant, and what the protocol declares.
//!
//! Requests go straight down: [`routes`] reads them, `services` and `login` decide, and the answer is built here. Nothing
//! of another protocol is known in here.

mod access_token;
mod audit;
mod authentication;
mod authorize;
mod certs;
mod claims;
mod client_check;
mod default_scopes;
mod device;
mod discovery;
mod endpoint;
mod examples;
mod form;
#[cfg(any(test, feature = "fuzz"))]
pub mod fuzz;
mod grants;
mod id_token_hint;
mod installation;
mod introspect;
mod login_status;
mod logout;
mod logout_notice;
mod mapper_check;
mod mapper_kinds;
mod pkce;
mod prepared;
mod published_realm;
mod redirect_uri;
mod refusal;
mod registration;
mod revoke;
mod routes;
mod scope;
mod tokens;
mod userinfo;

use std::collections::BTreeSet;

use model::{client::Client, problem::Problem, protocol_mapper::ProtocolMapper};
use protocol::{
    DefaultClientScope, EndedSession, Installation, InstallationContext, InstallationFile, LogoutNotice, MapperKind,
    Protocol,
};

// Read by administrators' tokens too, and so among the rules.
use services::token_id;

pub use authorize::OpenIdConnectLogin;
pub use device::DeviceLogin;
pub use examples::OpenIdConnectExamples;
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

    fn metadata(&self, issuer: &str, path: &str) -> Option<serde_json::Value> {
        (path == discovery::PATH).then(|| discovery::document(issuer, &[], &BTreeSet::new()))
    }

    fn may_return_to(&self, client: &Client, public_url: &str, uri: &str) -> bool {
        redirect_uri::is_registered(&client.settings, public_url, uri)
    }

    fn logout_notice(&self, ended: &EndedSession<'_>) -> Option<LogoutNotice> {
        logout_notice::of(ended)
    }
}
