//! Identity providers: where else users of a realm may have accounts, and the accounts that they have there.

use serde::{Deserialize, Serialize};

use crate::{
    Attributes,
    id::{FlowId, IdentityProviderId, IdentityProviderMapperId},
};

/// An identity provider of a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Keycloak's `internalId`.
    pub id: IdentityProviderId,
    /// The name in paths, unique in the realm. It never changes.
    pub alias: String,
    /// The kind, such as `oidc`.
    pub provider_id: String,
    /// It is in use.
    pub enabled: bool,
    /// Switches and texts.
    pub settings: IdentityProviderSettings,
    /// What the kind of provider has, one text per name. Secrets in it are sealed.
    pub config: Attributes,
    /// The flow after a first login; none is the realm's.
    pub first_broker_flow: Option<FlowId>,
    /// The flow after each login.
    pub post_broker_flow: Option<FlowId>,
}

/// Switches and texts of an identity provider, with Keycloak's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "these are Keycloak's switches, one by one")]
pub struct IdentityProviderSettings {
    /// Shown on the login page.
    pub display_name: Option<String>,
    /// Addresses that it gives count as verified.
    pub trust_email: bool,
    /// Its tokens are kept.
    pub store_token: bool,
    /// New users may read these tokens.
    pub add_read_token_role_on_create: bool,
    /// Kept for Keycloak exports.
    pub authenticate_by_default: bool,
    /// It only links accounts and does not log in.
    pub link_only: bool,
    /// The login page leaves it out.
    pub hide_on_login: bool,
    /// Kept for Keycloak exports.
    pub update_profile_first_login_mode: String,
}

impl Default for IdentityProviderSettings {
    fn default() -> Self {
        Self {
            display_name: None,
            trust_email: false,
            store_token: false,
            add_read_token_role_on_create: false,
            authenticate_by_default: false,
            link_only: false,
            hide_on_login: false,
            update_profile_first_login_mode: "on".to_owned(),
        }
    }
}

/// A rule for what an identity provider says of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProviderMapper {
    /// The id in admin paths.
    pub id: IdentityProviderMapperId,
    /// The provider.
    pub provider: IdentityProviderId,
    /// Its name, unique for the provider.
    pub name: String,
    /// The kind, such as `oidc-user-attribute-idp-mapper`.
    pub kind: String,
    /// Settings, one text per name.
    pub config: Attributes,
}

/// An account of a user at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FederatedIdentity {
    /// The provider's alias.
    pub provider: String,
    /// Who the user is there.
    pub account: String,
    /// What the user is called there.
    pub account_name: Option<String>,
}
