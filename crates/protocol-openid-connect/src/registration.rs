//! Dynamic client registration: RFC 7591 and RFC 7592 at `clients-registrations/openid-connect`, and Keycloak's own
//! representation at `clients-registrations/default`.
//!
//! Nothing that a client names is called when it registers but its sector identifier, and that only after its registrant
//! was let in.

pub mod document;
pub mod flows;
mod keys;
pub mod members;
mod refusal;
mod sector;
mod show;
mod table;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, LOCATION, PRAGMA},
    },
    web::{Bytes, Path},
};
use model::{protocol_mapper::ProtocolMapper, realm::Realm, secret::Secret};
use representation::{ClientRepresentation, ProtocolMapperRepresentation};
use serde_json::{Value, json};
use services::{
    Origin, Services, cache, client_keys,
    client_registration::{
        self, Access, Action, Admitted, Dialect, Refusal as Refused, Registered, Registrant, Result,
    },
    random,
};
use web::{Hosted, percent_encoded, refusal_id};

use self::{
    document::{Described, Time},
    members::{Members, invalid},
};
use crate::{
    audit::{self, Facts},
    endpoint::{gate, no_realm, refuse},
    grants::Failure,
    refusal::Refusal,
};

/// `POST …/clients-registrations/{provider}`.
pub async fn register(
    request: HttpRequest,
    services: Hosted,
    path: Path<(String, String)>,
    body: Bytes,
) -> HttpResponse {
    let (realm, provider) = path.into_inner();
    answer(&services, &request, (&realm, &provider), Action::Register, Some(&body)).await
}

/// `GET …/clients-registrations/{provider}/{clientId}`.
pub async fn view(request: HttpRequest, services: Hosted, path: Path<(String, String, String)>) -> HttpResponse {
    let (realm, provider, client) = path.into_inner();
    answer(&services, &request, (&realm, &provider), Action::View(&client), None).await
}

/// `PUT …/clients-registrations/{provider}/{clientId}`.
pub async fn update(
    request: HttpRequest,
    services: Hosted,
    path: Path<(String, String, String)>,
    body: Bytes,
) -> HttpResponse {
    let (realm, provider, client) = path.into_inner();
    answer(&services, &request, (&realm, &provider), Action::Update(&client), Some(&body)).await
}

/// `DELETE …/clients-registrations/{provider}/{clientId}`.
pub async fn remove(request: HttpRequest, services: Hosted, path: Path<(String, String, String)>) -> HttpResponse {
    let (realm, provider, client) = path.into_inner();
    answer(&services, &request, (&realm, &provider), Action::Remove(&client), None).await
}

/// A client as a request describes it.
enum Description {
    Standard(Members),
    Keycloak(Box<ClientRepresentation>),
}

/// A request that is about to be judged.
struct Call<'a> {
    services: &'a Services,
    realm: &'a Realm,
    dialect: Dialect,
    token: Option<Secret>,
    origin: Origin,
}

async fn answer(
    services: &Services,
    request: &HttpRequest,
    (realm, provider): (&str, &str),
    action: Action<'_>,
    body: Option<&Bytes>,
) -> HttpResponse {
    let realm = match cache::realm(services, realm).await {
        Ok(Some(realm)) => realm,
        Ok(None) => return no_realm(),
        Err(error) => return Refusal::from(error).answer(),
    };
    let dialect = match provider {
        "openid-connect" => Dialect::Standard,
        "default" => Dialect::Keycloak,
        _ => return HttpResponse::NotFound().json(json!({ "error": "Client registration provider not found" })),
    };
    let origin = web::origin(request);
    if let Err(failure) = gate(&realm, request) {
        return refuse(services, &realm, event(action), &origin, Facts::default(), failure).await;
    }
    let description = match body.map(|body| read(request, dialect, body)).transpose() {
        Ok(description) => description,
        Err(unread) => {
            let mut answer = unread.answer;
            let mut facts = Facts::default();
            facts.reason(&unread.text);
            let id = audit::refused(services, &realm, event(action), &origin, facts, "invalid_request").await;
            refusal_id::tell(&mut answer, id.as_deref());
            return answer;
        }
    };
    let token = web::bearer_token(request).map(|token| Secret::new(token.to_owned()));
    let call = Call { services, realm: &realm, dialect, token, origin };
    let mut facts = Facts::default();
    let (outcome, admitted) = call.run(action, description, &mut facts).await;
    let mut answer = match outcome {
        Ok(answer) => answer,
        Err(refused) => {
            let (refusal, error) = refusal::of(refused, &realm.name, &mut facts);
            refuse(services, &realm, event(action), &call.origin, facts, Failure::new(refusal, error)).await
        }
    };
    if let Some(admitted) = admitted {
        permit(request, &mut answer, &admitted);
    }
    answer
}

