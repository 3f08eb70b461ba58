//! What roles and groups accept as names, descriptions and attributes.

use model::MultiAttributes;
use representation::Attributes;

use crate::{
    Error, Result,
    realms::{check_text, given_name},
};

/// How many attributes a role or group may have.
const MAX_ATTRIBUTES: usize = 1_000;
/// How many roles one request may name.
const MAX_ROLES: usize = 10_000;

/// Whether the database can be asked for this text at all. PostgreSQL refuses the zero character, so nothing that is
/// stored contains it.
pub(crate) fn is_askable(text: &str) -> bool {
    !text.contains('\0')
}

/// A description.
pub(crate) fn description(given: String) -> Result<String> {
    check_text("description", &given)?;
    if !is_askable(&given) {
        return Err(Error::invalid("description", "The description must not hold the zero character"));
    }
    Ok(given)
}

/// Attributes. One without values is the same as none.
pub(crate) fn attributes(given: Attributes) -> Result<MultiAttributes> {
    let Attributes(mut attributes) = given;
    attributes.retain(|_, values| !values.is_empty());
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(Error::invalid("attributes", format!("There are more than {MAX_ATTRIBUTES} attributes.")));
    }
    for (key, values) in &attributes {
        given_name("attribute", key.clone())?;
        for value in values {
            check_text(key, value)?;
        }
        if !values.iter().all(|value| is_askable(value)) {
            return Err(Error::invalid(key, "A value must not hold the zero character"));
        }
    }
    Ok(attributes)
}

/// A list of roles in a request: not endless.
pub(crate) fn role_count(count: usize) -> Result<()> {
    if count > MAX_ROLES {
        return Err(Error::invalid("roles", format!("One request may name {MAX_ROLES} roles at the most.")));
    }
    Ok(())
}
