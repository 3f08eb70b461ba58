//! Token requests as clients send them: by query with Basic credentials, or as an OAuth2 form.
//!
//! Everything is bounded and checked here. Credentials that can't be right are refused as wrong (401) and never fall
//! back to a request without credentials.

use model::secret::Secret;

use crate::error::TokenError;

mod basic;
mod fields;
#[cfg(test)]
mod tests;

use fields::Fields;

/// The longest user name, in bytes.
pub const MAX_USERNAME_LENGTH: usize = 255;
/// The longest password, in bytes.
pub const MAX_PASSWORD_LENGTH: usize = 4096;
/// The longest identity token, in bytes.
pub const MAX_IDENTITY_TOKEN_LENGTH: usize = 4096;
/// The longest `service`, in bytes.
pub const MAX_SERVICE_LENGTH: usize = crate::client::MAX_SERVICE_LENGTH;
/// The longest client label that is kept, in characters.
pub const MAX_LABEL_LENGTH: usize = 100;
/// The longest body or query that is read, in bytes.
pub const MAX_FORM_LENGTH: usize = 64 * 1024;

/// How a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestMethod {
    /// Query and Basic credentials.
    Get,
    /// OAuth2 form.
    Post,
}

impl RequestMethod {
    /// Its name in events.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// What a request proves itself with.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// Nothing.
    None,
    /// A user name and a password.
    Password {
        /// As sent.
        username: String,
        /// As sent.
        password: Secret,
    },
    /// A refresh token that this endpoint once issued.
    IdentityToken(Secret),
}

/// A well-formed token request.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// How it came.
    pub method: RequestMethod,
    /// The registry's name for itself.
    pub service: String,
    /// The scope values as sent, for [`crate::scope::RequestedScopes::parse`].
    pub scopes: Vec<String>,
    /// The user that the client says it is about to log in; nothing depends on it.
    pub account: Option<String>,
    /// The client's label of itself, shortened and without control characters. It names no client of the realm.
    pub client_label: Option<String>,
    /// An identity token is wished for.
    pub offline: bool,
    /// What it proves itself with.
    pub credentials: Credentials,
}

impl TokenRequest {
    /// Reads a GET request. `query` is the raw query string; `authorization` all values of that header.
    ///
    /// # Errors
    /// The refusal to answer with.
    pub fn from_query(query: &[u8], authorization: &[&[u8]]) -> Result<Self, TokenError> {
        let mut fields = Fields::parse(query)?;
        // credentials first: bad ones are 401 whatever else is wrong
        let credentials = match authorization {
            [] => Credentials::None,
            [header] => basic::parse(header)?,
            _ => return Err(TokenError::InvalidCredentials),
        };
        let account = fields.take("account")?.filter(|account| !account.is_empty());
        if let (Some(account), Credentials::Password { username, .. }) = (&account, &credentials)
            && account.to_lowercase() != username.to_lowercase()
        {
            return Err(TokenError::InvalidRequest(
                "The account of this request is another user than the one who logs in.".to_owned(),
            ));
        }
        Ok(Self {
            method: RequestMethod::Get,
            service: fields.service()?,
            client_label: fields.label()?,
            offline: fields.take("offline_token")?.as_deref() == Some("true"),
            account: account.map(|account| printable(&account, MAX_USERNAME_LENGTH)),
            scopes: fields.take_all("scope"),
            credentials,
        })
    }

    /// Reads a POST request: the body, the `Content-Type` and all values of the `Authorization` header.
    ///
    /// # Errors
    /// The refusal to answer with.
    pub fn from_form(body: &[u8], content_type: Option<&str>, authorization: &[&[u8]]) -> Result<Self, TokenError> {
        let media_type = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(TokenError::UnsupportedMediaType);
        }
        let mut fields = Fields::parse(body)?;
        if !authorization.is_empty() {
            return Err(TokenError::InvalidRequest(
                "The credentials of a form are its fields: send no Authorization header with it.".to_owned(),
            ));
        }
        let grant_type = fields.required("grant_type")?;
        if grant_type != "password" && grant_type != "refresh_token" {
            return Err(TokenError::UnsupportedGrantType);
        }
        let service = fields.service()?;
        let client_label = fields.label()?;
        let offline = match fields.take("access_type")?.as_deref() {
            None | Some("" | "online") => false,
            Some("offline") => true,
            Some(_) => {
                return Err(TokenError::InvalidRequest("The access_type is neither online nor offline.".to_owned()));
            }
        };
        let username = fields.take("username")?;
        let password = fields.take("password")?.map(Secret::new);
        let token = fields.take("refresh_token")?.map(Secret::new);
        let credentials = if grant_type == "password" {
            let username = username.ok_or(TokenError::MissingField("username"))?;
            checked_password(username, password.ok_or(TokenError::MissingField("password"))?)?
        } else {
            let token = token.ok_or(TokenError::MissingField("refresh_token"))?;
            let text = token.expose();
            let sound = !text.is_empty()
                && text.len() <= MAX_IDENTITY_TOKEN_LENGTH
                && text.bytes().all(|byte| byte.is_ascii_graphic());
            if !sound {
                return Err(TokenError::InvalidIdentityToken);
            }
            Credentials::IdentityToken(token)
        };
        Ok(Self {
            method: RequestMethod::Post,
            service,
            scopes: fields.take_all("scope"),
            account: None,
            client_label,
            offline,
            credentials,
        })
    }
}

/// Takes a user name and a password that could be somebody's.
fn checked_password(username: String, password: Secret) -> Result<Credentials, TokenError> {
    let is_odd = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    let username_is_sound =
        !username.is_empty() && username.len() <= MAX_USERNAME_LENGTH && !username.chars().any(is_odd);
    let text = password.expose();
    let password_is_sound =
        !text.is_empty() && text.len() <= MAX_PASSWORD_LENGTH && !text.contains(['\0', char::REPLACEMENT_CHARACTER]);
    if username_is_sound && password_is_sound {
        Ok(Credentials::Password { username, password })
    } else {
        Err(TokenError::InvalidCredentials)
    }
}

/// A text cut to so many characters, others than visible ones and spaces replaced.
fn printable(text: &str, most: usize) -> String {
    text.chars().take(most).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
