//! Kinds of user stores and of their mappers, with Keycloak's ids.

use std::collections::BTreeMap;

use protocol::{Setting, SettingType};

use SettingType::{Boolean, List, String as Line};

/// The kind of LDAP directories.
pub const LDAP: &str = "ldap";

/// A kind.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The id in `providerId`.
    pub id: &'static str,
    /// What it does.
    pub help: &'static str,
    /// Settings of which a console is told.
    pub settings: &'static [Setting],
}

const fn setting(name: &'static str, label: &'static str, kind: SettingType, help: &'static str) -> Setting {
    Setting { name, label, help, kind, default: None, options: &[], required: false }
}

const LDAP_ATTRIBUTE: Setting = setting("ldap.attribute", "LDAP Attribute", Line, "The attribute in the directory.");
const READ_ONLY: Setting = setting("read.only", "Read Only", Boolean, "Nothing is written to the directory.");

/// The kinds of user stores.
pub const ALL: [Kind; 2] = [
    Kind {
        id: LDAP,
        help: "Users of an LDAP directory.",
        settings: &[
            setting("connectionUrl", "Connection URL", Line, "ldap://host or ldaps://host."),
            setting("bindDn", "Bind DN", Line, "Who asks the directory."),
            setting("bindCredential", "Bind credentials", Line, "The password of who asks."),
            setting("usersDn", "Users DN", Line, "Where users are."),
            Setting {
                options: &["READ_ONLY", "WRITABLE", "UNSYNCED"],
                ..setting("editMode", "Edit mode", List, "What may be changed.")
            },
        ],
    },
    Kind { id: "kerberos", help: "Users of a Kerberos realm.", settings: &[] },
];

/// The kinds of mappers of LDAP directories.
pub const MAPPERS: [Kind; 12] = [
    Kind {
        id: "user-attribute-ldap-mapper",
        help: "Maps an attribute of the user.",
        settings: &[
            setting("user.model.attribute", "User Model Attribute", Line, "The attribute here."),
            LDAP_ATTRIBUTE,
            READ_ONLY,
        ],
    },
    Kind {
        id: "full-name-ldap-mapper",
        help: "Maps the full name to given name and family name.",
        settings: &[setting("ldap.full.name.attribute", "LDAP Full Name Attribute", Line, "The attribute."), READ_ONLY],
    },
    Kind {
        id: "role-ldap-mapper",
        help: "Maps groups of the directory to roles.",
        settings: &[setting("roles.dn", "LDAP Roles DN", Line, "Where they are.")],
    },
    Kind {
        id: "group-ldap-mapper",
        help: "Maps groups of the directory to groups.",
        settings: &[setting("groups.dn", "LDAP Groups DN", Line, "Where they are.")],
    },
    Kind {
        id: "hardcoded-ldap-role-mapper",
        help: "Gives every user of the directory a role.",
        settings: &[setting("role", "Role", SettingType::Role, "The role.")],
    },
    Kind {
        id: "hardcoded-ldap-group-mapper",
        help: "Makes every user of the directory a member of a group.",
        settings: &[setting("group", "Group", SettingType::Group, "The group.")],
    },
    Kind {
        id: "hardcoded-ldap-attribute-mapper",
        help: "Writes a value into the directory with each new user.",
        settings: &[
            setting("ldap.attribute.name", "LDAP Attribute Name", Line, "The attribute in the directory."),
            setting("ldap.attribute.value", "LDAP Attribute Value", Line, "Its value."),
        ],
    },
    Kind {
        id: "hardcoded-attribute-mapper",
        help: "Gives every user of the directory an attribute.",
        settings: &[
            setting("user.model.attribute", "User Model Attribute Name", Line, "The attribute here."),
            setting("attribute.value", "Attribute Value", Line, "Its value."),
        ],
    },
    Kind {
        id: "msad-user-account-control-mapper",
        help: "Follows the state of accounts of Active Directory.",
        settings: &[],
    },
    Kind {
        id: "msad-lds-user-account-control-mapper",
        help: "Follows the state of accounts of Active Directory Lightweight Directory Services.",
        settings: &[],
    },
    Kind { id: "certificate-ldap-mapper", help: "Maps a certificate of the user.", settings: &[LDAP_ATTRIBUTE] },
    Kind {
        id: "kerberos-principal-attribute-mapper",
        help: "Maps the Kerberos principal of the user.",
        settings: &[LDAP_ATTRIBUTE],
    },
];

/// The kind of user store with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.id == id)
}

/// The kind of mapper with this id.
#[must_use]
pub fn find_mapper(id: &str) -> Option<&'static Kind> {
    MAPPERS.iter().find(|kind| kind.id == id)
}

type Config = BTreeMap<String, Vec<String>>;

/// The mappers that a new directory has: name, kind and settings.
pub(super) fn default_mappers(vendor: &str, username: &str) -> Vec<(String, &'static str, Config)> {
    let active_directory = vendor == "ad";
    let (created, modified) = match active_directory {
        true => ("whenCreated", "whenChanged"),
        false => ("createTimestamp", "modifyTimestamp"),
    };
    let given_name = if active_directory { "givenName" } else { "cn" };
    let attribute = |name: &str, here: &str, there: &str, required: bool, always: bool, read_only: bool| {
        let config = [
            ("user.model.attribute", here.to_owned()),
            ("ldap.attribute", there.to_owned()),
            ("is.mandatory.in.ldap", required.to_string()),
            ("always.read.value.from.ldap", always.to_string()),
            ("read.only", read_only.to_string()),
        ];
        let config = config.map(|(name, value)| (name.to_owned(), vec![value])).into();
        (name.to_owned(), "user-attribute-ldap-mapper", config)
    };
    let mut mappers = vec![
        attribute("username", "username", username, true, false, false),
        attribute("first name", "firstName", given_name, true, true, false),
        attribute("last name", "lastName", "sn", true, true, false),
        attribute("email", "email", "mail", false, false, false),
        attribute("creation date", "createTimestamp", created, false, true, true),
        attribute("modify date", "modifyTimestamp", modified, false, true, true),
    ];
    if active_directory {
        mappers.push(("MSAD account controls".to_owned(), "msad-user-account-control-mapper", Config::new()));
    }
    mappers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_mapper_is_of_a_known_kind() {
        for (vendor, count) in [("other", 6), ("ad", 7)] {
            let mappers = default_mappers(vendor, "uid");
            assert_eq!(mappers.len(), count);
            assert!(mappers.iter().all(|(_, kind, _)| find_mapper(kind).is_some()));
        }
    }
}
