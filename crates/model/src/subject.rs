//! The frozen "who" of a token: what rules may look at, gathered once.

use crate::{
    MultiAttributes,
    id::{GroupId, UserId},
    role::RoleName,
};

/// A user with everything that permission and claim rules look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The user's id.
    pub user_id: Option<UserId>,
    /// The user's name, in lower case.
    pub username: String,
    /// The user's e-mail address.
    pub email: Option<String>,
    /// The address was proven to belong to the user.
    pub email_verified: bool,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// The user's attributes.
    pub attributes: MultiAttributes,
    /// Roles in effect: direct ones, those of groups and what composites contain.
    pub roles: Vec<RoleName>,
    /// Groups that the user is a direct member of.
    pub groups: Vec<SubjectGroup>,
    /// Attributes of these groups: of each group, then of those above it, the nearest first. Groups without attributes
    /// are left out.
    pub group_attributes: Vec<MultiAttributes>,
}

/// A group membership of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectGroup {
    /// The group.
    pub id: GroupId,
    /// The names on the way down to it, the last one its own.
    pub path: Vec<String>,
}
