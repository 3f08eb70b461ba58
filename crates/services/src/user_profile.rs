//! The user profile of a realm: which attributes its users have, who may see and change them, and what may stand in them.
//!
//! It is kept where Keycloak keeps it, in a component, so that exports carry it; a realm that never changed it has none and
//! goes by the default. Read once for each generation of the realm, see [`crate::cache::user_profile`].

mod attribute;
mod check;
mod default;
mod judge;
mod metadata;
mod validator;

use std::{collections::BTreeMap, sync::Arc};

use model::{component::Component, event::Operation, id::ComponentId, permission::Permission, realm::Realm};
use representation::{UPConfig, UserProfileMetadata};
use store::Tx;

use crate::{
    Caller, Error, Result, Services,
    admin_events::{self, Resource},
    cache,
};
use attribute::Attribute;

pub use default::default_config;

/// Keycloak's type of components that hold a user profile.
pub const PROVIDER_TYPE: &str = "org.keycloak.userprofile.UserProfileProvider";
/// The one provider of that type.
const PROVIDER: &str = "declarative-user-profile";
/// The setting that holds the profile as JSON.
const SETTING: &str = "kc.user.profile.config";
/// Keycloak up to 22 cut the JSON into so many pieces.
const PIECES: &str = "config-pieces-count";
/// The longest profile, in bytes.
const MAX_LENGTH: usize = 256 * 1_024;

/// Who may have attributes that the profile doesn't name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unmanaged {
    /// Everybody sees and changes them.
    Enabled,
    /// Administrators see them, nobody changes them.
    AdminView,
    /// Administrators see and change them.
    AdminEdit,
}

impl Unmanaged {
    fn parse(name: &str) -> Option<Self> {
        match name {
            "ENABLED" => Some(Self::Enabled),
            "ADMIN_VIEW" => Some(Self::AdminView),
            "ADMIN_EDIT" => Some(Self::AdminEdit),
            _ => None,
        }
    }
}

/// A user profile, ready to be asked.
#[derive(Clone, Debug)]
pub struct UserProfile {
    config: UPConfig,
    attributes: Vec<Attribute>,
    /// None: there are no such attributes, and those that came by an import are neither seen nor changed.
    unmanaged: Option<Unmanaged>,
}

impl UserProfile {
    /// Makes a profile ready. Validators that can't be understood don't judge: only an import brings them, and its
    /// report says so.
    fn new(config: UPConfig) -> Self {
        let attributes = config.attributes.iter().flatten().filter_map(Attribute::of).collect();
        let unmanaged = config.unmanaged_attribute_policy.as_deref().and_then(Unmanaged::parse);
        Self { config, attributes, unmanaged }
    }

    fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// Whether an administrator sees this attribute of users.
    fn admin_views(&self, name: &str) -> bool {
        self.attribute(name).map_or(self.unmanaged.is_some(), |attribute| attribute.admin_views)
    }

    /// Whether an administrator may change this attribute of users.
    fn admin_edits(&self, name: &str) -> bool {
        match self.attribute(name) {
            Some(attribute) => attribute.admin_edits,
            None => matches!(self.unmanaged, Some(Unmanaged::Enabled | Unmanaged::AdminEdit)),
        }
    }
}

/// The profile in a component; none if it can't be read.
fn read(component: &Component) -> Option<UPConfig> {
    let json = match component.setting(PIECES).and_then(|count| count.parse::<usize>().ok()) {
        Some(count) if component.setting(SETTING).is_none() => {
            (0..count.min(100)).filter_map(|piece| component.setting(&format!("config-piece-{piece}"))).collect()
        }
        _ => component.setting(SETTING)?.to_owned(),
    };
    if json.len() > MAX_LENGTH {
        return None;
    }
    representation::parse(json.as_bytes()).ok()
}

/// The profile of a realm, with the realm's generation at which it was read.
pub(crate) async fn load(services: &Services, realm: &Realm) -> Result<(UserProfile, i64)> {
    let mut conn = services.store.read().await?;
    let (component, generation) = store::components::only(&mut conn, realm.id, PROVIDER_TYPE).await?;
    let config = match &component {
        None => default_config(realm.is_master()),
        Some(component) => read(component).unwrap_or_else(|| {
            tracing::error!(realm = realm.name, component = %component.id, "a user profile can't be read");
            default_config(realm.is_master())
        }),
    };
    Ok((UserProfile::new(config), generation))
}

