//! What every admin handler starts and ends with: the caller, the body, the usual answers.

use std::{fmt::Debug, future::Future, pin::Pin, sync::Arc};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::header::{ETAG, IF_MATCH, LOCATION},
    web::Bytes,
};
use model::realm::Realm;
use representation::Representation;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use services::{Caller, Error, Services, What, administrators, cache};

use crate::{
    errors::{Answer, Refusal},
    routes::Rule,
};

/// The paths of things that have versions: a read gives the version as `ETag`, and a change with `If-Match` is made only to
/// a thing as it was read.
const VERSIONED: &[&str] = &[
    "/realms/{realm}",
    "/realms/{realm}/clients/{client}",
    "/realms/{realm}/clients/{client}/roles/{role}",
    "/realms/{realm}/client-scopes/{scope}",
    "/realms/{realm}/client-templates/{scope}",
    "/realms/{realm}/components/{component}",
    "/realms/{realm}/groups/{group}",
    "/realms/{realm}/identity-provider/instances/{alias}",
    "/realms/{realm}/roles/{role}",
    "/realms/{realm}/roles-by-id/{role_id}",
    "/realms/{realm}/users/{user}",
];

/// A caller whose token was good and who satisfies the route's rule.
pub struct Admin {
    /// The services.
    pub services: Services,
    /// Who asks.
    pub caller: Caller,
    realm: Option<Arc<Realm>>,
}

impl Admin {
    /// The realm in the path.
    ///
    /// # Errors
    /// Not found on routes without one.
    pub fn realm(&self) -> Result<&Realm, Refusal> {
        self.realm.as_deref().ok_or(Refusal::Service(Error::NotFound(What::Realm)))
    }

    /// 201 with the address of what was made: `path` below the realm's admin address, its parts percent-encoded.
    ///
    /// # Errors
    /// Never on routes with a realm.
    pub fn created(&self, path: &[&str]) -> Answer {
        Ok(HttpResponse::Created().insert_header((LOCATION, self.address(path)?)).finish())
    }

    /// The absolute address of `path` below the realm's admin address.
    ///
    /// # Errors
    /// Never on routes with a realm.
    pub fn address(&self, path: &[&str]) -> Result<String, Refusal> {
        let mut address = format!("{}/admin/realms/{}", self.services.public_url(), self.realm()?.name);
        for part in path {
            address.push('/');
            address.push_str(&web::percent_encoded(part));
        }
        Ok(address)
    }
}

impl FromRequest for Admin {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let services = web::Hosted::of(request);
        let rule = request.extensions().get::<Rule>().copied();
        let token = web::bearer_token(request).map(str::to_owned);
        let origin = web::origin(request);
        let only_for = only_for(request);
        let realm_name = request.match_info().get("realm").map(str::to_owned);
        // No text in the database can hold it.
        let has_nul = request.uri().to_string().contains("%00");
        Box::pin(async move {
            let (Some(web::Hosted(services)), Some(rule)) = (services, rule) else {
                // Neither can be missing where `Routes` mounted the handler; without them nobody may pass.
                return Err(Refusal::Service(Error::Forbidden));
            };
            let token = token.ok_or(Refusal::Unauthorized)?;
            if has_nul {
                return Err(Refusal::BadRequest("An address must not hold the NUL character".to_owned()));
            }
            let realm = match &realm_name {
                Some(name) => cache::realm(&services, name).await?,
                None => None,
            };
            let mut caller = administrators::authenticate(&services, &token, realm.as_deref(), origin)
                .await?
                .ok_or(Refusal::Unauthorized)?;
            if realm_name.is_some() && realm.is_none() {
                return Err(Refusal::Service(Error::NotFound(What::Realm)));
            }
            let allowed = match rule {
                Rule::AnyOf(permissions) => caller.may(permissions),
                Rule::Each(sets) => sets.iter().all(|permissions| caller.may(permissions)),
                Rule::AnyPermission => !caller.permissions.is_empty(),
                Rule::CreateRealm => caller.create_realm,
                Rule::Authenticated => true,
            };
            if !allowed {
                return Err(Refusal::Service(Error::Forbidden));
            }
            caller.only_for = only_for?;
            Ok(Self { services, caller, realm })
        })
    }
}

