//! What administrators do, recorded in the transaction that does it.

use model::{
    event::{AdminEvent, Operation},
    id::EventId,
    permission::Permission,
    realm::Realm,
};
use serde::Serialize;
use serde_json::Value;
use store::{Tx, admin_events::Filter};

use crate::{Caller, Result, Services};

/// The thing that was changed.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Keycloak's resource type, such as `CLIENT`.
    pub kind: &'static str,
    /// Its path below the realm, such as `clients/{id}`.
    pub path: &'a str,
}

/// One change of several that are recorded together.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// What was done.
    pub(crate) operation: Operation,
    /// Keycloak's resource type.
    pub(crate) kind: &'static str,
    /// The path of the resource below the realm.
    pub(crate) path: String,
    /// What was written, without secrets.
    pub(crate) representation: Option<Value>,
}

/// Records changes, if the realm wants that, all in one statement.
///
/// # Errors
/// If the database fails.
pub(crate) async fn record_all(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    changes: Vec<Change>,
) -> Result<()> {
    let wanted = &realm.settings.events;
    if !wanted.admin_events_enabled || changes.is_empty() {
        return Ok(());
    }
    let event = |change: Change| AdminEvent {
        id: EventId(services.new_id()),
        time: services.now(),
        realm_id: realm.id,
        auth_realm_id: caller.realm_given_id.clone(),
        auth_client_id: caller.client.clone(),
        auth_user_id: caller.user.clone(),
        ip_address: caller.origin.ip_address.clone(),
        operation: change.operation.as_str().to_owned(),
        resource_type: change.kind.to_owned(),
        resource_path: change.path,
        representation: change
            .representation
            .filter(|_| wanted.admin_events_details_enabled)
            .map(|representation| representation.to_string()),
    };
    let events: Vec<_> = changes.into_iter().map(event).collect();
    Ok(store::admin_events::insert_all(tx, &events).await?)
}

/// Records a change, if the realm wants that.
///
/// `representation` is what was written, without secrets; the realm decides whether it is kept.
///
/// # Errors
/// If the database fails.
pub async fn record<R: Serialize>(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    resource: Resource<'_>,
    representation: Option<&R>,
) -> Result<()> {
    let wanted = &realm.settings.events;
    if !wanted.admin_events_enabled {
        return Ok(());
    }
    let representation = representation
        .filter(|_| wanted.admin_events_details_enabled)
        .and_then(|representation| serde_json::to_string(representation).ok());
    let event = AdminEvent {
        id: EventId(services.new_id()),
        time: services.now(),
        realm_id: realm.id,
        auth_realm_id: caller.realm_given_id.clone(),
        auth_client_id: caller.client.clone(),
        auth_user_id: caller.user.clone(),
        ip_address: caller.origin.ip_address.clone(),
        operation: operation.as_str().to_owned(),
        resource_type: resource.kind.to_owned(),
        resource_path: resource.path.to_owned(),
        representation,
    };
    Ok(store::admin_events::insert(tx, &event).await?)
}

/// The newest admin events of a realm that pass `filter`.
///
/// # Errors
/// `Forbidden` without `view-events` or `manage-events`.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm, filter: &Filter) -> Result<Vec<AdminEvent>> {
    caller.require(&[Permission::ViewEvents, Permission::ManageEvents])?;
    let mut searching = services.store.searching().await?;
    let found = store::admin_events::list(&mut searching, realm.id, filter).await?;
    searching.end().await?;
    Ok(found)
}

/// Deletes all admin events of a realm.
///
/// # Errors
/// `Forbidden` without `manage-events`.
pub async fn clear(services: &Services, caller: &Caller, realm: &Realm) -> Result<()> {
    caller.require(&[Permission::ManageEvents])?;
    let mut tx = services.store.begin(realm.id).await?;
    store::admin_events::clear(&mut tx).await?;
    services.commit(tx).await
}
