//! Mailing a link to a user.

use model::{client::Client, event::Operation, id::UserId, permission::Permission, realm::Realm, user::User};
use outgoing::Correspondent;
use serde_json::Value;

use super::{ACTIONS, ActionLink, VERIFY_EMAIL, sealed_for, texts};
use crate::{
    Caller, Error, Result, Services,
    admin_events::{self, Resource},
    cache,
    credentials::UPDATE_PASSWORD,
    mail, users,
};

/// The client that people go back to where none is named.
const ACCOUNT: &str = "account";
/// How long a link is good, in seconds, where the realm doesn't say.
const USUAL_LIFESPAN: i64 = 43_200;
/// The longest that a link may be good: a year.
const LONGEST_LIFESPAN: i64 = 31_536_000;
/// The most actions of one link.
const MAX_ACTIONS: usize = 50;

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// `execute-actions-email`.
    ExecuteActions,
    /// `send-verify-email`.
    VerifyEmail,
    /// `reset-password-email`, Keycloak's older name for a link to choose a password.
    ResetPassword,
}

impl Purpose {
    fn path(self) -> &'static str {
        match self {
            Self::ExecuteActions => "execute-actions-email",
            Self::VerifyEmail => "send-verify-email",
            Self::ResetPassword => "reset-password-email",
        }
    }

    fn failed(self, why: &str) -> Error {
        Error::Failed(match self {
            Self::ExecuteActions | Self::ResetPassword => format!("Failed to send execute actions email: {why}"),
            Self::VerifyEmail => "Failed to send verify email".to_owned(),
        })
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Aliases of required actions; the other purposes name theirs themselves.
    pub actions: Vec<String>,
    /// The `clientId` of the application to go back to.
    pub client_id: Option<String>,
    /// Where in the application.
    pub redirect_uri: Option<String>,
    /// How long the link is good, in seconds.
    pub lifespan: Option<i64>,
}

/// Mails a link to a user.
///
/// # Errors
/// `Forbidden` without `manage-users`, `NotFound` if there is no such user, `Refused` with Keycloak's words if there is no
/// address, no such client, or an action that no link can have done; `Failed` if the mail was not taken.
pub async fn send(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &UserId,
    purpose: Purpose,
    asked: Asked,
) -> Result<()> {
    caller.require(&[Permission::ManageUsers])?;
    let user = users::existing(&mut *services.store.read().await?, realm, id).await?;
    let refused = |text: &str| Error::Refused(text.to_owned());
    let Some(email) = user.email.clone() else { return Err(refused("User email missing")) };
    if !user.enabled {
        return Err(refused("User is disabled"));
    }
    if asked.redirect_uri.is_some() && asked.client_id.is_none() {
        return Err(refused("Client id missing"));
    }
    let client_id = asked.client_id.unwrap_or_else(|| ACCOUNT.to_owned());
    let config = cache::client(services, realm, &client_id).await?.filter(|found| found.client.client_id == client_id);
    let Some(config) = config else { return Err(refused("Client doesn't exist")) };
    if !config.client.enabled {
        return Err(refused("Client is not enabled"));
    }
    if asked.redirect_uri.as_ref().is_some_and(|uri| !is_registered(services, &config.client, uri)) {
        return Err(refused("Invalid redirect uri."));
    }
    let lifespan = lifespan(realm, asked.lifespan)?;
    let link = ActionLink {
        id: services.new_id(),
        user: id.clone(),
        email: email.clone(),
        actions: actions(services, realm, purpose, asked.actions).await?,
        client_id,
        redirect_uri: asked.redirect_uri,
        expires: services.now().unix_timestamp().saturating_add(lifespan),
        public_url: services.public_url().to_owned(),
    };
    let content = texts::content(realm, purpose, &link.actions, &address(services, realm, &link)?, lifespan);
    let to = Correspondent { name: shown_name(&user), address: email };
    match mail::send(services, realm, to, content).await {
        Ok(()) => {}
        Err(Error::Failed(why) | Error::Refused(why)) => return Err(purpose.failed(&why)),
        Err(error @ Error::Invalid(_)) => return Err(purpose.failed(&error.to_string())),
        Err(other) => return Err(other),
    }
    // What was mailed is told even if the user is gone meanwhile.
    let mut tx = services.store.begin(realm.id).await?;
    let path = format!("users/{id}/{}", purpose.path());
    let resource = Resource { kind: "USER", path: &path };
    admin_events::record(services, &mut tx, caller, realm, Operation::Action, resource, None::<&Value>).await?;
    services.commit(tx).await
}

/// Whether people may be sent to this address of a client.
pub(super) fn is_registered(services: &Services, client: &Client, uri: &str) -> bool {
    let protocol = services.protocols.get(&client.protocol);
    protocol.is_some_and(|protocol| protocol.may_return_to(client, services.public_url(), uri))
}

fn lifespan(realm: &Realm, asked: Option<i64>) -> Result<i64> {
    let of_realm = realm.settings.uninterpreted.get("actionTokenGeneratedByAdminLifespan").and_then(Value::as_i64);
    let seconds = asked.or(of_realm).unwrap_or(USUAL_LIFESPAN);
    if (1..=LONGEST_LIFESPAN).contains(&seconds) {
        Ok(seconds)
    } else {
        Err(Error::invalid("lifespan", format!("lifespan must be from 1 to {LONGEST_LIFESPAN} seconds")))
    }
}

/// The actions of a link. Those that the realm has switched off, and those that no page can have done, are refused: a link
/// that leads nowhere would look like one that does.
async fn actions(services: &Services, realm: &Realm, purpose: Purpose, asked: Vec<String>) -> Result<Vec<String>> {
    let mut actions = match purpose {
        Purpose::ExecuteActions => asked,
        Purpose::VerifyEmail => vec![VERIFY_EMAIL.to_owned()],
        Purpose::ResetPassword => vec![UPDATE_PASSWORD.to_owned()],
    };
    actions.sort_unstable();
    actions.dedup();
    let enabled = crate::authentication::required_actions::enabled(services, realm).await?;
    let known = |action: &String| ACTIONS.contains(&action.as_str()) && enabled.contains(action);
    if actions.is_empty() || actions.len() > MAX_ACTIONS || !actions.iter().all(known) {
        return Err(Error::Refused("Provided invalid required actions".to_owned()));
    }
    Ok(actions)
}

fn address(services: &Services, realm: &Realm, link: &ActionLink) -> Result<String> {
    let text = serde_json::to_vec(link).unwrap_or_default();
    let key = services.sealing.seal(&sealed_for(realm), &text)?;
    Ok(format!("{}/login-actions/action-token?key={key}", services.realm_url(realm)))
}

fn shown_name(user: &User) -> Option<String> {
    let name = [user.first_name.as_deref(), user.last_name.as_deref()].into_iter().flatten().collect::<Vec<_>>();
    Some(name.join(" ")).filter(|name| !name.is_empty() && name.len() <= 255 && !name.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_have_keycloaks_words() {
        let text = |purpose: Purpose| purpose.failed("x").to_string();
        assert_eq!(text(Purpose::ExecuteActions), "Failed to send execute actions email: x");
        assert_eq!(text(Purpose::VerifyEmail), "Failed to send verify email");
    }
}
