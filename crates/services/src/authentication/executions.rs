//! Executions: the steps of a flow, listed, added, set, moved, removed.

use std::collections::BTreeMap;

use model::{
    authentication::{Execution, Flow, Requirement},
    event::Operation,
    id::{AuthenticatorConfigId, ExecutionId, FlowId},
    realm::Realm,
};
use representation::{AuthenticationExecutionInfoRepresentation, AuthenticationExecutionRepresentation, StringMap};
use serde::Serialize;
use store::{Tx, authentication::All};

use super::{
    MANAGE, VIEW, authenticators,
    book::{self, Book, MAX_DEPTH},
    check_alias, flows,
    order::{Move, moved},
    shown,
};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::Found,
    realms::{check_text, given_id, given_name},
};

const ADD: &str = "It is illegal to add execution to a built in flow";
const ADD_FLOW: &str = "It is illegal to add sub-flow to a built in flow";
const MODIFY: &str = "It is illegal to modify execution in a built in flow";
const REMOVE: &str = "It is illegal to remove execution from a built in flow";

/// Goes on only if a flow may be changed in this way.
fn require_own(flow: &Flow, text: &str) -> Result<()> {
    if flow.built_in { Err(Error::Illegal(text.to_owned())) } else { Ok(()) }
}

/// All steps of a flow, what is within flows in it included.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
) -> Result<Vec<AuthenticationExecutionInfoRepresentation>> {
    caller.require(VIEW)?;
    let book = book::read(services, realm).await?;
    let flow = book.by_alias(alias).found(What::FlowByAlias)?;
    let steps = book.flattened(&flow.id);
    Ok(steps.into_iter().map(|(level, index, execution)| shown::step(&book, level, index, execution)).collect())
}

/// One execution.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-realm` or `manage-realm`.
pub async fn get(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ExecutionId,
) -> Result<AuthenticationExecutionRepresentation> {
    caller.require(VIEW)?;
    let book = book::read(services, realm).await?;
    Ok(shown::execution(book.execution(id).found(What::Execution)?))
}

fn requirement_of(text: &str) -> Result<Requirement> {
    text.parse().map_err(|error: model::authentication::Unknown| {
        Error::invalid("requirement", format!("'{text}' is no requirement: {error}"))
    })
}

/// A number among texts.
fn priority_of(given: &StringMap) -> Result<Option<i32>> {
    let Some(text) = given.get("priority").filter(|text| !text.is_empty()) else { return Ok(None) };
    let priority = text.parse().map_err(|error: std::num::ParseIntError| {
        Error::invalid("priority", format!("'{text}' is no priority: {error}"))
    })?;
    Ok(Some(priority))
}

/// Adds an authenticator to a flow: `provider`, `priority`.
///
/// # Errors
/// `Illegal` for a flow that is not there or came with the realm, and for an authenticator that it can't have;
/// `Forbidden` without `manage-realm`.
pub async fn add(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    mut given: StringMap,
) -> Result<ExecutionId> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    let flow = book.by_alias(alias).ok_or_else(|| Error::Illegal("Parent flow doesn't exist".to_owned()))?;
    require_own(flow, ADD)?;
    let provider = given.get("provider").map(String::as_str).unwrap_or_default();
    let authenticator = authenticator_for(flow, provider)?;
    book.require_room(0, 1, 0)?;
    let execution = Execution {
        id: ExecutionId(services.new_id()),
        flow: flow.id.clone(),
        authenticator: Some(authenticator.id.to_owned()),
        sub_flow: None,
        config: None,
        requirement: match authenticator.choices {
            [only] => *only,
            _ => Requirement::Disabled,
        },
        priority: priority_of(&given)?.unwrap_or_else(|| book.next_priority(&flow.id)),
    };
    let id = execution.id.clone();
    insert(&mut tx, execution).await?;
    given.insert("id".to_owned(), id.0.clone());
    let path = format!("authentication/flows/{alias}/executions/execution");
    record(services, &mut tx, caller, realm, Operation::Create, &path, Some(&given)).await?;
    services.commit(tx).await?;
    Ok(id)
}

fn authenticator_for(flow: &Flow, provider: &str) -> Result<&'static authenticators::Authenticator> {
    authenticators::for_flow(flow.kind, provider)
        .ok_or_else(|| Error::Illegal(format!("No authentication provider found for id: {provider}")))
}

async fn insert(tx: &mut Tx, execution: Execution) -> Result<()> {
    let new = All { executions: vec![execution], ..All::default() };
    store::authentication::insert(tx, &new).await.map_err(|error| {
        Error::from(error)
            .on_conflict("authentication_executions_pkey", || Error::Conflict("Execution id already exists".to_owned()))
    })
}

