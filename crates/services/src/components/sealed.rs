//! Secrets in the settings of components that are only kept, such as the password of a directory: sealed as they are
//! stored, masked as they are shown, opened for whoever exports the whole realm.

use model::{component::Component, id::RealmId};
use representation::{MASK, is_secret_name};

use crate::{Result, Services};

/// What a sealed value begins with, to be told from one that is none.
const SEALED: &str = "sealed:";

fn context(realm: RealmId, component: &Component, name: &str) -> String {
    format!("{realm}/component/{}/{name}", component.id)
}

/// Seals the secrets of a component.
pub(super) fn seal(services: &Services, realm: RealmId, component: &mut Component) -> Result<()> {
    let mut config = std::mem::take(&mut component.config);
    for (name, values) in config.iter_mut().filter(|(name, _)| is_secret_name(name)) {
        for value in values.iter_mut().filter(|value| !value.is_empty()) {
            let sealed = services.sealing.seal(&context(realm, component, name), value.as_bytes())?;
            *value = format!("{SEALED}{sealed}");
        }
    }
    component.config = config;
    Ok(())
}

/// Opens the secrets of a component.
pub(super) fn open(services: &Services, realm: RealmId, component: &mut Component) -> Result<()> {
    let mut config = std::mem::take(&mut component.config);
    for (name, values) in config.iter_mut().filter(|(name, _)| is_secret_name(name)) {
        for value in values {
            if let Some(sealed) = value.strip_prefix(SEALED) {
                let opened = services.sealing.open(&context(realm, component, name), sealed)?;
                *value = String::from_utf8_lossy(&opened).into_owned();
            }
        }
    }
    component.config = config;
    Ok(())
}

/// Puts the mask in the place of a component's secrets.
pub(super) fn mask(component: &mut Component) {
    for (_, values) in component.config.iter_mut().filter(|(name, _)| is_secret_name(name)) {
        values.iter_mut().filter(|value| !value.is_empty()).for_each(|value| MASK.clone_into(value));
    }
}
