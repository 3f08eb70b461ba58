//! What a group is: its name, its attributes, what is below it.

use askama::Template;
use representation::{Attributes as Given, GroupRepresentation};
use services::{
    groups::{self, Filter, ListedGroup, defaults},
    version,
};

use super::{Branch, DEFAULTS, MANAGE, OneGroup, VIEW, about, group_address, viewed};
use crate::{
    Console, Posted,
    confirm::Question,
    field::{Attributes, Field},
    form_errors::FormErrors,
    frame::Frame,
    list::{PAGE, Query},
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Buttons, FormSheet, Send, Sheet, Sheets, Way},
};

const HELP: &str = "Members have these too, where an application asks for them. One row for each value.";
const VIEW_DEFAULTS: &[model::permission::Permission] =
    &[model::permission::Permission::ViewRealm, model::permission::Permission::ManageRealm];

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/groups/{group}", VIEW, show);
    routes.form("/groups/{group}", MANAGE, save);
    routes.form("/groups/{group}/default", DEFAULTS, make_default);
    routes.page("/groups/{group}/delete", MANAGE, ask_to_delete);
    routes.form("/groups/{group}/delete", MANAGE, delete);
    routes.page("/groups/{group}/below", VIEW, below);
}

async fn show(console: Console, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let group = viewed(&console, &id).await?;
    page(&console, &group, None, &FormErrors::default()).await?.show(&console)
}

async fn page(
    console: &Console,
    group: &ListedGroup,
    form: Option<&Form>,
    errors: &FormErrors,
) -> Result<Sheets, Refusal> {
    let (found, id) = (&group.found.group, &group.found.group.id);
    let may = console.may(MANAGE);
    let typed = |name: &str, is: &str| form.map_or_else(|| is.to_owned(), |form| form.raw(name).to_owned());
    let attributes = match form {
        Some(form) => Attributes::typed(form, HELP),
        None => Attributes::of(&found.attributes, HELP),
    };
    let description = found.description.as_deref().unwrap_or_default();
    let sheet = FormSheet {
        id: "group",
        action: group_address(console, id, ""),
        hidden: vec![("version", version::of(found))],
        fields: vec![
            Field::text("name", "Name", &typed("name", &found.name)).required().fixed(!may),
            Field::text("description", "Description", &typed("description", description)).fixed(!may),
        ],
        attributes: Some(Attributes { fixed: !may, ..attributes }),
        submit: "Save",
        fixed: !may,
        ..FormSheet::default()
    };
    let mut buttons = Buttons { heading: "This group and the others", ..Buttons::default() };
    if group.found.sub_groups > 0 {
        let words = match group.found.sub_groups {
            1 => "Show the group below".to_owned(),
            many => format!("Show the {many} groups below"),
        };
        buttons.ways.push(Way::to(group_address(console, id, "/below"), &words).looking("second"));
    }
    if may {
        let new = console.path(&format!("/groups/new?parent={}", web::percent_encoded(id.as_str())));
        buttons.ways.push(Way::to(new, "Create a group below").looking("second"));
        buttons.ways.push(Way::to(group_address(console, id, "/move"), "Move").looking("second"));
        buttons.ways.push(Way::to(group_address(console, id, "/delete"), "Delete").looking("danger"));
    }
    let sheets = about(console, &group.found, "").form(sheet.with(errors));
    let sheets = if buttons.ways.is_empty() { sheets } else { sheets.sheet(Sheet::Buttons(buttons)) };
    Ok(sheets.sheet_if(defaults_sheet(console, group).await?))
}

/// Whether every new user joins the group.
async fn defaults_sheet(console: &Console, group: &ListedGroup) -> Result<Option<Sheet>, Refusal> {
    if !console.may(VIEW_DEFAULTS) {
        return Ok(None);
    }
    let all = defaults::list(&console.services, &console.caller, console.realm()?).await?;
    let is = all.iter().any(|other| other.group.id == group.found.group.id);
    let mut buttons = Buttons {
        heading: "New users",
        help: if is { "Every new user joins this group." } else { "New users don't join this group by themselves." },
        ..Buttons::default()
    };
    if console.may(DEFAULTS) {
        buttons.sends.push(Send {
            action: group_address(console, &group.found.group.id, "/default"),
            label: if is { "Don't let new users join" } else { "Let every new user join" },
            fields: vec![("is", (!is).to_string())],
        });
    }
    Ok(Some(Sheet::Buttons(buttons)))
}

async fn save(Posted { console, form }: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let given = GroupRepresentation {
        name: Some(form.text("name").to_owned()),
        description: Some(form.text("description").to_owned()),
        attributes: Some(Given(Attributes::read(&form))),
        ..GroupRepresentation::default()
    };
    let mut caller = console.caller.clone();
    caller.only_for = form.given("version").map(|version| vec![version]);
    match groups::update(&console.services, &caller, console.realm()?, &id, given).await {
        Ok(()) => console.lead_to(&group_address(&console, &id, ""), Notice::new("The group was saved.")),
        Err(error) => {
            let errors = FormErrors::of(error)?;
            let group = viewed(&console, &id).await?;
            page(&console, &group, Some(&form), &errors).await?.show_again(&console)
        }
    }
}

async fn make_default(Posted { console, form }: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let is = form.text("is") == "true";
    let text = if is {
        defaults::add(services, caller, realm, &id).await?;
        "Every new user joins this group from now on."
    } else {
        defaults::remove(services, caller, realm, &id).await?;
        "New users don't join this group by themselves any more."
    };
    let undo = vec![("is".to_owned(), (!is).to_string())];
    let notice = Notice::new(text).undo(group_address(&console, &id, "/default"), undo);
    console.lead_to(&group_address(&console, &id, ""), notice)
}

async fn ask_to_delete(console: Console, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let group = viewed(&console, &id).await?;
    let below = match group.found.sub_groups {
        0 => "",
        _ => " The groups below it go too.",
    };
    console.ask(Question {
        title: &format!("Delete the group {}?", group.found.group.name),
        consequence: &format!("Its members stay, but lose the roles and attributes that it brings.{below}"),
        action: group_address(&console, &id, "/delete"),
        verb: "Delete the group",
        back: group_address(&console, &id, ""),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(Posted { console, .. }: Posted, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    groups::delete(&console.services, &console.caller, console.realm()?, &id).await?;
    console.lead_to(&console.path("/groups"), Notice::new("The group was deleted."))
}

#[derive(Template)]
#[template(path = "admin/groups/below.html")]
struct BelowPage {
    frame: Frame,
    up: String,
    branches: Vec<Branch>,
    previous: Option<String>,
    next: Option<String>,
}

/// The groups directly below a group; the tree shows them in place.
async fn below(console: Console, path: OneGroup) -> Answer {
    let (_, _, id) = path.into_inner();
    let query = Query::of(&console.address);
    let group = viewed(&console, &id).await?;
    let filter = Filter { first: query.first(), max: Some(PAGE + 1), ..Filter::default() };
    let found = groups::children(&console.services, &console.caller, console.realm()?, &id, &filter).await?;
    let found = query.asked().of(found);
    let at = |page: i64| query.with("page", &page.to_string());
    console.show(&BelowPage {
        frame: console.frame(&format!("Below {}", group.found.group.name)),
        up: group_address(&console, &id, ""),
        branches: found.rows.iter().map(|group| Branch::of(&console, group)).collect(),
        previous: (query.page() > 1).then(|| at(query.page() - 1)),
        next: found.more.then(|| at(query.page() + 1)),
    })
}
