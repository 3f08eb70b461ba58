//! `certificates/{attr}` of a client: the key that it signs with.

use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Path,
};
use model::{id::ClientId, secret::Secret};
use representation::{CertificateRepresentation, KeyStoreConfig};
use services::clients::keys::{self, StoreSettings};

use super::{MANAGE, VIEW};
use crate::{
    Routes,
    answers::{File, Json},
    bodies::{self, Body, Upload},
    errors::{Answer, Refusal},
    kit::{Admin, body, json},
};

pub(super) fn routes(routes: &mut Routes) {
    let path = "/clients/{client}/certificates/{attr}";
    routes.get(path, VIEW, get);
    routes.post(&format!("{path}/generate"), MANAGE, generate);
    routes.post(&format!("{path}/upload"), MANAGE, upload);
    routes.post(&format!("{path}/upload-certificate"), MANAGE, upload_certificate);
    routes.post(&format!("{path}/download"), MANAGE, download);
    routes.post(&format!("{path}/generate-and-download"), MANAGE, generate_and_download);
}

type KeyPath = Path<(String, ClientId, String)>;

async fn get(admin: Admin, path: KeyPath) -> Answer<Json<CertificateRepresentation>> {
    json(&keys::get(&admin.services, &admin.caller, admin.realm()?, &path.1, &path.2).await?)
}

async fn generate(admin: Admin, path: KeyPath) -> Answer<Json<CertificateRepresentation>> {
    json(&keys::generate(&admin.services, &admin.caller, admin.realm()?, &path.1, &path.2).await?)
}

/// The parts of the form with which a key comes.
pub(crate) struct KeyParts;

impl bodies::Parts for KeyParts {
    const TEXTS: &'static [&'static str] = &["keystoreFormat", "keyAlias", "keyPassword", "storePassword"];
    const FILES: &'static [&'static str] = &["file"];
}

async fn upload(admin: Admin, path: KeyPath, form: Upload<KeyParts>) -> Answer<Json<CertificateRepresentation>> {
    take(&admin, &path, form, true).await
}

async fn upload_certificate(
    admin: Admin,
    path: KeyPath,
    form: Upload<KeyParts>,
) -> Answer<Json<CertificateRepresentation>> {
    take(&admin, &path, form, false).await
}

/// Why a store of another format than PKCS #12 is neither read nor written.
fn unsupported(format: &str) -> Refusal {
    let format: String = format.chars().filter(|letter| !letter.is_control()).take(40).collect();
    Refusal::BadRequest(format!(
        "Key stores of the format {format} are read and written by Java alone. Use PKCS12, which Java's keytool makes of \
         them (keytool -importkeystore -deststoretype PKCS12) and reads."
    ))
}

async fn take(
    admin: &Admin,
    (_, client, name): &(String, ClientId, String),
    form: Upload<KeyParts>,
    private_too: bool,
) -> Answer<Json<CertificateRepresentation>> {
    let upload = read_upload(form).await?;
    let (services, caller, realm) = (&admin.services, &admin.caller, admin.realm()?);
    json(&keys::upload(services, caller, realm, client, name, upload, private_too).await?)
}

/// Reads what a form uploads.
pub(crate) async fn read_upload(form: Upload<KeyParts>) -> Result<keys::Upload, Refusal> {
    let parts = form.read().await?;
    let format = parts.text("keystoreFormat")?;
    let format = format.ok_or_else(|| Refusal::BadRequest("keystoreFormat cannot be null".to_owned()))?;
    let missing = || Refusal::BadRequest("file cannot be null".to_owned());
    let text = || parts.text("file")?.map(str::to_owned).ok_or_else(missing);
    Ok(match format {
        "Certificate PEM" => keys::Upload::Certificate(text()?),
        "Public Key PEM" => keys::Upload::PublicKey(text()?),
        "JSON Web Key Set" => keys::Upload::Jwks(text()?),
        "PKCS12" => {
            let password = parts.text("storePassword")?.unwrap_or_default().to_owned();
            keys::Upload::Pkcs12(parts.get("file").ok_or_else(missing)?.to_vec(), Secret::new(password))
        }
        other => return Err(unsupported(other)),
    })
}

/// Reads what kind of store is wanted.
fn settings(client: &ClientId, bytes: &Body<KeyStoreConfig>) -> Result<StoreSettings, Refusal> {
    let given = body(bytes)?;
    if let Some(format) = given.format.filter(|format| !format.eq_ignore_ascii_case("PKCS12")) {
        return Err(unsupported(&format));
    }
    let secret = |text: Option<representation::SecretText>| text.map(|text| Secret::new(text.into_inner()));
    let (password, key_password) = (secret(given.store_password), secret(given.key_password));
    let Some(password) = password.filter(|password| !password.expose().is_empty()) else {
        let text = "Need to specify a store password for the key store";
        return Err(Refusal::Described("password-missing", text.to_owned()));
    };
    if key_password.is_some_and(|key| !key.expose().is_empty() && !key.matches(password.expose())) {
        let text = "A PKCS12 store has one password: keyPassword has to be the same as storePassword".to_owned();
        return Err(Refusal::BadRequest(text));
    }
    Ok(StoreSettings {
        alias: given.key_alias.filter(|alias| !alias.is_empty()).unwrap_or_else(|| client.0.clone()),
        password,
        with_realm: given.realm_certificate.unwrap_or(false),
        key_size: given.key_size,
        validity: given.validity,
    })
}

fn file(store: &[u8]) -> Answer<File> {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "application/octet-stream")).insert_header((CACHE_CONTROL, "no-cache"));
    Ok(File(answer.body(store.to_vec())))
}

async fn download(admin: Admin, path: KeyPath, bytes: Body<KeyStoreConfig>) -> Answer<File> {
    let settings = settings(&path.1, &bytes)?;
    file(&keys::download(&admin.services, &admin.caller, admin.realm()?, &path.1, &path.2, &settings).await?)
}

async fn generate_and_download(admin: Admin, path: KeyPath, bytes: Body<KeyStoreConfig>) -> Answer<File> {
    let settings = settings(&path.1, &bytes)?;
    let (services, caller, realm) = (&admin.services, &admin.caller, admin.realm()?);
    file(&keys::generate_and_download(services, caller, realm, &path.1, &path.2, &settings).await?)
}
