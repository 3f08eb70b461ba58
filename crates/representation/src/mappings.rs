//! Role mappings of users and groups, and scope mappings of clients.

use std::collections::BTreeMap;

use crate::{RoleRepresentation, define::representation};

representation! {
    /// The roles mapped to a user, group, client or client scope. Both keys are absent when empty.
    MappingsRepresentation {
        /// Realm roles.
        realm_mappings: Vec<RoleRepresentation>,
        /// Client roles, by `clientId`.
        client_mappings: BTreeMap<String, ClientMappingsRepresentation>,
    }

    /// The mapped roles of one client.
    ClientMappingsRepresentation {
        /// Client UUID.
        id: String,
        /// `clientId`.
        client: String,
        /// The roles.
        mappings: Vec<RoleRepresentation>,
    }

    /// In exports: the roles within the scope of one client or client scope.
    ScopeMappingRepresentation {
        /// Link to itself; unused.
        #[serde(rename = "self")]
        self_link: String,
        /// `clientId` of the client whose scope it is.
        client: String,
        /// Deprecated.
        client_template: String,
        /// Name of the client scope whose scope it is.
        client_scope: String,
        /// Role names.
        roles: Vec<String>,
    }
}
