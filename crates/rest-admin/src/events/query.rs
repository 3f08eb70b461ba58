//! The query parameters of event lists. Some may be given several times, so they are read as pairs.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{Error, FromRequest, HttpRequest, dev::Payload, web::Query};
use model::id::{EventId, UserId};
use representation::{Described, Schemas};
use services::store::{admin_events, events};
use time::OffsetDateTime;

use super::moment::{Edge, moment};
use crate::{
    errors::Refusal,
    openapi::{Describing, Takes},
};

/// A query as pairs of name and value.
pub(super) type Parameters = Vec<(String, String)>;

/// The query of a list of login events.
pub(super) struct OfLogins;
/// The query of a list of admin events.
pub(super) struct OfAdministration;

/// The names that a list knows.
pub(super) trait Names {
    /// Those that may be given several times.
    const SEVERAL: &'static [&'static str];
    /// Those that are given once.
    const ONCE: &'static [&'static str];
}

impl Names for OfLogins {
    const SEVERAL: &'static [&'static str] = &["type"];
    const ONCE: &'static [&'static str] = &["id", "client", "user", "ipAddress", "dateFrom", "dateTo", "direction"];
}

impl Names for OfAdministration {
    const SEVERAL: &'static [&'static str] = &["operationTypes", "resourceTypes"];
    const ONCE: &'static [&'static str] =
        &["resourcePath", "authRealm", "authClient", "authUser", "authIpAddress", "dateFrom", "dateTo", "direction"];
}

/// A query of a list that knows these names.
pub(super) struct Asked<N>(pub(super) Parameters, pub(super) PhantomData<N>);

impl<N> FromRequest for Asked<N> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = Query::<Parameters>::extract(request).into_inner();
        ready(read.map(|Query(parameters)| Self(parameters, PhantomData)))
    }
}

impl<N: Names> Takes for Asked<N> {
    fn describe(describing: &mut Describing<'_>) {
        let schemas = &mut Schemas::default();
        N::SEVERAL.iter().for_each(|name| describing.asks(name, Vec::<String>::schema(schemas)));
        N::ONCE.iter().for_each(|name| describing.asks(name, String::schema(schemas)));
        ["first", "max"].iter().for_each(|name| describing.asks(name, i64::schema(schemas)));
    }
}

/// How many events are given where a request doesn't say.
const USUAL: i64 = 100;
/// The most values of one parameter.
const MOST: usize = 500;

/// The filter of login events that a query asks for; none if no event can pass it. Beside Keycloak's parameters it
/// knows `id`: whoever was refused was told the id of the event that says why.
///
/// # Errors
/// A bad request if a date or a number can't be read.
pub(super) fn filter(parameters: &Parameters) -> Result<Option<events::Filter>, Refusal> {
    if !is_askable(parameters) {
        return Ok(None);
    }
    let (first, max) = page(parameters)?;
    Ok(Some(events::Filter {
        id: one(parameters, "id").map(EventId::from),
        kinds: several(parameters, "type"),
        client_id: one(parameters, "client").map(str::to_owned),
        user_id: one(parameters, "user").map(UserId::from),
        ip_address: one(parameters, "ipAddress").map(str::to_owned),
        from: date(parameters, "dateFrom", Edge::Start)?,
        to: date(parameters, "dateTo", Edge::End)?,
        oldest_first: oldest_first(parameters)?,
        first,
        max,
        ..events::Filter::default()
    }))
}

