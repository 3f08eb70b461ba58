//! Components of a realm: key providers, of which a new one with a higher priority rotates the realm's key, and the
//! policies about clients that register themselves.

use std::collections::BTreeMap;

use jose::{Curve, SignatureAlgorithm};
use model::{
    component::{Component, KEY_PROVIDER, USER_STORAGE_MAPPER, USER_STORAGE_PROVIDER},
    event::Operation,
    id::ComponentId,
    key::{Key, KeyUse},
    permission::Permission,
    problem::Problem,
    realm::Realm,
};
use representation::ComponentRepresentation;
use store::{Tx, components::Filter};

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    client_registration::{PROVIDER_TYPE as REGISTRATION_POLICY, check_policy},
    error::{Found, OnConflict},
    keys, provider_settings, user_storage,
};

/// The key providers that this server runs.
pub const KEY_PROVIDERS: [&str; 4] = ["rsa-generated", "ecdsa-generated", "eddsa-generated", "hmac-generated"];

const MANAGE: &[Permission] = &[Permission::ManageRealm];
const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];

/// What a key provider generates, read from its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeyPlan {
    algorithm: SignatureAlgorithm,
    /// Bits of an RSA key, bytes of a secret; 0 where the algorithm says it all.
    size: u32,
}

/// Reads a key provider's settings.
fn key_plan(component: &Component) -> Result<KeyPlan> {
    let refuse = |name: &str, text: String| Err(Error::Invalid(vec![Problem::new(name, text)]));
    for switch in ["enabled", "active"] {
        if component.setting(switch).is_some_and(|value| value != "true" && value != "false") {
            return refuse(switch, format!("'{switch}' must be 'true' or 'false'"));
        }
    }
    if component.setting("priority").is_some_and(|priority| priority.parse::<i64>().is_err()) {
        return refuse("priority", "'Priority' should be a number".to_owned());
    }
    let number = |name: &str, usual: u32| match component.setting(name) {
        None => Some(usual),
        Some(text) => text.parse().ok(),
    };
    let algorithm = |usual: &str, allowed: &[&str]| {
        let named = component.setting("algorithm").unwrap_or(usual);
        allowed.contains(&named).then(|| named.parse().ok()).flatten()
    };
    match component.provider_id.as_str() {
        "rsa-generated" => {
            let Some(algorithm) = algorithm("RS256", &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]) else {
                return refuse("algorithm", "'Algorithm' should be one of RS256 to RS512, PS256 to PS512".to_owned());
            };
            match number("keySize", 2_048) {
                Some(size @ (2_048 | 3_072 | 4_096)) => Ok(KeyPlan { algorithm, size }),
                _ => refuse("keySize", "'Key size' should be 2048, 3072 or 4096".to_owned()),
            }
        }
        "ecdsa-generated" => {
            let algorithm = match component.setting("ecdsaEllipticCurveKey").unwrap_or("P-256") {
                "P-256" => SignatureAlgorithm::Es256,
                "P-384" => SignatureAlgorithm::Es384,
                "P-521" => SignatureAlgorithm::Es512,
                other => {
                    let known = Curve::ALL.map(Curve::as_str).join(", ");
                    return refuse("ecdsaEllipticCurveKey", format!("'{other}' is no curve of {known}"));
                }
            };
            Ok(KeyPlan { algorithm, size: 0 })
        }
        "eddsa-generated" => match component.setting("eddsaEllipticCurveKey").unwrap_or("Ed25519") {
            "Ed25519" => Ok(KeyPlan { algorithm: SignatureAlgorithm::EdDsa, size: 0 }),
            other => refuse("eddsaEllipticCurveKey", format!("'{other}' is not Ed25519, the only curve offered")),
        },
        "hmac-generated" => {
            let Some(algorithm) = algorithm("HS512", &["HS256", "HS384", "HS512"]) else {
                return refuse("algorithm", "'Algorithm' should be HS256, HS384 or HS512".to_owned());
            };
            match number("secretSize", 128) {
                Some(size @ 64..=512) => Ok(KeyPlan { algorithm, size }),
                _ => refuse("secretSize", "'Secret size' should be from 64 to 512 bytes".to_owned()),
            }
        }
        _ => Err(Error::Refused("Invalid provider type or no such provider".to_owned())),
    }
}

