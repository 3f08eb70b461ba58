//! The flows of a realm that is imported or exported. In a file, executions name flows and configurations by alias.

use std::collections::{HashMap, HashSet};

use model::{
    authentication::{Execution, Flow, Requirement},
    id::{ExecutionId, FlowId},
    realm::Realm,
};
use representation::{
    AuthenticationExecutionExportRepresentation, AuthenticationFlowRepresentation, AuthenticatorConfigRepresentation,
};
use store::{PgConnection, Tx, authentication::All};

use super::{
    authenticators, bindings,
    book::{self, Book},
    built_in, configs, flows, shown,
};
use crate::{
    Error, Result, Services,
    error::OnConflict as _,
    import_report::ImportReport,
    realms::{check_text, export::Secrets, given_id, given_name},
};

/// Makes the flows of a realm that is imported, and adds those that every realm has. Bindings of `realm` that name no flow
/// are taken back, in its row too.
///
/// # Errors
/// `Refused` if there are too many, or if the database fails.
pub(crate) async fn import(
    services: &Services,
    tx: &mut Tx,
    realm: &mut Realm,
    given: Option<Vec<AuthenticationFlowRepresentation>>,
    given_configs: Option<Vec<AuthenticatorConfigRepresentation>>,
    report: &mut ImportReport,
) -> Result<()> {
    let mut importing = Importing { services, report, book: Book::default() };
    importing.configs(realm, given_configs.unwrap_or_default());
    importing.flows(given.unwrap_or_default());
    importing.built_in(realm);
    let Importing { report, book, .. } = importing;
    book.require_room(0, 0, 0)?;
    let missing = bindings::reset_missing(realm, &book);
    if !missing.is_empty() {
        store::realms::update(tx, realm).await?;
    }
    for (binding, named) in missing {
        report.note(binding, format!("there is no authentication flow '{named}': the usual one is used"));
    }
    flows::insert(tx, &book.0).await
}

/// Brings flows and configurations of a realm that is there to the given state: new ones are made, those of the same alias
/// changed. The steps of a flow become exactly the given ones.
///
/// # Errors
/// `Refused` if there are too many, or if the database fails.
pub(crate) async fn bring(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    mut given: Vec<AuthenticationFlowRepresentation>,
    mut given_configs: Vec<AuthenticatorConfigRepresentation>,
    report: &mut ImportReport,
) -> Result<()> {
    if given.is_empty() && given_configs.is_empty() {
        return Ok(());
    }
    let (_, mut book) = book::lock(services, tx).await?;
    let next_place = book.next_place();
    let mut places = HashMap::new();
    for flow in &mut given {
        let known = flow.alias.as_deref().and_then(|alias| book.by_alias(alias));
        if let Some(known) = known {
            flow.id = Some(known.id.0.clone());
            places.insert(known.id.clone(), known.place);
        }
    }
    for config in &mut given_configs {
        let known = book.0.configs.iter().find(|known| Some(&known.alias) == config.alias.as_ref());
        config.id = known.map(|known| known.id.0.clone()).or(config.id.take());
    }
    let ids: HashSet<String> = given_configs.iter().filter_map(|config| config.id.clone()).collect();
    book.0.configs.retain(|config| !ids.contains(config.id.as_str()));
    book.0.executions.retain(|execution| !places.contains_key(&execution.flow));
    book.0.flows.retain(|flow| !places.contains_key(&flow.id));
    let kept_configs: HashSet<_> = book.0.configs.iter().map(|config| config.id.clone()).collect();
    let kept: HashSet<FlowId> = book.0.flows.iter().map(|flow| flow.id.clone()).collect();
    let mut importing = Importing { services, report, book };
    importing.configs(realm, given_configs);
    importing.flows(given);
    let Importing { mut book, .. } = importing;
    book.require_room(0, 0, 0)?;
    book.0.flows.retain(|flow| !kept.contains(&flow.id));
    for flow in &mut book.0.flows {
        flow.place = places.get(&flow.id).copied().unwrap_or(next_place.saturating_add(flow.place));
    }
    book.0.executions.retain(|execution| !kept.contains(&execution.flow));
    book.0.configs.retain(|config| !kept_configs.contains(&config.id));
    let taken = || "A flow or a configuration of the file has another one's id".to_owned();
    store::transfer::authentication::put(tx, &book.0)
        .await
        .on_conflict("authentication_flows_pkey", taken)
        .map_err(|error| error.on_conflict("authenticator_configs_pkey", || Error::Conflict(taken())))
}

