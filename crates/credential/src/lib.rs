//! Password hashing and password policy. Pure: records in, verdict out.
//!
//! Nothing here reads a database, a clock or a source of randomness: records and salts are handed in. Hashing takes
//! milliseconds of processor time on purpose, so callers run it on threads that may block, each with its own
//! [`password::MemoryBlocks`].

pub mod password;
pub mod policy;

pub use password::{Argon2Parameters, HashAlgorithm, MemoryBlocks, PasswordError, PasswordHash};
pub use policy::{PasswordPolicy, PolicyError, PolicyViolation};
