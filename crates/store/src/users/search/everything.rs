//! All users of a realm, narrowed by nothing that needs looking at them.

use model::id::RealmId;
use sqlx::PgConnection;

use super::Filter;
use crate::{Result, users::Row};

/// Whether a list is narrowed by nothing, but perhaps to people.
pub(super) fn is_asked_for(filter: &Filter) -> bool {
    Filter { people_only: false, ..filter.clone() } == Filter::default()
}

/// Whether the database keeps this number: it is one of switches alone.
pub(super) fn is_counted(filter: &Filter) -> bool {
    Filter { people_only: false, enabled: None, email_verified: None, ..filter.clone() } == Filter::default()
}

/// A page of all users. What is skipped is skipped in the directory.
pub(super) async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    filter: &Filter,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Row>> {
    Ok(sqlx::query_as!(
        Row,
        r#"with page as materialized (
               select id from users where realm_id = $1 and (not $2 or service_account_of is null)
               order by username collate "C" offset $3 limit $4
           )
           select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of
           from page p join users u on u.realm_id = $1 and u.id = p.id order by u.username collate "C""#,
        realm.0,
        filter.people_only,
        first,
        max
    )
    .fetch_all(conn)
    .await?)
}

/// How many users there are, by the numbers that the database keeps.
pub(super) async fn count(conn: &mut PgConnection, realm: RealmId, filter: &Filter) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select coalesce(sum(users), 0)::bigint as "count!" from user_counts
           where realm_id = $1 and (not $2 or not is_service) and ($3::boolean is null or enabled = $3)
               and ($4::boolean is null or email_verified = $4)"#,
        realm.0,
        filter.people_only,
        filter.enabled,
        filter.email_verified
    )
    .fetch_one(conn)
    .await?)
}
