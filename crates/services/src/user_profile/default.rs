//! The profile of realms that never changed it.

use std::collections::BTreeMap;

use representation::{UPAttribute, UPAttributePermissions, UPAttributeRequired, UPConfig, UPGroup};
use serde_json::{Value, json};

type Validations = BTreeMap<String, BTreeMap<String, Value>>;

/// What Keycloak begins with. In the master realm nobody must have an address or a name: its first administrator has none.
#[must_use]
pub fn default_config(master: bool) -> UPConfig {
    let of_users = |required: bool| {
        let roles = Some(vec!["user".to_owned()]);
        (required && !master).then(|| UPAttributeRequired { roles, ..UPAttributeRequired::default() })
    };
    let attribute = |name: &str, required: bool, validations: Value| UPAttribute {
        name: Some(name.to_owned()),
        display_name: Some(format!("${{{name}}}")),
        validations: serde_json::from_value::<Validations>(validations).ok(),
        required: of_users(required),
        permissions: Some(UPAttributePermissions { view: everybody(), edit: everybody() }),
        multivalued: Some(false),
        ..UPAttribute::default()
    };
    let name = || json!({"length": {"max": 255}, "person-name-prohibited-characters": {}});
    let username = json!({
        "length": {"min": 3, "max": 255}, "username-prohibited-characters": {}, "up-username-not-idn-homograph": {},
    });
    UPConfig {
        attributes: Some(vec![
            attribute("username", false, username),
            attribute("email", true, json!({"email": {}, "length": {"max": 255}})),
            attribute("firstName", true, name()),
            attribute("lastName", true, name()),
        ]),
        groups: Some(vec![UPGroup {
            name: Some("user-metadata".to_owned()),
            display_header: Some("User metadata".to_owned()),
            display_description: Some("Attributes, which refer to user metadata".to_owned()),
            annotations: None,
        }]),
        unmanaged_attribute_policy: None,
    }
}

fn everybody() -> Option<Vec<String>> {
    Some(vec!["admin".to_owned(), "user".to_owned()])
}
