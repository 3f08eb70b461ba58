//! The users that are in a group. Joining and leaving is in [`crate::users::memberships`].

use model::{
    id::{GroupId, RealmId},
    user::User,
};
use sqlx::PgConnection;

use crate::{Result, users::Row};

/// Up to so many users of a group or a role are looked up and sorted; where there are more, walking along all users by
/// name finds a page of them sooner.
pub(crate) const FEW: i64 = 10_000;

/// Selects the users that a table brings together with a group or a role, by name. The table's rows of the realm (`$1`)
/// and the thing (`$2`) are given twice: for all users, and for the user `u`, by an index that begins with the user: so
/// the other one must have no use, whatever the database believes of its rows.
macro_rules! select_users {
    ($all:literal, $of_one:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::users::Row,
            "with few as materialized (select user_id from " + $all + " limit $5::bigint + 1),
             counted as materialized (select count(*) <= $5 as all_there from few),
             page as materialized (
                 (select u.id from few join users u on u.realm_id = $1 and u.id = few.user_id
                  where (select all_there from counted) order by u.username collate \"C\" offset $3 limit $4)
                 union all
                 (select u.id from users u
                  where not (select all_there from counted) and u.realm_id = $1
                      and coalesce((select true from " + $of_one + "), false)
                  order by u.username collate \"C\" offset $3 limit $4)
             )
             select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
                 u.not_before, u.attributes, u.required_actions, u.service_account_of
             from page p join users u on u.realm_id = $1 and u.id = p.id order by u.username collate \"C\""
            $(, $argument)*
        )
    };
}
pub(crate) use select_users;

/// The users that are in a group themselves, by name. The connection as for [`crate::users::search::list`].
///
/// # Errors
/// If the database fails.
pub async fn list(
    conn: &mut PgConnection,
    realm: RealmId,
    group: &GroupId,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<User>> {
    select_users!(
        "user_groups where realm_id = $1 and group_id = $2",
        "user_groups m where m.realm_id = $1 and m.user_id = u.id and m.group_id || '' = $2",
        realm.0,
        group.as_str(),
        first,
        max,
        FEW
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}
