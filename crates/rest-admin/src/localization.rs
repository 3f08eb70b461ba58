//! Texts of a realm by locale and key.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::ContentType,
    web::{Bytes, Path, Query},
};
use model::permission::Permission;
use representation::{ErrorText, TextMap, parse};
use serde::Deserialize;
use services::{Error, What, localization};

use crate::{
    Routes,
    errors::{Answer, Refusal},
    kit::{Admin, body, json, no_content},
    multipart,
};

const ANY: &[Permission] = &Permission::ALL;
const MANAGE: &[Permission] = &[Permission::ManageRealm];

pub(crate) fn routes(routes: &mut Routes) {
    routes.get("/localization", ANY, locales);
    routes.get("/localization/{locale}", ANY, texts);
    routes.post("/localization/{locale}", MANAGE, save);
    routes.delete("/localization/{locale}", MANAGE, delete_locale);
    routes.get("/localization/{locale}/{key}", ANY, text);
    routes.put("/localization/{locale}/{key}", MANAGE, save_text);
    routes.delete("/localization/{locale}/{key}", MANAGE, delete_text);
}

type LocalePath = Path<(String, String)>;
type KeyPath = Path<(String, String, String)>;

async fn locales(admin: Admin) -> Answer {
    json(&localization::locales(&admin.services, &admin.caller, admin.realm()?).await?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TextsQuery {
    #[serde(default, deserialize_with = "crate::kit::switch")]
    use_realm_default_locale_fallback: Option<bool>,
}

async fn texts(admin: Admin, path: LocalePath, query: Query<TextsQuery>) -> Answer {
    let fallback = query.use_realm_default_locale_fallback.unwrap_or(false);
    json(&localization::texts(&admin.services, &admin.caller, admin.realm()?, &path.1, fallback).await?)
}

async fn save(admin: Admin, path: LocalePath, request: HttpRequest, bytes: Bytes) -> Answer {
    let realm = admin.realm()?;
    let TextMap(texts) = if multipart::is_multipart(&request) {
        let form = multipart::Parts::read(&request, bytes).await?;
        let file = form.get("file").ok_or_else(|| Refusal::BadRequest("HTTP 400 Bad Request".to_owned()))?;
        parse(file).map_err(|error| {
            tracing::debug!(%error, "a file of texts that can't be read");
            Refusal::BadRequest("Could not read file.".to_owned())
        })?
    } else {
        body(&bytes)?
    };
    if texts.values().any(|text| text.contains('\0')) {
        return Err(Refusal::BadRequest("A text must not hold the NUL character".to_owned()));
    }
    localization::save(&admin.services, &admin.caller, realm, &path.1, texts).await?;
    no_content()
}

async fn delete_locale(admin: Admin, path: LocalePath) -> Answer {
    match localization::delete(&admin.services, &admin.caller, admin.realm()?, &path.1, None).await {
        Err(Error::NotFound(What::LocalizationText)) => {
            let text = format!("No localization texts for locale {} found.", path.1);
            Ok(HttpResponse::NotFound().json(ErrorText::new(text)))
        }
        Err(error) => Err(error.into()),
        Ok(()) => no_content(),
    }
}

async fn text(admin: Admin, path: KeyPath) -> Answer {
    let (_, locale, key) = path.into_inner();
    let text = localization::text(&admin.services, &admin.caller, admin.realm()?, &locale, &key).await?;
    Ok(HttpResponse::Ok().insert_header(ContentType::plaintext()).body(text))
}

async fn save_text(admin: Admin, path: KeyPath, bytes: Bytes) -> Answer {
    let (_, locale, key) = path.into_inner();
    let text = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| Refusal::BadRequest("A text is UTF-8 without the NUL character".to_owned()))?;
    let texts = [(key, text.to_owned())].into();
    localization::save(&admin.services, &admin.caller, admin.realm()?, &locale, texts).await?;
    no_content()
}

async fn delete_text(admin: Admin, path: KeyPath) -> Answer {
    let (_, locale, key) = path.into_inner();
    localization::delete(&admin.services, &admin.caller, admin.realm()?, &locale, Some(&key)).await?;
    no_content()
}
