//! What a realm is called, and whether it is in use.

use model::realm::Realm;

use crate::settings::{Field, Kind, Section};

pub(super) fn sections(realm: &Realm) -> Vec<Section> {
    vec![
        Section::new(
            "realm",
            "Realm",
            "",
            vec![
                Field::text("realm", "Name")
                    .help(
                        "It is part of every address and names the issuer of tokens. Applications and registries that \
                         know the old name stop working until they are told the new one.",
                    )
                    .required()
                    .fixed(realm.is_master()),
                Field::text("displayName", "Name shown to people").help("Login pages and e-mails show it."),
                Field::switch("enabled", "The realm is in use")
                    .help("Switched off, nobody logs in and no token is issued. Nothing is lost."),
            ],
        ),
        Section::new(
            "connections",
            "Connections",
            "",
            vec![
                Field::choice(
                    "sslRequired",
                    "HTTPS is needed",
                    &[
                        ("external", "From other networks"),
                        ("all", "Always"),
                        ("none", "Never"),
                    ],
                )
                .help("Connections from this machine and from private networks may do without in the first case.")
                .any_of(&["external", "all"], "Without HTTPS, passwords and tokens can be read on the way."),
                Field::new("attributes.outgoing.allowed-networks", "Inner networks that may be called", Kind::Many)
                    .joined(",")
                    .help(
                        "Applications give the server addresses to call, for instance for keys or logouts. Addresses of \
                         private networks are refused, except those named here: one network on each line, such as \
                         10.1.2.0/28.",
                    )
                    .safe(Vec::<String>::new(), "Whoever registers an address could have the server call hosts inside."),
            ],
        ),
    ]
}
