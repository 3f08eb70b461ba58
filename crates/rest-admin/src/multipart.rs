//! Forms with files in them (RFC 7578), as consoles upload them. They are as large as any other body, so they are read
//! from memory.

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use actix_web::{HttpRequest, http::header::CONTENT_TYPE, web::Bytes};
use futures_util::{StreamExt, stream};

use crate::errors::Refusal;

/// The most fields that a form may have.
const MAX_FIELDS: usize = 20;

/// Whether a request says that its body is such a form.
pub fn is_multipart(request: &HttpRequest) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

fn unreadable(error: &actix_multipart::MultipartError) -> Refusal {
    tracing::debug!(%error, "a form that can't be read");
    Refusal::BadRequest("HTTP 400 Bad Request".to_owned())
}

/// The fields of a form by name; of several with one name, the first.
pub async fn read(request: &HttpRequest, bytes: Bytes) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
    let whole = stream::iter([Ok::<_, actix_web::error::PayloadError>(bytes)]);
    let mut form = Multipart::new(request.headers(), whole);
    let mut fields = BTreeMap::new();
    for _ in 0..MAX_FIELDS {
        let Some(field) = form.next().await else { return Ok(fields) };
        let mut field = field.map_err(|error| unreadable(&error))?;
        let mut content = Vec::new();
        while let Some(chunk) = field.next().await {
            content.extend_from_slice(&chunk.map_err(|error| unreadable(&error))?);
        }
        if let Some(name) = field.name() {
            fields.entry(name.to_owned()).or_insert(content);
        }
    }
    Err(Refusal::BadRequest(format!("A form must not have more than {MAX_FIELDS} fields")))
}
