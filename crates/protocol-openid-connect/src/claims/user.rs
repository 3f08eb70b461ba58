//! What is known of a user, by the names that mappers use.

use std::{borrow::Cow, slice};

use model::subject::Subject;
use serde_json::{Map, Value};

use super::{facts::Facts, mapper::AddressAttributes};

/// The fields that are attributes too, as Keycloak has it. None for a real attribute.
fn field<'a>(subject: &'a Subject, name: &str) -> Option<&'a [String]> {
    match name {
        "username" => Some(slice::from_ref(&subject.username)),
        "email" => Some(subject.email.as_slice()),
        "firstName" => Some(subject.first_name.as_slice()),
        "lastName" => Some(subject.last_name.as_slice()),
        _ => None,
    }
}

fn own<'a>(subject: &'a Subject, name: &str) -> &'a [String] {
    field(subject, name).or_else(|| subject.attributes.get(name).map(Vec::as_slice)).unwrap_or_default()
}

/// The values of an attribute: the user's, or those of the nearest group that has any where the user has none.
/// With `aggregate`, those of the user and of all groups, each once.
///
/// The fields are about the person, so no group has a say in them.
pub fn attribute<'a>(facts: &Facts<'a>, name: &str, aggregate: bool) -> Cow<'a, [String]> {
    if let Some(values) = field(facts.subject, name) {
        return Cow::Borrowed(values);
    }
    let own = own(facts.subject, name);
    let mut of_groups = facts.group_attributes.iter().filter_map(|attributes| attributes.get(name).map(Vec::as_slice));
    if !aggregate {
        let nearest = if own.is_empty() { of_groups.find(|values| !values.is_empty()) } else { None };
        return Cow::Borrowed(nearest.unwrap_or(own));
    }
    let mut values: Vec<String> = Vec::new();
    for value in own.iter().chain(of_groups.flatten()) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    Cow::Owned(values)
}

/// A field of the user as text, by the name of Keycloak's property.
pub fn property<'a>(facts: &Facts<'a>, name: &str) -> Option<Cow<'a, str>> {
    let subject = facts.subject;
    match name {
        "id" => subject.user_id.as_ref().map(|id| Cow::Borrowed(id.as_str())),
        "emailVerified" => Some(Cow::Borrowed(if subject.email_verified { "true" } else { "false" })),
        // a user who isn't gets no token
        "enabled" => Some(Cow::Borrowed("true")),
        "createdTimestamp" => facts.created.map(|created| Cow::Owned(created.to_string())),
        name => field(subject, name)?.first().map(|value| Cow::Borrowed(value.as_str())),
    }
}

/// Given and family name.
pub fn full_name(subject: &Subject) -> Option<String> {
    let names = [&subject.first_name, &subject.last_name].into_iter().flatten();
    let names: Vec<_> = names.map(String::as_str).filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// The claim `address` (OpenID Connect Core 1.0 section 5.1.1): the members that there are, none without any.
pub fn address(subject: &Subject, attributes: &AddressAttributes) -> Option<Value> {
    let mut members = Map::new();
    for (member, attribute) in &attributes.0 {
        if let Some(value) = own(subject, attribute).first().filter(|value| !value.is_empty()) {
            members.insert((*member).to_owned(), Value::String(value.clone()));
        }
    }
    (!members.is_empty()).then_some(Value::Object(members))
}
