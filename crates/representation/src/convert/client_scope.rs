//! Client scopes as representations.

use model::{client_scope::ClientScope, protocol_mapper::ProtocolMapper};

use crate::{ClientScopeRepresentation, ProtocolMapperRepresentation};

impl ClientScopeRepresentation {
    /// A client scope with its mappers.
    #[must_use]
    pub fn of(scope: &ClientScope, mappers: &[ProtocolMapper]) -> Self {
        Self {
            id: Some(scope.id.0.clone()),
            name: Some(scope.name.clone()),
            description: scope.description.clone(),
            protocol: Some(scope.protocol.clone()),
            attributes: Some(scope.attributes.clone()),
            protocol_mappers: (!mappers.is_empty())
                .then(|| mappers.iter().map(ProtocolMapperRepresentation::from).collect()),
        }
    }
}
