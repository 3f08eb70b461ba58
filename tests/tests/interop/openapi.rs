//! The Admin API as it describes itself against the Admin API as it answers: schemathesis (PyPI), unmodified, sends
//! requests that the document allows and such that it doesn't, and compares each answer with it.

use std::{collections::BTreeMap, process::Stdio};

use serde::Deserialize;
use serde_json::json;
use tests::{Program, program::Setup, relying_parties::installation::Workplace};

const DRIVER: (&str, &str) = ("with_schemathesis.py", include_str!("../../openapi/with_schemathesis.py"));

/// What came of it.
#[derive(Debug, Deserialize)]
struct Outcome {
    operations: usize,
    requests: usize,
    statuses: BTreeMap<u16, usize>,
    findings: Vec<String>,
}

/// Nothing fails, and nothing is answered that is not declared. With more examples, the same program is for a
/// longer look by hand.
#[tokio::test]
async fn the_document_says_what_is_answered() {
    let program = Program::start(Setup::default()).await;
    let place = Workplace::of_python(DRIVER.0, DRIVER.1);
    let (username, password) = (Program::ADMIN_USERNAME, Program::ADMIN_PASSWORD);
    let settings = json!({
        "url": program.url(), "username": username, "password": password, "examples": 2, "seed": 48,
    });
    let output = place.python(DRIVER.0).arg(settings.to_string()).stdin(Stdio::null()).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}\n{said}\n{complained}", output.status);
    let outcome: Outcome = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert!(outcome.findings.is_empty(), "{}", outcome.findings.join("\n\n"));
    let good = |statuses: std::ops::Range<u16>| outcome.statuses.range(statuses).map(|(_, count)| count).sum::<usize>();
    // It got behind the checks of requests, too.
    assert!(outcome.operations > 300 && good(200..300) > outcome.requests / 5, "{outcome:?}");
}
