//! What a user is: name, address, attributes, state, and what has to be done at the next login.

use model::user::User;
use representation::UserRepresentation;
use services::{action_links, authentication::required_actions, brute_force, users, version};
use web::Shown;

use super::{LIST, MANAGE, OneUser, about, address, full_name, profile::Profile};
use crate::{
    Console, Posted,
    field::Field,
    form_errors::FormErrors,
    list::{Cell, Moment},
    notice::Notice,
    pages::granting,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{Buttons, Facts, FormSheet, Note, Send, Sheet, Sheets, Way},
};

const REALM: &[model::permission::Permission] =
    &[model::permission::Permission::ViewRealm, model::permission::Permission::ManageRealm];

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/users/{user}", LIST, show);
    routes.form("/users/{user}", MANAGE, save);
}

async fn show(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let found = users::get(&console.services, &console.caller, console.realm()?, &id).await?;
    let none = FormErrors::default();
    page(&console, &found, None, (&none, &none)).await?.show(&console)
}

/// The required actions that a user may be asked for: alias and words.
async fn actions(console: &Console, user: &User) -> Result<Vec<(String, String)>, Refusal> {
    let mut known: Vec<(String, String)> = Vec::new();
    if console.may(REALM) {
        for action in required_actions::list(&console.services, &console.caller, console.realm()?).await? {
            if action.enabled == Some(true)
                && let Some(alias) = action.alias
            {
                known.push((alias.clone(), action.name.unwrap_or(alias)));
            }
        }
    } else {
        known.push(("UPDATE_PASSWORD".to_owned(), "Update Password".to_owned()));
        known.push(("VERIFY_EMAIL".to_owned(), "Verify Email".to_owned()));
    }
    for action in &user.required_actions {
        if !known.iter().any(|(alias, _)| alias == action) {
            known.push((action.clone(), action.clone()));
        }
    }
    Ok(known)
}

pub(super) async fn page(
    console: &Console,
    found: &users::Shown,
    form: Option<&Form>,
    (errors, of_mail): (&FormErrors, &FormErrors),
) -> Result<Sheets, Refusal> {
    let user = &found.user;
    let fixed = !console.may(MANAGE);
    let profile = Profile::of(console).await?;
    let mut fields = profile.fields(Some(user), form, errors, fixed);
    let on = |name: &str, is: bool| form.map_or(is, |form| form.has(name));
    fields.push(
        Field::switch("emailVerified", "The e-mail address is verified", on("emailVerified", user.email_verified))
            .fixed(fixed),
    );
    fields.push(
        Field::switch("enabled", "Enabled", on("enabled", user.enabled))
            .help("A disabled account can't log in. Turning it off ends all its sessions.")
            .fixed(fixed),
    );
    let known = actions(console, user).await?;
    let asked = |alias: &String| match form {
        Some(form) => form.all("requiredActions").any(|given| given == alias),
        None => user.required_actions.contains(alias),
    };
    let choices = known.iter().map(|(alias, words)| (alias.clone(), words.clone(), asked(alias))).collect();
    fields.push(
        Field::several("requiredActions", "To be done at the next login", choices)
            .help("The person can't go on before it is done.")
            .fixed(fixed),
    );
    let sheet = FormSheet {
        id: "user",
        action: address(console, &user.id, ""),
        hidden: vec![("version", version::of(user))],
        fields,
        attributes: profile.others(Some(user), form, fixed),
        submit: "Save",
        fixed,
        problems: errors.beyond(&profile.names()).cloned().collect(),
        ..FormSheet::default()
    };
    let status = brute_force::status(&console.services, &console.caller, console.realm()?, &user.id).await?;
    Ok(about(console, user, "")
        .sheet_if(locked(&status))
        .form(sheet)
        .sheet(Sheet::Facts(facts(console, found, &status)))
        .sheet_if(mail(console, user, of_mail))
        .sheet_if(buttons(console, user, &status)))
}

