//! The libraries that programs administer Keycloak with, unmodified: each takes a realm through its whole life with every
//! method that it has, and `docs/admin-api.md` says which of them work.

use std::{collections::BTreeSet, process::Stdio};

use serde::Deserialize;
use serde_json::json;
use tests::{Program, program::Setup, relying_parties::installation::Workplace};

const DOCUMENT: &str = include_str!("../../../docs/admin-api.md");
const PYTHON: (&str, &str) =
    ("with_python_keycloak.py", include_str!("../../keycloak-clients/with_python_keycloak.py"));
const NODE: (&str, &str) = ("with_admin_client.mjs", include_str!("../../keycloak-clients/with_admin_client.mjs"));

/// What a program found.
#[derive(Deserialize)]
struct Found {
    worked: BTreeSet<String>,
    off: BTreeSet<String>,
}

/// Runs a program that takes a realm through its life.
fn run(mut command: std::process::Command, settings: &serde_json::Value) -> Found {
    let output = command.arg(settings.to_string()).stdin(Stdio::null()).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}\n{complained}", output.status);
    serde_json::from_str(said.lines().last().unwrap()).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The document's table says of each method whether it works.
fn is_documented(library: &str, found: &Found) {
    let row = |what: &str| -> BTreeSet<String> {
        let begin = format!("| {library} | {what} | ");
        let line = DOCUMENT.lines().find_map(|line| line.strip_prefix(&begin));
        line.into_iter().flat_map(|line| line.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
    };
    let line = |what: &str, names: &BTreeSet<String>| {
        let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        format!("| {library} | {what} | {} |", names.join(" "))
    };
    let wanted = [line("works", &found.worked), line("off", &found.off)].join("\n");
    assert!(row("works") == found.worked && row("off") == found.off, "docs/admin-api.md should say:\n{wanted}");
}

fn settings(program: &Program, mode: &str) -> serde_json::Value {
    let (username, password) = (Program::ADMIN_USERNAME, Program::ADMIN_PASSWORD);
    json!({"url": program.url(), "username": username, "password": password, "mode": mode})
}

#[tokio::test]
async fn python_keycloak() {
    let program = Program::start(Setup::default()).await;
    let place = Workplace::of_python(PYTHON.0, PYTHON.1);
    for mode in ["sync", "async"] {
        let found = run(place.python(PYTHON.0), &settings(&program, mode));
        is_documented("python-keycloak", &found);
    }
}

#[tokio::test]
async fn keycloak_admin_client() {
    let program = Program::start(Setup::default()).await;
    let place = Workplace::of_node(NODE.0, NODE.1);
    is_documented("@keycloak/keycloak-admin-client", &run(place.node(NODE.0), &settings(&program, "")));
}
