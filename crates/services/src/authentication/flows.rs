//! Flows: listed, made, copied, renamed, removed.

use std::collections::{HashMap, HashSet};

use model::{
    authentication::{Flow, FlowKind},
    event::Operation,
    id::{AuthenticatorConfigId, ExecutionId, FlowId},
    realm::Realm,
};
use representation::AuthenticationFlowRepresentation;
use serde::Serialize;
use store::{Tx, authentication::All};

use super::{
    MANAGE, VIEW, bindings,
    book::{self, Book},
    built_in::HIDDEN,
    check_alias, configs, shown,
};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::{Found, OnConflict},
    realms::{check_text, given_id, given_name},
};

/// The top-level flows of a realm.
///
/// # Errors
/// `Forbidden` without `view-realm` or `manage-realm`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
) -> Result<Vec<AuthenticationFlowRepresentation>> {
    caller.require(VIEW)?;
    let book = book::read(services, realm).await?;
    let listed = book.0.flows.iter().filter(|flow| flow.top_level && flow.alias != HIDDEN);
    Ok(listed.map(|flow| shown::flow(&book, flow)).collect())
}

/// One flow.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &FlowId,
) -> Result<AuthenticationFlowRepresentation> {
    caller.require(VIEW)?;
    let book = book::read(services, realm).await?;
    let flow = book.flow(id).found(What::Flow)?;
    Ok(shown::flow(&book, flow))
}

pub(super) fn kind_of(given: Option<&str>) -> Result<FlowKind> {
    given.unwrap_or(FlowKind::Basic.as_str()).parse().map_err(|error: model::authentication::Unknown| {
        Error::invalid("providerId", format!("providerId must be basic-flow, client-flow or form-flow: {error}"))
    })
}

/// Makes an empty flow.
///
/// # Errors
/// `Conflict` for an alias that is empty or taken, `Illegal` for one that doesn't fit into a path, or `Forbidden` without
/// `manage-realm`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: AuthenticationFlowRepresentation,
) -> Result<FlowId> {
    caller.require(MANAGE)?;
    let alias = given.alias.clone().filter(|alias| !alias.is_empty());
    let alias = alias.ok_or_else(|| Error::Conflict("Failed to create flow with empty alias name".to_owned()))?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    if book.by_alias(&alias).is_some() {
        return Err(Error::Conflict(format!("Flow {alias} already exists")));
    }
    check_alias(&alias)?;
    book.require_room(1, 0, 0)?;
    let flow = Flow {
        id: FlowId(given_id(services, given.id)?),
        alias: given_name("alias", alias)?,
        description: Some(given.description.unwrap_or_default()),
        kind: kind_of(given.provider_id.as_deref())?,
        top_level: given.top_level.unwrap_or(false),
        built_in: false,
        place: book.next_place(),
    };
    check_text("description", flow.description.as_deref().unwrap_or_default())?;
    let id = flow.id.clone();
    let shown = shown::flow(&Book::default(), &flow);
    insert(&mut tx, &All { flows: vec![flow], ..All::default() }).await?;
    let path = format!("authentication/flows/{id}");
    record(services, &mut tx, caller, realm, Operation::Create, &path, Some(&shown)).await?;
    services.commit(tx).await?;
    Ok(id)
}

pub(super) async fn insert(tx: &mut Tx, new: &All) -> Result<()> {
    store::authentication::insert(tx, new)
        .await
        .on_conflict("authentication_flows_alias", || "New flow alias name already exists".to_owned())
        .map_err(|error| {
            error.on_conflict("authentication_flows_pkey", || Error::Conflict("Flow id already exists".to_owned()))
        })
}

/// Changes a flow. Absent fields stay. What came with the realm stays what it is but for its name and description.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken alias, or `Forbidden` without `manage-realm`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &FlowId,
    given: AuthenticationFlowRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (current, book) = book::lock(services, &mut tx).await?;
    let mut flow = book.flow(id).found(What::Execution)?.clone();
    let alias = given.alias.filter(|alias| !alias.is_empty());
    let alias = alias.ok_or_else(|| Error::Conflict("Failed to update flow with empty alias name".to_owned()))?;
    rename(&book, &mut flow, alias)?;
    if let Some(description) = given.description {
        check_text("description", &description)?;
        flow.description = Some(description);
    }
    if !flow.built_in {
        flow.top_level = given.top_level.unwrap_or(flow.top_level);
        if let Some(kind) = given.provider_id.as_deref() {
            flow.kind = kind_of(Some(kind))?;
        }
    }
    save(&mut tx, current, &book, &flow).await?;
    let path = format!("authentication/flows/{id}");
    record(services, &mut tx, caller, realm, Operation::Update, &path, Some(&shown::flow(&book, &flow))).await?;
    services.commit(tx).await
}

/// Gives a flow another alias, if that is free.
pub(super) fn rename(book: &Book, flow: &mut Flow, alias: String) -> Result<()> {
    if alias == flow.alias {
        return Ok(());
    }
    check_alias(&alias)?;
    if book.by_alias(&alias).is_some() {
        return Err(Error::Conflict("Flow alias name already exists".to_owned()));
    }
    flow.alias = given_name("alias", alias)?;
    Ok(())
}

