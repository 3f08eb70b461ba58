//! Finding users by what is known of them, in a realm that may have a million.
//!
//! No single plan is good for every search: what fits many users is found soon by walking along their names, what fits few
//! only by an index of what is in them. Which it is shows while looking, so the statements try in turn: a short walk, then
//! an index, then the whole walk. Each step is skipped if the one before was enough
//! (docs/decisions/043-user-search.md).

mod beginning;
mod everything;
mod ordered;
mod terms;

use model::{MultiAttributes, id::RealmId, user::User};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Row;
use crate::Result;

pub use ordered::{Order, everybody};

pub use super::pattern::{beginning_with, containing, exactly};

/// How many users the first walk looks at. It finds a page of what fits one user in two hundred.
const SHORT_WALK: i64 = 20_000;
/// If this many of the first walk fit, counting by an index would take longer than counting along the walk.
const MANY_OF_A_WALK: i64 = 1_000;
/// The longest folded name, in bytes: an entry of an index has a largest size.
const LONGEST_FOLDED: usize = 300;

/// Which users are looked for. Patterns are those of SQL's `like`, in lower case, see [`exactly`] and [`containing`];
/// what is absent does not narrow the search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of these ids.
    pub ids: Option<Vec<String>>,
    /// Each of these patterns fits the name, the address, the given name or the family name.
    pub words: Option<Vec<String>>,
    /// Leave out the accounts of clients.
    pub people_only: bool,
    /// A pattern for the name.
    pub username: Option<String>,
    /// A pattern for the address.
    pub email: Option<String>,
    /// A pattern for the given name.
    pub first_name: Option<String>,
    /// A pattern for the family name.
    pub last_name: Option<String>,
    /// May log in, or may not.
    pub enabled: Option<bool>,
    /// The address is proven, or is not.
    pub email_verified: Option<bool>,
    /// Has these values among its attributes, in capital or small letters.
    pub attributes: Option<MultiAttributes>,
    /// Made at this moment or later.
    pub created_after: Option<OffsetDateTime>,
    /// Made at this moment or earlier.
    pub created_before: Option<OffsetDateTime>,
    /// Has an account at this identity provider.
    pub identity_provider: Option<String>,
    /// Is known by this id to an identity provider: the one above, or any.
    pub id_at_provider: Option<String>,
}

/// A name as searches compare it.
pub(crate) fn folded(name: Option<&str>) -> Option<String> {
    let name = name?.to_lowercase();
    Some(name.get(..name.floor_char_boundary(LONGEST_FOLDED)).unwrap_or_default().to_owned())
}

/// The users that pass `filter`, by name. The connection must plan for each question, see
/// [`Store::searching`](crate::Store::searching).
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    filter: &Filter,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<User>> {
    let rows = if everything::is_asked_for(filter) {
        everything::list(conn, realm, filter, first, max).await?
    } else if let Some(beginning) = beginning::asked_for(filter) {
        beginning::list(conn, realm, filter, beginning, first, max).await?
    } else {
        terms::list(conn, realm, filter, first, max).await?
    };
    rows.into_iter().map(Row::read).collect()
}

/// How many users pass `filter`. The connection as for [`list`].
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<i64> {
    if everything::is_counted(filter) {
        everything::count(conn, realm, filter).await
    } else if let Some(beginning) = beginning::asked_for(filter) {
        beginning::count(conn, realm, filter, beginning).await
    } else {
        terms::count(conn, realm, filter).await
    }
}
