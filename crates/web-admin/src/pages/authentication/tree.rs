//! One flow as a tree of its steps.

use actix_web::web::Path;
use askama::Template;
use representation::AuthenticationExecutionInfoRepresentation;
use services::authentication::{authenticators, executions};
use web::Shown;

use super::{
    CHANGE, flow_path,
    flows::{BINDINGS, found, uses},
};
use crate::{Console, frame::Frame, refusal::Answer};

#[derive(Template)]
#[template(path = "admin/authentication/flow.html")]
struct FlowPage {
    frame: Frame,
    back: String,
    path: String,
    bind: String,
    alias: String,
    description: Shown,
    built_in: bool,
    editable: bool,
    uses: Vec<&'static str>,
    bindings: Vec<(&'static str, &'static str)>,
    rows: Vec<Row>,
}

/// A step as the page shows it.
struct Row {
    id: String,
    name: Shown,
    about: Shown,
    requirement: &'static str,
    /// What it can be set to: value, label, and whether it is this one.
    choices: Vec<(String, &'static str, bool)>,
    /// The flow that it is.
    sub_flow: Option<String>,
    settings: bool,
    first: bool,
    last: bool,
    /// Steps within it follow.
    opens: bool,
    /// How many flows end behind it.
    closes: usize,
}

/// A requirement, for people.
pub(super) fn requirement(text: &str) -> &'static str {
    match text {
        "REQUIRED" => "Needed",
        "ALTERNATIVE" => "One of these is enough",
        "CONDITIONAL" => "If its conditions hold",
        _ => "Off",
    }
}

fn rows(steps: &[AuthenticationExecutionInfoRepresentation]) -> Vec<Row> {
    let level = |place: usize| steps.get(place).map_or(0, |step| step.level.unwrap_or_default().max(0));
    let row = |(place, step): (usize, &AuthenticationExecutionInfoRepresentation)| {
        let (here, next) = (level(place), level(place + 1));
        let siblings_behind = steps.iter().skip(place + 1).take_while(|other| other.level.unwrap_or_default() >= here);
        let last = !siblings_behind.into_iter().any(|other| other.level.unwrap_or_default() == here);
        let chosen = step.requirement.as_deref().unwrap_or_default();
        let help = step.provider_id.as_deref().and_then(authenticators::find).map_or("", |known| known.help);
        Row {
            id: step.id.clone().unwrap_or_default(),
            name: Shown::name(step.display_name.as_deref().unwrap_or_default()),
            about: Shown::sentence(step.description.as_deref().filter(|text| !text.is_empty()).unwrap_or(help)),
            requirement: requirement(chosen),
            choices: step
                .requirement_choices
                .iter()
                .flatten()
                .map(|choice| (choice.clone(), requirement(choice), choice == chosen))
                .collect(),
            sub_flow: step.flow_id.clone(),
            settings: step.configurable == Some(true),
            first: step.index.unwrap_or_default() == 0,
            last,
            opens: next > here,
            closes: usize::try_from(here.saturating_sub(next)).unwrap_or_default(),
        }
    };
    steps.iter().enumerate().map(row).collect()
}

pub(super) async fn show(console: Console, names: Path<(String, String, String)>) -> Answer {
    let id = names.into_inner().2;
    let flow = found(&console, &id).await?;
    let realm = console.realm()?;
    let alias = flow.alias.clone().unwrap_or_default();
    let steps = executions::list(&console.services, &console.caller, realm, &alias).await?;
    let uses = uses(realm, &alias);
    console.show(&FlowPage {
        frame: console.frame(&alias),
        back: console.path("/authentication"),
        path: flow_path(&console, &id),
        bind: console.path("/authentication/bind"),
        description: Shown::sentence(flow.description.as_deref().unwrap_or_default()),
        built_in: flow.built_in == Some(true),
        editable: console.may(CHANGE),
        bindings: BINDINGS.into_iter().filter(|(_, label)| !uses.contains(label)).collect(),
        uses,
        rows: rows(&steps),
        alias,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: &str, level: i32, index: i32) -> AuthenticationExecutionInfoRepresentation {
        AuthenticationExecutionInfoRepresentation {
            id: Some(id.to_owned()),
            level: Some(level),
            index: Some(index),
            ..Default::default()
        }
    }

    #[test]
    fn what_opens_is_closed() {
        let steps = [step("a", 0, 0), step("b", 0, 1), step("c", 1, 0), step("d", 2, 0), step("e", 0, 2)];
        let rows = rows(&steps);
        let shape: Vec<_> = rows.iter().map(|row| (row.opens, row.closes, row.first, row.last)).collect();
        let expected = [
            (false, 0, true, false),
            (true, 0, false, false),
            (true, 0, true, true),
            (false, 2, true, true),
            (false, 0, false, true),
        ];
        assert_eq!(shape, expected);
    }
}
