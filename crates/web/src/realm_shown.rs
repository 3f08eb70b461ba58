//! A realm as people see it on its pages: its name, and how it wants them to look.

use std::fmt::{self, Display, Formatter};

use model::realm::Realm;
use services::themes;

use crate::{Shown, assets::fnv1a, percent_encoded, reply::shown_name};

/// A realm as its pages show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RealmShown {
    name: Shown,
    style: Option<String>,
    logo: Option<String>,
    text: Option<Shown>,
}

impl RealmShown {
    /// A realm with its looks.
    #[must_use]
    pub fn of(realm: &Realm) -> Self {
        // Each address holds a hash of what is there, so that browsers may keep it and still see a change at once.
        let path = |hash: u64, end: &str| format!("/realms/{}/theme/{hash:016x}{end}", percent_encoded(&realm.name));
        let colours = themes::colours(realm);
        Self {
            name: Shown::name(shown_name(realm)),
            style: colours.map(|colours| path(fnv1a(colours.style_sheet().as_bytes()), ".css")),
            logo: themes::sealed_logo(realm).map(|logo| path(fnv1a(logo.as_bytes()), "")),
            text: themes::text(realm).map(Shown::sentence),
        }
    }

    /// Its style sheet, if it has colours of its own.
    #[must_use]
    pub fn style(&self) -> Option<&str> {
        self.style.as_deref()
    }

    /// Its logo.
    #[must_use]
    pub fn logo(&self) -> Option<&str> {
        self.logo.as_deref()
    }

    /// What its login page says.
    #[must_use]
    pub fn text(&self) -> Option<&Shown> {
        self.text.as_ref()
    }
}

impl From<&str> for RealmShown {
    fn from(name: &str) -> Self {
        Self { name: Shown::name(name), ..Self::default() }
    }
}

impl Display for RealmShown {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}
