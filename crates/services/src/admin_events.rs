//! What administrators do, recorded in the transaction that does it, together with what webhooks are to be told of it.

use model::{
    event::{AdminEvent, Operation},
    id::EventId,
    permission::Permission,
    realm::Realm,
};
use serde::Serialize;
use serde_json::Value;
use store::{Tx, admin_events::Filter};

use crate::{Caller, Result, Services, webhooks};

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

/// Whether the realm keeps admin events, or a webhook is told of this one.
fn is_wanted(realm: &Realm, operation: Operation, kind: &str) -> bool {
    realm.settings.events.admin_events_enabled
        || realm.listeners.iter().any(|listener| listener.filter.hears_of(operation.as_str(), kind))
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
    let wanted = changes.into_iter().filter(|change| is_wanted(realm, change.operation, change.kind));
    let events = wanted.map(|Change { operation, kind, path, representation }| {
        let representation = representation.map(|representation| representation.to_string());
        event(services, caller, realm, operation, Resource { kind, path: &path }, representation)
    });
    write(services, tx, realm, &events.collect::<Vec<_>>()).await
}

/// Writes events in one statement with what webhooks are to be told.
async fn write(services: &Services, tx: &mut Tx, realm: &Realm, events: &[AdminEvent]) -> Result<()> {
    let told = webhooks::of_admin_events(services, realm, events);
    let stored = if realm.settings.events.admin_events_enabled { events } else { &[] };
    if stored.is_empty() && told.is_empty() {
        return Ok(());
    }
    Ok(store::admin_events::insert(tx, stored, &told).await?)
}

fn event(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    resource: Resource<'_>,
    representation: Option<String>,
) -> AdminEvent {
    AdminEvent {
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
        representation: representation.filter(|_| realm.settings.events.admin_events_details_enabled),
    }
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
    if !is_wanted(realm, operation, resource.kind) {
        return Ok(());
    }
    let representation = representation
        .filter(|_| realm.settings.events.admin_events_details_enabled)
        .and_then(|representation| serde_json::to_string(representation).ok());
    let event = event(services, caller, realm, operation, resource, representation);
    write(services, tx, realm, &[event]).await
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
