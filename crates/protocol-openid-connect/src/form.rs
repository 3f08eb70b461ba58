//! The parameters of a request: a query or a form (RFC 6749 sections 3.1 and 3.2).

use std::collections::BTreeMap;

use actix_web::{HttpMessage, HttpRequest, web::Bytes};
use model::secret::Secret;
use url::form_urlencoded;

use crate::refusal::Refusal;

/// Parameters that may come more than once (RFC 8707, RFC 8693, UMA).
const REPEATABLE: [&str; 3] = ["audience", "resource", "permission"];
/// The most parameters of one request.
const MOST: usize = 200;

/// The parameters of a request. `Debug` shows names only, because the values hold secrets.
#[derive(Clone, Default)]
pub struct Form(BTreeMap<String, Vec<Secret>>);

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

    /// Reads the text of a query or a body.
    ///
    /// # Errors
    /// As [`Form::read`].
    pub fn parse(text: &[u8]) -> Result<Self, Refusal> {
        let mut seen = BTreeMap::<String, Vec<Secret>>::new();
        for (number, (name, value)) in form_urlencoded::parse(text).enumerate() {
            let value = Secret::new(value.into_owned());
            if number >= MOST {
                return Err(Refusal::invalid_request("The request has too many parameters"));
            }
            if value.expose().contains('\0') || name.contains(char::is_control) {
                return Err(Refusal::invalid_request("A parameter holds a control character"));
            }
            let repeatable = REPEATABLE.contains(&&*name);
            let values = seen.entry(name.into_owned()).or_default();
            values.push(value);
            if values.len() > 1 && !repeatable {
                return Err(Refusal::invalid_request("duplicated parameter"));
            }
        }
        seen.retain(|_, values| {
            values.retain(|value| !value.expose().is_empty());
            !values.is_empty()
        });
        Ok(Self(seen))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.secret(name).map(Secret::expose)
    }

    /// The values of a parameter that may come more than once.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(Secret::expose)
    }

    /// The value of a parameter that is a secret.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        self.0.get(name).and_then(|values| values.first())
    }

    /// Sets a parameter.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), vec![Secret::new(value)]);
    }

    /// The names of the parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
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
        assert_eq!(parsed("audience=a&audience=b&scope=a&scope=b").unwrap_err(), "invalid_request");
        let form = parsed("audience=a&audience=b").unwrap();
        assert_eq!(form.all("audience").collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn a_nul_and_a_flood_are_refused() {
        assert_eq!(parsed("username=a%00b").unwrap_err(), "invalid_request");
        let flood: Vec<_> = (0..=MOST).map(|number| format!("a{number}=1")).collect();
        assert_eq!(parsed(&flood.join("&")).unwrap_err(), "invalid_request");
    }

    #[test]
    fn nothing_of_the_values_prints() {
        let printed = format!("{:?}", parsed("password=hunter2").unwrap());
        assert!(printed.contains("password") && !printed.contains("hunter2"));
    }
}
