//! Groups as representations.

use model::{
    group::{Group, path_text},
    role::RoleName,
};

use crate::{Attributes, GroupRepresentation, ListMap};

impl GroupRepresentation {
    /// What names a group: its id, its name and its path, given as the names on the way down to it.
    #[must_use]
    pub fn reference(group: &Group, path: &[String]) -> Self {
        Self {
            id: Some(group.id.0.clone()),
            name: Some(group.name.clone()),
            path: Some(path_text(path.iter().map(String::as_str))),
            ..Self::default()
        }
    }

    /// A group as lists show it, without subgroups.
    #[must_use]
    pub fn brief(group: &Group, path: &[String]) -> Self {
        Self {
            description: group.description.clone(),
            parent_id: group.parent.as_ref().map(|parent| parent.0.clone()),
            sub_groups: Some(Vec::new()),
            ..Self::reference(group, path)
        }
    }

    /// A group with its attributes and the names of the roles given to it, without subgroups.
    #[must_use]
    pub fn full(group: &Group, path: &[String], roles: &[RoleName]) -> Self {
        let mut realm_roles = Vec::new();
        let mut client_roles = ListMap::new();
        for role in roles {
            match &role.client {
                None => realm_roles.push(role.name.clone()),
                Some(client) => client_roles.entry(client.clone()).or_default().push(role.name.clone()),
            }
        }
        Self {
            attributes: Some(Attributes(group.attributes.clone())),
            realm_roles: Some(realm_roles),
            client_roles: Some(client_roles),
            ..Self::brief(group, path)
        }
    }
}
