//! `docker-v2/evaluate` and `docker-v2/access` of a client: why a request is granted or refused, and who may do what.
//!
//! These two are Portcullis' own; Keycloak has nothing like them for registries.

use actix_web::{
    http::Method,
    web::{Path, Query},
};
use model::id::ClientId;
use protocol::{AccessRule, Rule as AccessRuleName, RuleSubject};
use representation::{
    DockerAccess, DockerEvaluateRequest, DockerEvaluatedAction, DockerEvaluation, DockerIgnoredScope,
    DockerPermittedUser, DockerRule, DockerRuleName,
};
use serde::Deserialize;
use services::access::{self, LOOK_INTO, MOST_USERS, Requester};

use crate::{
    Routes,
    answers::Json,
    bodies::Body,
    errors::{Answer, Refusal},
    kit::{Admin, Paging, body, json},
    routes::Rule,
};

pub(crate) fn routes(routes: &mut Routes) {
    let client = "/realms/{realm}/clients/{client}/docker-v2";
    routes.add(Method::POST, &format!("{client}/evaluate"), Rule::Each(LOOK_INTO), evaluate);
    routes.add(Method::GET, &format!("{client}/access"), Rule::Each(LOOK_INTO), who_may);
}

fn rule(rule: &AccessRuleName) -> DockerRuleName {
    DockerRuleName { id: Some(rule.id.0.clone()), name: Some(rule.name.clone()) }
}

async fn evaluate(
    admin: Admin,
    path: Path<(String, ClientId)>,
    bytes: Body<DockerEvaluateRequest>,
) -> Answer<Json<DockerEvaluation>> {
    let request = body(&bytes)?;
    let requester = match (request.username, request.anonymous) {
        (Some(username), None | Some(false)) => Requester::User(username),
        (None, Some(true)) => Requester::Anonymous,
        _ => return Err(Refusal::BadRequest("Give either a username, or anonymous: true".to_owned())),
    };
    let scope = request.scope.unwrap_or_default();
    let tried = access::evaluate(&admin.services, &admin.caller, admin.realm()?, &path.1, &requester, &scope).await?;
    let actions = tried.actions.into_iter().map(|action| DockerEvaluatedAction {
        rule: action.rule.as_ref().map(rule),
        r#type: Some(action.resource_type),
        name: Some(action.resource_name),
        action: Some(action.action),
        granted: Some(action.granted),
        reason: Some(action.reason),
    });
    let ignored = tried.ignored.into_iter();
    let ignored = ignored.map(|(scope, reason)| DockerIgnoredScope { scope: Some(scope), reason: Some(reason) });
    json(&DockerEvaluation {
        scope: Some(tried.granted_scope),
        actions: Some(actions.collect()),
        ignored: Some(ignored.collect()),
    })
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
fn view(rule: &AccessRule) -> DockerRule {
    let mut view = DockerRule {
        id: Some(rule.rule.id.0.clone()),
        name: Some(rule.rule.name.clone()),
        effect: Some(if rule.allows { "allow" } else { "deny" }.to_owned()),
        ..DockerRule::default()
    };
    match &rule.subject {
        RuleSubject::Anonymous => view.everyone = Some("anonymous".to_owned()),
        RuleSubject::SignedIn => view.everyone = Some("signed-in".to_owned()),
        RuleSubject::Role(role) => view.role = Some(role.clone()),
        RuleSubject::Group { path, include_subgroups } => {
            view.group = Some(path.clone());
            view.include_subgroups = Some(*include_subgroups);
        }
    }
    view
}

async fn who_may(
    admin: Admin,
    path: Path<(String, ClientId)>,
    query: Query<AccessQuery>,
) -> Answer<Json<DockerAccess>> {
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
    let users = found.users.into_iter().map(|user| DockerPermittedUser {
        rule: user.rule.as_ref().map(rule),
        id: Some(user.id.0),
        username: Some(user.username),
    });
    json(&DockerAccess {
        anonymous: found.anonymous.as_ref().map(rule),
        rules: Some(found.rules.iter().map(view).collect()),
        users: Some(users.collect()),
        more: Some(found.more),
    })
}
