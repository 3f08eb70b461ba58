//! The users of an import. They come in batches, so that a realm of any size fits into memory.

use std::collections::{HashMap, HashSet};

use model::{
    MultiAttributes,
    credential::Credential,
    id::{ClientId, GroupId, RoleId, UserId},
    realm::Realm,
    user::User,
};
use representation::{CredentialRepresentation, FederatedIdentityRepresentation, UserRepresentation};
use store::{
    Tx,
    transfer::users::{self as rows, Consent},
};

use super::{
    change::{apply, from_millis},
    checks::{check_bounds, folded, stored_attributes},
};
use crate::{
    Error, Result, Services,
    credentials::{
        UPDATE_PASSWORD,
        import::{self as credentials, Read},
    },
    error::OnConflict as _,
    federated_identities,
    import_report::ImportReport,
    realms::{given_id, import::Names},
    roles::import::{role_names, shown},
};

/// What it means that two users have one account.
const LINKED_TWICE: &str = "Two users have the same account at an identity provider";

/// A user that is ready to be stored, with what refers to other things by name.
struct One {
    path: String,
    user: User,
    given: UserRepresentation,
}

/// A batch of users whose passwords are hashed.
pub(crate) struct Prepared {
    users: Vec<One>,
    credentials: Vec<(UserId, Credential)>,
}

impl Prepared {
    /// The same without users of other names.
    pub(crate) fn only(mut self, names: &HashSet<String>) -> Self {
        self.users.retain(|one| names.contains(&one.user.username));
        self
    }
}

