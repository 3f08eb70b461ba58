//! The parameters of a query, as serde reads them: a struct that is to be read says its fields, and each field for what it
//! looks.

use actix_web::web::Query;
use representation::{Described as _, SchemaRef, Schemas};
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error as _, MapAccess, Visitor,
        value::{Error, StrDeserializer},
    },
    forward_to_deserialize_any,
};

use super::{Describing, Takes};

/// The name under which switches are read; their text is looked at by themselves.
pub(crate) const FLAG: &str = "Flag";

/// Stands for the parameters of what can't be described.
pub(super) const UNKNOWN: &str = "?";

impl<T: DeserializeOwned> Takes for Query<T> {
    fn describe(describing: &mut Describing<'_>) {
        let mut found = Vec::new();
        if T::deserialize(Asked(&mut found)).is_err() {
            // Not all are known: a test looks for this name.
            found.push((UNKNOWN, Kind::Text));
        }
        for (name, kind) in found {
            describing.asks(name, kind.schema());
        }
    }
}

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Boolean,
}

impl Kind {
    fn schema(self) -> SchemaRef {
        let schemas = &mut Schemas::default();
        match self {
            Self::Text => String::schema(schemas),
            Self::Integer => i64::schema(schemas),
            Self::Boolean => bool::schema(schemas),
        }
    }
}

type Found = Vec<(&'static str, Kind)>;

/// Is read as a struct.
struct Asked<'a>(&'a mut Found);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a query is a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { names: fields.iter(), found: self.0 })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Has all fields, one after the other.
struct Fields<'a> {
    names: std::slice::Iter<'static, &'static str>,
    found: &'a mut Found,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.names.next() else { return Ok(None) };
        self.found.push((name, Kind::Text));
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let mut unused = Kind::Text;
        seed.deserialize(Field(self.found.last_mut().map_or(&mut unused, |(_, kind)| kind)))
    }
}

/// Writes down as what it is read.
struct Field<'a>(&'a mut Kind);

macro_rules! kinds {
    ($($method:ident $kind:ident $visit:ident $value:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            *self.0 = Kind::$kind;
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Field<'_> {
    type Error = Error;

    kinds! {
        deserialize_bool Boolean visit_bool false;
        deserialize_i32 Integer visit_i32 0;
        deserialize_i64 Integer visit_i64 0;
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str("")
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name == FLAG {
            *self.0 = Kind::Boolean;
            return visitor.visit_newtype_struct(StrDeserializer::new(""));
        }
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::kit::Flag;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[expect(dead_code, reason = "only its form is of interest")]
    struct Example {
        first_name: Option<String>,
        max: Option<i64>,
        exact: Option<Flag>,
        #[serde(default, deserialize_with = "crate::kit::switch")]
        brief: Option<bool>,
    }

    #[test]
    fn parameters_are_those_of_the_struct() {
        let mut found = Vec::new();
        Example::deserialize(Asked(&mut found)).unwrap();
        let expected =
            [("firstName", Kind::Text), ("max", Kind::Integer), ("exact", Kind::Boolean), ("brief", Kind::Boolean)];
        assert_eq!(found, expected);
    }
}
