//! Where groups are in the tree: new ones and moved ones.

use model::{MultiAttributes, event::Operation, group::Group, id::GroupId, realm::Realm};
use representation::GroupRepresentation;
use store::Tx;

use super::{GroupInTree, MANAGE, apply, find, lock, record};
use crate::{Caller, Error, Result, Services, What, administrators::require_covers_roles, roles::or_gone};

/// How many levels of groups there may be. Trees are shown nested, so that depth costs stack and clients' patience.
pub const MAX_DEPTH: usize = 50;

/// What came of placing a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placed {
    /// A group was made.
    Created(GroupInTree),
    /// A group that was there before is here now.
    Moved,
}

/// What Keycloak says of a name that a sibling has.
pub(super) fn name_taken(group: &Group) -> String {
    let kind = if group.parent.is_some() { "Sibling" } else { "Top level" };
    format!("{kind} group named '{}' already exists.", group.name)
}

/// Makes a group below `parent` (none: at the top), or moves the group there whose id is given.
///
/// # Errors
/// `NotFound` if the parent or the group to move is missing, `Refused` without a name, for a group that would come to
/// be below itself or too deep, `Conflict` for a sibling's name, `Invalid`, or `Forbidden` without `manage-users`; for a
/// move also if the group, one around it or the new place brings more than the caller holds.
pub async fn place(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    parent: Option<&GroupId>,
    given: GroupRepresentation,
) -> Result<Placed> {
    caller.require(MANAGE)?;
    match given.id.clone() {
        Some(id) => move_to(services, caller, realm, parent, &GroupId(id), given).await.map(|()| Placed::Moved),
        None => create(services, caller, realm, parent, given).await.map(Placed::Created),
    }
}

/// The path of the group below which another is to be.
async fn parent_path(tx: &mut Tx, realm: &Realm, parent: Option<&GroupId>) -> Result<Vec<String>> {
    match parent {
        Some(parent) => Ok(find(tx, realm, parent, What::Group).await?.path),
        None => Ok(Vec::new()),
    }
}

fn require_depth(depth: usize) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::Refused(format!("Groups can't be nested more than {MAX_DEPTH} levels deep.")));
    }
    Ok(())
}

async fn create(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    parent: Option<&GroupId>,
    given: GroupRepresentation,
) -> Result<GroupInTree> {
    let shown = given.clone();
    let mut group = Group {
        id: GroupId(services.new_id()),
        parent: parent.cloned(),
        name: String::new(),
        description: None,
        attributes: MultiAttributes::new(),
    };
    apply(&mut group, given)?;
    let mut tx = services.configure(realm).await?;
    let mut path = parent_path(&mut tx, realm, parent).await?;
    require_depth(path.len() + 1)?;
    or_gone(store::groups::insert(&mut tx, &group).await, What::Group)
        .map_err(|error| error.on_conflict("groups_name", || Error::Conflict(name_taken(&group))))?;
    let event_path = format!("groups/{}", group.id);
    record(services, &mut tx, caller, realm, Operation::Create, &event_path, Some(&shown)).await?;
    services.commit(tx).await?;
    path.push(group.name.clone());
    Ok(GroupInTree { group, path, sub_groups: 0 })
}

async fn move_to(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    parent: Option<&GroupId>,
    id: &GroupId,
    given: GroupRepresentation,
) -> Result<()> {
    let shown = given.clone();
    let mut tx = services.configure(realm).await?;
    let path = parent_path(&mut tx, realm, parent).await?;
    let mut group = lock(&mut tx, caller, realm, id, What::ChildGroup).await?.group;
    apply(&mut group, given)?;
    if let Some(parent) = parent {
        if store::groups::is_within(&mut tx, realm.id, parent, id).await? {
            return Err(Error::Refused("A group can't be moved below itself.".to_owned()));
        }
        let roles = store::users::memberships::roles_of_groups(&mut tx, realm.id, std::slice::from_ref(parent)).await?;
        require_covers_roles(&mut tx, caller, realm, &roles).await?;
    }
    let height = usize::try_from(store::groups::height(&mut tx, realm.id, id).await?).unwrap_or(usize::MAX);
    require_depth(path.len().saturating_add(height))?;
    group.parent = parent.cloned();
    or_gone(store::groups::update(&mut tx, &group).await, What::Group)
        .map_err(|error| error.on_conflict("groups_name", || Error::Conflict(name_taken(&group))))?;
    record(services, &mut tx, caller, realm, Operation::Update, &format!("groups/{id}"), Some(&shown)).await?;
    services.commit(tx).await
}
