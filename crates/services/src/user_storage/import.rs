//! User stores of a realm that is imported or exported. In a file, mappers stand within their store.

use std::collections::{BTreeMap, HashSet};

use model::{
    component::{Component, USER_STORAGE_MAPPER, USER_STORAGE_PROVIDER},
    id::ComponentId,
    realm::Realm,
};
use representation::{ComponentExportRepresentation, MASK};
use store::{PgConnection, Tx, components::Filter};

use super::{check, seal};
use crate::{
    Result, Services,
    import_report::ImportReport,
    provider_settings::{is_secret, masked_lists},
    realms::{given_id, given_name},
};

/// Makes the user stores of a realm that is imported, with their mappers. `given` is what stands under their provider type
/// in `components`.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    given: Option<Vec<ComponentExportRepresentation>>,
    report: &mut ImportReport,
) -> Result<()> {
    let mut components = Vec::new();
    let mut ids = HashSet::new();
    for (index, mut one) in given.unwrap_or_default().into_iter().enumerate() {
        let path = format!("components.{USER_STORAGE_PROVIDER}[{index}]");
        let children = one.sub_components.take().unwrap_or_default();
        let parent = realm.given_id.clone();
        let found = read(services, realm, one, USER_STORAGE_PROVIDER, parent, &path, report);
        let Some(store) = found.filter(|store| ids.insert(store.id.clone())) else { continue };
        report.note(&path, "kept, but this server looks up no users there yet");
        let parent = store.id.0.clone();
        components.push(store);
        for (kind, children) in children {
            for (index, child) in children.into_iter().enumerate() {
                let path = format!("{path}.subComponents.{kind}[{index}]");
                if kind != USER_STORAGE_MAPPER {
                    report.note(path, "left out: this server doesn't know the type");
                    continue;
                }
                let found = read(services, realm, child, USER_STORAGE_MAPPER, parent.clone(), &path, report);
                components.extend(found.filter(|child| ids.insert(child.id.clone())));
            }
        }
    }
    Ok(store::components::insert_all(tx, &components).await?)
}

fn read(
    services: &Services,
    realm: &Realm,
    given: ComponentExportRepresentation,
    provider_type: &str,
    parent_id: String,
    path: &str,
    report: &mut ImportReport,
) -> Option<Component> {
    let mut config = given.config.map(representation::Masked::into_inner).unwrap_or_default();
    let masked = |name: &String, values: &mut Vec<String>| is_secret(name) && values.iter().any(|value| value == MASK);
    for (name, _) in config.extract_if(.., masked) {
        report.note(format!("{path}.config.{name}"), "left out: the mask stands for a secret that isn't here");
    }
    let build = || -> Result<Component> {
        let provider_id = given.provider_id.unwrap_or_default();
        let mut component = Component {
            id: ComponentId(given_id(services, given.id)?),
            name: given_name("name", given.name.unwrap_or_else(|| provider_id.clone()))?,
            provider_id,
            provider_type: provider_type.to_owned(),
            parent_id,
            sub_type: given.sub_type,
            config,
        };
        check(&component)?;
        seal(services, realm, None, &mut component)?;
        Ok(component)
    };
    match build() {
        Ok(component) => Some(component),
        Err(error) => {
            report.note(path, format!("left out: {error}"));
            None
        }
    }
}

/// The user stores of a realm with their mappers, for an export. Secrets are masked.
///
/// # Errors
/// If the database fails.
#[expect(dead_code, reason = "the export of a whole realm, which is made elsewhere, calls it")]
pub(crate) async fn export(conn: &mut PgConnection, realm: &Realm) -> Result<Vec<ComponentExportRepresentation>> {
    let of = |kind: &str| Filter { provider_type: Some(kind.to_owned()), ..Filter::default() };
    let stores = store::components::list(conn, realm.id, &of(USER_STORAGE_PROVIDER)).await?;
    let mappers = store::components::list(conn, realm.id, &of(USER_STORAGE_MAPPER)).await?;
    let shown = |component: &Component, children: BTreeMap<String, Vec<ComponentExportRepresentation>>| {
        ComponentExportRepresentation {
            id: Some(component.id.0.clone()),
            name: Some(component.name.clone()),
            provider_id: Some(component.provider_id.clone()),
            sub_type: component.sub_type.clone(),
            sub_components: Some(children),
            config: Some(masked_lists(&component.config).into()),
        }
    };
    Ok(stores
        .iter()
        .map(|store| {
            let own = mappers.iter().filter(|mapper| mapper.parent_id == store.id.0);
            let own: Vec<_> = own.map(|mapper| shown(mapper, BTreeMap::new())).collect();
            let children =
                if own.is_empty() { BTreeMap::new() } else { [(USER_STORAGE_MAPPER.to_owned(), own)].into() };
            shown(store, children)
        })
        .collect())
}
