//! Role mappings as representations.

use std::collections::BTreeMap;

use model::{
    id::ClientId,
    realm::Realm,
    role::{Role, RoleContainer},
};

use crate::{ClientMappingsRepresentation, MappingsRepresentation, RoleRepresentation};

impl MappingsRepresentation {
    /// Sorts roles of `realm` by where they are defined; `clients` pairs the ids of their clients with the `clientId`s.
    /// A role of a client that is not among them is left out.
    #[must_use]
    pub fn of(roles: &[Role], clients: &[(ClientId, String)], realm: &Realm) -> Self {
        let mut by_container = BTreeMap::<&RoleContainer, Vec<RoleRepresentation>>::new();
        for role in roles {
            by_container.entry(&role.container).or_default().push(RoleRepresentation::brief(role, realm));
        }
        let realm_mappings = by_container.remove(&RoleContainer::Realm).unwrap_or_default();
        let client_mappings: BTreeMap<_, _> = clients
            .iter()
            .filter_map(|(id, name)| {
                let mappings = by_container.remove(&RoleContainer::Client(id.clone()))?;
                let mappings = ClientMappingsRepresentation {
                    id: Some(id.0.clone()),
                    client: Some(name.clone()),
                    mappings: Some(mappings),
                };
                Some((name.clone(), mappings))
            })
            .collect();
        Self {
            realm_mappings: (!realm_mappings.is_empty()).then_some(realm_mappings),
            client_mappings: (!client_mappings.is_empty()).then_some(client_mappings),
        }
    }
}
