//! The seam between the login pages and the protocol that began a login.

use std::sync::Arc;

use async_trait::async_trait;
use model::{realm::Realm, session::UserSession, user::User};
use services::{Origin, Result, Services};

use super::PendingLogin;

/// Who is logged in.
#[derive(Clone, Copy, Debug)]
pub struct Identified<'a> {
    /// The session of the browser.
    pub session: &'a UserSession,
    /// Its user.
    pub user: &'a User,
}

/// What a browser is told in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrowserReply {
    /// To go somewhere else.
    Redirect(String),
    /// To post fields somewhere else.
    PostForm {
        /// Where to.
        action: String,
        /// Names and values.
        fields: Vec<(String, String)>,
    },
}

/// A client scope that a person is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentScope {
    /// Its name.
    pub name: String,
    /// What people are told of it, or Keycloak's key of a text.
    pub text: Option<String>,
}

/// What a person is asked before an application gets what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentQuestion {
    /// The scopes in question.
    pub scopes: Vec<ConsentScope>,
}

/// How a login goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is finished.
    Reply(BrowserReply),
    /// The user is asked first.
    Consent(ConsentQuestion),
    /// The user does something first, such as `UPDATE_PASSWORD`.
    Act(String),
}

/// Why a person broke off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// They did not consent.
    Consent,
}

/// A protocol whose users log in in a browser.
#[async_trait]
pub trait BrowserLogin: Send + Sync + 'static {
    /// The name in [`PendingLogin::protocol`].
    fn protocol(&self) -> &'static str;

    /// Goes on with a login whose user is known. `consented`: the user has just agreed to what the last question was.
    ///
    /// # Errors
    /// If the database fails.
    async fn proceed(
        &self,
        services: &Services,
        realm: &Realm,
        pending: &PendingLogin,
        identified: Identified<'_>,
        consented: bool,
        origin: &Origin,
    ) -> Result<Step>;

    /// What the browser is told if the person breaks off.
    ///
    /// # Errors
    /// If the database fails.
    async fn cancel(
        &self,
        services: &Services,
        realm: &Realm,
        pending: &PendingLogin,
        identified: Option<Identified<'_>>,
        why: Cancelled,
        origin: &Origin,
    ) -> Result<BrowserReply>;
}

/// The protocols of a server whose users log in in a browser.
#[derive(Clone)]
pub struct BrowserLogins(Arc<[Arc<dyn BrowserLogin>]>);

impl BrowserLogins {
    /// Lists them.
    #[must_use]
    pub fn new(logins: Vec<Arc<dyn BrowserLogin>>) -> Self {
        Self(logins.into())
    }

    /// The protocol of this name.
    #[must_use]
    pub fn get(&self, protocol: &str) -> Option<&dyn BrowserLogin> {
        self.0.iter().map(AsRef::as_ref).find(|login| login.protocol() == protocol)
    }
}
