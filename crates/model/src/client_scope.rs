//! A client scope: mappers and attributes that several clients share.

use crate::{Attributes, id::ClientScopeId};

/// A client scope of a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientScope {
    /// The id in admin paths.
    pub id: ClientScopeId,
    /// Unique in the realm; for OpenID Connect also the word in `scope`.
    pub name: String,
    /// For administrators.
    pub description: Option<String>,
    /// The protocol of the clients that may use it.
    pub protocol: String,
    /// Such as `include.in.token.scope`.
    pub attributes: Attributes,
}

/// How a scope applies to a client, or to the clients made in a realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeAssignment {
    /// Always.
    Default,
    /// When asked for.
    Optional,
}
