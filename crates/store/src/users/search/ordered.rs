//! Pages of all users in another order than that of their names. Each order has an index that is walked.

use model::{id::RealmId, user::User};
use sqlx::PgConnection;

use crate::{Result, users::Row};

/// By what users are ordered. What a user doesn't have comes last, or first where the order is turned round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By name.
    #[default]
    Username,
    /// By address.
    Email,
    /// By given name.
    FirstName,
    /// By family name.
    LastName,
    /// By when they were made.
    Created,
}

/// A page of all people. The connection as for [`super::list`].
///
/// # Errors
/// If the database fails.
pub async fn everybody(
    conn: &mut PgConnection,
    realm: RealmId,
    (order, descending): (Order, bool),
    first: i64,
    max: i64,
) -> Result<Vec<User>> {
    // Once the parameters are known, only one part of the order is left, which follows an index.
    let rows = sqlx::query_as!(
        Row,
        r#"with page as materialized (
               select id, row_number() over () as place from (
                   select id from users where realm_id = $1 and service_account_of is null
                   order by
                       case when $2 = 0 and not $3 then username end collate "C",
                       case when $2 = 0 and $3 then username end collate "C" desc,
                       case when $2 = 1 and not $3 then email end collate "C",
                       case when $2 = 1 and $3 then email end collate "C" desc,
                       case when $2 = 2 and not $3 then first_name_folded end collate "C",
                       case when $2 = 2 and $3 then first_name_folded end collate "C" desc,
                       case when $2 = 3 and not $3 then last_name_folded end collate "C",
                       case when $2 = 3 and $3 then last_name_folded end collate "C" desc,
                       case when $2 = 4 and not $3 then created_at end,
                       case when $2 = 4 and $3 then created_at end desc
                   offset $4 limit $5
               ) as walked
           )
           select u.id, u.username, u.email, u.email_verified, u.first_name, u.last_name, u.enabled, u.created_at,
               u.not_before, u.attributes, u.required_actions, u.service_account_of
           from page p join users u on u.realm_id = $1 and u.id = p.id order by p.place"#,
        realm.0,
        match order {
            Order::Username => 0,
            Order::Email => 1,
            Order::FirstName => 2,
            Order::LastName => 3,
            Order::Created => 4,
        },
        descending,
        first,
        max
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Row::read).collect()
}
