//! Users.

use std::collections::BTreeMap;

use crate::{
    Attributes, CredentialRepresentation, FederatedIdentityRepresentation, ListMap, SocialLinkRepresentation,
    UserConsentRepresentation, UserProfileMetadata, define::representation,
};

representation! {
    /// A user.
    UserRepresentation {
        /// User id.
        id: String,
        /// User name, in lower case.
        username: String,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Email address.
        email: String,
        /// Whether the address is verified.
        email_verified: bool,
        /// Attributes beyond the ones above; absent when empty.
        attributes: Attributes,
        /// How the profile treats the attributes; on request only.
        user_profile_metadata: UserProfileMetadata,
        /// Whether the user may log in.
        enabled: bool,
        /// Link to itself; unused.
        #[serde(rename = "self")]
        self_link: String,
        /// Store the user comes from.
        origin: String,
        /// Creation time, epoch milliseconds.
        created_timestamp: i64,
        /// Whether the user has a one-time password credential; computed.
        totp: bool,
        /// Id of the federation component; absent for local users.
        federation_link: String,
        /// `clientId` of the client whose service account this is.
        service_account_client_id: String,
        /// Credentials; written, never read.
        credentials: Vec<CredentialRepresentation>,
        /// Credential types an administrator can disable.
        disableable_credential_types: Vec<String>,
        /// Aliases of the actions due at the next login.
        required_actions: Vec<String>,
        /// Accounts at identity providers.
        federated_identities: Vec<FederatedIdentityRepresentation>,
        /// Names of realm roles; import only.
        realm_roles: Vec<String>,
        /// Names of client roles by `clientId`; import only.
        client_roles: ListMap,
        /// Consents given to clients.
        client_consents: Vec<UserConsentRepresentation>,
        /// Tokens issued before this time are invalid; epoch seconds.
        not_before: i32,
        /// Deprecated name of `clientRoles`.
        application_roles: ListMap,
        /// Deprecated name of `federatedIdentities`.
        social_links: Vec<SocialLinkRepresentation>,
        /// Paths of groups; written, never read.
        groups: Vec<String>,
        /// What the caller may do.
        access: BTreeMap<String, bool>,
    }

    /// What is known of a user's failed logins.
    BruteForceStatus {
        /// Whether the user can't log in because of them.
        disabled: bool,
        /// How many there were.
        num_failures: i32,
        /// How often the user was locked out.
        num_temporary_lockouts: i32,
        /// When the last one was, epoch milliseconds; 0 is never.
        last_failure: i64,
        /// From where; `n/a` if there was none.
        #[serde(rename = "lastIPFailure")]
        last_ip_failure: String,
        /// Until when the user is locked out, epoch seconds; 0 if not.
        failed_login_not_before: i64,
    }

    /// A session that an administrator has as a user.
    ImpersonationRepresentation {
        /// Whether the administrator belongs to the user's realm.
        same_realm: bool,
        /// Where to go with it.
        redirect: String,
    }
}