/// Adds an empty flow to a flow: `alias`, `type`, `provider`, `description`, `priority`.
///
/// # Errors
/// `Refused` for a flow that is not there, `Illegal` for one that came with the realm, `Conflict` for a taken alias,
/// `Forbidden` without `manage-realm`.
pub async fn add_flow(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    parent: &str,
    mut given: StringMap,
) -> Result<FlowId> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    let flow = book.by_alias(parent).ok_or_else(|| Error::Refused("Parent flow doesn't exist".to_owned()))?;
    require_own(flow, ADD_FLOW)?;
    let alias = given.get("alias").cloned().unwrap_or_default();
    if book.by_alias(&alias).is_some() {
        return Err(Error::Conflict("New flow alias name already exists".to_owned()));
    }
    check_alias(&alias)?;
    book.require_room(1, 1, 0)?;
    let kind = flows::kind_of(given.get("type").map(String::as_str))?;
    let inner = Flow {
        id: FlowId(services.new_id()),
        alias: given_name("alias", alias)?,
        description: Some(given.get("description").cloned().unwrap_or_default()),
        kind,
        top_level: false,
        built_in: false,
        place: book.next_place(),
    };
    check_text("description", inner.description.as_deref().unwrap_or_default())?;
    let is_form = kind == model::authentication::FlowKind::Form;
    let provider = given.get("provider").filter(|provider| is_form && !provider.is_empty()).cloned();
    let execution = Execution {
        id: ExecutionId(services.new_id()),
        flow: flow.id.clone(),
        authenticator: provider.map(|provider| given_name("provider", provider)).transpose()?,
        sub_flow: Some(inner.id.clone()),
        config: None,
        requirement: Requirement::Disabled,
        priority: priority_of(&given)?.unwrap_or_else(|| book.next_priority(&flow.id)),
    };
    require_shallow(&book, &inner, &execution)?;
    given.insert("id".to_owned(), execution.id.0.clone());
    let id = inner.id.clone();
    flows::insert(&mut tx, &All { flows: vec![inner], executions: vec![execution], ..All::default() }).await?;
    let path = format!("authentication/flows/{parent}/executions/flow");
    let resource = Resource { kind: "AUTH_EXECUTION_FLOW", path: &path };
    admin_events::record(services, &mut tx, caller, realm, Operation::Create, resource, Some(&given)).await?;
    services.commit(tx).await?;
    Ok(id)
}

/// Goes on only if no flow comes to stand within itself or too deep, once `execution` is there.
fn require_shallow(book: &Book, inner: &Flow, execution: &Execution) -> Result<()> {
    let mut after = book.clone();
    if after.flow(&inner.id).is_none() {
        after.0.flows.push(inner.clone());
    }
    after.0.executions.push(execution.clone());
    match after.0.flows.iter().all(|flow| after.depth(&flow.id).is_some()) {
        true => Ok(()),
        false => Err(Error::Refused(format!("A flow can't stand within itself, nor more than {MAX_DEPTH} deep"))),
    }
}

/// Adds an execution as it is given.
///
/// # Errors
/// `Illegal` for a flow that is not there or came with the realm, and for an authenticator that it can't have;
/// `Forbidden` without `manage-realm`.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    given: AuthenticationExecutionRepresentation,
) -> Result<ExecutionId> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    let parent = given.parent_flow.map(FlowId);
    let parent = parent.ok_or_else(|| Error::Illegal("parent flow not set on new execution".to_owned()))?;
    let flow =
        book.flow(&parent).ok_or_else(|| Error::Illegal("execution parent flow does not exist".to_owned()))?.clone();
    require_own(&flow, ADD)?;
    book.require_room(0, 1, 0)?;
    let is_flow = given.authenticator_flow.or(given.autheticator_flow).unwrap_or(given.flow_id.is_some());
    let config = given.authenticator_config.map(AuthenticatorConfigId);
    if let Some(config) = &config {
        book.config(config).found(What::AuthenticatorConfig)?;
    }
    let mut execution = Execution {
        id: ExecutionId(given_id(services, given.id)?),
        flow: flow.id.clone(),
        authenticator: given.authenticator.filter(|authenticator| !authenticator.is_empty()),
        sub_flow: None,
        config,
        requirement: given.requirement.as_deref().map_or(Ok(Requirement::Disabled), requirement_of)?,
        priority: given.priority.unwrap_or_else(|| book.next_priority(&flow.id)),
    };
    if is_flow {
        let inner = given.flow_id.map(FlowId).and_then(|id| book.flow(&id).cloned()).found(What::Flow)?;
        execution.authenticator = execution.authenticator.map(|one| given_name("authenticator", one)).transpose()?;
        execution.sub_flow = Some(inner.id.clone());
        require_shallow(&book, &inner, &execution)?;
    } else {
        let authenticator = authenticator_for(&flow, execution.authenticator.as_deref().unwrap_or_default())?;
        execution.authenticator = Some(authenticator.id.to_owned());
    }
    let id = execution.id.clone();
    let shown = shown::execution(&execution);
    insert(&mut tx, execution).await?;
    let path = format!("authentication/executions/{id}");
    record(services, &mut tx, caller, realm, Operation::Create, &path, Some(&shown)).await?;
    services.commit(tx).await?;
    Ok(id)
}