/// Lets pages read the answer that an administrator said may use the token, those of the client that manages itself, and
/// those that the realm's policy names.
fn permit(request: &HttpRequest, answer: &mut HttpResponse, admitted: &Admitted) {
    let mut origins: Vec<String> = admitted.policies.web_origins().cloned().collect();
    let mut redirect_uris = Vec::new();
    match (&admitted.registrant, admitted.client()) {
        (Registrant::InitialAccess { origins: allowed, .. }, _) => origins.extend(allowed.iter().cloned()),
        (Registrant::Client { .. }, Ok(config)) => {
            origins.extend(config.client.settings.web_origins.iter().cloned());
            redirect_uris.clone_from(&config.client.settings.redirect_uris);
        }
        _ => {}
    }
    web::cors::permit(request, answer, &origins, &redirect_uris);
}

/// Keycloak's type of event.
fn event(action: Action<'_>) -> &'static str {
    match action {
        Action::Register => "CLIENT_REGISTER",
        Action::View(_) => "CLIENT_INFO",
        Action::Update(_) => "CLIENT_UPDATE",
        Action::Remove(_) => "CLIENT_DELETE",
    }
}

/// A description that can't be read.
struct Unread {
    answer: HttpResponse,
    text: String,
}

impl From<Refusal> for Box<Unread> {
    fn from(refusal: Refusal) -> Self {
        Self::new(Unread { answer: refusal.answer(), text: refusal.text().to_owned() })
    }
}

fn read(request: &HttpRequest, dialect: Dialect, body: &Bytes) -> std::result::Result<Description, Box<Unread>> {
    let media_type = request.content_type();
    if !media_type.is_empty() && !media_type.eq_ignore_ascii_case("application/json") {
        let text = "The body has to be of type application/json";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "invalid_request", text).into());
    }
    let cannot_parse = || Box::<Unread>::from(Refusal::invalid_request("Cannot parse the JSON"));
    let document: Value = match serde_json::from_slice(body) {
        Ok(document) => document,
        Err(error) => {
            tracing::debug!(%error, "a client's description is no JSON");
            return Err(cannot_parse());
        }
    };
    if holds_nul(&document) {
        return Err(Refusal::invalid_request("A text must not hold the NUL character").into());
    }
    match dialect {
        Dialect::Standard => Members::of(document).map(Description::Standard).ok_or_else(cannot_parse),
        Dialect::Keycloak => match representation::parse(body) {
            Ok(given) => Ok(Description::Keycloak(Box::new(given))),
            Err(error) => {
                Err(Box::new(Unread { answer: HttpResponse::BadRequest().json(error.body()), text: error.to_string() }))
            }
        },
    }
}

/// No text in the database can hold it. The nesting is bounded by the parser.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        _ => false,
    }
}

