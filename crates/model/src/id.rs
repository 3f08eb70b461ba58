//! Typed ids, so that the id of one kind of thing can't be handed over as another's.
//!
//! A realm's key is a UUID of ours. All other ids are texts, because Keycloak exports carry ids that are no UUIDs and
//! they must survive an import; they are unique within their realm only.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The key of a realm. Every row that a realm owns begins with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RealmId(pub Uuid);

impl fmt::Display for RealmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The longest id that is taken over from a request or an import, in bytes.
pub const MAX_ID_LENGTH: usize = 255;

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text, for a database or a representation.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    )*};
}

text_ids! {
    /// The id of a client (not its `clientId`, which people choose and may change).
    ClientId
    /// The id of a client scope.
    ClientScopeId
    /// The id of a protocol mapper.
    MapperId
    /// The id of a realm or client role.
    RoleId
    /// The id of a group.
    GroupId
    /// The id of a user.
    UserId
    /// The id of a credential.
    CredentialId
    /// The id of a component, such as a key provider.
    ComponentId
    /// The id of a user session or of an identity token.
    SessionId
    /// The id of an event, also given to people with a refusal.
    EventId
    /// The id of an authentication flow.
    FlowId
    /// The id of an execution: one step of an authentication flow.
    ExecutionId
    /// The id of an authenticator's configuration.
    AuthenticatorConfigId
    /// The id of an identity provider (not its alias, which stands in paths).
    IdentityProviderId
    /// The id of a mapper of an identity provider.
    IdentityProviderMapperId
    /// The id of a webhook.
    WebhookId
    /// The id of what a webhook was told, or is to be.
    DeliveryId
}
