//! `docker-v2/evaluate` and `docker-v2/access` of a client: why a request is granted or refused, and who may do what.
//!
//! These two are Portcullis' own; Keycloak has nothing like them for registries.

use actix_web::{
    http::Method,
    web::{Bytes, Path, Query},
};
use model::id::ClientId;
use protocol::{AccessRule, Rule as AccessRuleName, RuleSubject};
use representation::Representation;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use services::access::{self, LOOK_INTO, MOST_USERS, Requester};

use crate::{
    Routes,
    errors::{Answer, Refusal},
    kit::{Admin, Paging, body, json as answer},
    routes::Rule,
};

pub(crate) fn routes(routes: &mut Routes) {
    let client = "/realms/{realm}/clients/{client}/docker-v2";
    routes.add(Method::POST, &format!("{client}/evaluate"), Rule::Each(LOOK_INTO), evaluate);
    routes.add(Method::GET, &format!("{client}/access"), Rule::Each(LOOK_INTO), who_may);
}

/// A request to try.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvaluateRequest {
    /// The user who would ask.
    username: Option<String>,
    /// Nobody in particular would ask.
    anonymous: Option<bool>,
    /// What for.
    scope: Vec<String>,
}

impl Representation for EvaluateRequest {
    const NAME: &'static str = "DockerEvaluateRequest";
}

fn rule(rule: &AccessRuleName) -> Value {
    json!({"id": rule.id, "name": rule.name})
}

async fn evaluate(admin: Admin, path: Path<(String, ClientId)>, bytes: Bytes) -> Answer {
    let request: EvaluateRequest = body(&bytes)?;
    let requester = match (request.username, request.anonymous) {
        (Some(username), None | Some(false)) => Requester::User(username),
        (None, Some(true)) => Requester::Anonymous,
        _ => return Err(Refusal::BadRequest("Give either a username, or anonymous: true".to_owned())),
    };
    let tried =
        access::evaluate(&admin.services, &admin.caller, admin.realm()?, &path.1, &requester, &request.scope).await?;
    let actions: Vec<_> = tried
        .actions
        .iter()
        .map(|action| {
            json!({
                "type": action.resource_type, "name": action.resource_name, "action": action.action,
                "granted": action.granted, "reason": action.reason, "rule": action.rule.as_ref().map(rule),
            })
        })
        .collect();
    let ignored: Vec<_> =
        tried.ignored.iter().map(|(scope, reason)| json!({"scope": scope, "reason": reason})).collect();
    answer(&json!({"scope": tried.granted_scope, "actions": actions, "ignored": ignored}))
}

#[derive(Deserialize)]
struct AccessQuery {
    // Looked at only once the caller is known to be allowed.
    repository: Option<String>,
    action: Option<String>,
    first: Option<i64>,
    max: Option<i64>,
}

/// Whom a rule is about, in one object.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RuleView<'a> {
    id: &'a str,
    name: &'a str,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "crate::kit::switch")]
    include_subgroups: Option<bool>,
    /// It is about everyone: who is signed in, or without credentials too.
    #[serde(skip_serializing_if = "Option::is_none")]
    everyone: Option<&'static str>,
}

impl<'a> RuleView<'a> {
    fn of(rule: &'a AccessRule) -> Self {
        let mut view = Self {
            id: rule.rule.id.as_str(),
            name: &rule.rule.name,
            effect: if rule.allows { "allow" } else { "deny" },
            role: None,
            group: None,
            include_subgroups: None,
            everyone: None,
        };
        match &rule.subject {
            RuleSubject::Anonymous => view.everyone = Some("anonymous"),
            RuleSubject::SignedIn => view.everyone = Some("signed-in"),
            RuleSubject::Role(role) => view.role = Some(role),
            RuleSubject::Group { path, include_subgroups } => {
                view.group = Some(path);
                view.include_subgroups = Some(*include_subgroups);
            }
        }
        view
    }
}

async fn who_may(admin: Admin, path: Path<(String, ClientId)>, query: Query<AccessQuery>) -> Answer {
    let paging = Paging::new(query.first, query.max);
    let (Some(repository), Some(action)) = (&query.repository, &query.action) else {
        return Err(Refusal::BadRequest("Give a repository and an action".to_owned()));
    };
    let found = access::who_may(
        &admin.services,
        &admin.caller,
        admin.realm()?,
        &path.1,
        repository,
        action,
        paging.first(),
        paging.max().unwrap_or(MOST_USERS),
    )
    .await?;
    let users: Vec<_> = found
        .users
        .iter()
        .map(|user| json!({"id": user.id, "username": user.username, "rule": user.rule.as_ref().map(rule)}))
        .collect();
    answer(&json!({
        "anonymous": found.anonymous.as_ref().map(rule),
        "rules": found.rules.iter().map(RuleView::of).collect::<Vec<_>>(),
        "users": users,
        "more": found.more,
    }))
}
