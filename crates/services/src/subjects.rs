//! Gathers everything about a user that permission and claim rules look at.
//!
//! What was given to a user is read at this moment, so that what was taken away a moment ago is not in it. What follows
//! from it, the roles in effect and the paths of groups, is configuration that users with the same assignments share,
//! and is kept in the cache like other configuration.

use std::sync::Arc;

use model::{
    id::RealmId,
    subject::{Assignments, RolesAndGroups, Subject},
    user::User,
};
use store::PgConnection;

use crate::{Result, Services, cache};

/// A user to whom this was given, read together with the user.
///
/// # Errors
/// If the database fails.
pub async fn of(services: &Services, realm: RealmId, user: &User, given: Assignments) -> Result<Subject> {
    let has: Arc<RolesAndGroups> = cache::roles_and_groups(services, realm, given).await?;
    Ok(Subject::new(user, (*has).clone()))
}

/// A user with what is given to the user at this moment.
///
/// # Errors
/// If the database fails.
pub async fn current(services: &Services, realm: RealmId, user: &User) -> Result<Subject> {
    let given = store::subjects::assignments(&mut *services.store.read().await?, realm, &user.id).await?;
    of(services, realm, user, given).await
}

/// A user as this connection sees it: in a snapshot, or within a change.
///
/// # Errors
/// If the database fails.
pub async fn load(conn: &mut PgConnection, realm: RealmId, user: &User) -> Result<Subject> {
    let given = store::subjects::assignments(conn, realm, &user.id).await?;
    let (has, _) = store::subjects::resolve(conn, realm, &given).await?;
    Ok(Subject::new(user, has))
}
