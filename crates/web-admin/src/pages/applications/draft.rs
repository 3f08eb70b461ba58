//! What was typed so far.

use representation::{ClientRepresentation, Masked};
use url::form_urlencoded;

use super::kinds::Kind;
use crate::posted::Form;

/// An application that isn't there yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) kind: Option<Kind>,
    pub(super) client_id: String,
    pub(super) name: String,
    /// A line each.
    pub(super) redirect_uris: String,
    /// A line each.
    pub(super) post_logout: String,
    pub(super) base_url: String,
    /// Tokens carry all roles of a person.
    pub(super) all_roles: bool,
}

/// The lines of a text that aren't empty.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl Draft {
    pub(super) fn of(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        Self {
            kind: Kind::parse(form.text("kind")),
            client_id: text("clientId"),
            name: text("name"),
            redirect_uris: text("redirectUris"),
            post_logout: text("postLogout"),
            base_url: text("baseUrl"),
            all_roles: form.text("roles") == "all",
        }
    }

    /// Names and values, as a form has them.
    pub(super) fn fields(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("kind", self.kind.map_or("", Kind::id)),
            ("clientId", &self.client_id),
            ("name", &self.name),
            ("redirectUris", &self.redirect_uris),
            ("postLogout", &self.post_logout),
            ("baseUrl", &self.base_url),
            ("roles", if self.all_roles { "all" } else { "" }),
        ];
        fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// What was typed beside the kind.
    pub(super) fn beside_kind(&self) -> Vec<(&'static str, &str)> {
        self.fields().into_iter().filter(|(name, _)| *name != "kind").collect()
    }

    /// As the query of an address.
    pub(super) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.fields()).finish()
    }

    /// The redirect URIs.
    pub(super) fn redirects(&self) -> Vec<String> {
        lines(&self.redirect_uris)
    }

    /// The client that is asked for.
    pub(super) fn wanted(&self, kind: Kind) -> ClientRepresentation {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let mut wanted = kind.safe();
        let mut attributes = wanted.attributes.take().map(Masked::into_inner).unwrap_or_default();
        let after_logout = lines(&self.post_logout).join("##");
        if kind.has_redirects() {
            let after_logout = if after_logout.is_empty() { "+".to_owned() } else { after_logout };
            attributes.insert("post.logout.redirect.uris".to_owned(), after_logout);
        }
        ClientRepresentation {
            client_id: some(&self.client_id),
            name: some(&self.name),
            base_url: some(&self.base_url),
            redirect_uris: Some(if kind.has_redirects() { self.redirects() } else { Vec::new() }),
            full_scope_allowed: Some(self.all_roles),
            attributes: Some(Masked::new(attributes)),
            ..wanted
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_and_forth_loses_nothing() {
        let typed = "kind=native&clientId=my+app&name=a%26b&redirectUris=a%3A%2Fb%0D%0Ac%3A%2Fd&roles=all";
        let draft = Draft::of(&Form::parse(typed.as_bytes()).unwrap());
        let again = Draft::of(&Form::parse(draft.query().as_bytes()).unwrap());
        assert_eq!(format!("{draft:?}"), format!("{again:?}"));
        let wanted = again.wanted(Kind::Native);
        assert_eq!(wanted.redirect_uris.as_deref(), Some(&["a:/b".to_owned(), "c:/d".to_owned()][..]));
        assert_eq!((wanted.public_client, wanted.full_scope_allowed), (Some(true), Some(true)));
    }
}
