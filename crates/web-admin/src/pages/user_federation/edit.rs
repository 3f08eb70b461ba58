//! One user store: made, changed, tried out, removed.

use actix_web::web::Path;
use askama::Template;
use model::{
    component::{Component, USER_STORAGE_MAPPER, USER_STORAGE_PROVIDER},
    id::ComponentId,
};
use representation::{ComponentRepresentation, SecretText, TestLdapConnectionRepresentation};
use serde_json::{Value, json};
use services::{
    Error, What, components,
    store::components::Filter,
    user_storage::{self, kinds::LDAP},
};
use web::{Shown, percent_encoded};

use super::{CHANGE, HONEST, kinds, path};
use crate::{
    Console, Posted,
    confirm::Question,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    settings::{Control, SettingsForm, gather, views},
};

type Names = Path<(String, String, String)>;

#[derive(Template)]
#[template(path = "admin/providers/store.html")]
struct StorePage {
    frame: Frame,
    crumbs: Vec<(Shown, String)>,
    honest: &'static str,
    /// What came of trying it out: whether it worked, and what is said.
    tried: Option<(bool, Shown)>,
    form: SettingsForm,
    delete: Option<String>,
    mappers: Option<Mappers>,
}

struct Mappers {
    rows: Vec<(Shown, String, String)>,
    add: Option<String>,
}

fn crumbs(console: &Console) -> Vec<(Shown, String)> {
    vec![(Shown::name("User federation"), console.path("/user-federation"))]
}

/// Both ways to try a directory out: the button's name, and what it says.
const TRIES: [(&str, &str); 2] = [("testConnection", "Try the connection"), ("testAuthentication", "Try the login")];

fn new_page(console: &Console, sent: Option<(&Form, &FormErrors)>) -> StorePage {
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let stored = json!({"name": "ldap"});
    let settings = views(&kinds::sections(LDAP), &stored, typed, errors, true);
    let mut form = SettingsForm::new(settings, console.path("/user-federation/new"));
    form.save = "Add the directory";
    form.buttons = TRIES.to_vec();
    form.back = Some(console.path("/user-federation"));
    StorePage {
        frame: console.frame("Add an LDAP directory"),
        crumbs: crumbs(console),
        honest: HONEST,
        tried: None,
        form,
        delete: None,
        mappers: None,
    }
}

pub(super) async fn new(console: Console) -> Answer {
    console.show(&new_page(&console, None))
}

