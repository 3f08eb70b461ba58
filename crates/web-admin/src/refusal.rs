//! What a person sees whose request was refused: the one place where the console chooses statuses and words.

use std::fmt;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use services::{Error, What, store};
use web::{door::Door, error_page, refusal};

/// The result of every handler.
pub(crate) type Answer = Result<HttpResponse, Refusal>;

/// A request that was not answered with its page.
pub enum Refusal {
    /// What a service said.
    Service(Error),
    /// Something is answered instead: a way to the login.
    Instead(Box<HttpResponse>),
    /// The session is over, or there was none.
    LoggedOut {
        /// Where to log in.
        login: String,
        /// A part of a page was asked for, by a script.
        part: bool,
    },
    /// The login can't be finished here. Holds the console's address.
    LoginLost(String),
    /// The realm's login ended without a person. Holds its reason.
    LoginRefused(String),
    /// A form that comes from no page of ours.
    Foreign,
    /// The realm takes TLS only.
    TlsRequired,
    /// The request can't be read.
    Unreadable(&'static str),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Service(error)
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(error) => write!(f, "{error:?}"),
            other => f.write_str(other.text().0),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// What a person is told of what a service said, in one sentence.
pub(crate) fn sentence(error: &Error) -> String {
    match error {
        Error::NotFound(what) => format!("There is no such {}.", name(*what)),
        Error::Forbidden => "Your account may not do that in this realm.".to_owned(),
        Error::Stale => "It was changed in the meantime. Look at it again and repeat your change.".to_owned(),
        Error::Busy(_) => "The server is busy. Please try again in a moment.".to_owned(),
        Error::Store(store::Error::Unavailable(_)) => {
            "The database can't be reached at the moment. Please try again.".to_owned()
        }
        Error::Store(store::Error::Conflict { missing: true, .. }) => {
            "Something that it needs was removed in the meantime.".to_owned()
        }
        Error::Store(store::Error::Conflict { .. }) => "Something else has that name already.".to_owned(),
        Error::Store(_) | Error::Jose(_) | Error::Credential(_) => {
            "The server could not answer. Its log says why.".to_owned()
        }
        Error::Invalid(problems) => {
            problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join(" ")
        }
        Error::Conflict(text)
        | Error::Refused(text)
        | Error::Illegal(text)
        | Error::Unsupported(text)
        | Error::Failed(text)
        | Error::Policy { text, .. } => text.clone(),
    }
}

fn name(what: What) -> &'static str {
    match what {
        What::Realm => "realm",
        What::Client => "client",
        What::ClientSecret | What::RotatedSecret => "secret",
        What::ClientScope => "client scope",
        What::Mapper | What::MapperKind => "mapper",
        What::Role | What::RoleById | What::CompositeRole | What::MappedRole | What::RoleContainer => "role",
        What::User => "user",
        What::Credential => "credential",
        What::Group | What::Membership | What::GroupPath | What::ChildGroup => "group",
        What::Session => "session",
        What::Installation => "installation",
        What::Flow | What::FlowByAlias | What::FlowInPath => "authentication flow",
        What::Execution | What::Authenticator | What::AuthenticatorConfig => "step of a flow",
        What::RequiredAction | What::ConfigurableAction | What::RequiredActionConfig => "required action",
        What::IdentityProvider | What::BrokerMetadata => "identity provider",
        What::FederatedIdentity => "linked account",
        What::Event => "event",
        What::Webhook => "webhook",
        What::Delivery => "delivery",
        What::Refusal => "refusal",
        What::LocalizationText => "text",
        What::Node | What::ClientKey | What::Component | What::ParentComponent => "thing",
    }
}

impl Refusal {
    /// Title and sentence.
    fn text(&self) -> (&'static str, String) {
        match self {
            Self::Service(error) => (
                match error {
                    Error::NotFound(_) => "There is nothing here",
                    Error::Forbidden => "You may not do that",
                    _ => "That didn't work",
                },
                sentence(error),
            ),
            Self::Instead(_) => ("", String::new()),
            Self::LoggedOut { .. } => (
                "You are logged out",
                "Your session has ended. Log in in another tab, then go back in this one and send the form again: what \
                 you typed is still there."
                    .to_owned(),
            ),
            Self::LoginLost(_) => (
                "We can't go on from here",
                "This login was started in another browser, took too long or was finished already. Open the console \
                 again to start anew."
                    .to_owned(),
            ),
            Self::LoginRefused(reason) => {
                ("You were not logged in", format!("The realm's login ended with the answer \u{201c}{reason}\u{201d}."))
            }
            Self::Foreign => (
                "This form is too old",
                "It was not sent from a page of your present session, so nothing was changed. Go back, reload the page \
                 and send it again."
                    .to_owned(),
            ),
            Self::TlsRequired => ("HTTPS required", "This realm is administered over HTTPS only.".to_owned()),
            Self::Unreadable(text) => ("That can't be read", (*text).to_owned()),
        }
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Service(Error::NotFound(_)) => StatusCode::NOT_FOUND,
            Self::Service(Error::Forbidden) | Self::Foreign | Self::TlsRequired | Self::LoginRefused(_) => {
                StatusCode::FORBIDDEN
            }
            Self::Service(Error::Conflict(_) | Error::Store(store::Error::Conflict { .. })) => StatusCode::CONFLICT,
            Self::Service(Error::Stale) => StatusCode::PRECONDITION_FAILED,
            Self::Service(Error::Unsupported(_)) => StatusCode::NOT_IMPLEMENTED,
            Self::Service(Error::Busy(_) | Error::Store(store::Error::Unavailable(_))) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Service(Error::Store(_) | Error::Jose(_) | Error::Credential(_)) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::LoggedOut { .. } => StatusCode::UNAUTHORIZED,
            Self::Service(_) | Self::Unreadable(_) | Self::LoginLost(_) => StatusCode::BAD_REQUEST,
            Self::Instead(answer) => answer.status(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Self::Instead(answer) = self {
            return again(answer);
        }
        if let Self::Service(error @ (Error::Store(_) | Error::Jose(_) | Error::Credential(_))) = self {
            tracing::error!(error = error as &dyn std::error::Error, "a page of the console could not be shown");
        }
        let (title, text) = self.text();
        let mut answer = error_page::answer(self.status_code(), title, &text);
        if let Self::Service(Error::Forbidden) = self {
            answer.extensions_mut().insert(Forbidden { title, text });
        }
        if let Self::LoggedOut { part: true, .. } = self {
            // The script loads the whole page again, which leads to the login.
            answer.headers_mut().insert(HeaderName::from_static("hx-refresh"), HeaderValue::from_static("true"));
        }
        answer
    }
}

/// Marks the answer to somebody who may not do what was asked for: it is kept, and said again with its id.
pub(crate) struct Forbidden {
    pub(crate) title: &'static str,
    pub(crate) text: String,
}

/// An answer without a body once more: actix hands out the refusal by reference only.
fn again(answer: &HttpResponse) -> HttpResponse {
    let mut copy = HttpResponse::build(answer.status()).finish();
    for (name, value) in answer.headers() {
        copy.headers_mut().append(name.clone(), value.clone());
    }
    copy
}

/// For addresses of the console where nothing is.
pub(crate) async fn not_found(_: HttpRequest) -> HttpResponse {
    refusal::answer(Door::Page, StatusCode::NOT_FOUND, "There is nothing at this address.")
}
