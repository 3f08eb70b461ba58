//! Roles and their composites.

use std::collections::BTreeMap;

use crate::{Attributes, ListMap, define::representation};

representation! {
    /// A realm or client role.
    RoleRepresentation {
        /// Role id.
        id: String,
        /// Name, unique within realm or client.
        name: String,
        /// Description.
        description: String,
        /// Deprecated.
        scope_param_required: bool,
        /// Whether the role contains others; computed.
        composite: bool,
        /// The roles contained, by name; in exports and on creation.
        composites: Composites,
        /// Whether it is a client role; computed.
        client_role: bool,
        /// Realm id or client UUID.
        container_id: String,
        /// Attributes; absent in the brief form.
        attributes: Attributes,
    }

    /// The roles a composite role contains.
    Composites {
        /// Names of realm roles.
        realm: Vec<String>,
        /// Names of client roles, by `clientId`.
        client: ListMap,
        /// Deprecated name of `client`.
        application: ListMap,
    }

    /// All roles of a realm, in exports.
    RolesRepresentation {
        /// Realm roles.
        realm: Vec<RoleRepresentation>,
        /// Client roles, by `clientId`.
        client: BTreeMap<String, Vec<RoleRepresentation>>,
        /// Deprecated name of `client`.
        application: BTreeMap<String, Vec<RoleRepresentation>>,
    }
}
