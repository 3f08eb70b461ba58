//! What administrators and their programs do most, one request after the other.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{
    Admin,
    bench::{
        growth::REALM,
        load::{self, Measured, Repeated},
        message,
        server::Server,
    },
};

const SECRET: &str = "a secret of the benchmark";
/// How many clients and users each realm has beside those that it is made with.
const EACH: usize = 10;
/// How often a realm is made and removed.
const ROUNDS: usize = 30;

/// What a kind of request took.
#[derive(Clone, Debug)]
pub struct Times {
    /// What was done.
    pub title: &'static str,
    /// Half of them took no longer.
    pub p50: Duration,
    /// 95 of 100 took no longer.
    pub p95: Duration,
}

impl Times {
    fn of(title: &'static str, mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let at = |part: usize| *all.get((all.len() * part / 100).min(all.len() - 1)).expect("measurements");
        Self { title, p50: at(50), p95: at(95) }
    }

    fn from(title: &'static str, measured: &Measured) -> Self {
        Self { title, p50: measured.p50, p95: measured.p95 }
    }
}

/// Makes the realm with its clients and users.
pub async fn prepare(server: &Server) {
    let admin = server.admin().await;
    let _ = admin.post("/realms", Some(json!({"realm": REALM, "enabled": true}))).await.expect(201);
    for number in 0..EACH {
        let client = json!({"clientId": format!("client-{number}"), "secret": SECRET, "serviceAccountsEnabled": true});
        let _ = admin.post(&format!("/realms/{REALM}/clients"), Some(client)).await.expect(201);
        let user = json!({"username": format!("user-{number}"), "email": format!("user-{number}@example.org"), "enabled": true});
        let _ = admin.post(&format!("/realms/{REALM}/users"), Some(user)).await.expect(201);
    }
}

/// Measures everything that the number of realms could slow down.
pub async fn measure(server: &Server, length: Duration) -> Vec<Times> {
    let admin = server.admin().await;
    let mut times = Vec::new();
    let reads = [
        // Two, as there are no more at first: the same answer at every size.
        ("list realms, a page of 2", "/realms?first=0&max=2&briefRepresentation=true".to_owned()),
        (
            "search realms by name, first of what is found",
            "/realms?search=bench&max=1&briefRepresentation=true".to_owned(),
        ),
        ("read a realm", format!("/realms/{REALM}")),
        ("list clients", format!("/realms/{REALM}/clients")),
        ("search users", format!("/realms/{REALM}/users?search=user-3")),
    ];
    for (title, path) in reads {
        times.push(read(server, &admin, length, title, &path).await);
    }
    let form = [("grant_type", "client_credentials"), ("client_id", "client-1"), ("client_secret", SECRET)];
    let request = message::post(&format!("/realms/{REALM}/protocol/openid-connect/token"), "", &form);
    times.push(repeated(server, length, "token by client_credentials", request, "access_token").await);
    let (mut made, mut removed) = (Vec::new(), Vec::new());
    for number in 0..ROUNDS {
        let name = format!("made-{number}");
        admin.renew().await;
        let begun = Instant::now();
        let _ = admin.post("/realms", Some(json!({"realm": name, "enabled": true}))).await.expect(201);
        made.push(begun.elapsed());
        let begun = Instant::now();
        let _ = admin.delete(&format!("/realms/{name}"), None).await.expect(204);
        removed.push(begun.elapsed());
    }
    times.extend([Times::of("make a realm", made), Times::of("remove a realm", removed)]);
    times
}

/// Measures searches in a realm with many users.
pub async fn searches(server: &Server, length: Duration) -> Vec<Times> {
    let admin = server.admin().await;
    let mut times = Vec::new();
    for (title, query) in [
        ("first page", "users?max=100"),
        ("page 45,000 of 20 (`first=900000`)", "users?first=900000&max=20"),
        ("`search=person4711`", "users?search=person4711&max=20"),
        ("`search=ada`, a sixth of all", "users?search=ada&max=20"),
        ("`search=*son999*`, in the middle of a word", "users?search=*son999*&max=20"),
        ("`search=*nobody*`, which is nowhere", "users?search=*nobody*&max=20"),
        ("`username=person77&exact=true`", "users?username=person77&exact=true"),
        ("`email=person77@`", "users?email=person77%40&max=20"),
        ("`lastName=Family4711`", "users?lastName=Family4711&max=20"),
        ("`emailVerified=true&search=grace`", "users?emailVerified=true&search=grace&max=20"),
        ("`enabled=false&search=grace`: of a sixth of all, none", "users?enabled=false&search=grace&max=20"),
        ("`q=department:\"unit 7\"`", "users?q=department%3A%22unit%207%22&max=20"),
        ("count of all", "users/count"),
        ("count of `search=person4711`", "users/count?search=person4711"),
    ] {
        times.push(read(server, &admin, length, title, &format!("/realms/{REALM}/{query}")).await);
    }
    times
}

async fn read(server: &Server, admin: &Admin, length: Duration, title: &'static str, path: &str) -> Times {
    admin.renew().await;
    let header = format!("Authorization: Bearer {}\r\n", admin.token().await);
    repeated(server, length, title, message::get(&format!("/admin{path}"), &header), "").await
}

async fn repeated(
    server: &Server,
    length: Duration,
    title: &'static str,
    request: Vec<u8>,
    holding: &'static str,
) -> Times {
    let clients = Repeated::clients(&[request], 1, holding);
    Times::from(title, &load::run(clients, server.address(), length, &server.processes()).await)
}
