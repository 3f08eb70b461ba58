//! Roles of realms and clients. What they are made of is in [`composites`], who holds them in [`holders`].

pub mod composites;
pub mod holders;
pub(crate) mod import;
pub(crate) mod input;
pub mod listing;

use model::{
    event::Operation,
    id::RoleId,
    permission::Permission,
    realm::Realm,
    role::{Role, RoleContainer},
};
use representation::RoleRepresentation;
use store::{PgConnection, Tx};

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_roles,
    error::{Found, OnConflict},
    realms::given_name,
};

/// How a request says which role it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// By its name in its realm or client.
    Name(RoleContainer, String),
    /// By its id, wherever it is defined.
    Id(RoleId),
}

impl Address {
    /// The path below the realm under which the role was addressed.
    fn path(&self) -> String {
        match self {
            Self::Name(RoleContainer::Realm, name) => format!("roles/{name}"),
            Self::Name(RoleContainer::Client(client), name) => format!("clients/{client}/roles/{name}"),
            Self::Id(id) => format!("roles-by-id/{id}"),
        }
    }

    async fn find(&self, conn: &mut PgConnection, realm: &Realm) -> Result<Role> {
        match self {
            Self::Id(id) if !input::is_askable(id.as_str()) => Err(Error::NotFound(What::RoleById)),
            Self::Id(id) => store::roles::find(conn, realm.id, id).await?.found(What::RoleById),
            Self::Name(container, name) => {
                require_container(conn, realm, container).await?;
                if !input::is_askable(name) {
                    return Err(Error::NotFound(What::Role));
                }
                store::roles::find_by_name(conn, realm.id, container, name).await?.found(What::Role)
            }
        }
    }
}

/// One of these is needed to read roles of a realm or client.
pub(crate) fn viewers(container: &RoleContainer) -> &'static [Permission] {
    match container {
        RoleContainer::Realm => &[Permission::ViewRealm, Permission::ManageRealm],
        RoleContainer::Client(_) => &[Permission::ViewClients, Permission::ManageClients],
    }
}

/// One of these is needed to change roles of a realm or client.
pub(crate) fn managers(container: &RoleContainer) -> &'static [Permission] {
    match container {
        RoleContainer::Realm => &[Permission::ManageRealm],
        RoleContainer::Client(_) => &[Permission::ManageClients],
    }
}

/// Goes on only if the container exists.
pub(crate) async fn require_container(conn: &mut PgConnection, realm: &Realm, container: &RoleContainer) -> Result<()> {
    match container {
        RoleContainer::Realm => Ok(()),
        RoleContainer::Client(client) if !input::is_askable(client.as_str()) => Err(Error::NotFound(What::Client)),
        RoleContainer::Client(client) => {
            store::roles::client_name(conn, realm.id, client).await?.found(What::Client).map(|_| ())
        }
    }
}

/// Says that a row which a change needs was removed in the meantime.
pub(crate) fn or_gone<T>(result: store::Result<T>, what: What) -> Result<T> {
    result.map_err(|error| match error {
        store::Error::Conflict { missing: true, .. } => Error::NotFound(what),
        other => Error::Store(other),
    })
}

/// The role at an address, for a caller who may do with it what `permissions` says.
async fn reach(
    conn: &mut PgConnection,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
    permissions: fn(&RoleContainer) -> &'static [Permission],
) -> Result<Role> {
    if let Address::Name(container, _) = address {
        caller.require(permissions(container))?;
    }
    let role = address.find(conn, realm).await?;
    caller.require(permissions(&role.container))?;
    Ok(role)
}

/// The roles of a realm or client by name: those whose name or description contains `search`.
///
/// # Errors
/// `NotFound` if there is no such client, or `Forbidden` without `view-realm` or `manage-realm` (for client roles
/// `view-clients` or `manage-clients`).
pub async fn list(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    container: &RoleContainer,
    search: Option<&str>,
    first: i64,
    max: Option<i64>,
) -> Result<Vec<Role>> {
    caller.require(viewers(container))?;
    let mut conn = services.store.read().await?;
    require_container(&mut conn, realm, container).await?;
    if !search.is_none_or(input::is_askable) {
        return Ok(Vec::new());
    }
    Ok(store::roles::list(&mut conn, realm.id, container, search, first, max).await?)
}

/// The role at this address.
///
/// # Errors
/// `NotFound`, or `Forbidden` as for [`list`].
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, address: &Address) -> Result<Role> {
    reach(&mut *services.store.read().await?, caller, realm, address, viewers).await
}

