//! Protocol mappers as representations.

use model::protocol_mapper::ProtocolMapper;

use crate::ProtocolMapperRepresentation;

impl From<&ProtocolMapper> for ProtocolMapperRepresentation {
    fn from(mapper: &ProtocolMapper) -> Self {
        Self {
            id: Some(mapper.id.0.clone()),
            name: Some(mapper.name.clone()),
            protocol: Some(mapper.protocol.clone()),
            protocol_mapper: Some(mapper.kind.clone()),
            consent_required: Some(false),
            consent_text: None,
            config: Some(mapper.config.clone()),
        }
    }
}
