//! Why a login was refused. Whoever tries to log in hears the same whatever the reason; it goes into the event.

/// Why a login was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody has this name.
    UnknownUser,
    /// The password is wrong.
    WrongPassword,
    /// An administrator disabled the account.
    Disabled,
    /// Too many wrong passwords: no login is accepted for a while.
    TemporarilyLocked,
    /// Too many wrong passwords: the account is disabled until an administrator enables it.
    PermanentlyLocked,
    /// The user has no password.
    NoPassword,
    /// The password was right, but the user must do these things first, such as `UPDATE_PASSWORD`.
    RequiredActions(Vec<String>),
    /// It is the account of a client, which has no password.
    ServiceAccount,
    /// Somebody else is logged in in this browser and was to prove it again.
    AnotherUser,
}

impl Reason {
    /// Keycloak's error code for the event.
    #[must_use]
    pub fn error_code(&self) -> &'static str {
        match self {
            Self::UnknownUser => "user_not_found",
            Self::WrongPassword | Self::NoPassword => "invalid_user_credentials",
            Self::Disabled | Self::PermanentlyLocked => "user_disabled",
            Self::TemporarilyLocked => "user_temporarily_disabled",
            Self::RequiredActions(_) => "resolve_required_actions",
            Self::ServiceAccount => "invalid_user",
            Self::AnotherUser => "different_user_authenticated",
        }
    }

    /// What it means, for the administrator who reads the event.
    #[must_use]
    pub fn explanation(&self) -> String {
        match self {
            Self::UnknownUser => "There is no user with this name.".to_owned(),
            Self::WrongPassword => "The password is wrong.".to_owned(),
            Self::Disabled => "An administrator disabled the account.".to_owned(),
            Self::TemporarilyLocked => "The account is locked for a while after too many wrong passwords.".to_owned(),
            Self::PermanentlyLocked => {
                "The account was disabled after too many wrong passwords; an administrator can enable it.".to_owned()
            }
            Self::NoPassword => "The user has no password.".to_owned(),
            Self::RequiredActions(actions) => {
                format!("The password is right, but the user must do this first: {}.", actions.join(", "))
            }
            Self::ServiceAccount => "This is the account of a client; it has no password.".to_owned(),
            Self::AnotherUser => {
                "The user who was logged in should have logged in again; this is another one.".to_owned()
            }
        }
    }
}
