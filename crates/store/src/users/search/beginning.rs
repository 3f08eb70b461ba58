//! The search that people type: how a name or an address begins. Each field has an index for it that brings all that is
//! looked at, so that the users themselves are read only for the page that is shown.

use model::id::RealmId;
use sqlx::PgConnection;

use super::{Filter, MANY_OF_A_WALK, SHORT_WALK};
use crate::{
    Result,
    users::{Row, pattern::Parts},
};

/// The only word of a search that says how a field begins and leaves everything else to the indexes.
pub(super) fn asked_for(filter: &Filter) -> Option<&str> {
    let [word] = filter.words.as_deref()? else { return None };
    let in_indexes = Filter {
        words: None,
        people_only: false,
        enabled: None,
        email_verified: None,
        created_after: None,
        created_before: None,
        ..filter.clone()
    };
    (in_indexes == Filter::default() && Parts::of(word).is_beginning()).then_some(word)
}

/// Puts the conditions wherever a statement needs them: which field begins so, and what holds besides.
macro_rules! beginning {
    ($statement:ident, $realm:expr, $filter:expr, $word:expr $(, $argument:expr)* $(,)?) => {
        $statement!(
            " (u.username like $2 or u.email like $2 or u.first_name_folded like $2 or u.last_name_folded like $2) ",
            " (not $3 or u.service_account_of is null) and ($4::boolean is null or u.enabled = $4)
              and ($5::boolean is null or u.email_verified = $5)
              and ($6::timestamptz is null or u.created_at >= $6)
              and ($7::timestamptz is null or u.created_at <= $7) ",
            $realm.0,
            $word,
            $filter.people_only,
            $filter.enabled,
            $filter.email_verified,
            $filter.created_after,
            $filter.created_before,
            SHORT_WALK
            $(, $argument)*
        )
    };
}

macro_rules! select_list {
    ($any:literal, $and:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"with walk as materialized (
                select u.id, u.username from (
                    select id, username, email, first_name_folded, last_name_folded, enabled, email_verified,
                        service_account_of, created_at
                    from users where realm_id = $1 order by username collate "C" limit $8
                ) as u
                where "# + $any + " and " + $and + r#" order by u.username collate "C" limit $11
            ),
            walked as materialized (select coalesce(count(*) >= $11, false) as enough from walk),
            page as materialized (
                (select id from walk where (select enough from walked)
                 order by username collate "C" offset $9 limit $10)
                union all
                (select id from (
                    (select u.id, u.username from users u where not (select enough from walked) and u.realm_id = $1
                         and u.username like $2 and "# + $and + r#" order by u.username collate "C" limit $11)
                    union
                    (select u.id, u.username from users u where not (select enough from walked) and u.realm_id = $1
                         and u.email like $2 and "# + $and + r#" order by u.username collate "C" limit $11)
                    union
                    (select u.id, u.username from users u where not (select enough from walked) and u.realm_id = $1
                         and u.first_name_folded like $2 and "# + $and + r#" order by u.username collate "C" limit $11)
                    union
                    (select u.id, u.username from users u where not (select enough from walked) and u.realm_id = $1
                         and u.last_name_folded like $2 and "# + $and + r#" order by u.username collate "C" limit $11)
                 ) as found
                 order by username collate "C" offset $9 limit $10)
            )
            select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
                u.not_before, u.attributes, u.required_actions, u.service_account_of
            from page p join users u on u.realm_id = $1 and u.id = p.id order by u.username collate "C""#
            $(, $argument)*
        )
    };
}

macro_rules! select_count {
    ($any:literal, $and:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_scalar!(
            r#"with walked as materialized (
                select count(*) > $9 as many from (
                    select id, username, email, first_name_folded, last_name_folded, enabled, email_verified,
                        service_account_of, created_at
                    from users where realm_id = $1 order by username collate "C" limit $8
                ) as u
                where "# + $any + " and " + $and + r#"
            )
            select case when (select many from walked)
                then (select count(*) from users u where u.realm_id = $1 and "# + $any + " and " + $and + r#")
                else (select count(*) from (
                    select u.id from users u where u.realm_id = $1 and u.username like $2 and "# + $and + r#"
                    union
                    select u.id from users u where u.realm_id = $1 and u.email like $2 and "# + $and + r#"
                    union
                    select u.id from users u where u.realm_id = $1 and u.first_name_folded like $2 and "# + $and + r#"
                    union
                    select u.id from users u where u.realm_id = $1 and u.last_name_folded like $2 and "# + $and + r#"
                ) as found)
            end as "count!""#
            $(, $argument)*
        )
    };
}

/// The users of whom something begins so.
pub(super) async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    filter: &Filter,
    word: &str,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Row>> {
    let up_to = max.map(|max| first.saturating_add(max));
    Ok(beginning!(select_list, realm, filter, word, first, max, up_to).fetch_all(conn).await?)
}

/// How many they are.
pub(super) async fn count(conn: &mut PgConnection, realm: RealmId, filter: &Filter, word: &str) -> Result<i64> {
    Ok(beginning!(select_count, realm, filter, word, MANY_OF_A_WALK).fetch_one(conn).await?)
}
