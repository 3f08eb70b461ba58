//! Realms: made, read, changed, removed. Making one writes nothing outside it.

pub mod built_in;
mod change;
pub(crate) mod client_in_master;
pub mod desired;
pub(crate) mod export;
pub(crate) mod import;
mod listing;
pub mod partial_import;
mod rename;

use std::sync::Arc;

use model::{
    event::Operation,
    id::{MAX_ID_LENGTH, RealmId},
    permission::{Permission, Permissions},
    realm::Realm,
};
use representation::RealmRepresentation;

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    authentication,
    error::{Found, OnConflict},
};

pub use export::{Export, default_role, partial as partial_export};
pub(crate) use import::insert;
pub use import::{Import, Options as ImportOptions, create};
pub(crate) use listing::reach;
pub use listing::{ListedRealm, page};
pub use rename::under_another_name;

/// The longest name of anything, in characters.
pub const MAX_NAME_LENGTH: usize = 255;
/// The longest free text, such as a description, in bytes.
pub const MAX_TEXT_LENGTH: usize = 64 * 1_024;

/// The id that a caller gave to a new thing, or a new one.
///
/// # Errors
/// `Invalid` if it is empty, too long or holds characters that don't fit into a path.
pub(crate) fn given_id(services: &Services, given: Option<String>) -> Result<String> {
    let Some(id) = given else { return Ok(services.new_id()) };
    let fits = |letter: char| letter.is_ascii_graphic() && !matches!(letter, '/' | '?' | '#' | '%' | '\\' | '"');
    if id.is_empty() || id.len() > MAX_ID_LENGTH || !id.chars().all(fits) {
        return Err(Error::invalid("id", "An id has 1 to 255 visible ASCII characters and none of / ? # % \\ \""));
    }
    Ok(id)
}

/// A name that a caller gave.
///
/// # Errors
/// `Invalid` if it is empty, too long or holds control characters.
pub(crate) fn given_name(field: &str, name: String) -> Result<String> {
    if name.trim().is_empty() {
        return Err(Error::invalid(field, format!("The {field} must not be empty")));
    }
    if name.chars().count() > MAX_NAME_LENGTH || name.len() > 4 * MAX_NAME_LENGTH {
        return Err(Error::invalid(field, format!("The {field} must not be longer than {MAX_NAME_LENGTH} characters")));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid(field, format!("The {field} must not hold control characters")));
    }
    Ok(name)
}

/// Checks a free text.
///
/// # Errors
/// `Invalid` if it is too long.
pub(crate) fn check_text(field: &str, text: &str) -> Result<()> {
    if text.len() <= MAX_TEXT_LENGTH {
        return Ok(());
    }
    Err(Error::invalid(field, format!("The {field} must not be longer than {MAX_TEXT_LENGTH} bytes")))
}

/// Checks a realm's name: it is a path segment and part of every issuer.
fn check_realm_name(name: &str) -> Result<()> {
    if name.is_empty() {
        return Err(Error::Refused("Realm name cannot be empty".to_owned()));
    }
    let fits =
        |letter: char| !letter.is_control() && !letter.is_whitespace() && !":/?#[]@!$&'()*+,;=%\\\"<>".contains(letter);
    if name.chars().count() > MAX_NAME_LENGTH || !name.chars().all(fits) || name == "." || name == ".." {
        return Err(Error::Refused("Realm name can't have special characters or white space".to_owned()));
    }
    Ok(())
}

