//! The components of an import: key providers with their keys, policies, and whatever else a realm's export holds.

use std::collections::{BTreeMap, HashSet};

use model::{
    component::{Component, KEY_PROVIDER},
    id::ComponentId,
    key::{Key, KeyUse},
    realm::Realm,
};
use representation::{ComponentExportRepresentation, Masked};
use store::Tx;

use super::{
    plan::{Material, key_plan},
    plan_of, sealed,
};
use crate::{
    Error, Result, Services, client_registration,
    error::OnConflict as _,
    import_report::ImportReport,
    keys::material::{self, NewKey},
    realms::{given_id, given_name},
    user_profile,
};

/// Components by provider type, as an export has them.
pub(crate) type Given = BTreeMap<String, Vec<ComponentExportRepresentation>>;

/// Components that are ready to be stored.
pub(crate) struct Prepared {
    components: Vec<Component>,
    keys: Vec<Key>,
    /// Providers whose keys are replaced by those among `keys`.
    rekeyed: Vec<ComponentId>,
}

impl Prepared {
    /// Adds others to these.
    pub(crate) fn extend(&mut self, others: Self) {
        self.components.extend(others.components);
        self.keys.extend(others.keys);
        self.rekeyed.extend(others.rekeyed);
    }
}

/// Reads the components of an import and makes the keys that are missing: before the transaction, so that nobody waits
/// for an RSA key. `present` are the ids of components that are there, whose keys stay unless others are given. What can't
/// be taken over is noted.
///
/// # Errors
/// `Conflict` if an id is given twice, or if cryptography fails.
pub(crate) async fn prepare(
    services: &Services,
    realm: &Realm,
    given: Given,
    present: &HashSet<String>,
    report: &mut ImportReport,
) -> Result<Prepared> {
    let mut read = Vec::new();
    for (kind, components) in given {
        flatten(services, &kind, components, &realm.given_id, &format!("components.{kind}"), &mut read)?;
    }
    let mut prepared = Prepared { components: Vec::new(), keys: Vec::new(), rekeyed: Vec::new() };
    let (mut ids, mut kids) = (HashSet::new(), HashSet::new());
    for (path, mut component) in read {
        if !ids.insert(component.id.clone()) {
            return Err(Error::Conflict(format!("{path}: the id {} is given twice", component.id)));
        }
        match component.provider_type.as_str() {
            KEY_PROVIDER => {
                let known = present.contains(component.id.as_str());
                let Some(key) = key_of(services, realm, &mut component, known, &path, report).await? else { continue };
                if let Some(key) = key {
                    let key = key.stored(services, realm.id, &component.id)?;
                    if !kids.insert((key.purpose, key.kid.clone())) {
                        report.note(&path, "another provider has the same key; left out");
                        continue;
                    }
                    prepared.rekeyed.push(component.id.clone());
                    prepared.keys.push(key);
                }
            }
            client_registration::PROVIDER_TYPE => {
                if report.kept(&path, plan_of(&component))?.is_none() {
                    continue;
                }
            }
            user_profile::PROVIDER_TYPE => {
                for problem in user_profile::not_understood(&component) {
                    report.note(&path, format!("{problem}; kept as it is, and nobody is judged by that part"));
                }
            }
            _ => {
                let why = match plan_of(&component) {
                    Err(error) => error.to_string(),
                    Ok(_) => "no users are looked up there".to_owned(),
                };
                report.note(&path, format!("{why}; kept, without an effect"));
                sealed::seal(services, realm.id, &mut component, &path, report)?;
            }
        }
        prepared.components.push(component);
    }
    Ok(prepared)
}

/// The key of a provider: `None` if the provider can't be taken over, `Some(None)` if the key stays as it is.
async fn key_of(
    services: &Services,
    realm: &Realm,
    component: &mut Component,
    known: bool,
    path: &str,
    report: &mut ImportReport,
) -> Result<Option<Option<NewKey>>> {
    let Some(plan) = report.kept(path, key_plan(component))? else { return Ok(None) };
    let unreadable = match material::take(services, component, &plan, &realm.name) {
        Ok(Some(key)) => return Ok(Some(Some(key))),
        Ok(None) if known => return Ok(Some(None)),
        Ok(None) => None,
        Err(error @ Error::Invalid(_)) => Some(error),
        Err(other) => return Err(other),
    };
    let why = unreadable.map_or_else(|| "it comes without its key".to_owned(), |error| error.to_string());
    if plan.given {
        report.note(path, format!("{why}; left out"));
        return Ok(None);
    }
    if plan.purpose == KeyUse::Encryption && matches!(plan.material, Material::Rsa(_)) {
        report.note(path, format!("{why}; a new key is made when somebody looks for it"));
        return Ok(Some(None));
    }
    report.note(path, format!("{why}; a new key was made"));
    material::generate(services, plan, &realm.name).await.map(|key| Some(Some(key)))
}

/// Reads components and those inside them.
fn flatten(
    services: &Services,
    kind: &str,
    given: Vec<ComponentExportRepresentation>,
    parent: &str,
    place: &str,
    read: &mut Vec<(String, Component)>,
) -> Result<()> {
    for given in given {
        let provider_id = given.provider_id.unwrap_or_default();
        let name = given.name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| provider_id.clone());
        let path = format!("{place}[{name}]");
        let component = Component {
            id: ComponentId(given_id(services, given.id)?),
            name: given_name("name", name)?,
            provider_id,
            provider_type: kind.to_owned(),
            parent_id: parent.to_owned(),
            sub_type: given.sub_type,
            config: given.config.map(Masked::into_inner).unwrap_or_default(),
        };
        let id = component.id.0.clone();
        read.push((path.clone(), component));
        for (kind, inner) in given.sub_components.unwrap_or_default() {
            let place = format!("{path}.subComponents.{kind}");
            flatten(services, &kind, inner, &id, &place, read)?;
        }
    }
    Ok(())
}

/// Stores prepared components with their keys, and a further key that belongs to none.
///
/// # Errors
/// `Conflict` if a key is another provider's.
pub(crate) async fn write(tx: &mut Tx, prepared: Prepared, further: Option<Key>) -> Result<()> {
    let Prepared { components, mut keys, rekeyed } = prepared;
    keys.extend(further);
    store::transfer::components::put(tx, &components).await?;
    store::transfer::components::replace_keys(tx, &rekeyed, &keys)
        .await
        .on_conflict("keys_pkey", || "Another provider has a key of this import already".to_owned())
}
