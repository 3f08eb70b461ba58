//! How a key is exchanged for another: a new one of the same kind signs from then on, and the old one verifies until
//! somebody removes it.

use model::{
    component::{Component, KEY_PROVIDER},
    id::ComponentId,
    realm::Realm,
};
use representation::{ComponentRepresentation, Masked};
use store::components::Filter;

use crate::{Caller, Result, Services, What, components, error::Found};

/// How much higher than all others a new key stands.
const STEP: i64 = 10;
/// What makes a key the one that it is, and so is not handed on to the next.
const OWN: [&str; 10] = [
    "privateKey",
    "certificate",
    "kid",
    "secret",
    "ecdsaPrivateKey",
    "ecdsaPublicKey",
    "ecdhPrivateKey",
    "ecdhPublicKey",
    "eddsaPrivateKey",
    "eddsaPublicKey",
];

/// Adds a key like that of the provider `id`, made by this server, with a priority above all others.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn rotate(services: &Services, caller: &Caller, realm: &Realm, id: &ComponentId) -> Result<Component> {
    let filter = Filter { provider_type: Some(KEY_PROVIDER.to_owned()), ..Filter::default() };
    let providers = components::list(services, caller, realm, &filter).await?;
    let highest = providers.iter().filter_map(|one| one.setting("priority")?.parse::<i64>().ok()).max().unwrap_or(0);
    let old = providers.into_iter().find(|one| one.id == *id).found(What::Component)?;
    let provider_id = match old.provider_id.as_str() {
        given @ ("rsa" | "rsa-enc") => format!("{given}-generated"),
        other => other.to_owned(),
    };
    let mut config = old.config;
    config.retain(|name, _| !OWN.contains(&name.as_str()));
    for (name, value) in [
        ("priority", highest.saturating_add(STEP).to_string()),
        ("enabled", "true".to_owned()),
        ("active", "true".to_owned()),
    ] {
        config.insert(name.to_owned(), vec![value]);
    }
    let given = ComponentRepresentation {
        name: Some(provider_id.clone()),
        provider_id: Some(provider_id),
        provider_type: Some(KEY_PROVIDER.to_owned()),
        config: Some(Masked::new(config.into_iter().collect())),
        ..ComponentRepresentation::default()
    };
    components::create(services, caller, realm, given).await
}
