//! Secrets in the settings of components, such as the password of a directory: sealed as they are stored, masked as they are
//! shown, opened for whoever exports the whole realm.

use model::{component::Component, id::RealmId};

use crate::{
    Result, Services,
    provider_settings::{self, is_secret},
    user_storage::place,
};

/// Seals the secrets of a component that comes with them in the clear.
pub(super) fn seal(services: &Services, realm: RealmId, component: &mut Component) -> Result<()> {
    let config = std::mem::take(&mut component.config);
    component.config = provider_settings::seal_lists(services, &place(realm, &component.id), config, None)?;
    Ok(())
}

/// Opens the secrets of a component.
pub(super) fn open(services: &Services, realm: RealmId, component: &mut Component) -> Result<()> {
    let place = place(realm, &component.id);
    for (name, values) in component.config.iter_mut().filter(|(name, _)| is_secret(name)) {
        for value in values.iter_mut().filter(|value| !value.is_empty()) {
            provider_settings::open(services, &place, name, value)?.expose().clone_into(value);
        }
    }
    Ok(())
}

/// Puts the mask in the place of a component's secrets.
pub(super) fn mask(component: &mut Component) {
    component.config = provider_settings::masked_lists(&component.config);
}
