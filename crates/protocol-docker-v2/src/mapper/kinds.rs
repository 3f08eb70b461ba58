//! The four kinds of permission mappers with their settings, as consoles and `serverinfo` list them.

use protocol::{MapperKind, Setting, SettingType};

/// Kind: users with a role.
pub const ROLE: &str = "docker-v2-role-repository-mapper";
/// Kind: members of a group.
pub const GROUP: &str = "docker-v2-group-repository-mapper";
/// Kind: every signed-in user, on wish also without credentials.
pub const EVERYONE: &str = "docker-v2-everyone-repository-mapper";
/// Kind: Keycloak's mapper that grants whatever is asked for.
pub const ALLOW_ALL: &str = "docker-v2-allow-all-mapper";

/// Setting: the role of a role mapper.
pub const ROLE_SETTING: &str = "role";
/// Setting: the path of a group mapper.
pub const GROUP_SETTING: &str = "group";
/// Setting: whether groups below count.
pub const INCLUDE_SUBGROUPS: &str = "include.subgroups";
/// Setting: whether requests without credentials count.
pub const ANONYMOUS: &str = "anonymous";
/// Setting: repository patterns.
pub const REPOSITORIES: &str = "repositories";
/// Setting: actions.
pub const ACTIONS: &str = "actions";
/// Setting: the list of all repositories.
pub const CATALOG: &str = "catalog";
/// Setting: allow or deny.
pub const EFFECT: &str = "effect";

const CATEGORY: &str = "Docker Auth Mapper";

const REPOSITORIES_SETTING: Setting = Setting {
    name: REPOSITORIES,
    label: "Repositories",
    help: "Patterns of repository names, such as team-a/app, team-a/* or team-a/**. A star stays between two slashes; \
           two stars alone between slashes stand for one or more parts. ${username}, ${group} and ${attribute:NAME} \
           stand for the user's name, the group through which the rule applies and a value of the user's attribute. A \
           pattern covers the whole name, and upper and lower case differ.",
    kind: SettingType::MultivaluedString,
    default: None,
    options: &[],
    required: false,
};
const ACTIONS_SETTING: Setting = Setting {
    name: ACTIONS,
    label: "Actions",
    help: "What may be done with these repositories: pull, push, delete, separated by commas, or * for all three. \
           Uploading needs pull and push.",
    kind: SettingType::String,
    default: None,
    options: &[],
    required: false,
};
const CATALOG_SETTING: Setting = Setting {
    name: CATALOG,
    label: "List all repositories",
    help: "The rule is also about the registry's catalog (registry:catalog:*), which shows the names of all repositories.",
    kind: SettingType::Boolean,
    default: Some("false"),
    options: &[],
    required: false,
};
const EFFECT_SETTING: Setting = Setting {
    name: EFFECT,
    label: "Effect",
    help: "allow adds to what other rules allow; deny takes it away, whatever other rules allow. What is allowed without \
           credentials stays allowed for everybody.",
    kind: SettingType::List,
    default: Some("allow"),
    options: &["allow", "deny"],
    required: false,
};

/// All kinds.
pub static KINDS: [MapperKind; 4] = [
    MapperKind {
        id: ROLE,
        label: "Repositories by role",
        category: CATEGORY,
        help: "Users who have the role, directly, through a group or through a composite role, may act on the repositories.",
        settings: &[
            Setting {
                name: ROLE_SETTING,
                label: "Role",
                help: "A realm role by its name, or a role of a client as CLIENT.ROLE.",
                kind: SettingType::Role,
                default: None,
                options: &[],
                required: true,
            },
            REPOSITORIES_SETTING,
            ACTIONS_SETTING,
            CATALOG_SETTING,
            EFFECT_SETTING,
        ],
    },
    MapperKind {
        id: GROUP,
        label: "Repositories by group",
        category: CATEGORY,
        help: "Members of the group may act on the repositories.",
        settings: &[
            Setting {
                name: GROUP_SETTING,
                label: "Group",
                help: "The path of the group, such as /teams/red. A slash within a name is written ~/.",
                kind: SettingType::Group,
                default: None,
                options: &[],
                required: true,
            },
            Setting {
                name: INCLUDE_SUBGROUPS,
                label: "Include subgroups",
                help: "Members of groups below it count, too. ${group} then stands for the name of the group below.",
                kind: SettingType::Boolean,
                default: Some("false"),
                options: &[],
                required: false,
            },
            REPOSITORIES_SETTING,
            ACTIONS_SETTING,
            CATALOG_SETTING,
            EFFECT_SETTING,
        ],
    },
    MapperKind {
        id: EVERYONE,
        label: "Repositories for everyone",
        category: CATEGORY,
        help: "Every signed-in user, and on wish everybody without credentials, may act on the repositories.",
        settings: &[
            Setting {
                name: ANONYMOUS,
                label: "Without credentials",
                help: "Requests without credentials count, too. Patterns with variables never apply to them.",
                kind: SettingType::Boolean,
                default: Some("false"),
                options: &[],
                required: false,
            },
            REPOSITORIES_SETTING,
            ACTIONS_SETTING,
            CATALOG_SETTING,
            EFFECT_SETTING,
        ],
    },
    MapperKind {
        id: ALLOW_ALL,
        label: "Allow All",
        category: CATEGORY,
        help: "Every signed-in user gets whatever is asked for: all actions on all repositories and the catalog. Meant for \
               imports from Keycloak; prefer the other mappers.",
        settings: &[],
    },
];
