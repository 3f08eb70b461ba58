//! What imports and exports write and read: many rows of a realm at once, in a number of statements that does not depend
//! on how many there are.
//!
//! The functions named `put` make rows, and bring those that are there already under the same id and name to the given
//! state. An id that is another thing's is a conflict on the table's primary key.
//! Those named `replace` make the rows of some owners exactly the given ones. So a new realm and a realm that is brought
//! to a desired state are written by the same statements.

pub mod authentication;
pub mod clients;
pub mod components;
pub mod credentials;
pub mod groups;
pub mod identity_providers;
pub mod mappers;
pub mod names;
pub mod roles;
pub mod scopes;
pub mod users;

use crate::{Error, Result};

/// Goes on only if as many rows were written as were to be: the others have ids that other things have.
fn same_things(constraint: &str, written: u64, given: usize) -> Result<()> {
    if usize::try_from(written).is_ok_and(|written| written == given) {
        return Ok(());
    }
    Err(Error::Conflict { constraint: constraint.to_owned(), missing: false })
}
