//! The user profile: which attributes users have, and who may see and change them.

mod attribute;

use actix_web::web::Path;
use askama::Template;
use representation::{UPAttribute, UPConfig, UPGroup};
use serde_json::json;
use services::{Error, user_profile};
use web::{Shown, percent_encoded};

use super::{CHANGE, LOOK, tabs};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, SettingsForm, gather, views},
    tabs::Tabs,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/settings/profile", LOOK, show);
    routes.form("/settings/profile", CHANGE, change);
    routes.page("/settings/profile/new", CHANGE, new);
    routes.form("/settings/profile/new", CHANGE, create);
    routes.page("/settings/profile/attributes/{attribute}", LOOK, edit);
    routes.form("/settings/profile/attributes/{attribute}", CHANGE, save);
}

/// What becomes of attributes that the profile doesn't name: what is kept, what it says.
const UNMANAGED: [(&str, &str); 4] = [
    ("", "Nobody has any"),
    ("ADMIN_VIEW", "Administrators see them"),
    ("ADMIN_EDIT", "Administrators see and change them"),
    ("ENABLED", "Users and administrators see and change them"),
];

#[derive(Template)]
#[template(path = "admin/settings/profile.html")]
struct ProfilePage {
    frame: Frame,
    tabs: Tabs,
    path: String,
    editable: bool,
    rows: Vec<Row>,
    groups: Vec<(String, Shown)>,
    unmanaged: Vec<(&'static str, &'static str, bool)>,
    errors: FormErrors,
}

struct Row {
    name: String,
    label: Shown,
    href: String,
    required: &'static str,
    view: String,
    edit: String,
    checks: String,
    group: Shown,
    /// It can be taken out of the profile.
    free: bool,
}

#[derive(Template)]
#[template(path = "admin/settings/attribute.html")]
struct AttributePage {
    frame: Frame,
    back: String,
    form: SettingsForm,
}

/// Who may, in words.
fn who(roles: Option<&Vec<String>>) -> String {
    let has = |role: &str| roles.is_some_and(|roles| roles.iter().any(|known| known == role));
    match (has("user"), has("admin")) {
        (true, true) => "Everybody",
        (true, false) => "The user",
        (false, true) => "Administrators",
        (false, false) => "Nobody",
    }
    .to_owned()
}

fn required(attribute: &UPAttribute) -> &'static str {
    let Some(required) = &attribute.required else { return "No" };
    let has = |role: &str| required.roles.iter().flatten().any(|known| known == role);
    let any = required.roles.as_ref().is_none_or(Vec::is_empty);
    match (any, has("user"), has("admin")) {
        (true, ..) | (_, true, true) => "Always",
        (_, true, false) => "If the user writes it",
        (_, false, true) => "If an administrator writes it",
        (_, false, false) => "No",
    }
}

async fn page(console: &Console, errors: FormErrors) -> Result<ProfilePage, Refusal> {
    let config = user_profile::get(&console.services, &console.caller, console.realm()?).await?;
    let path = console.path("/settings/profile");
    let row = |attribute: &UPAttribute| {
        let name = attribute.name.clone().unwrap_or_default();
        let permissions = attribute.permissions.clone().unwrap_or_default();
        let checks: Vec<_> = attribute.validations.iter().flat_map(|all| all.keys()).cloned().collect();
        Row {
            label: Shown::name(attribute.display_name.as_deref().unwrap_or_default()),
            href: format!("{path}/attributes/{}", percent_encoded(&name)),
            required: required(attribute),
            view: who(permissions.view.as_ref()),
            edit: who(permissions.edit.as_ref()),
            checks: checks.join(", "),
            group: Shown::name(attribute.group.as_deref().unwrap_or_default()),
            free: !["username", "email"].contains(&name.as_str()),
            name,
        }
    };
    let group = |group: &UPGroup| {
        let name = group.name.clone().unwrap_or_default();
        let header = Shown::name(group.display_header.as_deref().filter(|text| !text.is_empty()).unwrap_or(&name));
        (name, header)
    };
    let policy = config.unmanaged_attribute_policy.as_deref().unwrap_or_default();
    Ok(ProfilePage {
        frame: console.frame("Settings: user profile"),
        tabs: tabs(console),
        editable: console.may(CHANGE),
        rows: config.attributes.iter().flatten().map(row).collect(),
        groups: config.groups.iter().flatten().map(group).collect(),
        unmanaged: UNMANAGED.iter().map(|(value, label)| (*value, *label, *value == policy)).collect(),
        errors,
        path,
    })
}

async fn show(console: Console) -> Answer {
    console.show(&page(&console, FormErrors::default()).await?)
}

async fn config(console: &Console) -> Result<UPConfig, Refusal> {
    Ok(user_profile::get(&console.services, &console.caller, console.realm()?).await?)
}

/// Saves a profile; what is wrong with it is said.
async fn store(console: &Console, config: UPConfig) -> Result<Result<(), FormErrors>, Refusal> {
    match user_profile::update(&console.services, &console.caller, console.realm()?, config).await {
        Ok(_) => Ok(Ok(())),
        Err(error) => Ok(Err(FormErrors::of(error)?)),
    }
}