fn name_taken(name: &str) -> String {
    format!("Role with name {name} already exists")
}

/// Makes a role, containing the roles that are named in it.
///
/// # Errors
/// `NotFound` if the client or a named role is missing, `Conflict` for a taken name, `Invalid`, or `Forbidden` without
/// `manage-realm` (for client roles `manage-clients`) or if a named role brings more than the caller holds.
pub async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    container: RoleContainer,
    given: RoleRepresentation,
) -> Result<Role> {
    caller.require(managers(&container))?;
    let shown = given.clone();
    let mut role = Role {
        id: RoleId(services.new_id()),
        name: given_name("name", given.name.unwrap_or_default())?,
        description: given.description.map(input::description).transpose()?,
        container,
        attributes: input::attributes(given.attributes.unwrap_or_default())?,
        composite: false,
    };
    let mut tx = services.configure(realm).await?;
    require_container(&mut tx, realm, &role.container).await?;
    let parts = composites::named(&mut tx, caller, realm, given.composites.unwrap_or_default()).await?;
    role.composite = !parts.is_empty();
    or_gone(store::roles::insert(&mut tx, &role).await, What::Client)
        .map_err(|error| error.on_conflict("roles_name", || Error::Conflict(name_taken(&role.name))))?;
    if role.composite {
        let pairs: Vec<_> = parts.into_iter().map(|part| (role.id.clone(), part)).collect();
        or_gone(store::roles::add_composites(&mut tx, &pairs).await, What::CompositeRole)?;
    }
    let address = Address::Name(role.container.clone(), role.name.clone());
    record(services, &mut tx, caller, realm, Operation::Create, (&role, &address.path()), Some(&shown)).await?;
    services.commit(tx).await?;
    Ok(role)
}

/// Changes a role's name, description and attributes. Attributes, if given, replace all that were there.
///
/// # Errors
/// `NotFound`, `Conflict` for a taken name, `Invalid`, or `Forbidden` as for [`create`] or if the role brings more than
/// the caller holds.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    address: &Address,
    given: RoleRepresentation,
) -> Result<()> {
    let shown = given.clone();
    let mut tx = services.configure(realm).await?;
    let mut role = lock(&mut tx, caller, realm, address).await?;
    if let Some(name) = given.name {
        role.name = given_name("name", name)?;
    }
    if let Some(description) = given.description {
        role.description = Some(input::description(description)?);
    }
    if let Some(attributes) = given.attributes {
        role.attributes = input::attributes(attributes)?;
    }
    store::roles::update(&mut tx, &role).await.on_conflict("roles_name", || name_taken(&role.name))?;
    record(services, &mut tx, caller, realm, Operation::Update, (&role, &address.path()), Some(&shown)).await?;
    services.commit(tx).await
}

/// Removes a role, also from everybody who has it.
///
/// # Errors
/// `NotFound`, `Refused` for the role that every user of the realm has, or `Forbidden` as for [`update`].
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, address: &Address) -> Result<()> {
    let mut tx = services.configure(realm).await?;
    let role = lock(&mut tx, caller, realm, address).await?;
    if role.id == realm.default_role {
        return Err(Error::Refused(format!("{} is default role of the realm and cannot be removed.", role.name)));
    }
    store::roles::delete(&mut tx, &role.id).await?;
    record::<RoleRepresentation>(services, &mut tx, caller, realm, Operation::Delete, (&role, &address.path()), None)
        .await?;
    services.commit(tx).await
}

/// The role at an address, kept from being changed by others, for a caller who may change it.
async fn lock(tx: &mut Tx, caller: &Caller, realm: &Realm, address: &Address) -> Result<Role> {
    let found = reach(tx, caller, realm, address, managers).await?;
    let what = match address {
        Address::Name(..) => What::Role,
        Address::Id(_) => What::RoleById,
    };
    let role = store::roles::lock(tx, &found.id).await?.found(what)?;
    caller.require_version(&role)?;
    require_covers_roles(tx, caller, realm, std::slice::from_ref(&role.id)).await?;
    Ok(role)
}

async fn record<R: serde::Serialize>(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    (role, path): (&Role, &str),
    representation: Option<&R>,
) -> Result<()> {
    let kind = match role.container {
        RoleContainer::Realm => "REALM_ROLE",
        RoleContainer::Client(_) => "CLIENT_ROLE",
    };
    admin_events::record(services, tx, caller, realm, operation, Resource { kind, path }, representation).await
}
