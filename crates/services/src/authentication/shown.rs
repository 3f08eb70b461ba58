//! Flows, executions and configurations as representations.

use model::authentication::{AuthenticatorConfig, Execution, Flow};
use representation::{
    AuthenticationExecutionExportRepresentation, AuthenticationExecutionInfoRepresentation,
    AuthenticationExecutionRepresentation, AuthenticationFlowRepresentation, AuthenticatorConfigRepresentation, Masked,
};

use super::{authenticators, book::Book};
use crate::provider_settings::masked;

/// A flow with its own executions.
pub(super) fn flow(book: &Book, flow: &Flow) -> AuthenticationFlowRepresentation {
    AuthenticationFlowRepresentation {
        id: Some(flow.id.0.clone()),
        alias: Some(flow.alias.clone()),
        description: Some(flow.description.clone().unwrap_or_default()),
        provider_id: Some(flow.kind.as_str().to_owned()),
        top_level: Some(flow.top_level),
        built_in: Some(flow.built_in),
        authentication_executions: Some(book.executions_of(&flow.id).map(|one| exported(book, one)).collect()),
    }
}

fn exported(book: &Book, execution: &Execution) -> AuthenticationExecutionExportRepresentation {
    let is_flow = execution.sub_flow.is_some();
    AuthenticationExecutionExportRepresentation {
        authenticator_config: execution.config.as_ref().and_then(|id| book.config(id)).map(|one| one.alias.clone()),
        authenticator: execution.authenticator.clone(),
        authenticator_flow: Some(is_flow),
        requirement: Some(execution.requirement.as_str().to_owned()),
        priority: Some(execution.priority),
        autheticator_flow: Some(is_flow),
        flow_alias: execution.sub_flow.as_ref().and_then(|id| book.flow(id)).map(|flow| flow.alias.clone()),
        user_setup_allowed: Some(false),
    }
}

fn number(value: usize) -> Option<i32> {
    i32::try_from(value).ok()
}

/// A step in the list of all steps of a flow.
pub(super) fn step(
    book: &Book,
    level: usize,
    index: usize,
    execution: &Execution,
) -> AuthenticationExecutionInfoRepresentation {
    let common = AuthenticationExecutionInfoRepresentation {
        id: Some(execution.id.0.clone()),
        requirement: Some(execution.requirement.as_str().to_owned()),
        provider_id: execution.authenticator.clone(),
        authentication_config: execution.config.as_ref().map(|config| config.0.clone()),
        level: number(level),
        index: number(index),
        priority: Some(execution.priority),
        ..AuthenticationExecutionInfoRepresentation::default()
    };
    let words = |choices: &[model::authentication::Requirement]| {
        Some(choices.iter().map(|choice| choice.as_str().to_owned()).collect())
    };
    match execution.sub_flow.as_ref().and_then(|id| book.flow(id)) {
        Some(flow) => AuthenticationExecutionInfoRepresentation {
            display_name: Some(flow.alias.clone()),
            description: Some(flow.description.clone().unwrap_or_default()),
            requirement_choices: words(authenticators::choices_of_flow(flow.kind)),
            configurable: Some(false),
            authentication_flow: Some(true),
            flow_id: Some(flow.id.0.clone()),
            ..common
        },
        None => {
            // One that this server doesn't know, from an import, stays what it is.
            let known = execution.authenticator.as_deref().and_then(authenticators::find);
            let choices = known.map_or(&model::authentication::Requirement::ALL[..], |one| one.choices);
            let alias = execution.config.as_ref().and_then(|id| book.config(id)).map(|config| config.alias.clone());
            AuthenticationExecutionInfoRepresentation {
                display_name: known.map(|one| one.name.to_owned()).or_else(|| execution.authenticator.clone()),
                alias,
                requirement_choices: words(choices),
                configurable: Some(known.is_none_or(authenticators::Authenticator::configurable)),
                ..common
            }
        }
    }
}

/// An execution alone.
pub(super) fn execution(execution: &Execution) -> AuthenticationExecutionRepresentation {
    let is_flow = execution.sub_flow.is_some();
    AuthenticationExecutionRepresentation {
        authenticator_config: execution.config.as_ref().map(|config| config.0.clone()),
        authenticator: execution.authenticator.clone(),
        authenticator_flow: Some(is_flow),
        requirement: Some(execution.requirement.as_str().to_owned()),
        priority: Some(execution.priority),
        autheticator_flow: Some(is_flow),
        id: Some(execution.id.0.clone()),
        flow_id: execution.sub_flow.as_ref().map(|flow| flow.0.clone()),
        parent_flow: Some(execution.flow.0.clone()),
    }
}

/// A configuration, its secrets masked.
pub(super) fn config(config: &AuthenticatorConfig) -> AuthenticatorConfigRepresentation {
    AuthenticatorConfigRepresentation {
        id: Some(config.id.0.clone()),
        alias: Some(config.alias.clone()),
        config: Some(Masked::new(masked(&config.config))),
    }
}
