//! Components as representations.

use model::component::Component;

use crate::{ComponentRepresentation, Masked};

impl From<&Component> for ComponentRepresentation {
    fn from(component: &Component) -> Self {
        Self {
            id: Some(component.id.0.clone()),
            name: Some(component.name.clone()).filter(|name| !name.is_empty()),
            provider_id: Some(component.provider_id.clone()),
            provider_type: Some(component.provider_type.clone()),
            parent_id: Some(component.parent_id.clone()),
            sub_type: component.sub_type.clone(),
            config: Some(Masked::new(component.config.clone())),
        }
    }
}