pub(super) async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (given, mut errors) = gather(&kinds::sections(LDAP), &form);
    if errors.is_empty() {
        if let Some(tried) = try_out(&console, &form, &given, None).await? {
            let mut page = new_page(&console, Some((&form, &errors)));
            page.tried = Some(tried);
            return console.show(&page);
        }
        let given = ComponentRepresentation {
            provider_id: Some(LDAP.to_owned()),
            provider_type: Some(USER_STORAGE_PROVIDER.to_owned()),
            ..read(given)
        };
        match components::create(&console.services, &console.caller, console.realm()?, given).await {
            Ok(made) => {
                let notice = Notice::new("The directory was added, with the usual mappers.");
                return console.lead_to(&path(&console, &made.id.0), notice);
            }
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    console.show_again(&new_page(&console, Some((&form, &errors))))
}

fn read(given: Value) -> ComponentRepresentation {
    serde_json::from_value(given).unwrap_or_default()
}

/// Tries a directory with the settings in a form, if that is what was asked for.
async fn try_out(
    console: &Console,
    form: &Form,
    given: &Value,
    store: Option<&ComponentId>,
) -> Result<Option<(bool, Shown)>, Refusal> {
    let Some((action, _)) = TRIES.into_iter().find(|(name, _)| form.has(name)) else { return Ok(None) };
    let setting = |name: &str| {
        let value = given.get("config").and_then(|config| config.get(name)).and_then(|values| values.get(0));
        value.and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let given = TestLdapConnectionRepresentation {
        action: Some(action.to_owned()),
        connection_url: setting("connectionUrl"),
        bind_dn: setting("bindDn"),
        bind_credential: setting("bindCredential").map(SecretText::new),
        use_truststore_spi: None,
        connection_timeout: setting("connectionTimeout"),
        component_id: store.map(|id| id.0.clone()),
        start_tls: setting("startTls"),
        auth_type: setting("authType"),
    };
    let tried = user_storage::test(&console.services, &console.caller, console.realm()?, given).await;
    let shown = match tried {
        Ok(()) if action == "testConnection" => (true, Shown::sentence("The directory answers.")),
        Ok(()) => (true, Shown::sentence("The directory answers, and takes the login.")),
        Err(error) => {
            let errors = FormErrors::of(error)?;
            let text = errors.beyond(&[]).next().cloned();
            (false, text.unwrap_or_else(|| Shown::sentence("It did not work: look at the address and the login.")))
        }
    };
    Ok(Some(shown))
}

/// The store in the path.
pub(super) async fn found(console: &Console, id: &str) -> Result<Component, Refusal> {
    let id = ComponentId(id.to_owned());
    let found = components::get(&console.services, &console.caller, console.realm()?, &id).await?;
    match found.provider_type == USER_STORAGE_PROVIDER {
        true => Ok(found),
        false => Err(Refusal::Service(Error::NotFound(What::Component))),
    }
}

async fn page(console: &Console, store: &Component, sent: Option<(&Form, &FormErrors)>) -> Result<StorePage, Refusal> {
    let none = FormErrors::default();
    let (typed, errors) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let stored = serde_json::to_value(ComponentRepresentation::from(store)).unwrap_or_default();
    let editable = console.may(CHANGE);
    let settings = views(&kinds::sections(&store.provider_id), &stored, typed, errors, editable);
    let own = path(console, &store.id.0);
    let filter = Filter {
        provider_type: Some(USER_STORAGE_MAPPER.to_owned()),
        parent_id: Some(store.id.0.clone()),
        ..Filter::default()
    };
    let mappers = components::list(&console.services, &console.caller, console.realm()?, &filter).await?;
    let row = |mapper: &Component| {
        let href = format!("{own}/mappers/{}", percent_encoded(&mapper.id.0));
        (Shown::name(&mapper.name), mapper.provider_id.clone(), href)
    };
    let is_ldap = store.provider_id == LDAP;
    let mut form = SettingsForm::new(settings, own.clone());
    form.buttons = if is_ldap { TRIES.to_vec() } else { Vec::new() };
    Ok(StorePage {
        frame: console.frame(&store.name),
        crumbs: crumbs(console),
        honest: HONEST,
        tried: None,
        form,
        delete: editable.then(|| format!("{own}/delete")),
        mappers: is_ldap.then(|| Mappers {
            rows: mappers.iter().map(row).collect(),
            add: editable.then(|| format!("{own}/mappers/new")),
        }),
    })
}

pub(super) async fn show(console: Console, names: Names) -> Answer {
    let store = found(&console, &names.into_inner().2).await?;
    console.show(&page(&console, &store, None).await?)
}

pub(super) async fn save(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let store = found(&console, &names.into_inner().2).await?;
    let (given, mut errors) = gather(&kinds::sections(&store.provider_id), &form);
    if errors.is_empty() {
        if let Some(tried) = try_out(&console, &form, &given, Some(&store.id)).await? {
            let mut page = page(&console, &store, Some((&form, &errors))).await?;
            page.tried = Some(tried);
            return console.show(&page);
        }
        let realm = console.realm()?;
        match components::update(&console.services, &console.caller, realm, &store.id, read(given)).await {
            Ok(()) => {
                return console.lead_to(&path(&console, &store.id.0), Notice::new("The settings were saved."));
            }
            Err(error) => errors = FormErrors::of(error)?.within_but("config.", &["name"]),
        }
    }
    console.show_again(&page(&console, &store, Some((&form, &errors))).await?)
}

fn question<'a>(console: &Console, id: &str, name: &'a str) -> Question<'a> {
    let own = path(console, id);
    Question {
        title: "Remove this user store?",
        consequence: "Its settings and mappers go and can't be had back. Nothing is changed in the directory itself.",
        action: format!("{own}/delete"),
        verb: "Remove it",
        back: own,
        fields: Vec::new(),
        name: Some(name),
    }
}

pub(super) async fn ask(console: Console, names: Names) -> Answer {
    let id = names.into_inner().2;
    let store = found(&console, &id).await?;
    console.ask(question(&console, &id, &store.name))
}

pub(super) async fn delete(posted: Posted, names: Names) -> Answer {
    let Posted { console, form } = posted;
    let id = names.into_inner().2;
    let store = found(&console, &id).await?;
    if let Some(answer) = console.ask_again(question(&console, &id, &store.name), &form) {
        return answer;
    }
    components::delete(&console.services, &console.caller, console.realm()?, &store.id).await?;
    console.lead_to(&console.path("/user-federation"), Notice::new("The user store is gone."))
}
