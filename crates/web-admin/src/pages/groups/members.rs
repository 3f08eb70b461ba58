//! Who is in a group.

use model::{id::UserId, user::User};
use services::{
    groups::members,
    users::{self, Query as Wanted},
};
use web::Shown;

use super::{MANAGE, OneGroup, VIEW, about, group_address, viewed};
use crate::{
    Console, Posted,
    list::{Cell, PAGE, Query},
    notice::Notice,
    pages::users::address,
    refusal::Answer,
    routes::Routes,
    sheets::{Finder, Table},
};

/// How many users that could be added are shown.
const OFFERED: i64 = 20;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/groups/{group}/members", VIEW, show);
    routes.form("/groups/{group}/members/add", MANAGE, add);
    routes.form("/groups/{group}/members/remove", MANAGE, remove);
}

/// Cells that say which user it is.
pub(in crate::pages) fn cells(console: &Console, user: &User) -> Vec<Cell> {
    let names = [&user.first_name, &user.last_name].into_iter().flatten().map(String::as_str).collect::<Vec<_>>();
    vec![
        Cell::link(address(console, &user.id, ""), &user.username),
        Cell::text(&names.join(" ")),
        Cell::text(user.email.as_deref().unwrap_or_default()),
    ]
}

async fn show(console: Console, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let query = Query::of(&console.address);
    let group = viewed(&console, &id).await?;
    let found = members::list(services, caller, realm, &id, query.first(), Some(PAGE + 1)).await?;
    let found = query.asked().of(found);
    let may = console.may(MANAGE);
    let button = |user: &User, verb: &str, label: &'static str| Cell::Button {
        action: group_address(&console, &id, &format!("/members/{verb}")),
        label,
        about: Shown::name(&user.username),
        fields: vec![("user", user.id.0.clone()), ("name", user.username.clone())],
    };
    let row = |user: &User| {
        let mut row = cells(&console, user);
        row.extend(may.then(|| button(user, "remove", "Take out")));
        row
    };
    let mut columns = vec!["User", "Name", "E-mail"];
    if may {
        columns.push("");
    }
    let help = "Those who are in this group itself; the groups below have members of their own.";
    let rows = found.rows.iter().map(row).collect();
    let mut table = Table::of("Members", help, &columns, rows, "Nobody is in this group.");
    let at = |page: i64| query.with("page", &page.to_string());
    table.list.previous = (query.page() > 1).then(|| at(query.page() - 1));
    table.list.next = found.more.then(|| at(query.page() + 1));
    let mut sheets = about(&console, &group.found, "/members").table(table);
    if may {
        let text = query.get("user").to_owned();
        let offered = match text.as_str() {
            "" => Vec::new(),
            text => {
                let wanted = Wanted { search: Some(text.to_owned()), ..Wanted::default() };
                users::list(services, caller, realm, &wanted, 0, Some(OFFERED)).await?
            }
        };
        let row = |shown: &users::Shown| {
            let mut row = cells(&console, &shown.user);
            row.push(match found.rows.iter().any(|member| member.id == shown.user.id) {
                true => Cell::Badge { text: "Member", tone: "good" },
                false => button(&shown.user, "add", "Add"),
            });
            row
        };
        let empty = if text.is_empty() { "Search for somebody." } else { "Nobody is called so." };
        let rows = offered.iter().map(row).collect();
        let table = Table::of("Add a member", "", &["User", "Name", "E-mail", ""], rows, empty);
        let path = group_address(&console, &id, "/members");
        let label = "The beginning of a username, a name or an e-mail address";
        sheets = sheets.table(table.found_by(Finder { path, name: "user", text, label }));
    }
    sheets.show(&console)
}

async fn add(posted: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    change(posted, id, true).await
}

async fn remove(posted: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    change(posted, id, false).await
}

async fn change(Posted { console, form }: Posted, group: model::id::GroupId, adding: bool) -> Answer {
    let user = UserId(form.text("user").to_owned());
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let name = form.raw("name");
    let (text, back) = if adding {
        members::add(services, caller, realm, &group, &user).await?;
        (format!("{name} is a member now."), "remove")
    } else {
        members::remove(services, caller, realm, &group, &user).await?;
        (format!("{name} is no member any more."), "add")
    };
    let fields = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let undo = group_address(&console, &group, &format!("/members/{back}"));
    console.lead_to(&group_address(&console, &group, "/members"), Notice::new(text).undo(undo, fields))
}
