//! The schemas of the types that representations are made of.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type};

use super::{Described, SchemaRef, Schemas};
use crate::{Attributes, ErrorMessage, ErrorText, ListMap, OAuthError, TextMap, masked::Masked};

fn scalar(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(kind)
}

fn integer(format: KnownFormat) -> ObjectBuilder {
    scalar(Type::Integer).format(Some(SchemaFormat::KnownFormat(format)))
}

macro_rules! scalars {
    ($($ty:ty => $schema:expr;)*) => {$(
        impl Described for $ty {
            fn schema(_: &mut Schemas) -> SchemaRef {
                $schema.into()
            }
        }
    )*};
}

scalars! {
    String => scalar(Type::String);
    &str => scalar(Type::String);
    bool => scalar(Type::Boolean);
    i32 => integer(KnownFormat::Int32).minimum(Some(i32::MIN)).maximum(Some(i32::MAX));
    i64 => integer(KnownFormat::Int64);
    Value => ObjectBuilder::new().schema_type(SchemaType::AnyValue);
}

macro_rules! transparent {
    ($([$($generic:ident)?] $ty:ty => $within:ty;)*) => {$(
        impl$(<$generic: Described>)? Described for $ty {
            fn schema(schemas: &mut Schemas) -> SchemaRef {
                <$within>::schema(schemas)
            }
        }
    )*};
}

transparent! {
    [T] Masked<T> => T;
    [T] Option<T> => T;
    [T] &T => T;
    [] Attributes => ListMap;
    [] TextMap => BTreeMap<String, String>;
}

impl<T: Described> Described for Vec<T> {
    fn schema(schemas: &mut Schemas) -> SchemaRef {
        ArrayBuilder::new().items(T::schema(schemas)).into()
    }
}

impl<K, T: Described> Described for BTreeMap<K, T> {
    fn schema(schemas: &mut Schemas) -> SchemaRef {
        ObjectBuilder::new().additional_properties(Some(T::schema(schemas))).into()
    }
}

macro_rules! errors {
    ($($ty:ident { $($required:literal)? } $about:literal $($name:literal $field:ty),*;)*) => {$(
        impl Described for $ty {
            fn schema(schemas: &mut Schemas) -> SchemaRef {
                schemas.named(stringify!($ty), |schemas| {
                    ObjectBuilder::new()
                        .description(Some($about))
                        $(.property($name, <$field>::schema(schemas)))*
                        $(.required($required))?
                        .additional_properties(Some(utoipa::openapi::schema::AdditionalProperties::FreeForm(false)))
                        .into()
                })
            }
        }
    )*};
}

errors! {
    ErrorText { "error" } "Not found, not allowed, or not readable: a sentence." "error" String;
    ErrorMessage {} "A rule was broken, by a field or by several."
        "field" String, "errorMessage" String, "params" Vec<Value>, "errors" Vec<ErrorMessage>;
    OAuthError { "error" } "A code and, for whoever wrote the client, a sentence."
        "error" String, "error_description" String;
}
