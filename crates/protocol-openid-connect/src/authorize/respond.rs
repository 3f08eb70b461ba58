//! Answers of the authorization endpoint, in the response mode of the request (RFC 6749 section 4.1.2, RFC 9207).

use login::browser::BrowserReply;
use url::form_urlencoded;

use super::ResponseMode;

/// Where an answer goes, and how.
#[derive(Clone, Debug)]
pub struct Destination {
    /// The redirect URI, which was checked.
    pub redirect_uri: String,
    /// The response mode.
    pub mode: ResponseMode,
    /// Given back as it came.
    pub state: Option<String>,
    /// The realm's address; none if the client wants no `iss`.
    pub issuer: Option<String>,
}

/// An error of the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationError {
    /// The code of RFC 6749 section 4.1.2.1 or OpenID Connect Core 1.0 section 3.1.2.6.
    pub code: &'static str,
    /// A sentence for the client's developer.
    pub description: Option<String>,
    /// Keycloak's error code for the event.
    pub event: &'static str,
}

impl AuthorizationError {
    /// An error with a description.
    pub fn new(code: &'static str, description: impl Into<String>) -> Self {
        let event = if code == "invalid_scope" { "invalid_request" } else { code };
        Self { code, description: Some(description.into()), event }
    }

    /// An error without a description.
    pub fn bare(code: &'static str) -> Self {
        Self { code, description: None, event: code }
    }

    /// `invalid_request`.
    pub fn invalid_request(description: impl Into<String>) -> Self {
        Self::new("invalid_request", description)
    }
}

impl Destination {
    /// The answer that tells of an error.
    pub fn error(&self, error: &AuthorizationError) -> BrowserReply {
        let mut fields = vec![("error", error.code.to_owned())];
        if let Some(description) = &error.description {
            fields.push(("error_description", printable(description)));
        }
        self.reply(fields)
    }

    /// An answer with these fields, and with `state` and `iss`.
    pub fn reply(&self, mut fields: Vec<(&str, String)>) -> BrowserReply {
        fields.extend(self.state.clone().map(|state| ("state", state)));
        fields.extend(self.issuer.clone().map(|issuer| ("iss", issuer)));
        let encoded = || {
            let mut text = form_urlencoded::Serializer::new(String::new());
            text.extend_pairs(&fields);
            text.finish()
        };
        match self.mode {
            ResponseMode::Query => {
                let joint = match self.redirect_uri.split_once('?') {
                    None => "?",
                    Some((_, "")) => "",
                    Some(_) => "&",
                };
                BrowserReply::Redirect(format!("{}{joint}{}", self.redirect_uri, encoded()))
            }
            ResponseMode::Fragment => BrowserReply::Redirect(format!("{}#{}", self.redirect_uri, encoded())),
            ResponseMode::FormPost => BrowserReply::PostForm {
                action: self.redirect_uri.clone(),
                fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            },
        }
    }
}

/// What RFC 6749 section 4.1.2.1 lets a description hold.
fn printable(text: &str) -> String {
    let fits = |letter: &char| matches!(letter, ' ' | '!' | '#'..='[' | ']'..='~');
    text.chars().filter(fits).take(500).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(redirect_uri: &str, mode: ResponseMode) -> Destination {
        Destination { redirect_uri: redirect_uri.into(), mode, state: Some("a&b".into()), issuer: None }
    }

    #[test]
    fn the_query_of_the_redirect_uri_stays() {
        for (uri, expected) in [
            ("https://a.example/cb", "https://a.example/cb?code=x&state=a%26b"),
            ("https://a.example/cb?x=1", "https://a.example/cb?x=1&code=x&state=a%26b"),
            ("https://a.example/cb?", "https://a.example/cb?code=x&state=a%26b"),
        ] {
            let reply = destination(uri, ResponseMode::Query).reply(vec![("code", "x".into())]);
            assert_eq!(reply, BrowserReply::Redirect(expected.into()));
        }
        let reply = destination("https://a.example/cb?x=1", ResponseMode::Fragment).reply(vec![("code", "x".into())]);
        assert_eq!(reply, BrowserReply::Redirect("https://a.example/cb?x=1#code=x&state=a%26b".into()));
    }

    #[test]
    fn descriptions_hold_only_what_the_rfc_allows() {
        let error = AuthorizationError::invalid_request("say \"no\"\r\n\u{202e} to \\ é");
        let reply = destination("https://a.example/", ResponseMode::FormPost).error(&error);
        let BrowserReply::PostForm { fields, .. } = reply else { panic!("a form") };
        assert_eq!(fields[1].1, "say no to  ");
    }
}
