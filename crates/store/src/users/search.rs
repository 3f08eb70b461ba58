//! Finding users by what is known of them.

use model::{MultiAttributes, id::RealmId, user::User};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Row;
use crate::{Result, row};

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
    /// Has these values among its attributes.
    pub attributes: Option<MultiAttributes>,
    /// Made at this moment or later.
    pub created_after: Option<OffsetDateTime>,
    /// Made at this moment or earlier.
    pub created_before: Option<OffsetDateTime>,
}

/// The pattern that fits `text` alone.
#[must_use]
pub fn exactly(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// The pattern that fits everything with `text` in it.
#[must_use]
pub fn containing(text: &str) -> String {
    format!("%{}%", exactly(text))
}

/// The users that pass `filter`, by name.
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
    // A pattern without wildcards is an equality for the planner, so that searching for one name is an index lookup.
    // The address has two partial indexes, of which both must be asked.
    sqlx::query_as!(
        Row,
        "select id, username, email, email_verified, first_name, last_name, enabled, created_at, not_before,
             attributes, required_actions, service_account_of
         from users u
         where realm_id = $1
             and ($2::text[] is null or id = any($2))
             and ($3::text[] is null or not exists (
                 select from unnest($3) as word where not coalesce(u.username like word or u.email like word
                     or lower(u.first_name) like word or lower(u.last_name) like word, false)))
             and (not $4 or service_account_of is null)
             and ($5::text is null or username like $5)
             and ($6::text is null or email like $6 and not email_shared or email like $6 and email_shared)
             and ($7::text is null or lower(first_name) like $7)
             and ($8::text is null or lower(last_name) like $8)
             and ($9::boolean is null or enabled = $9)
             and ($10::boolean is null or email_verified = $10)
             and ($11::jsonb is null or attributes @> $11)
             and ($12::timestamptz is null or created_at >= $12)
             and ($13::timestamptz is null or created_at <= $13)
         order by username offset $14 limit $15",
        realm.0,
        filter.ids.as_deref(),
        filter.words.as_deref(),
        filter.people_only,
        filter.username,
        filter.email,
        filter.first_name,
        filter.last_name,
        filter.enabled,
        filter.email_verified,
        filter.attributes.as_ref().map(row::write),
        filter.created_after,
        filter.created_before,
        first,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}

/// How many users pass `filter`.
///
/// # Errors
/// If the database fails.
pub async fn count(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!"
         from users u
         where realm_id = $1
             and ($2::text[] is null or id = any($2))
             and ($3::text[] is null or not exists (
                 select from unnest($3) as word where not coalesce(u.username like word or u.email like word
                     or lower(u.first_name) like word or lower(u.last_name) like word, false)))
             and (not $4 or service_account_of is null)
             and ($5::text is null or username like $5)
             and ($6::text is null or email like $6 and not email_shared or email like $6 and email_shared)
             and ($7::text is null or lower(first_name) like $7)
             and ($8::text is null or lower(last_name) like $8)
             and ($9::boolean is null or enabled = $9)
             and ($10::boolean is null or email_verified = $10)
             and ($11::jsonb is null or attributes @> $11)
             and ($12::timestamptz is null or created_at >= $12)
             and ($13::timestamptz is null or created_at <= $13)"#,
        realm.0,
        filter.ids.as_deref(),
        filter.words.as_deref(),
        filter.people_only,
        filter.username,
        filter.email,
        filter.first_name,
        filter.last_name,
        filter.enabled,
        filter.email_verified,
        filter.attributes.as_ref().map(row::write),
        filter.created_after,
        filter.created_before
    )
    .fetch_one(conn)
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_text_are_letters() {
        assert_eq!(exactly(r"A%b_c\d"), r"a\%b\_c\\d");
        assert_eq!(containing("100%"), r"%100\%%");
    }
}
