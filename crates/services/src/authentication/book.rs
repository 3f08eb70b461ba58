//! All flows of a realm, and what follows from how they are put together. Pure, but for reading them.

use std::collections::HashSet;

use model::{
    authentication::{AuthenticatorConfig, Execution, Flow},
    id::{AuthenticatorConfigId, ExecutionId, FlowId},
    realm::Realm,
};
use store::{PgConnection, Tx, authentication::All};

use super::{built_in, required_actions};
use crate::{Error, Result, Services, What, error::Found};

/// The most flows that a realm may have.
const MAX_FLOWS: usize = 500;
/// The most executions that a realm may have.
const MAX_EXECUTIONS: usize = 2_000;
/// The most configurations that a realm may have.
const MAX_CONFIGS: usize = 1_000;
/// How deep flows may stand within each other.
pub(super) const MAX_DEPTH: usize = 20;

/// All flows, executions and configurations of a realm.
#[derive(Clone, Debug, Default)]
pub(super) struct Book(pub All);

impl Book {
    /// The flow with this id.
    pub fn flow(&self, id: &FlowId) -> Option<&Flow> {
        self.0.flows.iter().find(|flow| flow.id == *id)
    }

    /// The flow with this alias.
    pub fn by_alias(&self, alias: &str) -> Option<&Flow> {
        self.0.flows.iter().find(|flow| flow.alias == alias)
    }

    /// The execution with this id.
    pub fn execution(&self, id: &ExecutionId) -> Option<&Execution> {
        self.0.executions.iter().find(|execution| execution.id == *id)
    }

    /// The configuration with this id.
    pub fn config(&self, id: &AuthenticatorConfigId) -> Option<&AuthenticatorConfig> {
        self.0.configs.iter().find(|config| config.id == *id)
    }

    /// The executions of a flow in order.
    pub fn executions_of(&self, flow: &FlowId) -> impl Iterator<Item = &Execution> {
        self.0.executions.iter().filter(move |execution| execution.flow == *flow)
    }

    /// The flow that an execution is in.
    pub fn parent(&self, execution: &Execution) -> Result<&Flow> {
        self.flow(&execution.flow).found(What::Execution)
    }

    /// A flow and all flows within it.
    pub fn within(&self, flow: &FlowId) -> HashSet<FlowId> {
        let mut found = HashSet::from([flow.clone()]);
        let mut next = vec![flow.clone()];
        while let Some(flow) = next.pop() {
            for inner in self.executions_of(&flow).filter_map(|execution| execution.sub_flow.as_ref()) {
                if found.insert(inner.clone()) {
                    next.push(inner.clone());
                }
            }
        }
        found
    }

    /// The steps of a flow and of those within it, each followed by what is in it, with its depth and its position among
    /// its siblings.
    pub fn flattened(&self, flow: &FlowId) -> Vec<(usize, usize, &Execution)> {
        let mut found = Vec::new();
        self.walk(flow, 0, &mut found);
        found
    }

    fn walk<'a>(&'a self, flow: &FlowId, level: usize, found: &mut Vec<(usize, usize, &'a Execution)>) {
        if level > MAX_DEPTH {
            return;
        }
        for (index, execution) in self.executions_of(flow).enumerate() {
            found.push((level, index, execution));
            if let Some(inner) = &execution.sub_flow {
                self.walk(inner, level + 1, found);
            }
        }
    }

    /// How deep flows stand within this one; none if one stands within itself.
    pub fn depth(&self, flow: &FlowId) -> Option<usize> {
        fn of(book: &Book, flow: &FlowId, left: usize) -> Option<usize> {
            let left = left.checked_sub(1)?;
            let mut deepest = 0;
            for inner in book.executions_of(flow).filter_map(|execution| execution.sub_flow.as_ref()) {
                deepest = deepest.max(1 + of(book, inner, left)?);
            }
            Some(deepest)
        }
        of(self, flow, MAX_DEPTH + 1)
    }

    /// The configurations that only executions within these flows have.
    pub fn configs_only_in(&self, flows: &HashSet<FlowId>) -> Vec<AuthenticatorConfigId> {
        let used = |inside: bool| -> HashSet<&AuthenticatorConfigId> {
            let those = self.0.executions.iter().filter(|execution| flows.contains(&execution.flow) == inside);
            those.filter_map(|execution| execution.config.as_ref()).collect()
        };
        let outside = used(false);
        used(true).into_iter().filter(|config| !outside.contains(config)).cloned().collect()
    }

    /// The place of the next flow.
    pub fn next_place(&self) -> i32 {
        self.0.flows.iter().map(|flow| flow.place).max().map_or(0, |last| last.saturating_add(1))
    }

    /// The priority of the next execution of a flow.
    pub fn next_priority(&self, flow: &FlowId) -> i32 {
        self.executions_of(flow).map(|execution| execution.priority).max().map_or(0, |last| last.saturating_add(1))
    }

