//! One attribute of a profile.

use representation::UPAttribute;

use super::validator::Validator;

/// The attributes that a user has without a profile too, as fields of their own.
pub(super) const FIELDS: [&str; 4] = ["username", "email", "firstName", "lastName"];
/// Those of [`FIELDS`] that no profile may leave out.
pub(super) const ROOT: [&str; 2] = ["username", "email"];

const ADMIN: &str = "admin";

/// An attribute, ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    /// A value must be there when an administrator makes or changes a user.
    pub(super) required_of_admins: bool,
    pub(super) admin_views: bool,
    pub(super) admin_edits: bool,
    pub(super) multivalued: bool,
    pub(super) default_value: Option<String>,
    pub(super) validators: Vec<Validator>,
}

impl Attribute {
    pub(super) fn of(given: &UPAttribute) -> Option<Self> {
        let name = given.name.clone()?;
        let holds = |roles: &Option<Vec<String>>| roles.iter().flatten().any(|role| role == ADMIN);
        let (admin_views, admin_edits) = match &given.permissions {
            // Nobody could make a user whose name nobody may write.
            None => (ROOT.contains(&name.as_str()), ROOT.contains(&name.as_str())),
            Some(permissions) => {
                let edits = holds(&permissions.edit);
                (edits || holds(&permissions.view), edits)
            }
        };
        let required_of_admins = given.required.as_ref().is_some_and(|required| {
            let always =
                required.roles.iter().flatten().next().is_none() && required.scopes.iter().flatten().next().is_none();
            always || holds(&required.roles)
        });
        let validators = given.validations.iter().flatten();
        Some(Self {
            required_of_admins,
            admin_views,
            admin_edits,
            multivalued: given.multivalued.unwrap_or(false),
            default_value: given.default_value.clone().filter(|value| !value.is_empty()),
            validators: validators.filter_map(|(id, settings)| Validator::parse(id, settings).ok()).collect(),
            name,
        })
    }
}