/// Reads a component's settings; gives what key it generates if it is a key provider.
fn plan_of(component: &Component) -> Result<Option<KeyPlan>> {
    match component.provider_type.as_str() {
        KEY_PROVIDER => key_plan(component).map(Some),
        REGISTRATION_POLICY => check_policy(component).map(|()| None),
        kind if user_storage::is_of(kind) => user_storage::check(component).map(|()| None),
        _ => Err(Error::Refused("Invalid provider type or no such provider".to_owned())),
    }
}

/// A component as it may be shown: its secrets are masked.
#[must_use]
pub fn shown(component: &Component) -> ComponentRepresentation {
    let config = provider_settings::masked_lists(&component.config);
    ComponentRepresentation { config: Some(config.into()), ..ComponentRepresentation::from(component) }
}

/// The kinds of components of a type that a component can have.
///
/// # Errors
/// `Illegal` without a type, `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn kinds_within(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ComponentId,
    provider_type: Option<&str>,
) -> Result<Vec<&'static user_storage::kinds::Kind>> {
    caller.require(VIEW)?;
    let found = store::components::find(&mut *services.store.read().await?, realm.id, id).await?;
    let parent = found.found(What::ParentComponent)?;
    let provider_type = provider_type.ok_or_else(|| Error::Illegal("must specify a subtype".to_owned()))?;
    let is_ldap = parent.provider_type == USER_STORAGE_PROVIDER && parent.provider_id == user_storage::kinds::LDAP;
    let within: &[_] =
        if is_ldap && provider_type == USER_STORAGE_MAPPER { &user_storage::kinds::MAPPERS } else { &[] };
    Ok(within.iter().collect())
}

/// Components that pass `filter`.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm, filter: &Filter) -> Result<Vec<Component>> {
    caller.require(VIEW)?;
    Ok(store::components::list(&mut *services.store.read().await?, realm.id, filter).await?)
}

/// One component.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, id: &ComponentId) -> Result<Component> {
    caller.require(VIEW)?;
    store::components::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Component)
}

/// Makes a component; a key provider gets its key at once.
///
/// # Errors
/// `Invalid` for settings that don't make sense, `Refused` for a provider that this server doesn't run, `Forbidden`
/// without `manage-realm`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: ComponentRepresentation,
) -> Result<Component> {
    caller.require(MANAGE)?;
    let provider_id = given.provider_id.unwrap_or_default();
    let mut component = Component {
        id: ComponentId(crate::realms::given_id(services, given.id)?),
        name: crate::realms::given_name("name", given.name.unwrap_or_else(|| provider_id.clone()))?,
        provider_id,
        provider_type: given.provider_type.unwrap_or_default(),
        parent_id: given.parent_id.unwrap_or_else(|| realm.given_id.clone()),
        sub_type: given.sub_type,
        config: given.config.map(representation::Masked::into_inner).unwrap_or_default(),
    };
    let key = match plan_of(&component)? {
        Some(plan) => Some(keys::generate(services, plan.algorithm, plan.size, &realm.name).await?),
        None => None,
    };
    if user_storage::is_of(&component.provider_type) {
        user_storage::seal(services, realm, None, &mut component)?;
    }
    let mut tx = services.store.begin(realm.id).await?;
    store::components::insert(&mut tx, &component)
        .await
        .on_conflict("components_pkey", || format!("Component {} already exists", component.id))?;
    store::components::insert_all(&mut tx, &user_storage::default_mappers(services, &component)).await?;
    if let Some(key) = key {
        keys::keep(services, &mut tx, &component.id, &key).await?;
    }
    record(services, &mut tx, caller, realm, Operation::Create, &component).await?;
    services.commit(tx).await?;
    Ok(component)
}

/// Changes a component. A key provider whose kind of key changes gets another key; a change of priority or of a switch
/// keeps it.
///
/// # Errors
/// `NotFound`, `Invalid`, or `Forbidden` without `manage-realm`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ComponentId,
    given: ComponentRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let kept = get(services, caller, realm, id).await?;
    let mut component = kept.clone();
    let before = plan_of(&component).ok().flatten();
    if let Some(name) = given.name {
        component.name = crate::realms::given_name("name", name)?;
    }
    if let Some(config) = given.config {
        component.config.extend(config.into_inner());
        component.config.retain(|_, values| values.iter().any(|value| !value.is_empty()));
    }
    let key = match plan_of(&component)? {
        Some(plan) if before != Some(plan) => {
            Some(keys::generate(services, plan.algorithm, plan.size, &realm.name).await?)
        }
        _ => None,
    };
    if user_storage::is_of(&component.provider_type) {
        user_storage::reseal(services, realm, &kept, &mut component)?;
    }
    let mut tx = services.store.begin(realm.id).await?;
    store::components::update(&mut tx, &component).await?;
    if let Some(key) = key {
        store::keys::delete_of(&mut tx, id).await?;
        keys::keep(services, &mut tx, id, &key).await?;
    }
    record(services, &mut tx, caller, realm, Operation::Update, &component).await?;
    services.commit(tx).await
}