/// Moves or removes an attribute, adds or removes a group, or sets what becomes of other attributes.
async fn change(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let mut config = config(&console).await?;
    let (what, name) = (form.text("what"), form.text("name"));
    let attributes = config.attributes.get_or_insert_default();
    let place = attributes.iter().position(|attribute| attribute.name.as_deref() == Some(name));
    let text = match (what, place) {
        ("up", Some(place @ 1..)) => {
            attributes.swap(place, place - 1);
            "The attribute was moved.".to_owned()
        }
        ("down", Some(place)) if place + 1 < attributes.len() => {
            attributes.swap(place, place + 1);
            "The attribute was moved.".to_owned()
        }
        ("remove", Some(place)) => {
            attributes.remove(place);
            format!("The attribute {name} is no longer part of the profile. Values that users have stay.")
        }
        ("add-group", _) => {
            let given = |field: &str| form.given(field);
            let group = UPGroup { name: given("name"), display_header: given("header"), ..UPGroup::default() };
            config.groups.get_or_insert_default().push(group);
            format!("The group {name} was added.")
        }
        ("remove-group", _) => {
            config.groups.get_or_insert_default().retain(|group| group.name.as_deref() != Some(name));
            format!("The group {name} is gone.")
        }
        ("unmanaged", _) => {
            config.unmanaged_attribute_policy = form.given("policy");
            "What becomes of other attributes was saved.".to_owned()
        }
        _ => return Err(Refusal::Service(Error::Refused("There is no such change of the profile.".to_owned()))),
    };
    match store(&console, config).await? {
        Ok(()) => console.lead_to(&console.path("/settings/profile"), Notice::new(text)),
        Err(errors) => console.show_again(&page(&console, errors).await?),
    }
}

fn attribute_page(
    console: &Console,
    (title, action): (&str, String),
    config: &UPConfig,
    present: &UPAttribute,
    sent: Option<(&Form, &FormErrors)>,
) -> AttributePage {
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let sections = attribute::sections(config, present.name.is_none());
    let settings = views(&sections, &attribute::shown(present), typed, errors, console.may(CHANGE));
    let back = console.path("/settings/profile");
    let mut form = SettingsForm::new(settings, action);
    form.back = Some(back.clone());
    AttributePage { frame: console.frame(title), back, form }
}

fn usual() -> UPAttribute {
    let everybody = json!({"permissions": {"view": ["admin", "user"], "edit": ["admin", "user"]}});
    serde_json::from_value(everybody).unwrap_or_default()
}

async fn new(console: Console) -> Answer {
    let config = config(&console).await?;
    let action = console.path("/settings/profile/new");
    console.show(&attribute_page(&console, ("Add an attribute", action), &config, &usual(), None))
}

async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let mut config = config(&console).await?;
    let (given, mut errors) = gather(&attribute::sections(&config, true), &form);
    let before = config.clone();
    if errors.is_empty() {
        match attribute::read(&given, UPAttribute::default()) {
            Ok(attribute) => {
                config.attributes.get_or_insert_default().push(attribute);
                match store(&console, config).await? {
                    Ok(()) => {
                        return console
                            .lead_to(&console.path("/settings/profile"), Notice::new("The attribute was added."));
                    }
                    Err(refused) => errors = refused,
                }
            }
            Err((field, text)) => errors.add(field, &text),
        }
    }
    let action = console.path("/settings/profile/new");
    let page = attribute_page(
        &console,
        ("Add an attribute", action),
        &before,
        &UPAttribute::default(),
        Some((&form, &errors)),
    );
    console.show_again(&page)
}

type Names = Path<(String, String, String)>;

fn find(config: &UPConfig, name: &str) -> Result<UPAttribute, Refusal> {
    let found = config.attributes.iter().flatten().find(|attribute| attribute.name.as_deref() == Some(name));
    let missing = || Refusal::Service(Error::NotFound(services::What::Component));
    found.cloned().ok_or_else(missing)
}

async fn edit(console: Console, names: Names) -> Answer {
    let name = names.into_inner().2;
    let config = config(&console).await?;
    let present = find(&config, &name)?;
    let action = console.here().to_owned();
    console.show(&attribute_page(&console, (&name, action), &config, &present, None))
}

async fn save(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let name = names.into_inner().2;
    let mut config = config(&console).await?;
    let present = find(&config, &name)?;
    let (given, mut errors) = gather(&attribute::sections(&config, false), &form);
    let before = config.clone();
    if errors.is_empty() {
        match attribute::read(&given, present.clone()) {
            Ok(changed) => {
                let attributes = config.attributes.get_or_insert_default().iter_mut();
                attributes.filter(|one| one.name.as_deref() == Some(&name)).for_each(|one| *one = changed.clone());
                match store(&console, config).await? {
                    Ok(()) => {
                        let notice = Notice::new(format!("The attribute {name} was saved."));
                        return console.lead_to(&console.path("/settings/profile"), notice);
                    }
                    Err(refused) => errors = refused,
                }
            }
            Err((field, text)) => errors.add(field, &text),
        }
    }
    let action = console.here().to_owned();
    console.show_again(&attribute_page(&console, (&name, action), &before, &present, Some((&form, &errors))))
}
