//! Kinds of protocol mappers, as consoles and `serverinfo` list them.

/// The type of a setting, with Keycloak's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingType {
    /// One line.
    String,
    /// Several lines.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A role, `NAME` or `CLIENT.NAME`.
    Role,
    /// A group's path.
    Group,
    /// One of the options.
    List,
    /// Several texts, separated by `##`.
    MultivaluedString,
}

impl SettingType {
    /// Keycloak's name of the type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Text => "Text",
            Self::Boolean => "boolean",
            Self::Role => "Role",
            Self::Group => "Group",
            Self::List => "List",
            Self::MultivaluedString => "MultivaluedString",
        }
    }
}

/// One setting of a mapper kind.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The name in `config`.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What it does, in a sentence or two.
    pub help: &'static str,
    /// Its type.
    pub kind: SettingType,
    /// The value if absent.
    pub default: Option<&'static str>,
    /// The choices of a list.
    pub options: &'static [&'static str],
    /// It must be given.
    pub required: bool,
}

/// A kind of mapper.
#[derive(Clone, Copy, Debug)]
pub struct MapperKind {
    /// The id in `protocolMapper`.
    pub id: &'static str,
    /// Its name.
    pub label: &'static str,
    /// The heading under which it is listed.
    pub category: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Its settings.
    pub settings: &'static [Setting],
}
