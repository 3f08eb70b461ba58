//! Who was given a role themselves.

use model::permission::Permission::{self, ManageUsers, ViewUsers};
use services::{
    groups::ListedGroup,
    roles::{Address, holders},
};

use super::{OneRole, SEE, about, viewed};
use crate::{
    Console,
    list::{Cell, PAGE, Query},
    pages::groups::{group_address, members::cells, path_of},
    refusal::Answer,
    routes::Routes,
    sheets::{Note, Table},
};

const USERS: &[Permission] = &[ViewUsers, ManageUsers];
/// How many groups are shown.
const GROUPS: i64 = 200;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/roles/{role}/holders", SEE, show);
}

async fn show(console: Console, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    let role = viewed(&console, &id).await?;
    let sheets = about(&console, &role, "/holders").await?;
    if !console.may(USERS) {
        return sheets
            .sheet(Note::sheet("", "Your account may not see users and groups of this realm."))
            .show(&console);
    }
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let query = Query::of(&console.address);
    let address = Address::Id(id.clone());
    let found = holders::users(services, caller, realm, &address, query.first(), Some(PAGE + 1)).await?;
    let found = query.asked().of(found);
    let groups = holders::groups(services, caller, realm, &address, false, (0, Some(GROUPS))).await?;
    let rows = found.rows.iter().map(|user| cells(&console, user)).collect();
    let help = "Those who were given it themselves. Others have it through a group or another role.";
    let mut users = Table::of("Users", help, &["User", "Name", "E-mail"], rows, "Nobody was given it.");
    let at = |page: i64| query.with("page", &page.to_string());
    users.list.previous = (query.page() > 1).then(|| at(query.page() - 1));
    users.list.next = found.more.then(|| at(query.page() + 1));
    let row = |group: &ListedGroup| {
        let found = &group.found;
        vec![
            Cell::link(group_address(&console, &found.group.id, "/roles"), &found.group.name),
            Cell::text(&path_of(found)),
        ]
    };
    let rows = groups.iter().map(row).collect();
    let help = "Every member of these groups and of the groups below them has it.";
    let groups = Table::of("Groups", help, &["Group", "Where"], rows, "No group brings it.");
    let note = (role.id == realm.default_role).then(|| Note::sheet("", "Every user of the realm has this role."));
    sheets.sheet_if(note).table(groups).table(users).show(&console)
}
