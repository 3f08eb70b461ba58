//! The answer to a granted request, with every member that some client needs.

use serde::Serialize;
use time::{OffsetDateTime, UtcOffset, macros::format_description};

use crate::access::Decision;

/// The least that `expires_in` may say, in seconds.
const LEAST_EXPIRY: u32 = 60;

/// The body of a 200 answer, for GET and POST alike.
#[derive(Clone, Serialize)]
pub struct TokenResponse {
    /// The token, where containers/image and old docker look for it.
    token: String,
    /// The same token, where OAuth clients look for it.
    access_token: String,
    /// Whole seconds; docker and skopeo refuse anything else.
    expires_in: u32,
    /// RFC 3339 in UTC, whole seconds.
    issued_at: String,
    /// What is granted, separated by spaces.
    scope: String,
    /// The identity token, where one was asked for and issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl TokenResponse {
    /// Makes the body. `lifespan` is the token's, in seconds.
    #[must_use]
    pub fn new(
        token: String,
        lifespan: u32,
        issued_at: OffsetDateTime,
        decision: &Decision,
        identity_token: Option<String>,
    ) -> Self {
        Self {
            access_token: token.clone(),
            token,
            expires_in: lifespan.max(LEAST_EXPIRY),
            issued_at: timestamp(issued_at),
            scope: decision.granted_scope(),
            refresh_token: identity_token,
        }
    }
}

/// `2025-01-02T03:04:05Z`.
fn timestamp(moment: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    // formatting fails on missing components only, and a moment has them all
    moment.to_offset(UtcOffset::UTC).format(format).unwrap_or_else(|_| "1970-01-01T00:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;
    use crate::access::Access;

    #[test]
    fn the_body_is_what_all_clients_read() {
        let access = |name: &str| Access {
            type_name: "repository".to_owned(),
            name: name.to_owned(),
            actions: vec!["pull", "push"],
        };
        let decision = Decision { granted: vec![access("a"), access("b")], ..Decision::default() };
        let issued_at = datetime!(2025-01-02 05:04:05.678 +2);
        let body = TokenResponse::new("T".to_owned(), 900, issued_at, &decision, None);
        assert_eq!(
            serde_json::to_value(body).unwrap(),
            json!({
                "token": "T", "access_token": "T", "expires_in": 900, "issued_at": "2025-01-02T03:04:05Z",
                "scope": "repository:a:pull,push repository:b:pull,push",
            })
        );
        let body = TokenResponse::new("T".to_owned(), 5, issued_at, &decision, Some("R".to_owned()));
        let body = serde_json::to_value(body).unwrap();
        assert_eq!((&body["refresh_token"], &body["expires_in"]), (&json!("R"), &json!(60)));
    }
}
