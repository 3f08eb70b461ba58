//! The groups of an import: the tree, the roles given to each, and the ones that new users join.

use std::collections::HashSet;

use model::{
    group::{Group, path_text},
    id::{GroupId, RoleId},
};
use representation::GroupRepresentation;
use store::Tx;

use super::place::MAX_DEPTH;
use crate::{
    Error, Result, Services,
    error::OnConflict as _,
    import_report::ImportReport,
    realms::{given_id, given_name, import::Names},
    roles::{
        import::{role_names, shown},
        input,
    },
};

/// What the tree of an import comes to.
#[derive(Default)]
struct Read {
    groups: Vec<Group>,
    seen: HashSet<String>,
    /// Groups whose roles the import names.
    with_roles: Vec<GroupId>,
    roles: Vec<(GroupId, RoleId)>,
}

/// Stores groups with their roles, and lets them be found by path. The roles of a group that says nothing of them stay as
/// they are.
///
/// # Errors
/// `Conflict` for a name that a sibling has, `Invalid` for one that can't be.
pub(crate) async fn import(
    services: &Services,
    tx: &mut Tx,
    given: Vec<GroupRepresentation>,
    names: &mut Names,
    report: &mut ImportReport,
) -> Result<()> {
    let mut read = Read::default();
    read_all(services, given, &mut Vec::new(), None, names, report, &mut read)?;
    let taken = || "A group of the import has the name of a sibling or the id of another group".to_owned();
    store::transfer::groups::put(tx, &read.groups)
        .await
        .on_conflict("groups_name", taken)
        .map_err(|error| error.on_conflict("groups_pkey", || Error::Conflict(taken())))?;
    Ok(store::transfer::groups::replace_roles(tx, &read.with_roles, &read.roles).await?)
}

fn read_all(
    services: &Services,
    given: Vec<GroupRepresentation>,
    above: &mut Vec<String>,
    parent: Option<&GroupId>,
    names: &mut Names,
    report: &mut ImportReport,
    read: &mut Read,
) -> Result<()> {
    for given in given {
        above.push(given_name("group", given.name.unwrap_or_default())?);
        let path = format!("groups[{}]", path_text(above.iter().map(String::as_str)));
        let present = names.groups.get(above).map(|id| id.0.clone());
        let group = Group {
            id: GroupId(given_id(services, present.or(given.id))?),
            parent: parent.cloned(),
            name: above.last().cloned().unwrap_or_default(),
            description: match given.description {
                Some(text) => report.kept(&path, input::description(text))?,
                None => None,
            },
            attributes: match given.attributes {
                Some(given) => report.kept(&path, input::attributes(given))?.unwrap_or_default(),
                None => model::MultiAttributes::new(),
            },
        };
        if !read.seen.insert(path.clone()) || !read.seen.insert(format!("id {}", group.id)) {
            return Err(Error::Conflict(format!("{path} is given twice")));
        }
        if given.realm_roles.is_some() || given.client_roles.is_some() {
            read.with_roles.push(group.id.clone());
        }
        let of_clients = given.client_roles.unwrap_or_default().into_iter();
        for name in role_names(given.realm_roles.unwrap_or_default(), of_clients) {
            match names.roles.get(&name) {
                Some(role) => read.roles.push((group.id.clone(), role.clone())),
                None => report.note(format!("{path}.roles"), format!("{} is not there; left out", shown(&name))),
            }
        }
        names.groups.insert(above.clone(), group.id.clone());
        let id = group.id.clone();
        read.groups.push(group);
        match given.sub_groups {
            Some(inner) if above.len() >= MAX_DEPTH && !inner.is_empty() => {
                report.note(format!("{path}.subGroups"), format!("groups have at most {MAX_DEPTH} levels; left out"));
            }
            Some(inner) => read_all(services, inner, above, Some(&id), names, report, read)?,
            None => {}
        }
        above.pop();
    }
    Ok(())
}

/// Makes the groups that new users join exactly those at these paths.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import_defaults(
    tx: &mut Tx,
    given: Vec<String>,
    names: &Names,
    report: &mut ImportReport,
) -> Result<()> {
    let mut groups = Vec::new();
    for path in given {
        match names.groups.get(&model::group::path_names(&path)) {
            Some(id) => groups.push(id.clone()),
            None => report.note(format!("defaultGroups[{path}]"), "there is no such group; left out"),
        }
    }
    Ok(store::transfer::groups::replace_defaults(tx, &groups).await?)
}
