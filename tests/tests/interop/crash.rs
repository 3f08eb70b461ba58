//! The server or PostgreSQL end in the middle of traffic, as in a power failure: what was answered is there afterwards,
//! and both come back by themselves.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use tests::{
    Admin, Docker, Program,
    answer::{Answer, http},
    poll::until,
    process::signal,
    program::{Database, Setup},
};

use super::fixture::{ALICE, REALM, SERVICE, realm};

/// What the server has promised.
#[derive(Default)]
struct Promised {
    identity_tokens: Mutex<Vec<String>>,
    users: Mutex<Vec<String>>,
    /// Answers that are neither a success nor "try again later".
    strange: Mutex<Vec<String>>,
    answers: AtomicUsize,
    stop: AtomicBool,
}

impl Promised {
    fn note(&self, answer: reqwest::Result<Answer>, wanted: u16) -> Option<Answer> {
        // No answer at all promises nothing.
        let answer = answer.ok()?;
        if answer.status == wanted {
            self.answers.fetch_add(1, Ordering::SeqCst);
            return Some(answer);
        }
        if answer.status != 503 {
            self.strange.lock().unwrap().push(answer.shown());
        }
        None
    }
}

/// Logs in and asks for identity tokens, and uses those it was given.
async fn log_in(docker: Docker, promised: Arc<Promised>) {
    while !promised.stop.load(Ordering::SeqCst) {
        let form = [
            ("grant_type", "password"),
            ("client_id", "tests"),
            ("service", SERVICE),
            ("access_type", "offline"),
            ("username", ALICE.0),
            ("password", ALICE.1),
        ];
        if let Some(answer) = promised.note(docker.try_post(&form).await, 200) {
            let token = answer.json()["refresh_token"].as_str().unwrap().to_owned();
            promised.identity_tokens.lock().unwrap().push(token.clone());
            let form = [
                ("grant_type", "refresh_token"),
                ("client_id", "tests"),
                ("service", SERVICE),
                ("scope", "repository:team/app:pull"),
                ("refresh_token", &token),
            ];
            let _ = promised.note(docker.try_post(&form).await, 200);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Makes users.
async fn make_users(url: String, token: String, promised: Arc<Promised>) {
    let client = http();
    for number in 0.. {
        if promised.stop.load(Ordering::SeqCst) {
            return;
        }
        let username = format!("user-{number}");
        let request = client.post(format!("{url}/admin/realms/{REALM}/users")).bearer_auth(&token);
        let answer = Answer::try_to(request.json(&json!({"username": username, "enabled": true}))).await;
        if promised.note(answer, 201).is_some() {
            promised.users.lock().unwrap().push(username);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until `more` further requests were answered well.
async fn answered(promised: &Promised, more: usize) {
    let goal = promised.answers.load(Ordering::SeqCst) + more;
    until("answers", 30, || async { (promised.answers.load(Ordering::SeqCst) >= goal).then_some(()) }).await;
}

async fn all_is_there(program: &Program, admin: &Admin, promised: &Promised) {
    let docker = program.docker(REALM);
    let tokens = promised.identity_tokens.lock().unwrap().clone();
    assert!(!tokens.is_empty());
    for token in tokens {
        let answer = docker.refresh(SERVICE, "repository:team/app:pull", &token).await;
        assert_eq!(answer.status, 200, "{}", answer.shown());
    }
    let found = admin.get(&format!("/realms/{REALM}/users?max=100000&search=user-")).await.expect(200).json();
    let found: std::collections::BTreeSet<_> =
        found.as_array().unwrap().iter().map(|user| user["username"].as_str().unwrap().to_owned()).collect();
    let users = promised.users.lock().unwrap().clone();
    assert!(!users.is_empty());
    for user in users {
        assert!(found.contains(&user), "{user} was made and is gone");
    }
}

#[tokio::test]
async fn nothing_that_was_answered_is_lost() {
    let mut program = Program::start(Setup { database: Database::Embedded, ..Setup::default() }).await;
    let admin = program.admin().await;
    let _ = realm(&admin, json!({})).await;
    // Long enough for the whole test, which must not depend on when the administrator logs in again.
    let _ = admin.put("/realms/master", Some(json!({"accessTokenLifespan": 3600}))).await.expect(204);
    admin.renew().await;
    let promised = Arc::new(Promised::default());
    let traffic = [
        tokio::spawn(log_in(program.docker(REALM), Arc::clone(&promised))),
        tokio::spawn(log_in(program.docker(REALM), Arc::clone(&promised))),
        tokio::spawn(make_users(program.url(), admin.token().await, Arc::clone(&promised))),
    ];
    answered(&promised, 10).await;

    // PostgreSQL first: the server stays, and is ready again when PostgreSQL is.
    let (server, postmaster) = (program.id(), program.postmaster().unwrap());
    signal("KILL", postmaster);
    answered(&promised, 20).await;
    assert_eq!(program.id(), server);
    assert_ne!(program.postmaster(), Some(postmaster));

    // Then the server: PostgreSQL goes with it, and both come back with one command.
    program.kill9();
    program.restart().await;
    answered(&promised, 20).await;

    // Then both at once.
    signal("KILL", program.postmaster().unwrap());
    program.kill9();
    program.restart().await;
    answered(&promised, 20).await;

    promised.stop.store(true, Ordering::SeqCst);
    for task in traffic {
        task.await.unwrap();
    }
    all_is_there(&program, &admin, &promised).await;
    let strange = promised.strange.lock().unwrap().clone();
    assert!(strange.is_empty(), "{} strange answers, such as {:?}", strange.len(), strange.first());
    assert!(!program.log().contains("panicked"), "{}", program.log());
}
