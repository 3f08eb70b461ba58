//! Accounts of a user at identity providers.

use crate::define::representation;

representation! {
    /// A user's account at an identity provider.
    FederatedIdentityRepresentation {
        /// Alias of the identity provider.
        identity_provider: String,
        /// User id there.
        user_id: String,
        /// User name there.
        user_name: String,
    }

    /// Deprecated predecessor of [`FederatedIdentityRepresentation`].
    SocialLinkRepresentation {
        /// Social provider.
        social_provider: String,
        /// User id there.
        social_user_id: String,
        /// User name there.
        social_username: String,
    }
}
