//! The public keys of an application: fetched from it, or kept here.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION},
    web::Path,
};
use askama::Template;
use model::{client::Client, id::ClientId, secret::Secret};
use services::clients::{
    self,
    keys::{self, StoreSettings, Upload},
};
use web::Shown;

use super::{
    MANAGE, VIEW, fields, settings,
    tabs::{self, Tabs},
};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    list::Moment,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, SettingsForm, undoing, views},
};

/// The key with which an application proves who it is; Keycloak's name.
const NAME: &str = "jwt.credential";
const PATH: &str = "/clients/{client}/keys";

pub(super) fn routes(routes: &mut Routes) {
    routes.page(PATH, VIEW, show);
    routes.form(PATH, MANAGE, save);
    routes.form("/clients/{client}/keys/upload", MANAGE, upload);
    routes.form("/clients/{client}/keys/generate", MANAGE, generate);
}

type ClientPath = Path<(String, String, ClientId)>;

#[derive(Template)]
#[template(path = "admin/clients/keys.html")]
struct KeysPage {
    frame: Frame,
    tabs: Tabs,
    form: SettingsForm,
    manage: bool,
    signs: bool,
    certificate: Option<Shown>,
    /// Until when the certificate is good, and whether that is over.
    until: Option<(Moment, bool)>,
    public_key: Option<Shown>,
    jwks: Option<String>,
    kinds: Vec<(&'static str, &'static str, bool)>,
    typed: String,
    error: Option<Shown>,
    password_error: Option<Shown>,
}

const KINDS: [(&str, &str); 3] =
    [("certificate", "A certificate (PEM)"), ("public", "A public key (PEM)"), ("jwks", "A JSON Web Key Set")];

async fn page(
    console: &Console,
    client: &Client,
    typed: Option<&Form>,
    errors: &FormErrors,
) -> Result<KeysPage, Refusal> {
    let kept = keys::get(&console.services, &console.caller, console.realm()?, &client.id, NAME).await?;
    let attribute = |name: &str| client.attributes.get(name).filter(|text| !text.is_empty());
    let settings_typed = typed.filter(|form| form.has("attributes.jwks.url"));
    let settings = views(&fields::keys(), &settings::of(client), settings_typed, errors, console.may(MANAGE));
    let chosen = typed.map_or("certificate", |form| form.text("kind"));
    let now = console.services.now();
    let until = kept.certificate.as_deref().and_then(keys::good_until).map(|until| (Moment::of(until), until < now));
    Ok(KeysPage {
        frame: console.frame(&format!("{}: keys", client.client_id)),
        tabs: Tabs::of(console, client, "/keys"),
        form: SettingsForm::new(settings, tabs::path(console, client, "/keys")),
        manage: console.may(MANAGE),
        signs: client.settings.client_authenticator_type == "client-jwt",
        certificate: kept.certificate.as_deref().map(Shown::name),
        until,
        public_key: kept.public_key.as_deref().map(Shown::name),
        jwks: attribute("jwks.string").filter(|_| attribute("use.jwks.string").is_some()).cloned(),
        kinds: KINDS.iter().map(|(value, label)| (*value, *label, *value == chosen)).collect(),
        typed: typed.map_or("", |form| form.raw("file")).to_owned(),
        error: errors.about("file").cloned(),
        password_error: errors.about("password").cloned(),
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
    let sections = fields::keys();
    match settings::change(&console, &path.2, &sections, &form).await? {
        Ok(()) => {
            let here = tabs::path(&console, &client, "/keys");
            let before = undoing(&sections, &settings::of(&client));
            console.lead_to(&here, Notice::new("The settings were saved.").undo(here.clone(), before))
        }
        Err(errors) => console.show_again(&page(&console, &client, Some(&form), &errors).await?),
    }
}

async fn upload(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let text = form.text("file").to_owned();
    let given = match form.text("kind") {
        "public" => Upload::PublicKey(text),
        "jwks" => Upload::Jwks(text),
        _ => Upload::Certificate(text),
    };
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    let kept = keys::upload(services, caller, realm, &path.2, NAME, given, false).await;
    let client = find(&console, &path.2).await?;
    match kept {
        Ok(_) => {
            let notice = Notice::new("The key is kept. What the application signs with it is believed from now on.");
            console.lead_to(&tabs::path(&console, &client, "/keys"), notice)
        }
        Err(error) => {
            let errors = FormErrors::of(error)?;
            console.show_again(&page(&console, &client, Some(&form), &errors).await?)
        }
    }
}

/// The private key is in this answer alone, in a store that the person's own password closes.
async fn generate(posted: Posted, path: ClientPath) -> Answer {
    let Posted { console, form } = posted;
    let client = find(&console, &path.2).await?;
    let Some(password) = form.secret("password") else {
        let mut errors = FormErrors::default();
        errors.add("password", "The file holds a private key, so it needs a password.");
        return console.show_again(&page(&console, &client, Some(&form), &errors).await?);
    };
    let wanted = StoreSettings {
        alias: client.client_id.clone(),
        password: Secret::new(password.expose().to_owned()),
        with_realm: false,
        key_size: Some(2_048),
        validity: Some(3),
    };
    let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
    match keys::generate_and_download(services, caller, realm, &path.2, NAME, &wanted).await {
        Ok(store) => {
            let mut answer = HttpResponse::Ok();
            answer
                .content_type("application/x-pkcs12")
                .insert_header((CACHE_CONTROL, "no-store"))
                .insert_header((CONTENT_DISPOSITION, "attachment; filename=\"client-key.p12\""));
            console.dressed(answer.body(store.to_vec()))
        }
        Err(error) => {
            let errors = FormErrors::of(error)?;
            console.show_again(&page(&console, &client, Some(&form), &errors).await?)
        }
    }
}
