//! Sessions and consents of users.

use crate::{StringMap, define::representation};

representation! {
    /// A login session.
    UserSessionRepresentation {
        /// Session id.
        id: String,
        /// User name.
        username: String,
        /// User id.
        user_id: String,
        /// Address of the browser.
        ip_address: String,
        /// Start, epoch milliseconds.
        start: i64,
        /// Last use, epoch milliseconds.
        last_access: i64,
        /// Whether the user chose "remember me".
        remember_me: bool,
        /// The clients in the session: UUID to `clientId`.
        clients: StringMap,
        /// Whether the user is not stored.
        transient_user: bool,
    }

    /// A consent a user gave to a client.
    UserConsentRepresentation {
        /// `clientId`.
        client_id: String,
        /// Names of the client scopes granted.
        granted_client_scopes: Vec<String>,
        /// First grant, epoch milliseconds.
        created_date: i64,
        /// Last change, epoch milliseconds.
        last_updated_date: i64,
        /// Deprecated.
        granted_realm_roles: Vec<String>,
    }

    /// A consent as it is listed: or a client that goes on without the user, who was not asked.
    GrantedConsent {
        /// `clientId`.
        client_id: String,
        /// Names of the client scopes granted.
        granted_client_scopes: Vec<String>,
        /// First grant, epoch milliseconds.
        created_date: i64,
        /// Last change, epoch milliseconds.
        last_updated_date: i64,
        /// `key` is `Offline Token` where the client, whose UUID `client` is, goes on without the user.
        additional_grants: Vec<StringMap>,
    }
}
