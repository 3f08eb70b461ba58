//! Who the administrator behind a console is, and what they may do where they are.

use std::collections::BTreeMap;

use model::{
    permission::{Permission, Permissions},
    realm::Realm,
};
use representation::WhoAmI;

use crate::{Caller, Error, Result, Services, What, cache, error::Found};

/// The client of the console; another one says with this attribute that it is one.
const CONSOLE: &str = "security-admin-console";
const IS_CONSOLE: &str = "security.admin.console";
/// The attribute of the administrator that the first start makes.
const TEMPORARY: &str = "is_temporary_admin";

/// Who asks, for a console. What they may do is told of their own realm and, for administrators of master, of the one
/// that they look at: never of all, since there may be ten thousand.
///
/// # Errors
/// `Forbidden` if it is no console that asks, or for another realm than that of the administrator.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, also: Option<&str>) -> Result<WhoAmI> {
    let (Some(user), Some(client)) = (&caller.user, &caller.client) else { return Err(Error::Forbidden) };
    if caller.realm != realm.id {
        return Err(Error::Forbidden);
    }
    let mut conn = services.store.read().await?;
    let client = store::clients::find(&mut conn, realm.id, client).await?.ok_or(Error::Forbidden)?;
    let says_so = client.attributes.get(IS_CONSOLE).is_some_and(|value| value == "true");
    if client.client_id != CONSOLE && !says_so {
        return Err(Error::Forbidden);
    }
    let user = store::users::find(&mut conn, realm.id, user).await?.found(What::User)?;
    let mut access = BTreeMap::from([(realm.name.clone(), names(caller.permissions))]);
    if let Some(name) = also.filter(|name| caller.of_master && *name != realm.name)
        && let Some(other) = cache::realm(services, name).await?
    {
        let grants = store::permissions::grants_of_user(&mut conn, realm.id, &user.id).await?;
        let there = grants.iter().filter(|grant| grant.target.is_none_or(|target| target == other.id));
        let there: Permissions = there.filter_map(|grant| Permission::parse(&grant.permission)).collect();
        access.insert(other.name.clone(), names(there));
    }
    let full_name: Vec<&str> = [&user.first_name, &user.last_name].into_iter().flatten().map(String::as_str).collect();
    let full_name = full_name.join(" ");
    let temporary = user.attributes.get(TEMPORARY).is_some_and(|values| values.iter().any(|value| value == "true"));
    Ok(WhoAmI {
        user_id: Some(user.id.0.clone()),
        realm: Some(realm.name.clone()),
        display_name: Some(if full_name.trim().is_empty() { user.username.clone() } else { full_name }),
        locale: Some("en".to_owned()),
        create_realm: Some(caller.create_realm),
        realm_access: Some(access),
        temporary: Some(temporary),
    })
}

fn names(permissions: Permissions) -> Vec<String> {
    Permission::ALL
        .into_iter()
        .filter(|permission| permissions.has(*permission))
        .map(|permission| permission.as_str().to_owned())
        .collect()
}
