//! Client scopes: mappers and role scopes that several clients share.

use crate::{ProtocolMapperRepresentation, StringMap, define::representation};

representation! {
    /// A client scope.
    ClientScopeRepresentation {
        /// Scope id.
        id: String,
        /// Name, the value of the `scope` parameter.
        name: String,
        /// Description.
        description: String,
        /// Protocol of the scope.
        protocol: String,
        /// Attributes, for instance `include.in.token.scope`.
        attributes: StringMap,
        /// Protocol mappers.
        protocol_mappers: Vec<ProtocolMapperRepresentation>,
    }
}