    /// Goes on only if there is room for as much more.
    pub fn require_room(&self, flows: usize, executions: usize, configs: usize) -> Result<()> {
        let too_many = |what: &str, most: usize| Err(Error::Refused(format!("A realm has at most {most} {what}")));
        if self.0.flows.len() + flows > MAX_FLOWS {
            return too_many("authentication flows", MAX_FLOWS);
        }
        if self.0.executions.len() + executions > MAX_EXECUTIONS {
            return too_many("executions", MAX_EXECUTIONS);
        }
        if self.0.configs.len() + configs > MAX_CONFIGS {
            return too_many("authenticator configurations", MAX_CONFIGS);
        }
        Ok(())
    }
}

/// Reads a realm's flows, to show them. A realm that is older than flows gets those of a new one.
pub(super) async fn read(services: &Services, realm: &Realm) -> Result<Book> {
    let found = store::authentication::all(&mut *services.store.read().await?, realm.id).await?;
    if !found.flows.is_empty() {
        return Ok(Book(found));
    }
    let mut tx = services.store.begin(realm.id).await?;
    let (_, book) = lock(services, &mut tx).await?;
    services.commit(tx).await?;
    Ok(book)
}

/// Reads a realm's flows and keeps others from changing them until the transaction ends.
pub(super) async fn lock(services: &Services, tx: &mut Tx) -> Result<(Realm, Book)> {
    let realm = store::realms::lock(tx).await?.found(What::Realm)?;
    let found = store::authentication::all(tx, realm.id).await?;
    if !found.flows.is_empty() {
        return Ok((realm, Book(found)));
    }
    insert_built_in(services, tx, &realm).await?;
    let found = store::authentication::all(tx, realm.id).await?;
    Ok((realm, Book(found)))
}

/// Keeps others from changing a realm's flows until the transaction ends, and makes those that a realm has which is older
/// than flows.
pub(crate) async fn lock_for_changes(services: &Services, tx: &mut Tx) -> Result<()> {
    lock(services, tx).await.map(|_| ())
}

/// Makes the flows and required actions of a new realm.
pub(crate) async fn insert_built_in(services: &Services, tx: &mut Tx, realm: &Realm) -> Result<()> {
    let flows = built_in::flows(realm.is_master(), 0, |_| false, &mut || services.new_id());
    store::authentication::insert(tx, &flows).await?;
    Ok(store::required_actions::insert(tx, &required_actions::built_in()).await?)
}

/// Whether a realm has no flows yet, as one that is older than they.
pub(super) async fn is_missing(conn: &mut PgConnection, realm: &Realm) -> Result<bool> {
    Ok(store::authentication::all(conn, realm.id).await?.flows.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Book {
        let mut last = 0;
        Book(built_in::flows(false, 0, |_| false, &mut || {
            last += 1;
            format!("{last:04}")
        }))
    }

    #[test]
    fn a_flow_is_flattened_in_depth() {
        let mut book = book();
        book.0.executions.sort_by_key(|execution| execution.priority);
        let browser = book.by_alias("browser").unwrap().id.clone();
        let flat: Vec<_> = book
            .flattened(&browser)
            .into_iter()
            .map(|(level, index, execution)| {
                let name = execution.sub_flow.as_ref().map(|flow| book.flow(flow).unwrap().alias.clone());
                (level, index, name.or_else(|| execution.authenticator.clone()).unwrap())
            })
            .collect();
        let expected = [
            (0, 0, "auth-cookie"),
            (0, 1, "auth-spnego"),
            (0, 2, "identity-provider-redirector"),
            (0, 3, "Organization"),
            (1, 0, "Browser - Conditional Organization"),
            (2, 0, "conditional-user-configured"),
            (2, 1, "organization"),
            (0, 4, "forms"),
            (1, 0, "auth-username-password-form"),
            (1, 1, "Browser - Conditional 2FA"),
            (2, 0, "conditional-user-configured"),
            (2, 1, "conditional-credential"),
            (2, 2, "auth-otp-form"),
            (2, 3, "webauthn-authenticator"),
            (2, 4, "auth-recovery-authn-code-form"),
        ]
        .map(|(level, index, name)| (level, index, name.to_owned()));
        assert_eq!(flat, expected);
        assert_eq!(book.depth(&browser), Some(2));
        assert_eq!(book.within(&browser).len(), 5);
    }

    #[test]
    fn a_flow_within_itself_is_seen() {
        let mut book = book();
        let (browser, forms) =
            (book.by_alias("browser").unwrap().id.clone(), book.by_alias("forms").unwrap().id.clone());
        let mut step = book.executions_of(&forms).next().unwrap().clone();
        step.id = ExecutionId("loop".to_owned());
        step.sub_flow = Some(browser.clone());
        book.0.executions.push(step);
        assert_eq!(book.depth(&browser), None);
        // and still everything ends
        assert!(book.flattened(&browser).len() > 15);
        assert_eq!(book.within(&forms).len(), 5);
    }

    #[test]
    fn a_configuration_that_is_used_elsewhere_stays() {
        let mut book = book();
        let browser = book.by_alias("browser").unwrap().id.clone();
        let within = book.within(&browser);
        let only = book.configs_only_in(&within);
        assert_eq!(only.len(), 1);
        let grant = book.by_alias("direct grant").unwrap().id.clone();
        let mut other = book.executions_of(&grant).next().unwrap().clone();
        other.config = only.first().cloned();
        book.0.executions.push(other);
        assert!(book.configs_only_in(&within).is_empty());
    }
}
