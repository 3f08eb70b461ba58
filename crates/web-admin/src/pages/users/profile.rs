//! The fields of a user as the realm's profile has them.

use std::collections::BTreeMap;

use model::user::User;
use representation::{Attributes as Given, UserProfileAttributeMetadata, UserProfileMetadata, UserRepresentation};
use serde_json::Value;
use services::{user_profile, users};

use crate::{
    Console,
    field::{Attributes, Field},
    form_errors::FormErrors,
    posted::Form,
    refusal::Refusal,
};

/// Attributes that are fields of a user of their own.
const FIELDS: [&str; 4] = ["username", "email", "firstName", "lastName"];
/// What stands before the name of another attribute, so that none is taken for something else of the form.
const PREFIX: &str = "attributes.";
const HELP: &str = "Whatever else applications want to know of this user. One row for each value.";

/// What a form about a user has to know.
pub(super) struct Profile {
    metadata: UserProfileMetadata,
    /// Attributes beyond the profile: whether there are any, and whether they can be changed.
    unmanaged: Option<bool>,
}

impl Profile {
    /// The profile of the realm in front.
    pub(super) async fn of(console: &Console) -> Result<Self, Refusal> {
        let (services, caller, realm) = (&console.services, &console.caller, console.realm()?);
        let config = user_profile::get(services, caller, realm).await?;
        let unmanaged = match config.unmanaged_attribute_policy.as_deref() {
            Some("ENABLED" | "ADMIN_EDIT") => Some(true),
            Some("ADMIN_VIEW") => Some(false),
            _ => None,
        };
        Ok(Self { metadata: users::profile_metadata(services, caller, realm).await?, unmanaged })
    }

    fn attributes(&self) -> impl Iterator<Item = (&str, &UserProfileAttributeMetadata)> {
        self.metadata.attributes.iter().flatten().filter_map(|attribute| Some((attribute.name.as_deref()?, attribute)))
    }

    /// The fields, with what was typed, or what the user has.
    pub(super) fn fields(
        &self,
        user: Option<&User>,
        form: Option<&Form>,
        errors: &FormErrors,
        fixed: bool,
    ) -> Vec<Field> {
        let field = |(name, attribute): (&str, &UserProfileAttributeMetadata)| {
            let read_only = fixed || attribute.read_only == Some(true);
            let values = match (form.filter(|_| !read_only), user) {
                (Some(form), _) => vec![form.raw(&field_name(name)).to_owned()],
                (None, Some(user)) => values(user, name),
                (None, None) => attribute.default_value.clone().into_iter().collect(),
            };
            let mut field = one(name, attribute, &values.join("\n"));
            field.fixed = read_only;
            field.required = attribute.required == Some(true);
            field.error = errors.about(name).cloned();
            field
        };
        self.attributes().map(field).collect()
    }

    /// The names by which problems are about a field.
    pub(super) fn names(&self) -> Vec<&str> {
        self.attributes().map(|(name, _)| name).collect()
    }

    /// What people choose themselves, with what was typed, or what the user has.
    pub(super) fn others(&self, user: Option<&User>, form: Option<&Form>, fixed: bool) -> Option<Attributes> {
        let editable = self.unmanaged?;
        let known = self.names();
        let attributes = match (form, user) {
            (Some(form), _) if editable => Attributes::typed(form, HELP),
            (_, Some(user)) => {
                Attributes::of(user.attributes.iter().filter(|(name, _)| !known.contains(&name.as_str())), HELP)
            }
            _ => Attributes::of([], HELP),
        };
        Some(Attributes { heading: "Other attributes", fixed: fixed || !editable, ..attributes })
    }

