//! The query parameters of a list of users.

use model::problem::Problem;
use serde::Deserialize;
use services::{Error, users::Query};
use time::OffsetDateTime;

use crate::{
    errors::Refusal,
    events::moment::{Edge, moment},
    kit::Paging,
    roles::query::{Flag, is_true},
};

/// What a list of users may be asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct UserQuery {
    brief_representation: Option<Flag>,
    search: Option<String>,
    username: Option<String>,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    exact: Option<Flag>,
    #[serde(deserialize_with = "crate::kit::switch_if_given")]
    enabled: Option<Flag>,
    #[serde(deserialize_with = "crate::kit::switch_if_given")]
    email_verified: Option<Flag>,
    q: Option<String>,
    created_after: Option<String>,
    created_before: Option<String>,
    idp_alias: Option<String>,
    idp_user_id: Option<String>,
    first: Option<i64>,
    max: Option<i64>,
}

impl UserQuery {
    pub(super) fn is_brief(&self) -> bool {
        is_true(self.brief_representation, false)
    }

    pub(super) fn page(&self, usual: i64) -> (i64, Option<i64>) {
        let paging = Paging::new(self.first, self.max);
        (paging.first(), paging.max_or(usual))
    }

    /// What is searched for.
    ///
    /// # Errors
    /// If a date can't be read.
    pub(super) fn search(&self) -> Result<Query, Refusal> {
        Ok(Query {
            search: self.search.clone(),
            username: self.username.clone(),
            email: self.email.clone(),
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            exact: is_true(self.exact, false),
            enabled: self.enabled.map(|flag| is_true(Some(flag), false)),
            email_verified: self.email_verified.map(|flag| is_true(Some(flag), false)),
            q: self.q.clone().filter(|q| !q.trim().is_empty()),
            created_after: date("createdAfter", self.created_after.as_deref(), Edge::Start)?,
            created_before: date("createdBefore", self.created_before.as_deref(), Edge::End)?,
            identity_provider: self.idp_alias.clone().filter(|alias| !alias.is_empty()),
            id_at_provider: self.idp_user_id.clone().filter(|id| !id.is_empty()),
        })
    }
}

fn date(name: &str, text: Option<&str>, edge: Edge) -> Result<Option<OffsetDateTime>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let problem = || Problem::new(name, "Expected a date as yyyy-MM-dd or milliseconds since 1970");
    moment(text, edge).map(Some).ok_or_else(|| Refusal::Service(Error::Invalid(vec![problem()])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Query {
        actix_web::web::Query::<UserQuery>::from_query(query).unwrap().search().unwrap()
    }

    #[test]
    fn filters_are_read() {
        let query = read("search=a&username=b&firstName=c&exact=True&enabled=false&emailVerified=&q=k%3Av");
        assert_eq!(query.search.as_deref(), Some("a"));
        assert_eq!(query.first_name.as_deref(), Some("c"));
        assert!(query.exact);
        assert_eq!(query.enabled, Some(false));
        assert_eq!(query.email_verified, None);
        assert_eq!(query.q.as_deref(), Some("k:v"));
        assert_eq!(query.identity_provider, None);
        let query = read("idpAlias=github&idpUserId=");
        assert_eq!((query.identity_provider.as_deref(), query.id_at_provider), (Some("github"), None));
    }

    #[test]
    fn a_wrong_date_is_refused() {
        let query = actix_web::web::Query::<UserQuery>::from_query("createdAfter=yesterday").unwrap();
        assert!(query.search().is_err());
    }
}
