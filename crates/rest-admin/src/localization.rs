//! Texts of a realm by locale and key.

use actix_web::{
    HttpResponse,
    http::header::ContentType,
    web::{Path, Query},
};
use model::permission::Permission;
use representation::{StringMap, TextMap, parse};
use serde::Deserialize;
use services::{Error, What, localization};

use crate::{
    Routes,
    answers::{Json, NoContent, PlainText},
    bodies::{self, BodyOrUpload, Either, Text},
    errors::{Answer, Refusal},
    kit::{Admin, json, no_content},
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

async fn locales(admin: Admin) -> Answer<Json<Vec<String>>> {
    json(&localization::locales(&admin.services, &admin.caller, admin.realm()?).await?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TextsQuery {
    #[serde(default, deserialize_with = "crate::kit::switch")]
    use_realm_default_locale_fallback: Option<bool>,
}

async fn texts(admin: Admin, path: LocalePath, query: Query<TextsQuery>) -> Answer<Json<StringMap>> {
    let fallback = query.use_realm_default_locale_fallback.unwrap_or(false);
    json(&localization::texts(&admin.services, &admin.caller, admin.realm()?, &path.1, fallback).await?)
}

/// The part of the form with which texts come.
struct TextsParts;

impl bodies::Parts for TextsParts {
    const TEXTS: &'static [&'static str] = &[];
    const FILES: &'static [&'static str] = &["file"];
}

async fn save(admin: Admin, path: LocalePath, given: BodyOrUpload<TextMap, TextsParts>) -> Answer<NoContent> {
    let realm = admin.realm()?;
    let TextMap(texts) = match given.read().await? {
        Either::Body(texts) => texts,
        Either::Upload(form) => {
            let file = form.get("file").ok_or_else(|| Refusal::BadRequest("HTTP 400 Bad Request".to_owned()))?;
            parse(file).map_err(|error| {
                tracing::debug!(%error, "a file of texts that can't be read");
                Refusal::BadRequest("Could not read file.".to_owned())
            })?
        }
    };
    if texts.values().any(|text| text.contains('\0')) {
        return Err(Refusal::BadRequest("A text must not hold the NUL character".to_owned()));
    }
    localization::save(&admin.services, &admin.caller, realm, &path.1, texts).await?;
    no_content()
}

async fn delete_locale(admin: Admin, path: LocalePath) -> Answer<NoContent> {
    match localization::delete(&admin.services, &admin.caller, admin.realm()?, &path.1, None).await {
        Err(Error::NotFound(What::LocalizationText)) => {
            let text = format!("No localization texts for locale {} found.", path.1);
            Err(Refusal::NotFound(text.into()))
        }
        Err(error) => Err(error.into()),
        Ok(()) => no_content(),
    }
}

async fn text(admin: Admin, path: KeyPath) -> Answer<PlainText> {
    let (_, locale, key) = path.into_inner();
    let text = localization::text(&admin.services, &admin.caller, admin.realm()?, &locale, &key).await?;
    Ok(PlainText(HttpResponse::Ok().insert_header(ContentType::plaintext()).body(text)))
}

async fn save_text(admin: Admin, path: KeyPath, text: Text) -> Answer<NoContent> {
    let (_, locale, key) = path.into_inner();
    let text = text.read();
    let text = text.ok_or_else(|| Refusal::BadRequest("A text is UTF-8 without the NUL character".to_owned()))?;
    let texts = [(key, text.to_owned())].into();
    localization::save(&admin.services, &admin.caller, admin.realm()?, &locale, texts).await?;
    no_content()
}

async fn delete_text(admin: Admin, path: KeyPath) -> Answer<NoContent> {
    let (_, locale, key) = path.into_inner();
    localization::delete(&admin.services, &admin.caller, admin.realm()?, &locale, Some(&key)).await?;
    no_content()
}
