//! The groups of a user.

use model::id::{GroupId, UserId};
use services::{
    groups::{self, Filter, GroupInTree},
    listing::Page,
    users,
};
use web::Shown;

use super::{MANAGE, OneUser, VIEW, about, address, viewed};
use crate::{
    Console, Posted,
    list::{Cell, PAGE, Query},
    notice::Notice,
    pages::groups::{group_address, path_of},
    refusal::Answer,
    routes::Routes,
    sheets::{Finder, Table},
};

/// How many groups that could be joined are shown.
const OFFERED: i64 = 20;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/users/{user}/groups", VIEW, show);
    routes.form("/users/{user}/groups/join", MANAGE, join);
    routes.form("/users/{user}/groups/leave", MANAGE, leave);
}

fn button(console: &Console, user: &UserId, group: &GroupInTree, verb: &str, label: &'static str) -> Cell {
    Cell::Button {
        action: address(console, user, &format!("/groups/{verb}")),
        label,
        about: Shown::name(&group.group.name),
        fields: vec![("group", group.group.id.0.clone()), ("name", group.group.name.clone())],
    }
}

async fn show(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let user = viewed(&console, &id).await?;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let query = Query::of(&console.address);
    let joined = users::groups(services, caller, realm, &id, None, query.first(), Some(PAGE + 1)).await?;
    let joined = query.asked().of(joined);
    let may = console.may(MANAGE);
    let row = |group: &GroupInTree| {
        let mut row = vec![
            Cell::link(group_address(&console, &group.group.id, ""), &group.group.name),
            Cell::text(&path_of(group)),
        ];
        if may {
            row.push(button(&console, &id, group, "leave", "Leave"));
        }
        row
    };
    let mut columns = vec!["Group", "Where"];
    if may {
        columns.push("");
    }
    let help = "A member has the roles of the group and of the groups above it.";
    let mut table =
        Table::of("Groups", help, &columns, joined.rows.iter().map(row).collect(), "This person is in no group.");
    if query.page() > 1 {
        table.list.previous = Some(query.with("page", &(query.page() - 1).to_string()));
    }
    if joined.more {
        table.list.next = Some(query.with("page", &(query.page() + 1).to_string()));
    }
    let mut sheets = about(&console, &user, "/groups").table(table);
    if may && user.service_account_of.is_none() {
        let text = query.get("group").to_owned();
        let filter = Filter { name: Some(text.clone()), max: Some(OFFERED + 1), ..Filter::default() };
        let found = groups::list(services, caller, realm, &filter).await?;
        let found = Page::new(0, OFFERED).of(found);
        let row = |group: &groups::ListedGroup| {
            let group = &group.found;
            let is_in = joined.rows.iter().any(|joined| joined.group.id == group.group.id);
            vec![
                Cell::link(group_address(&console, &group.group.id, ""), &group.group.name),
                Cell::text(&path_of(group)),
                match is_in {
                    true => Cell::Badge { text: "Member", tone: "good" },
                    false => button(&console, &id, group, "join", "Join"),
                },
            ]
        };
        let help = if found.more { "The first of them. Search for others by their name." } else { "" };
        let rows = found.rows.iter().map(row).collect();
        let table = Table::of("Join a group", help, &["Group", "Where", ""], rows, "No group is called so.");
        let finder =
            Finder { path: address(&console, &id, "/groups"), name: "group", text, label: "A part of a group's name" };
        sheets = sheets.table(table.found_by(finder));
    }
    sheets.show(&console)
}

async fn join(posted: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    change(posted, id, true).await
}

async fn leave(posted: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    change(posted, id, false).await
}

async fn change(Posted { console, form }: Posted, user: UserId, joining: bool) -> Answer {
    let group = GroupId(form.text("group").to_owned());
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let (text, back) = if joining {
        users::join(services, caller, realm, &user, &group).await?;
        (format!("The user joined {}.", form.raw("name")), "leave")
    } else {
        users::leave(services, caller, realm, &user, &group).await?;
        (format!("The user left {}.", form.raw("name")), "join")
    };
    let fields = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let undo = address(&console, &user, &format!("/groups/{back}"));
    console.lead_to(&address(&console, &user, "/groups"), Notice::new(text).undo(undo, fields))
}
