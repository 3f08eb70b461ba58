//! What the person who starts a measurement wants.

use std::time::Duration;

/// The arguments.
#[derive(Clone, Debug)]
pub struct Arguments {
    /// How long each kind of request is measured.
    pub length: Duration,
    /// The one thing to be measured, if it is not everything.
    pub only: Option<String>,
    /// Whether the report is kept.
    pub write: bool,
}

impl Arguments {
    /// Reads the program's arguments; `seconds` is how long each kind of request is measured unless they say otherwise.
    ///
    /// # Panics
    /// If one of them is unknown.
    pub fn read(mut given: impl Iterator<Item = String>, seconds: u64) -> Self {
        let mut arguments = Self { length: Duration::from_secs(seconds), only: None, write: false };
        while let Some(name) = given.next() {
            match name.as_str() {
                "--seconds" => {
                    let seconds = given.next().and_then(|text| text.parse().ok()).filter(|seconds| *seconds > 0);
                    arguments.length = Duration::from_secs(seconds.expect("--seconds takes a whole number from 1"));
                }
                "--only" => arguments.only = Some(given.next().expect("--only takes the name of a measurement")),
                "--write" => arguments.write = true,
                _ => panic!("no option {name}; there are --seconds N, --only NAME and --write"),
            }
        }
        assert!(arguments.only.is_none() || !arguments.write, "a report is of everything, not of one measurement");
        arguments
    }

    /// Whether this is to be measured.
    #[must_use]
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == name)
    }
}