    /// What was typed.
    pub(super) fn read(&self, form: &Form) -> UserRepresentation {
        let mut attributes: BTreeMap<String, Vec<String>> = match self.unmanaged {
            Some(true) => Attributes::read(form),
            _ => BTreeMap::new(),
        };
        let known = self.names();
        attributes.retain(|name, _| !known.contains(&name.as_str()));
        let mut given = UserRepresentation::default();
        for (name, attribute) in self.attributes().filter(|(_, attribute)| attribute.read_only != Some(true)) {
            let field = field_name(name);
            if !form.has(&field) {
                continue;
            }
            let text = form.text(&field).to_owned();
            match name {
                "username" => given.username = Some(text),
                "email" => given.email = Some(text),
                "firstName" => given.first_name = Some(text),
                "lastName" => given.last_name = Some(text),
                _ if attribute.multivalued == Some(true) => {
                    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                    attributes.insert(name.to_owned(), lines.map(str::to_owned).collect());
                }
                _ => {
                    attributes
                        .insert(name.to_owned(), Some(text).filter(|text| !text.is_empty()).into_iter().collect());
                }
            }
        }
        given.attributes = Some(Given(attributes));
        given
    }
}

fn field_name(name: &str) -> String {
    if FIELDS.contains(&name) { name.to_owned() } else { format!("{PREFIX}{name}") }
}

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

fn one(name: &str, attribute: &UserProfileAttributeMetadata, value: &str) -> Field {
    let label = label(name, attribute.display_name.as_deref());
    let annotation = |key: &str| attribute.annotations.as_ref()?.get(key)?.as_str();
    let options = attribute.validators.as_ref().and_then(|all| all.get("options")?.get("options")?.as_array());
    let field = match options {
        _ if attribute.multivalued == Some(true) => Field::lines(&field_name(name), &label, value),
        Some(options) => {
            let options = options.iter().filter_map(Value::as_str).map(|option| (option, option));
            let known = std::iter::once(("", "—")).chain(options);
            // What is there stays a choice, whatever the profile says today.
            let mut known: Vec<_> = known.collect();
            if !known.iter().any(|(option, _)| *option == value) {
                known.push((value, value));
            }
            Field::choice(&field_name(name), &label, value, known)
        }
        None if annotation("inputType").is_some_and(|kind| kind == "textarea") => {
            Field::lines(&field_name(name), &label, value)
        }
        None => Field::text(&field_name(name), &label, value),
    };
    match annotation("inputHelperTextBefore").or_else(|| annotation("inputHelperTextAfter")) {
        Some(help) => field.help(help),
        None if attribute.multivalued == Some(true) => field.help("One value on each line."),
        None => field,
    }
}

/// What an attribute is called: its display name, unless that is the key of a text.
fn label(name: &str, display_name: Option<&str>) -> String {
    let display_name = display_name.map(str::trim).filter(|text| !text.is_empty());
    match (display_name, name) {
        (Some(text), _) if !text.starts_with("${") => text.to_owned(),
        (_, "username") => "Username".to_owned(),
        (_, "email") => "E-mail address".to_owned(),
        (_, "firstName") => "First name".to_owned(),
        (_, "lastName") => "Last name".to_owned(),
        (_, name) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> Profile {
        let attribute = |name: &str, multivalued: bool, read_only: bool| UserProfileAttributeMetadata {
            name: Some(name.to_owned()),
            multivalued: Some(multivalued),
            read_only: Some(read_only),
            ..UserProfileAttributeMetadata::default()
        };
        let attributes = vec![
            attribute("username", false, false),
            attribute("enabled", false, false),
            attribute("phones", true, false),
            attribute("badge", false, true),
        ];
        Profile { metadata: UserProfileMetadata { attributes: Some(attributes), groups: None }, unmanaged: Some(true) }
    }

    #[test]
    fn an_attribute_is_not_taken_for_something_else_of_the_form() {
        let form = Form::parse(
            b"username=Ann&enabled=true&attributes.enabled=perhaps&attributes.phones=1%0d%0a%0d%0a2\
            &attributes.badge=7&attribute-name=badge&attribute-value=8&attribute-name=team&attribute-value=x",
        )
        .unwrap();
        let given = profile().read(&form);
        assert_eq!(given.username.as_deref(), Some("Ann"));
        assert_eq!(given.enabled, None);
        let Given(attributes) = given.attributes.unwrap();
        assert_eq!(attributes["enabled"], ["perhaps"]);
        assert_eq!(attributes["phones"], ["1", "2"]);
        assert_eq!(attributes["team"], ["x"]);
        assert!(!attributes.contains_key("badge"));
    }
}
