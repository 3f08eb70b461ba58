//! Required actions: what users must do at login.

use crate::{ConfigPropertyRepresentation, StringMap, define::representation};

representation! {
    /// A required action of a realm.
    RequiredActionProviderRepresentation {
        /// Alias, for instance `UPDATE_PASSWORD`.
        alias: String,
        /// Name.
        name: String,
        /// Provider.
        provider_id: String,
        /// Whether it is in use.
        enabled: bool,
        /// Whether new users have it.
        default_action: bool,
        /// Position; lower comes first.
        priority: i32,
        /// Settings.
        config: StringMap,
    }

    /// The settings of one required action.
    RequiredActionConfigRepresentation {
        /// Settings.
        config: StringMap,
    }

    /// The settings a required action can have.
    RequiredActionConfigInfoRepresentation {
        /// Settings.
        properties: Vec<ConfigPropertyRepresentation>,
    }
}
