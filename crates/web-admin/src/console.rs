//! What every page begins with: who asks, at which realm they look, and whether they may.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, http::Method};
use model::{permission::Permission, realm::Realm};
use services::{Caller, Error, Need, Services, What, administrators, cache};
use web::{Hosted, connection, percent_encoded};

use crate::{
    notice::Notice,
    refusal::Refusal,
    refused::Attempt,
    routes::Rule,
    session::{self, Callback, ConsoleSession},
};

/// A person who is logged in and satisfies the rule of the address.
pub struct Console {
    /// The services.
    pub services: Services,
    /// Who asks.
    pub caller: Caller,
    /// The realm that they belong to.
    pub home: Arc<Realm>,
    /// Their session in the console.
    pub(crate) session: ConsoleSession,
    /// The browser is to get its session anew.
    pub(crate) renewed: bool,
    /// What the page before has to say.
    pub(crate) notice: Option<Notice>,
    /// The path and query that were asked for.
    pub address: String,
    realm: Option<Arc<Realm>>,
}

impl Console {
    /// The realm in the path.
    ///
    /// # Errors
    /// Not found at addresses without one.
    pub fn realm(&self) -> Result<&Realm, Refusal> {
        self.realm.as_deref().ok_or(Refusal::Service(Error::NotFound(What::Realm)))
    }

    /// Whether the caller holds one of `permissions` on the realm in the path.
    #[must_use]
    pub fn may(&self, permissions: &[Permission]) -> bool {
        self.caller.may(permissions)
    }

    /// The path of the console, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> String {
        session::base(&self.home)
    }

    /// The path of something of the realm in front: `rest` is empty or begins with a slash.
    #[must_use]
    pub fn path(&self, rest: &str) -> String {
        match &self.realm {
            Some(realm) => format!("{}/realms/{}{rest}", self.base(), percent_encoded(&realm.name)),
            None => format!("{}{rest}", self.base()),
        }
    }

    /// The same person in front of another realm. None if there is no such realm, or it is none of this person's business.
    ///
    /// # Errors
    /// If the database fails.
    pub(crate) async fn at(&self, realm: &str) -> Result<Option<Self>, Refusal> {
        let Some(realm) = cache::realm(&self.services, realm).await? else { return Ok(None) };
        let (who, origin) = ((&self.session.session, &self.session.user), self.caller.origin.clone());
        let entered =
            administrators::in_session(&self.services, &self.home, session::CLIENT, who, Some(&realm), origin).await;
        let caller = match entered {
            Ok(Some(caller)) if !caller.permissions.is_empty() => caller,
            Ok(_) | Err(Error::Forbidden) => return Ok(None),
            Err(other) => return Err(Refusal::Service(other)),
        };
        Ok(Some(Self {
            services: self.services.clone(),
            caller,
            home: Arc::clone(&self.home),
            session: self.session.clone(),
            renewed: self.renewed,
            notice: self.notice.clone(),
            address: self.address.clone(),
            realm: Some(realm),
        }))
    }

    /// The path that was asked for, without its query.
    #[must_use]
    pub fn here(&self) -> &str {
        self.address.split('?').next().unwrap_or_default()
    }
}

impl FromRequest for Console {
    type Error = Refusal;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refusal>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { enter(&request).await })
    }
}

async fn enter(request: &HttpRequest) -> Result<Console, Refusal> {
    let rule = request.extensions().get::<Rule>().copied();
    let (Some(Hosted(services)), Some(rule)) = (Hosted::of(request), rule) else {
        // Neither can be missing where `Routes` mounted the handler; without them nobody may pass.
        return Err(Refusal::Service(Error::Forbidden));
    };
    let name = |part: &str| request.match_info().get(part).unwrap_or_default();
    let address = request.uri().to_string();
    // No text in the database can hold it.
    if address.contains("%00") {
        return Err(Refusal::Unreadable("An address must not hold the NUL character."));
    }
    let home = cache::realm(&services, name("home")).await?.filter(|home| home.enabled);
    let home = home.ok_or(Refusal::Service(Error::NotFound(What::Realm)))?;
    if !connection::satisfies(&home.settings.ssl_required, request) {
        return Err(Refusal::TlsRequired);
    }
    if request.path() == session::base(&home) {
        // Browsers send the session's cookie below it only.
        return Err(Refusal::Instead(Box::new(session::redirect(&format!("{}/", session::base(&home))))));
    }
    if name("realm").is_empty()
        && let Some(callback) = Callback::of(request).filter(|_| request.path() == format!("{}/", session::base(&home)))
    {
        return Err(Refusal::Instead(Box::new(callback.finish(&services, &home, request).await?)));
    }
    let Some(mut session) = ConsoleSession::of(&services, &home, request) else {
        return Err(logged_out(&services, &home, request, &address)?);
    };
    let realm = match name("realm") {
        "" => None,
        name => cache::realm(&services, name).await?,
    };
    let who = (&session.session, &session.user);
    let origin = web::origin(request);
    let caller = administrators::in_session(&services, &home, session::CLIENT, who, realm.as_deref(), origin).await?;
    let Some(caller) = caller else { return Err(logged_out(&services, &home, request, &address)?) };
    request.extensions_mut().insert(Attempt { caller: caller.clone(), realm: realm.clone() });
    if !name("realm").is_empty() && realm.is_none() {
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
    let renewed = session.note(&services, &home).await?;
    Ok(Console { notice: Notice::of(request), services, caller, home, session, renewed, address, realm })
}

/// Leads to the login; not from a form, whose content would be lost, and not from a part of a page.
fn logged_out(services: &Services, home: &Realm, request: &HttpRequest, address: &str) -> Result<Refusal, Refusal> {
    let part = request.headers().contains_key("HX-Request");
    if request.method() == Method::GET && !part {
        let answer: HttpResponse = session::log_in(services, home, address)?;
        return Ok(Refusal::Instead(Box::new(answer)));
    }
    Ok(Refusal::LoggedOut { login: format!("{}/", session::base(home)), part })
}