struct Importing<'a> {
    services: &'a Services,
    report: &'a mut ImportReport,
    book: Book,
}

impl Importing<'_> {
    fn configs(&mut self, realm: &Realm, given: Vec<AuthenticatorConfigRepresentation>) {
        for (index, config) in given.into_iter().enumerate() {
            let path = format!("authenticatorConfig[{index}]");
            let names = |one: &model::Attributes| one.keys().cloned().collect::<HashSet<_>>();
            let before = config.config.as_ref().map(|given| names(given.expose())).unwrap_or_default();
            match configs::read(self.services, realm, config) {
                Ok(config) => {
                    for missing in before.difference(&names(&config.config)) {
                        let reason = "left out: it is empty, or a mask that stands for a secret";
                        self.report.note(format!("{path}.config.{missing}"), reason);
                    }
                    if self.book.0.configs.iter().any(|other| other.id == config.id) {
                        self.report.note(path, "left out: there is another one with this id");
                    } else {
                        self.book.0.configs.push(config);
                    }
                }
                Err(error) => self.report.note(path, format!("left out: {error}")),
            }
        }
    }

    fn flows(&mut self, given: Vec<AuthenticationFlowRepresentation>) {
        let mut executions = Vec::new();
        for (index, mut flow) in given.into_iter().enumerate() {
            let path = format!("authenticationFlows[{index}]");
            let steps = flow.authentication_executions.take().unwrap_or_default();
            match self.flow(flow, index) {
                Ok(flow) if self.book.by_alias(&flow.alias).is_some() || self.book.flow(&flow.id).is_some() => {
                    self.report.note(path, format!("left out: there is another one called '{}'", flow.alias));
                }
                Ok(flow) => {
                    executions.push((path, flow.id.clone(), steps));
                    self.book.0.flows.push(flow);
                }
                Err(error) => self.report.note(path, format!("left out: {error}")),
            }
        }
        for (path, flow, steps) in executions {
            self.executions(&path, &flow, steps);
        }
    }

    fn flow(&self, given: AuthenticationFlowRepresentation, index: usize) -> Result<Flow> {
        check_text("description", given.description.as_deref().unwrap_or_default())?;
        Ok(Flow {
            id: FlowId(given_id(self.services, given.id)?),
            alias: given_name("alias", given.alias.unwrap_or_default())?,
            description: given.description,
            kind: flows::kind_of(given.provider_id.as_deref())?,
            top_level: given.top_level.unwrap_or(false),
            built_in: given.built_in.unwrap_or(false),
            place: i32::try_from(index).unwrap_or(i32::MAX),
        })
    }

    fn executions(&mut self, path: &str, flow: &FlowId, given: Vec<AuthenticationExecutionExportRepresentation>) {
        // Executions of one priority stay in the order in which they stand in the file: their ids ascend.
        let mut ids: Vec<_> = given.iter().map(|_| self.services.new_id()).collect();
        ids.sort();
        for (index, (one, id)) in given.into_iter().zip(ids).enumerate() {
            let path = format!("{path}.authenticationExecutions[{index}]");
            match self.execution(&path, flow, ExecutionId(id), one) {
                Ok(execution) => {
                    self.book.0.executions.push(execution);
                    if self.book.depth(flow).is_none() {
                        self.book.0.executions.pop();
                        self.report.note(path, "left out: it would put a flow into itself, or too deep");
                    }
                }
                Err(reason) => self.report.note(path, reason),
            }
        }
    }

    fn execution(
        &mut self,
        path: &str,
        flow: &FlowId,
        id: ExecutionId,
        given: AuthenticationExecutionExportRepresentation,
    ) -> std::result::Result<Execution, String> {
        let is_flow = given.authenticator_flow.or(given.autheticator_flow).unwrap_or(given.flow_alias.is_some());
        let sub_flow = match (is_flow, given.flow_alias.as_deref()) {
            (false, _) => None,
            (true, None) => return Err("left out: it names no flow".to_owned()),
            (true, Some(alias)) => match self.book.by_alias(alias) {
                Some(inner) => Some(inner.id.clone()),
                None => return Err(format!("left out: there is no flow '{alias}'")),
            },
        };
        let authenticator = given.authenticator.filter(|authenticator| !authenticator.is_empty());
        let authenticator = match authenticator.map(|one| given_name("authenticator", one)).transpose() {
            Ok(None) if !is_flow => return Err("left out: it names no authenticator".to_owned()),
            Ok(authenticator) => authenticator,
            Err(error) => return Err(format!("left out: {error}")),
        };
        if let Some(unknown) = authenticator.as_deref().filter(|one| authenticators::find(one).is_none()) {
            self.report.note(path, format!("kept, but this server doesn't know the authenticator '{unknown}'"));
        }
        let word = given.requirement.unwrap_or_default();
        let requirement = word.parse().unwrap_or_else(|error| {
            self.report.note(format!("{path}.requirement"), format!("'{word}' is taken as DISABLED: {error}"));
            Requirement::Disabled
        });
        let config = match given.authenticator_config {
            None => None,
            Some(alias) => {
                let found = self.book.0.configs.iter().find(|config| config.alias == alias);
                if found.is_none() {
                    self.report.note(format!("{path}.authenticatorConfig"), format!("there is no '{alias}'"));
                }
                found.map(|config| config.id.clone())
            }
        };
        if given.user_setup_allowed == Some(true) {
            self.report.note(format!("{path}.userSetupAllowed"), "left out: nothing of Keycloak 26 reads it");
        }
        let priority = given.priority.unwrap_or_else(|| self.book.next_priority(flow));
        Ok(Execution { id, flow: flow.clone(), authenticator, sub_flow, config, requirement, priority })
    }

    /// Adds the flows that every realm has and this one doesn't.
    fn built_in(&mut self, realm: &Realm) {
        let has = |alias: &str| self.book.by_alias(alias).is_some();
        let mut missing =
            built_in::flows(realm.is_master(), self.book.next_place(), has, &mut || self.services.new_id());
        // A name that is taken for something else is kept for that; the flow that came with the realm gets another one.
        let taken: HashMap<_, _> = missing
            .flows
            .iter()
            .filter(|flow| has(&flow.alias))
            .map(|flow| (flow.id.clone(), format!("{} (built in)", flow.alias)))
            .collect();
        for flow in &mut missing.flows {
            if let Some(alias) = taken.get(&flow.id) {
                self.report.note("authenticationFlows", format!("the realm's own flow is called '{alias}'"));
                flow.alias.clone_from(alias);
            }
        }
        let All { flows, executions, configs } = missing;
        self.book.0.flows.extend(flows);
        self.book.0.executions.extend(executions);
        self.book.0.configs.extend(configs);
    }
}

/// The flows and configurations of a realm by alias, for an export.
///
/// # Errors
/// If the database fails.
pub(crate) async fn export(
    services: &Services,
    conn: &mut PgConnection,
    realm: &Realm,
    secrets: Secrets,
) -> Result<(Vec<AuthenticationFlowRepresentation>, Vec<AuthenticatorConfigRepresentation>)> {
    let mut book = Book(store::authentication::all(conn, realm.id).await?);
    if book.0.flows.is_empty() {
        // A realm that is older than flows has those of a new one.
        book.0 = built_in::flows(realm.is_master(), 0, |_| false, &mut || services.new_id());
    }
    book.0.flows.sort_by(|one, other| one.alias.cmp(&other.alias));
    let flows = book.0.flows.iter().map(|flow| AuthenticationFlowRepresentation {
        description: flow.description.clone(),
        ..shown::flow(&book, flow)
    });
    let flows = flows.collect();
    let configs = book.0.configs.iter().map(|config| match secrets {
        Secrets::Masked => Ok(shown::config(config)),
        Secrets::Shown => configs::opened(services, realm, config),
    });
    Ok((flows, configs.collect::<Result<_>>()?))
}
