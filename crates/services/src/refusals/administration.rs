//! Refused requests of administrators.
//!
//! Nobody waits until it is written, which takes a moment: whoever is refused thousands of things a second must not slow down
//! those who are not. A request that is refused costs a row in the database, so who can cause one matters: only somebody with a token that this
//! server signed, and each of them one row for each route and reason in five minutes; meanwhile they are told the same id. A
//! request without a token, or with one that anybody could have made up, is found in the log alone.

use std::time::Duration;

use model::{
    id::{EventId, RealmId, UserId},
    permission::{Permission, Permissions},
    realm::Realm,
};
use moka::sync::Cache;
use store::refusals::{Named, RefusedRequest};

use super::{Change, Door, Explanation, Place, Reason, Who};
use crate::{
    Caller, Need, Origin, Services,
    administrators::{Stranger, TokenFault},
    events::{
        Entry,
        counts::{ADMINISTRATOR, Counted},
    },
};

/// For how long somebody who is refused the same again is told the same id.
const AGAIN: Duration = Duration::from_secs(300);
/// How many refusals are remembered for that.
const REMEMBERED: u64 = 20_000;
/// The longest path that is kept, in bytes.
const LONGEST_PATH: usize = 500;

type Same = (RealmId, RealmId, Option<UserId>, String, String);

/// The refusals of a moment ago.
#[derive(Debug)]
pub struct Recent(Cache<Same, EventId>);

impl Default for Recent {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(REMEMBERED).time_to_live(AGAIN).build())
    }
}

/// A refused request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a str,
    /// The path, without its query.
    pub path: &'a str,
    /// The route, so that the same request about another thing is no other request.
    pub route: &'a str,
}

/// Keeps that a caller was refused, and gives the id to tell. None if it could not be written: the refusal stands all the
/// same. `realm` is the one in question.
pub async fn refused(
    services: &Services,
    caller: &Caller,
    realm: Option<&Realm>,
    request: Request<'_>,
) -> Option<EventId> {
    let need = caller.lacking.last().unwrap_or(Need::Something);
    let (rule, permissions) = match need {
        Need::AnyOf(permissions) => ("any-of", names(permissions)),
        Need::Any => ("any", Vec::new()),
        Need::CreateRealm => ("create-realm", Vec::new()),
        Need::Beyond(names) => ("beyond", names.into_iter().collect()),
        Need::OtherRealm => (TokenFault::OtherRealm.as_str(), Vec::new()),
        Need::Something => ("something", Vec::new()),
    };
    // What is refused to people of another realm is for their own administrators to see.
    let here = realm.filter(|realm| caller.of_master || realm.id == caller.realm);
    keep(
        services,
        here,
        &caller.origin,
        request,
        RefusedRequest {
            realm_id: here.map_or(caller.realm, |realm| realm.id),
            id: EventId(services.new_id()),
            time: services.now(),
            auth_realm_id: caller.realm_given_id.clone(),
            auth_user_id: caller.user.clone(),
            auth_client_id: caller.client.clone(),
            ip_address: None,
            method: String::new(),
            path: String::new(),
            rule: rule.to_owned(),
            permissions,
        },
        caller.realm,
    )
    .await
}

/// Keeps that somebody's token let them not in, and gives the id to tell.
pub async fn turned_away(services: &Services, stranger: &Stranger, request: Request<'_>) -> Option<EventId> {
    let fault = stranger.fault.as_str();
    let Some(holder) = &stranger.holder else {
        let id = EventId(services.new_id());
        tracing::info!(target: "events", %id, kind = "ADMIN_REFUSED", error = fault, method = request.method, path = request.path);
        return Some(id);
    };
    keep(
        services,
        Some(&holder.realm),
        &holder.origin,
        request,
        RefusedRequest {
            realm_id: holder.realm.id,
            id: EventId(services.new_id()),
            time: services.now(),
            auth_realm_id: holder.realm.given_id.clone(),
            auth_user_id: Some(holder.user.clone()),
            auth_client_id: None,
            ip_address: None,
            method: String::new(),
            path: String::new(),
            rule: fault.to_owned(),
            permissions: Vec::new(),
        },
        holder.realm.id,
    )
    .await
}

fn names(permissions: Permissions) -> Vec<String> {
    permissions.iter().map(|permission| permission.as_str().to_owned()).collect()
}

