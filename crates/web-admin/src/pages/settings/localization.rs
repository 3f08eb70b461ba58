//! Languages of a realm, and its own texts in them.

use actix_web::web::Path;
use askama::Template;
use representation::StringMap;
use services::localization;
use web::{Shown, percent_encoded};

use super::{CHANGE, LOOK, of, save_realm, tabs};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Empty, List, PAGE, Query},
    notice::Notice,
    posted::Form,
    refusal::Answer,
    routes::Routes,
    settings::{Control, Field, Kind, Section, SettingsForm, gather, undoing, views},
    tabs::Tabs,
};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/settings/localization", LOOK, show);
    routes.form("/settings/localization", CHANGE, save);
    routes.form("/settings/localization/texts", CHANGE, save_text);
    routes.form("/settings/localization/texts/delete", CHANGE, delete_text);
    routes.page("/settings/localization/{locale}", LOOK, texts);
}

#[derive(Template)]
#[template(path = "admin/settings/localization.html")]
struct LocalizationPage {
    frame: Frame,
    tabs: Tabs,
    form: SettingsForm,
    locales: Vec<(Shown, String)>,
    editable: bool,
    texts: String,
    text: TypedText,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "admin/settings/texts.html")]
struct TextsPage {
    frame: Frame,
    back: String,
    editable: bool,
    texts: String,
    text: TypedText,
    errors: FormErrors,
    list: List,
}

/// A text that is being written.
#[derive(Clone, Debug, Default)]
struct TypedText {
    locale: String,
    key: String,
    text: String,
}

fn sections() -> Vec<Section> {
    let fields = vec![
        Field::switch("internationalizationEnabled", "Several languages"),
        Field::new("supportedLocales", "Languages", Kind::Many).help("One on each line, such as en, de or pt-BR."),
        Field::text("defaultLocale", "Language of people who ask for none of them"),
    ];
    let help = "This server's pages and mails are in English so far: languages and texts are kept, given to applications by \
                the API, and exported.";
    vec![Section::new("languages", "Languages", help, fields)]
}

async fn page(
    console: &Console,
    sent: Option<(&Form, &FormErrors)>,
    (text, errors): (TypedText, FormErrors),
) -> Result<LocalizationPage, crate::refusal::Refusal> {
    let realm = console.realm()?;
    let none = FormErrors::default();
    let (typed, wrong) = (sent.map(|(form, _)| form), sent.map_or(&none, |(_, errors)| errors));
    let settings = views(&sections(), &of(realm), typed, wrong, console.may(CHANGE));
    let path = console.path("/settings/localization");
    let locales = localization::locales(&console.services, &console.caller, realm).await?;
    let link = |locale: &String| (Shown::name(locale), format!("{path}/{}", percent_encoded(locale)));
    Ok(LocalizationPage {
        frame: console.frame("Settings: localization"),
        tabs: tabs(console),
        locales: locales.iter().map(link).collect(),
        editable: console.may(CHANGE),
        texts: format!("{path}/texts"),
        form: SettingsForm::new(settings, path),
        text,
        errors,
    })
}

async fn show(console: Console) -> Answer {
    console.show(&page(&console, None, Default::default()).await?)
}

async fn save(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (given, mut errors) = gather(&sections(), &form);
    if errors.is_empty() {
        let path = console.path("/settings/localization");
        let before = undoing(&sections(), &of(console.realm()?));
        match save_realm(&console, given).await? {
            Ok(_) => {
                let notice = Notice::new("The languages were saved.").undo(path.clone(), before);
                return console.lead_to(&path, notice);
            }
            Err(refused) => errors = refused,
        }
    }
    console.show_again(&page(&console, Some((&form, &errors)), Default::default()).await?)
}

async fn texts_page(
    console: &Console,
    locale: &str,
    (text, errors): (TypedText, FormErrors),
) -> Result<TextsPage, crate::refusal::Refusal> {
    let realm = console.realm()?;
    let query = Query::of(&console.address);
    let found = localization::texts(&console.services, &console.caller, realm, locale, false).await?;
    let search = query.get("q").to_lowercase();
    let fits = |key: &str, text: &str| key.to_lowercase().contains(&search) || text.to_lowercase().contains(&search);
    let editable = console.may(CHANGE);
    let path = console.path("/settings/localization");
    let own = format!("{path}/{}", percent_encoded(locale));
    let first = usize::try_from(query.first()).unwrap_or_default();
    let most = usize::try_from(PAGE + 1).unwrap_or_default();
    let row = |(key, text): (&String, &String)| {
        let mut cells = vec![Cell::code(key), Cell::Text(Shown::sentence(text))];
        if editable {
            cells.push(Cell::link(format!("{own}?key={}", percent_encoded(key)), "Change"));
            let fields = vec![("locale", locale.to_owned()), ("key", key.clone())];
            let action = format!("{path}/texts/delete");
            cells.push(Cell::Button { action, label: "Remove", about: Shown::name(key), fields });
        }
        cells
    };
    let rows = found.iter().filter(|(key, text)| fits(key, text)).skip(first).take(most).map(row).collect();
    let mut columns = vec![("Key", None), ("Text", None)];
    if editable {
        columns.extend([("Change", None), ("Remove", None)]);
    }
    let empty = Empty { text: "The realm has no texts of its own in this language.", action: None };
    let list =
        List::new(&query, "Texts", rows, empty).columns(&query, &columns).search(&query, "Part of a key or a text");
    let text = match (text.key.is_empty(), query.get("key")) {
        (true, key) if !key.is_empty() => TypedText {
            locale: locale.to_owned(),
            key: key.to_owned(),
            text: found.get(key).cloned().unwrap_or_default(),
        },
        _ => TypedText { locale: locale.to_owned(), ..text },
    };
    Ok(TextsPage {
        frame: console.frame(&format!("Texts: {locale}")),
        back: path.clone(),
        editable,
        texts: format!("{path}/texts"),
        text,
        errors,
        list,
    })
}

async fn texts(console: Console, names: Path<(String, String, String)>) -> Answer {
    let locale = names.into_inner().2;
    console.show(&texts_page(&console, &locale, Default::default()).await?)
}

async fn save_text(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let text = TypedText {
        locale: form.text("locale").to_owned(),
        key: form.text("key").to_owned(),
        text: form.raw("text").replace("\r\n", "\n"),
    };
    let given: StringMap = [(text.key.clone(), text.text.clone())].into_iter().collect();
    let realm = console.realm()?;
    match localization::save(&console.services, &console.caller, realm, &text.locale, given).await {
        Ok(()) => {
            let path = console.path(&format!("/settings/localization/{}", percent_encoded(&text.locale)));
            console.lead_to(&path, Notice::new(format!("The text {} was saved.", text.key)))
        }
        Err(error) => {
            let errors = FormErrors::of(error)?;
            console.show_again(&page(&console, None, (text, errors)).await?)
        }
    }
}

async fn delete_text(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (locale, key) = (form.text("locale"), form.text("key"));
    let realm = console.realm()?;
    let text = localization::text(&console.services, &console.caller, realm, locale, key).await?;
    localization::delete(&console.services, &console.caller, realm, locale, Some(key)).await?;
    let undo = [("locale", locale), ("key", key), ("text", &text)];
    let undo = undo.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let notice =
        Notice::new(format!("The text {key} is gone.")).undo(console.path("/settings/localization/texts"), undo);
    console.lead_to(&console.path(&format!("/settings/localization/{}", percent_encoded(locale))), notice)
}