/// The filter of admin events that a query asks for; none if no event can pass it. `*` in a path stands for anything.
///
/// # Errors
/// As [`filter`].
pub(super) fn admin_filter(parameters: &Parameters) -> Result<Option<admin_events::Filter>, Refusal> {
    if !is_askable(parameters) {
        return Ok(None);
    }
    let (first, max) = page(parameters)?;
    Ok(Some(admin_events::Filter {
        operations: several(parameters, "operationTypes"),
        resource_types: several(parameters, "resourceTypes"),
        resource_path: one(parameters, "resourcePath").map(path_pattern),
        auth_realm_id: one(parameters, "authRealm").map(str::to_owned),
        auth_client_id: one(parameters, "authClient").map(str::to_owned),
        auth_user_id: one(parameters, "authUser").map(str::to_owned),
        ip_address: one(parameters, "authIpAddress").map(str::to_owned),
        from: date(parameters, "dateFrom", Edge::Start)?,
        to: date(parameters, "dateTo", Edge::End)?,
        oldest_first: oldest_first(parameters)?,
        first,
        max,
        ..admin_events::Filter::default()
    }))
}

/// Whether the database can be asked at all: it holds no text with NUL.
fn is_askable(parameters: &Parameters) -> bool {
    parameters.iter().all(|(_, value)| !value.contains('\0'))
}

fn one<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    parameters.iter().find(|(given, value)| given == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

fn several(parameters: &Parameters, name: &str) -> Option<Vec<String>> {
    let values = parameters.iter().filter(|(given, value)| given == name && !value.is_empty());
    let values: Vec<String> = values.map(|(_, value)| value.clone()).take(MOST).collect();
    Some(values).filter(|values| !values.is_empty())
}

fn page(parameters: &Parameters) -> Result<(i64, Option<i64>), Refusal> {
    let number = |name: &str| match one(parameters, name) {
        None => Ok(None),
        Some(text) => text.parse::<i64>().map(Some).or(Err(Refusal::BadRequest(format!("Invalid value for '{name}'")))),
    };
    let first = number("first")?.unwrap_or(0).max(0);
    let max = match number("max")? {
        None => Some(USUAL),
        Some(max) => (max >= 0).then_some(max),
    };
    Ok((first, max))
}

fn date(parameters: &Parameters, name: &str, edge: Edge) -> Result<Option<OffsetDateTime>, Refusal> {
    let Some(text) = one(parameters, name) else { return Ok(None) };
    let wrong = || format!("Invalid value for '{name}', expected format is yyyy-MM-dd or an Epoch timestamp");
    moment(text, edge).map(Some).ok_or_else(|| Refusal::BadRequest(wrong()))
}

fn oldest_first(parameters: &Parameters) -> Result<bool, Refusal> {
    match one(parameters, "direction") {
        None | Some("desc") => Ok(false),
        Some("asc") => Ok(true),
        Some(_) => Err(Refusal::BadRequest("Invalid value for 'direction', expected asc or desc".to_owned())),
    }
}

fn path_pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            '*' => pattern.push('%'),
            '%' | '_' | '\\' => pattern.extend(['\\', letter]),
            other => pattern.push(other),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Parameters {
        Query::<Parameters>::from_query(query).unwrap().into_inner()
    }

    #[test]
    fn parameters_may_repeat() {
        let filter = filter(&read("type=LOGIN&type=LOGIN_ERROR&client=a&user=&id=7&direction=asc")).unwrap().unwrap();
        assert_eq!(filter.kinds.unwrap(), ["LOGIN", "LOGIN_ERROR"]);
        assert_eq!(filter.client_id.as_deref(), Some("a"));
        assert_eq!(filter.user_id, None);
        assert_eq!(filter.id, Some("7".into()));
        assert!(filter.oldest_first);
        assert_eq!((filter.first, filter.max), (0, Some(100)));
    }

    #[test]
    fn what_can_not_be_read_is_refused() {
        for wrong in ["dateFrom=x", "dateTo=2024-13-01", "max=many", "direction=up"] {
            assert!(filter(&read(wrong)).is_err(), "{wrong}");
            assert!(admin_filter(&read(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(filter(&read("client=%00")).unwrap(), None);
    }

    #[test]
    fn a_star_in_a_path_is_a_wildcard() {
        let filter = admin_filter(&read("resourcePath=users/*_1&max=-1")).unwrap().unwrap();
        assert_eq!(filter.resource_path.as_deref(), Some(r"users/%\_1"));
        assert_eq!(filter.max, None);
    }
}
