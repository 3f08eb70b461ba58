//! The kinds of mappers, as a closed set.

use super::protected::Source;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $id:literal,)*) => {
        /// A kind of mapper of OpenID Connect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// The kind with Keycloak's id, as in `protocolMapper`.
            pub fn named(id: &str) -> Option<Self> {
                match id {
                    $($id => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// An attribute of the user, or one of the fields that Keycloak treats as attributes.
    Attribute = "oidc-usermodel-attribute-mapper",
    /// A field of the user.
    Property = "oidc-usermodel-property-mapper",
    /// `name`.
    FullName = "oidc-full-name-mapper",
    /// `address`.
    Address = "oidc-address-mapper",
    /// A fixed value.
    HardcodedClaim = "oidc-hardcoded-claim-mapper",
    /// A role that everybody has.
    HardcodedRole = "oidc-hardcoded-role-mapper",
    /// Another name of a role.
    RoleName = "oidc-role-name-mapper",
    /// A note of the session.
    SessionNote = "oidc-usersessionmodel-note-mapper",
    /// The user's groups.
    GroupMembership = "oidc-group-membership-mapper",
    /// A fixed audience.
    Audience = "oidc-audience-mapper",
    /// The clients of whom the user has roles.
    AudienceResolve = "oidc-audience-resolve-mapper",
    /// `allowed-origins`.
    AllowedOrigins = "oidc-allowed-origins-mapper",
    /// `acr`.
    Acr = "oidc-acr-mapper",
    /// `amr`.
    Amr = "oidc-amr-mapper",
    /// Roles of clients.
    ClientRole = "oidc-usermodel-client-role-mapper",
    /// Roles of the realm.
    RealmRole = "oidc-usermodel-realm-role-mapper",
    /// `sub` by sector.
    Pairwise = "oidc-sha256-pairwise-sub-mapper",
    /// Claims that the request names.
    RequestedClaims = "oidc-claims-param-token-mapper",
    /// A claim that the request gives a value.
    RequestedValue = "oidc-claims-param-value-idtoken-mapper",
    /// `nonce`.
    Nonce = "oidc-nonce-backwards-compatible-mapper",
    /// `session_state`.
    SessionState = "oidc-session-state-mapper",
    /// `sub`.
    Subject = "oidc-sub-mapper",
    /// The user's organizations.
    Organization = "oidc-organization-membership-mapper",
}

impl Kind {
    /// Where the value of the claim that `claim.name` names comes from. None for kinds that always write the same
    /// claim, or none. Organizations have a usual name, so theirs may be missing.
    pub fn source(self) -> Option<Source> {
        match self {
            Self::Attribute | Self::Property | Self::GroupMembership => Some(Source::User),
            Self::ClientRole | Self::RealmRole => Some(Source::Roles),
            Self::SessionNote => Some(Source::Session),
            Self::HardcodedClaim => Some(Source::Administrator),
            Self::RequestedValue => Some(Source::Client),
            Self::FullName
            | Self::Address
            | Self::HardcodedRole
            | Self::RoleName
            | Self::Audience
            | Self::AudienceResolve
            | Self::AllowedOrigins
            | Self::Acr
            | Self::Amr
            | Self::Pairwise
            | Self::RequestedClaims
            | Self::Nonce
            | Self::SessionState
            | Self::Subject
            | Self::Organization => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapper_kinds::KINDS;

    #[test]
    fn every_kind_that_is_listed_is_known_and_another() {
        let kinds: std::collections::BTreeSet<_> = KINDS.iter().filter_map(|kind| Kind::named(kind.id)).collect();
        assert_eq!(kinds.len(), KINDS.len());
        assert_eq!(Kind::named("oidc-script-based-protocol-mapper"), None);
    }
}
