//! Forms that a person sent from a page of ours.

mod multipart;

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_TYPE, HeaderName, ORIGIN},
    web::Bytes,
};
use model::secret::Secret;
use url::form_urlencoded;

use crate::{Console, refusal::Refusal};

/// The field with the session's secret.
pub(crate) const CSRF: &str = "csrf";
/// What browsers say about where a request comes from (the Fetch Metadata specification).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The longest value of a field, in bytes.
const MAX_FIELD: usize = 32 * 1_024;
/// The most fields of a form.
const MOST_FIELDS: usize = 1_000;

const UNFIT: Refusal = Refusal::Unreadable("The form has a field that is too long, or too many of them.");

/// A person and the form that they sent. Whoever takes this knows that the form comes from a page of their session.
pub struct Posted {
    /// Who asks.
    pub console: Console,
    /// What they sent.
    pub form: Form,
}

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, Secret)>,
    files: Vec<(String, Bytes)>,
}

impl Form {
    /// Reads the body of a form.
    ///
    /// # Errors
    /// If it has too many fields, or one too long or with a NUL character.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let mut fields = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            if fields.len() == MOST_FIELDS || value.len() > MAX_FIELD || value.contains('\0') {
                return Err(UNFIT);
            }
            fields.push((name.into_owned(), Secret::new(value.into_owned())));
        }
        Ok(Self { fields, files: Vec::new() })
    }

    /// A file that was chosen and isn't empty.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.iter().find(|(field, content)| field == name && !content.is_empty()).map(|(_, content)| content)
    }

    /// The first value of a field, without white space around it; empty without one.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of a field as it is; empty without one.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.expose())
    }

    /// A field's value, if it isn't empty.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// A secret in a field, as it is; none if it is empty.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<Secret> {
        Some(self.raw(name)).filter(|text| !text.is_empty()).map(|text| Secret::new(text.to_owned()))
    }

    /// All values of a field that aren't empty: chosen boxes, or lines.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.fields.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.expose().trim()).filter(|value| !value.is_empty())
    }

    /// Whether a box is ticked, or a button of this name was pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
    }

    /// All fields in their order, without the session's secret.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let fields = self.fields.iter().filter(|(name, _)| name != CSRF);
        fields.map(|(name, value)| (name.as_str(), value.expose()))
    }
}

impl FromRequest for Posted {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let console = Console::extract(&request).await?;
            if !from_here(&request, console.services.public_url()) {
                return Err(Refusal::Foreign);
            }
            let body = Bytes::from_request(&request, &mut payload).await;
            let body = body.or(Err(Refusal::Unreadable("The form is too large, or broke off.")))?;
            let media_type =
                request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            let form = match media_type.to_ascii_lowercase().starts_with("multipart/form-data") {
                true => multipart::read(media_type, body).await?,
                false => Form::parse(&body)?,
            };
            if !console.session.csrf.matches(form.raw(CSRF)) {
                return Err(Refusal::Foreign);
            }
            Ok(Self { console, form })
        })
    }
}

/// Whether the browser says that the form is from a page of this server; one that says nothing is believed, since the
/// form's secret decides.
pub(crate) fn from_here(request: &HttpRequest, public_url: &str) -> bool {
    let header = |name: HeaderName| request.headers().get(name).map(|value| value.as_bytes().to_vec());
    header(SEC_FETCH_SITE).is_none_or(|site| site == b"same-origin")
        && header(ORIGIN).is_none_or(|origin| origin == public_url.as_bytes())
}
