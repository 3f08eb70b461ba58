//! How an application proves who it is: its secret, and the token with which it changes its own registration.

use actix_web::web::Path;
use askama::Template;
use model::{client::Client, id::ClientId, secret::Secret};
use services::{Error, client_registration, clients};

use super::{
    MANAGE, VIEW, fields, settings,
    tabs::{self, Tabs},
};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    list::Moment,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, SettingsForm, undoing, views},
};

const PATH: &str = "/clients/{client}/credentials";
/// When the secret was made, in seconds since 1970; Keycloak's name.
const SECRET_CREATED: &str = "client.secret.creation.time";

pub(super) fn routes(routes: &mut Routes) {
    routes.page(PATH, VIEW, show);
    routes.form(PATH, MANAGE, save);
    routes.page("/clients/{client}/credentials/secret", MANAGE, ask_secret);
    routes.form("/clients/{client}/credentials/secret", MANAGE, new_secret);
    routes.form("/clients/{client}/credentials/registration", MANAGE, new_token);
}

type ClientPath = Path<(String, String, ClientId)>;

#[derive(Template)]
#[template(path = "admin/clients/credentials.html")]
struct CredentialsPage {
    frame: Frame,
    tabs: Tabs,
    form: SettingsForm,
    manage: bool,
    /// It has a secret at all.
    confidential: bool,
    uses_secret: bool,
    secret: Option<Secret>,
    created: Option<Moment>,
    registration: String,
    token: Option<Secret>,
}

async fn page(
    console: &Console,
    client: &Client,
    typed: Option<&Form>,
    errors: &FormErrors,
) -> Result<CredentialsPage, Refusal> {
    let manage = console.may(MANAGE);
    let confidential = !client.settings.public_client && !client.settings.bearer_only;
    let secret = match manage && confidential {
        true => match clients::secret(&console.services, &console.caller, console.realm()?, &client.id).await {
            Ok(secret) => Some(secret),
            Err(Error::NotFound(_) | Error::Forbidden) => None,
            Err(error) => return Err(error.into()),
        },
        false => None,
    };
    let created = client.attributes.get(SECRET_CREATED).and_then(|seconds| seconds.parse::<i64>().ok());
    let settings = views(&fields::credentials(), &settings::of(client), typed, errors, manage);
    let issuer = console.services.realm_url(console.realm()?);
    Ok(CredentialsPage {
        frame: console.frame(&format!("{}: credentials", client.client_id)),
        tabs: Tabs::of(console, client, "/credentials"),
        form: SettingsForm::new(settings, tabs::path(console, client, "/credentials")),
        manage,
        confidential,
        uses_secret: client.settings.client_authenticator_type.starts_with("client-secret"),
        secret,
        created: created.map(|seconds| Moment::of_millis(seconds.saturating_mul(1_000))),
        registration: format!("{issuer}/clients-registrations/openid-connect/{}", client.client_id),
        token: None,
    })
}

async fn find(console: &Console, id: &ClientId) -> Result<Client, Refusal> {
    Ok(clients::find(&console.services, &console.caller, console.realm()?, id).await?)
}

async fn show(console: Console, path: ClientPath) -> Answer {
    let client = find(&console, &path.2).await?;
    console.show(&page(&console, &client, None, &FormErrors::default()).await?)
}

async fn save(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let client = find(&console, &path.2).await?;
    let sections = fields::credentials();
    match settings::change(&console, &path.2, &sections, &form).await? {
        Ok(()) => {
            let here = tabs::path(&console, &client, "/credentials");
            let before = undoing(&sections, &settings::of(&client));
            console.lead_to(&here, Notice::new("The settings were saved.").undo(here.clone(), before))
        }
        Err(errors) => console.show_again(&page(&console, &client, Some(&form), &errors).await?),
    }
}

async fn ask_secret(console: Console, path: ClientPath) -> Answer {
    let client = find(&console, &path.2).await?;
    console.ask(Question {
        title: &format!("Make a new secret for {}?", client.client_id),
        consequence: "The old one is good no more from then on: the application can't log anybody in until it knows the \
                      new one. Tokens that it has stay good.",
        action: tabs::path(&console, &client, "/credentials/secret"),
        verb: "Make a new secret",
        back: tabs::path(&console, &client, "/credentials"),
        fields: Vec::new(),
        name: None,
    })
}

async fn new_secret(posted: Posted, path: ClientPath) -> Answer {
    let console = &posted.console;
    clients::regenerate_secret(&console.services, &console.caller, console.realm()?, &path.2).await?;
    let client = find(console, &path.2).await?;
    let notice = Notice::new("There is a new secret. Write it into the application.");
    console.lead_to(&tabs::path(console, &client, "/credentials"), notice)
}

/// The token is in this answer alone.
async fn new_token(posted: Posted, path: ClientPath) -> Answer {
    let console = &posted.console;
    let made =
        client_registration::regenerate_token(&console.services, &console.caller, console.realm()?, &path.2).await;
    let client = find(console, &path.2).await?;
    match made {
        Ok(token) => {
            let mut page = page(console, &client, None, &FormErrors::default()).await?;
            page.token = Some(token);
            console.show(&page)
        }
        Err(error) => console.show_again(&page(console, &client, None, &FormErrors::of(error)?).await?),
    }
}
