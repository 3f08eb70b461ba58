//! What an administrator makes of a user, judged by the profile.

use model::{MultiAttributes, problem::Problem, user::User};
use serde_json::Value;

use super::{UserProfile, attribute::FIELDS};

/// The values of one attribute of a user, whether it is a field or not.
fn values(user: &User, name: &str) -> Vec<String> {
    let field = |value: &Option<String>| value.clone().into_iter().collect();
    match name {
        "username" => vec![user.username.clone()],
        "email" => field(&user.email),
        "firstName" => field(&user.first_name),
        "lastName" => field(&user.last_name),
        other => user.attributes.get(other).cloned().unwrap_or_default(),
    }
}

impl UserProfile {
    /// The attributes of a user after an administrator gave some: those that an administrator may not change stay, those
    /// that nobody may have are passed over, as in Keycloak. `before` is none for a new user.
    pub(crate) fn attributes(
        &self,
        before: Option<&MultiAttributes>,
        given: Option<MultiAttributes>,
    ) -> MultiAttributes {
        let creating = before.is_none();
        let mut attributes = MultiAttributes::new();
        match given {
            None => attributes.extend(before.cloned().unwrap_or_default()),
            Some(given) => {
                attributes.extend(given.into_iter().filter(|(name, values)| {
                    let taken = self.attribute(name).is_some() || self.admin_edits(name);
                    taken && !values.is_empty() && !FIELDS.contains(&name.as_str()) && name != "emailVerified"
                }));
                for (name, values) in before.into_iter().flatten() {
                    if !self.admin_edits(name) && !attributes.contains_key(name) {
                        attributes.insert(name.clone(), values.clone());
                    }
                }
            }
        }
        if creating {
            for attribute in &self.attributes {
                if let Some(value) = attribute.default_value.as_ref()
                    && !FIELDS.contains(&attribute.name.as_str())
                {
                    attributes.entry(attribute.name.clone()).or_insert_with(|| vec![value.clone()]);
                }
            }
        }
        attributes
    }

    /// What is wrong with a user as an administrator made it. Values that stayed as they were are not judged: an import
    /// may have brought what would be refused today.
    pub(crate) fn judge(&self, before: Option<&User>, user: &User, problems: &mut Vec<Problem>) {
        for attribute in &self.attributes {
            let name = attribute.name.as_str();
            let values = values(user, name);
            let old = before.map(|before| self::values(before, name)).unwrap_or_default();
            let given: Vec<&str> = values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
            let problem = |key: &str, params: Vec<Value>| {
                let params = std::iter::once(Value::from(name)).chain(params).collect();
                Problem::new(name, key).with(params)
            };
            if values != old && !attribute.admin_edits {
                problems.push(problem("error-user-attribute-read-only", Vec::new()));
                continue;
            }
            if given.is_empty() {
                if attribute.required_of_admins {
                    problems.push(problem("error-user-attribute-required", Vec::new()));
                }
                continue;
            }
            if values == old {
                continue;
            }
            if !attribute.multivalued && values.len() > 1 {
                let bounds = vec![Value::from("0"), Value::from("1")];
                problems.push(problem("error-invalid-multivalued-size", bounds));
            }
            for validator in &attribute.validators {
                if let Some(found) = validator.judge(&given) {
                    problems.push(problem(&found.key, found.params));
                }
            }
        }
    }

    /// The user as administrators see it.
    pub(crate) fn shown(&self, mut user: User) -> User {
        user.attributes.retain(|name, _| self.admin_views(name));
        let hidden = |name: &str| self.attribute(name).is_some_and(|attribute| !attribute.admin_views);
        user.email = user.email.filter(|_| !hidden("email"));
        user.first_name = user.first_name.filter(|_| !hidden("firstName"));
        user.last_name = user.last_name.filter(|_| !hidden("lastName"));
        user
    }

    /// The attributes of a user that the profile doesn't name.
    pub(crate) fn unmanaged(&self, attributes: MultiAttributes) -> MultiAttributes {
        let unmanaged = |(name, _): &(String, Vec<String>)| self.attribute(name).is_none();
        attributes.into_iter().filter(unmanaged).collect()
    }
}
