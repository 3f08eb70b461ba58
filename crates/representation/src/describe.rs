//! What representations look like, as schemas of OpenAPI.
//!
//! A schema says what is answered and what a caller should send. Beyond it, reading is lenient: null is "not said", and
//! scalars are taken in each other's form (see [`crate::lenient`]).

mod fields;
mod types;

use std::collections::BTreeMap;

use utoipa::openapi::{
    Ref, RefOr,
    schema::{AdditionalProperties, ObjectBuilder, Schema},
};

/// A schema, or the name of one among [`Schemas`].
pub type SchemaRef = RefOr<Schema>;

/// A type whose JSON has a schema.
pub trait Described {
    /// The schema. Those that have names are added to `schemas`.
    fn schema(schemas: &mut Schemas) -> SchemaRef;
}

/// The schemas that have names.
#[derive(Default)]
pub struct Schemas(BTreeMap<&'static str, Schema>);

/// What the fields of a representation are for and of which type they are, in order.
pub(crate) type Fields = &'static [(&'static str, fn(&mut Schemas) -> SchemaRef)];

impl Schemas {
    /// A schema with a name. It is made once; while it is made, it can already be referred to.
    pub fn named(&mut self, name: &'static str, make: impl FnOnce(&mut Self) -> Schema) -> SchemaRef {
        if !self.0.contains_key(name) {
            self.0.insert(name, Schema::default());
            let schema = make(self);
            self.0.insert(name, schema);
        }
        Ref::from_schema_name(name).into()
    }

    /// The schema of a representation. The names of its fields are those that it is read by.
    pub(crate) fn representation(
        &mut self,
        name: &'static str,
        about: &str,
        names: fn() -> &'static [&'static str],
        fields: Fields,
    ) -> SchemaRef {
        self.named(name, |schemas| {
            let object = ObjectBuilder::new().description(text(about));
            let object = object.additional_properties(Some(AdditionalProperties::FreeForm(false)));
            let with_field = |object: ObjectBuilder, (name, (about, schema)): (&&str, &(&str, fn(&mut _) -> _))| {
                object.property(*name, described(schema(schemas), about))
            };
            names().iter().zip(fields).fold(object, with_field).into()
        })
    }

    /// All of them.
    #[must_use]
    pub fn into_inner(self) -> BTreeMap<&'static str, Schema> {
        self.0
    }
}

/// The text of a comment.
fn text(comment: &str) -> Option<String> {
    Some(comment.trim().replace("[`", "`").replace("`]", "`")).filter(|text| !text.is_empty())
}

/// The schema with a description.
#[must_use]
pub fn described(schema: SchemaRef, about: &str) -> SchemaRef {
    match schema {
        RefOr::Ref(mut of) => {
            of.description = text(about).unwrap_or_default();
            RefOr::Ref(of)
        }
        RefOr::T(Schema::Object(mut object)) => {
            object.description = text(about);
            object.into()
        }
        RefOr::T(Schema::Array(mut array)) => {
            array.description = text(about);
            RefOr::T(Schema::Array(array))
        }
        other => other,
    }
}

pub(crate) use fields::names;

#[cfg(test)]
mod tests;
