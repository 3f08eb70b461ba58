//! The settings of a realm.
//!
//! What each page asks for stands in a file of its own as data; the two handlers here show it and save it.

mod defences;
mod delete;
mod email;
mod general;
mod localization;
mod login;
mod policies;
mod profile;
mod themes;
mod tokens;

use askama::Template;
use model::{
    permission::Permission::{self, ManageRealm, ViewRealm},
    realm::Realm,
};
use representation::RealmRepresentation;
use serde_json::Value;
use services::realms;
use web::{Shown, percent_encoded};

use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    notice::Notice,
    posted::Form,
    refusal::Answer,
    routes::Routes,
    settings::{Control, Section, SettingsForm, gather, undoing, views},
    tabs::Tabs,
};

/// Who sees the settings of a realm.
pub(crate) const LOOK: &[Permission] = &[ViewRealm, ManageRealm];
/// Who changes them.
pub(crate) const CHANGE: &[Permission] = &[ManageRealm];

/// The pages that are nothing but fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    General,
    Login,
    Tokens,
    Email,
    Defences,
}

const PAGES: [Page; 5] = [Page::General, Page::Login, Page::Tokens, Page::Email, Page::Defences];

pub(crate) fn routes(routes: &mut Routes) {
    for page in PAGES {
        routes.page(page.path(), LOOK, move |console: Console| show(console, page));
        routes.form(page.path(), CHANGE, move |posted: Posted| save(posted, page));
    }
    delete::routes(routes);
    localization::routes(routes);
    policies::routes(routes);
    profile::routes(routes);
    themes::routes(routes);
}

/// The tabs of all pages of settings.
pub(crate) fn tabs(console: &Console) -> Tabs {
    let pages = [
        ("General", "/settings"),
        ("Login", "/settings/login"),
        ("Tokens and sessions", "/settings/tokens"),
        ("E-mail", "/settings/email"),
        ("Themes", "/settings/themes"),
        ("Localization", "/settings/localization"),
        ("Security defences", "/settings/defences"),
        ("User profile", "/settings/profile"),
        ("Client policies", "/settings/client-policies"),
    ];
    Tabs::new(console, "Settings of the realm", &pages)
}

impl Page {
    fn path(self) -> &'static str {
        match self {
            Self::General => "/settings",
            Self::Login => "/settings/login",
            Self::Tokens => "/settings/tokens",
            Self::Email => "/settings/email",
            Self::Defences => "/settings/defences",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::General => "Settings",
            Self::Login => "Settings: login",
            Self::Tokens => "Settings: tokens and sessions",
            Self::Email => "Settings: e-mail",
            Self::Defences => "Settings: security defences",
        }
    }

    fn sections(self, realm: &Realm) -> Vec<Section> {
        match self {
            Self::General => general::sections(realm),
            Self::Login => login::sections(),
            Self::Tokens => tokens::sections(),
            Self::Email => email::sections(),
            Self::Defences => defences::sections(),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/settings/page.html")]
struct SettingsPage {
    frame: Frame,
    tabs: Tabs,
    done: Option<Shown>,
    form: SettingsForm,
    /// Where the realm can be removed.
    delete: Option<String>,
}

fn page(
    console: &Console,
    page: Page,
    typed: Option<&Form>,
    errors: &FormErrors,
) -> Result<SettingsPage, crate::refusal::Refusal> {
    let realm = console.realm()?;
    let settings = views(&page.sections(realm), &of(realm), typed, errors, console.may(CHANGE));
    let mut form = SettingsForm::new(settings, console.path(page.path()));
    if page == Page::Email {
        form.buttons.push(("test", "Send a test mail to me"));
    }
    let may_delete = page == Page::General && console.may(CHANGE) && !realm.is_master();
    let delete = may_delete.then(|| console.path("/settings/delete"));
    Ok(SettingsPage { frame: console.frame(page.title()), tabs: tabs(console), done: None, form, delete })
}

/// The realm as the Admin API has it.
pub(crate) fn of(realm: &Realm) -> Value {
    serde_json::to_value(RealmRepresentation::of(realm)).unwrap_or_default()
}

async fn show(console: Console, which: Page) -> Answer {
    console.show(&page(&console, which, None, &FormErrors::default())?)
}

async fn save(posted: Posted, which: Page) -> Answer {
    let Posted { console, form } = posted;
    let realm = console.realm()?;
    let sections = which.sections(realm);
    let (mut given, errors) = gather(&sections, &form);
    if !errors.is_empty() {
        return console.show_again(&page(&console, which, Some(&form), &errors)?);
    }
    if which == Page::Email {
        email::complete(&mut given, &of(realm));
        if form.has("test") {
            return match email::test(&console, &given).await? {
                Ok(text) => {
                    let mut shown = page(&console, which, Some(&form), &FormErrors::default())?;
                    shown.done = Some(text);
                    console.show(&shown)
                }
                Err(errors) => console.show_again(&page(&console, which, Some(&form), &errors)?),
            };
        }
    }
    let before = undoing(&sections, &of(realm));
    match save_realm(&console, given).await? {
        Ok(path) => {
            let notice = Notice::new("The settings were saved.").undo(format!("{path}{}", which.path()), before);
            console.lead_to(&format!("{path}{}", which.path()), notice)
        }
        Err(errors) => console.show_again(&page(&console, which, Some(&form), &errors)?),
    }
}

/// Changes the realm as a form says. Gives its path, which is another one if it got another name.
pub(crate) async fn save_realm(
    console: &Console,
    given: Value,
) -> Result<Result<String, FormErrors>, crate::refusal::Refusal> {
    let given: RealmRepresentation = match serde_json::from_value(given) {
        Ok(given) => given,
        Err(error) => {
            let mut errors = FormErrors::default();
            errors.add("", &format!("The settings can't be read: {error}."));
            return Ok(Err(errors));
        }
    };
    let realm = console.realm()?;
    let name = given.realm.clone().unwrap_or_else(|| realm.name.clone());
    match realms::update(&console.services, &console.caller, realm, given).await {
        Ok(()) => {
            // Whoever renames the realm that they belong to goes on in its console under the new name.
            let home = if realm.id == console.home.id { &name } else { &console.home.name };
            Ok(Ok(format!("/admin/{}/console/realms/{}", percent_encoded(home), percent_encoded(&name))))
        }
        Err(error) => Ok(Err(FormErrors::of(error)?)),
    }
}