impl Call<'_> {
    /// Does what is asked for. Gives also who asked, if they were let in.
    async fn run(
        &self,
        action: Action<'_>,
        description: Option<Description>,
        facts: &mut Facts,
    ) -> (Result<HttpResponse>, Option<Admitted>) {
        if let Action::View(client) | Action::Update(client) | Action::Remove(client) = action {
            facts.client = Some(client.chars().filter(|letter| !letter.is_control()).take(255).collect());
        }
        let admitted =
            client_registration::admit(self.services, self.realm, self.token.as_ref(), action, &self.origin).await;
        let admitted = match admitted {
            Ok(admitted) => admitted,
            Err(refused) => return (Err(refused), None),
        };
        (self.admitted(action, &admitted, description, facts).await, Some(admitted))
    }

    async fn admitted(
        &self,
        action: Action<'_>,
        admitted: &Admitted,
        description: Option<Description>,
        facts: &mut Facts,
    ) -> Result<HttpResponse> {
        let (services, realm) = (self.services, self.realm);
        let mut answer = match (action, description) {
            (Action::Register, Some(description)) => {
                let given = self.described_first(admitted, description).await?;
                let registered = client_registration::register(services, realm, admitted, self.dialect, given).await?;
                facts.client = Some(registered.config.client.client_id.clone());
                let shown = self.shown(&registered, Some(services.now().unix_timestamp()));
                HttpResponse::Created().insert_header((LOCATION, self.uri(&registered))).json(shown)
            }
            (Action::Update(_), Some(description)) => {
                let given = self.described_again(admitted, description).await?;
                let registered = client_registration::update(services, realm, admitted, self.dialect, given).await?;
                HttpResponse::Ok().json(self.shown(&registered, None))
            }
            (Action::Remove(_), _) => {
                client_registration::remove(services, realm, admitted).await?;
                HttpResponse::NoContent().finish()
            }
            (Action::View(_) | Action::Register | Action::Update(_), _) => {
                let registered = client_registration::read(services, realm, admitted, self.token.as_ref()).await?;
                HttpResponse::Ok().json(self.shown(&registered, None))
            }
        };
        audit::done(services, realm, event(action), &self.origin, facts.clone()).await.map_err(Refused::from)?;
        let headers = answer.headers_mut();
        headers.insert(CACHE_CONTROL, actix_web::http::header::HeaderValue::from_static("no-store"));
        headers.insert(PRAGMA, actix_web::http::header::HeaderValue::from_static("no-cache"));
        Ok(answer)
    }

    /// Where the client manages itself.
    fn uri(&self, registered: &Registered) -> String {
        let provider = match self.dialect {
            Dialect::Standard => "openid-connect",
            Dialect::Keycloak => "default",
        };
        let client = percent_encoded(&registered.config.client.client_id);
        format!("{}/clients-registrations/{provider}/{client}", self.services.realm_url(self.realm))
    }

    /// The answer; `issued` is when the client got its name, for the first one.
    fn shown(&self, registered: &Registered, issued: Option<i64>) -> Value {
        match self.dialect {
            Dialect::Standard => Value::Object(show::document(registered, &self.uri(registered), issued)),
            Dialect::Keycloak => {
                let config = &registered.config;
                let mut shown = ClientRepresentation::of(&config.client, &config.own_mappers);
                shown.secret = registered.secret.as_ref().map(|secret| secret.expose().into());
                shown.registration_access_token = registered.token.as_ref().map(|token| token.expose().into());
                json!(shown)
            }
        }
    }

    async fn described_first(&self, admitted: &Admitted, description: Description) -> Result<ClientRepresentation> {
        let given = match description {
            Description::Keycloak(given) => self.in_own_words(admitted, *given),
            Description::Standard(members) => {
                if members.has("client_id") {
                    return Err(Refused::InvalidMetadata("Client Identifier included".to_owned()));
                }
                let described = document::read(&members, Time::First, &client_keys::address_policy(self.realm))?;
                self.with_sector(described, &[]).await?
            }
        };
        let redirect_uris = given.redirect_uris.clone().unwrap_or_default();
        self.require_sectors(given.protocol_mappers.as_deref().unwrap_or_default(), &redirect_uris).await?;
        Ok(given)
    }

    async fn described_again(&self, admitted: &Admitted, description: Description) -> Result<ClientRepresentation> {
        let config = admitted.client()?;
        let given = match description {
            Description::Keycloak(given) => self.in_own_words(admitted, *given),
            Description::Standard(members) => {
                // RFC 7592 section 2.2: it may be repeated, not chosen.
                let secret = members.text("client_secret")?;
                let own = config.secret(self.services, self.realm).map_err(Refused::from)?;
                if secret.is_some_and(|given| !own.is_some_and(|own| own.matches(given))) {
                    return Err(invalid("client_secret", "is not the client's own"));
                }
                let described = document::read(&members, Time::Again, &client_keys::address_policy(self.realm))?;
                self.with_sector(described, &config.own_mappers).await?
            }
        };
        let old: Vec<_> = config.own_mappers.iter().map(ProtocolMapperRepresentation::from).collect();
        let mappers = given.protocol_mappers.as_deref().unwrap_or(&old);
        let redirect_uris = given.redirect_uris.as_ref().unwrap_or(&config.client.settings.redirect_uris);
        let changed = *redirect_uris != config.client.settings.redirect_uris
            || !sector::sectors_of(mappers).eq(sector::sectors_of(&old));
        if changed {
            self.require_sectors(mappers, redirect_uris).await?;
        }
        Ok(given)
    }

    /// A stranger sets the attributes that can be registered in the standard's words too, and no others.
    fn in_own_words(&self, admitted: &Admitted, mut given: ClientRepresentation) -> ClientRepresentation {
        if admitted.access() == Access::Anonymous
            && let Some(attributes) = given.attributes.take()
        {
            let mut attributes = attributes.into_inner();
            attributes.retain(|name, _| document::writes(name));
            given.attributes = Some(attributes.into());
        }
        given
    }

    async fn with_sector(&self, described: Described, own: &[ProtocolMapper]) -> Result<ClientRepresentation> {
        let Described { mut client, pairwise, sector } = described;
        let redirect_uris = client.redirect_uris.as_deref().unwrap_or_default();
        match (&sector, pairwise) {
            (None, true) => sector::require_one_host(redirect_uris)?,
            // It means nothing, but is checked all the same (OpenID Connect Dynamic Client Registration 1.0 section 5).
            (Some(uri), false) => sector::require_listed(self.services, self.realm, uri, redirect_uris).await?,
            _ => {}
        }
        let salt = || random::hexadecimal(&*self.services.random);
        client.protocol_mappers = Some(sector::with_pairwise(own, pairwise, sector.as_deref(), salt));
        Ok(client)
    }

    async fn require_sectors(&self, mappers: &[ProtocolMapperRepresentation], redirect_uris: &[String]) -> Result<()> {
        for uri in sector::sectors_of(mappers) {
            sector::require_listed(self.services, self.realm, uri, redirect_uris).await?;
        }
        Ok(())
    }
}
