//! What went wrong in a matrix: all of it is told at the end, not only the first.

use crate::http::support::Reply;

/// What was tried, and what of it came out wrong.
#[derive(Debug, Default)]
pub struct Findings {
    tried: usize,
    wrong: Vec<String>,
}

impl Findings {
    /// Notes one trial.
    pub fn check(&mut self, good: bool, what: impl FnOnce() -> String) {
        self.tried += 1;
        if !good {
            self.wrong.push(what());
        }
    }

    /// Notes one trial whose answer was judged.
    pub fn judge(&mut self, what: &str, reply: &Reply, verdict: Result<(), String>) {
        self.check(verdict.is_ok(), || {
            let body: String = reply.text().chars().take(300).collect();
            format!("{what}: {}\n    {} {}: {body}", verdict.unwrap_err(), reply.status, reply.request)
        });
    }

    /// Fails with everything that was wrong, or if less than `least` was tried.
    #[track_caller]
    pub fn none(self, least: usize) {
        let (tried, wrong) = (self.tried, self.wrong.len());
        assert!(self.wrong.is_empty(), "{wrong} of {tried} came out wrong:\n{}", self.wrong.join("\n"));
        assert!(tried >= least, "only {tried} were tried, {least} at the least were meant to be");
    }
}
