//! The client in master whose roles are the permissions on another realm: `acme-realm` for the realm `acme`.
//!
//! Keycloak makes one with each realm. Here it is made when somebody first asks master for it by its name: a realm whose
//! permissions nobody hands out in this way costs master nothing, and to make a realm writes nothing outside it.

use model::{
    client::{Client, ClientSettings, OPENID_CONNECT},
    id::{ClientId, RoleId},
    permission::Permission,
    realm::Realm,
    role::{Role, RoleContainer},
};

use super::built_in;
use crate::{Result, Services, error::OnConflict as _};

/// What the name of such a client ends with.
const SUFFIX: &str = "-realm";

/// Makes the client of this name, if it is named after a realm. Nothing happens if it is there already.
///
/// # Errors
/// If the database fails.
pub(crate) async fn ensure(services: &Services, master: &Realm, client_id: &str) -> Result<()> {
    let Some(name) = client_id.strip_suffix(SUFFIX).filter(|name| !name.is_empty()) else { return Ok(()) };
    let mut conn = services.store.read().await?;
    let Some((realm, _)) = store::realms::find_by_name(&mut conn, name).await? else { return Ok(()) };
    drop(conn);
    if realm.is_master() {
        return Ok(());
    }
    match make(services, master, &realm, client_id).await {
        // Somebody else was quicker.
        Err(crate::Error::Conflict(_)) => Ok(()),
        made => made,
    }
}

async fn make(services: &Services, master: &Realm, realm: &Realm, client_id: &str) -> Result<()> {
    let mut tx = services.configure(master).await?;
    let client = Client {
        id: ClientId(realm.id.0.to_string()),
        client_id: client_id.to_owned(),
        protocol: OPENID_CONNECT.to_owned(),
        enabled: true,
        settings: ClientSettings {
            name: Some(format!("{} Realm", realm.name)),
            bearer_only: true,
            full_scope_allowed: false,
            ..ClientSettings::default()
        },
        attributes: Default::default(),
        default_scopes: Vec::new(),
        optional_scopes: Vec::new(),
    };
    let there = || client_id.to_owned();
    store::clients::insert(&mut tx, &client, &[], None, services.now())
        .await
        .on_conflict("clients_pkey", there)
        .map_err(|error| error.on_conflict("clients_client_id", || crate::Error::Conflict(there())))?;
    let ids = Permission::ALL.map(|permission| (permission, RoleId(services.new_id())));
    let roles: Vec<_> = ids
        .iter()
        .map(|(permission, id)| Role {
            id: id.clone(),
            container: RoleContainer::Client(client.id.clone()),
            name: permission.as_str().to_owned(),
            description: Some(built_in::role_description(permission.as_str())),
            composite: false,
            attributes: Default::default(),
        })
        .collect();
    store::roles::insert_all(&mut tx, &roles).await?;
    let id = |wanted: Permission| ids.iter().find(|(permission, _)| *permission == wanted).map(|(_, id)| id.clone());
    let pairs: Vec<_> =
        built_in::PERMISSION_COMPOSITES.iter().filter_map(|(parent, child)| id(*parent).zip(id(*child))).collect();
    store::roles::composites::add_composites(&mut tx, &pairs).await?;
    let grants: Vec<_> = ids.iter().map(|(permission, id)| (id.clone(), permission.as_str())).collect();
    store::permissions::grant_roles(&mut tx, Some(realm.id), &grants).await?;
    services.commit(tx).await
}
