//! User stores outside of the realm, such as LDAP directories, as administrators set them up: components that are checked,
//! kept and given back, and directories that are tried out. Users are not looked up there yet.

mod directory;
pub mod kinds;

use model::{
    component::{Component, USER_STORAGE_MAPPER, USER_STORAGE_PROVIDER},
    id::{ComponentId, RealmId},
    permission::Permission,
    realm::Realm,
};
use outgoing::DirectoryRefused;
use representation::{MASK, is_secret_name};
use url::Url;

pub use directory::{capabilities, test};

use crate::{Caller, Error, Result, Services, What, error::Found, provider_settings};

/// The most values that a setting may have.
const MAX_VALUES: usize = 500;
/// Settings that say where a secret is sent.
const DESTINATIONS: [&str; 2] = ["connectionUrl", "startTls"];

/// Whether components of this type are those of user stores.
pub(crate) fn is_of(provider_type: &str) -> bool {
    [USER_STORAGE_PROVIDER, USER_STORAGE_MAPPER].contains(&provider_type)
}

pub(crate) fn place(realm: RealmId, id: &ComponentId) -> String {
    format!("{realm}/component/{id}")
}

/// Checks the settings of a user store or of a mapper of one.
///
/// # Errors
/// `Refused` for a kind that can't be, `Invalid` for settings that can't.
pub(crate) fn check(component: &Component) -> Result<()> {
    let known = match component.provider_type.as_str() {
        USER_STORAGE_PROVIDER => kinds::find(&component.provider_id).is_some(),
        _ => kinds::find_mapper(&component.provider_id).is_some(),
    };
    if !known {
        return Err(Error::Refused("Invalid provider type or no such provider".to_owned()));
    }
    for (name, values) in &component.config {
        if values.len() > MAX_VALUES {
            return Err(Error::invalid(name, format!("{name} must not have more than {MAX_VALUES} values")));
        }
        provider_settings::check(values.iter().map(|value| (name, value)))?;
    }
    if component.config.len() > MAX_VALUES {
        return Err(Error::invalid("config", format!("There must not be more than {MAX_VALUES} settings")));
    }
    let set = |name: &str| component.setting(name).filter(|value| !value.is_empty());
    for address in set("connectionUrl").unwrap_or_default().split_whitespace() {
        if !Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "ldap" | "ldaps") && url.has_host()) {
            return Err(Error::invalid("connectionUrl", format!("'{address}' is no address of the form ldap://host")));
        }
    }
    if set("customUserSearchFilter").is_some_and(|filter| !filter.starts_with('(') || !filter.ends_with(')')) {
        let text = "Custom configured LDAP filter does not start with \"(\" or does not end with \")\".";
        return Err(Error::invalid("customUserSearchFilter", text));
    }
    for name in ["priority", "fullSyncPeriod", "changedSyncPeriod", "batchSizeForSync"] {
        if set(name).is_some_and(|number| number.parse::<i64>().is_err()) {
            return Err(Error::invalid(name, format!("{name} must be a number")));
        }
    }
    Ok(())
}

/// Seals the secrets in the settings of a component that is saved. The mask stands for what was kept, and only if that
/// goes where it went before.
///
/// # Errors
/// `Refused` for a mask that stands for nothing, or for what would go elsewhere.
pub(crate) fn seal(
    services: &Services,
    realm: &Realm,
    before: Option<&Component>,
    after: &mut Component,
) -> Result<()> {
    let given = std::mem::take(&mut after.config);
    let kept = before.map(|before| &before.config);
    let masked = |name: &String, values: &Vec<String>| is_secret_name(name) && values.iter().any(|value| value == MASK);
    for (name, _) in given.iter().filter(|(name, values)| masked(name, values)) {
        if kept.is_none_or(|kept| !kept.contains_key(name)) {
            return Err(Error::invalid(name, "The mask stands for a secret, and none is kept"));
        }
        let moved = DESTINATIONS.into_iter().find(|name| kept.and_then(|kept| kept.get(*name)) != given.get(*name));
        if let Some(moved) = moved {
            return Err(Error::invalid(name, format!("{moved} changed: give the secret anew")));
        }
    }
    after.config = provider_settings::seal_lists(services, &place(realm.id, &after.id), given, kept)?;
    Ok(())
}

