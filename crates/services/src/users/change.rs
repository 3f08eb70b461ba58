//! Making and changing users.

use model::{
    MultiAttributes,
    event::Operation,
    id::{GroupId, UserId},
    permission::Permission,
    realm::Realm,
    user::User,
};
use representation::UserRepresentation;
use store::{Tx, login::DISABLED_REASON};
use time::OffsetDateTime;

use super::{
    checks::{check, folded},
    existing, locked,
};
use crate::{
    Caller, Error, Result, Services,
    admin_events::{self, Resource},
    administrators::{require_covers_roles, require_covers_user},
    credentials::{self, NewCredentials, UPDATE_PASSWORD},
    error::OnConflict as _,
    user_profile::{self, UserProfile},
};

/// The most groups that a new user joins.
const MAX_GROUPS: usize = 1_000;

/// How Keycloak words that a login name is taken.
#[derive(Clone, Copy)]
enum Taken {
    /// Tells the name from the address.
    Separately,
    /// Does not.
    Together,
}

impl Taken {
    fn username(self) -> String {
        match self {
            Self::Separately => "User exists with same username".to_owned(),
            Self::Together => "User exists with same username or email".to_owned(),
        }
    }

    fn email(self) -> String {
        match self {
            Self::Separately => "User exists with same email".to_owned(),
            Self::Together => self.username(),
        }
    }
}

/// Makes a user, with credentials and memberships if the representation has some.
///
/// # Errors
/// `Forbidden` without `manage-users` or if a group brings more than the caller has; `Refused` if the name is missing
/// or a group does not exist; `Conflict` if the name or the address is taken; `Invalid` and `Policy` as the values
/// deserve.
pub async fn create(services: &Services, caller: &Caller, realm: &Realm, given: UserRepresentation) -> Result<User> {
    caller.require(&[Permission::ManageUsers])?;
    let mut user = User {
        id: UserId(services.new_id()),
        username: new_username(realm, &given)?,
        email: None,
        email_verified: false,
        first_name: None,
        last_name: None,
        enabled: false,
        created: given.created_timestamp.and_then(from_millis).unwrap_or_else(|| services.now()),
        not_before: 0,
        attributes: MultiAttributes::new(),
        required_actions: Vec::new(),
        service_account_of: None,
    };
    let profile = user_profile::of(services, realm).await?;
    apply(&mut user, &given);
    user.attributes = profile.attributes(None, given.attributes.clone().map(Into::into));
    judge(&profile, None, &user)?;
    let NewCredentials { password, temporary } =
        credentials::prepare(services, realm, &user, given.credentials.as_deref().unwrap_or_default(), &[]).await?;
    if temporary {
        require_update(&mut user);
    }

    let mut tx = services.store.begin(realm.id).await?;
    user.required_actions.extend(store::required_actions::of_new_users(&mut tx, realm.id).await?);
    user.required_actions.sort_unstable();
    user.required_actions.dedup();
    check_names(&mut tx, realm, &user, Taken::Separately).await?;
    save_new(&mut tx, realm, &user).await?;
    if let Some(password) = &password {
        store::credentials::insert(&mut tx, &user.id, password).await?;
    }
    let groups = groups_at(&mut tx, realm, given.groups.as_deref().unwrap_or_default()).await?;
    if !groups.is_empty() {
        let roles = store::users::memberships::roles_of_groups(&mut tx, realm.id, &groups).await?;
        require_covers_roles(&mut tx, caller, realm, &roles).await?;
        store::users::memberships::join(&mut tx, &user.id, &groups).await?;
    }
    let resource = Resource { kind: "USER", path: &format!("users/{}", user.id) };
    let shown = without_secrets(given);
    admin_events::record(services, &mut tx, caller, realm, Operation::Create, resource, Some(&shown)).await?;
    services.commit(tx).await?;
    Ok(user)
}

fn new_username(realm: &Realm, given: &UserRepresentation) -> Result<String> {
    let by_email = realm.settings.uninterpreted.get("registrationEmailAsUsername").and_then(serde_json::Value::as_bool);
    let name = match (by_email, &given.email) {
        (Some(true), Some(email)) => Some(email),
        _ => given.username.as_ref(),
    };
    let name = name.map(|name| folded(name)).filter(|name| !name.is_empty());
    name.ok_or_else(|| Error::Refused("User name is missing".to_owned()))
}

pub(super) fn from_millis(millis: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok().filter(|time| time.year() >= 1970)
}

/// Stores a new user with what every new user gets: the realm's default role and default groups. For people only;
/// clients' accounts join no groups.
async fn save_new(tx: &mut Tx, realm: &Realm, user: &User) -> Result<()> {
    store::users::insert(tx, user, realm.settings.duplicate_emails_allowed)
        .await
        .on_conflict("users_username", || Taken::Separately.username())
        .map_err(|error| error.on_conflict("users_email", || Error::Conflict(Taken::Separately.email())))?;
    store::role_mappings::grant_user_roles(tx, &user.id, std::slice::from_ref(&realm.default_role)).await?;
    store::users::memberships::join_default_groups(tx, &user.id).await?;
    Ok(())
}

