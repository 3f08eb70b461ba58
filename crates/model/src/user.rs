//! A user: a person, or the account of a client that acts for itself.

use time::OffsetDateTime;

use crate::{
    MultiAttributes,
    id::{ClientId, UserId},
};

/// A user of a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id in admin paths and in tokens.
    pub id: UserId,
    /// Unique in the realm, in lower case.
    pub username: String,
    /// In lower case.
    pub email: Option<String>,
    /// The address was proven to belong to the user.
    pub email_verified: bool,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// A disabled user can't log in and gets no token.
    pub enabled: bool,
    /// When the user was made.
    pub created: OffsetDateTime,
    /// Tokens issued before this moment (seconds since 1970) are refused; 0 is off.
    pub not_before: i64,
    /// Free attributes.
    pub attributes: MultiAttributes,
    /// What the user must do at the next login, such as `UPDATE_PASSWORD`.
    pub required_actions: Vec<String>,
    /// The client whose service account this is.
    pub service_account_of: Option<ClientId>,
}