/// Writes a refusal unless the same one was written a moment ago, or `realm` keeps no events.
async fn keep(
    services: &Services,
    realm: Option<&Realm>,
    origin: &Origin,
    request: Request<'_>,
    refused: RefusedRequest,
    of: RealmId,
) -> Option<EventId> {
    let what = format!("{} {}", request.method, request.route);
    let why = format!("{} {}", refused.rule, refused.permissions.join(","));
    let same = (refused.realm_id, of, refused.auth_user_id.clone(), what, why);
    if let Some(id) = services.recent_refusals.0.get(&same) {
        return Some(id);
    }
    let text =
        |text: &str| text.get(..text.floor_char_boundary(LONGEST_PATH)).unwrap_or_default().replace('\0', "\u{fffd}");
    let refused = RefusedRequest {
        ip_address: origin.ip_address.as_deref().map(text),
        method: text(request.method),
        path: text(request.path),
        ..refused
    };
    let id = refused.id.clone();
    tracing::info!(
        target: "events",
        %id,
        realm = %refused.realm_id,
        kind = "ADMIN_REFUSED",
        user = refused.auth_user_id.as_ref().map(UserId::as_str),
        ip_address = refused.ip_address,
        error = refused.rule,
        needed = ?refused.permissions,
        method = refused.method,
        path = refused.path,
    );
    services.event_counts.add(refused.realm_id, refused.time, Counted::Refused, ADMINISTRATOR);
    if realm.is_none_or(|realm| realm.settings.events.events_enabled)
        && let Err(failure) = services.events.write_later(Entry::of_refused(refused)).await
    {
        tracing::error!(error = &failure as &dyn std::error::Error, "a refusal can't be written");
        return None;
    }
    services.recent_refusals.0.insert(same, id.clone());
    Some(id)
}

/// A refused request in plain words.
pub(super) fn explanation(realm: &Realm, found: Named) -> Explanation {
    let Named { request, username, client } = found;
    let foreign = request.auth_realm_id != realm.given_id;
    let who = Who {
        name: username,
        of_realm: foreign.then(|| request.auth_realm_id.clone()),
        client: request.auth_client_id.clone().filter(|_| !foreign),
        client_id: client,
        user: request.auth_user_id.clone(),
    };
    let place = request.auth_user_id.clone().filter(|_| !foreign).map(Place::User);
    let (rule, changes) = words(realm, &request, foreign, place);
    Explanation {
        id: request.id,
        time: request.time,
        door: Door::Administration,
        asked: format!("{} {}", request.method, request.path),
        who: Who { user: who.user.filter(|_| !foreign), ..who },
        from: request.ip_address,
        program: None,
        reasons: vec![Reason { about: None, rule, changes }],
        today: None,
    }
}

fn words(realm: &Realm, request: &RefusedRequest, foreign: bool, place: Option<Place>) -> (String, Vec<Change>) {
    let management = if foreign {
        format!("{}-realm", realm.name)
    } else {
        crate::realms::built_in::management_client(realm).to_owned()
    };
    let needed = request.permissions.join(", ");
    let again = || vec![Change::new("Get a new token: log in again")];
    match request.rule.as_str() {
        "any-of" => {
            let known: Vec<_> = request.permissions.iter().filter_map(|name| Permission::parse(name)).collect();
            let roles: Vec<_> =
                known.iter().map(|permission| format!("{} of {management}", permission.as_str())).collect();
            let one = if known.len() == 1 { "The permission" } else { "One of the permissions" };
            (
                format!("{one} {needed} on this realm is needed, and the administrator has none of that."),
                vec![Change::new(format!("Give the administrator the role {}", roles.join(" or "))).at(place)],
            )
        }
        "any" => (
            "The administrator has no permission at all on this realm.".to_owned(),
            vec![Change::new(format!("Give the administrator one of the roles of {management}")).at(place)],
        ),
        "create-realm" => (
            "The right to make realms is needed.".to_owned(),
            vec![Change::new("Give the administrator the role create-realm of the realm master").at(place)],
        ),
        "beyond" => (
            format!("Nobody hands on or gets at rights that they lack themselves. Missing: {needed}."),
            vec![
                Change::new(format!("Give the administrator these rights, too: {needed}")).at(place),
                Change::new("Or let somebody do it who has them"),
            ],
        ),
        "other-realm" => (
            "The administrator belongs to another realm, and only those of master may administer other realms."
                .to_owned(),
            vec![Change::new("Log in as an administrator of that realm, or of master")],
        ),
        "token-expired" => ("The time of the access token was over.".to_owned(), again()),
        "token-ended" => ("The session behind the access token ended, or the token was revoked.".to_owned(), again()),
        "token-not-before" => {
            ("The access token is older than the moment from which on tokens are good.".to_owned(), again())
        }
        "token-user" => (
            "The account behind the access token is disabled or gone.".to_owned(),
            vec![Change::new("Enable the account").at(place)],
        ),
        "token-client" => (
            "The client of the access token is disabled or gone.".to_owned(),
            vec![Change::new("Enable the client").at(Some(Place::Clients))],
        ),
        "token-kind" => (
            "The token is no access token for this.".to_owned(),
            vec![Change::new("Send the access token, not the ID token or the refresh token")],
        ),
        _ => (
            "It is not for this administrator to do, whatever permissions there are.".to_owned(),
            vec![Change::new("Some things are done by a person, or on the command line, only")],
        ),
    }
}
