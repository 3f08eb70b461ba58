//! "Why was I refused?": what is behind the id that somebody was told with a refusal.
//!
//! Refusals of logins, of token requests and of registries are events; their ids stand on the page, in the message of the
//! docker client, or in the header of the answer. Refused requests of administrators are kept beside the events, see
//! [`mod@administration`]. An explanation says in plain words which rule refused and what would have to change, and whether
//! the answer would be another one today.

pub mod administration;
mod login;
mod registry;

use model::{
    client::DOCKER_V2,
    event::Event,
    id::{ClientId, EventId, UserId},
    permission::Permission,
    realm::Realm,
};
use time::OffsetDateTime;

use crate::{Caller, Result, Services, What, cache, error::Found};

pub use administration::{Recent, Request};

/// Whoever may see events may see why somebody was refused.
pub const VIEW: &[Permission] = &[Permission::ViewEvents, Permission::ManageEvents];

/// Whoever may see accounts.
const SEE_USERS: &[Permission] = &[Permission::ViewUsers, Permission::ManageUsers];
/// Whoever may see clients.
const SEE_CLIENTS: &[Permission] = &[Permission::ViewClients, Permission::ManageClients];

/// The longest id that is looked for, in bytes.
const LONGEST_ID: usize = 255;

/// A refusal in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The id.
    pub id: EventId,
    /// When it happened.
    pub time: OffsetDateTime,
    /// What was refused: a login, tokens, a registry, administration.
    pub door: Door,
    /// What was asked for.
    pub asked: String,
    /// Who asked.
    pub who: Who,
    /// The address from where.
    pub from: Option<String>,
    /// The program that asked, as it calls itself.
    pub program: Option<String>,
    /// Each thing that was refused, and why.
    pub reasons: Vec<Reason>,
    /// What the answer would be now, where that can be told.
    pub today: Option<Today>,
}

/// Where somebody was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// At a login page, or with name and password.
    Login,
    /// By an endpoint for applications.
    Application,
    /// By the token endpoint for registries.
    Registry,
    /// In administration.
    Administration,
}

/// Who was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The user, if that was proven or the name is somebody's.
    pub user: Option<UserId>,
    /// The user's name, or the one that was given.
    pub name: Option<String>,
    /// The administrator belongs to another realm, with this id.
    pub of_realm: Option<String>,
    /// The client's id, if there is such a client.
    pub client: Option<ClientId>,
    /// The `clientId`, as it was given.
    pub client_id: Option<String>,
}

/// One thing that was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// What, where several things were asked for.
    pub about: Option<String>,
    /// The rule that refused, in a sentence.
    pub rule: String,
    /// What would have to change; each of these would do, as the text says.
    pub changes: Vec<Change>,
}

/// Something to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What to do.
    pub text: String,
    /// Where.
    pub place: Option<Place>,
}

impl Change {
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), place: None }
    }

    fn at(self, place: Option<Place>) -> Self {
        Self { place, ..self }
    }
}

/// Where in a console something is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A user.
    User(UserId),
    /// The list of users.
    Users,
    /// A client.
    Client(ClientId),
    /// The list of clients.
    Clients,
    /// The rules of a registry.
    Permissions(ClientId),
    /// The realm's settings.
    Realm,
    /// The realm's protection against guessing.
    Security,
}

/// What the answer would be now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Today {
    /// The same.
    Same(String),
    /// Another one.
    Another(String),
    /// The caller may not see what it depends on.
    Unknown(String),
}

/// Explains the refusal of this id.
///
/// # Errors
/// `NotFound` if no such refusal is kept in this realm, or `Forbidden` without `view-events` or `manage-events`.
pub async fn explain(services: &Services, caller: &Caller, realm: &Realm, id: &str) -> Result<Explanation> {
    caller.require(VIEW)?;
    let id = id.trim();
    if id.is_empty() || id.len() > LONGEST_ID || id.contains('\0') {
        return Err(crate::Error::NotFound(What::Refusal));
    }
    let id = EventId(id.to_owned());
    let mut conn = services.store.read().await?;
    if let Some(event) = store::events::find(&mut conn, realm.id, &id).await? {
        drop(conn);
        return of_event(services, caller, realm, event).await;
    }
    let refused = store::refusals::find(&mut conn, realm.id, &id).await?.found(What::Refusal)?;
    Ok(administration::explanation(realm, refused))
}

/// What explanations of events have in common.
struct Told<'a> {
    services: &'a Services,
    caller: &'a Caller,
    realm: &'a Realm,
    event: &'a Event,
    who: Who,
}

impl Told<'_> {
    fn detail(&self, name: &str) -> Option<&str> {
        self.event.details.get(name).map(String::as_str)
    }

    fn user_place(&self) -> Option<Place> {
        Some(self.who.user.clone().map_or(Place::Users, Place::User))
    }

    fn client_place(&self) -> Option<Place> {
        Some(self.who.client.clone().map_or(Place::Clients, Place::Client))
    }

    /// The client's name for a sentence.
    fn client_name(&self) -> &str {
        self.who.client_id.as_deref().or(self.detail("service")).unwrap_or("an unknown application")
    }
}

async fn of_event(services: &Services, caller: &Caller, realm: &Realm, event: Event) -> Result<Explanation> {
    let docker = event.details.get("auth_method").is_some_and(|method| method == DOCKER_V2);
    let not_granted = event.details.get("refused_actions").is_some_and(|count| count != "0");
    if event.error.is_none() && !(docker && not_granted) {
        // Something that was not refused is no secret, but it is not what is asked for here.
        return Err(crate::Error::NotFound(What::Refusal));
    }
    let who = who(services, caller, realm, &event).await?;
    let told = Told { services, caller, realm, event: &event, who };
    let (reasons, today) = match &event.error {
        Some(error) => login::reasons(&told, error).await?,
        None => registry::reasons(&told).await?,
    };
    let door = match event.kind.as_str() {
        _ if docker => Door::Registry,
        "LOGIN_ERROR" if told.detail("grant_type").is_none() => Door::Login,
        "LOGOUT_ERROR" | "UPDATE_PASSWORD_ERROR" | "EXECUTE_ACTION_TOKEN_ERROR" | "RESET_PASSWORD_ERROR" => Door::Login,
        _ => Door::Application,
    };
    let asked = if docker { registry::asked(&told) } else { login::asked(&told) };
    Ok(Explanation {
        door,
        asked,
        reasons,
        today,
        program: told.detail("user_agent").map(str::to_owned),
        who: told.who,
        id: event.id.clone(),
        time: event.time,
        from: event.ip_address.clone(),
    })
}

/// Who is behind an event, with the names of now for those who may see users.
async fn who(services: &Services, caller: &Caller, realm: &Realm, event: &Event) -> Result<Who> {
    let mut who = Who { user: event.user_id.clone(), client_id: event.client_id.clone(), ..Who::default() };
    if let Some(client_id) = &event.client_id
        && let Some(config) = cache::client(services, realm, client_id).await?
    {
        who.client = Some(config.client.id.clone());
    }
    who.name = event.details.get("username").cloned();
    if let (None, Some(user)) = (&who.name, &event.user_id)
        && caller.may(SEE_USERS)
    {
        let user = store::users::find(&mut *services.store.read().await?, realm.id, user).await?;
        who.name = user.map(|user| user.username);
    }
    Ok(who)
}
