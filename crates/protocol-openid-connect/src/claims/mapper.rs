//! A mapper that was read.

use model::role::RoleName;
use serde_json::Value;

use super::{
    claim::Claim,
    subject_identifier::Pairwise,
    target::{Target, Targets},
};

/// A protocol mapper of OpenID Connect, ready to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimMapper {
    pub(super) targets: Targets,
    pub(super) rule: Rule,
}

impl ClaimMapper {
    /// Whether it says something there.
    pub fn is_for(&self, target: Target) -> bool {
        self.targets.has(target)
    }
}

/// What a mapper does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The values of an attribute.
    Attribute {
        /// The attribute's name.
        attribute: String,
        /// Values of the user and of all groups together.
        aggregate: bool,
        /// The claim.
        claim: Claim,
    },
    /// A field of the user.
    Property {
        /// The field's name.
        property: String,
        /// The claim.
        claim: Claim,
    },
    /// Given and family name.
    FullName,
    /// The address.
    Address(AddressAttributes),
    /// A fixed value.
    HardcodedClaim {
        /// The value.
        value: Value,
        /// The claim.
        claim: Claim,
    },
    /// A role that everybody has.
    HardcodedRole(RoleName),
    /// Another name for a role.
    RoleName {
        /// The role, `NAME` or `CLIENT.NAME`.
        role: String,
        /// What it is shown as.
        name: RoleName,
    },
    /// A note of the session.
    SessionNote {
        /// The note's name.
        note: String,
        /// The claim.
        claim: Claim,
    },
    /// The user's groups.
    GroupMembership {
        /// With the groups above.
        full_path: bool,
        /// The claim.
        claim: Claim,
    },
    /// An audience.
    Audience(String),
    /// The other clients of which there are roles become audiences.
    AudienceResolve,
    /// The client's web origins.
    AllowedOrigins,
    /// How strongly the user was authenticated.
    Acr,
    /// How the user was authenticated.
    Amr,
    /// Client roles.
    ClientRoles {
        /// Those of this client only.
        client: Option<String>,
        /// Stands before each role's name.
        prefix: String,
        /// The claim.
        claim: Claim,
    },
    /// Realm roles.
    RealmRoles {
        /// Stands before each role's name.
        prefix: String,
        /// The claim.
        claim: Claim,
    },
    /// A subject for the sector.
    Pairwise(Pairwise),
    /// Claims that the request names.
    RequestedClaims,
    /// A claim that the request gives a value.
    RequestedValue {
        /// Its name in the request.
        name: String,
        /// The claim.
        claim: Claim,
    },
    /// The request's nonce.
    Nonce,
    /// The session's id.
    SessionState,
    /// The subject.
    Subject,
}

/// The attributes with the parts of an address: each member of the claim with the name of its attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressAttributes(pub Vec<(&'static str, String)>);
