//! What a role contains: whoever has it has these roles too.

use model::role::{Role, RoleContainer};
use representation::RoleRepresentation;
use services::{
    listing::Page,
    roles::{
        Address,
        composites::{self, Parts},
        listing,
    },
};
use web::Shown;

use super::{CHANGE, OneRole, SEE, about, may_change, role_address, viewed};
use crate::{
    Console, Posted,
    list::{Cell, PAGE, Query},
    notice::Notice,
    pages::granting::{cells, described, fields, name, named},
    refusal::Answer,
    routes::Routes,
    sheets::{Finder, Table},
};

/// How many roles that could be added are shown.
const OFFERED: i64 = 20;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/roles/{role}/composites", SEE, show);
    routes.form("/roles/{role}/composites/add", CHANGE, add);
    routes.form("/roles/{role}/composites/remove", CHANGE, remove);
}

async fn show(console: Console, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    let role = viewed(&console, &id).await?;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let query = Query::of(&console.address);
    let address = Address::Id(id.clone());
    let place = (query.first(), Some(PAGE + 1));
    let found = composites::list(services, caller, realm, &address, Parts::All, None, place).await?;
    let found = query.asked().of(found);
    let may = may_change(&console, &role);
    let path = format!("{}/composites", role_address(&console, &id));
    let row = |part: &Role| {
        let mut row = vec![
            name(&console, &part.id, &part.name, part.container != RoleContainer::Realm),
            Cell::text(described(part.description.as_deref())),
        ];
        row.extend(may.then(|| Cell::Button {
            action: format!("{path}/remove"),
            label: "Take out",
            about: Shown::name(&part.name),
            fields: vec![("role", part.id.0.clone()), ("name", part.name.clone())],
        }));
        row
    };
    let mut columns = vec!["Role", "What it is for"];
    if may {
        columns.push("");
    }
    let rows = found.rows.iter().map(row).collect();
    let help = "Whoever has the role above has these too.";
    let mut table = Table::of("Contains", help, &columns, rows, "It contains no other role.");
    let at = |page: i64| query.with("page", &page.to_string());
    table.list.previous = (query.page() > 1).then(|| at(query.page() - 1));
    table.list.next = found.more.then(|| at(query.page() + 1));
    let mut sheets = about(&console, &role, "/composites").await?.table(table);
    if may {
        let text = query.get("role").to_owned();
        let offered = listing::everywhere(services, caller, realm, Some(&text), Page::new(0, OFFERED)).await?;
        let row = |part: &listing::ListedRole| {
            let mut row = cells(&console, part);
            row.push(match found.rows.iter().any(|there| there.id == part.id) {
                true => Cell::Badge { text: "Contained", tone: "good" },
                false => Cell::Button {
                    action: format!("{path}/add"),
                    label: "Add",
                    about: Shown::name(&part.name),
                    fields: fields(part),
                },
            });
            row
        };
        let rows = offered.rows.iter().filter(|part| part.id != id).map(row).collect();
        let help =
            if offered.more { "The first of them. Search for others by their name or their client." } else { "" };
        let table = Table::of("Add a role", help, &["Role", "Of", "What it is for", ""], rows, "No role is called so.");
        let label = "A part of a role's or a client's name";
        sheets = sheets.table(table.found_by(Finder { path, name: "role", text, label }));
    }
    sheets.show(&console)
}

async fn add(posted: Posted, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    change(posted, id, true).await
}

async fn remove(posted: Posted, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    change(posted, id, false).await
}

async fn change(Posted { console, form }: Posted, id: model::id::RoleId, adding: bool) -> Answer {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let address = Address::Id(id.clone());
    let (_, role): (_, RoleRepresentation) = named(&form);
    let what = form.raw("name");
    let (text, back) = if adding {
        composites::add(services, caller, realm, &address, vec![role]).await?;
        (format!("It contains {what} now."), "remove")
    } else {
        composites::remove(services, caller, realm, &address, vec![role]).await?;
        (format!("It doesn't contain {what} any more."), "add")
    };
    let path = format!("{}/composites", role_address(&console, &id));
    let fields = form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    console.lead_to(&path, Notice::new(text).undo(format!("{path}/{back}"), fields))
}