/// The versions that a change is meant for. What has no versions is never the version that a caller saw.
fn only_for(request: &HttpRequest) -> Result<Option<Vec<String>>, Refusal> {
    let mut given = request.headers().get_all(IF_MATCH).peekable();
    if given.peek().is_none() || request.method().is_safe() {
        return Ok(None);
    }
    let texts: Vec<&str> = given.map(|value| value.to_str().unwrap_or_default()).collect();
    if texts == ["*"] {
        return Ok(None);
    }
    let pattern = request.match_pattern().unwrap_or_default();
    if !VERSIONED.iter().any(|path| pattern.strip_suffix(path) == Some("/admin")) {
        return Err(Refusal::Service(Error::Stale));
    }
    let tags = texts.iter().flat_map(|text| text.split(','));
    let quoted = |tag: &str| tag.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned);
    Ok(Some(tags.filter_map(quoted).collect()))
}

/// Reads a body as a representation.
///
/// # Errors
/// With Keycloak's texts for unknown properties and wrong types.
pub fn body<T: DeserializeOwned + Representation>(bytes: &Bytes) -> Result<T, Refusal> {
    if holds_nul(bytes) {
        return Err(Refusal::BadRequest("A text must not hold the NUL character".to_owned()));
    }
    Ok(representation::parse(bytes)?)
}

/// Whether a JSON text holds `\u0000`, which no text in the database can.
fn holds_nul(json: &[u8]) -> bool {
    json.windows(6).enumerate().any(|(at, window)| {
        // The backslash begins an escape only if it isn't itself escaped.
        window == b"\\u0000" && json.iter().take(at).rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

/// 200 with a JSON body.
///
/// # Errors
/// Never; the type is that of handlers.
pub fn json<T: Serialize>(body: &T) -> Answer {
    Ok(HttpResponse::Ok().json(body))
}

/// 200 with a JSON body, and the version of what it shows.
///
/// # Errors
/// Never; the type is that of handlers.
pub fn versioned<T: Serialize>(body: &T, thing: &impl Debug) -> Answer {
    Ok(HttpResponse::Ok().insert_header((ETAG, format!("\"{}\"", services::version::of(thing)))).json(body))
}

/// 204.
///
/// # Errors
/// Never; the type is that of handlers.
pub fn no_content() -> Answer {
    Ok(HttpResponse::NoContent().finish())
}

/// Reads a switch of a query for serde: `true` in any case is true (Python writes `True`), everything else is not, as in
/// Keycloak.
///
/// # Errors
/// Never for texts.
pub fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Some(String::deserialize(deserializer)?.eq_ignore_ascii_case("true")))
}

/// Paging as Keycloak's clients ask for it: `-1` and absence are "no limit".
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Paging {
    first: Option<i64>,
    max: Option<i64>,
}

impl Paging {
    /// Paging from two query parameters.
    #[must_use]
    pub fn new(first: Option<i64>, max: Option<i64>) -> Self {
        Self { first, max }
    }

    /// How many to skip.
    #[must_use]
    pub fn first(self) -> i64 {
        self.first.unwrap_or(0).max(0)
    }

    /// How many to give; none is all.
    #[must_use]
    pub fn max(self) -> Option<i64> {
        self.max.filter(|max| *max >= 0)
    }

    /// How many to give where a limit applies unless the caller names one.
    #[must_use]
    pub fn max_or(self, usual: i64) -> Option<i64> {
        match self.max {
            None => Some(usual),
            Some(max) => (max >= 0).then_some(max),
        }
    }
}
