//! Which flow a realm uses for what: names in its settings, which follow a flow that is renamed.

use model::realm::{Realm, RealmSettings};
use serde_json::Value;
use store::Tx;

use super::{
    book::{self, Book},
    built_in::BINDINGS,
};
use crate::{Error, Result, Services};

/// The flow that a realm's settings name for a binding.
fn bound<'a>(settings: &'a RealmSettings, (binding, usual): (&str, &'static str)) -> &'a str {
    settings.uninterpreted.get(binding).and_then(Value::as_str).unwrap_or(usual)
}

/// Whether a realm uses the flow of this alias for anything.
pub(super) fn is_bound(realm: &Realm, alias: &str) -> bool {
    BINDINGS.into_iter().any(|binding| bound(&realm.settings, binding) == alias)
}

/// Makes bindings follow a flow that gets another alias.
pub(super) async fn follow(tx: &mut Tx, mut realm: Realm, from: &str, to: &str) -> Result<()> {
    if !is_bound(&realm, from) {
        return Ok(());
    }
    for binding in BINDINGS {
        if bound(&realm.settings, binding) == from {
            realm.settings.uninterpreted.insert(binding.0.to_owned(), to.into());
        }
    }
    Ok(store::realms::update(tx, &realm).await?)
}

/// Goes on only if every binding that changes names a top-level flow.
///
/// # Errors
/// `Invalid`, naming the one that doesn't.
pub(crate) async fn check(services: &Services, tx: &mut Tx, before: &Realm, after: &RealmSettings) -> Result<()> {
    let changed = |binding: &(&str, &'static str)| bound(&before.settings, *binding) != bound(after, *binding);
    let changed: Vec<_> = BINDINGS.into_iter().filter(changed).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let (_, flows) = book::lock(services, tx).await?;
    for binding in changed {
        let alias = bound(after, binding);
        if !is_there(&flows, alias) {
            return Err(Error::invalid(binding.0, format!("There is no authentication flow '{alias}'")));
        }
    }
    Ok(())
}

fn is_there(flows: &Book, alias: &str) -> bool {
    flows.by_alias(alias).is_some_and(|flow| flow.top_level)
}

/// Takes back bindings of an imported realm that name no flow, so that the usual ones apply. Gives what was taken back.
pub(super) fn reset_missing(realm: &mut Realm, flows: &Book) -> Vec<(&'static str, String)> {
    let missing = |binding: &(&'static str, &'static str)| !is_there(flows, bound(&realm.settings, *binding));
    let missing: Vec<_> = BINDINGS.into_iter().filter(missing).collect();
    missing
        .into_iter()
        .map(|binding| {
            let named = bound(&realm.settings, binding).to_owned();
            realm.settings.uninterpreted.remove(binding.0);
            (binding.0, named)
        })
        .collect()
}
