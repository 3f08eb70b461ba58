//! Secrets in the settings of components other than key providers, such as the password of a directory: sealed as they are
//! stored, masked as they are shown, opened for whoever exports the whole realm.

use model::{component::Component, id::RealmId};
use representation::{MASK, is_secret_name};

use crate::{Result, Services, import_report::ImportReport, provider_settings, user_storage::place};

/// Seals the secrets of a component of an import. A mask stands for nothing there, which is noted.
pub(super) fn seal(
    services: &Services,
    realm: RealmId,
    component: &mut Component,
    path: &str,
    report: &mut ImportReport,
) -> Result<()> {
    let mut given = std::mem::take(&mut component.config);
    let masked =
        |name: &String, values: &mut Vec<String>| is_secret_name(name) && values.iter().any(|value| value == MASK);
    for (name, _) in given.extract_if(.., masked) {
        report.note(format!("{path}.config.{name}"), "it is masked; left out");
    }
    component.config = provider_settings::seal_lists(services, &place(realm, &component.id), given, None)?;
    Ok(())
}

/// Opens the secrets of a component.
pub(super) fn open(services: &Services, realm: RealmId, component: &mut Component) -> Result<()> {
    component.config = provider_settings::opened_lists(services, &place(realm, &component.id), &component.config)?;
    Ok(())
}

/// Puts the mask in the place of a component's secrets.
pub(super) fn mask(component: &mut Component) {
    component.config = provider_settings::masked_lists(&component.config);
}
