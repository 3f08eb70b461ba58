//! Who may do what with a registry: its rules as a table, and a form for one of them that says at once what its patterns
//! stand for.

use actix_web::web::Path;
use askama::Template;
use model::{
    client::Client,
    id::{ClientId, MapperId},
};
use services::{
    overview,
    permission_table::{self, TableRow},
};
use web::{Shown, percent_encoded};

use super::{
    registry,
    rule::{self, Checked, FIELDS, RuleForm},
};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    list::Query,
    notice::Notice,
    pages::{
        clients::{
            MANAGE, VIEW,
            tabs::{self, Tabs},
        },
        overview::CareShown,
    },
    refusal::{Answer, Refusal},
    routes::Routes,
};

const PATH: &str = "/clients/{client}/permissions";

pub(super) fn routes(routes: &mut Routes) {
    routes.page(PATH, VIEW, show);
    routes.form(PATH, MANAGE, save);
    routes.form("/clients/{client}/permissions/delete", MANAGE, delete);
}

type Address = Path<(String, String, ClientId)>;

/// A rule as a row.
struct Row {
    id: String,
    name: Shown,
    subject: Shown,
    patterns: Vec<Shown>,
    actions: Shown,
    catalog: bool,
    allows: bool,
    everything: bool,
    from_scope: Option<Shown>,
    broken: Option<Shown>,
    edit: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/registry/permissions.html")]
struct PermissionsPage {
    frame: Frame,
    tabs: Tabs,
    rows: Vec<Row>,
    anonymous: bool,
    care: Vec<CareShown>,
    action: String,
    /// The rule that is being changed.
    id: Option<String>,
    form: RuleForm,
    errors: FormErrors,
    checked: Checked,
    roles: Vec<String>,
}

/// The page, with this form on it.
async fn page(
    console: &Console,
    client: &Client,
    id: Option<String>,
    typed: Option<RuleForm>,
    errors: Option<FormErrors>,
) -> Result<PermissionsPage, Refusal> {
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let table = permission_table::table(services, caller, realm, &client.id).await?;
    let action = tabs::path(console, client, "/permissions");
    let chosen = id.as_ref().and_then(|id| table.rows.iter().find(|row| row.id.as_str() == id));
    let form = typed.or_else(|| chosen.and_then(RuleForm::of_row)).unwrap_or_else(RuleForm::beginning);
    let (found, checked) = rule::check(console, &form)?;
    let manage = console.may(MANAGE);
    let rows = table.rows.iter().map(|row| shown(row, &action, manage)).collect();
    let care = overview::care(services, caller, realm).await?;
    Ok(PermissionsPage {
        frame: console.frame(&format!("{}: permissions", client.client_id)),
        tabs: Tabs::of(console, client, "/permissions"),
        rows,
        anonymous: table.anonymous,
        care: care.iter().filter(|care| care.urgent).map(CareShown::from).collect(),
        roles: if manage { rule::roles_offered(console).await? } else { Vec::new() },
        action,
        id: id.filter(|_| chosen.is_some_and(|row| row.from_scope.is_none())),
        form,
        errors: errors.unwrap_or(found),
        checked,
    })
}

fn shown(row: &TableRow, action: &str, manage: bool) -> Row {
    let rule = row.rule.as_ref().ok();
    let own = row.from_scope.is_none();
    Row {
        id: row.id.0.clone(),
        name: Shown::name(&row.name),
        subject: rule.map(|rule| Shown::sentence(&permission_table::subject_text(&rule.subject))).unwrap_or_default(),
        patterns: rule.map(|rule| rule.patterns.iter().map(|text| Shown::sentence(text)).collect()).unwrap_or_default(),
        actions: rule.map(|rule| Shown::sentence(&rule.actions.join(", "))).unwrap_or_default(),
        catalog: rule.is_some_and(|rule| rule.catalog),
        allows: rule.is_some_and(|rule| rule.allows),
        everything: rule.is_some_and(|rule| rule.everything),
        from_scope: row.from_scope.as_deref().map(Shown::name),
        broken: row
            .rule
            .as_ref()
            .err()
            .map(|problems| Shown::sentence(&problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))),
        edit: (manage && own && rule.is_some_and(|rule| !rule.everything))
            .then(|| format!("{action}?rule={}#rule", percent_encoded(row.id.as_str()))),
    }
}

async fn show(console: Console, path: Address) -> Answer {
    let client = registry(&console, &path.2).await?;
    let id = Query::of(&console.address).given("rule");
    let page = page(&console, &client, id, None, None).await?;
    console.show(&page)
}

async fn save(posted: Posted, path: Address) -> Answer {
    let Posted { console, form } = posted;
    let client = registry(&console, &path.2).await?;
    let (typed, id) = (RuleForm::of(&form), form.given("id"));
    if form.text("go") == "check" {
        return console.show(&page(&console, &client, id, Some(typed), None).await?);
    }
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let mapper = id.clone().map(MapperId);
    let row = typed.row();
    let saved = permission_table::save(services, caller, realm, &client.id, mapper.as_ref(), &typed.name, &row).await;
    match saved {
        Ok(()) => {
            let text = format!("{}. It counts from the next token on.", rule::words(&row));
            console.lead_to(&tabs::path(&console, &client, "/permissions"), Notice::new(text))
        }
        Err(error) => {
            let errors = FormErrors::of(error)?;
            console.show_again(&page(&console, &client, id, Some(typed), Some(errors)).await?)
        }
    }
}

async fn delete(posted: Posted, path: Address) -> Answer {
    let Posted { console, form } = posted;
    let client = registry(&console, &path.2).await?;
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let id = MapperId(form.text("id").to_owned());
    let table = permission_table::table(services, caller, realm, &client.id).await?;
    let gone = table.rows.iter().find(|row| row.id == id && row.from_scope.is_none());
    permission_table::delete(services, caller, realm, &client.id, &id).await?;
    let address = tabs::path(&console, &client, "/permissions");
    let notice = Notice::new("The rule is removed. It counts from the next token on.");
    let notice = match gone.and_then(RuleForm::of_row) {
        Some(typed) => notice.undo(address.clone(), typed.fields()),
        None => notice,
    };
    console.lead_to(&address, notice)
}
