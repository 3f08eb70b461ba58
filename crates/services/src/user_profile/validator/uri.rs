//! URIs.

use serde_json::Value;
use url::Url;

use super::{Found, settings::Settings};

/// Which URIs are good.
#[derive(Clone, Debug)]
pub(in crate::user_profile) struct Rules {
    schemes: Vec<String>,
    fragment: bool,
}

impl Rules {
    pub(super) fn read(settings: &Settings<'_>) -> Self {
        let schemes = settings.list("allowedSchemes").filter(|schemes| !schemes.is_empty());
        Self {
            schemes: schemes.unwrap_or_else(|| ["http", "https"].map(str::to_owned).to_vec()),
            fragment: settings.text("allowFragment").is_none_or(|allowed| allowed != "false"),
        }
    }

    pub(super) fn judge(&self, value: &str) -> Option<Found> {
        let found = |key: &str, about: &str| Some(Found::new(key, vec![Value::from(about)]));
        let Ok(uri) = Url::parse(value) else { return found("error-invalid-uri", value) };
        if !self.schemes.iter().any(|scheme| scheme == uri.scheme()) {
            return found("error-invalid-uri-scheme", uri.scheme());
        }
        match uri.fragment() {
            Some(fragment) if !self.fragment => found("error-invalid-uri-fragment", fragment),
            _ => None,
        }
    }
}
