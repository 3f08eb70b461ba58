//! The report: one Markdown page that stands for itself.

use std::{fmt::Write, time::Duration};

use time::OffsetDateTime;

use crate::{
    arguments::Arguments,
    load::Measured,
    machine,
    measure::{Kind, Results},
    usage::Memory,
};

/// Everything that was measured, as a page.
pub fn markdown(arguments: &Arguments, results: &Results) -> String {
    let mut page = String::new();
    head(&mut page, arguments, results);
    requests(&mut page, results);
    limits(&mut page, results);
    process(&mut page, results);
    page
}

fn head(page: &mut String, arguments: &Arguments, results: &Results) {
    #[expect(clippy::disallowed_methods, reason = "a report says when it was made")]
    let today = OffsetDateTime::now_utc().date();
    line(page, "# Measured: the docker token endpoint");
    line(page, "");
    line(
        page,
        &format!(
            "{today}, {}, {:.0} GiB, Linux. {:.1} other threads wanted to run when the measurement began. Repeat it \
             with `cargo xtask bench docker`, on a machine with nothing else to do if the rates matter: the ratios \
             and the processor times per request suffer less from company than the rates.",
            machine::processors(),
            machine::memory(),
            results.load_before,
        ),
    );
    line(page, "");
    line(
        page,
        &format!(
            "Release build, `start-dev`, default options: log at `info` into a file, embedded PostgreSQL with `fsync` \
             and `synchronous_commit` on. One realm with stored events and protection against guessing, 50 users. \
             The load comes from one thread over kept connections without TLS, each waiting for its answer; 2 s to \
             get warm, then {} s. Server, PostgreSQL and load share the processors.",
            arguments.length.as_secs()
        ),
    );
    line(page, "");
}

fn requests(page: &mut String, results: &Results) {
    line(page, "## Requests");
    line(page, "");
    line(
        page,
        "| Request | per second | p50 | p99 | limit | ratio | aim | processor time: server + PostgreSQL + load | room for |",
    );
    line(page, "|---|---|---|---|---|---|---|---|---|");
    for (kind, measured) in &results.requests {
        let rs256 = ("signing alone, one processor", results.rs256.per_processor());
        let (title, (limited_by, limit), aim) = match kind {
            Kind::Password => ("password", ("Argon2 alone", results.argon2.rate), "ratio ≥ 0.8"),
            Kind::Identity => ("identity token, RS256", rs256, "≥ 1,000/s"),
            Kind::IdentityWarn => ("identity token, RS256, log at `warn`", rs256, ""),
            Kind::IdentityEs256 => {
                let es256 = ("signing alone, one processor", results.es256.per_processor());
                ("identity token, ES256", es256, "")
            }
            Kind::Anonymous => ("anonymous, RS256", rs256, ""),
        };
        let Measured { rate, p50, p99, busy, .. } = measured;
        let columns = [
            title.to_owned(),
            number(*rate),
            milliseconds(*p50),
            milliseconds(*p99),
            format!("{}/s ({limited_by})", number(limit)),
            format!("{:.2}", rate / limit),
            aim.to_owned(),
            [busy.server, busy.postgres, busy.load].map(milliseconds).join(" + "),
            format!("{}/s", number(machine::threads() as f64 / busy.total().as_secs_f64().max(1e-9))),
        ];
        line(page, &format!("| {} |", columns.join(" | ")));
    }
    line(page, "");
    line(
        page,
        "Each request is answered after its event has reached the disk. “Room for” is how many of them the processors \
         have time for if nothing else runs; where the rate stays far below it, somebody else used the machine, or the \
         requests waited for the disk. How many SQL statements each kind of request takes is in \
         [statements.md](../statements.md), which a test holds.",
    );
    line(page, "");
}

fn limits(page: &mut String, results: &Results) {
    line(page, "## Limits");
    line(page, "");
    line(page, "| Limit | per second | processor time of each | per second of processor time |");
    line(page, "|---|---|---|---|");
    let rows = [
        ("Argon2id alone (7 MiB, 5 passes, 1 lane), a thread on each processor", results.argon2),
        ("RS256 tokens signed by `jose`, one thread", results.rs256),
        ("ES256 tokens signed by `jose`, one thread", results.es256),
        ("8 KiB written and flushed to this disk, one after the other", results.flushes),
    ];
    for (name, limit) in rows {
        let (rate, busy, busy_rate) = (number(limit.rate), milliseconds(limit.busy), number(limit.per_processor()));
        line(page, &format!("| {name} | {rate} | {busy} | {busy_rate} |"));
    }
    line(page, &format!("| `openssl speed rsa2048`, signatures, one thread | | | {} |", number(results.openssl_rsa)));
    line(page, "");
    let ratio = results.openssl_rsa / results.rs256.per_processor();
    line(
        page,
        &format!("A token signed by `jose` takes {ratio:.2} × the time of a signature in `openssl speed` (aim: 1.2)."),
    );
    line(page, "");
}

fn process(page: &mut String, results: &Results) {
    line(page, "## Start and memory");
    line(page, "");
    line(page, "| Figure | measured | aim |");
    line(page, "|---|---|---|");
    if let (Some(first), Some(median), Some(last)) =
        (results.starts.first(), results.starts.get(results.starts.len() / 2), results.starts.last())
    {
        let (first, median, last) = (milliseconds(*first), milliseconds(*median), milliseconds(*last));
        let runs = results.starts.len();
        line(
            page,
            &format!(
                "| start of the process, embedded PostgreSQL included, to ready: median of {runs} | {median} ({first} to {last}) | 300 ms |"
            ),
        );
    }
    if let Some((server, postgres)) = &results.idle {
        line(page, &format!("| server, idle | {} | 60 MB |", memory(server)));
        line(page, &format!("| PostgreSQL, idle | {} | |", memory(postgres)));
    }
    let most = results.requests.iter().max_by_key(|(_, measured)| measured.server.pss);
    if let Some((_, Measured { server, postgres, .. })) = most {
        line(page, &format!("| server, at the most under load | {} | |", memory(server)));
        line(page, &format!("| PostgreSQL at that time | {} | |", memory(postgres)));
    }
    line(page, "");
    line(
        page,
        "PSS counts memory that processes share in parts, RSS counts it in full for each of PostgreSQL's processes.",
    );
}

fn memory(memory: &Memory) -> String {
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    format!("PSS {}, RSS {}", megabytes(memory.pss), megabytes(memory.rss))
}

fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    if milliseconds < 10.0 { format!("{milliseconds:.2} ms") } else { format!("{milliseconds:.0} ms") }
}

/// A rate without digits that mean nothing, with commas between thousands.
fn number(rate: f64) -> String {
    if rate < 1_000.0 {
        return format!("{rate:.0}");
    }
    let digits = format!("{rate:.0}");
    let (thousands, rest) = digits.split_at(digits.len() - 3);
    format!("{thousands},{rest}")
}

fn line(page: &mut String, text: &str) {
    let _ = writeln!(page, "{text}");
}
