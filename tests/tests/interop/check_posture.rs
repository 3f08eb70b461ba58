//! `check-posture` as people run it: what it says of each realm, how it ends, and that it only looks.

use std::process::ExitStatus;

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, query, query_scalar};
use tests::{Program, TestServer};

/// Runs the command on a database.
fn check(database_url: &str, arguments: &[&str]) -> (ExitStatus, String) {
    let arguments: Vec<_> = ["check-posture"].into_iter().chain(arguments.iter().copied()).collect();
    Program::run(&arguments, &[("PORTCULLIS_DATABASE_URL", database_url)])
}

/// A server with a realm whose client is unsafe and another as it was created.
async fn scene() -> TestServer {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    admin.create_realm("legacy").await;
    admin.create_realm("new").await;
    let client = json!({"clientId": "old-app", "redirectUris": ["https://app.example.org/*"]});
    let _ = admin.post("/realms/legacy/clients", Some(client)).await.expect(201);
    server
}

#[tokio::test]
async fn each_violation_is_explained_and_decides_how_it_ends() {
    let server = scene().await;
    let url = server.database_url();

    let (status, text) = check(url, &[]);
    assert_eq!(status.code(), Some(1), "{text}");
    assert!(text.contains("violation: redirect-uri-wildcard (realm legacy, client old-app)\n"), "{text}");
    let explained = text.split("\n\n").find(|block| block.contains("redirect-uri-wildcard")).unwrap();
    for label in ["\n  Found   ", "\n  Risk    ", "\n  Change  ", "\n  See     "] {
        let after = explained.split_once(label).unwrap().1;
        assert!(after.lines().next().unwrap().len() > 10, "{explained}");
    }
    assert!(explained.contains("https://app.example.org/*"), "{explained}");
    assert!(text.trim_end().ends_with(" notes.") && text.contains("3 realms and "), "{text}");

    let (status, text) = check(url, &["new"]);
    assert_eq!(status.code(), Some(0), "{text}");
    assert!(text.contains("1 realm and ") && text.contains("0 violations") && !text.contains("legacy"), "{text}");

    let (status, text) = check(url, &["legacy", "new", "--format", "json"]);
    assert_eq!(status.code(), Some(1), "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&report["summary"]["realms"], &report["summary"]["violations"]), (&json!(2), &json!(1)));
    let violations: Vec<_> =
        report["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "violation").collect();
    assert_eq!(violations.len(), 1, "{report}");
    let found = ["rule", "realm", "client"].map(|member| violations[0][member].as_str().unwrap());
    assert_eq!(found, ["redirect-uri-wildcard", "legacy", "old-app"]);

    for (arguments, said) in [(["nowhere"], "There is no realm 'nowhere'"), (["--format=yaml"], "yaml")] {
        let (status, text) = check(url, &arguments);
        assert_eq!(status.code(), Some(2), "{text}");
        assert!(text.contains(said), "{text}");
    }
}

#[tokio::test]
async fn it_only_looks() {
    let server = scene().await;
    let url = server.database_url();
    let mut database = PgConnection::connect(url).await.unwrap();

    // A schema of before: it is said, and nothing is done about it.
    let last: i64 = query_scalar(
        "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)
         returning version",
    )
    .fetch_one(&mut database)
    .await
    .unwrap();
    let (status, text) = check(url, &[]);
    assert_eq!(status.code(), Some(2), "{text}");
    assert!(text.contains("the schema of the database is older than this program"), "{text}");
    assert!(text.contains("portcullis migrate"), "{text}");
    let newest: i64 = query_scalar("select max(version) from _sqlx_migrations").fetch_one(&mut database).await.unwrap();
    assert!(newest < last);
    database.close().await.unwrap();

    // No database, and none is made.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (status, text) = Program::run(&["check-posture", "--data-dir", data.to_str().unwrap()], &[]);
    assert_eq!(status.code(), Some(2), "{text}");
    assert!(text.contains("there is no database in"), "{text}");
    assert!(!data.exists());
}

/// What is written fails, whatever the program wants: the connection is one that reads.
#[tokio::test]
async fn its_connection_refuses_changes() {
    let server = TestServer::start().await;
    let store = services::store::Store::connect_read_only(server.database_url(), 1).await.unwrap();
    let mut connection = store.read().await.unwrap();
    let error = query("update realms set name = 'other'").execute(&mut *connection).await.unwrap_err();
    assert!(error.to_string().contains("read-only transaction"), "{error}");
}
