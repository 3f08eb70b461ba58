//! "Why was I refused?" and "who may do this?": a protocol's decisions, explained to administrators.

use model::{
    id::{ClientId, UserId},
    permission::Permission,
    realm::Realm,
    subject::Subject,
};
use protocol::{AccessRule, Evaluation, Protocol, Rule, RuleSubject};

use crate::{Caller, Error, Result, Services, What, cache, clients::ClientConfig, error::Found};

/// Whoever looks into decisions sees rules of clients and roles of users.
pub const LOOK_INTO: &[&[Permission]] =
    &[&[Permission::ViewClients, Permission::ManageClients], &[Permission::ViewUsers, Permission::ManageUsers]];

/// The most users that one answer names.
pub const MOST_USERS: i64 = 100;

/// For whom a request is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requester {
    /// Without credentials.
    Anonymous,
    /// As the user of this name.
    User(String),
}

/// A user who may do something, and the rule that lets them.
#[derive(Clone, Debug)]
pub struct PermittedUser {
    /// The user.
    pub id: UserId,
    /// The user's name.
    pub username: String,
    /// The rule.
    pub rule: Option<Rule>,
}

/// Who may do something to a resource.
#[derive(Clone, Debug)]
pub struct Access {
    /// Whoever asks, without credentials too, and the rule.
    pub anonymous: Option<Rule>,
    /// The rules that may be about it, for some user.
    pub rules: Vec<AccessRule>,
    /// Users that a rule about a role or a group lets do it, by name.
    pub users: Vec<PermittedUser>,
    /// There may be more users after these.
    pub more: bool,
}

async fn client(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
) -> Result<std::sync::Arc<ClientConfig>> {
    for either in LOOK_INTO {
        caller.require(either)?;
    }
    let client = store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client)?;
    cache::client(services, realm, &client.client_id).await?.found(What::Client)
}

fn protocol_of<'a>(services: &'a Services, config: &ClientConfig) -> Result<&'a dyn Protocol> {
    let name = &config.client.protocol;
    services.protocols.get(name).ok_or_else(|| Error::Refused(format!("The protocol '{name}' is not offered here")))
}

/// The answer of a protocol that may not have the question, as an error for people.
fn asked<T>(config: &ClientConfig, answer: Option<std::result::Result<T, String>>) -> Result<T> {
    match answer {
        Some(answer) => answer.map_err(Error::Refused),
        None => Err(Error::Refused(format!("The client '{}' grants nothing by scopes", config.client.client_id))),
    }
}

/// Tries a request for `scopes` and says for each action whether it is granted, and by which rule. No token is made.
///
/// # Errors
/// `NotFound` for the client or the user, `Refused` for a client of another kind, or `Forbidden` without permission to
/// view clients and users.
pub async fn evaluate(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    requester: &Requester,
    scopes: &[String],
) -> Result<Evaluation> {
    let config = client(services, caller, realm, id).await?;
    let subject = match requester {
        Requester::Anonymous => None,
        Requester::User(name) => Some(subject(services, realm, name).await?),
    };
    asked(&config, protocol_of(services, &config)?.evaluate(&config.mappers, subject.as_ref(), scopes))
}

async fn subject(services: &Services, realm: &Realm, username: &str) -> Result<Subject> {
    let found =
        store::users::find_by_username(&mut *services.store.read().await?, realm.id, &username.to_lowercase()).await?;
    crate::subjects::current(services, realm.id, &found.found(What::User)?).await
}

/// Who may do `action` on `resource`, and through which rule. Users are those whom a rule about a role or a group lets
/// do it; rules about everyone name nobody.
///
/// # Errors
/// As [`evaluate`]; `Refused` also for a resource or an action that can't be.
#[expect(clippy::too_many_arguments, reason = "who asks, where, about what, and which page of it")]
pub async fn who_may(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    resource: &str,
    action: &str,
    first: i64,
    max: i64,
) -> Result<Access> {
    let config = client(services, caller, realm, id).await?;
    let protocol = protocol_of(services, &config)?;
    let rules = asked(&config, protocol.access_rules(&config.mappers, resource, action))?;
    let scope = [format!("repository:{resource}:{action}")];
    let granting = |subject: Option<&Subject>| -> Result<Option<Option<Rule>>> {
        let evaluation = asked(&config, protocol.evaluate(&config.mappers, subject, &scope))?;
        Ok(evaluation.actions.into_iter().find(|action| action.granted).map(|action| action.rule))
    };
    let anonymous = granting(None)?.flatten();
    let (mut roles, mut groups) = (Vec::new(), Vec::new());
    for rule in rules.iter().filter(|rule| rule.allows) {
        match &rule.subject {
            RuleSubject::Role(role) => roles.push(role.clone()),
            RuleSubject::Group { path, include_subgroups } => groups.push((path.clone(), *include_subgroups)),
            RuleSubject::Anonymous | RuleSubject::SignedIn => {}
        }
    }
    let max = max.clamp(1, MOST_USERS);
    let mut conn = services.store.read().await?;
    let candidates = store::subjects::users_with(&mut conn, realm.id, &roles, &groups, first, max).await?;
    let more = i64::try_from(candidates.len()).is_ok_and(|count| count == max);
    let ids: Vec<_> = candidates.into_iter().map(|(id, _)| id).collect();
    let mut users = Vec::new();
    for subject in store::subjects::of_users(&mut conn, realm.id, &ids).await? {
        if let (Some(rule), Some(id)) = (granting(Some(&subject))?, subject.user_id.clone()) {
            users.push(PermittedUser { id, username: subject.username, rule });
        }
    }
    Ok(Access { anonymous, rules, users, more })
}
