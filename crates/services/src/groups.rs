//! Groups and their tree. Making and moving them is in [`place`], their users in [`members`], the groups of new users
//! in [`defaults`].

pub mod defaults;
pub(crate) mod import;
pub mod members;
pub mod place;

use std::collections::HashMap;

use model::{MultiAttributes, event::Operation, id::GroupId, permission::Permission, realm::Realm, role::RoleName};
use representation::GroupRepresentation;
use store::{
    PgConnection, Tx,
    groups::search::{NameMatch, Wanted},
};

pub use store::groups::GroupInTree;

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    administrators::require_covers_roles,
    error::{Found, OnConflict},
    realms::given_name,
    roles::input,
};

const LIST: &[Permission] = &[Permission::QueryGroups, Permission::ViewUsers, Permission::ManageUsers];
const VIEW: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
const MANAGE: &[Permission] = &[Permission::ManageUsers];

/// A group with its place and, where they were asked for, the roles that were given to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedGroup {
    /// The group and its place.
    pub found: GroupInTree,
    /// The names of its own roles; empty if not asked for.
    pub roles: Vec<RoleName>,
}

/// Which groups are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only groups whose name contains this text.
    pub name: Option<String>,
    /// The text is the whole name.
    pub exact: bool,
    /// Only groups that have these attributes. Where they are given, the name doesn't matter.
    pub attributes: Option<MultiAttributes>,
    /// Give the groups above as well.
    pub with_ancestors: bool,
    /// Give the roles of each group as well.
    pub with_roles: bool,
    /// How many to skip.
    pub first: i64,
    /// How many to give; none is all.
    pub max: Option<i64>,
}

impl Filter {
    fn name_match(&self) -> Option<NameMatch<'_>> {
        self.name.as_deref().map(|text| NameMatch { text, exact: self.exact })
    }

    fn is_askable(&self) -> bool {
        let attributes = self.attributes.iter().flatten();
        self.name.as_deref().is_none_or(input::is_askable)
            && attributes.flat_map(|(key, values)| values.iter().chain([key])).all(|text| input::is_askable(text))
    }
}

/// Adds the roles of groups, in one statement for all.
pub(crate) async fn listed(
    conn: &mut PgConnection,
    realm: &Realm,
    groups: Vec<GroupInTree>,
    with_roles: bool,
) -> Result<Vec<ListedGroup>> {
    let mut roles: HashMap<GroupId, Vec<RoleName>> = HashMap::new();
    if with_roles && !groups.is_empty() {
        let ids: Vec<_> = groups.iter().map(|found| found.group.id.clone()).collect();
        for (group, role) in store::groups::roles::names(conn, realm.id, &ids).await? {
            roles.entry(group).or_default().push(role);
        }
    }
    Ok(groups
        .into_iter()
        .map(|found| {
            let roles = roles.remove(&found.group.id).unwrap_or_default();
            ListedGroup { found, roles }
        })
        .collect())
}

/// Groups by name: those anywhere in the tree that pass a name or attribute filter, or without one those at the top.
///
/// # Errors
/// `Forbidden` without `query-groups`, `view-users` or `manage-users`. With `query-groups` alone the list is empty.
pub async fn list(services: &Services, caller: &Caller, realm: &Realm, filter: &Filter) -> Result<Vec<ListedGroup>> {
    caller.require(LIST)?;
    if !caller.may(VIEW) || !filter.is_askable() {
        return Ok(Vec::new());
    }
    let wanted = match (&filter.attributes, filter.name_match()) {
        (Some(attributes), _) => Some(Wanted::Attributes(attributes)),
        (None, Some(name)) => Some(Wanted::Name(name)),
        (None, None) => None,
    };
    let mut conn = services.store.read().await?;
    let (first, max) = (filter.first, filter.max);
    let groups = match wanted {
        Some(wanted) => {
            store::groups::search::anywhere(&mut conn, realm.id, &wanted, filter.with_ancestors, first, max).await?
        }
        None => store::groups::search::children(&mut conn, realm.id, None, None, first, max).await?,
    };
    listed(&mut conn, realm, groups, filter.with_roles).await
}

/// The groups directly below a group, by name.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-users` or `manage-users`.
pub async fn children(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    parent: &GroupId,
    filter: &Filter,
) -> Result<Vec<ListedGroup>> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    find(&mut conn, realm, parent, What::Group).await?;
    if !filter.is_askable() {
        return Ok(Vec::new());
    }
    let name = filter.name_match();
    let groups =
        store::groups::search::children(&mut conn, realm.id, Some(parent), name, filter.first, filter.max).await?;
    listed(&mut conn, realm, groups, filter.with_roles).await
}

