//! Tokens for registries that grant less than was asked for.

use protocol::{AccessRule, RuleSubject};

use super::{Change, Place, Reason, Today, Told};
use crate::{
    Error, Result, What,
    access::{self, LOOK_INTO, Requester},
    cache,
    clients::ClientConfig,
    mappers, token_requests,
};

/// What was asked for.
pub(super) fn asked(told: &Told<'_>) -> String {
    let registry = told.client_name();
    match told.detail("requested") {
        Some(requested) => format!("{requested} at the registry {registry}"),
        None => format!("To log in to the registry {registry}"),
    }
}

/// The most rules that an explanation proposes.
const MOST_PROPOSED: usize = 3;

/// Which actions were not granted and why, and whether they would be now.
pub(super) async fn reasons(told: &Told<'_>) -> Result<(Vec<Reason>, Option<Today>)> {
    let config = match told.event.client_id.as_deref().filter(|_| told.caller.may(mappers::VIEW)) {
        Some(client_id) => cache::client(told.services, told.realm, client_id).await?,
        None => None,
    };
    let refused = token_requests::not_granted(told.event);
    let reasons = refused.iter().map(|(about, why)| reason(told, config.as_deref(), about, why)).collect();
    Ok((reasons, today(told).await?))
}

fn reason(told: &Told<'_>, config: Option<&ClientConfig>, about: &str, why: &str) -> Reason {
    let place = told.who.client.clone().map(Place::Permissions);
    let who = told.who.name.as_deref().unwrap_or("requests without credentials");
    let known = told.who.user.is_some();
    let rules = config.map(|config| rules_about(told, config, about)).unwrap_or_default();
    let mut changes = Vec::new();
    if let Some(name) = why.strip_prefix("denied by rule ") {
        let text = format!("Change the rule {name}: a rule that denies wins over all that allow");
        changes.push(Change::new(text).at(place));
        let subject = rules.iter().find(|rule| !rule.allows && rule.rule.name == name).map(|rule| &rule.subject);
        let text = match subject.filter(|_| known) {
            Some(RuleSubject::Role(role)) => Some(format!("Or take the role {role} from {who}")),
            Some(RuleSubject::Group { path, .. }) => Some(format!("Or take {who} out of the group {path}")),
            _ => None,
        };
        changes.extend(text.map(|text| Change::new(text).at(told.user_place())));
    } else if why == "no rule allows it" {
        changes.push(Change::new(format!("Add a rule that allows it to {who}")).at(place));
        let proposals = rules.iter().filter(|rule| rule.allows).filter_map(|rule| match &rule.subject {
            RuleSubject::Role(role) => Some((&rule.rule.name, format!("give {who} the role {role}"))),
            RuleSubject::Group { path, .. } => Some((&rule.rule.name, format!("put {who} into the group {path}"))),
            RuleSubject::SignedIn | RuleSubject::Anonymous => None,
        });
        for (rule, what) in proposals.take(MOST_PROPOSED).filter(|_| known) {
            let text = format!("Or {what}, which the rule {rule} is for");
            changes.push(Change::new(text).at(told.user_place()));
        }
        if !known {
            changes.push(Change::new(format!("Or log in first: docker login {}", told.client_name())));
        }
    } else {
        changes.push(Change::new("Ask for an action that registries know: pull, push or delete of a repository"));
    }
    let why = why.strip_prefix("denied by").map_or_else(|| why.to_owned(), |rule| format!("it is denied by{rule}"));
    let mut letters = why.chars();
    let rule = letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default();
    Reason { about: Some(about.to_owned()), rule: format!("{rule}."), changes }
}

/// The rules of now that may be about what was asked for, such as `repository:team/app:pull,push`.
fn rules_about(told: &Told<'_>, config: &ClientConfig, about: &str) -> Vec<AccessRule> {
    let Some((resource, actions)) = about.strip_prefix("repository:").and_then(|about| about.rsplit_once(':')) else {
        return Vec::new();
    };
    let Some(protocol) = told.services.protocols.get(&config.client.protocol) else { return Vec::new() };
    let mut rules: Vec<AccessRule> = Vec::new();
    for action in actions.split(',') {
        let about = protocol.access_rules(&config.mappers, resource, action);
        for rule in about.and_then(std::result::Result::ok).unwrap_or_default() {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
    }
    rules
}

/// Tries the same request again.
async fn today(told: &Told<'_>) -> Result<Option<Today>> {
    let (Some(client), Some(requested)) = (&told.who.client, told.detail("requested")) else { return Ok(None) };
    if !LOOK_INTO.iter().all(|either| told.caller.may(either)) {
        let text = "Whether the answer would be another one today is shown to those who may see clients and users.";
        return Ok(Some(Today::Unknown(text.to_owned())));
    }
    let requester = match (&told.who.user, &told.who.name) {
        (Some(_), Some(name)) => Requester::User(name.clone()),
        _ => Requester::Anonymous,
    };
    let scopes: Vec<_> = requested.split(' ').map(str::to_owned).collect();
    let tried = access::evaluate(told.services, told.caller, told.realm, client, &requester, &scopes).await;
    Ok(Some(match tried {
        Ok(tried) => {
            let before = told.detail("granted").unwrap_or_default();
            let left: Vec<_> = tried.actions.iter().filter(|action| !action.granted).collect();
            if tried.granted_scope == before {
                Today::Same("The same request would get the same answer today.".to_owned())
            } else if left.is_empty() {
                Today::Another("Today everything that was asked for would be granted.".to_owned())
            } else if tried.granted_scope.is_empty() {
                Today::Another("Today nothing of it would be granted.".to_owned())
            } else {
                Today::Another(format!("Today this would be granted: {}.", tried.granted_scope))
            }
        }
        Err(Error::NotFound(What::User)) => Today::Another("The user does not exist any more.".to_owned()),
        Err(Error::Refused(why)) => Today::Unknown(why),
        Err(error) => return Err(error),
    }))
}
