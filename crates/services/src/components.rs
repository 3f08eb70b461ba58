//! Components of a realm: key providers, of which a new one with a higher priority rotates the realm's key, and the
//! policies about clients that register themselves. Components of other kinds come with an import and are only kept.

pub(crate) mod export;
pub(crate) mod import;
pub mod kinds;
pub(crate) mod plan;
mod sealed;

use std::collections::BTreeMap;

use jose::SignatureAlgorithm;
use model::{
    component::{Component, KEY_PROVIDER, USER_STORAGE_MAPPER, USER_STORAGE_PROVIDER},
    event::Operation,
    id::ComponentId,
    key::{Key, KeyUse},
    permission::Permission,
    realm::Realm,
};
use representation::ComponentRepresentation;
use store::{Tx, components::Filter};

use self::plan::{KeyPlan, key_plan};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    client_registration::{PROVIDER_TYPE as REGISTRATION_POLICY, check_policy},
    error::{Found, OnConflict},
    keys::material::{self, NewKey},
    user_profile, user_storage,
};

const MANAGE: &[Permission] = &[Permission::ManageRealm];
const VIEW: &[Permission] = &[Permission::ViewRealm, Permission::ManageRealm];

/// How often a change is worked out anew because somebody else's came first.
const MOST_ATTEMPTS: usize = 5;

/// Reads a component's settings; gives what key it generates if it is a key provider.
fn plan_of(component: &Component) -> Result<Option<KeyPlan>> {
    match component.provider_type.as_str() {
        KEY_PROVIDER => key_plan(component).map(Some),
        REGISTRATION_POLICY => {
            kinds::check(component, &kinds::REGISTRATION_POLICIES)?;
            check_policy(component).map(|()| None)
        }
        user_profile::PROVIDER_TYPE => user_profile::check_component(component).map(|()| None),
        kind if user_storage::is_of(kind) => user_storage::check(component).map(|()| None),
        _ => Err(Error::Refused("Invalid provider type or no such provider".to_owned())),
    }
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
    let mut components = store::components::list(&mut *services.store.read().await?, realm.id, filter).await?;
    components.iter_mut().for_each(mask);
    Ok(components)
}

/// Puts the mask in the place of secrets, also of a private key that was given and is kept elsewhere.
fn mask(component: &mut Component) {
    sealed::mask(component);
    if let Some(plan) = key_plan(component).ok().filter(|plan| component.provider_type == KEY_PROVIDER && plan.given) {
        component.config.insert(plan.private_setting().to_owned(), vec![representation::MASK.to_owned()]);
    }
}

/// One component.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, id: &ComponentId) -> Result<Component> {
    caller.require(VIEW)?;
    let mut component = find(services, realm, id).await?;
    mask(&mut component);
    Ok(component)
}

async fn find(services: &Services, realm: &Realm, id: &ComponentId) -> Result<Component> {
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
    let provider_type = given.provider_type.unwrap_or_default();
    let mut component = Component {
        id: ComponentId(crate::realms::given_id(services, given.id)?),
        name: match given.name {
            // Keycloak's has none.
            None if provider_type == user_profile::PROVIDER_TYPE => String::new(),
            name => crate::realms::given_name("name", name.unwrap_or_else(|| provider_id.clone()))?,
        },
        provider_id,
        provider_type,
        parent_id: given.parent_id.unwrap_or_else(|| realm.given_id.clone()),
        sub_type: given.sub_type,
        config: given.config.map(representation::Masked::into_inner).unwrap_or_default(),
    };
    let key = match plan_of(&component)? {
        Some(plan) => Some(new_key(services, realm, &mut component, plan).await?),
        None => None,
    };
    if user_storage::is_of(&component.provider_type) {
        user_storage::seal(services, realm, None, &mut component)?;
    }
    let mut tx = services.configure(realm).await?;
    if component.provider_type == user_profile::PROVIDER_TYPE {
        user_profile::require_none(&mut tx, realm).await?;
    }
    store::components::insert(&mut tx, &component)
        .await
        .on_conflict("components_pkey", || format!("Component {} already exists", component.id))?;
    store::components::insert_all(&mut tx, &user_storage::default_mappers(services, &component)).await?;
    if let Some(key) = key {
        keep(services, &mut tx, &component.id, &key).await?;
    }
    record(services, &mut tx, caller, realm, Operation::Create, &component).await?;
    services.commit(tx).await?;
    Ok(component)
}

/// The key that comes with a provider's settings, or a new one.
async fn new_key(services: &Services, realm: &Realm, component: &mut Component, plan: KeyPlan) -> Result<NewKey> {
    match material::take(services, component, &plan, &realm.name)? {
        Some(key) => Ok(key),
        None if plan.given => Err(Error::invalid(plan.private_setting(), "'Private RSA Key' is required")),
        None => material::generate(services, plan, &realm.name).await,
    }
}

/// Makes a key the only one of its provider.
async fn keep(services: &Services, tx: &mut Tx, component: &ComponentId, key: &NewKey) -> Result<()> {
    let key = key.stored(services, tx.realm(), component)?;
    store::transfer::components::replace_keys(tx, std::slice::from_ref(component), &[key])
        .await
        .on_conflict("keys_pkey", || "Another provider has this key already".to_owned())
}

