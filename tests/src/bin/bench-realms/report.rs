//! The report about many realms.

use tests::bench::{
    arguments::Arguments,
    report::{Page, memory, milliseconds},
    server::Starts,
    usage::Memory,
};

use crate::operations::Times;

/// What was measured at one number of realms.
#[derive(Debug)]
pub struct Size {
    /// How many realms there were.
    pub count: i64,
    /// Starts, and the memory after one.
    pub starts: Starts,
    /// Kinds of requests.
    pub times: Vec<Times>,
    /// The server's memory after all of them.
    pub worked: Memory,
}

/// Everything that was measured, as a page.
pub fn page(load_before: f64, arguments: &Arguments, sizes: &[Size], searches: &[Times]) -> Page {
    let mut page = Page::new("many realms, many users", "realms", load_before);
    page.conditions(
        "Each realm has the clients, roles and scopes that every new realm has, and ten clients and ten users more. All \
         but one are copies that were written into the database. One connection, one request after the other.",
        arguments,
    );
    page.section("Requests");
    let realms = |count| if count == 1 { "1 realm".to_owned() } else { format!("{count} realms") };
    let head: Vec<_> = sizes.iter().map(|size| format!("{}: p50 / p95", realms(size.count))).collect();
    page.line(&format!("| Request | {} | p50, last to first | aim |", head.join(" | ")));
    page.line(&format!("|---|{}---|---|", "---|".repeat(sizes.len())));
    for (number, first) in sizes.first().map(|size| size.times.as_slice()).unwrap_or_default().iter().enumerate() {
        let all: Vec<_> = sizes.iter().filter_map(|size| size.times.get(number)).collect();
        let cells: Vec<_> =
            all.iter().map(|times| format!("{} / {}", milliseconds(times.p50), milliseconds(times.p95))).collect();
        let ratio = all.last().map_or(1.0, |last| last.p50.as_secs_f64() / first.p50.as_secs_f64().max(1e-9));
        let aim = if first.title == "make a realm" { "≤ 1.25, under 100 ms" } else { "≤ 1.25" };
        page.line(&format!("| {} | {} | {ratio:.2} | {aim} |", first.title, cells.join(" | ")));
    }
    page.paragraph(
        "No request sends a statement more at 10,000 realms ([statements.md](../statements.md)). Why some \
         take up to a third longer was not measured; larger indexes that don't fit into the embedded \
         PostgreSQL's small cache are the likely reason. A realm takes its RSA key from those that were \
         made ahead (`--keys-made-ahead`, 32); where more realms are made at once than keys are ready, \
         each waits a tenth of a second for its key.",
    );
    page.section("Start and memory");
    page.line("| Realms | start to ready, median | server, idle | server, after the requests | PostgreSQL, idle |");
    page.line("|---|---|---|---|---|");
    for size in sizes {
        let median = size.starts.times.get(size.starts.times.len() / 2).copied().unwrap_or_default();
        page.line(&format!(
            "| {} | {} | {} | {} | {} |",
            size.count,
            milliseconds(median),
            memory(&size.starts.server),
            memory(&size.worked),
            memory(&size.starts.postgres)
        ));
    }
    page.paragraph("Aims at 10,000 realms: ready within 1 s, under 256 MB.");
    page.section("A realm with 1,000,000 users");
    page.line("| Request | p50 | p95 | aim for p95 |");
    page.line("|---|---|---|---|");
    for Times { title, p50, p95 } in searches {
        page.line(&format!("| {title} | {} | {} | 50 ms |", milliseconds(*p50), milliseconds(*p95)));
    }
    page.paragraph(
        "No console offers a page in the depth of a list, which is found by walking over all that comes \
         before it. A search of which nearly nothing is found among very many that match a part of it has \
         to look at all of those.",
    );
    page
}
