//! What a role is: its name, what it is for, its attributes.

use model::role::{Role, RoleContainer};
use representation::{Attributes as Given, RoleRepresentation};
use services::{
    roles::{self, Address},
    version,
};

use super::{CHANGE, OneRole, SEE, about, may_change, role_address, viewed};
use crate::{
    Console, Posted,
    confirm::Question,
    field::{Attributes, Field},
    form_errors::FormErrors,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{FormSheet, Sheets, Way},
};

const HELP: &str = "Whatever applications want to know of this role. One row for each value.";

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/roles/{role}", SEE, show);
    routes.form("/roles/{role}", CHANGE, save);
    routes.page("/roles/{role}/delete", CHANGE, ask_to_delete);
    routes.form("/roles/{role}/delete", CHANGE, delete);
}

async fn show(console: Console, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    let role = viewed(&console, &id).await?;
    page(&console, &role, None, &FormErrors::default()).await?.show(&console)
}

async fn page(console: &Console, role: &Role, form: Option<&Form>, errors: &FormErrors) -> Result<Sheets, Refusal> {
    let may = may_change(console, role);
    let typed = |name: &str, is: &str| form.map_or_else(|| is.to_owned(), |form| form.raw(name).to_owned());
    let attributes = match form {
        Some(form) => Attributes::typed(form, HELP),
        None => Attributes::of(&role.attributes, HELP),
    };
    let path = role_address(console, &role.id);
    let sheet = FormSheet {
        id: "role",
        action: path.clone(),
        hidden: vec![("version", version::of(role))],
        fields: vec![
            Field::text("name", "Name", &typed("name", &role.name)).required().fixed(!may),
            Field::text(
                "description",
                "What it is for",
                &typed("description", role.description.as_deref().unwrap_or_default()),
            )
            .fixed(!may),
        ],
        attributes: Some(Attributes { fixed: !may, ..attributes }),
        submit: "Save",
        fixed: !may,
        ..FormSheet::default()
    };
    let goes = may && role.id != console.realm()?.default_role;
    let delete = Way::to(format!("{path}/delete"), "Delete").looking("danger");
    Ok(about(console, role, "").await?.action(goes, delete).form(sheet.with(errors)))
}

async fn save(Posted { console, form }: Posted, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    let given = RoleRepresentation {
        name: Some(form.text("name").to_owned()),
        description: Some(form.text("description").to_owned()),
        attributes: Some(Given(Attributes::read(&form))),
        ..RoleRepresentation::default()
    };
    let mut caller = console.caller.clone();
    caller.only_for = form.given("version").map(|version| vec![version]);
    match roles::update(&console.services, &caller, console.realm()?, &Address::Id(id.clone()), given).await {
        Ok(()) => console.lead_to(&role_address(&console, &id), Notice::new("The role was saved.")),
        Err(error) => {
            let errors = FormErrors::of(error)?;
            let role = viewed(&console, &id).await?;
            page(&console, &role, Some(&form), &errors).await?.show_again(&console)
        }
    }
}

async fn ask_to_delete(console: Console, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    let role = viewed(&console, &id).await?;
    console.ask(Question {
        title: &format!("Delete the role {}?", role.name),
        consequence: "Everybody who has it loses it, with whatever it lets them do.",
        action: format!("{}/delete", role_address(&console, &id)),
        verb: "Delete the role",
        back: role_address(&console, &id),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(Posted { console, .. }: Posted, path: OneRole) -> Answer {
    let (_, _, id) = path.into_inner();
    let role = viewed(&console, &id).await?;
    roles::delete(&console.services, &console.caller, console.realm()?, &Address::Id(id)).await?;
    let back = match role.container {
        RoleContainer::Realm => console.path("/roles"),
        RoleContainer::Client(client) => console.path(&format!("/clients/{}", web::percent_encoded(client.as_str()))),
    };
    console.lead_to(&back, Notice::new(format!("The role {} was deleted.", role.name)))
}