/// Sets what a step of a flow is set to: requirement and priority; and, if it is a flow, its alias and description.
///
/// # Errors
/// `NotFound`, `Illegal` for another priority in a flow that came with the realm, `Conflict` for a taken alias,
/// `Forbidden` without `manage-realm`.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    alias: &str,
    given: AuthenticationExecutionInfoRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (current, book) = book::lock(services, &mut tx).await?;
    book.by_alias(alias).found(What::FlowInPath)?;
    let id = ExecutionId(given.id.clone().unwrap_or_default());
    let before = book.execution(&id).found(What::Execution)?;
    let mut execution = before.clone();
    if let Some(requirement) = given.requirement.as_deref() {
        execution.requirement = requirement_of(requirement)?;
    }
    if let Some(priority) = given.priority.filter(|priority| *priority != execution.priority) {
        require_own(book.parent(&execution)?, MODIFY)?;
        execution.priority = priority;
    }
    if execution != *before {
        store::authentication::update_executions(&mut tx, std::slice::from_ref(&execution)).await?;
    }
    if let Some(inner) = execution.sub_flow.as_ref().and_then(|id| book.flow(id)) {
        let mut flow = inner.clone();
        if let Some(alias) = given.display_name.clone().filter(|alias| !alias.is_empty()) {
            flows::rename(&book, &mut flow, alias)?;
        }
        if let Some(description) = given.description.clone() {
            check_text("description", &description)?;
            flow.description = Some(description);
        }
        if flow != *inner {
            flows::save(&mut tx, current, &book, &flow).await?;
        }
    }
    let path = format!("authentication/flows/{alias}/executions");
    record(services, &mut tx, caller, realm, Operation::Update, &path, Some(&given)).await?;
    services.commit(tx).await
}

/// Moves an execution past its neighbour. At the end of its way it stays.
///
/// # Errors
/// `NotFound`, `Illegal` in a flow that came with the realm, `Forbidden` without `manage-realm`.
pub async fn shift(services: &Services, caller: &Caller, realm: &Realm, id: &ExecutionId, way: Move) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = book::lock(services, &mut tx).await?;
    let execution = book.execution(id).found(What::Execution)?;
    require_own(book.parent(execution)?, MODIFY)?;
    let mut siblings: Vec<_> = book.executions_of(&execution.flow).cloned().collect();
    let index = siblings.iter().position(|sibling| sibling.id == *id).found(What::Execution)?;
    let priorities: Vec<_> = siblings.iter().map(|sibling| sibling.priority).collect();
    let Some(priorities) = moved(&priorities, index, way) else { return Ok(()) };
    for (sibling, priority) in siblings.iter_mut().zip(priorities) {
        sibling.priority = priority;
    }
    store::authentication::update_executions(&mut tx, &siblings).await?;
    let path = format!("authentication/executions/{id}/{}", way.as_path());
    record::<()>(services, &mut tx, caller, realm, Operation::Update, &path, None).await?;
    services.commit(tx).await
}

/// Removes an execution with its configuration, and the flow that it is.
///
/// # Errors
/// `NotFound`, `Illegal` in a flow that came with the realm, `Forbidden` without `manage-realm`.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &ExecutionId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.store.begin(realm.id).await?;
    let (_, mut book) = book::lock(services, &mut tx).await?;
    let execution = book.execution(id).found(What::Execution)?.clone();
    require_own(book.parent(&execution)?, REMOVE)?;
    store::authentication::delete_execution(&mut tx, id).await?;
    book.0.executions.retain(|other| other.id != *id);
    if let Some(config) = &execution.config
        && !book.0.executions.iter().any(|other| other.config.as_ref() == Some(config))
    {
        store::authentication::delete_configs(&mut tx, std::slice::from_ref(config)).await?;
    }
    if let Some(inner) = execution.sub_flow.as_ref().and_then(|id| book.flow(id))
        && !inner.built_in
        && !inner.top_level
        && !book.0.executions.iter().any(|other| other.sub_flow.as_ref() == Some(&inner.id))
    {
        flows::remove(&mut tx, &book, &inner.id).await?;
    }
    let path = format!("authentication/executions/{id}");
    record::<BTreeMap<String, String>>(services, &mut tx, caller, realm, Operation::Delete, &path, None).await?;
    services.commit(tx).await
}

pub(super) async fn record<R: Serialize>(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    path: &str,
    shown: Option<&R>,
) -> Result<()> {
    let resource = Resource { kind: "AUTH_EXECUTION", path };
    admin_events::record(services, tx, caller, realm, operation, resource, shown).await
}
