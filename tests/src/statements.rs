//! How many SQL statements a server sends.
//!
//! sqlx reports each statement as an event with the target `sqlx::query`; here is a listener for these events. It is one
//! for the whole process, like the log that it hears. nextest runs each test in a process of its own; elsewhere the
//! tests of one process must not count at the same time.

use std::sync::{Mutex, OnceLock};

use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    subscriber::set_global_default,
};
use tracing_subscriber::{Layer, layer::Context, layer::SubscriberExt, registry::LookupSpan};

/// What the server asks all the time, whatever requests do: whether anything changed elsewhere, whether a job is due, and to
/// add to the counts of events.
const POLLS: [&str; 3] = ["into event_counts", "pg_snapshot_xmin(", "from jobs where kind = "];

static HEARD: OnceLock<Mutex<Vec<String>>> = OnceLock::new();

fn heard() -> &'static Mutex<Vec<String>> {
    HEARD.get_or_init(Mutex::default)
}

/// The statements that all servers of this process have sent so far.
#[derive(Clone, Copy, Debug)]
pub struct Statements(());

impl Statements {
    /// Starts to listen, unless that was done before.
    ///
    /// # Panics
    /// If the process has a log already.
    #[must_use]
    pub fn listen() -> Self {
        static LISTENING: OnceLock<()> = OnceLock::new();
        LISTENING.get_or_init(|| {
            let filter = tracing_subscriber::filter::Targets::new().with_target("sqlx::query", Level::TRACE);
            let layer = Listener.with_filter(filter);
            set_global_default(tracing_subscriber::registry().with(layer)).expect("no other log in this process");
        });
        Self(())
    }

    /// How many there were so far, but for what the server asks all the time.
    #[must_use]
    pub fn count(self) -> usize {
        heard().lock().unwrap().len()
    }

    /// The beginnings of the statements after the first `count`, oldest first.
    #[must_use]
    pub fn since(self, count: usize) -> Vec<String> {
        heard().lock().unwrap().get(count..).unwrap_or_default().to_vec()
    }
}

struct Listener;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = Text::default();
        event.record(&mut text);
        let sent = if text.statement.trim().is_empty() { text.summary } else { text.statement };
        if !POLLS.iter().any(|poll| sent.contains(poll)) {
            heard().lock().unwrap().push(sent);
        }
    }
}

/// sqlx gives a summary always, and the whole statement where the summary leaves something out.
#[derive(Default)]
struct Text {
    summary: String,
    statement: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "summary" => self.summary = format!("{value:?}"),
            "db.statement" => self.statement = format!("{value:?}"),
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.trim().clone_into(&mut self.statement),
            _ => {}
        }
    }
}
