//! The query parameters that lists of roles, groups and their members share.

use serde::Deserialize;

pub(crate) use crate::kit::Flag;
use crate::kit::Paging;

/// A switch, or what it is where a request doesn't mention it.
pub(crate) fn is_true(flag: Option<Flag>, usually: bool) -> bool {
    flag.map_or(usually, |flag| flag.0)
}

/// What a list may be asked for. Each route reads the parameters that it knows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ListQuery {
    pub(crate) brief_representation: Option<Flag>,
    pub(crate) exact: Option<Flag>,
    pub(crate) populate_hierarchy: Option<Flag>,
    pub(crate) sub_groups_count: Option<Flag>,
    pub(crate) top: Option<Flag>,
    pub(crate) q: Option<String>,
    first: Option<i64>,
    max: Option<i64>,
    search: Option<String>,
}

impl ListQuery {
    /// The text searched for; none if it is blank.
    pub(crate) fn search(&self) -> Option<&str> {
        self.search.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// How many to skip and how many to give, at most `usual` unless the request says otherwise; -1 is all.
    pub(crate) fn page(&self, usual: Option<i64>) -> (i64, Option<i64>) {
        let paging = Paging::new(self.first, self.max);
        (paging.first(), usual.map_or_else(|| paging.max(), |usual| paging.max_or(usual)))
    }

    /// Paging of role lists, which Keycloak heeds only where both `first` and `max` are given.
    pub(crate) fn page_if_whole(&self) -> (i64, Option<i64>) {
        if self.first.is_some() && self.max.is_some() { self.page(None) } else { (0, None) }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::web::Query;

    use super::*;

    fn read(query: &str) -> ListQuery {
        Query::<ListQuery>::from_query(query).unwrap().into_inner()
    }

    #[test]
    fn switches_are_read_in_any_case() {
        assert!(is_true(read("exact=True").exact, false));
        assert!(!is_true(read("briefRepresentation=False").brief_representation, true));
        assert!(is_true(read("").brief_representation, true));
    }

    #[test]
    fn role_lists_are_paged_only_with_both_numbers() {
        assert_eq!(read("first=2&max=3").page_if_whole(), (2, Some(3)));
        assert_eq!(read("max=3").page_if_whole(), (0, None));
        assert_eq!(read("first=-5&max=-1").page_if_whole(), (0, None));
        assert_eq!(read("first=1").page(Some(10)), (1, Some(10)));
        assert_eq!(read("max=-1").page(Some(10)), (0, None));
    }
}
