//! What an LDAP directory is asked for.

use crate::settings::{Field, Kind, Section};

fn text(name: &'static str, label: &'static str) -> Field {
    Field::text(name, label).listed()
}

fn switch(name: &'static str, label: &'static str) -> Field {
    Field::switch(name, label).listed()
}

fn choice(name: &'static str, label: &'static str, options: &[(&str, &str)]) -> Field {
    Field::choice(name, label, options).listed()
}

/// The sections of a user store; one that is no LDAP directory has its name only.
pub(super) fn sections(provider_id: &str) -> Vec<Section> {
    let mut general = vec![
        Field::text("name", "Name").help("For administrators only.").required(),
        switch("config.enabled", "In use").absent("true"),
        Field::number("config.priority", "Priority", 0, 10_000)
            .listed()
            .help("Lower ones are asked first.")
            .absent("0"),
    ];
    if provider_id != services::user_storage::kinds::LDAP {
        return vec![Section::new("general", "General", "", general)];
    }
    general.push(
        choice(
            "config.vendor",
            "Make",
            &[
                ("other", "Another"),
                ("ad", "Active Directory"),
                ("rhds", "Red Hat Directory Server"),
                ("tivoli", "Tivoli"),
                ("edirectory", "eDirectory"),
            ],
        )
        .absent("other"),
    );
    vec![
        Section::new("general", "General", "", general),
        Section::new(
            "connection",
            "Connection",
            "",
            vec![
                text("config.connectionUrl", "Address")
                    .help("ldaps://host, or ldap://host with StartTLS. Several with spaces between them.")
                    .required(),
                switch("config.startTls", "StartTLS").help("Encrypts a connection that begins with ldap://."),
                Field::number("config.connectionTimeout", "Milliseconds until it is given up", 0, 600_000).listed(),
                choice(
                    "config.authType",
                    "How the server logs in there",
                    &[("simple", "With a password"), ("none", "Not at all")],
                )
                .absent("simple"),
                text("config.bindDn", "As").help("A distinguished name, such as cn=reader,dc=example,dc=com."),
                Field::new("config.bindCredential", "Password", Kind::Secret)
                    .listed()
                    .help("It is kept encrypted, and has to be given anew if the address changes."),
            ],
        ),
        Section::new(
            "users",
            "Users",
            "",
            vec![
                choice(
                    "config.editMode",
                    "What may be changed",
                    &[
                        ("READ_ONLY", "Nothing"),
                        ("WRITABLE", "Users, in the directory too"),
                        ("UNSYNCED", "Users, here only"),
                    ],
                )
                .absent("READ_ONLY")
                .safe("READ_ONLY", "The directory has one place where it is changed."),
                text("config.usersDn", "Where they are")
                    .help("A distinguished name, such as ou=people,dc=example,dc=com."),
                text("config.usernameLDAPAttribute", "Attribute with the user name").absent("uid"),
                text("config.rdnLDAPAttribute", "Attribute in distinguished names").absent("uid"),
                text("config.uuidLDAPAttribute", "Attribute that never changes").absent("entryUUID"),
                text("config.userObjectClasses", "Object classes")
                    .absent("inetOrgPerson, organizationalPerson")
                    .help("With commas between them."),
                text("config.customUserSearchFilter", "Only those that match").help("An LDAP filter in brackets."),
                choice("config.searchScope", "How deep", &[("1", "Directly there"), ("2", "Below as well")])
                    .absent("1"),
                switch("config.pagination", "Ask in pages").absent("true"),
            ],
        ),
        Section::new(
            "synchronization",
            "Synchronization",
            "",
            vec![
                switch("config.importEnabled", "Keep a copy of users here").absent("true"),
                switch("config.syncRegistrations", "New users are made in the directory too"),
                Field::number("config.batchSizeForSync", "Users at a time", 0, 100_000).listed(),
                Field::number("config.fullSyncPeriod", "Seconds between two full synchronizations", -1, 315_360_000)
                    .listed()
                    .help("-1 is never."),
                Field::number("config.changedSyncPeriod", "Seconds between two of what changed", -1, 315_360_000)
                    .listed()
                    .help("-1 is never."),
            ],
        ),
    ]
}
