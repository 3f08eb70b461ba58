//! The token being made: the one place through which mapped claims go in.

use serde_json::{Map, Value};

use super::{
    protected::{Source, may_write},
    target::Target,
};

/// The claims so far, and what they are for.
pub struct Output<'a> {
    /// The claims.
    pub claims: &'a mut Map<String, Value>,
    /// What they are for.
    pub target: Target,
}

impl Output<'_> {
    /// Writes a claim at the end of `path`, unless it isn't the mapper's to write. With `merge`, values that are there
    /// already stay and the new ones are added, as in Keycloak; without, the last mapper counts.
    pub fn put<S: AsRef<str>>(&mut self, path: &[S], value: Value, merge: bool, source: Source) {
        if let Some(first) = path.first().map(AsRef::as_ref)
            && may_write(first, source)
            && self.has_room_for(first)
            && !(path.len() == 1 && first == "address" && !is_address(&value))
        {
            put(self.claims, path, value, merge);
        }
    }

    /// Writes a claim of a mapper that is made for it.
    pub fn set(&mut self, claim: &str, value: impl Into<Value>) {
        self.claims.insert(claim.to_owned(), value.into());
    }

    /// Adds an audience: one is a text, several are a list (RFC 7519 section 4.1.3).
    pub fn add_audience(&mut self, audience: &str) {
        match self.claims.get_mut("aud") {
            None => drop(self.claims.insert("aud".to_owned(), audience.into())),
            Some(Value::Array(list)) => {
                if !list.iter().any(|present| present == audience) {
                    list.push(audience.into());
                }
            }
            Some(present) => {
                if present != audience {
                    *present = Value::Array(vec![present.take(), audience.into()]);
                }
            }
        }
    }

    /// Userinfo tells of the user, not of a login. An introspection answer has members of its own (RFC 7662 section
    /// 2.2) that decide whether the token is good.
    fn has_room_for(&self, claim: &str) -> bool {
        match self.target {
            Target::UserInfo => !matches!(claim, "acr" | "auth_time"),
            Target::Introspection => !matches!(claim, "active" | "token_type"),
            Target::Id | Target::Access | Target::LightweightAccess => true,
        }
    }
}

/// `address` is an object with members (OpenID Connect Core 1.0 section 5.1.1).
fn is_address(value: &Value) -> bool {
    value.as_object().is_some_and(|members| !members.is_empty())
}

/// A name that already stands for something else than an object isn't replaced by one.
fn put<S: AsRef<str>>(object: &mut Map<String, Value>, path: &[S], value: Value, merge: bool) {
    match path {
        [] => {}
        [last] => match object.get_mut(last.as_ref()) {
            Some(present) if merge => add(present, value),
            Some(present) => *present = value,
            None => drop(object.insert(last.as_ref().to_owned(), value)),
        },
        [first, rest @ ..] => {
            let inner = object.entry(first.as_ref()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value, merge);
            }
        }
    }
}

fn add(present: &mut Value, value: Value) {
    let as_list = |value| match value {
        Value::Array(list) => list,
        one => vec![one],
    };
    let mut list = as_list(present.take());
    for value in as_list(value) {
        if !list.contains(&value) {
            list.push(value);
        }
    }
    *present = Value::Array(list);
}
