//! The seam between the core and a login protocol: what a protocol declares about itself.
//!
//! Shared code (defaults on creation, checks on saving, lists for consoles) asks through this trait and never names a
//! protocol. Behaviour that needs a request lives in the protocol's own crate, as routes.

use std::sync::Arc;

use model::{
    client::Client, client_scope::ClientScope, problem::Problem, protocol_mapper::ProtocolMapper, realm::Realm,
    subject::Subject,
};
use serde_json::Value;

pub mod access;
pub mod installation;
pub mod logout;
pub mod mapper;
pub mod permission;

pub use access::{AccessRule, EvaluatedAction, Evaluation, Rule, RuleSubject};
pub use installation::{Installation, InstallationContext, InstallationFile};
pub use logout::{EndedSession, LogoutNotice};
pub use mapper::{MapperKind, Setting, SettingType};
pub use permission::{PatternExamples, PermissionMapperSettings, PermissionRow};

/// What a login protocol declares. Implementations hold no state.
pub trait Protocol: Send + Sync + 'static {
    /// The name in `protocol` fields and paths, such as `docker-v2`.
    fn id(&self) -> &'static str;

    /// The kinds of mappers that this protocol interprets.
    fn mapper_kinds(&self) -> &'static [MapperKind];

    /// Checks one mapper of this protocol before it is saved. An unknown kind is not its business.
    ///
    /// Gives one problem per offending part, none if it is sound.
    fn check_mapper(&self, mapper: &ProtocolMapper) -> Vec<Problem>;

    /// The client scopes that a new realm gets for this protocol, each with its mappers and whether it is assigned to
    /// new clients.
    fn default_client_scopes(&self) -> Vec<DefaultClientScope>;

    /// Checks a client of this protocol before it is saved.
    fn check_client(&self, client: &Client) -> Vec<Problem>;

    /// Other names under which requests address this client, beside its `clientId`. No two clients of a realm may
    /// share one.
    fn further_names(&self, client: &Client) -> Vec<String>;

    /// The ready-made configurations for the other side.
    fn installations(&self) -> &'static [Installation];

    /// Makes one of them. None if `id` is not among [`Protocol::installations`].
    ///
    /// # Errors
    /// A sentence why the client can't be installed this way.
    fn installation(&self, id: &str, context: &InstallationContext<'_>) -> Option<Result<InstallationFile, String>>;

    /// Tries a request for `scopes` without making a token. `subject` is none for a request without credentials;
    /// `mappers` are those that apply to the client. None if this protocol grants nothing by scopes.
    ///
    /// # Errors
    /// A sentence why the request could not be tried.
    fn evaluate(
        &self,
        _mappers: &[ProtocolMapper],
        _subject: Option<&Subject>,
        _scopes: &[String],
    ) -> Option<Result<Evaluation, String>> {
        None
    }

    /// The rules that may allow or deny somebody `action` on `resource`. None if this protocol has no such rules.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the resource or the action.
    fn access_rules(
        &self,
        _mappers: &[ProtocolMapper],
        _resource: &str,
        _action: &str,
    ) -> Option<Result<Vec<AccessRule>, String>> {
        None
    }

    /// A mapper as a row of the table of permissions. None if it is no rule about resources.
    ///
    /// # Errors
    /// One problem per part that can't be read.
    fn permission_row(&self, _mapper: &ProtocolMapper) -> Option<Result<PermissionRow, Vec<Problem>>> {
        None
    }

    /// A row of the table of permissions as a mapper, unchecked. None if this protocol has no such rules.
    fn permission_mapper(&self, _row: &PermissionRow) -> Option<PermissionMapperSettings> {
        None
    }

    /// What a pattern of a permission stands for. None if this protocol has no such rules.
    ///
    /// # Errors
    /// A sentence that names the offending part.
    fn pattern_examples(&self, _pattern: &str) -> Option<Result<PatternExamples, String>> {
        None
    }

    /// The metadata that this protocol publishes at `path` below a realm's address, which is `issuer`. None if it
    /// publishes nothing there.
    fn metadata(&self, _issuer: &str, _path: &str) -> Option<Value> {
        None
    }

    /// Whether people may be sent to this address of a client after something other than a login. `public_url` is the
    /// server's address, for addresses that are registered as paths.
    fn may_return_to(&self, _client: &Client, _public_url: &str, _uri: &str) -> bool {
        false
    }

    /// What a client is told of a session that ended, and where. None if it wants to hear of nothing, or if this
    /// protocol has no such notices.
    fn logout_notice(&self, _ended: &EndedSession<'_>) -> Option<LogoutNotice> {
        None
    }
}

/// A client scope of a new realm.
#[derive(Clone, Debug)]
pub struct DefaultClientScope {
    /// The scope; its id is drawn on creation.
    pub scope: ClientScope,
    /// Its mappers; their ids are drawn on creation.
    pub mappers: Vec<ProtocolMapper>,
    /// Whether new clients of this protocol get it, and how.
    pub assignment: Option<model::client_scope::ScopeAssignment>,
}

/// The protocols of a server.
#[derive(Clone)]
pub struct Protocols(Arc<[Arc<dyn Protocol>]>);

impl Protocols {
    /// Lists the protocols that a server speaks.
    #[must_use]
    pub fn new(protocols: Vec<Arc<dyn Protocol>>) -> Self {
        Self(protocols.into())
    }

    /// The protocol of this name, if the server speaks it.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&dyn Protocol> {
        self.iter().find(|protocol| protocol.id() == id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Protocol> {
        self.0.iter().map(AsRef::as_ref)
    }
}

/// The public address of a realm, from which issuers and endpoints are made.
#[must_use]
pub fn realm_url(public_url: &str, realm: &Realm) -> String {
    format!("{}/realms/{}", public_url.trim_end_matches('/'), realm.name)
}