/// Changes a component. A key provider whose kind of key changes gets another key; a change of priority or of a switch
/// keeps it.
///
/// # Errors
/// `NotFound`, `Invalid`, `Conflict` if others change it all the time, or `Forbidden` without `manage-realm`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ComponentId,
    given: ComponentRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut kept = find(services, realm, id).await?;
    for _ in 0..MOST_ATTEMPTS {
        // A key takes its time: it is made before others have to wait.
        let (component, key) = changed(services, realm, &kept, given.clone()).await?;
        let mut tx = services.configure(realm).await?;
        let present = store::components::find(&mut tx, realm.id, id).await?.found(What::Component)?;
        let mut seen = present.clone();
        mask(&mut seen);
        caller.require_version(&seen)?;
        if present != kept {
            kept = present;
            continue;
        }
        store::components::update(&mut tx, &component).await?;
        if let Some(key) = key {
            keep(services, &mut tx, id, &key).await?;
        }
        record(services, &mut tx, caller, realm, Operation::Update, &component).await?;
        return services.commit(tx).await;
    }
    Err(store::Error::Overtaken.into())
}

/// What a change makes of a component, and the key that comes with it.
async fn changed(
    services: &Services,
    realm: &Realm,
    kept: &Component,
    given: ComponentRepresentation,
) -> Result<(Component, Option<NewKey>)> {
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
        None => None,
        Some(plan) => match material::take(services, &mut component, &plan, &realm.name)? {
            Some(key) => Some(key),
            None if before.as_ref() == Some(&plan) => None,
            None => Some(new_key(services, realm, &mut component, plan).await?),
        },
    };
    if user_storage::is_of(&component.provider_type) {
        user_storage::reseal(services, realm, kept, &mut component)?;
    }
    Ok((component, key))
}

/// Removes a component with its keys and with the components that belong to it.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &ComponentId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let component = store::components::find(&mut tx, realm.id, id).await?.found(What::Component)?;
    let mut seen = component.clone();
    mask(&mut seen);
    caller.require_version(&seen)?;
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
    let mut masked = component.clone();
    mask(&mut masked);
    let shown = ComponentRepresentation::from(&masked);
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

/// The key providers of a new realm: an RSA key that signs, one that request objects are encrypted to, a secret for tokens
/// that only this server reads, and one that Keycloak would encrypt with.
pub(crate) fn default_key_providers(services: &Services, realm: &Realm) -> [Component; 4] {
    let priority = ("priority", "100");
    let rsa = [priority, ("algorithm", "RS256"), ("keySize", "2048"), ("keyUse", "SIG")];
    let encrypts = [priority, ("algorithm", "RSA-OAEP"), ("keySize", "2048"), ("keyUse", "ENC")];
    let provider = |name, id, settings: &[_]| key_provider(services, realm, name, id, settings);
    [
        provider("rsa-generated", "rsa-generated", &rsa),
        provider("rsa-enc-generated", "rsa-enc-generated", &encrypts),
        provider("hmac-generated-hs512", "hmac-generated", &[priority, ("algorithm", "HS512")]),
        provider("aes-generated", "aes-generated", &[priority]),
    ]
}

/// Makes the keys of providers that are without: an RSA key that encrypts is made when somebody looks for it, because it
/// takes longer than everything else that belongs to a realm, and most realms never need it.
///
/// Of several nodes and requests that find it missing at once, one keeps its key.
pub(crate) async fn make_missing_keys(services: &Services, realm: &Realm) -> Result<()> {
    let missing = store::components::without_key(&mut *services.store.read().await?, realm.id, KEY_PROVIDER).await?;
    let mut made = Vec::new();
    for component in missing {
        // One that an import brought and that makes no sense here stays as it is.
        let Ok(plan) = key_plan(&component) else { continue };
        if !plan.given {
            made.push((component.id, material::generate(services, plan, &realm.name).await?));
        }
    }
    if made.is_empty() {
        return Ok(());
    }
    let mut tx = services.configure(realm).await?;
    let missing = store::components::without_key(&mut tx, realm.id, KEY_PROVIDER).await?;
    for (id, key) in made.iter().filter(|(id, _)| missing.iter().any(|component| component.id == *id)) {
        keep(services, &mut tx, id, key).await?;
    }
    services.commit(tx).await
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
    let key = material::generate(services, key_plan(&component)?, &realm.name).await?;
    // Whoever comes second waits here for the first one's transaction.
    let mut tx = services.configure(realm).await?;
    let (present, _) = store::keys::list(&mut tx, realm.id).await?;
    let usable = |key: &Key| {
        key.purpose == KeyUse::Signature && key.enabled && key.active && key.algorithm == algorithm.as_str()
    };
    if !present.iter().any(usable) {
        store::components::insert(&mut tx, &component).await?;
        keep(services, &mut tx, &component.id, &key).await?;
        tracing::info!(realm = realm.name, algorithm = algorithm.as_str(), "made a key that a client asked for");
    }
    services.commit(tx).await
}
