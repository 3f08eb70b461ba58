//! What handlers take. As with answers, the types say what it is. A body is read as that only once the caller is known to
//! be allowed.

use std::marker::PhantomData;

use actix_web::{
    Error, FromRequest, HttpRequest,
    dev::Payload,
    http::header::CONTENT_TYPE,
    web::{Bytes, Query},
};
use futures_util::{FutureExt, TryFutureExt, future::LocalBoxFuture};
use representation::{Described, Representation, SchemaRef};
use serde::de::DeserializeOwned;
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, schema::Type};

use crate::{
    errors::Refusal,
    multipart,
    openapi::{Describing, JSON, Takes},
};

/// A body as it came, and what it says that it is.
pub struct Received {
    media_type: String,
    bytes: Bytes,
}

impl Received {
    fn is(&self, media_type: &str) -> bool {
        self.media_type.get(..media_type.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(media_type))
    }
}

impl FromRequest for Received {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.trim_start().to_owned();
        Bytes::from_request(request, payload).map_ok(|bytes| Self { media_type, bytes }).boxed_local()
    }
}

macro_rules! bodies {
    ($($(#[$about:meta])* $name:ident $(<$($generic:ident),*>)?;)*) => {$(
        $(#[$about])*
        pub struct $name$(<$($generic),*>)?(Received $($(, PhantomData<fn() -> $generic>)*)?);

        impl$(<$($generic: 'static),*>)? FromRequest for $name$(<$($generic),*>)? {
            type Error = Error;
            type Future = LocalBoxFuture<'static, Result<Self, Error>>;

            fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
                let received = Received::from_request(request, payload);
                received.map_ok(|received| Self(received $($(, PhantomData::<fn() -> $generic>)*)?)).boxed_local()
            }
        }
    )*};
}

bodies! {
    /// A representation as JSON.
    Body<T>;
    /// A representation as JSON, or nothing.
    OptionalBody<T>;
    /// A text.
    Text;
    /// A text or a JSON document that is looked at as a text.
    Document;
    /// A representation of texts, as JSON or, from older clients, as a form.
    BodyOrForm<T>;
    /// A form with files, with the parts `P`.
    Upload<P>;
    /// A representation as JSON, or a form with files, with the parts `P`.
    BodyOrUpload<T, P>;
}

/// Reads a body as a representation.
///
/// # Errors
/// With Keycloak's texts for unknown properties and wrong types.
pub fn body<T: DeserializeOwned + Representation>(body: &Body<T>) -> Result<T, Refusal> {
    read(&body.0.bytes)
}

fn read<T: DeserializeOwned + Representation>(bytes: &[u8]) -> Result<T, Refusal> {
    if holds_nul(bytes) {
        return Err(Refusal::BadRequest("A text must not hold the NUL character".to_owned()));
    }
    Ok(representation::parse(bytes)?)
}

/// Whether a JSON text holds `\u0000`, which no text in the database can.
fn holds_nul(json: &[u8]) -> bool {
    json.windows(6).enumerate().any(|(at, window)| {
        // The backslash begins an escape only if it isn't itself escaped.
        window == b"\\u0000" && json.iter().take(at).rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

impl<T: DeserializeOwned + Representation> OptionalBody<T> {
    /// Reads it, if there is one.
    ///
    /// # Errors
    /// As [`body`].
    pub fn read(&self) -> Result<Option<T>, Refusal> {
        if self.0.bytes.is_empty() { Ok(None) } else { read(&self.0.bytes).map(Some) }
    }
}

impl Text {
    /// The text, if it is one that can be kept.
    pub fn read(&self) -> Option<&str> {
        std::str::from_utf8(&self.0.bytes).ok().filter(|text| !text.contains('\0'))
    }
}

impl Document {
    /// The text, if it is one that can be kept.
    pub fn read(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.0.bytes).ok()?;
        (!text.contains('\0') && !holds_nul(&self.0.bytes)).then_some(text)
    }
}

impl<T: DeserializeOwned + Representation> BodyOrForm<T> {
    /// Reads it.
    ///
    /// # Errors
    /// As [`body`], and if a form can't be read.
    pub fn read(&self) -> Result<T, Refusal> {
        if !self.0.is(FORM) {
            return read(&self.0.bytes);
        }
        let pairs = Query::<Vec<(String, String)>>::from_query(&String::from_utf8_lossy(&self.0.bytes))
            .map_err(|error| {
                tracing::debug!(%error, "a form that can't be read");
                Refusal::BadRequest("HTTP 400 Bad Request".to_owned())
            })?
            .into_inner();
        let fields: serde_json::Map<_, _> = pairs.into_iter().map(|(name, value)| (name, value.into())).collect();
        read(serde_json::Value::Object(fields).to_string().as_bytes())
    }
}

impl<P> Upload<P> {
    /// Reads its parts.
    ///
    /// # Errors
    /// If it is no such form.
    pub async fn read(self) -> Result<multipart::Parts, Refusal> {
        multipart::Parts::read(&self.0.media_type, self.0.bytes).await
    }
}

/// What a [`BodyOrUpload`] was.
pub enum Either<T> {
    /// A representation.
    Body(T),
    /// A form.
    Upload(multipart::Parts),
}

impl<T: DeserializeOwned + Representation, P> BodyOrUpload<T, P> {
    /// Reads it.
    ///
    /// # Errors
    /// As [`body`], and if a form can't be read.
    pub async fn read(self) -> Result<Either<T>, Refusal> {
        if !self.0.is(UPLOAD) {
            return read(&self.0.bytes).map(Either::Body);
        }
        multipart::Parts::read(&self.0.media_type, self.0.bytes).await.map(Either::Upload)
    }
}

/// The parts of a form with files.
pub trait Parts {
    /// The names of texts.
    const TEXTS: &'static [&'static str];
    /// The names of files.
    const FILES: &'static [&'static str];
}

const FORM: &str = "application/x-www-form-urlencoded";
const UPLOAD: &str = "multipart/form-data";
const TEXT: &str = "text/plain";

impl<T: Described> Takes for Body<T> {
    fn describe(describing: &mut Describing<'_>) {
        describing.takes::<T>(JSON);
    }
}

impl<T: Described> Takes for OptionalBody<T> {
    fn describe(describing: &mut Describing<'_>) {
        describing.takes::<T>(JSON);
        describing.body_is_optional();
    }
}

impl Takes for Text {
    fn describe(describing: &mut Describing<'_>) {
        describing.takes::<String>(TEXT);
    }
}

impl Takes for Document {
    fn describe(describing: &mut Describing<'_>) {
        describing.takes::<serde_json::Value>(JSON);
        describing.takes::<String>(TEXT);
    }
}

impl<T: Described> Takes for BodyOrForm<T> {
    fn describe(describing: &mut Describing<'_>) {
        describing.takes::<T>(JSON);
        describing.takes::<T>(FORM);
    }
}

fn form<P: Parts>() -> SchemaRef {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let with_text = |form: ObjectBuilder, name: &&str| form.property(*name, text());
    let with_file = |form: ObjectBuilder, name: &&str| {
        form.property(*name, text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary))))
    };
    let texts = P::TEXTS.iter().fold(ObjectBuilder::new(), with_text);
    P::FILES.iter().fold(texts, with_file).into()
}

impl<P: Parts> Takes for Upload<P> {
    fn describe(describing: &mut Describing<'_>) {
        describing.takes_schema(UPLOAD, form::<P>());
    }
}

impl<T: Described, P: Parts> Takes for BodyOrUpload<T, P> {
    fn describe(describing: &mut Describing<'_>) {
        describing.takes::<T>(JSON);
        describing.takes_schema(UPLOAD, form::<P>());
    }
}
