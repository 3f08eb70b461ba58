//! Identity providers a realm brokers logins to.

use crate::{ConfigPropertyRepresentation, Masked, StringMap, define::representation};

representation! {
    /// An identity provider.
    IdentityProviderRepresentation {
        /// Alias, as it appears in URLs.
        alias: String,
        /// Name shown on the login page.
        display_name: String,
        /// Id of the stored object.
        internal_id: String,
        /// Kind, for instance `oidc`.
        provider_id: String,
        /// Whether it is in use.
        enabled: bool,
        /// Deprecated.
        update_profile_first_login_mode: String,
        /// Whether addresses from it count as verified.
        trust_email: bool,
        /// Whether its tokens are stored.
        store_token: bool,
        /// Whether new users may read those tokens.
        add_read_token_role_on_create: bool,
        /// Deprecated.
        authenticate_by_default: bool,
        /// Whether it only links accounts and does not log in.
        link_only: bool,
        /// Whether the login page leaves it out.
        hide_on_login: bool,
        /// Flow after the first login; absent means the realm's.
        first_broker_login_flow_alias: String,
        /// Flow after each login.
        post_broker_login_flow_alias: String,
        /// Organization it belongs to.
        organization_id: String,
        /// Settings; the client secret is among them.
        config: Masked<StringMap>,
        /// What it is used for (26.5).
        types: Vec<String>,
        /// Deprecated.
        update_profile_first_login: bool,
    }

    /// A mapper from an identity provider's claims to users.
    IdentityProviderMapperRepresentation {
        /// Mapper id.
        id: String,
        /// Name.
        name: String,
        /// Alias of the identity provider.
        identity_provider_alias: String,
        /// Mapper type.
        identity_provider_mapper: String,
        /// Settings of the mapper type.
        config: StringMap,
    }

    /// A kind of identity provider mapper the server offers.
    IdentityProviderMapperTypeRepresentation {
        /// Mapper type.
        id: String,
        /// Name.
        name: String,
        /// Category.
        category: String,
        /// Help text.
        help_text: String,
        /// Settings.
        properties: Vec<ConfigPropertyRepresentation>,
    }
}
