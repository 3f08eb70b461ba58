//! Claims that the request asks for by name (OpenID Connect Core 1.0 section 5.5).

use serde_json::{Map, Value};

use super::{
    claim::Claim, facts::Facts, json_type::JsonType, mapper::AddressAttributes, output::Output, protected::Source,
    target::Target, user,
};

/// The standard claims of section 5.1 that are an attribute, each with the attribute's usual name and the claim's type.
const ATTRIBUTES: [(&str, &str, JsonType); 16] = [
    ("given_name", "firstName", JsonType::String),
    ("family_name", "lastName", JsonType::String),
    ("middle_name", "middleName", JsonType::String),
    ("nickname", "nickname", JsonType::String),
    ("preferred_username", "username", JsonType::String),
    ("profile", "profile", JsonType::String),
    ("picture", "picture", JsonType::String),
    ("website", "website", JsonType::String),
    ("email", "email", JsonType::String),
    ("gender", "gender", JsonType::String),
    ("birthdate", "birthdate", JsonType::String),
    ("zoneinfo", "zoneinfo", JsonType::String),
    ("locale", "locale", JsonType::String),
    ("phone_number", "phoneNumber", JsonType::String),
    ("phone_number_verified", "phoneNumberVerified", JsonType::Boolean),
    ("updated_at", "updatedAt", JsonType::Long),
];

/// The part of the parameter that is about the target.
fn asked<'a>(facts: &Facts<'a>, target: Target) -> Option<&'a Map<String, Value>> {
    let member = match target {
        Target::Id => "id_token",
        Target::UserInfo => "userinfo",
        Target::Access | Target::LightweightAccess | Target::Introspection => return None,
    };
    facts.claims_parameter?.get(member)?.as_object()
}

/// Adds the standard claims that are asked for, essential or not, and aren't there yet.
pub fn add_claims(output: &mut Output<'_>, facts: &Facts<'_>) {
    let Some(asked) = asked(facts, output.target) else { return };
    let missing = |output: &Output<'_>, claim: &str| asked.contains_key(claim) && !output.claims.contains_key(claim);
    for (claim, attribute, json_type) in ATTRIBUTES {
        if missing(output, claim) {
            let values = user::attribute(facts, attribute, false);
            Claim::single(claim, json_type, Source::User).write(output, values.iter());
        }
    }
    if missing(output, "email_verified") {
        output.set("email_verified", facts.subject.email_verified);
    }
    if missing(output, "name")
        && let Some(name) = user::full_name(facts.subject)
    {
        output.set("name", name);
    }
    if missing(output, "address")
        && let Some(address) = user::address(facts.subject, &AddressAttributes::read(&model::Attributes::new()))
    {
        output.set("address", address);
    }
}

/// The text that the request gives an essential claim of the ID token, for clients that hand something through, such as
/// an intent id.
pub fn value<'a>(facts: &Facts<'a>, target: Target, claim: &str) -> Option<&'a str> {
    let request = asked(facts, target)?.get(claim)?;
    request.get("value")?.as_str().filter(|_| request.get("essential") == Some(&Value::Bool(true)))
}