/// How many groups there are whose name contains `search`; only those at the top if `top`. Who sees none in a list counts
/// none.
///
/// # Errors
/// `Forbidden` without `query-groups`, `view-users` or `manage-users`.
pub async fn count(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    search: Option<&str>,
    top: bool,
) -> Result<i64> {
    caller.require(LIST)?;
    if !caller.may(VIEW) || !search.is_none_or(input::is_askable) {
        return Ok(0);
    }
    Ok(store::groups::search::count(&mut *services.store.read().await?, realm.id, search, top).await?)
}

async fn find(conn: &mut PgConnection, realm: &Realm, id: &GroupId, what: What) -> Result<GroupInTree> {
    if !input::is_askable(id.as_str()) {
        return Err(Error::NotFound(what));
    }
    store::groups::find(conn, realm.id, id).await?.found(what)
}

/// One group with its roles.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `view-users` or `manage-users`.
pub async fn get(services: &Services, caller: &Caller, realm: &Realm, id: &GroupId) -> Result<ListedGroup> {
    caller.require(VIEW)?;
    let mut conn = services.store.read().await?;
    let found = find(&mut conn, realm, id, What::Group).await?;
    with_own_roles(&mut conn, realm, found).await
}

/// The group at a path such as `/a/b`, with its roles.
///
/// # Errors
/// `NotFound` of a group path, or `Forbidden` without `view-users` or `manage-users`.
pub async fn by_path(services: &Services, caller: &Caller, realm: &Realm, path: &str) -> Result<ListedGroup> {
    caller.require(VIEW)?;
    let names = model::group::path_names(path);
    if names.is_empty() || !input::is_askable(path) {
        return Err(Error::NotFound(What::GroupPath));
    }
    let mut conn = services.store.read().await?;
    let found = store::groups::search::by_path(&mut conn, realm.id, &names).await?.found(What::GroupPath)?;
    with_own_roles(&mut conn, realm, found).await
}

async fn with_own_roles(conn: &mut PgConnection, realm: &Realm, found: GroupInTree) -> Result<ListedGroup> {
    let roles = store::groups::roles::names(conn, realm.id, std::slice::from_ref(&found.group.id)).await?;
    Ok(ListedGroup { found, roles: roles.into_iter().map(|(_, role)| role).collect() })
}

/// Changes a group's name, description and attributes. Attributes, if given, replace all that were there.
///
/// # Errors
/// `NotFound`, `Refused` without a name, `Conflict` for a sibling's name, `Invalid`, or `Forbidden` without
/// `manage-users` or if the group or one around it brings more than the caller holds.
pub async fn update(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &GroupId,
    given: GroupRepresentation,
) -> Result<()> {
    caller.require(MANAGE)?;
    let shown = given.clone();
    let mut tx = services.configure(realm).await?;
    let mut group = lock(&mut tx, caller, realm, id, What::Group).await?.group;
    apply(&mut group, given)?;
    store::groups::update(&mut tx, &group).await.on_conflict("groups_name", || place::name_taken(&group))?;
    record(services, &mut tx, caller, realm, Operation::Update, &format!("groups/{id}"), Some(&shown)).await?;
    services.commit(tx).await
}

/// Removes a group with everything below it.
///
/// # Errors
/// `NotFound`, or `Forbidden` as for [`update`].
pub async fn delete(services: &Services, caller: &Caller, realm: &Realm, id: &GroupId) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    lock(&mut tx, caller, realm, id, What::Group).await?;
    store::groups::delete(&mut tx, id).await?;
    let path = format!("groups/{id}");
    record::<GroupRepresentation>(services, &mut tx, caller, realm, Operation::Delete, &path, None).await?;
    services.commit(tx).await
}

/// A group, kept from being changed by others, for a caller who holds everything that it and those around it bring.
async fn lock(tx: &mut Tx, caller: &Caller, realm: &Realm, id: &GroupId, what: What) -> Result<GroupInTree> {
    if !input::is_askable(id.as_str()) {
        return Err(Error::NotFound(what));
    }
    let found = store::groups::lock(tx, id).await?.found(what)?;
    caller.require_version(&found.group)?;
    let roles = store::groups::roles::around(tx, realm.id, id).await?;
    require_covers_roles(tx, caller, realm, &roles).await?;
    Ok(found)
}

/// Puts what a representation says into a group. The name has to be there, as in Keycloak.
fn apply(group: &mut model::group::Group, given: GroupRepresentation) -> Result<()> {
    let name = given.name.filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Error::Refused("Group name is missing".to_owned()))?;
    group.name = given_name("name", name)?;
    if let Some(description) = given.description {
        group.description = Some(input::description(description)?);
    }
    if let Some(attributes) = given.attributes {
        group.attributes = input::attributes(attributes)?;
    }
    Ok(())
}

async fn record<R: serde::Serialize>(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    path: &str,
    representation: Option<&R>,
) -> Result<()> {
    let resource = Resource { kind: "GROUP", path };
    admin_events::record(services, tx, caller, realm, operation, resource, representation).await
}
