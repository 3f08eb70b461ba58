//! The components of a realm as its export has them: by provider type, those that belong to others inside them.

use std::collections::{BTreeMap, HashSet};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use model::{
    component::{Component, KEY_PROVIDER},
    key::{Key, KeyUse},
    realm::Realm,
};
use representation::{ComponentExportRepresentation, Masked};
use store::{PgConnection, components::Filter};

use super::{
    import::Given,
    plan::{Material, key_plan},
    sealed,
};
use crate::{Result, Services, keys, realms::export::Secrets};

/// All components of a realm. With its secrets, key providers bring their keys; without, they stay out.
///
/// # Errors
/// If the database fails or something can't be opened.
pub(crate) async fn export(
    services: &Services,
    conn: &mut PgConnection,
    realm: &Realm,
    secrets: Secrets,
) -> Result<Given> {
    let mut components = store::components::list(conn, realm.id, &Filter::default()).await?;
    let (keys, _) = store::keys::list(conn, realm.id).await?;
    for component in &mut components {
        match (component.provider_type.as_str(), secrets) {
            (KEY_PROVIDER, Secrets::Shown) => add_key(services, realm, component, &keys)?,
            (KEY_PROVIDER, Secrets::Masked) => {}
            (_, Secrets::Shown) => sealed::open(services, realm.id, component)?,
            (_, Secrets::Masked) => sealed::mask(component),
        }
    }
    let ids: HashSet<String> = components.iter().map(|component| component.id.0.clone()).collect();
    // What belongs to nothing that is there stands at the top, so that nothing is missing.
    let (inner, top): (Vec<_>, Vec<_>) = components.into_iter().partition(|one| ids.contains(&one.parent_id));
    let mut children: BTreeMap<String, Vec<Component>> = BTreeMap::new();
    for component in inner {
        children.entry(component.parent_id.clone()).or_default().push(component);
    }
    Ok(nested(top, &mut children))
}

/// A component without others inside it.
pub(crate) fn one(component: Component) -> ComponentExportRepresentation {
    ComponentExportRepresentation {
        id: Some(component.id.0),
        name: Some(component.name),
        provider_id: Some(component.provider_id),
        sub_type: component.sub_type,
        sub_components: Some(Given::new()),
        config: Some(Masked::new(component.config)),
    }
}

fn nested(components: Vec<Component>, children: &mut BTreeMap<String, Vec<Component>>) -> Given {
    let mut by_type = Given::new();
    for component in components {
        let inner = children.remove(component.id.as_str()).unwrap_or_default();
        let kind = component.provider_type.clone();
        let inner = Some(nested(inner, children));
        by_type
            .entry(kind)
            .or_default()
            .push(ComponentExportRepresentation { sub_components: inner, ..one(component) });
    }
    by_type
}

/// Puts a provider's key among its settings, where Keycloak has it.
fn add_key(services: &Services, realm: &Realm, component: &mut Component, keys: &[Key]) -> Result<()> {
    let Ok(plan) = key_plan(component) else { return Ok(()) };
    let Some(key) = keys.iter().find(|key| key.component.as_ref() == Some(&component.id)) else { return Ok(()) };
    let private = keys::opened(services, realm.id, key)?;
    let mut set = |name: &str, value: String| component.config.insert(name.to_owned(), vec![value]);
    let public = key.public.as_ref().map(|der| STANDARD.encode(der));
    match plan.material {
        Material::Secret(_) => {
            set("kid", key.kid.clone());
            set(plan.private_setting(), URL_SAFE_NO_PAD.encode(&*private));
        }
        Material::Rsa(_) => {
            set(plan.private_setting(), jose::generate::to_export(&private)?.to_string());
            if let Some(certificate) = &key.certificate {
                set("certificate", STANDARD.encode(certificate));
            }
        }
        Material::Ec(_) => {
            set(plan.private_setting(), jose::generate::to_export(&private)?.to_string());
            let name = if key.purpose == KeyUse::Encryption { "ecdhPublicKey" } else { "ecdsaPublicKey" };
            public.map(|public| set(name, public));
        }
        Material::Ed25519 => {
            set(plan.private_setting(), jose::generate::to_export(&private)?.to_string());
            public.map(|public| set("eddsaPublicKey", public));
        }
    }
    Ok(())
}