fn locked(status: &brute_force::Status) -> Option<Sheet> {
    let text = "Too many wrong passwords were tried: this account can't log in at the moment.";
    status.disabled.then(|| Note::sheet("bad", text))
}

fn facts(console: &Console, found: &users::Shown, status: &brute_force::Status) -> Facts {
    let user = &found.user;
    let mut rows = vec![
        (Shown::name("Name"), Cell::text(&full_name(user))),
        (Shown::name("Id"), Cell::code(user.id.as_str())),
        (Shown::name("Created"), Cell::time(user.created)),
    ];
    if let (Some(client), Some(name)) = (&user.service_account_of, &found.service_account_client) {
        rows.push((Shown::name("Account of the client"), granting::client(console, client, name)));
    }
    if let Some(failures) = &status.failures {
        rows.push((Shown::name("Wrong passwords in a row"), Cell::text(&failures.failures.to_string())));
        rows.push((Shown::name("The last one"), Cell::Time(Moment::of(failures.last_failure))));
        if let Some(from) = &failures.last_ip {
            rows.push((Shown::name("From"), Cell::code(from)));
        }
        if let Some(until) = failures.locked_until {
            rows.push((Shown::name("Locked until"), Cell::time(until)));
        }
    }
    Facts { heading: "About this account", rows }
}

/// The form that mails a link.
fn mail(console: &Console, user: &User, errors: &FormErrors) -> Option<Sheet> {
    if !console.may(MANAGE) || user.email.is_none() || !user.enabled {
        return None;
    }
    let words = |action: &str| match action {
        "UPDATE_PASSWORD" => "Choose a password".to_owned(),
        "VERIFY_EMAIL" => "Prove that the address is theirs".to_owned(),
        other => other.to_owned(),
    };
    let choices = action_links::ACTIONS.iter().map(|action| ((*action).to_owned(), words(action), false));
    let sheet = FormSheet {
        id: "mail",
        heading: "Mail a link",
        help: "The person gets an e-mail with a link by which they do this.",
        action: address(console, &user.id, "/mail"),
        fields: vec![Field::several("actions", "What the person is to do", choices.collect())],
        submit: "Send the e-mail",
        ..FormSheet::default()
    };
    Some(Sheet::Form(sheet.with(errors)))
}

fn buttons(console: &Console, user: &User, status: &brute_force::Status) -> Option<Sheet> {
    let mut buttons = Buttons { heading: "Do something with this account", ..Buttons::default() };
    if console.may(MANAGE) && status.failures.is_some() {
        let action = address(console, &user.id, "/unlock");
        buttons.sends.push(Send { action, label: "Forget the wrong passwords", fields: Vec::new() });
    }
    if console.may(&[model::permission::Permission::Impersonation]) && user.service_account_of.is_none() {
        buttons.ways.push(Way::to(address(console, &user.id, "/impersonate"), "Log in as this user").looking("second"));
    }
    if console.may(MANAGE) && user.service_account_of.is_none() {
        buttons.ways.push(Way::to(address(console, &user.id, "/delete"), "Delete the user").looking("danger"));
    }
    (!buttons.ways.is_empty() || !buttons.sends.is_empty()).then_some(Sheet::Buttons(buttons))
}

async fn save(Posted { console, form }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let given = UserRepresentation {
        enabled: Some(form.has("enabled")),
        email_verified: Some(form.has("emailVerified")),
        required_actions: Some(form.all("requiredActions").map(str::to_owned).collect()),
        ..Profile::of(&console).await?.read(&form)
    };
    let mut caller = console.caller.clone();
    caller.only_for = form.given("version").map(|version| vec![version]);
    match users::update(&console.services, &caller, console.realm()?, &id, given).await {
        Ok(()) => console.lead_to(&address(&console, &id, ""), Notice::new("The user was saved.")),
        Err(error) => {
            let errors = FormErrors::of(error)?;
            let found = users::get(&console.services, &console.caller, console.realm()?, &id).await?;
            page(&console, &found, Some(&form), (&errors, &FormErrors::default())).await?.show_again(&console)
        }
    }
}
