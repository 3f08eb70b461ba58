//! The one way a representation is declared, so that all of them treat absent, null, unknown and mistyped
//! properties alike.

use std::collections::BTreeMap;

/// What every Keycloak representation has in common.
pub trait Representation {
    /// The name Keycloak gives the type; error texts quote it.
    const NAME: &'static str;
}

/// A JSON list of a representation is reported under the name of its items, as Keycloak does.
impl<T: Representation> Representation for Vec<T> {
    const NAME: &'static str = T::NAME;
}

/// A map by name, for instance client roles by client.
impl<T: Representation> Representation for BTreeMap<String, T> {
    const NAME: &'static str = T::NAME;
}

/// Some operations take a plain list or map of strings as their body.
impl Representation for String {
    const NAME: &'static str = "String";
}

/// Bodies kept as they came.
impl Representation for serde_json::Value {
    const NAME: &'static str = "JsonNode";
}

/// Declares representation structs.
///
/// Each field `name: Type` becomes `pub name: Option<Type>`, is called by its camelCase name in JSON, is left
/// out when `None` and is read with the leniency of [`crate::lenient`]. Unknown properties are an error. The comments are
/// the descriptions in the schema.
macro_rules! representation {
    ($(
        $(#[doc = $about:literal])*
        $name:ident { $( $(#[doc = $doc:literal])* $(#[serde($($serde:tt)*)])? $field:ident : $ty:ty ),* $(,)? }
    )*) => {$(
        $(#[doc = $about])*
        #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[doc = $doc])*
                $(#[serde($($serde)*)])?
                #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "crate::lenient::read")]
                pub $field: Option<$ty>,
            )*
        }

        impl $crate::Representation for $name {
            const NAME: &'static str = stringify!($name);
        }

        impl $crate::Described for $name {
            fn schema(schemas: &mut $crate::Schemas) -> $crate::SchemaRef {
                schemas.representation(
                    stringify!($name),
                    concat!($($about),*),
                    $crate::describe::names::<Self>,
                    &[$((concat!($($doc),*), <$ty as $crate::Described>::schema)),*],
                )
            }
        }

        impl $crate::lenient::Lenient for $name {
            fn read<'de, D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                ::serde::Deserialize::deserialize(deserializer)
            }
        }
    )*};
}

pub(crate) use representation;
