//! Components: key providers, user federation, client registration policies, the user profile.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{ConfigPropertyRepresentation, ListMap, Masked, define::representation};

representation! {
    /// A component, as the admin API has it.
    ComponentRepresentation {
        /// Component id.
        id: String,
        /// Name.
        name: String,
        /// Provider, for instance `rsa-generated`.
        provider_id: String,
        /// Provider type, a Java class name in Keycloak.
        provider_type: String,
        /// Parent component or realm id.
        parent_id: String,
        /// Sub-type, for instance `anonymous`.
        sub_type: String,
        /// Settings; private keys and passwords are among them.
        config: Masked<ListMap>,
    }

    /// A component, as realm exports have it: keyed by provider type and with its children inside.
    ComponentExportRepresentation {
        /// Component id.
        id: String,
        /// Name.
        name: String,
        /// Provider.
        provider_id: String,
        /// Sub-type.
        sub_type: String,
        /// Children by provider type.
        sub_components: BTreeMap<String, Vec<ComponentExportRepresentation>>,
        /// Settings; private keys and passwords are among them.
        config: Masked<ListMap>,
    }

    /// A kind of component the server offers.
    ComponentTypeRepresentation {
        /// Provider id.
        id: String,
        /// Help text.
        help_text: String,
        /// Settings of a component.
        properties: Vec<ConfigPropertyRepresentation>,
        /// Settings a client may have for it.
        client_properties: Vec<ConfigPropertyRepresentation>,
        /// Further facts.
        metadata: BTreeMap<String, Value>,
    }
}
