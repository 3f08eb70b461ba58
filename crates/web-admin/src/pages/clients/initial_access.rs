//! Initial access tokens: with one, an application registers itself.

use actix_web::web::Path;
use askama::Template;
use model::secret::Secret;
use representation::ClientInitialAccessCreatePresentation;
use serde_json::json;
use services::initial_access::{self, InitialAccessToken};
use web::percent_encoded;

use super::{MANAGE, VIEW};
use crate::{
    Console, Posted,
    form_errors::FormErrors,
    frame::Frame,
    list::{Cell, Empty, List, PAGE, Query},
    notice::Notice,
    posted::Form,
    refusal::{Answer, Refusal},
    routes::Routes,
    settings::{Control, Field, Kind, Section, SettingsForm, gather, views},
};

const PATH: &str = "/clients/initial-access";

pub(super) fn routes(routes: &mut Routes) {
    routes.page(PATH, VIEW, show);
    routes.form(PATH, MANAGE, create);
    routes.form("/clients/initial-access/{token}/delete", MANAGE, delete);
}

#[derive(Template)]
#[template(path = "admin/clients/initial_access.html")]
struct TokensPage {
    frame: Frame,
    clients: String,
    list: List,
    form: Option<SettingsForm>,
    token: Option<Secret>,
    endpoint: String,
}

fn sections() -> Vec<Section> {
    let fields = vec![
        Field::duration("expiration", "It is good for", 0).help("0 is without an end."),
        Field::number("count", "Applications that may register with it", 1, 10_000),
        Field::new("webOrigins", "Origins of pages that may use it", Kind::Many)
            .help("One per line. Only for applications that register from a browser."),
    ];
    vec![Section::new("new", "Make a token", "Give it to whoever is to register an application by themselves.", fields)]
}

async fn page(
    console: &Console,
    token: Option<Secret>,
    typed: Option<&Form>,
    errors: &FormErrors,
) -> Result<TokensPage, Refusal> {
    let query = Query::of(&console.address);
    let manage = console.may(MANAGE);
    let tokens = initial_access::list(&console.services, &console.caller, console.realm()?).await?;
    let first = usize::try_from(query.first()).unwrap_or_default();
    let page = usize::try_from(PAGE + 1).unwrap_or(usize::MAX);
    let row = |token: &InitialAccessToken| {
        let mut cells = vec![
            Cell::code(&token.id),
            Cell::time(token.created),
            token.expires.map_or_else(|| Cell::text("never"), Cell::time),
            Cell::text(&format!("{} of {}", token.remaining, token.total)),
        ];
        cells.extend(manage.then(|| Cell::Button {
            action: console.path(&format!("{PATH}/{}/delete", percent_encoded(&token.id))),
            label: "Delete",
            about: web::Shown::name(&format!("the token {}", token.id)),
            fields: Vec::new(),
        }));
        cells
    };
    let mut columns = vec![("Token", None), ("Made", None), ("Ends", None), ("Left", None)];
    columns.extend(manage.then_some(("Delete", None)));
    let empty = Empty { text: "There are no tokens: no application can register itself with one.", action: None };
    let rows = tokens.iter().skip(first).take(page).map(row).collect();
    let usual = json!({"expiration": 86_400, "count": 1});
    Ok(TokensPage {
        frame: console.frame("Initial access tokens"),
        clients: console.path("/clients"),
        list: List::new(&query, "Initial access tokens", rows, empty).columns(&query, &columns),
        form: manage.then(|| {
            let settings = views(&sections(), &usual, typed, errors, true);
            let mut form = SettingsForm::new(settings, console.path(PATH));
            form.save = "Make a token";
            form
        }),
        token,
        endpoint: format!("{}/clients-registrations/openid-connect", console.services.realm_url(console.realm()?)),
    })
}

async fn show(console: Console) -> Answer {
    console.show(&page(&console, None, None, &FormErrors::default()).await?)
}

/// The token is in this answer alone.
async fn create(posted: Posted) -> Answer {
    let Posted { console, form } = posted;
    let (gathered, mut errors) = gather(&sections(), &form);
    if errors.is_empty() {
        match serde_json::from_value::<ClientInitialAccessCreatePresentation>(gathered) {
            Ok(wanted) => {
                match initial_access::create(&console.services, &console.caller, console.realm()?, wanted).await {
                    Ok((_, token)) => {
                        return console.show(&page(&console, Some(token), None, &FormErrors::default()).await?);
                    }
                    Err(error) => errors = FormErrors::of(error)?,
                }
            }
            Err(error) => errors.add("", &format!("The form can't be read: {error}.")),
        }
    }
    console.show_again(&page(&console, None, Some(&form), &errors).await?)
}

async fn delete(posted: Posted, path: Path<(String, String, String)>) -> Answer {
    let console = &posted.console;
    initial_access::remove(&console.services, &console.caller, console.realm()?, &path.2).await?;
    console.lead_to(&console.path(PATH), Notice::new("The token was deleted: nobody can register with it any longer."))
}
