//! Making a user.

use model::user::User;
use representation::{CredentialRepresentation, UserRepresentation};
use services::users;

use super::{MANAGE, address, profile::Profile};
use crate::{
    Console, Posted,
    field::Field,
    form_errors::FormErrors,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    sheets::{FormSheet, Sheets},
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/users/new", MANAGE, form);
    routes.form("/users/new", MANAGE, create);
}

async fn form(console: Console) -> Answer {
    page(&console, None, &FormErrors::default()).await?.show(&console)
}

async fn page(console: &Console, form: Option<&Form>, errors: &FormErrors) -> Result<Sheets, Refusal> {
    let profile = Profile::of(console).await?;
    let on = |name: &str, usual: bool| form.map_or(usual, |form| form.has(name));
    let mut fields = profile.fields(None::<&User>, form, errors, false);
    fields.push(
        Field::switch("emailVerified", "The e-mail address is verified", on("emailVerified", false))
            .help("Nobody needs to prove that the address belongs to this person."),
    );
    fields.push(
        Field::secret("password", "Password")
            .help("Leave it empty if the person is to choose one by a link that you mail them."),
    );
    fields.push(
        Field::switch("temporary", "The person must change the password at the first login", on("temporary", true))
            .help("Recommended: then you don't know the password that they use."),
    );
    if let Some(field) = fields.iter_mut().find(|field| field.name == "password") {
        field.error = errors.about("password").cloned();
    }
    let mut known = profile.names();
    known.push("password");
    let sheet = FormSheet {
        id: "user",
        action: console.path("/users/new"),
        fields,
        attributes: profile.others(None, form, false),
        submit: "Create the user",
        cancel: Some(console.path("/users")),
        problems: errors.beyond(&known).cloned().collect(),
        ..FormSheet::default()
    };
    Ok(Sheets::new(console, "Create a user").below(console.path("/users"), "Users").form(sheet))
}

async fn create(Posted { console, form }: Posted) -> Answer {
    let password = form.secret("password").map(|value| CredentialRepresentation {
        r#type: Some("password".to_owned()),
        value: Some(value.expose().into()),
        temporary: Some(form.has("temporary")),
        ..CredentialRepresentation::default()
    });
    let given = UserRepresentation {
        enabled: Some(true),
        email_verified: Some(form.has("emailVerified")),
        credentials: password.map(|password| vec![password]),
        ..Profile::of(&console).await?.read(&form)
    };
    match users::create(&console.services, &console.caller, console.realm()?, given).await {
        Ok(user) => {
            let text = format!("The user {} was created.", user.username);
            console.lead_to(&address(&console, &user.id, ""), Notice::new(text))
        }
        Err(error) => {
            let errors = super::credentials::about_password(error)?;
            page(&console, Some(&form), &errors).await?.show_again(&console)
        }
    }
}
