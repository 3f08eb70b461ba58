//! The login page.
//!
//! Its ids and field names are Keycloak's, because password managers, themes' scripts and test suites know them.

use askama::Template;
use web::{ClientShown, FormError, Page, PlainUrl, Policy, RealmShown, Shown};

/// The longest username that is written back into the form, in bytes; nobody can have a longer one.
const LONGEST_USERNAME: usize = 1024;

/// What the realm lets people log in with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsernameLabel {
    /// The username only.
    #[default]
    Username,
    /// The username or the email address.
    UsernameOrEmail,
    /// The email address, which is the username.
    Email,
}

impl UsernameLabel {
    fn words(self) -> &'static str {
        match self {
            Self::Username => "Username",
            Self::UsernameOrEmail => "Username or email",
            Self::Email => "Email",
        }
    }
}

/// Username and password.
#[derive(Template)]
#[template(path = "login/login.html")]
pub struct LoginPage {
    realm: RealmShown,
    action: PlainUrl,
    client: Option<ClientShown>,
    label: UsernameLabel,
    username: String,
    remember_me: Option<bool>,
    error: Option<FormError>,
    notice: Option<Shown>,
    restart: Option<PlainUrl>,
}

impl LoginPage {
    /// The page of the realm with this display name, whose form is sent to `action`.
    #[must_use]
    pub fn new(realm: impl Into<RealmShown>, action: PlainUrl) -> Self {
        Self {
            realm: realm.into(),
            action,
            client: None,
            label: UsernameLabel::default(),
            username: String::new(),
            remember_me: None,
            error: None,
            notice: None,
            restart: None,
        }
    }

    /// Says which application the login is for.
    #[must_use]
    pub fn client(self, client: ClientShown) -> Self {
        Self { client: Some(client), ..self }
    }

    /// Says what to log in with.
    #[must_use]
    pub fn label(self, label: UsernameLabel) -> Self {
        Self { label, ..self }
    }

    /// Fills in the username, as it was typed or hinted at.
    #[must_use]
    pub fn username(self, username: &str) -> Self {
        // HTML can't carry NUL, and a name that no account can have is better typed again.
        let sound = username.len() <= LONGEST_USERNAME && !username.contains('\0');
        Self { username: if sound { username.to_owned() } else { String::new() }, ..self }
    }

    /// Offers to stay logged in; `chosen` as it was before.
    #[must_use]
    pub fn remember_me(self, chosen: bool) -> Self {
        Self { remember_me: Some(chosen), ..self }
    }

    /// Says why the login was refused.
    #[must_use]
    pub fn error(self, error: FormError) -> Self {
        Self { error: Some(error), ..self }
    }

    /// Says something that is no fault, such as that the login had to be started again.
    #[must_use]
    pub fn notice(self, text: &str) -> Self {
        Self { notice: Some(Shown::sentence(text)), ..self }
    }

    /// Asks somebody who is logged in for the password again: the username stays as it is, and `restart` leads to a
    /// login as somebody else.
    #[must_use]
    pub fn again(self, username: &str, restart: PlainUrl) -> Self {
        Self { restart: Some(restart), ..self.username(username) }
    }

    /// As in tests and on pictures of the pages.
    #[must_use]
    pub fn sample() -> Self {
        Self::new("Northwind Observatory", PlainUrl::sample())
            .client(ClientShown::sample())
            .label(UsernameLabel::UsernameOrEmail)
            .remember_me(false)
    }

    /// The same after a wrong password.
    #[must_use]
    pub fn sample_refused() -> Self {
        let text = "Wrong username or password. Check both and try again.";
        Self::sample().username("anna.berg").error(FormError::new(text, "0197f3c2a4d87e61b3f0c85d2e9a1b74"))
    }

    /// The same for somebody who is logged in.
    #[must_use]
    pub fn sample_again() -> Self {
        let page = Self::new("Northwind Observatory", PlainUrl::sample()).client(ClientShown::sample());
        page.again("anna.berg", PlainUrl::sample())
    }

    /// The plainest one: no application, a realm without a display name, and a login that took too long.
    #[must_use]
    pub fn sample_plain() -> Self {
        Self::new("master", PlainUrl::sample()).notice("That took too long, so the login starts from the beginning.")
    }

    /// Where typing begins: at the first field that is still empty.
    fn begins_at_password(&self) -> bool {
        !self.username.is_empty()
    }
}

impl Page for LoginPage {
    fn policy(&self) -> Policy {
        let logo = self.client.as_ref().and_then(|client| client.logo.as_ref());
        Policy::default().with_scripts().with_picture(logo).leading_away()
    }
}
