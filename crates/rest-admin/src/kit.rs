//! What every admin handler starts with: the caller, and what queries have in common.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use model::{permission::Permission, realm::Realm};
use serde::{Deserialize, Deserializer, de::Visitor};
use services::{
    Caller, Error, Need, Services, What,
    administrators::{self, Stranger, TokenFault},
    cache,
};

use crate::{
    answers::{self, Created},
    cross_origin::AllowedOrigins,
    errors::{Answer, Refusal},
    openapi::FLAG,
    refused::Attempt,
    routes::Rule,
    versions,
};
pub use crate::{
    answers::{Count, count_of, json, no_content, versioned},
    bodies::body,
};

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
    pub fn created(&self, path: &[&str]) -> Answer<Created> {
        Ok(answers::created(self.address(path)?))
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
        let only_for = versions::only_for(request);
        let realm_name = request.match_info().get("realm").map(str::to_owned);
        let travelling = request.clone();
        // No text in the database can hold it.
        let has_nul = request.uri().to_string().contains("%00");
        Box::pin(async move {
            let (Some(web::Hosted(services)), Some(rule)) = (services, rule) else {
                // Neither can be missing where `Routes` mounted the handler; without them nobody may pass.
                return Err(Refusal::Service(Error::Forbidden));
            };
            let turned_away = |stranger: Stranger| {
                let refusal = match stranger.fault {
                    TokenFault::OtherRealm => Refusal::Service(Error::Forbidden),
                    _ => Refusal::Unauthorized,
                };
                travelling.extensions_mut().insert(Attempt::Stranger(stranger));
                refusal
            };
            let token = token.ok_or_else(|| turned_away(TokenFault::Missing.into()))?;
            if has_nul {
                return Err(Refusal::BadRequest("An address must not hold the NUL character".to_owned()));
            }
            let realm = match &realm_name {
                Some(name) => cache::realm(&services, name).await?,
                None => None,
            };
            let mut caller =
                administrators::examine(&services, &token, realm.as_deref(), origin).await?.map_err(turned_away)?;
            travelling.extensions_mut().insert(Attempt::Caller(Box::new(caller.clone()), realm.clone()));
            travelling.extensions_mut().insert(AllowedOrigins(caller.allowed_origins.clone()));
            if realm_name.is_some() && realm.is_none() {
                return Err(Refusal::Service(Error::NotFound(What::Realm)));
            }
            let any_of = |permissions: &[Permission]| match caller.may(permissions) {
                true => None,
                false => Some(Need::AnyOf(permissions.iter().copied().collect())),
            };
            let need = match rule {
                Rule::AnyOf(permissions) => any_of(permissions),
                Rule::Each(sets) => sets.iter().find_map(|permissions| any_of(permissions)),
                Rule::AnyPermission => caller.permissions.is_empty().then_some(Need::Any),
                Rule::CreateRealm => (!caller.create_realm).then_some(Need::CreateRealm),
                Rule::Authenticated => None,
            };
            if let Some(need) = need {
                caller.lacking.note(need);
                return Err(Refusal::Service(Error::Forbidden));
            }
            caller.only_for = only_for?;
            Ok(Self { services, caller, realm })
        })
    }
}

/// A switch in a query: `true` in any case is true (Python writes `True`), everything else is not, as in Keycloak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(is_true(&flag_text(deserializer)?)))
    }
}

fn is_true(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

/// Reads the text of a switch, by a name that the description of the API knows.
fn flag_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct Text;

    impl<'de> Visitor<'de> for Text {
        type Value = String;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a switch")
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
            String::deserialize(deserializer)
        }
    }

    deserializer.deserialize_newtype_struct(FLAG, Text)
}

/// Reads a [`Flag`] for serde.
///
/// # Errors
/// Never for texts.
pub fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Some(is_true(&flag_text(deserializer)?)))
}

/// Reads a [`Flag`] for serde that says nothing where it is empty.
///
/// # Errors
/// Never for texts.
pub fn switch_if_given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Flag>, D::Error> {
    let text = flag_text(deserializer)?;
    Ok((!text.is_empty()).then(|| Flag(is_true(&text))))
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
