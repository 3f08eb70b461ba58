//! What handlers give. The types say which statuses and bodies there can be, to the compiler and in the description of the
//! API alike.

use std::{collections::BTreeMap, fmt::Debug, marker::PhantomData};

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{ETAG, LOCATION},
    },
};
use representation::Described;
use serde::Serialize;

use crate::{
    errors::Answer,
    openapi::{Describing, Gives, JSON},
};

macro_rules! answers {
    ($($(#[$about:meta])* $name:ident $(<$($generic:ident),*>)?;)*) => {$(
        $(#[$about])*
        pub struct $name$(<$($generic),*>)?(pub(crate) HttpResponse $($(, PhantomData<fn() -> $generic>)*)?);

        impl$(<$($generic),*>)? Responder for $name$(<$($generic),*>)? {
            type Body = BoxBody;

            fn respond_to(self, _: &HttpRequest) -> HttpResponse {
                self.0
            }
        }
    )*};
}

answers! {
    /// 200 with the JSON of a `T`.
    Json<T>;
    /// 200 with the JSON of a `T`, and the version of what it shows.
    Versioned<T>;
    /// 201 with the address of what was made.
    Created;
    /// 201 with the address of what was made and the JSON of a `T`.
    CreatedWith<T>;
    /// 204.
    NoContent;
    /// 200 with a file of some media type.
    File;
    /// 200 with a text.
    PlainText;
    /// The description of this API, or 304.
    DocumentAnswer;
    /// A refusal, always.
    Never;
    /// One or the other.
    OneOf<A, B>;
    /// 501, or else a `T`.
    OrNotImplemented<T>;
    /// 500 with the reason, or else a `T`: the other side of a conversation failed.
    OrFailed<T>;
}

/// 200 with a JSON body.
///
/// # Errors
/// Never; the type is that of handlers.
pub fn json<T: Serialize>(body: &T) -> Answer<Json<T>> {
    Ok(Json(HttpResponse::Ok().json(body), PhantomData))
}

/// 200 with a JSON body, and the version of the thing that it shows.
///
/// # Errors
/// Never; the type is that of handlers.
pub fn versioned<T: Serialize>(body: &T, thing: &impl Debug) -> Answer<Versioned<T>> {
    let tag = format!("\"{}\"", services::version::of(thing));
    Ok(Versioned(HttpResponse::Ok().insert_header((ETAG, tag)).json(body), PhantomData))
}

/// A number alone.
pub type Count = BTreeMap<&'static str, i64>;

/// 200 with `{"count": …}`.
///
/// # Errors
/// Never; the type is that of handlers.
pub fn count_of(count: i64) -> Answer<Json<Count>> {
    json(&BTreeMap::from([("count", count)]))
}

/// 204.
///
/// # Errors
/// Never; the type is that of handlers.
pub fn no_content() -> Answer<NoContent> {
    Ok(NoContent(HttpResponse::NoContent().finish()))
}

/// 201 with this address.
pub fn created(address: String) -> Created {
    Created(HttpResponse::Created().insert_header((LOCATION, address)).finish())
}

/// 201 with this address and a JSON body.
pub fn created_with<T: Serialize>(address: String, body: &T) -> CreatedWith<T> {
    CreatedWith(HttpResponse::Created().insert_header((LOCATION, address)).json(body), PhantomData)
}

/// 201 with this address and, in this case, no body.
pub fn created_with_nothing<T>(address: String) -> CreatedWith<T> {
    CreatedWith(created(address).0, PhantomData)
}

impl<A, B> OneOf<A, B> {
    /// The one.
    ///
    /// # Errors
    /// As the one.
    pub fn first(answer: Answer<A>) -> Answer<Self>
    where
        A: Into<HttpResponse>,
    {
        Ok(Self(answer?.into(), PhantomData, PhantomData))
    }

    /// The other.
    ///
    /// # Errors
    /// As the other.
    pub fn second(answer: Answer<B>) -> Answer<Self>
    where
        B: Into<HttpResponse>,
    {
        Ok(Self(answer?.into(), PhantomData, PhantomData))
    }
}

macro_rules! into_response {
    ($($name:ident $(<$generic:ident>)?)*) => {$(
        impl$(<$generic>)? From<$name$(<$generic>)?> for HttpResponse {
            fn from(answer: $name$(<$generic>)?) -> Self {
                answer.0
            }
        }
    )*};
}

into_response! { Json<T> Created CreatedWith<T> NoContent }

impl<T: Into<HttpResponse>> From<T> for OrNotImplemented<T> {
    fn from(answer: T) -> Self {
        Self(answer.into(), PhantomData)
    }
}

impl<T: Into<HttpResponse>> From<T> for OrFailed<T> {
    fn from(answer: T) -> Self {
        Self(answer.into(), PhantomData)
    }
}

impl<T: Described> Gives for Json<T> {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers::<T>(StatusCode::OK, JSON);
    }
}

impl<T: Described> Gives for Versioned<T> {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers::<T>(StatusCode::OK, JSON);
        describing.with_header(StatusCode::OK, ETAG.as_str(), "The version, for `If-Match`.");
    }
}

impl Gives for Created {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers_nothing(StatusCode::CREATED);
        describing.with_location(StatusCode::CREATED);
    }
}

impl<T: Described> Gives for CreatedWith<T> {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers::<T>(StatusCode::CREATED, JSON);
        describing.with_location(StatusCode::CREATED);
    }
}

impl Gives for NoContent {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers_nothing(StatusCode::NO_CONTENT);
    }
}

impl Gives for File {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers::<String>(StatusCode::OK, "*/*");
    }
}

impl Gives for PlainText {
    fn describe(describing: &mut Describing<'_>) {
        describing.answers::<String>(StatusCode::OK, "text/plain");
    }
}

impl Gives for Never {
    fn describe(_: &mut Describing<'_>) {}
}

impl<A: Gives, B: Gives> Gives for OneOf<A, B> {
    fn describe(describing: &mut Describing<'_>) {
        A::describe(describing);
        B::describe(describing);
    }
}

impl<T: Gives> Gives for OrNotImplemented<T> {
    fn describe(describing: &mut Describing<'_>) {
        T::describe(describing);
        describing.answers::<representation::ErrorText>(StatusCode::NOT_IMPLEMENTED, JSON);
    }
}

impl<T: Gives> Gives for OrFailed<T> {
    fn describe(describing: &mut Describing<'_>) {
        T::describe(describing);
        describing.answers::<representation::ErrorMessage>(StatusCode::INTERNAL_SERVER_ERROR, JSON);
    }
}
