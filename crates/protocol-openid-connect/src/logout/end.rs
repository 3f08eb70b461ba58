//! The session ends, and the browser is told where it goes from there.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};
use login::browser::BrowserReply;
use model::session::UserSession;
use services::{clients::ClientConfig, sessions};
use web::{
    Destination, Page, RealmShown, cookies,
    pages::{FrontChannelLogoutPage, LoggedOutPage},
    reply,
};

use super::{
    Visit, front_channel, places,
    request::{Refused, Target},
};
use crate::audit;

/// A logout that nothing is in the way of any more.
pub struct Ending {
    /// The session that ends; none if it has ended before.
    pub session: Option<UserSession>,
    /// The client that asked.
    pub client: Option<Arc<ClientConfig>>,
    /// Where the browser goes.
    pub target: Option<Target>,
    /// The browser goes there by itself. Else there is a link.
    pub leads_away: bool,
}

impl Ending {
    /// Ends the session and takes its cookies away. The clients in it that hear of it in the browser are told first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn answer(self, visit: &mut Visit<'_>) -> Result<HttpResponse, Refused> {
        let (services, realm) = (visit.services, Arc::clone(&visit.realm));
        let mut frames = Vec::new();
        if let Some(session) = &self.session {
            frames = front_channel::frames(services, &realm, session).await?;
            visit.facts.user = Some(session.user_id.clone());
            visit.facts.session = Some(session.id.clone());
            if sessions::end(services, &realm, &session.id, false).await? {
                audit::done(services, &realm, "LOGOUT", &visit.origin, visit.facts.clone()).await?;
            }
        }
        let mut answer = self.leave(visit, frames);
        for name in [cookies::IDENTITY, cookies::SESSION] {
            cookies::remove(&mut answer, services, &realm, name);
        }
        Ok(answer)
    }

    fn leave(&self, visit: &Visit<'_>, frames: Vec<web::pages::LogoutFrame>) -> HttpResponse {
        let (realm, shown) = (&visit.realm, RealmShown::of(&visit.realm));
        let address = self.target.as_ref().map(places::address);
        let link = address.as_deref().and_then(Destination::parse);
        if !frames.is_empty() {
            return FrontChannelLogoutPage::new(shown, frames, link).answer(StatusCode::OK);
        }
        match address {
            Some(address) if self.leads_away => reply::answer(realm, &BrowserReply::Redirect(address)),
            _ => {
                let home = || places::home(&self.client.as_ref()?.client, visit.services.public_url());
                LoggedOutPage::new(shown, link.or_else(home)).answer(StatusCode::OK)
            }
        }
    }
}
