//! The users that are in a group. Joining and leaving is in [`crate::users::memberships`].

use model::{
    id::{GroupId, RealmId},
    user::User,
};
use sqlx::PgConnection;

use crate::{Result, users::Row};

/// Selects users: what follows `from users u`, and the arguments.
macro_rules! select_users {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::users::Row,
            "select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
                 u.not_before, u.attributes, u.required_actions, u.service_account_of
             from users u "
                + $rest
            $(, $argument)*
        )
    };
}
pub(crate) use select_users;

/// The users that are in a group themselves, by name.
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
        "join user_groups m on m.realm_id = u.realm_id and m.user_id = u.id
         where u.realm_id = $1 and m.group_id = $2 order by u.username offset $3 limit $4",
        realm.0,
        group.as_str(),
        first,
        max
    )
    .fetch_all(conn)
    .await?
    .into_iter()
    .map(Row::read)
    .collect()
}
