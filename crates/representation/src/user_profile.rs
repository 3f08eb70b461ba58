//! The user profile: which attributes users have and who may see, edit or must fill them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::define::representation;

representation! {
    /// The user profile of a realm.
    UPConfig {
        /// Attributes in order.
        attributes: Vec<UPAttribute>,
        /// Groups of attributes.
        groups: Vec<UPGroup>,
        /// `ENABLED`, `ADMIN_VIEW` or `ADMIN_EDIT`; absent means unmanaged attributes are not allowed.
        unmanaged_attribute_policy: String,
    }

    /// One attribute.
    UPAttribute {
        /// Attribute name.
        name: String,
        /// Label or its message key.
        display_name: String,
        /// Validators with their settings, by name.
        validations: BTreeMap<String, BTreeMap<String, Value>>,
        /// Hints for forms.
        annotations: BTreeMap<String, Value>,
        /// When a value is needed; absent means never, an empty object always.
        required: UPAttributeRequired,
        /// Who may view and edit it.
        permissions: UPAttributePermissions,
        /// When the attribute applies at all.
        selector: UPAttributeSelector,
        /// Name of its group.
        group: String,
        /// Whether it can have several values.
        multivalued: bool,
        /// Value of new users.
        default_value: String,
    }

    /// When an attribute is required.
    UPAttributeRequired {
        /// For `admin`, `user` or both.
        roles: Vec<String>,
        /// With one of these client scopes.
        scopes: Vec<String>,
    }

    /// Who may see and change an attribute.
    UPAttributePermissions {
        /// `admin`, `user` or both.
        view: Vec<String>,
        /// `admin`, `user` or both.
        edit: Vec<String>,
    }

    /// When an attribute applies.
    UPAttributeSelector {
        /// With one of these client scopes.
        scopes: Vec<String>,
    }

    /// A group of attributes on forms.
    UPGroup {
        /// Group name.
        name: String,
        /// Heading or its message key.
        display_header: String,
        /// Text below the heading or its message key.
        display_description: String,
        /// Hints for forms.
        annotations: BTreeMap<String, Value>,
    }

    /// The profile as it applies to one user, for forms.
    UserProfileMetadata {
        /// Attributes in order.
        attributes: Vec<UserProfileAttributeMetadata>,
        /// Groups of attributes.
        groups: Vec<UserProfileAttributeGroupMetadata>,
    }

    /// One attribute as it applies to one user.
    UserProfileAttributeMetadata {
        /// Attribute name.
        name: String,
        /// Label or its message key.
        display_name: String,
        /// Whether a value is needed.
        required: bool,
        /// Whether the caller cannot change it.
        read_only: bool,
        /// Hints for forms.
        annotations: BTreeMap<String, Value>,
        /// Validators with their settings, by name.
        validators: BTreeMap<String, BTreeMap<String, Value>>,
        /// Name of its group.
        group: String,
        /// Whether it can have several values.
        multivalued: bool,
        /// Value of new users.
        default_value: String,
    }

    /// One group of attributes as it applies to one user.
    UserProfileAttributeGroupMetadata {
        /// Group name.
        name: String,
        /// Heading or its message key.
        display_header: String,
        /// Text below the heading or its message key.
        display_description: String,
        /// Hints for forms.
        annotations: BTreeMap<String, Value>,
    }
}
