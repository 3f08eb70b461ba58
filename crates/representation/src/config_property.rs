//! Description of one setting of a provider, from which the admin console builds its forms.

use serde_json::Value;

use crate::define::representation;

representation! {
    /// One setting of a provider.
    ConfigPropertyRepresentation {
        /// Key in the configuration.
        name: String,
        /// Label or its message key.
        label: String,
        /// Help text or its message key.
        help_text: String,
        /// Kind of input, for instance `String`, `boolean`, `List`.
        r#type: String,
        /// Value when none is set.
        default_value: Value,
        /// Values to choose from.
        options: Vec<String>,
        /// Whether the value is hidden on reads.
        secret: bool,
        /// Whether a value is needed.
        required: bool,
        /// Whether it cannot be changed.
        read_only: bool,
    }
}
