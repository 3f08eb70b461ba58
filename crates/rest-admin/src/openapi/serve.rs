//! `/admin/openapi.json`: made once, as it is the same as long as the server runs.

use std::{
    future::{Ready, ready},
    sync::LazyLock,
};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{CACHE_CONTROL, ETag, EntityTag, Header as _, IfNoneMatch},
    },
    web::Bytes,
};
use serde_json::Value;

use super::{Describing, Gives, JSON, Takes, document};
use crate::{
    Routes,
    answers::DocumentAnswer,
    errors::Answer,
    kit::Admin,
    routes::{Rule, declared},
};

pub(crate) fn routes(routes: &mut Routes) {
    routes.add(Method::GET, "/openapi.json", Rule::Authenticated, get);
}

/// The document and its tag.
static DOCUMENT: LazyLock<(Bytes, EntityTag)> = LazyLock::new(|| {
    let text = document(&declared()).to_json().unwrap_or_default();
    let tag = format!("{:016x}", web::assets::fnv1a(text.as_bytes()));
    (Bytes::from(text), EntityTag::new_strong(tag))
});

/// The tags that the caller knows.
struct Known(Option<IfNoneMatch>);

impl FromRequest for Known {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = request.headers().contains_key(IfNoneMatch::name());
        ready(Ok(Self(given.then(|| request.get_header()).flatten())))
    }
}

impl Takes for Known {
    fn describe(_: &mut Describing<'_>) {}
}

async fn get(_: Admin, Known(tags): Known) -> Answer<DocumentAnswer> {
    let (text, tag) = &*DOCUMENT;
    let is_known = match &tags {
        None => false,
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
    };
    let status = if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut answer = HttpResponse::build(status);
    answer.insert_header(ETag(tag.clone())).insert_header((CACHE_CONTROL, "no-cache"));
    Ok(DocumentAnswer(if is_known { answer.finish() } else { answer.content_type(JSON).body(text.clone()) }))
}

impl Gives for DocumentAnswer {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers::<Value>(StatusCode::OK, JSON);
        describing.answers_nothing(StatusCode::NOT_MODIFIED);
    }
}