/// Removes a component with its keys and with the components that belong to it.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &ComponentId) -> Result<()> {
    caller.require(MANAGE)?;
    let component = get(services, caller, realm, id).await?;
    let mut tx = services.store.begin(realm.id).await?;
    store::components::delete(&mut tx, id).await?;
    store::components::delete_children(&mut tx, id).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, &component).await?;
    services.commit(tx).await
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    component: &Component,
) -> Result<()> {
    let path = format!("components/{}", component.id);
    let shown = shown(component);
    let resource = Resource { kind: "COMPONENT", path: &path };
    admin_events::record(services, tx, caller, realm, operation, resource, Some(&shown)).await
}

fn key_provider(
    services: &Services,
    realm: &Realm,
    name: &str,
    provider_id: &str,
    settings: &[(&str, &str)],
) -> Component {
    Component {
        id: ComponentId(services.new_id()),
        name: name.to_owned(),
        provider_id: provider_id.to_owned(),
        provider_type: KEY_PROVIDER.to_owned(),
        parent_id: realm.given_id.clone(),
        sub_type: None,
        config: settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]))
            .collect::<BTreeMap<_, _>>(),
    }
}

/// The key providers of a new realm: an RSA key that signs and a secret for tokens that only this server reads.
pub(crate) fn default_key_providers(services: &Services, realm: &Realm) -> [Component; 2] {
    let rsa = [("priority", "100"), ("algorithm", "RS256"), ("keySize", "2048"), ("keyUse", "SIG")];
    let hmac = [("priority", "100"), ("algorithm", "HS512")];
    [
        key_provider(services, realm, "rsa-generated", "rsa-generated", &rsa),
        key_provider(services, realm, "hmac-generated-hs512", "hmac-generated", &hmac),
    ]
}

/// Makes the key of a provider, before the transaction that keeps both.
pub(crate) async fn generate_key(services: &Services, realm: &Realm, component: &Component) -> Result<keys::Generated> {
    let plan = key_plan(component)?;
    keys::generate(services, plan.algorithm, plan.size, &realm.name).await
}

/// Adds a key provider of low priority for an algorithm that a client asks for and the realm has no key of.
///
/// Of several nodes and requests that find it missing at once, one adds it.
pub(crate) async fn add_fallback_key(services: &Services, realm: &Realm, algorithm: SignatureAlgorithm) -> Result<()> {
    use jose::Family;
    let (provider, setting) = match algorithm.family() {
        Family::Rsa => ("rsa-generated", ("algorithm", algorithm.as_str())),
        Family::EllipticCurve(curve) => ("ecdsa-generated", ("ecdsaEllipticCurveKey", curve.as_str())),
        Family::Edwards => ("eddsa-generated", ("eddsaEllipticCurveKey", "Ed25519")),
        Family::Hmac => ("hmac-generated", ("algorithm", algorithm.as_str())),
    };
    let name = format!("fallback-{}", algorithm.as_str());
    let component = key_provider(services, realm, &name, provider, &[("priority", "-100"), setting]);
    let key = generate_key(services, realm, &component).await?;
    let mut tx = services.store.begin(realm.id).await?;
    // Whoever comes second waits here for the first one's transaction.
    store::realms::lock(&mut tx).await?.found(What::Realm)?;
    let (present, _) = store::keys::list(&mut tx, realm.id).await?;
    let usable = |key: &Key| {
        key.purpose == KeyUse::Signature && key.enabled && key.active && key.algorithm == algorithm.as_str()
    };
    if !present.iter().any(usable) {
        store::components::insert(&mut tx, &component).await?;
        keys::keep(services, &mut tx, &component.id, &key).await?;
        tracing::info!(realm = realm.name, algorithm = algorithm.as_str(), "made a key that a client asked for");
    }
    services.commit(tx).await
}
