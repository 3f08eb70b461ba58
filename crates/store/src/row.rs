//! Reading JSON columns into model types.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Error, Result};

/// Reads a JSON column, naming it if its content can't be read.
pub(crate) fn read<T: DeserializeOwned>(table: &'static str, column: &'static str, value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::Inconsistent { table, column, reason: error.to_string() })
}

/// Writes a value for a JSON column. Model types always have a JSON form.
pub(crate) fn write<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
