//! Users: finding, making, changing and removing them.

mod change;
mod checks;
mod groups;
pub(crate) mod import;
pub mod listing;
mod search;

use model::{
    MultiAttributes,
    event::Operation,
    id::{ClientId, UserId},
    permission::Permission,
    realm::Realm,
    user::User,
};
use representation::{UserProfileMetadata, UserRepresentation};
use store::{
    PgConnection, Tx,
    login::{DISABLED_REASON, PERMANENT_LOCKOUT},
};

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_user,
    error::Found as _,
    user_profile,
};

pub use change::{create, update};
pub(crate) use checks::is_email;
pub use groups::{count_groups, groups, join, leave};
pub use search::Query;

/// Who may read users.
const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
/// Who may ask for users at all.
const QUERY: &[Permission] = &[Permission::QueryUsers, Permission::ViewUsers, Permission::ManageUsers];

/// A user with what is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The user.
    pub user: User,
    /// The `clientId` of the client whose account it is.
    pub service_account_client: Option<String>,
}

/// A login name as it is stored and compared: without spaces around it, in lower case by Unicode's rules, which depend
/// on no language.
#[must_use]
pub fn login_name(given: &str) -> String {
    checks::folded(given)
}

/// Whether a text from a path or a token may be the id of a user.
pub(crate) fn is_id(id: &UserId) -> bool {
    id.0.len() <= model::id::MAX_ID_LENGTH && !id.0.contains('\0')
}

/// Whether too many wrong passwords disabled this account.
#[must_use]
pub fn is_permanently_locked(user: &User) -> bool {
    let reason = user.attributes.get(DISABLED_REASON);
    !user.enabled && reason.is_some_and(|reason| reason.iter().any(|reason| reason == PERMANENT_LOCKOUT))
}

/// The user with this id.
///
/// # Errors
/// `NotFound` if there is none.
pub(crate) async fn existing(conn: &mut PgConnection, realm: &Realm, id: &UserId) -> Result<User> {
    if !is_id(id) {
        return Err(Error::NotFound(What::User));
    }
    store::users::find(conn, realm.id, id).await?.found(What::User)
}

/// The user with this id, kept from being changed by others until the transaction ends.
///
/// # Errors
/// `NotFound` if there is none.
pub(crate) async fn locked(tx: &mut Tx, id: &UserId) -> Result<User> {
    if !is_id(id) {
        return Err(Error::NotFound(What::User));
    }
    store::users::lock(tx, id).await?.found(What::User)
}

/// Users as administrators see them: without attributes that the realm's profile hides.
///
/// # Errors
/// If the database fails.
pub(crate) async fn as_seen(services: &Services, realm: &Realm, users: Vec<User>) -> Result<Vec<User>> {
    let profile = user_profile::of(services, realm).await?;
    Ok(users.into_iter().map(|user| profile.shown(user)).collect())
}

async fn shown(services: &Services, conn: &mut PgConnection, realm: &Realm, users: Vec<User>) -> Result<Vec<Shown>> {
    let users = as_seen(services, realm, users).await?;
    let clients = store::users::service_account_clients(conn, realm.id, &users).await?;
    let name = |id: &ClientId| clients.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
    let show = |user: User| {
        let service_account_client = user.service_account_of.as_ref().and_then(name);
        Shown { user, service_account_client }
    };
    Ok(users.into_iter().map(show).collect())
}

/// The users that a query finds, by name. Who may query users only, but not view them, sees none.
///
/// # Errors
/// `Forbidden` without `query-users`, `view-users` or `manage-users`; `Invalid` if the query can't be understood.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    query: &Query,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Shown>> {
    caller.require(QUERY)?;
    let Some(filter) = query.filter()?.filter(|_| caller.may(VIEW)) else { return Ok(Vec::new()) };
    let mut searching = services.store.searching().await?;
    let users = store::users::search::list(&mut searching, realm.id, &filter, first, max).await?;
    let shown = shown(services, &mut searching, realm, users).await?;
    searching.end().await?;
    Ok(shown)
}

/// How many users a query finds.
///
/// # Errors
/// As [`list`].
pub async fn count(services: &Services, caller: &Caller, realm: &Realm, query: &Query) -> Result<i64> {
    caller.require(QUERY)?;
    let Some(filter) = query.filter()?.filter(|_| caller.may(VIEW)) else { return Ok(0) };
    let mut searching = services.store.searching().await?;
    let count = store::users::search::count(&mut searching, realm.id, &filter).await?;
    searching.end().await?;
    Ok(count)
}

/// One user.
///
/// # Errors
/// `NotFound` if there is none; `Forbidden` if there is one and the caller may not view users, or may not even query
/// them.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, id: &UserId) -> Result<Shown> {
    caller.require(QUERY)?;
    let mut conn = services.store.read().await?;
    let user = existing(&mut conn, realm, id).await?;
    caller.require(VIEW)?;
    shown(services, &mut conn, realm, vec![user]).await?.pop().found(What::User)
}

/// The attributes of a user that the realm's profile doesn't name.
///
/// # Errors
/// `NotFound` if there is no such user, `Forbidden` without `view-users` or `manage-users`.
pub async fn unmanaged_attributes(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &UserId,
) -> Result<MultiAttributes> {
    caller.require(VIEW)?;
    let user = existing(&mut *services.store.read().await?, realm, id).await?;
    Ok(user_profile::of(services, realm).await?.unmanaged(user.attributes))
}

/// How the realm's profile treats the attributes of its users, for forms.
///
/// # Errors
/// `Forbidden` without `view-users` or `manage-users`.
pub async fn profile_metadata(services: &Services, caller: &Caller, realm: &Realm) -> Result<UserProfileMetadata> {
    caller.require(VIEW)?;
    Ok(user_profile::of(services, realm).await?.metadata())
}

/// Removes a user with everything that hangs on it.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller, `NotFound` if there is no such user.
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &UserId) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let profile = user_profile::of(services, realm).await?;
    let mut tx = services.store.begin(realm.id).await?;
    let user = locked(&mut tx, id).await?;
    require_covers_user(&mut tx, caller, realm, id).await?;
    caller.require_version(&profile.shown(user))?;
    // Clients are told that the user is gone: rows that only cascade tell nobody.
    crate::sessions::end_all(services, &mut tx, id, None).await?;
    store::users::delete(&mut tx, id).await?;
    let resource = Resource { kind: "USER", path: &format!("users/{id}") };
    let nothing = None::<&UserRepresentation>;
    admin_events::record(services, &mut tx, caller, realm, Operation::Delete, resource, nothing).await?;
    services.commit(tx).await
}
