//! What a file wants on top of what is there: fields that it names are its own, all others stay. Things in lists are found
//! by their names.

use representation::MASK;
use serde_json::Value;

/// Members that name a thing without being wanted: they are of the server that a file was exported from, or computed.
const IDENTITY: [&str; 10] = [
    "id",
    "containerId",
    "internalId",
    "parentId",
    "path",
    "access",
    "totp",
    "subGroupCount",
    "createdTimestamp",
    "composite",
];

/// What a thing in a list is called. None for what has no name.
#[must_use]
fn name(item: &Value) -> Option<(&'static str, &str)> {
    let names = ["clientId", "username", "identityProvider", "alias", "client", "clientScope", "name"];
    names.into_iter().find_map(|member| Some((member, item.get(member)?.as_str()?)))
}

/// What things of one name may differ in all the same.
const WITHIN: [&str; 3] = ["subType", "protocol", "identityProviderAlias"];

/// Whether a list is one of things with names.
#[must_use]
pub(super) fn is_of_things(items: &[Value]) -> bool {
    !items.is_empty() && items.iter().all(|item| name(item).is_some())
}

/// Whether two lists hold the same, in whatever order.
#[must_use]
pub(super) fn same_set(one: &[Value], other: &[Value]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}

/// `wanted` on top of `present`.
#[must_use]
pub(super) fn merged(present: &Value, wanted: &Value) -> Value {
    match (present, wanted) {
        (present, Value::Null) => present.clone(),
        (present, Value::String(mask)) if mask == MASK => present.clone(),
        (Value::Object(present), Value::Object(wanted)) => {
            let mut all = present.clone();
            for (name, value) in wanted {
                match all.get(name) {
                    Some(_) if IDENTITY.contains(&name.as_str()) => {}
                    Some(there) => {
                        let value = merged(there, value);
                        all.insert(name.clone(), value);
                    }
                    None if value.is_null() => {}
                    None => {
                        all.insert(name.clone(), value.clone());
                    }
                }
            }
            Value::Object(all)
        }
        (Value::Array(present), Value::Array(wanted)) if is_of_things(wanted) => {
            Value::Array(merged_things(present, wanted))
        }
        (Value::Array(there), Value::Array(wanted)) => match masked(wanted) || same_set(there, wanted) {
            true => present.clone(),
            false => Value::Array(wanted.clone()),
        },
        (_, wanted) => wanted.clone(),
    }
}

/// A list of settings that is only the mask.
fn masked(items: &[Value]) -> bool {
    matches!(items, [Value::String(only)] if only == MASK)
}

fn merged_things(present: &[Value], wanted: &[Value]) -> Vec<Value> {
    let mut all = present.to_vec();
    for item in wanted {
        match all.iter_mut().find(|there| same_thing(there, item)) {
            Some(there) => *there = merged(there, item),
            None => all.push(item.clone()),
        }
    }
    all
}

/// Whether two items are one thing: of one name, and nothing that both say tells them apart.
#[must_use]
pub(super) fn same_thing(one: &Value, other: &Value) -> bool {
    let apart = |member: &&str| {
        let (one, other) = (one.get(*member).and_then(Value::as_str), other.get(*member).and_then(Value::as_str));
        one.is_some() && other.is_some() && one != other
    };
    name(one).is_some() && name(one) == name(other) && !WITHIN.iter().any(apart)
}

/// Those of the wanted things that are not as they should be: new ones, and changed ones as they are to be.
#[must_use]
pub(super) fn changed_things(present: &[Value], wanted: &[Value]) -> Vec<Value> {
    wanted
        .iter()
        .filter_map(|item| match present.iter().find(|there| same_thing(there, item)) {
            None => Some(item.clone()),
            Some(there) => Some(merged(there, item)).filter(|merged| merged != there),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_named_stays() {
        let present =
            json!({"id": "1", "name": "a", "enabled": true, "attributes": {"x": "1", "y": "2"}, "roles": ["p", "q"]});
        let wanted =
            json!({"id": "9", "enabled": false, "attributes": {"y": "3"}, "roles": ["q", "p"], "secret": MASK});
        let expected = json!({"id": "1", "name": "a", "enabled": false, "attributes": {"x": "1", "y": "3"}, "roles": ["p", "q"], "secret": MASK});
        assert_eq!(merged(&present, &wanted), expected);
        let secret = json!({"secret": "kept", "config": {"bindCredential": ["kept"]}});
        assert_eq!(merged(&secret, &json!({"secret": MASK, "config": {"bindCredential": [MASK]}})), secret);
    }

    #[test]
    fn things_are_found_by_name() {
        let present = [json!({"id": "1", "clientId": "a", "enabled": true}), json!({"id": "2", "clientId": "b"})];
        let wanted = [json!({"clientId": "b"}), json!({"clientId": "a", "enabled": false}), json!({"clientId": "c"})];
        let changed = changed_things(&present, &wanted);
        assert_eq!(changed, [json!({"id": "1", "clientId": "a", "enabled": false}), json!({"clientId": "c"})]);
        // Two components of one name are two things where they are of different sub types.
        let present = [json!({"id": "1", "name": "n", "subType": "anonymous", "config": {}})];
        let wanted = [json!({"name": "n", "subType": "authenticated"})];
        assert_eq!(changed_things(&present, &wanted), wanted);
        assert!(changed_things(&present, &[json!({"name": "n"})]).is_empty());
    }
}
