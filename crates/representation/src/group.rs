//! Groups.

use std::collections::BTreeMap;

use crate::{Attributes, ListMap, define::representation};

representation! {
    /// A group with its subgroups.
    GroupRepresentation {
        /// Group id.
        id: String,
        /// Name, unique among its siblings.
        name: String,
        /// Description (26.3).
        description: String,
        /// Path from the top, `/a/b`; computed.
        path: String,
        /// Parent group id; absent at the top.
        parent_id: String,
        /// Number of direct subgroups.
        sub_group_count: i64,
        /// Subgroups.
        sub_groups: Vec<GroupRepresentation>,
        /// Attributes; absent in the brief form.
        attributes: Attributes,
        /// Names of the realm roles members have.
        realm_roles: Vec<String>,
        /// Names of the client roles members have, by `clientId`.
        client_roles: ListMap,
        /// What the caller may do.
        access: BTreeMap<String, bool>,
    }
}
