//! The description of this API (OpenAPI 3.1), made of the table of routes.
//!
//! Nothing is written down a second time: a handler's types say what it takes and gives ([`Takes`], [`Gives`]), its row of
//! the table where it is and who may call it, and the form of an address which refusals there can be. A handler of types
//! that can't be described is not mounted.

mod document;
mod query;
mod serve;

use actix_web::http::StatusCode;
use representation::{Described, SchemaRef, Schemas};
use utoipa::openapi::{
    Content, HeaderBuilder, RefOr, Required, Response, Type,
    path::{Operation, Parameter, ParameterIn},
    request_body::RequestBody,
    schema::ObjectBuilder,
};

pub use document::document;
pub(crate) use query::FLAG;
pub(crate) use serve::routes;

/// The media type of nearly everything.
pub(crate) const JSON: &str = "application/json";

/// What a handler takes.
pub trait Takes {
    /// Adds it to an operation.
    fn describe(describing: &mut Describing<'_>);
}

/// What a handler gives.
pub trait Gives {
    /// Adds its statuses to an operation.
    fn describe(describing: &mut Describing<'_>);
}

/// An operation that is being described.
pub struct Describing<'a> {
    pub(crate) operation: Operation,
    schemas: &'a mut Schemas,
}

impl Describing<'_> {
    /// The request has a body of this media type.
    pub(crate) fn takes<T: Described>(&mut self, media_type: &str) {
        let schema = T::schema(self.schemas);
        self.takes_schema(media_type, schema);
    }

    /// The request has a body of this media type with this schema.
    pub(crate) fn takes_schema(&mut self, media_type: &str, schema: SchemaRef) {
        let body = self.operation.request_body.get_or_insert_with(|| RefOr::T(RequestBody::default()));
        if let RefOr::T(body) = body {
            body.required = Some(Required::True);
            body.content.insert(media_type.to_owned(), RefOr::T(Content::new(Some(schema))));
        }
    }

    /// The request may have no body.
    pub(crate) fn body_is_optional(&mut self) {
        if let Some(RefOr::T(body)) = &mut self.operation.request_body {
            body.required = Some(Required::False);
        }
    }

    /// The address may have this parameter in its query.
    pub(crate) fn asks(&mut self, name: &str, schema: SchemaRef) {
        self.parameter(name, ParameterIn::Query, Required::False, schema);
    }

    fn parameter(&mut self, name: &str, place: ParameterIn, required: Required, schema: SchemaRef) {
        let mut parameter = Parameter::new(name);
        (parameter.parameter_in, parameter.required, parameter.schema) = (place, required, Some(schema));
        self.operation.parameters.get_or_insert_default().push(RefOr::T(parameter));
    }

    /// The answer may have this status and a body of this media type.
    pub(crate) fn answers<T: Described>(&mut self, status: StatusCode, media_type: &str) {
        let content = Content::new(Some(T::schema(self.schemas)));
        self.answer(status, |answer| drop(answer.content.insert(media_type.to_owned(), RefOr::T(content))));
    }

    /// The answer may have this status, without a body.
    pub(crate) fn answers_nothing(&mut self, status: StatusCode) {
        self.answer(status, |_| ());
    }

    /// The answer of this status says where something is.
    pub(crate) fn with_location(&mut self, status: StatusCode) {
        self.with_header(status, "Location", "The address of what was made.");
    }

    /// The answer of this status has this header.
    pub(crate) fn with_header(&mut self, status: StatusCode, name: &str, about: &str) {
        let header = RefOr::T(HeaderBuilder::new().schema(Some(text())).description(Some(about)).build());
        self.answer(status, |answer| drop(answer.headers.insert(name.to_owned(), header)));
    }

    /// Changes the answer of this status, which is added if there is none.
    fn answer(&mut self, status: StatusCode, change: impl FnOnce(&mut Response)) {
        let answers = &mut self.operation.responses.responses;
        let mut answer = match answers.remove(status.as_str()) {
            Some(RefOr::T(answer)) => answer,
            Some(RefOr::Ref(_)) | None => Response::new(status.canonical_reason().unwrap_or_default()),
        };
        change(&mut answer);
        answers.insert(status.as_str().to_owned(), RefOr::T(answer));
    }
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}

macro_rules! takes {
    ($($($name:ident)*;)*) => {$(
        impl<$($name: Takes),*> Takes for ($($name,)*) {
            fn describe(describing: &mut Describing<'_>) {
                $($name::describe(describing);)*
                let _ = describing;
            }
        }
    )*};
}

takes! {
    A;
    A B;
    A B C;
    A B C D;
}

/// Who calls is said for all operations together.
impl Takes for crate::kit::Admin {
    fn describe(_: &mut Describing<'_>) {}
}

/// The row of the table names the parts of a path.
impl<T> Takes for actix_web::web::Path<T> {
    fn describe(_: &mut Describing<'_>) {}
}

/// Refusals are the same for all operations of one form.
impl<T: Gives> Gives for crate::errors::Answer<T> {
    fn describe(describing: &mut Describing<'_>) {
        T::describe(describing);
    }
}