/// What is wrong with a component that is to hold a user profile.
///
/// # Errors
/// `Refused` with the reasons.
pub(crate) fn check_component(component: &Component) -> Result<()> {
    if component.provider_id != PROVIDER {
        return Err(Error::Refused("Invalid provider type or no such provider".to_owned()));
    }
    match read(component) {
        Some(config) => check(&config),
        // Keycloak makes such a component with nothing in it: the default counts.
        None if component.setting(SETTING).is_none() && component.setting(PIECES).is_none() => Ok(()),
        None => Err(Error::Refused("UserProfile configuration is invalid: [it can't be read]".to_owned())),
    }
}

/// Goes on only if the realm has no such component: there can be one.
pub(crate) async fn require_none(tx: &mut Tx, realm: &Realm) -> Result<()> {
    match store::components::only(tx, realm.id, PROVIDER_TYPE).await?.0 {
        None => Ok(()),
        Some(_) => Err(Error::Conflict("The realm has a user profile already".to_owned())),
    }
}

fn check(config: &UPConfig) -> Result<()> {
    let problems = check::problems(config);
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::Refused(format!("UserProfile configuration is invalid: [{}]", problems.join(", "))))
}

/// What a component that came by an import holds that no attribute will be judged by, as sentences.
#[must_use]
pub fn not_understood(component: &Component) -> Vec<String> {
    match read(component) {
        Some(config) => check::problems(&config),
        None => vec!["the user profile can't be read".to_owned()],
    }
}

/// The profile of a realm, for whoever administers anything in it.
///
/// # Errors
/// `Forbidden` for everybody else.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm) -> Result<UPConfig> {
    require_any(caller)?;
    Ok(cache::user_profile(services, realm).await?.config.clone())
}

/// What an administrator's form for a new user has to know.
///
/// # Errors
/// As [`get`].
pub async fn metadata(services: &Services, caller: &Caller, realm: &Realm) -> Result<UserProfileMetadata> {
    require_any(caller)?;
    Ok(cache::user_profile(services, realm).await?.metadata())
}

/// The profile that applies to users which the caller is shown.
pub(crate) async fn of(services: &Services, realm: &Realm) -> Result<Arc<UserProfile>> {
    cache::user_profile(services, realm).await
}

fn require_any(caller: &Caller) -> Result<()> {
    if caller.permissions.is_empty() { Err(Error::Forbidden) } else { Ok(()) }
}

/// Replaces the profile of a realm, and gives it as it is from now on.
///
/// # Errors
/// `Forbidden` without `manage-realm`, `Refused` with everything that is wrong with it.
pub async fn update(services: &Services, caller: &Caller, realm: &Realm, given: UPConfig) -> Result<UPConfig> {
    caller.require(&[Permission::ManageRealm])?;
    check(&given)?;
    let json = serde_json::to_string(&given).unwrap_or_default();
    if json.len() > MAX_LENGTH {
        return Err(Error::Refused(format!("UserProfile configuration is invalid: [more than {MAX_LENGTH} bytes]")));
    }
    let mut tx = services.configure(realm).await?;
    match store::components::only(&mut tx, realm.id, PROVIDER_TYPE).await?.0 {
        Some(mut component) => {
            component.config = BTreeMap::from([(SETTING.to_owned(), vec![json])]);
            store::components::update(&mut tx, &component).await?;
        }
        None => {
            let component = Component {
                id: ComponentId(services.new_id()),
                name: String::new(),
                provider_id: PROVIDER.to_owned(),
                provider_type: PROVIDER_TYPE.to_owned(),
                parent_id: realm.given_id.clone(),
                sub_type: None,
                config: BTreeMap::from([(SETTING.to_owned(), vec![json])]),
            };
            store::components::insert(&mut tx, &component).await?;
        }
    }
    let resource = Resource { kind: "USER_PROFILE", path: "users/profile" };
    admin_events::record(services, &mut tx, caller, realm, Operation::Update, resource, Some(&given)).await?;
    services.commit(tx).await?;
    Ok(given)
}

#[cfg(test)]
mod tests;
