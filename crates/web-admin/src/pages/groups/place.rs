//! Where groups are in the tree: new ones and moved ones.

use model::id::GroupId;
use representation::GroupRepresentation;
use services::{
    groups::{
        self, Filter, ListedGroup,
        place::{Placed, place},
    },
    listing::Page,
};
use web::Shown;

use super::{MANAGE, OneGroup, group_address, path_of, viewed};
use crate::{
    Console, Posted,
    field::Field,
    form_errors::FormErrors,
    list::{Cell, Query},
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Buttons, Finder, FormSheet, Note, Send, Sheet, Sheets, Table},
};

/// How many places to move to are shown.
const OFFERED: i64 = 20;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/groups/new", MANAGE, form);
    routes.form("/groups/new", MANAGE, create);
    routes.page("/groups/{group}/move", MANAGE, choose);
    routes.form("/groups/{group}/move", MANAGE, move_to);
}

async fn form(console: Console) -> Answer {
    let parent = Query::of(&console.address).given("parent").map(GroupId);
    page(&console, parent, None, &FormErrors::default()).await?.show(&console)
}

async fn page(
    console: &Console,
    parent: Option<GroupId>,
    form: Option<&Form>,
    errors: &FormErrors,
) -> Result<Sheets, Refusal> {
    let typed = |name: &str| form.map(|form| form.raw(name).to_owned()).unwrap_or_default();
    let mut sheets = Sheets::new(console, "Create a group").below(console.path("/groups"), "Groups");
    let mut cancel = console.path("/groups");
    if let Some(parent) = &parent {
        let above = viewed(console, parent).await?;
        cancel = group_address(console, parent, "");
        sheets = sheets.sheet(Note::sheet("", &format!("The new group will be below {}.", path_of(&above.found))));
    }
    let sheet = FormSheet {
        id: "group",
        action: console.path("/groups/new"),
        hidden: parent.map(|parent| ("parent", parent.0)).into_iter().collect(),
        fields: vec![
            Field::text("name", "Name", &typed("name")).required(),
            Field::text("description", "Description", &typed("description")),
        ],
        submit: "Create the group",
        cancel: Some(cancel),
        ..FormSheet::default()
    };
    Ok(sheets.form(sheet.with(errors)))
}

async fn create(Posted { console, form }: Posted) -> Answer {
    let parent = form.given("parent").map(GroupId);
    let given = GroupRepresentation {
        name: Some(form.text("name").to_owned()),
        description: form.given("description"),
        ..GroupRepresentation::default()
    };
    match place(&console.services, &console.caller, console.realm()?, parent.as_ref(), given).await {
        Ok(Placed::Created(group)) => {
            let text = format!("The group {} was created.", group.group.name);
            console.lead_to(&group_address(&console, &group.group.id, ""), Notice::new(text))
        }
        Ok(Placed::Moved) => console.lead_to(&console.path("/groups"), Notice::new("The group was moved.")),
        Err(error) => page(&console, parent, Some(&form), &FormErrors::of(error)?).await?.show_again(&console),
    }
}

async fn choose(console: Console, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    moving(&console, &id, None).await?.show(&console)
}

async fn moving(console: &Console, id: &GroupId, problem: Option<&str>) -> Result<Sheets, Refusal> {
    let group = viewed(console, id).await?;
    let action = group_address(console, id, "/move");
    let query = Query::of(&console.address);
    let text = query.get("to").to_owned();
    let filter = Filter { name: Some(text.clone()), max: Some(OFFERED + 1), ..Filter::default() };
    let found = groups::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    let found = Page::new(0, OFFERED).of(found);
    let below_itself = |other: &ListedGroup| other.found.path.starts_with(&group.found.path);
    let row = |other: &ListedGroup| {
        vec![
            Cell::text(&other.found.group.name),
            Cell::text(&path_of(&other.found)),
            Cell::Button {
                action: action.clone(),
                label: "Move below this",
                about: Shown::name(&path_of(&other.found)),
                fields: vec![("parent", other.found.group.id.0.clone()), ("name", group.found.group.name.clone())],
            },
        ]
    };
    let rows = found.rows.iter().filter(|other| !below_itself(other)).map(row).collect();
    let help = if found.more { "The first of them. Search for others by their name." } else { "" };
    let table = Table::of("Below another group", help, &["Group", "Where", ""], rows, "No other group is called so.");
    let finder = Finder { path: action.clone(), name: "to", text, label: "A part of a group's name" };
    let fields = vec![("name", group.found.group.name.clone())];
    let top = Buttons {
        heading: "To the top",
        sends: vec![Send { action, label: "Move to the top of the tree", fields }],
        ..Buttons::default()
    };
    Ok(Sheets::new(console, &format!("Move {}", group.found.group.name))
        .below(console.path("/groups"), "Groups")
        .below(group_address(console, id, ""), &group.found.group.name)
        .sheet_if(problem.map(|text| Note::sheet("bad", text)))
        .sheet_if(group.found.group.parent.is_some().then_some(Sheet::Buttons(top)))
        .table(table.found_by(finder)))
}

async fn move_to(Posted { console, form }: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let parent = form.given("parent").map(GroupId);
    let group = viewed(&console, &id).await?;
    let given = GroupRepresentation {
        id: Some(id.0.clone()),
        name: Some(group.found.group.name.clone()),
        ..GroupRepresentation::default()
    };
    match place(&console.services, &console.caller, console.realm()?, parent.as_ref(), given).await {
        Ok(_) => {
            let before = group.found.group.parent.map(|parent| ("parent".to_owned(), parent.0));
            let undo = group_address(&console, &id, "/move");
            let notice = Notice::new("The group was moved.").undo(undo, before.into_iter().collect());
            console.lead_to(&group_address(&console, &id, ""), notice)
        }
        Err(error @ (services::Error::Refused(_) | services::Error::Conflict(_))) => {
            moving(&console, &id, Some(&crate::refusal::sentence(&error))).await?.show_again(&console)
        }
        Err(other) => Err(other.into()),
    }
}