/// Reads users and hashes their passwords: before a transaction, where that is possible. `present` are the ids of users
/// that are there, by name; their credentials stay as they are.
///
/// # Errors
/// `Conflict` for a name or an id that is given twice, `Busy` if too many hashes wait.
pub(crate) async fn prepare(
    services: &Services,
    realm: &Realm,
    given: Vec<UserRepresentation>,
    present: &HashMap<String, UserId>,
    report: &mut ImportReport,
) -> Result<Prepared> {
    let mut seen = HashSet::new();
    let (mut users, mut ready, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    for mut given in given {
        let username = folded(given.username.as_deref().or(given.email.as_deref()).unwrap_or_default());
        let path = format!("users[{username}]");
        if username.is_empty() {
            report.note("users", "a user has neither a name nor an address; left out");
            continue;
        }
        let known = present.get(&username);
        let mut user = User {
            id: UserId(given_id(services, known.map(|id| id.0.clone()).or(given.id.take()))?),
            username,
            email: None,
            email_verified: false,
            first_name: None,
            last_name: None,
            enabled: false,
            created: given.created_timestamp.and_then(from_millis).unwrap_or_else(|| services.now()),
            not_before: given.not_before.map_or(0, i64::from),
            attributes: MultiAttributes::new(),
            required_actions: Vec::new(),
            service_account_of: None,
        };
        apply(&mut user, &given);
        user.attributes = stored_attributes(&given);
        if report.kept(&path, check_bounds(&user))?.is_none() {
            continue;
        }
        if !seen.insert(user.username.clone()) || !seen.insert(format!("id {}", user.id)) {
            return Err(Error::Conflict(format!("{path} is given twice")));
        }
        note_what_is_not_there(&given, &path, report);
        let list = given.credentials.take().unwrap_or_default();
        if known.is_none() {
            let own = read_credentials(services, realm, &list, &mut user, &path, report)?;
            for (path, credential) in own {
                match credential {
                    Read::Ready(credential) => ready.push((user.id.clone(), credential)),
                    Read::Plain(password, label, priority) => {
                        plain.push((user.id.clone(), path, password, label, priority));
                    }
                }
            }
        }
        users.push(One { path, user, given });
    }
    ready.extend(credentials::hash(services, realm, plain, report).await?);
    Ok(Prepared { users, credentials: ready })
}

/// Reads the credentials of one user. Of several passwords the last one counts, as in Keycloak.
fn read_credentials(
    services: &Services,
    realm: &Realm,
    given: &[CredentialRepresentation],
    user: &mut User,
    path: &str,
    report: &mut ImportReport,
) -> Result<Vec<(String, Read)>> {
    let is_password =
        |one: &CredentialRepresentation| one.r#type.as_deref().is_none_or(|kind| kind == model::credential::PASSWORD);
    let last = given.iter().rposition(is_password);
    let mut read = Vec::new();
    for (number, one) in given.iter().enumerate() {
        let path = format!("{path}.credentials[{number}]");
        if is_password(one) && Some(number) != last {
            report.note(path, "a user has one password; left out");
            continue;
        }
        if one.temporary == Some(true) && !user.required_actions.iter().any(|action| action == UPDATE_PASSWORD) {
            user.required_actions.push(UPDATE_PASSWORD.to_owned());
        }
        read.extend(credentials::read(services, realm.id, one, &path, report)?.map(|credential| (path, credential)));
    }
    Ok(read)
}

/// Notes parts of a user that nothing here is made for.
fn note_what_is_not_there(given: &UserRepresentation, path: &str, report: &mut ImportReport) {
    if given.federation_link.as_ref().is_some_and(|link| !link.is_empty()) {
        report.note(
            format!("{path}.federationLink"),
            "users of other stores are not read here; the user is kept without the link",
        );
    }
}

/// The accounts of clients that act for themselves and were not among the users yet: client and `clientId`.
pub(crate) type Accounts = HashMap<ClientId, String>;

/// Stores a batch of users with their credentials, roles, groups and consents. Accounts of clients that are among them
/// are taken from `accounts`.
///
/// # Errors
/// `Conflict` for a name, an address or an id that is taken.
pub(crate) async fn write(
    services: &Services,
    tx: &mut Tx,
    realm: &Realm,
    prepared: Prepared,
    names: &Names,
    accounts: &mut Accounts,
    report: &mut ImportReport,
) -> Result<Vec<User>> {
    let mut users = Vec::new();
    let (mut with_roles, mut with_groups) = (Vec::new(), Vec::new());
    let (mut roles, mut groups, mut consents) = (Vec::new(), Vec::new(), Vec::new());
    let mut identities = Vec::new();
    for One { path, mut user, given } in prepared.users {
        if let Some(client) = &given.service_account_client_id {
            let Some(id) = names.client(client) else {
                report.note(path, format!("the client {client}, whose account it is, is not there; left out"));
                continue;
            };
            accounts.remove(id);
            user.service_account_of = Some(id.clone());
        }
        if given.realm_roles.is_some() || given.client_roles.is_some() || given.application_roles.is_some() {
            with_roles.push(user.id.clone());
        }
        let of_clients = given.client_roles.into_iter().chain(given.application_roles).flatten();
        for name in role_names(given.realm_roles.unwrap_or_default(), of_clients) {
            match names.roles.get(&name) {
                Some(role) => roles.push((user.id.clone(), role.clone())),
                None => report.note(format!("{path}.roles"), format!("{} is not there; left out", shown(&name))),
            }
        }
        if given.groups.is_some() {
            with_groups.push(user.id.clone());
        }
        for group in given.groups.unwrap_or_default() {
            match names.groups.get(&model::group::path_names(&group)) {
                Some(id) => groups.push((user.id.clone(), id.clone())),
                None => report.note(format!("{path}.groups"), format!("there is no group {group}; left out")),
            }
        }
        let legacy = given.social_links.into_iter().flatten().map(|link| FederatedIdentityRepresentation {
            identity_provider: link.social_provider,
            user_id: link.social_user_id,
            user_name: link.social_username,
        });
        let linked: Vec<_> = given.federated_identities.into_iter().flatten().chain(legacy).collect();
        if !linked.is_empty() {
            identities.push((user.id.clone(), path.clone(), linked));
        }
        for consent in given.client_consents.unwrap_or_default() {
            let client_id = consent.client_id.unwrap_or_default();
            let Some(client) = names.client(&client_id) else {
                report.note(format!("{path}.clientConsents"), format!("there is no client {client_id}; left out"));
                continue;
            };
            let created = consent.created_date.and_then(from_millis).unwrap_or_else(|| services.now());
            let mut scopes = consent.granted_client_scopes.unwrap_or_default();
            scopes.sort_unstable();
            scopes.dedup();
            consents.push(Consent {
                user: user.id.clone(),
                client: client.clone(),
                scopes,
                created,
                updated: consent.last_updated_date.and_then(from_millis).unwrap_or(created),
            });
        }
        users.push(user);
    }
    let kept: HashSet<&UserId> = users.iter().map(|user| &user.id).collect();
    let credentials: Vec<_> = prepared.credentials.into_iter().filter(|(user, _)| kept.contains(user)).collect();
    rows::put(tx, &users, realm.settings.duplicate_emails_allowed).await.map_err(|error| taken(error.into()))?;
    store::transfer::credentials::insert(tx, &credentials)
        .await
        .on_conflict("credentials_pkey", || "Two credentials of the import have one id".to_owned())?;
    replace(tx, (&with_roles, &roles), (&with_groups, &groups)).await?;
    rows::put_consents(tx, &consents).await?;
    let linked: Vec<_> = identities.iter().map(|(user, ..)| user.clone()).collect();
    store::transfer::identity_providers::unlink(tx, &linked).await?;
    federated_identities::import(tx, identities, report).await.map_err(|error| {
        error.on_conflict("federated_identities_account", || Error::Conflict(LINKED_TWICE.to_owned()))
    })?;
    Ok(users)
}

async fn replace(
    tx: &mut Tx,
    (with_roles, roles): (&[UserId], &[(UserId, RoleId)]),
    (with_groups, groups): (&[UserId], &[(UserId, GroupId)]),
) -> Result<()> {
    rows::replace_roles(tx, with_roles, roles).await?;
    Ok(rows::replace_groups(tx, with_groups, groups).await?)
}

fn taken(error: Error) -> Error {
    let named = |text: &'static str| move || Error::Conflict(text.to_owned());
    error
        .on_conflict("users_username", named("User exists with same username"))
        .on_conflict("users_email", named("User exists with same email"))
        .on_conflict("users_pkey", named("A user of the import has the id of another one"))
        .on_conflict("users_service_account", named("Two users of the import are one client's account"))
}

/// Makes the accounts of clients that act for themselves and have none yet: they hold what every user holds.
///
/// # Errors
/// `Conflict` if another user has such an account's name.
pub(crate) async fn make_accounts(services: &Services, tx: &mut Tx, realm: &Realm, missing: Accounts) -> Result<()> {
    let users: Vec<User> = missing
        .into_iter()
        .map(|(client, client_id)| crate::clients::service_account::new(services, client, &client_id))
        .collect();
    rows::put(tx, &users, false).await.map_err(|error| taken(error.into()))?;
    let ids: Vec<_> = users.into_iter().map(|user| user.id).collect();
    let roles: Vec<_> = ids.iter().map(|id| (id.clone(), realm.default_role.clone())).collect();
    Ok(rows::replace_roles(tx, &ids, &roles).await?)
}
