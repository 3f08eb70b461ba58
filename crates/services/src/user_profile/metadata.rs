//! What a form has to know of a profile.

use std::collections::BTreeMap;

use representation::{
    UPAttribute, UserProfileAttributeGroupMetadata, UserProfileAttributeMetadata, UserProfileMetadata,
};
use serde_json::Value;

use super::{UserProfile, attribute::Attribute};

impl UserProfile {
    /// The attributes that administrators see, with what applies to their forms.
    pub(crate) fn metadata(&self) -> UserProfileMetadata {
        let attributes = self.config.attributes.iter().flatten().filter_map(|given| {
            let attribute = self.attribute(given.name.as_deref()?)?;
            attribute.admin_views.then(|| of_attribute(given, attribute))
        });
        let groups = self.config.groups.iter().flatten().map(|group| UserProfileAttributeGroupMetadata {
            name: group.name.clone(),
            display_header: group.display_header.clone(),
            display_description: group.display_description.clone(),
            annotations: group.annotations.clone(),
        });
        UserProfileMetadata { attributes: Some(attributes.collect()), groups: Some(groups.collect()) }
    }
}

fn of_attribute(given: &UPAttribute, attribute: &Attribute) -> UserProfileAttributeMetadata {
    let mut validators = BTreeMap::new();
    for (id, settings) in given.validations.iter().flatten() {
        let mut settings = settings.clone();
        // An empty value is the business of `required` alone.
        settings.insert("ignore.empty.value".to_owned(), Value::Bool(true));
        validators.insert(id.clone(), settings);
    }
    if !attribute.multivalued {
        validators.insert("multivalued".to_owned(), BTreeMap::from([("max".to_owned(), Value::from("1"))]));
    }
    UserProfileAttributeMetadata {
        name: given.name.clone(),
        display_name: given.display_name.clone(),
        // A user always has a name.
        required: Some(attribute.required_of_admins || attribute.name == "username"),
        read_only: Some(!attribute.admin_edits),
        annotations: given.annotations.clone(),
        validators: Some(validators),
        group: given.group.clone(),
        multivalued: Some(attribute.multivalued),
        default_value: given.default_value.clone(),
    }
}
