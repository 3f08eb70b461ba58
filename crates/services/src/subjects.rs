//! Gathers everything about a user that permission and claim rules look at.

use model::{id::RealmId, subject::Subject, user::User};
use store::PgConnection;

use crate::Result;

/// A user with the roles in effect and the groups, read in one statement at this moment: what was taken away a moment
/// ago is not in it.
///
/// # Errors
/// If the database fails.
pub async fn load(conn: &mut PgConnection, realm: RealmId, user: &User) -> Result<Subject> {
    let (roles, groups, group_attributes) = store::subjects::roles_and_groups(conn, realm, &user.id).await?;
    Ok(Subject {
        user_id: Some(user.id.clone()),
        username: user.username.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified,
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        attributes: user.attributes.clone(),
        roles,
        groups,
        group_attributes,
    })
}
