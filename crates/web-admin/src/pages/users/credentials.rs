//! What a user proves who they are with.

use model::{
    credential::{Credential, PASSWORD},
    id::CredentialId,
    user::User,
};
use representation::CredentialRepresentation;
use services::{Error, credentials};

use super::{MANAGE, OneUser, VIEW, about, address, viewed};
use crate::{
    Console, Posted,
    confirm::Question,
    field::Field,
    form_errors::FormErrors,
    list::Cell,
    notice::Notice,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{FormSheet, Sheet, Sheets, Table},
};
use actix_web::web::Path;

/// Home, realm, user, credential.
type OneCredential = Path<(String, String, model::id::UserId, CredentialId)>;

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/users/{user}/credentials", VIEW, show);
    routes.form("/users/{user}/credentials", MANAGE, set_password);
    routes.form("/users/{user}/credentials/{credential}/up", MANAGE, up);
    routes.page("/users/{user}/credentials/{credential}/delete", MANAGE, ask_to_delete);
    routes.form("/users/{user}/credentials/{credential}/delete", MANAGE, delete);
}

/// What is wrong with a form that holds a password: what breaks the policy stands beside it.
pub(super) fn about_password(error: Error) -> Result<FormErrors, Refusal> {
    if let Error::Policy { text, .. } = &error {
        let mut errors = FormErrors::default();
        errors.add("password", text);
        return Ok(errors);
    }
    FormErrors::of(error)
}

async fn show(console: Console, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let user = viewed(&console, &id).await?;
    page(&console, &user, &FormErrors::default()).await?.show(&console)
}

fn kind(credential: &Credential) -> &str {
    match credential.kind.as_str() {
        PASSWORD => "Password",
        "otp" => "Authenticator app",
        "webauthn" => "Security key",
        "webauthn-passwordless" => "Passkey",
        "recovery-authn-codes" => "Recovery codes",
        other => other,
    }
}

async fn page(console: &Console, user: &User, errors: &FormErrors) -> Result<Sheets, Refusal> {
    let may = console.may(MANAGE);
    let found = credentials::list(&console.services, &console.caller, console.realm()?, &user.id).await?;
    let several = found.len() > 1;
    let row = |(place, credential): (usize, &Credential)| {
        let one = |rest: &str| {
            let id = web::percent_encoded(credential.id.as_str());
            address(console, &user.id, &format!("/credentials/{id}{rest}"))
        };
        let mut row = vec![
            Cell::text(kind(credential)),
            Cell::text(credential.label.as_deref().unwrap_or_default()),
            Cell::time(credential.created),
        ];
        if may {
            row.push(Cell::link(one("/delete"), "Delete"));
            if several {
                let about = web::Shown::name(kind(credential));
                row.push(match place {
                    0 => Cell::text(""),
                    _ => Cell::Button { action: one("/up"), label: "Move up", about, fields: Vec::new() },
                });
            }
        }
        row
    };
    let rows = found.iter().enumerate().map(row).collect();
    let mut columns = vec!["Type", "Name", "Created"];
    if may {
        columns.push("");
        if several {
            columns.push("");
        }
    }
    let table = Table::of(
        "Credentials",
        "What this person proves who they are with, in the order in which they are asked for.",
        &columns,
        rows,
        "This person has none, and so can't log in with a password.",
    );
    let has = found.iter().any(|credential| credential.kind == PASSWORD);
    let form = FormSheet {
        id: "password",
        heading: if has { "Set a new password" } else { "Set a password" },
        action: address(console, &user.id, "/credentials"),
        fields: vec![
            Field::secret("password", "Password").required(),
            Field::secret("again", "The same password again").required(),
            Field::switch("temporary", "The person must change it at the next login", true)
                .help("Recommended: then you don't know the password that they use."),
        ],
        submit: "Set the password",
        ..FormSheet::default()
    };
    let can = may && user.service_account_of.is_none();
    Ok(about(console, user, "/credentials").table(table).sheet_if(can.then(|| Sheet::Form(form.with(errors)))))
}

async fn set_password(Posted { console, form }: Posted, path: OneUser) -> Answer {
    let (_, _, id) = path.into_inner();
    let user = viewed(&console, &id).await?;
    let mut errors = FormErrors::default();
    if form.raw("password").trim().is_empty() {
        errors.add("password", "Type a password.");
    } else if form.raw("password") != form.raw("again") {
        errors.add("again", "This is another password than the one above.");
    }
    if errors.is_empty() {
        let given = CredentialRepresentation {
            value: Some(form.raw("password").into()),
            temporary: Some(form.has("temporary")),
            ..CredentialRepresentation::default()
        };
        let realm = console.realm()?;
        match credentials::reset_password(&console.services, &console.caller, realm, &id, given).await {
            Ok(()) => {
                return console.lead_to(&address(&console, &id, "/credentials"), Notice::new("The password was set."));
            }
            Err(error) => errors = about_password(error)?,
        }
    }
    page(&console, &user, &errors).await?.show_again(&console)
}

async fn up(Posted { console, .. }: Posted, path: OneCredential) -> Answer {
    let (_, _, user, id) = path.into_inner();
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let order = credentials::list(services, caller, realm, &user).await?;
    let at = order.iter().position(|credential| credential.id == id).unwrap_or_default();
    let previous = at.checked_sub(2).and_then(|before| order.get(before)).map(|credential| &credential.id);
    credentials::move_after(services, caller, realm, &user, &id, previous).await?;
    console.lead_to(&address(&console, &user, "/credentials"), Notice::new("The order was changed."))
}

async fn ask_to_delete(console: Console, path: OneCredential) -> Answer {
    let (_, _, user, id) = path.into_inner();
    let found = viewed(&console, &user).await?;
    console.ask(Question {
        title: &format!("Delete this credential of {}?", found.username),
        consequence: "The person can't log in with it any more.",
        action: address(&console, &user, &format!("/credentials/{}/delete", web::percent_encoded(id.as_str()))),
        verb: "Delete the credential",
        back: address(&console, &user, "/credentials"),
        fields: Vec::new(),
        name: None,
    })
}

async fn delete(Posted { console, .. }: Posted, path: OneCredential) -> Answer {
    let (_, _, user, id) = path.into_inner();
    credentials::delete(&console.services, &console.caller, console.realm()?, &user, &id).await?;
    console.lead_to(&address(&console, &user, "/credentials"), Notice::new("The credential was deleted."))
}
