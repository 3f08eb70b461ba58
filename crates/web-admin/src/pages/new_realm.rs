//! A new realm: from a name, or from a file.

use askama::Template;
use representation::RealmRepresentation;
use serde_json::json;
use services::realms::{self, ImportOptions};
use web::{Shown, percent_encoded};

use super::transfer::{Counted, Report, realm_of};
use crate::{
    Console, Posted, Rule,
    form_errors::FormErrors,
    frame::Frame,
    list::Cell,
    notice::Notice,
    posted::Form,
    refusal::Answer,
    routes::Routes,
    settings::{Control, Field, Section, SettingsForm, gather, views},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.open("/realms/new", Rule::CreateRealm, show);
    routes.send("/realms/new", Rule::CreateRealm, create);
    routes.send("/realms/new/import", Rule::CreateRealm, import);
}

fn sections() -> Vec<Section> {
    let fields = vec![
        Field::text("realm", "Name")
            .help("It becomes part of every address and names the issuer of tokens: short, without spaces, and kept for good.")
            .required(),
        Field::text("displayName", "Name shown to people").help("Login pages show it. Empty is the name above."),
        Field::switch("enabled", "The realm is in use").help("Switched off, nobody can log in yet."),
    ];
    vec![Section::new("new", "An empty realm", "Users, applications and registries are added afterwards.", fields)]
}

#[derive(Template)]
#[template(path = "admin/realms/new.html")]
struct NewRealmPage {
    frame: Frame,
    form: SettingsForm,
    import: String,
    name: String,
    errors: FormErrors,
    report: Option<Report>,
}

/// Which of both forms was sent.
enum Sent<'a> {
    Neither,
    Fields(&'a Form, FormErrors),
    File(&'a Form, FormErrors),
}

fn page(console: &Console, sent: Sent<'_>) -> NewRealmPage {
    let usual = json!({"enabled": true});
    let none = FormErrors::default();
    let (settings, name, errors) = match &sent {
        Sent::Neither => (views(&sections(), &usual, None, &none, true), "", none),
        Sent::Fields(form, errors) => (views(&sections(), &usual, Some(form), errors, true), "", none),
        Sent::File(form, errors) => (views(&sections(), &usual, None, &none, true), form.text("name"), errors.clone()),
    };
    let path = format!("{}/realms/new", console.base());
    let import = format!("{path}/import");
    let mut form = SettingsForm::new(settings, path);
    form.save = "Create the realm";
    NewRealmPage { frame: console.frame("Create a realm"), form, import, name: name.to_owned(), errors, report: None }
}

async fn show(console: Console) -> Answer {
    console.show(&page(&console, Sent::Neither))
}

async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (given, mut errors) = gather(&sections(), &form);
    if errors.is_empty() {
        let given: RealmRepresentation = serde_json::from_value(given).unwrap_or_default();
        let name = given.realm.clone().unwrap_or_default();
        match realms::create(&console.services, &console.caller, given, ImportOptions::default()).await {
            Ok(_) => return lead_to(&console, &name),
            Err(error) => errors = about_name(FormErrors::of(error)?),
        }
    }
    console.show_again(&page(&console, Sent::Fields(&form, errors)))
}

/// What is wrong with a new realm is its name, if nothing else is said.
fn about_name(errors: FormErrors) -> FormErrors {
    let whole: Vec<String> = errors.beyond(&["displayName"]).map(|text| text.as_str().to_owned()).collect();
    match whole.first() {
        Some(text) => {
            let mut named = FormErrors::default();
            named.add("realm", text);
            named
        }
        None => errors,
    }
}

fn lead_to(console: &Console, name: &str) -> Answer {
    let path = format!("{}/realms/{}", console.base(), percent_encoded(name));
    console.lead_to(&path, Notice::new(format!("The realm {name} was made.")))
}

/// Makes a realm from a file, or says what that would do.
async fn import(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let plan = form.has("plan");
    let mut errors = FormErrors::default();
    let given = match form.file("file") {
        None => Err("Choose a file first.".to_owned()),
        Some(file) => realm_of(file),
    };
    let mut given = match given {
        Ok(given) => given,
        Err(text) => {
            errors.add("file", &text);
            return refused(&console, &form, errors, plan);
        }
    };
    if let Some(name) = form.given("name") {
        realms::under_another_name(&mut given, &name);
    }
    let (name, counted) = (given.realm.clone().unwrap_or_default(), Counted::of(&given));
    let options = ImportOptions { dry_run: plan, overwrite: false };
    match realms::create(&console.services, &console.caller, given, options).await {
        Ok((_, remarks)) if plan => {
            let mut page = page(&console, Sent::File(&form, errors));
            page.report = Some(Report::of_realm(counted, &remarks));
            console.show(&page)
        }
        Ok(_) => lead_to(&console, &name),
        Err(error) => refused(&console, &form, FormErrors::of(error)?, plan),
    }
}

fn refused(console: &Console, form: &Form, errors: FormErrors, plan: bool) -> Answer {
    let why = errors.beyond(&[]).map(|text| Shown::sentence(text.as_str())).collect();
    let mut page = page(console, Sent::File(form, errors));
    page.report = plan.then(|| Report::refused(why));
    if plan { console.show(&page) } else { console.show_again(&page) }
}
