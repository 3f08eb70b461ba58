//! What the policies say of the client that a request would leave behind.

use std::collections::BTreeSet;

use model::{client::Client, client_scope::ScopeAssignment, protocol_mapper::ProtocolMapper, realm::Realm};
use store::{PgConnection, Tx};

use super::{Kind, Policies, Policy};
use crate::client_registration::{Access, attributes, refusal::Result};

/// A client with its mappers, before or after a change.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// The client.
    pub client: Client,
    /// Its own mappers.
    pub mappers: Vec<ProtocolMapper>,
}

impl Policies {
    /// Goes on only if the policies accept the client as it is `after` the change, within the transaction that made it.
    /// What was there `before` may stay: an administrator put it there, or an earlier judgement let it pass.
    pub(crate) async fn judge(&self, tx: &mut Tx, realm: &Realm, before: Option<&State>, after: &State) -> Result<()> {
        for policy in &self.policies {
            match &policy.kind {
                Kind::TrustedHosts(hosts) => {
                    let untrusted = addresses(after).find(|address| !hosts.trusts_address(address));
                    if untrusted.is_some() {
                        return Err(policy.refuses("URI doesn't match any trusted host or trusted domain"));
                    }
                }
                Kind::ConsentRequired if !after.client.settings.consent_required => {
                    return Err(policy.refuses("Not permitted to update consentRequired to false"));
                }
                Kind::FullScopeDisabled if after.client.settings.full_scope_allowed => {
                    return Err(policy.refuses("Not permitted to enable fullScopeAllowed"));
                }
                Kind::ClientDisabled if after.client.enabled && before.is_none_or(|before| !before.client.enabled) => {
                    return Err(policy.refuses("Not permitted to enable client"));
                }
                // The new client is counted already, and whoever adds another one waits for this transaction.
                Kind::MaxClients(most) if before.is_none() && store::clients::count(tx, realm.id).await? > *most => {
                    return Err(policy.refuses(format!("It's allowed to have max {most} clients per realm")));
                }
                Kind::AllowedMappers(kinds) => judge_mappers(policy, kinds, before, after)?,
                Kind::AllowedScopes { names, defaults } => {
                    judge_scopes(tx, realm, policy, (names, *defaults), before, after).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// How the caller registers.
    pub(crate) fn access(&self) -> Access {
        self.access
    }
}

/// A mapper that was there stays only as it was: with another kind or other settings under its id it is another one.
fn judge_mappers(policy: &Policy, kinds: &BTreeSet<String>, before: Option<&State>, after: &State) -> Result<()> {
    let is_old = |mapper: &ProtocolMapper| before.is_some_and(|before| before.mappers.iter().any(|old| old == mapper));
    match after.mappers.iter().find(|mapper| !kinds.contains(&mapper.kind) && !is_old(mapper)) {
        Some(_) => Err(policy.refuses("ProtocolMapper type not allowed")),
        None => Ok(()),
    }
}

async fn judge_scopes(
    conn: &mut PgConnection,
    realm: &Realm,
    policy: &Policy,
    (names, defaults): (&BTreeSet<String>, bool),
    before: Option<&State>,
    after: &State,
) -> Result<()> {
    let of = |client: &Client| -> BTreeSet<String> {
        client.default_scopes.iter().chain(&client.optional_scopes).cloned().collect()
    };
    let mut allowed = names.clone();
    allowed.extend(before.map(|before| of(&before.client)).unwrap_or_default());
    if defaults {
        for assignment in [ScopeAssignment::Default, ScopeAssignment::Optional] {
            let scopes = store::client_scopes::defaults(conn, realm.id, assignment).await?;
            allowed.extend(scopes.into_iter().map(|scope| scope.name));
        }
    }
    if after.client.settings.service_accounts_enabled {
        // Nobody asks for this one: it comes with the account.
        allowed.insert("service_account".to_owned());
    }
    match of(&after.client).is_subset(&allowed) {
        true => Ok(()),
        false => Err(policy.refuses("Not permitted to use specified clientScope")),
    }
}

/// Every address of a client. One that begins with a slash stands below the root URL, which is among them.
fn addresses(state: &State) -> impl Iterator<Item = &str> {
    let settings = &state.client.settings;
    let single = [&settings.root_url, &settings.base_url, &settings.admin_url].into_iter().flatten();
    let several = settings.redirect_uris.iter().chain(&settings.web_origins);
    let sectors = state.mappers.iter().filter_map(|mapper| mapper.config.get("sectorIdentifierUri"));
    let has_root = settings.root_url.as_deref().is_some_and(|root| !root.is_empty());
    single
        .chain(several)
        .chain(sectors)
        .map(String::as_str)
        .chain(attributes::addresses(&state.client))
        .filter(move |address| !address.is_empty() && *address != "+" && !(has_root && address.starts_with('/')))
}
