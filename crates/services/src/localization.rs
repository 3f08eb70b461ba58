//! Texts of a realm by locale and key: kept and given back. Pages don't show them yet.

use std::collections::BTreeMap;

use model::{Attributes, event::Operation, permission::Permission, realm::Realm};
use representation::StringMap;
use serde_json::Value;
use store::{PgConnection, Tx};

use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    error::Found,
    import_report::ImportReport,
    realms::{MAX_TEXT_LENGTH, given_name},
};

const MANAGE: &[Permission] = &[Permission::ManageRealm];

/// The most texts that a realm may have.
const MAX_TEXTS: i64 = 100_000;

/// Texts are for whoever administers anything in the realm.
fn require_any(caller: &Caller) -> Result<()> {
    if caller.permissions.is_empty() { Err(Error::Forbidden) } else { Ok(()) }
}

/// The locales for which a realm has texts.
///
/// # Errors
/// `Forbidden` without any permission on the realm.
pub async fn locales(services: &Services, caller: &Caller, realm: &Realm) -> Result<Vec<String>> {
    require_any(caller)?;
    Ok(store::localization::locales(&mut *services.store.read().await?, realm.id).await?)
}

/// The texts of a locale; with `fallback`, those of the realm's default locale where it has none.
///
/// # Errors
/// `Forbidden` without any permission on the realm.
pub async fn texts(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    locale: &str,
    fallback: bool,
) -> Result<Attributes> {
    require_any(caller)?;
    let usual = realm.settings.uninterpreted.get("defaultLocale").and_then(Value::as_str).filter(|_| fallback);
    let wanted: Vec<String> = usual.into_iter().chain([locale]).map(str::to_owned).collect();
    let mut conn = services.store.read().await?;
    let mut found = store::localization::texts(&mut conn, realm.id, Some(&wanted)).await?;
    let mut texts = Attributes::new();
    for locale in &wanted {
        texts.extend(found.remove(locale).unwrap_or_default());
    }
    Ok(texts)
}

/// One text.
///
/// # Errors
/// `NotFound`, or `Forbidden` without any permission on the realm.
pub async fn text(services: &Services, caller: &Caller, realm: &Realm, locale: &str, key: &str) -> Result<String> {
    require_any(caller)?;
    let found = store::localization::text(&mut *services.store.read().await?, realm.id, locale, key).await?;
    found.found(What::LocalizationText)
}

fn checked(locale: &str, key: String, text: String) -> Result<(String, String, String)> {
    if text.len() > MAX_TEXT_LENGTH {
        return Err(Error::invalid(&key, format!("A text must not be longer than {MAX_TEXT_LENGTH} bytes")));
    }
    Ok((given_name("locale", locale.to_owned())?, given_name("key", key)?, text))
}

/// Saves texts of a locale; others stay.
///
/// # Errors
/// `Invalid` for what can't be, `Refused` if there are too many, or `Forbidden` without `manage-realm`.
pub async fn save(services: &Services, caller: &Caller, realm: &Realm, locale: &str, given: StringMap) -> Result<()> {
    caller.require(MANAGE)?;
    let texts = given.clone().into_iter().map(|(key, text)| checked(locale, key, text)).collect::<Result<Vec<_>>>()?;
    let mut tx = services.configure(realm).await?;
    store::localization::save(&mut tx, &texts).await?;
    if store::localization::count(&mut tx, realm.id).await? > MAX_TEXTS {
        return Err(Error::Refused(format!("A realm has at most {MAX_TEXTS} localization texts")));
    }
    let path = format!("localization/{locale}");
    record(services, &mut tx, caller, realm, Operation::Update, &path, Some(&given)).await?;
    services.commit(tx).await
}

/// Removes one text of a locale, or all.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-realm`.
pub async fn delete(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    locale: &str,
    key: Option<&str>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    if !store::localization::delete(&mut tx, locale, key).await? {
        return Err(Error::NotFound(What::LocalizationText));
    }
    let path = match key {
        Some(key) => format!("localization/{locale}/{key}"),
        None => format!("localization/{locale}"),
    };
    record(services, &mut tx, caller, realm, Operation::Delete, &path, None).await?;
    services.commit(tx).await
}

async fn record(
    services: &Services,
    tx: &mut Tx,
    caller: &Caller,
    realm: &Realm,
    operation: Operation,
    path: &str,
    shown: Option<&StringMap>,
) -> Result<()> {
    let resource = Resource { kind: "REALM", path };
    admin_events::record(services, tx, caller, realm, operation, resource, shown).await
}

/// Makes the texts of a realm that is imported, all in one statement.
///
/// # Errors
/// If the database fails.
pub(crate) async fn import(
    tx: &mut Tx,
    given: Option<BTreeMap<String, StringMap>>,
    report: &mut ImportReport,
) -> Result<()> {
    let mut texts = Vec::new();
    for (locale, of_locale) in given.unwrap_or_default() {
        for (key, text) in of_locale {
            let path = format!("localizationTexts.{locale}.{key}");
            match checked(&locale, key, text) {
                Ok(_) if i64::try_from(texts.len()).is_ok_and(|count| count >= MAX_TEXTS) => {
                    report.note(path, format!("left out: a realm has at most {MAX_TEXTS} localization texts"));
                }
                Ok(text) => texts.push(text),
                Err(error) => report.note(path, format!("left out: {error}")),
            }
        }
    }
    Ok(store::localization::save(tx, &texts).await?)
}

/// The texts of a realm, for an export.
///
/// # Errors
/// If the database fails.
pub(crate) async fn export(conn: &mut PgConnection, realm: &Realm) -> Result<BTreeMap<String, StringMap>> {
    Ok(store::localization::texts(conn, realm.id, None).await?)
}
