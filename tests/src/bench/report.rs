//! The parts of a report: one Markdown page that stands for itself.

use std::{fmt::Write, fs, time::Duration};

use time::OffsetDateTime;

use super::{
    arguments::Arguments,
    limit::Limit,
    load::{Measured, WARM_UP},
    machine,
    server::Starts,
    usage::Memory,
};

/// A page in the making.
#[derive(Clone, Debug, Default)]
pub struct Page(String);

/// A line of the table of requests.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// What was done.
    pub title: String,
    /// What came of it.
    pub measured: &'a Measured,
    /// The most there could be per second, and of what.
    pub limit: (f64, &'static str),
    /// What the aim is.
    pub aim: &'static str,
}

impl Page {
    /// Begins a page about `subject`, measured by `cargo xtask bench NAME`.
    #[must_use]
    pub fn new(subject: &str, name: &str, load_before: f64) -> Self {
        #[expect(clippy::disallowed_methods, reason = "a report says when it was made")]
        let today = OffsetDateTime::now_utc().date();
        let mut page = Self::default();
        page.line(&format!("# Measured: {subject}"));
        page.paragraph(&format!(
            "{today}, {}, {:.0} GiB, Linux. {load_before:.1} other threads wanted to run when the measurement began. \
             Repeat it with `cargo xtask bench {name} --write`, on a machine with nothing else to do if the rates \
             matter: the ratios and the processor times per request suffer less from company than the rates.",
            machine::processors(),
            machine::memory(),
        ));
        page
    }

    /// Adds the paragraph that says how everything was set up; `scene` are sentences about the realm.
    pub fn conditions(&mut self, scene: &str, arguments: &Arguments) {
        self.paragraph(&format!(
            "Release build, `start-dev`, default options: log at `info` into a file, embedded PostgreSQL with `fsync` \
             and `synchronous_commit` on. {scene} The load comes from one thread over kept connections without TLS, \
             each waiting for its answer; {} s to get warm, then {} s. Server, PostgreSQL and load share the \
             processors.",
            WARM_UP.as_secs(),
            arguments.length.as_secs()
        ));
    }

    /// Adds a line.
    pub fn line(&mut self, text: &str) {
        let _ = writeln!(self.0, "{text}");
    }

    /// Adds a paragraph.
    pub fn paragraph(&mut self, text: &str) {
        self.line("");
        self.line(text);
    }

    /// Begins a section.
    pub fn section(&mut self, title: &str) {
        self.paragraph(&format!("## {title}"));
        self.line("");
    }

    /// Adds the table of requests.
    pub fn requests(&mut self, rows: &[Row<'_>]) {
        self.section("Requests");
        self.line(
            "| Request | per second | p50 | p99 | limit | ratio | aim | processor time: server + PostgreSQL + load | room for |",
        );
        self.line("|---|---|---|---|---|---|---|---|---|");
        for Row { title, measured, limit: (limit, limited_by), aim } in rows {
            let Measured { rate, p50, p99, busy, .. } = measured;
            let columns = [
                title.clone(),
                number(*rate),
                milliseconds(*p50),
                milliseconds(*p99),
                format!("{}/s ({limited_by})", number(*limit)),
                format!("{:.2}", rate / limit),
                (*aim).to_owned(),
                [busy.server, busy.postgres, busy.load].map(milliseconds).join(" + "),
                format!("{}/s", number(machine::threads() as f64 / busy.total().as_secs_f64().max(1e-9))),
            ];
            self.line(&format!("| {} |", columns.join(" | ")));
        }
    }

    /// Adds the table of limits.
    pub fn limits(&mut self, rows: &[(&str, Limit)]) {
        self.section("Limits");
        self.line("| Limit | per second | processor time of each | per second of processor time |");
        self.line("|---|---|---|---|");
        for (name, limit) in rows {
            let (rate, busy, busy_rate) = (number(limit.rate), milliseconds(limit.busy), number(limit.per_processor()));
            self.line(&format!("| {name} | {rate} | {busy} | {busy_rate} |"));
        }
    }

    /// Adds the table of starts and memory; `all` is what was measured under load.
    pub fn process<'a>(&mut self, starts: Option<&Starts>, all: impl Iterator<Item = &'a Measured>) {
        self.section("Start and memory");
        self.line("| Figure | measured | aim |");
        self.line("|---|---|---|");
        if let Some(starts) = starts {
            self.starts(&starts.times);
            self.line(&format!("| server, idle | {} | 60 MB |", memory(&starts.server)));
            self.line(&format!("| PostgreSQL, idle | {} | |", memory(&starts.postgres)));
        }
        if let Some(Measured { server, postgres, .. }) = all.max_by_key(|measured| measured.server.pss) {
            self.line(&format!("| server, at the most under load | {} | |", memory(server)));
            self.line(&format!("| PostgreSQL at that time | {} | |", memory(postgres)));
        }
        self.paragraph(
            "PSS counts memory that processes share in parts, RSS counts it in full for each of PostgreSQL's processes.",
        );
    }

    fn starts(&mut self, times: &[Duration]) {
        if let (Some(first), Some(median), Some(last)) = (times.first(), times.get(times.len() / 2), times.last()) {
            let (first, median, last) = (milliseconds(*first), milliseconds(*median), milliseconds(*last));
            let runs = times.len();
            self.line(&format!(
                "| start of the process, embedded PostgreSQL included, to ready: median of {runs} | {median} ({first} to {last}) | 300 ms |"
            ));
        }
    }

    /// Shows the page, and keeps it as `docs/benchmarks/NAME.md` if that was asked for.
    ///
    /// # Panics
    /// If it can't be written.
    pub fn finish(self, name: &str, arguments: &Arguments) {
        println!("{}", self.0);
        if arguments.write {
            fs::create_dir_all("docs/benchmarks").expect("a folder for the report");
            fs::write(format!("docs/benchmarks/{name}.md"), self.0).expect("the report can be written");
        }
    }
}

/// Memory in megabytes.
#[must_use]
pub fn memory(memory: &Memory) -> String {
    let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    format!("PSS {}, RSS {}", megabytes(memory.pss), megabytes(memory.rss))
}

/// A time without digits that mean nothing.
#[must_use]
pub fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        ..0.1 => format!("{milliseconds:.3} ms"),
        ..10.0 => format!("{milliseconds:.2} ms"),
        _ => format!("{milliseconds:.0} ms"),
    }
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