/// The realms that the caller has any permission on, by name: those whose names begin with `search`, and of these a page.
///
/// # Errors
/// `Forbidden` if the caller has a permission on none.
pub async fn list(
    services: &Services,
    caller: &Caller,
    search: Option<&str>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<(Realm, Permissions)>> {
    let mut conn = services.store.read().await?;
    let Some(user) = &caller.user else { return Err(Error::Forbidden) };
    let grants = store::permissions::grants_of_user(&mut conn, caller.realm, user).await?;
    let on = |realm: RealmId| -> Permissions {
        let about = grants.iter().filter(|grant| grant.target.is_none_or(|target| target == realm));
        about.filter_map(|grant| Permission::parse(&grant.permission)).collect()
    };
    let everywhere =
        grants.iter().any(|grant| grant.target.is_none() && Permission::parse(&grant.permission).is_some());
    let mut named: Vec<_> = grants.iter().filter_map(|grant| grant.target).collect();
    if !caller.of_master {
        named.retain(|realm| *realm == caller.realm);
    }
    if !everywhere && named.is_empty() {
        return Err(Error::Forbidden);
    }
    let among = (!everywhere).then_some(named.as_slice());
    let realms = match search {
        Some(search) => store::realms::search(&mut conn, search, among, first, max).await?,
        None => store::realms::list(&mut conn, among, first, max).await?,
    };
    Ok(realms.into_iter().map(|realm| (on(realm.id), realm)).map(|(held, realm)| (realm, held)).collect())
}

/// Changes a realm. Absent fields stay; attributes are merged.
///
/// # Errors
/// `Refused` for settings that make no sense or for renaming master, `Conflict` for a taken name, or `Forbidden`
/// without `manage-realm`.
pub async fn update(services: &Services, caller: &Caller, realm: &Realm, given: RealmRepresentation) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    let mut tx = services.store.begin(realm.id).await?;
    let mut changed = store::realms::lock(&mut tx).await?.found(What::Realm)?;
    caller.require_version(&changed)?;
    if let Some(name) = given.realm.as_deref()
        && name != changed.name
    {
        if changed.is_master() {
            return Err(Error::Refused("Can't rename master realm".to_owned()));
        }
        check_realm_name(name)?;
        rename_default_role(&mut tx, &changed, name).await?;
        rename::follow(services, &mut tx, &changed.name, name).await?;
        name.clone_into(&mut changed.name);
    }
    let before = changed.clone();
    change::apply(services, &mut changed, given)?;
    authentication::check_bindings(services, &mut tx, &before, &changed.settings).await?;
    store::realms::update(&mut tx, &changed)
        .await
        .on_conflict("realms_name_key", || "Realm with same name exists".to_owned())?;
    record(services, &mut tx, caller, &changed, Operation::Update).await?;
    services.commit(tx).await
}

/// The default role carries the realm's name, unless somebody gave it another.
async fn rename_default_role(tx: &mut store::Tx, realm: &Realm, name: &str) -> Result<()> {
    if let Some(mut role) = store::roles::find(tx, realm.id, &realm.default_role).await?
        && role.name == built_in::default_role_name(&realm.name)
    {
        role.name = built_in::default_role_name(name);
        store::roles::update(tx, &role)
            .await
            .on_conflict("roles_name", || format!("Role with name {} already exists", role.name))?;
    }
    Ok(())
}

/// Removes a realm with everything that it owns.
///
/// # Errors
/// `Refused` for master, or `Forbidden` without `manage-realm`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    if realm.is_master() {
        return Err(Error::Refused("Can't remove master realm".to_owned()));
    }
    let mut tx = services.store.begin(realm.id).await?;
    caller.require_version(&store::realms::lock(&mut tx).await?.found(What::Realm)?)?;
    if !store::realms::delete(&mut tx).await? {
        return Err(Error::NotFound(What::Realm));
    }
    services.commit(tx).await
}

/// The enabled realm of this name, for protocol requests. None if there is no such realm or it is disabled: to strangers
/// both are alike.
///
/// # Errors
/// If the database fails.
pub async fn enabled(services: &Services, name: &str) -> Result<Option<Arc<Realm>>> {
    Ok(crate::cache::realm(services, name).await?.filter(|realm| realm.enabled))
}

async fn record(
    services: &Services,
    tx: &mut store::Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
) -> Result<()> {
    let shown = RealmRepresentation::of(realm);
    let resource = Resource { kind: "REALM", path: "" };
    admin_events::record(services, tx, caller, realm, operation, resource, Some(&shown)).await
}
