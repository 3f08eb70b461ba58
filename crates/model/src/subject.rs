//! The frozen "who" of a token: what rules may look at, gathered once.

use crate::{
    MultiAttributes,
    id::{GroupId, RoleId, UserId},
    role::RoleName,
    user::User,
};

/// What was given to a user directly. Roles in effect and everything about groups follow from it and from the realm's
/// configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Assignments {
    /// Roles, sorted.
    pub roles: Vec<RoleId>,
    /// Groups, sorted.
    pub groups: Vec<GroupId>,
}

/// What follows from [`Assignments`]: see the fields of [`Subject`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolesAndGroups {
    /// Roles in effect.
    pub roles: Vec<RoleName>,
    /// Groups.
    pub groups: Vec<SubjectGroup>,
    /// Attributes of groups.
    pub group_attributes: Vec<MultiAttributes>,
}

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

impl Subject {
    /// A user with these roles and groups.
    #[must_use]
    pub fn new(user: &User, has: RolesAndGroups) -> Self {
        Self {
            user_id: Some(user.id.clone()),
            username: user.username.clone(),
            email: user.email.clone(),
            email_verified: user.email_verified,
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            attributes: user.attributes.clone(),
            roles: has.roles,
            groups: has.groups,
            group_attributes: has.group_attributes,
        }
    }
}

/// A group membership of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectGroup {
    /// The group.
    pub id: GroupId,
    /// The names on the way down to it, the last one its own.
    pub path: Vec<String>,
}
