//! What the person who starts the measurement wants.

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
    /// Reads the program's arguments.
    ///
    /// # Panics
    /// If one of them is unknown.
    pub fn read(mut given: impl Iterator<Item = String>) -> Self {
        let mut arguments = Self { length: Duration::from_secs(8), only: None, write: true };
        while let Some(name) = given.next() {
            match name.as_str() {
                "--seconds" => {
                    let seconds = given.next().and_then(|text| text.parse().ok()).filter(|seconds| *seconds > 0);
                    arguments.length = Duration::from_secs(seconds.expect("--seconds takes a whole number from 1"));
                }
                "--only" => arguments.only = Some(given.next().expect("--only takes the name of a measurement")),
                "--no-file" => arguments.write = false,
                _ => panic!("no option {name}; there are --seconds N, --only NAME and --no-file"),
            }
        }
        arguments
    }

    /// Whether this is to be measured.
    pub fn wants(&self, name: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == name)
    }
}
