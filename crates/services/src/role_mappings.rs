//! Which roles users and groups have: granted to them, or in effect.

use std::collections::HashMap;

use model::{
    event::Operation,
    id::{ClientId, RoleId},
    permission::Permission,
    realm::Realm,
    role::{Role, RoleContainer},
};
use representation::RoleRepresentation;
use store::{PgConnection, Tx};

pub use store::role_mappings::Holder;

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_roles,
    roles::{input, or_gone, require_container},
    users,
};

const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const MANAGE: &[Permission] = &[Permission::ManageUsers];

/// Which list of roles is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Granted directly.
    Direct,
    /// Not granted directly.
    Available,
    /// In effect: granted directly, through a group, or as part of such a role.
    Effective,
}

pub(crate) async fn require_holder(conn: &mut PgConnection, realm: &Realm, holder: Holder<'_>) -> Result<()> {
    let (found, what) = match holder {
        Holder::User(id) => {
            (input::is_askable(id.as_str()) && store::users::find(conn, realm.id, id).await?.is_some(), What::User)
        }
        Holder::Group(id) => (
            input::is_askable(id.as_str()) && store::users::memberships::exists(conn, realm.id, id).await?,
            What::Group,
        ),
    };
    if found { Ok(()) } else { Err(Error::NotFound(what)) }
}

/// All roles granted to a user or group, and the clients that define any of them with their `clientId`s.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-users` or `manage-users`.
pub async fn all(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    holder: Holder<'_>,
) -> Result<(Vec<Role>, Vec<(ClientId, String)>)> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    require_holder(&mut conn, realm, holder).await?;
    let roles = store::role_mappings::direct(&mut conn, realm.id, holder, None).await?;
    let clients = store::role_mappings::clients_of(&mut conn, realm.id, &roles).await?;
    Ok((roles, clients))
}

/// The roles of a realm or client that a user or group has or could have, by name.
///
/// # Errors
/// `NotFound` if the user, group or client is missing, or `Forbidden` without `view-users` or `manage-users`.
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    holder: Holder<'_>,
    container: &RoleContainer,
    selection: Selection,
) -> Result<Vec<Role>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    require_holder(&mut conn, realm, holder).await?;
    require_container(&mut conn, realm, container).await?;
    Ok(match selection {
        Selection::Direct => store::role_mappings::direct(&mut conn, realm.id, holder, Some(container)).await?,
        Selection::Available => store::role_mappings::available(&mut conn, realm.id, holder, container).await?,
        Selection::Effective => store::role_mappings::effective(&mut conn, realm.id, holder, container).await?,
    })
}

/// Begins a change of the roles of a user or group: one at a time.
async fn begin(services: &Services, realm: &Realm, holder: Holder<'_>) -> Result<Tx> {
    match holder {
        Holder::User(id) => {
            let mut tx = services.store.begin(realm.id).await?;
            users::locked(&mut tx, id).await?;
            Ok(tx)
        }
        Holder::Group(_) => {
            let mut tx = services.configure(realm).await?;
            require_holder(&mut tx, realm, holder).await?;
            Ok(tx)
        }
    }
}

/// Grants roles of a realm or client to a user or group.
///
/// # Errors
/// `NotFound` if the user, group, client or a role is missing, or `Forbidden` without `manage-users` or if a role brings
/// more than the caller holds.
pub async fn grant(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    holder: Holder<'_>,
    container: &RoleContainer,
    given: Vec<RoleRepresentation>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = begin(services, realm, holder).await?;
    require_container(&mut tx, realm, container).await?;
    let roles = chosen(&mut tx, realm, container, &given).await?;
    require_covers_roles(&mut tx, caller, realm, &roles).await?;
    or_gone(store::role_mappings::grant(&mut tx, holder, &roles).await, What::MappedRole)?;
    record(services, &mut tx, caller, realm, Operation::Create, (holder, container), &given).await?;
    services.commit(tx).await
}

/// Takes roles of a realm or client from a user or group; all of them if none are given.
///
/// # Errors
/// As of [`grant`].
pub async fn revoke(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    holder: Holder<'_>,
    container: &RoleContainer,
    given: Option<Vec<RoleRepresentation>>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = begin(services, realm, holder).await?;
    require_container(&mut tx, realm, container).await?;
    let (roles, given) = match given {
        Some(given) => (chosen(&mut tx, realm, container, &given).await?, given),
        None => {
            let roles = store::role_mappings::direct(&mut tx, realm.id, holder, Some(container)).await?;
            let shown = roles.iter().map(|role| RoleRepresentation::brief(role, realm)).collect();
            (roles.into_iter().map(|role| role.id).collect(), shown)
        }
    };
    require_covers_roles(&mut tx, caller, realm, &roles).await?;
    store::role_mappings::revoke(&mut tx, holder, &roles).await?;
    record(services, &mut tx, caller, realm, Operation::Delete, (holder, container), &given).await?;
    services.commit(tx).await
}

/// The roles that a request gives by id, by name, or by both, which then have to belong together.
pub(crate) async fn chosen(
    conn: &mut PgConnection,
    realm: &Realm,
    container: &RoleContainer,
    given: &[RoleRepresentation],
) -> Result<Vec<RoleId>> {
    input::role_count(given.len())?;
    let texts = |text: fn(&RoleRepresentation) -> Option<&String>| -> Vec<String> {
        given.iter().filter_map(text).filter(|text| input::is_askable(text)).cloned().collect()
    };
    let (ids, names) = (texts(|role| role.id.as_ref()), texts(|role| role.name.as_ref()));
    let found = store::roles::find_in(conn, realm.id, container, &ids, &names).await?;
    let by_id: HashMap<&str, &Role> = found.iter().map(|role| (role.id.as_str(), role)).collect();
    let by_name: HashMap<&str, &Role> = found.iter().map(|role| (role.name.as_str(), role)).collect();
    given
        .iter()
        .map(|wanted| {
            let role = match (&wanted.id, &wanted.name) {
                (Some(id), name) => {
                    by_id.get(id.as_str()).filter(|role| name.as_ref().is_none_or(|name| role.name == *name))
                }
                (None, Some(name)) => by_name.get(name.as_str()),
                (None, None) => None,
            };
            role.map(|role| role.id.clone()).ok_or(Error::NotFound(What::MappedRole))
        })
        .collect()
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    (holder, container): (Holder<'_>, &RoleContainer),
    given: &Vec<RoleRepresentation>,
) -> Result<()> {
    let holder = match holder {
        Holder::User(user) => format!("users/{user}"),
        Holder::Group(group) => format!("groups/{group}"),
    };
    let (kind, path) = match container {
        RoleContainer::Realm => ("REALM_ROLE_MAPPING", format!("{holder}/role-mappings/realm")),
        RoleContainer::Client(client) => ("CLIENT_ROLE_MAPPING", format!("{holder}/role-mappings/clients/{client}")),
    };
    admin_events::record(services, tx, caller, realm, operation, Resource { kind, path: &path }, Some(given)).await
}
