//! A protocol mapper: one configured rule that turns what is known of a user into a part of a token.

use crate::{
    Attributes,
    id::{ClientId, ClientScopeId, MapperId},
};

/// A mapper of a client or of a client scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolMapper {
    /// The id in admin paths.
    pub id: MapperId,
    /// Unique among the mappers of its owner and protocol.
    pub name: String,
    /// The protocol that interprets it.
    pub protocol: String,
    /// Its kind, such as `docker-v2-role-repository-mapper`.
    pub kind: String,
    /// The kind's settings.
    pub config: Attributes,
}

/// What a mapper belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MapperOwner {
    /// One client.
    Client(ClientId),
    /// Every client that has the scope.
    ClientScope(ClientScopeId),
}
