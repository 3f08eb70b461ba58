//! Events as a file: what the filters of a list let through, in pieces as they are read.

use std::{future::Future, pin::Pin};

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    web::Bytes,
};
use futures_util::stream;
use model::realm::Realm;
use services::{
    Caller, Services,
    events::export::{Export, Format},
    store,
};

use super::{VIEW, administration, logins};
use crate::{Console, list::Query, refusal::Answer, routes::Routes};

pub(super) fn routes(routes: &mut Routes) {
    routes.page("/events/export", VIEW, of_logins);
    routes.page("/admin-events/export", VIEW, of_administration);
}

fn format(query: &Query) -> Format {
    if query.get("format") == "csv" { Format::Csv } else { Format::JsonLines }
}

async fn of_logins(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let filter = logins::filter(&console, &query).await?;
    answer(&console, Export::of_logins(filter, format(&query)), format(&query), "events").await
}

async fn of_administration(console: Console) -> Answer {
    let query = Query::of(&console.address);
    let export = Export::of_administration(administration::filter(&query), format(&query));
    answer(&console, export, format(&query), "admin-events").await
}

type Piece<'a> = Pin<Box<dyn Future<Output = services::Result<Option<String>>> + 'a>>;

/// What gives its pieces one after the other.
trait Pieces {
    fn piece<'a>(&'a mut self, services: &'a Services, caller: &'a Caller, realm: &'a Realm) -> Piece<'a>;
}

impl Pieces for Export<store::events::Filter> {
    fn piece<'a>(&'a mut self, services: &'a Services, caller: &'a Caller, realm: &'a Realm) -> Piece<'a> {
        Box::pin(self.next(services, caller, realm))
    }
}

impl Pieces for Export<store::admin_events::Filter> {
    fn piece<'a>(&'a mut self, services: &'a Services, caller: &'a Caller, realm: &'a Realm) -> Piece<'a> {
        Box::pin(self.next(services, caller, realm))
    }
}

/// The file, whose first piece is read before anything is answered, so that a refusal is a page.
async fn answer(console: &Console, mut export: impl Pieces + 'static, format: Format, name: &str) -> Answer {
    let (services, caller, realm) = (console.services.clone(), console.caller.clone(), console.realm()?.clone());
    let first = export.piece(&services, &caller, &realm).await?;
    let rest = stream::unfold(
        (export, services, caller, realm, first),
        |(mut export, services, caller, realm, ready)| async {
            let ready = ready?;
            let next = match export.piece(&services, &caller, &realm).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "an export of events broke off");
                    // The connection ends before the file does, which browsers tell.
                    return Some((
                        Err(std::io::Error::other("the export broke off")),
                        (export, services, caller, realm, None),
                    ));
                }
            };
            Some((Ok(Bytes::from(ready)), (export, services, caller, realm, next)))
        },
    );
    let (kind, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::JsonLines => ("application/jsonl", "jsonl"),
    };
    let file = format!("attachment; filename=\"{name}.{ending}\"");
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, kind));
    answer.insert_header((CONTENT_DISPOSITION, file)).insert_header((CACHE_CONTROL, "no-store"));
    console.dressed(answer.streaming(rest))
}
