//! The form of a token request (RFC 6749 section 3.2).

use std::collections::BTreeMap;

use actix_web::{HttpMessage, HttpRequest, web::Bytes};
use model::secret::Secret;
use url::form_urlencoded;

use crate::refusal::Refusal;

/// Parameters that may come more than once (RFC 8707, RFC 8693, UMA).
const REPEATABLE: [&str; 3] = ["audience", "resource", "permission"];

/// The parameters of a request. `Debug` shows names only, because the values hold secrets.
pub struct Form(BTreeMap<String, Secret>);

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Form {
    /// Reads a body. An empty parameter counts as absent (RFC 6749 section 3.2).
    ///
    /// # Errors
    /// `invalid_request` for another type than a form, for a parameter that comes twice, and for control characters,
    /// which no parameter may hold.
    pub fn read(request: &HttpRequest, body: &Bytes) -> Result<Self, Refusal> {
        if !body.is_empty() && !request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Refusal::invalid_request("The body has to be of type application/x-www-form-urlencoded"));
        }
        Self::parse(body)
    }

    fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let mut seen = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            let value = Secret::new(value.into_owned());
            if value.expose().contains('\0') || name.contains(char::is_control) {
                return Err(Refusal::invalid_request("A parameter holds a control character"));
            }
            let again = seen.insert(name.clone().into_owned(), value).is_some();
            if again && !REPEATABLE.contains(&&*name) {
                return Err(Refusal::invalid_request("duplicated parameter"));
            }
        }
        seen.retain(|_, value: &mut Secret| !value.expose().is_empty());
        Ok(Self(seen))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose)
    }

    /// The value of a parameter that is a secret.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.0.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(body: &str) -> Result<Form, String> {
        Form::parse(body.as_bytes()).map_err(|refusal| refusal.code().to_owned())
    }

    #[test]
    fn values_are_decoded_and_empty_ones_absent() {
        let form = parsed("username=j%C3%A9+e&password=a%26b&code=&redirect_uri=").unwrap();
        assert_eq!(form.get("username"), Some("jé e"));
        assert_eq!(form.secret("password").map(Secret::expose), Some("a&b"));
        assert_eq!((form.get("code"), form.get("redirect_uri"), form.get("scope")), (None, None, None));
    }

    #[test]
    fn a_parameter_comes_once() {
        assert_eq!(parsed("scope=a&scope=b").unwrap_err(), "invalid_request");
        assert_eq!(parsed("code=&code=").unwrap_err(), "invalid_request");
        assert!(parsed("audience=a&audience=b").is_ok());
    }

    #[test]
    fn a_nul_is_refused() {
        assert_eq!(parsed("username=a%00b").unwrap_err(), "invalid_request");
    }

    #[test]
    fn nothing_of_the_values_prints() {
        let printed = format!("{:?}", parsed("password=hunter2").unwrap());
        assert!(printed.contains("password") && !printed.contains("hunter2"));
    }
}
