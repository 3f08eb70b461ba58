//! How the realm's pages look: a name, a colour, a logo, a text. What is typed is shown before it is saved.

use actix_web::{HttpResponse, http::header::CACHE_CONTROL};
use askama::Template;
use model::realm::Realm;
use serde_json::{Map, Value, json};
use services::themes::{self, Colour, Colours};
use web::{RealmShown, Shown, percent_encoded};

use super::{CHANGE, LOOK, save_realm, tabs};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    list::Query,
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    tabs::Tabs,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/settings/themes", LOOK, show);
    routes.form("/settings/themes", CHANGE, save);
    routes.page("/settings/themes/preview.css", LOOK, preview);
}

/// What is shown in the field of the colour if there is none yet: that of the server's own pages.
const USUAL: &str = "#2a5a4c";

#[derive(Template)]
#[template(path = "admin/settings/themes.html")]
struct ThemesPage {
    frame: Frame,
    tabs: Tabs,
    action: String,
    editable: bool,
    typed: Typed,
    logo: Option<String>,
    errors: FormErrors,
    /// The style sheet of the preview.
    style: Option<String>,
    /// What becomes of the colour, on light pages and on dark ones.
    colours: Option<(String, String)>,
    shown: Shown,
    largest: usize,
    longest: usize,
}

/// What is typed, or kept.
struct Typed {
    name: String,
    own: bool,
    accent: String,
    text: String,
}

fn kept(realm: &Realm) -> Typed {
    let attribute = |name: &str| realm.settings.attributes.get(name).cloned().unwrap_or_default();
    let accent = attribute(themes::ACCENT);
    Typed {
        name: realm.settings.display_name.clone().unwrap_or_default(),
        own: !accent.is_empty(),
        accent: if accent.is_empty() { USUAL.to_owned() } else { accent },
        text: attribute(themes::TEXT),
    }
}

fn typed(form: &Form) -> Typed {
    Typed {
        name: form.raw("displayName").to_owned(),
        own: form.has("own"),
        accent: form.text("accent").to_owned(),
        text: form.raw("text").to_owned(),
    }
}

fn page(console: &Console, typed: Typed, errors: FormErrors) -> Result<ThemesPage, Refusal> {
    let realm = console.realm()?;
    let action = console.path("/settings/themes");
    let colour: Option<Colour> = typed.accent.parse().ok().filter(|_| typed.own);
    let colours = colour.map(Colours::of);
    let name = typed.name.trim();
    Ok(ThemesPage {
        frame: console.frame("Settings: themes"),
        tabs: tabs(console),
        editable: console.may(CHANGE),
        logo: RealmShown::of(realm).logo().map(str::to_owned),
        errors,
        style: colour.map(|colour| format!("{action}/preview.css?accent={}", percent_encoded(&colour.to_string()))),
        colours: colours.map(|colours| (colours.light.to_string(), colours.dark.to_string())),
        shown: Shown::name(if name.is_empty() { &realm.name } else { name }),
        largest: themes::LARGEST_LOGO / 1_024,
        longest: themes::LONGEST_TEXT,
        action,
        typed,
    })
}

async fn show(console: Console) -> Answer {
    let typed = kept(console.realm()?);
    console.show(&page(&console, typed, FormErrors::default())?)
}

/// The style sheet of the preview of a colour.
async fn preview(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let Ok(colour) = query.get("accent").parse::<Colour>() else {
        return Err(Refusal::Unreadable("That is no colour of the form #rrggbb."));
    };
    let Colours { light, dark, .. } = Colours::of(colour);
    let style = format!(".preview.light{{--p-accent:{light}}}\n.preview.dark{{--p-accent:{dark}}}\n");
    let mut answer = HttpResponse::Ok();
    answer.content_type("text/css; charset=utf-8").insert_header((CACHE_CONTROL, "private, max-age=3600"));
    console.dressed(answer.body(style))
}

async fn save(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let realm = console.realm()?;
    if form.has("preview") {
        return console.show(&page(&console, typed(&form), FormErrors::default())?);
    }
    let mut errors = FormErrors::default();
    let mut attributes = Map::new();
    let accent = if form.has("own") { form.text("accent") } else { "" };
    attributes.insert(themes::ACCENT.to_owned(), Value::from(accent));
    attributes.insert(themes::TEXT.to_owned(), Value::from(form.text("text")));
    if form.has("removeLogo") {
        attributes.insert(themes::LOGO.to_owned(), Value::from(""));
    } else if let Some(file) = form.file("logo") {
        match themes::logo_attribute(file) {
            Ok(logo) => {
                attributes.insert(themes::LOGO.to_owned(), Value::from(logo));
            }
            Err(error) => errors = FormErrors::of(error)?,
        }
    }
    if errors.is_empty() {
        let before = kept(realm);
        let name = form.text("displayName");
        match save_realm(&console, json!({"displayName": name, "attributes": attributes})).await? {
            Ok(path) => {
                let notice = Notice::new("The looks were saved. Login pages have them at once.");
                let mut undo = vec![("displayName", before.name), ("accent", before.accent), ("text", before.text)];
                undo.extend(before.own.then(|| ("own", "on".to_owned())));
                // A logo that was there is too large to come back that way; one that was not goes again.
                let new_logo = form.file("logo").is_some() && themes::sealed_logo(realm).is_none();
                undo.extend(new_logo.then(|| ("removeLogo", "on".to_owned())));
                let exchanged = (form.file("logo").is_some() && !new_logo) || form.has("removeLogo");
                let undo = undo.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                let path = format!("{path}/settings/themes");
                let notice = if exchanged { notice } else { notice.undo(path.clone(), undo) };
                return console.lead_to(&path, notice);
            }
            Err(refused) => errors = refused,
        }
    }
    console.show_again(&page(&console, typed(&form), errors)?)
}
