//! Groups and their members as Keycloak shows them.

use std::{cmp::Reverse, collections::BTreeMap};

use model::{permission::Permission, user::User};
use representation::{GroupRepresentation, UserRepresentation};
use services::{Caller, groups::ListedGroup};

/// How groups are shown.
pub(crate) struct Form {
    /// Without attributes and roles.
    pub(crate) brief: bool,
    counted: bool,
    access: BTreeMap<String, bool>,
}

impl Form {
    /// For this caller; `counted` adds how many subgroups there are.
    pub(crate) fn new(caller: &Caller, brief: bool, counted: bool) -> Self {
        let manage = caller.may(&[Permission::ManageUsers]);
        let view = manage || caller.may(&[Permission::ViewUsers]);
        let access = [
            ("view", view),
            ("viewMembers", view),
            ("manageMembers", manage),
            ("manage", manage),
            ("manageMembership", manage),
        ];
        Self { brief, counted, access: access.map(|(name, may)| (name.to_owned(), may)).into() }
    }

    /// One group, without subgroups.
    pub(crate) fn show(&self, listed: &ListedGroup) -> GroupRepresentation {
        let ListedGroup { found, roles } = listed;
        let shown = if self.brief {
            GroupRepresentation::brief(&found.group, &found.path)
        } else {
            GroupRepresentation::full(&found.group, &found.path, roles)
        };
        GroupRepresentation {
            sub_group_count: self.counted.then_some(found.sub_groups),
            access: Some(self.access.clone()),
            ..shown
        }
    }
}

/// Groups one after the other.
pub(crate) fn flat(groups: &[ListedGroup], form: &Form) -> Vec<GroupRepresentation> {
    groups.iter().map(|group| form.show(group)).collect()
}

/// Groups within those above them, as far as these are among `groups`.
pub(crate) fn tree(groups: &[ListedGroup], form: &Form) -> Vec<GroupRepresentation> {
    let mut shown: BTreeMap<&str, GroupRepresentation> =
        groups.iter().map(|group| (group.found.group.id.as_str(), form.show(group))).collect();
    // From the deepest level up, so that a group is complete when it is put into the one above.
    let mut order: Vec<&ListedGroup> = groups.iter().collect();
    order.sort_by_key(|group| Reverse(group.found.path.len()));
    let mut roots = Vec::new();
    for ListedGroup { found, .. } in order {
        let Some(group) = shown.remove(found.group.id.as_str()) else { continue };
        let above = found.group.parent.as_ref().and_then(|parent| shown.get_mut(parent.as_str()));
        match above {
            Some(above) => above.sub_groups.get_or_insert_default().push(group),
            None => roots.push(group),
        }
    }
    roots
}

/// Users; `brief` leaves out their attributes.
pub(crate) fn users(users: &[User], brief: bool) -> Vec<UserRepresentation> {
    users
        .iter()
        .map(|user| {
            let shown = UserRepresentation::from(user);
            if brief { UserRepresentation { attributes: None, ..shown } } else { shown }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use model::{MultiAttributes, group::Group, id::RealmId};
    use services::groups::GroupInTree;

    use super::*;

    fn listed(path: &[&str]) -> ListedGroup {
        let id = path.join("/");
        let parent = path.split_last().map(|(_, above)| above.join("/")).filter(|above| !above.is_empty());
        let group = Group {
            id: id.as_str().into(),
            parent: parent.map(Into::into),
            name: path.last().copied().unwrap_or_default().to_owned(),
            description: None,
            attributes: MultiAttributes::new(),
        };
        let path = path.iter().map(|&name| name.to_owned()).collect();
        ListedGroup { found: GroupInTree { group, path, sub_groups: 0 }, roles: Vec::new() }
    }

    #[test]
    fn a_tree_keeps_the_order_on_every_level() {
        let caller = Caller::server(RealmId(Default::default()));
        let groups =
            [listed(&["a"]), listed(&["a", "b"]), listed(&["a", "b", "c"]), listed(&["a", "d"]), listed(&["e"])];
        let roots = tree(&groups, &Form::new(&caller, true, true));
        let paths = |groups: &[GroupRepresentation]| -> Vec<String> {
            groups.iter().filter_map(|group| group.path.clone()).collect()
        };
        assert_eq!(paths(&roots), ["/a", "/e"]);
        let below = roots[0].sub_groups.as_deref().unwrap();
        assert_eq!(paths(below), ["/a/b", "/a/d"]);
        assert_eq!(paths(below[0].sub_groups.as_deref().unwrap()), ["/a/b/c"]);
    }
}
