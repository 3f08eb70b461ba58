//! What an application asks for, in words.

use model::client_scope::ClientScope;
use web::Shown;

/// One line of what an application asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedScope {
    /// What it gets.
    pub text: Shown,
}

impl AskedScope {
    /// What the scope stands for; nothing if it isn't to be shown.
    #[must_use]
    pub fn of(scope: &ClientScope) -> Option<Self> {
        let attribute = |name: &str| scope.attributes.get(name).map(String::as_str);
        // Shown unless it says otherwise, as in Keycloak.
        let shown = attribute("display.on.consent.screen") != Some("false");
        shown.then(|| Self::in_words(&scope.name, attribute("consent.screen.text")))
    }

    /// A scope with its consent text, which may be a key of Keycloak's message bundles. Without a text that says
    /// something to people it goes by its name.
    #[must_use]
    pub fn in_words(name: &str, text: Option<&str>) -> Self {
        let text = text.and_then(known).filter(|text| !text.is_empty());
        Self { text: text.unwrap_or_else(|| Shown::name(name)) }
    }
}

fn known(text: &str) -> Option<Shown> {
    let Some(key) = text.trim().strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
        return Some(Shown::sentence(text));
    };
    let words = match key {
        "profileScopeConsentText" => "Your name and the rest of your profile",
        "emailScopeConsentText" => "Your email address",
        "addressScopeConsentText" => "Your postal address",
        "phoneScopeConsentText" => "Your phone number",
        "rolesScopeConsentText" | "samlRoleListScopeConsentText" => "Your roles",
        "organizationScopeConsentText" | "samlOrganizationScopeConsentText" => "The organizations you belong to",
        "offlineAccessScopeConsentText" => "Access to all of this while you are not there",
        _ => return None,
    };
    Some(Shown::sentence(words))
}

#[cfg(test)]
mod tests {
    use model::{Attributes, id::ClientScopeId};

    use super::*;

    fn scope(attributes: &[(&str, &str)]) -> ClientScope {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ClientScope {
            id: ClientScopeId(String::new()),
            name: "observations".to_owned(),
            description: None,
            protocol: "openid-connect".to_owned(),
            attributes: attributes.collect::<Attributes>(),
        }
    }

    #[test]
    fn a_scope_is_told_in_words_unless_it_is_hidden() {
        let told = |attributes: &[(&str, &str)]| AskedScope::of(&scope(attributes)).map(|asked| asked.text.to_string());
        for (text, words) in [
            ("${emailScopeConsentText}", "Your email address"),
            ("${somethingElse}", "observations"),
            ("", "observations"),
            ("Your observations, ${a}", "Your observations, ${a}"),
        ] {
            assert_eq!(told(&[("consent.screen.text", text)]).as_deref(), Some(words));
        }
        assert_eq!(told(&[]).as_deref(), Some("observations"));
        assert_eq!(told(&[("display.on.consent.screen", "false")]), None);
    }
}
