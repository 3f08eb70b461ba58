//! Directories are tried out before they are relied on.

use model::{component::Component, id::ComponentId, permission::Permission, realm::Realm, secret::Secret};
use outgoing::{Ability, Directory};
use representation::{LDAPCapabilityRepresentation, MASK, TestLdapConnectionRepresentation};

use super::{DESTINATIONS, find, place, refused};
use crate::{Caller, Error, Result, Services, client_keys::address_policy, provider_settings};

/// Connects to a directory, and logs in if the action is `testAuthentication`.
///
/// # Errors
/// `Refused` with a reason if that fails, or `Forbidden` without `manage-realm`.
pub async fn test(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: TestLdapConnectionRepresentation,
) -> Result<()> {
    caller.require(&[Permission::ManageRealm])?;
    let login = match given.action.as_deref() {
        Some("testConnection") => false,
        Some("testAuthentication") => true,
        other => return Err(Error::Refused(format!("Unknown action: {}", other.unwrap_or_default()))),
    };
    let directory = directory(services, realm, given, login).await?;
    services.outgoing.try_directory(&directory, &address_policy(realm)).await.map_err(refused)
}

/// What a directory says it can do.
///
/// # Errors
/// As [`test`].
pub async fn capabilities(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: TestLdapConnectionRepresentation,
) -> Result<Vec<LDAPCapabilityRepresentation>> {
    caller.require(&[Permission::ManageRealm])?;
    let login = given.bind_dn.as_ref().is_some_and(|name| !name.is_empty());
    let directory = directory(services, realm, given, login).await?;
    let found = services.outgoing.abilities(&directory, &address_policy(realm)).await.map_err(refused)?;
    let shown = |(kind, oid)| LDAPCapabilityRepresentation {
        oid: Some(oid),
        r#type: Some(
            match kind {
                Ability::Extension => "EXTENSION",
                Ability::Control => "CONTROL",
                Ability::Feature => "FEATURE",
            }
            .to_owned(),
        ),
    };
    Ok(found.into_iter().map(shown).collect())
}

async fn directory(
    services: &Services,
    realm: &Realm,
    given: TestLdapConnectionRepresentation,
    login: bool,
) -> Result<Directory> {
    let addresses = given.connection_url.clone().unwrap_or_default();
    let start_tls = given.start_tls.as_deref() == Some("true");
    let login = match login && given.auth_type.as_deref() != Some("none") {
        false => None,
        true => {
            let name = given.bind_dn.clone().filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| Error::Refused("InvalidBindDN: there is no bind DN".to_owned()))?;
            Some((name, credential(services, realm, &given).await?))
        }
    };
    Ok(Directory { addresses, start_tls, login })
}

/// The password that is given, or the one that a component keeps: it goes where it goes for that component.
async fn credential(services: &Services, realm: &Realm, given: &TestLdapConnectionRepresentation) -> Result<Secret> {
    let password = given.bind_credential.as_ref().map(|password| password.expose().clone()).unwrap_or_default();
    if password != MASK {
        return Ok(Secret::new(password));
    }
    let id = ComponentId(given.component_id.clone().unwrap_or_default());
    let kept: Component = find(services, realm, &id).await?;
    let asked = [given.connection_url.as_deref(), given.start_tls.as_deref()];
    for (name, asked) in DESTINATIONS.into_iter().zip(asked) {
        let is_set = |value: &&str| !value.is_empty() && *value != "false";
        if kept.setting(name).filter(is_set) != asked.filter(is_set) {
            return Err(Error::Refused(format!("{name} is not the component's: give the bind credential")));
        }
    }
    match kept.setting("bindCredential") {
        Some(sealed) => provider_settings::open(services, &place(realm.id, &kept.id), "bindCredential", sealed),
        None => Ok(Secret::new(String::new())),
    }
}