/// As [`seal`], for a component that is changed: settings that it had and still has are sealed already.
///
/// # Errors
/// As [`seal`], and if only the address changed: the secret would go there.
pub(crate) fn reseal(services: &Services, realm: &Realm, before: &Component, after: &mut Component) -> Result<()> {
    for (name, values) in &mut after.config {
        if is_secret_name(name) && before.config.get(name) == Some(values) {
            for value in values {
                MASK.clone_into(value);
            }
        }
    }
    seal(services, realm, Some(before), after)
}

/// The mappers that a new LDAP directory has from the start.
pub(crate) fn default_mappers(services: &Services, store: &Component) -> Vec<Component> {
    if store.provider_type != USER_STORAGE_PROVIDER || store.provider_id != kinds::LDAP {
        return Vec::new();
    }
    let vendor = store.setting("vendor").unwrap_or_default();
    let username = store.setting("usernameLDAPAttribute").unwrap_or("uid");
    kinds::default_mappers(vendor, username)
        .into_iter()
        .map(|(name, provider_id, config)| Component {
            id: ComponentId(services.new_id()),
            name,
            provider_id: provider_id.to_owned(),
            provider_type: USER_STORAGE_MAPPER.to_owned(),
            parent_id: store.id.0.clone(),
            sub_type: None,
            config,
        })
        .collect()
}

/// A user store by its id.
async fn find(services: &Services, realm: &Realm, id: &ComponentId) -> Result<Component> {
    let found = store::components::find(&mut *services.store.read().await?, realm.id, id).await?;
    found.filter(|found| found.provider_type == USER_STORAGE_PROVIDER).found(What::Component)
}

/// What a user store is called.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `query-users`, `view-users` or `manage-users`.
pub async fn name(services: &Services, caller: &Caller, realm: &Realm, id: &ComponentId) -> Result<String> {
    caller.require(&[Permission::QueryUsers, Permission::ViewUsers, Permission::ManageUsers])?;
    Ok(find(services, realm, id).await?.name)
}

/// Goes on only for a user store that is there. What was taken over from it is removed or unlinked then: nothing ever is
/// taken over, so there is nothing to do.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-users`.
pub async fn forget_imported(services: &Services, caller: &Caller, realm: &Realm, id: &ComponentId) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    find(services, realm, id).await.map(drop)
}

/// Takes users over from a user store, which this server can't.
///
/// # Errors
/// `NotFound`, `Illegal` for an action that isn't one, else always `Unsupported`; `Forbidden` without `manage-users`.
pub async fn synchronize(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ComponentId,
    action: Option<&str>,
) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    find(services, realm, id).await?;
    match action {
        None | Some("") => Err(Error::Illegal("Missing action".to_owned())),
        Some("triggerFullSync" | "triggerChangedUsersSync") => Err(unsupported()),
        Some(other) => Err(Error::Illegal(format!("Unknown action: {other}"))),
    }
}

/// Takes groups or roles over through a mapper of a user store, which this server can't.
///
/// # Errors
/// `NotFound`, else always `Unsupported`; `Forbidden` without `manage-users`.
pub async fn synchronize_mapper(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ComponentId,
    mapper: &ComponentId,
) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    find(services, realm, id).await?;
    let mapper = store::components::find(&mut *services.store.read().await?, realm.id, mapper).await?;
    mapper.filter(|mapper| mapper.parent_id == id.0).found(What::Component)?;
    Err(unsupported())
}

fn unsupported() -> Error {
    Error::Unsupported("This server takes no users over from a user store".to_owned())
}

fn refused(error: DirectoryRefused) -> Error {
    let code = match error {
        DirectoryRefused::Login(_) => "AuthenticationFailure",
        DirectoryRefused::NoAddress => "InvalidConnectionUrl",
        DirectoryRefused::Server(_) | DirectoryRefused::StartTls(_) => "CommunicationError",
        DirectoryRefused::Question(_) | DirectoryRefused::Unreadable => "NamingError",
    };
    Error::Refused(format!("{code}: {error}"))
}
