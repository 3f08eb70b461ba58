//! Work that a request leaves for later, as far as whoever does it and whoever has it done both have to know it.

/// How an attempt at a job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Whoever was to be told was told.
    Told,
    /// There is nobody to tell any more.
    Nobody,
    /// It was not told, for this reason. Another attempt may succeed.
    Failed(String),
}
