//! Roles as representations.

use model::{
    realm::Realm,
    role::{Role, RoleContainer},
};

use crate::{Attributes, RoleRepresentation};

impl RoleRepresentation {
    /// A role of `realm` without its attributes, as lists show it.
    #[must_use]
    pub fn brief(role: &Role, realm: &Realm) -> Self {
        Self {
            id: Some(role.id.0.clone()),
            name: Some(role.name.clone()),
            description: role.description.clone(),
            composite: Some(role.composite),
            client_role: Some(role.container != RoleContainer::Realm),
            container_id: Some(match &role.container {
                RoleContainer::Realm => realm.given_id.clone(),
                RoleContainer::Client(client) => client.0.clone(),
            }),
            ..Self::default()
        }
    }

    /// A role of `realm` with its attributes.
    #[must_use]
    pub fn full(role: &Role, realm: &Realm) -> Self {
        Self { attributes: Some(Attributes(role.attributes.clone())), ..Self::brief(role, realm) }
    }
}
