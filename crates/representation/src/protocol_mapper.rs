//! Protocol mappers: what goes into tokens.

use crate::{StringMap, define::representation};

representation! {
    /// One protocol mapper of a client or client scope.
    ProtocolMapperRepresentation {
        /// Mapper id.
        id: String,
        /// Name, unique within its client or client scope.
        name: String,
        /// Protocol the mapper belongs to.
        protocol: String,
        /// Mapper type, for instance `oidc-usermodel-attribute-mapper`.
        protocol_mapper: String,
        /// Deprecated; ignored.
        consent_required: bool,
        /// Deprecated; ignored.
        consent_text: String,
        /// Settings of the mapper type.
        config: StringMap,
    }

    /// One mapper that takes part in an evaluated token.
    ProtocolMapperEvaluationRepresentation {
        /// Mapper id.
        mapper_id: String,
        /// Mapper name.
        mapper_name: String,
        /// Id of the client or client scope.
        container_id: String,
        /// Name of the client or client scope.
        container_name: String,
        /// `client` or `client-scope`.
        container_type: String,
        /// Mapper type.
        protocol_mapper: String,
    }
}
