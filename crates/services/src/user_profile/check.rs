//! What is wrong with a profile, in Keycloak's words.

use std::collections::BTreeSet;

use representation::{UPAttribute, UPConfig};

use super::{Unmanaged, attribute::ROOT, validator::Validator};

/// The most attributes, groups, validators of one attribute, and scopes.
const MAX_COUNT: usize = 500;
/// The longest name of an attribute or a group, in bytes.
const MAX_NAME: usize = 255;
/// Who may be named in permissions.
const ROLES: [&str; 2] = ["admin", "user"];

/// Everything that is wrong, as sentences.
pub(super) fn problems(config: &UPConfig) -> Vec<String> {
    let Some(attributes) = &config.attributes else {
        return vec!["UserProfile configuration without 'attributes' section is not allowed".to_owned()];
    };
    let mut problems = Vec::new();
    let groups = group_names(config, &mut problems);
    if attributes.len() > MAX_COUNT {
        problems.push(format!("There are more than {MAX_COUNT} attributes"));
        return problems;
    }
    let mut names = BTreeSet::new();
    for attribute in attributes {
        let Some(name) = attribute.name.as_deref().filter(|name| !name.is_empty()) else {
            problems.push("Attribute configuration without 'name' is not allowed".to_owned());
            continue;
        };
        if !names.insert(name) {
            problems.push(format!("Duplicate attribute configuration with 'name':'{name}'"));
        }
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        if name.len() > MAX_NAME || !name.chars().all(fits) {
            problems.push(format!(
                "Invalid attribute name (only letters, numbers and '.' '_' '-' special characters allowed): {name}"
            ));
        }
        check_attribute(name, attribute, &groups, &mut problems);
    }
    for root in ROOT.iter().filter(|root| !names.contains(*root)) {
        problems.push(format!("The attribute '{root}' can not be removed"));
    }
    if let Some(policy) = config.unmanaged_attribute_policy.as_deref()
        && Unmanaged::parse(policy).is_none()
    {
        problems.push(format!("'unmanagedAttributePolicy' has the unknown value '{policy}'"));
    }
    problems
}

fn group_names<'a>(config: &'a UPConfig, problems: &mut Vec<String>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for group in config.groups.iter().flatten().take(MAX_COUNT + 1) {
        match group.name.as_deref().filter(|name| !name.is_empty() && name.len() <= MAX_NAME) {
            None => problems.push("Name is mandatory for groups, found a group without name".to_owned()),
            Some(name) if names.insert(name) => {}
            Some(name) => problems.push(format!("Duplicate group configuration with 'name':'{name}'")),
        }
    }
    if names.len() > MAX_COUNT {
        problems.push(format!("There are more than {MAX_COUNT} groups"));
    }
    names
}

fn check_attribute(name: &str, attribute: &UPAttribute, groups: &BTreeSet<&str>, problems: &mut Vec<String>) {
    let permissions = attribute.permissions.as_ref();
    for (field, roles) in [
        ("permissions.view", permissions.and_then(|permissions| permissions.view.as_ref())),
        ("permissions.edit", permissions.and_then(|permissions| permissions.edit.as_ref())),
        ("required.roles", attribute.required.as_ref().and_then(|required| required.roles.as_ref())),
    ] {
        for role in roles.into_iter().flatten().filter(|role| !ROLES.contains(&role.as_str())).take(MAX_COUNT) {
            problems.push(format!("'{field}' configuration for attribute '{name}' contains unsupported role '{role}'"));
        }
    }
    if let Some(group) = attribute.group.as_deref().filter(|group| !group.is_empty())
        && !groups.contains(group)
    {
        problems.push(format!("'group' configuration for attribute '{name}' references the unknown group '{group}'"));
    }
    for (id, settings) in attribute.validations.iter().flatten().take(MAX_COUNT) {
        match Validator::parse(id, settings) {
            Ok(_) => {}
            Err(None) => problems.push(format!("Validator '{id}' defined for attribute '{name}' doesn't exist")),
            Err(Some(reason)) => problems
                .push(format!("Validator '{id}' defined for attribute '{name}' has incorrect configuration: {reason}")),
        }
    }
}
