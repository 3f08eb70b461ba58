//! `cargo xtask bench console`: how long the admin console's pages take at 10,000 realms and 1,000,000 users, and how much a
//! first visit loads.
//!
//! Arguments: `--seconds N` for each page (3), `--write` to keep the report in `docs/benchmarks/console.md`.

#![expect(clippy::expect_used, reason = "a measurement that can't be made has nobody to tell but who started it")]

use std::time::Duration;

use serde_json::json;
use tests::{
    Console,
    answer::{Answer, http},
    bench::{
        arguments::Arguments,
        folder,
        growth::{self, REALM},
        load::{self, Measured, Repeated},
        machine, message,
        report::{Page, milliseconds},
        server::Server,
    },
};

/// How many realms there are.
const REALMS: i64 = 10_000;
/// How many users the realm of the measurement has.
const USERS: i64 = 1_000_000;
/// How many login events it has.
const EVENTS: i64 = 1_000_000;
/// How many clients it has beside those that it is made with.
const CLIENTS: usize = 200;
/// The administrator's name and password: the first start of `start-dev` takes them.
const PASSWORD: &str = tests::template::ADMIN_PASSWORD;

/// Pages: what they are, and their path below the console's address.
const PAGES: [(&str, &str); 14] = [
    ("realm list", "/realms"),
    ("realm list, searched", "/realms?q=bench-77"),
    ("realm overview", "/realms/bench"),
    ("client list", "/realms/bench/clients"),
    ("client list, searched", "/realms/bench/clients?q=client-17"),
    ("user list", "/realms/bench/users"),
    ("user search, one found", "/realms/bench/users?q=person4711"),
    ("user search, a sixth of all found", "/realms/bench/users?q=ada"),
    ("user search, nobody found", "/realms/bench/users?q=nobodyatall"),
    ("event list", "/realms/bench/events"),
    ("event list, by client", "/realms/bench/events?client=client-3"),
    ("event list, refusals only", "/realms/bench/events?type=LOGIN_ERROR"),
    ("search everywhere", "/search?q=person77&realm=bench"),
    ("search everywhere for a realm", "/search?q=bench-77"),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments = Arguments::read(std::env::args().skip(1), 3);
    let load_before = machine::load();
    let folder = folder();
    let (server, _) = Server::start(folder.path(), "info").await;
    prepare(&server).await;
    let console = Console::log_in(&server.url(), "master", "admin", PASSWORD).await;
    let cookie = console.browser.cookie(&format!("{}/realms", console.base), "PORTCULLIS_CONSOLE").expect("a session");
    let header = format!("Cookie: PORTCULLIS_CONSOLE={cookie}\r\n");
    let mut measured = Vec::new();
    for (title, path) in PAGES {
        measured.push((title, page(&server, arguments.length, &header, path).await));
    }
    let first = first_visit(&console).await;
    report(load_before, &arguments, &measured, &first).finish("console", &arguments);
}

async fn prepare(server: &Server) {
    let admin = server.admin().await;
    let _ = admin.post("/realms", Some(json!({"realm": REALM, "enabled": true}))).await.expect(201);
    growth::realms(server, REALMS).await;
    for number in 0..CLIENTS {
        let client = json!({"clientId": format!("client-{number}")});
        let _ = admin.post(&format!("/realms/{REALM}/clients"), Some(client)).await.expect(201);
    }
    growth::users(server, USERS).await;
    growth::events(server, EVENTS).await;
}

async fn page(server: &Server, length: Duration, header: &str, path: &str) -> Measured {
    let request = message::get(&format!("/admin/master/console{path}"), header);
    let clients = Repeated::clients(&[request], 1, "</html>");
    load::run(clients, server.address(), length, &server.processes()).await
}

/// What a browser loads that was never here: name and bytes as they travel, a page and everything that it names.
async fn first_visit(console: &Console) -> Vec<(String, usize)> {
    let page = console.page(&format!("/realms/{REALM}")).await;
    let mut loaded = vec![("the page".to_owned(), page.html.len())];
    let mut files = page.attributes("link[rel=stylesheet], link[rel=icon]", "href");
    files.extend(page.attributes("script[src]", "src"));
    for file in files {
        let url = page.url.join(&file).expect("an address");
        // Not unpacked here: what counts is what travels.
        let answer = Answer::to(http().get(url).header("accept-encoding", "gzip")).await.expect(200);
        let name = file.rsplit_once('-').map_or(file.clone(), |(_, name)| name.to_owned());
        loaded.push((name, answer.body.len()));
    }
    loaded
}

fn report(load_before: f64, arguments: &Arguments, pages: &[(&str, Measured)], first: &[(String, usize)]) -> Page {
    let mut page = Page::new("the admin console", "console", load_before);
    page.conditions(
        &format!(
            "There are {REALMS} realms; the one that is looked at has {USERS} users, {EVENTS} login events and \
             {CLIENTS} clients. An administrator of master looks at it. One connection, one page after the other, each \
             whole as a browser gets it."
        ),
        arguments,
    );
    page.section("Pages");
    page.line("| Page | p50 | p95 | aim for p95 | processor time: server + PostgreSQL |");
    page.line("|---|---|---|---|---|");
    for (title, Measured { p50, p95, busy, .. }) in pages {
        page.line(&format!(
            "| {title} | {} | {} | 100 ms | {} + {} |",
            milliseconds(*p50),
            milliseconds(*p95),
            milliseconds(busy.server),
            milliseconds(busy.postgres)
        ));
    }
    page.section("The first visit");
    page.line("| File | bytes as they travel |");
    page.line("|---|---|");
    for (name, bytes) in first {
        page.line(&format!("| {name} | {bytes} |"));
    }
    let all: usize = first.iter().map(|(_, bytes)| bytes).sum();
    page.line(&format!("| all | {all} (aim: under 150,000) |"));
    page.paragraph(
        "Files are sent compressed and kept by the browser for good; pages are not compressed, as they hold secrets beside \
         what others chose. How many statements each page sends is in [statements.md](../statements.md).",
    );
    page
}
