//! Running mappers.

use std::cell::LazyCell;

use model::group::path_text;
use serde_json::{Map, Value};

use super::{
    claim::named_for,
    facts::Facts,
    mapper::{ClaimMapper, Rule},
    output::Output,
    requested,
    roles::ShownRoles,
    subject_identifier::subject_identifier,
    target::Target,
    user,
};

/// Adds what the mappers say for `target` to `claims`, which hold the claims that no mapper decides about.
///
/// `sub` is written here: always in ID tokens and userinfo (OpenID Connect Core 1.0 sections 2 and 5.3.2), elsewhere if
/// a mapper says so. The order of the mappers counts only where two write the same claim; then the later one wins.
pub fn build<'a>(
    mappers: impl IntoIterator<Item = &'a ClaimMapper, IntoIter: Clone>,
    facts: &Facts<'a>,
    target: Target,
    claims: &mut Map<String, Value>,
) {
    let all = mappers.into_iter();
    let here = all.clone().filter(|mapper| mapper.targets.has(target));
    let roles = LazyCell::new(|| ShownRoles::new(all.clone(), facts));
    let mut output = Output { claims, target };
    let mut subject = matches!(target, Target::Id | Target::UserInfo);
    for mapper in here {
        match &mapper.rule {
            Rule::Attribute { attribute, aggregate, claim } => {
                claim.write(&mut output, user::attribute(facts, attribute, *aggregate).iter());
            }
            Rule::Property { property, claim } => claim.write(&mut output, user::property(facts, property)),
            Rule::FullName => set(&mut output, "name", user::full_name(facts.subject)),
            Rule::Address(attributes) => set(&mut output, "address", user::address(facts.subject, attributes)),
            Rule::HardcodedClaim { value, claim } => claim.write_value(&mut output, value),
            Rule::SessionNote { note, claim } => match facts.notes.get(note.as_str()) {
                Some(value) => claim.write(&mut output, [value]),
                None if note == "AUTH_TIME" => claim.write(&mut output, facts.auth_time.map(|time| time.to_string())),
                None => {}
            },
            Rule::GroupMembership { full_path, claim } => {
                let groups = facts.subject.groups.iter().filter_map(|group| match full_path {
                    true => Some(path_text(group.path.iter().map(String::as_str))),
                    false => group.path.last().cloned(),
                });
                claim.write(&mut output, groups);
            }
            Rule::Audience(audience) => output.add_audience(audience),
            Rule::AudienceResolve => {
                let others = roles.clients().map(|(client, _)| client).filter(|name| *name != facts.client.client_id);
                others.for_each(|client| output.add_audience(client));
            }
            Rule::AllowedOrigins => {
                let settings = &facts.client.settings;
                let origins: Vec<_> =
                    web::cors::origins(&settings.web_origins, &settings.redirect_uris).into_iter().collect();
                set(&mut output, "allowed-origins", (!origins.is_empty()).then_some(origins));
            }
            Rule::Acr => set(&mut output, "acr", facts.acr.filter(|acr| !acr.is_empty())),
            Rule::Amr => set(&mut output, "amr", (!facts.amr.is_empty()).then(|| facts.amr.to_vec())),
            Rule::ClientRoles { client: only, prefix, claim } => {
                for (client, names) in roles.clients().filter(|(name, _)| only.as_ref().is_none_or(|only| only == name))
                {
                    let prefix = named_for(prefix, client);
                    claim.write_for_client(&mut output, client, names.map(|name| format!("{prefix}{name}")));
                }
            }
            Rule::RealmRoles { prefix, claim } => {
                claim.write(&mut output, roles.realm().map(|name| format!("{prefix}{name}")));
            }
            Rule::RequestedClaims => requested::add_claims(&mut output, facts),
            Rule::RequestedValue { name, claim } => claim.write(&mut output, requested::value(facts, target, name)),
            Rule::Nonce => set(&mut output, "nonce", facts.nonce.filter(|nonce| !nonce.is_empty())),
            Rule::SessionState => set(&mut output, "session_state", facts.session.map(|id| id.as_str())),
            Rule::Subject | Rule::Pairwise(_) => subject = true,
            // these changed the roles before anything else read them
            Rule::HardcodedRole(_) | Rule::RoleName { .. } => {}
        }
    }
    if subject {
        set(&mut output, "sub", subject_identifier(all.clone(), facts));
    }
}

fn set(output: &mut Output<'_>, claim: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        output.set(claim, value);
    }
}