async fn groups_at(tx: &mut Tx, realm: &Realm, paths: &[String]) -> Result<Vec<GroupId>> {
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    if paths.len() > MAX_GROUPS || paths.iter().any(|path| path.len() > 65_536) {
        return Err(Error::invalid("groups", "Too many groups"));
    }
    let missing = |path: &String| Error::Refused(format!("Unable to find group specified by path: {path}"));
    if let Some(path) = paths.iter().find(|path| path.contains('\0')) {
        return Err(missing(path));
    }
    let names: Vec<_> = paths.iter().map(|path| model::group::path_names(path)).collect();
    let found = store::users::memberships::groups_at(tx, realm.id, &names).await?;
    paths.iter().zip(found).map(|(path, group)| group.ok_or_else(|| missing(path))).collect()
}

/// Changes a user. What the representation leaves out stays as it is; a disabled user is logged out everywhere.
///
/// # Errors
/// `Forbidden` without `manage-users` or if the user may do more than the caller; `NotFound` if there is no such user;
/// `Conflict` if the name or the address is taken; `Invalid` and `Policy` as the values deserve.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &UserId,
    given: UserRepresentation,
) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let passwords = given.credentials.as_deref().unwrap_or_default();
    let prepared = match passwords {
        [] => {
            existing(&mut *services.store.read().await?, realm, id).await?;
            NewCredentials::default()
        }
        given => credentials::prepare_for(services, caller, realm, id, given).await?,
    };

    let profile = user_profile::of(services, realm).await?;
    let mut tx = services.store.begin(realm.id).await?;
    let before = locked(&mut tx, id).await?;
    require_covers_user(&mut tx, caller, realm, id).await?;
    caller.require_version(&profile.shown(before.clone()))?;
    let mut user = before.clone();
    if let Some(name) = given.username.as_deref().map(folded).filter(|name| !name.is_empty()) {
        user.username = name;
    }
    apply(&mut user, &given);
    if prepared.temporary {
        require_update(&mut user);
    }
    if given.enabled == Some(true) && !before.enabled {
        user.attributes.remove(DISABLED_REASON);
        store::login::forget_failures(&mut tx, Some(id)).await?;
    }
    user.attributes = profile.attributes(Some(&user.attributes), given.attributes.clone().map(Into::into));
    judge(&profile, Some(&before), &user)?;
    if user.username != before.username || user.email != before.email {
        check_names(&mut tx, realm, &user, Taken::Together).await?;
    }
    store::users::update(&mut tx, &user, realm.settings.duplicate_emails_allowed)
        .await
        .on_conflict("users_username", || Taken::Together.username())
        .map_err(|error| error.on_conflict("users_email", || Error::Conflict(Taken::Together.email())))?;
    if let Some(password) = &prepared.password {
        credentials::replace(services, &mut tx, caller, realm, id, password).await?;
    }
    if before.enabled && !user.enabled {
        store::identity_tokens::delete_of_user(&mut tx, id, None).await?;
        crate::sessions::end_all(services, &mut tx, id, None).await?;
    }
    let resource = Resource { kind: "USER", path: &format!("users/{id}") };
    let shown = without_secrets(given);
    admin_events::record(services, &mut tx, caller, realm, Operation::Update, resource, Some(&shown)).await?;
    services.commit(tx).await
}

/// Refuses a user that breaks the realm's profile, or what holds whatever a profile says.
fn judge(profile: &UserProfile, before: Option<&User>, user: &User) -> Result<()> {
    let mut problems = Vec::new();
    profile.judge(before, user, &mut problems);
    check(before, user, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Takes over what a representation says about a user, but for the name and the attributes.
pub(super) fn apply(user: &mut User, given: &UserRepresentation) {
    let text = |given: &Option<String>, current: &mut Option<String>, folded: bool| {
        if let Some(text) = given {
            let text = text.trim();
            let text = if folded { text.to_lowercase() } else { text.to_owned() };
            *current = Some(text).filter(|text| !text.is_empty());
        }
    };
    text(&given.email, &mut user.email, true);
    text(&given.first_name, &mut user.first_name, false);
    text(&given.last_name, &mut user.last_name, false);
    user.enabled = given.enabled.unwrap_or(user.enabled);
    user.email_verified = given.email_verified.unwrap_or(user.email_verified);
    if let Some(actions) = &given.required_actions {
        user.required_actions.clone_from(actions);
        user.required_actions.sort_unstable();
        user.required_actions.dedup();
    }
}

/// Makes the user change the password at the next login.
fn require_update(user: &mut User) {
    if !user.required_actions.iter().any(|action| action == UPDATE_PASSWORD) {
        user.required_actions.push(UPDATE_PASSWORD.to_owned());
    }
}

/// Refuses a name or an address under which another user could be meant: whoever has the address of another user as a
/// name could lock that user out, or be taken for them.
async fn check_names(tx: &mut Tx, realm: &Realm, user: &User, taken: Taken) -> Result<()> {
    let settings = &realm.settings;
    let mut names = vec![user.username.as_str()];
    names.extend(user.email.as_deref());
    store::users::reserve_names(tx, &names).await?;
    let clashes = store::users::clashes(tx, &user.id, &user.username, user.email.as_deref()).await?;
    if settings.login_with_email_allowed && clashes.username_is_email {
        return Err(Error::Conflict(taken.username()));
    }
    let email_taken = settings.login_with_email_allowed && clashes.email_is_username
        || !settings.duplicate_emails_allowed && clashes.email_is_email;
    if email_taken { Err(Error::Conflict(taken.email())) } else { Ok(()) }
}

fn without_secrets(given: UserRepresentation) -> UserRepresentation {
    UserRepresentation { credentials: None, ..given }
}
