//! The first start: the master realm and its first administrator.

use model::{
    MultiAttributes,
    id::UserId,
    realm::{MASTER, Realm},
    role::RoleContainer,
    secret::Secret,
    user::User,
};
use representation::RealmRepresentation;

use crate::{Error, Result, Services, cache, credentials, error::Found, random, realms};

/// Whom the first start is for.
#[derive(Clone, Debug, Default)]
pub struct FirstAdministrator {
    /// The user name; `admin` if none is given.
    pub username: Option<String>,
    /// The password; a random one if none is given.
    pub password: Option<Secret>,
}

/// What the first start made, to be told to whoever started the server. It is told once.
#[derive(Debug)]
pub struct Made {
    /// The administrator's name.
    pub username: String,
    /// The random password; none if it was given.
    pub password: Option<Secret>,
}

/// Makes the master realm and its first administrator, unless there are users in master already.
///
/// Several nodes may call it at once: one makes them, the others find them.
///
/// # Errors
/// If the database or cryptography fails.
pub async fn ensure(services: &Services, first: FirstAdministrator) -> Result<Option<Made>> {
    let master = match cache::realm(services, MASTER).await? {
        Some(master) => Realm::clone(&master),
        None => make_master(services).await?,
    };
    if store::users::any(&mut *services.store.read().await?, master.id).await? {
        return Ok(None);
    }
    add_administrator(services, first).await.map(Some)
}

async fn make_master(services: &Services) -> Result<Realm> {
    let given = RealmRepresentation {
        realm: Some(MASTER.to_owned()),
        enabled: Some(true),
        display_name: Some("Portcullis".to_owned()),
        access_token_lifespan: Some(60),
        ..RealmRepresentation::default()
    };
    match realms::insert(services, given).await {
        Ok((tx, realm)) => {
            services.commit(tx).await?;
            Ok(realm)
        }
        // Another node was quicker.
        Err(Error::Conflict(_)) => {
            cache::realm(services, MASTER).await?.map(|master| Realm::clone(&master)).found(crate::What::Realm)
        }
        Err(error) => Err(error),
    }
}

/// Adds an administrator of every realm to the master realm.
///
/// # Errors
/// `Conflict` if the name is taken, or if the database fails.
pub async fn add_administrator(services: &Services, first: FirstAdministrator) -> Result<Made> {
    let master = cache::realm(services, MASTER).await?.found(crate::What::Realm)?;
    let username = realms::given_name("username", first.username.unwrap_or_else(|| "admin".to_owned()))?.to_lowercase();
    let (password, told) = match first.password {
        Some(password) => (password, None),
        None => {
            let drawn = Secret::new(random_password(services));
            (drawn.clone(), Some(drawn))
        }
    };
    let credential = credentials::new_password(services, &master, password).await?;
    let user = User {
        id: UserId(services.new_id()),
        username: username.clone(),
        email: None,
        email_verified: false,
        first_name: None,
        last_name: None,
        enabled: true,
        created: services.now(),
        not_before: 0,
        attributes: MultiAttributes::from([("is_temporary_admin".to_owned(), vec!["true".to_owned()])]),
        required_actions: Vec::new(),
        service_account_of: None,
    };
    let mut tx = services.store.begin(master.id).await?;
    let admin = store::roles::find_by_name(&mut tx, master.id, &RoleContainer::Realm, realms::built_in::ADMIN)
        .await?
        .found(crate::What::Role)?;
    store::users::insert(&mut tx, &user, false).await.map_err(|error| {
        Error::from(error).on_conflict("users_username", || Error::Conflict("User exists with same username".into()))
    })?;
    store::credentials::insert(&mut tx, &user.id, &credential).await?;
    store::role_mappings::grant_user_roles(&mut tx, &user.id, &[master.default_role.clone(), admin.id]).await?;
    services.commit(tx).await?;
    Ok(Made { username, password: told })
}

/// 24 letters and digits without look-alikes, 138 bits.
fn random_password(services: &Services) -> String {
    random::text(&*services.random, b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz234567", 24)
}