/// Saves a flow; the realm's bindings follow its alias.
pub(super) async fn save(tx: &mut Tx, realm: Realm, book: &Book, flow: &Flow) -> Result<()> {
    store::authentication::update_flow(tx, flow)
        .await
        .on_conflict("authentication_flows_alias", || "Flow alias name already exists".to_owned())?;
    match book.flow(&flow.id) {
        Some(before) if before.alias != flow.alias => bindings::follow(tx, realm, &before.alias, &flow.alias).await,
        _ => Ok(()),
    }
}

/// Removes a flow with everything in it.
///
/// # Errors
/// `NotFound`, `Illegal` if it came with the realm or is used, or `Forbidden` without `manage-realm`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &FlowId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (current, book) = book::lock(services, &mut tx).await?;
    let flow = book.flow(id).found(What::FlowByAlias)?;
    if flow.built_in {
        return Err(Error::Illegal("Can't delete built in flow".to_owned()));
    }
    if bindings::is_bound(&current, &flow.alias)
        || store::authentication::bound_by_client(&mut tx, realm.id, id).await?
        || store::identity_providers::name_flow(&mut tx, realm.id, id).await?
    {
        return Err(Error::Illegal("Cannot remove authentication flow, it is currently in use".to_owned()));
    }
    remove(&mut tx, &book, id).await?;
    let path = format!("authentication/flows/{id}");
    record::<()>(services, &mut tx, caller, realm, Operation::Delete, &path, None).await?;
    services.commit(tx).await
}

/// Removes a flow and what is within it, but for flows that came with the realm or that stand elsewhere too.
pub(super) async fn remove(tx: &mut Tx, book: &Book, id: &FlowId) -> Result<()> {
    let mut going = book.within(id);
    going.retain(|flow| flow == id || book.flow(flow).is_some_and(|flow| !flow.built_in));
    let elsewhere: HashSet<_> = book
        .0
        .executions
        .iter()
        .filter(|execution| !going.contains(&execution.flow))
        .filter_map(|execution| execution.sub_flow.clone())
        .collect();
    going.retain(|flow| flow == id || !elsewhere.contains(flow));
    store::authentication::delete_configs(tx, &book.configs_only_in(&going)).await?;
    Ok(store::authentication::delete_flows(tx, &going.into_iter().collect::<Vec<_>>()).await?)
}

/// Copies a flow with everything in it. Names of what is in it begin with the new name.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken alias, or `Forbidden` without `manage-realm`.
pub async fn copy(services: &Services, caller: &Caller, realm: &Realm, alias: &str, new_name: &str) -> Result<FlowId> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    if book.by_alias(new_name).is_some() {
        return Err(Error::Conflict("New flow alias name already exists".to_owned()));
    }
    let flow = book.by_alias(alias).found(What::FlowByAlias)?;
    if new_name.is_empty() {
        return Err(Error::Conflict("Failed to create flow with empty alias name".to_owned()));
    }
    check_alias(new_name)?;
    let (id, copies) = copied(services, realm, &book, flow, new_name)?;
    book.require_room(copies.flows.len(), copies.executions.len(), copies.configs.len())?;
    for flow in &copies.flows {
        given_name("alias", flow.alias.clone())?;
    }
    insert(&mut tx, &copies).await?;
    let path = format!("authentication/flows/{alias}/copy");
    let shown = HashMap::from([("newName", new_name), ("id", id.as_str())]);
    record(services, &mut tx, caller, realm, Operation::Create, &path, Some(&shown)).await?;
    services.commit(tx).await?;
    Ok(id)
}

fn copied(services: &Services, realm: &Realm, book: &Book, flow: &Flow, new_name: &str) -> Result<(FlowId, All)> {
    let originals = book.within(&flow.id);
    let new_ids: HashMap<&FlowId, FlowId> = originals.iter().map(|id| (id, FlowId(services.new_id()))).collect();
    let mut copies = All::default();
    let mut new_configs: HashMap<&AuthenticatorConfigId, AuthenticatorConfigId> = HashMap::new();
    let mut place = book.next_place();
    for original in book.0.flows.iter().filter(|flow| originals.contains(&flow.id)) {
        let Some(id) = new_ids.get(&original.id).cloned() else { continue };
        let is_top = original.id == flow.id;
        copies.flows.push(Flow {
            id,
            alias: if is_top { new_name.to_owned() } else { format!("{new_name} {}", original.alias) },
            built_in: false,
            place,
            ..original.clone()
        });
        place = place.saturating_add(1);
    }
    for original in &book.0.executions {
        let Some(flow) = new_ids.get(&original.flow).cloned() else { continue };
        let config = match original.config.as_ref().and_then(|id| book.config(id)) {
            None => None,
            Some(config) => Some(match new_configs.get(&config.id) {
                Some(id) => id.clone(),
                None => {
                    let copy = configs::copied(services, realm, config, &format!("{new_name} {}", config.alias))?;
                    let id = copy.id.clone();
                    new_configs.insert(&config.id, id.clone());
                    copies.configs.push(copy);
                    id
                }
            }),
        };
        copies.executions.push(model::authentication::Execution {
            id: ExecutionId(services.new_id()),
            flow,
            sub_flow: original.sub_flow.as_ref().and_then(|id| new_ids.get(id)).cloned(),
            config,
            ..original.clone()
        });
    }
    let id = new_ids.get(&flow.id).cloned().found(What::FlowByAlias)?;
    Ok((id, copies))
}

async fn record<R: Serialize>(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    path: &str,
    shown: Option<&R>,
) -> Result<()> {
    let resource = Resource { kind: "AUTH_FLOW", path };
    admin_events::record(services, tx, caller, realm, operation, resource, shown).await
}
