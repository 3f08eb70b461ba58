//! The nodes of an application that runs several times: they announce themselves, and are told what an administrator
//! decided. Only libraries that speak Keycloak's adapter protocol take that: the tokens of a client whose `notBefore`
//! was raised are refused here whether it was told or not.

use futures_util::{StreamExt, stream};
use jose::SignatureAlgorithm;
use model::{
    client::{Client, ClientSettings},
    event::Operation,
    id::ClientId,
    realm::Realm,
};
use serde_json::{Map, Value, json};

use super::{MANAGE, VIEW, change};
use crate::{
    Caller, Error, Result, Services, What,
    admin_events::{self, Resource},
    client_keys::address_policy,
    error::Found,
    keys,
};

/// The most nodes of a client, and the longest name of one, in bytes.
const MOST: usize = 100;
const MAX_NAME: usize = 255;
/// What stands for a node's name in a client's `adminUrl`; Keycloak's.
const PLACEHOLDER: &str = "${application.session.host}";
/// How long a node may take an order for its own, seconds.
const GOOD_FOR: i64 = 30;
/// How many nodes are told at a time.
const AT_ONCE: usize = 8;

/// Checks the nodes of a client.
pub(super) fn check(settings: &ClientSettings) -> Result<()> {
    let nodes = &settings.registered_nodes;
    if nodes.len() > MOST {
        return Err(Error::invalid("registeredNodes", format!("at most {MOST} nodes are possible")));
    }
    match nodes.keys().find(|node| node.is_empty() || node.len() > MAX_NAME || !node.bytes().all(is_of_a_host)) {
        Some(_) => Err(Error::invalid("registeredNodes", "a node is named by a host, and a port if need be")),
        None => Ok(()),
    }
}

/// Whether a byte may be in a host and its port. A node's name becomes a part of an address.
fn is_of_a_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte)
}

/// Notes a node of a client, as if it had announced itself.
///
/// # Errors
/// `NotFound`, `Invalid`, or `Forbidden` without `manage-clients`.
pub async fn register(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId, node: String) -> Result<()> {
    let now = services.now().unix_timestamp();
    changed(services, caller, realm, id, Operation::Create, &node.clone(), |settings| {
        settings.registered_nodes.insert(node, now);
        check(settings)
    })
    .await
}

/// Forgets a node of a client.
///
/// # Errors
/// `NotFound`, or `Forbidden` without `manage-clients`.
pub async fn unregister(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId, node: &str) -> Result<()> {
    changed(services, caller, realm, id, Operation::Delete, node, |settings| {
        settings.registered_nodes.remove(node).found(What::Node).map(|_| ())
    })
    .await
}

async fn changed(
    services: &Services,
    caller: &Caller,
    realm: &Realm,
    id: &ClientId,
    operation: Operation,
    node: &str,
    change: impl FnOnce(&mut ClientSettings) -> Result<()>,
) -> Result<()> {
    caller.require(MANAGE)?;
    let mut tx = services.configure(realm).await?;
    let mut client = store::clients::lock(&mut tx, id).await?.found(What::Client)?;
    change(&mut client.settings)?;
    let names = change::further_names(services, &client);
    store::clients::update(&mut tx, &client, &names).await?;
    let path = format!("clients/{id}/nodes/{node}");
    let resource = Resource { kind: "CLUSTER_NODE", path: &path };
    admin_events::record::<()>(services, &mut tx, caller, realm, operation, resource, None).await?;
    services.commit(tx).await
}

/// What nodes are told or asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Tokens from before the client's `notBefore` are good no more.
    PushNotBefore,
    /// Whether they are there.
    TestAvailable,
}

impl Order {
    fn action(self) -> &'static str {
        match self {
            Self::PushNotBefore => "PUSH_NOT_BEFORE",
            Self::TestAvailable => "TEST_AVAILABLE",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::PushNotBefore => "k_push_not_before",
            Self::TestAvailable => "k_test_available",
        }
    }
}

/// Which addresses took an order, and which did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Those that did.
    pub succeeded: Vec<String>,
    /// Those that did not.
    pub failed: Vec<String>,
}

/// The addresses of a client's nodes. Without an `adminUrl` it has none; with one that names no node's place it has one.
fn addresses(client: &Client) -> Vec<String> {
    let settings = &client.settings;
    let Some(url) = settings.admin_url.as_deref().filter(|url| !url.is_empty()) else { return Vec::new() };
    let absolute = match (url.starts_with('/'), settings.root_url.as_deref()) {
        (true, Some(root)) => format!("{}{url}", root.trim_end_matches('/')),
        _ => url.to_owned(),
    };
    match absolute.contains(PLACEHOLDER) {
        true => settings.registered_nodes.keys().map(|node| absolute.replace(PLACEHOLDER, node)).collect(),
        false => vec![absolute],
    }
}

/// Gives the nodes of a client an order.
///
/// # Errors
/// `NotFound`, `Forbidden` without `manage-clients` (or, to ask only, `view-clients`), or if nothing can be signed.
pub async fn tell(services: &Services, caller: &Caller, realm: &Realm, id: &ClientId, order: Order) -> Result<Told> {
    caller.require(if order == Order::TestAvailable { VIEW } else { MANAGE })?;
    let client = store::clients::find(&mut *services.store.read().await?, realm.id, id).await?.found(What::Client)?;
    let addresses = addresses(&client);
    if addresses.is_empty() || !client.enabled {
        return Ok(Told::default());
    }
    let keys = keys::with_active(services, realm, SignatureAlgorithm::Rs256).await?;
    let key = keys.active(SignatureAlgorithm::Rs256).ok_or(Error::Jose(jose::Error::UnknownKey))?;
    let policy = address_policy(realm);
    let calls = addresses.into_iter().map(|address| {
        let (services, policy) = (services.clone(), policy.clone());
        let signed = key.sign(&order_of(&services, &client, order));
        async move {
            let url = format!("{}/{}", address.trim_end_matches('/'), order.path());
            let answer = services.outgoing.post_text(&url, &policy, signed?).await;
            if let Err(refused) = &answer {
                tracing::info!(address, %refused, "a node of a client was not told");
            }
            Ok::<_, Error>((address, matches!(answer, Ok(200..=299))))
        }
    });
    let mut told = Told::default();
    let mut calls = stream::iter(calls).buffer_unordered(AT_ONCE);
    while let Some(outcome) = calls.next().await {
        let (address, took): (String, bool) = outcome?;
        if took { told.succeeded.push(address) } else { told.failed.push(address) }
    }
    drop(calls);
    if order == Order::PushNotBefore {
        let mut tx = services.store.begin(realm.id).await?;
        let path = format!("clients/{id}/push-revocation");
        let resource = Resource { kind: "CLIENT", path: &path };
        admin_events::record::<()>(services, &mut tx, caller, realm, Operation::Action, resource, None).await?;
        services.commit(tx).await?;
    }
    Ok(told)
}

/// The claims of an order, with Keycloak's names.
fn order_of(services: &Services, client: &Client, order: Order) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("id", json!(services.new_id()));
    put("expiration", json!(services.now().unix_timestamp() + GOOD_FOR));
    put("resource", json!(client.client_id));
    put("action", json!(order.action()));
    if order == Order::PushNotBefore {
        put("notBefore", json!(client.settings.not_before));
    }
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(admin_url: Option<&str>, nodes: &[&str]) -> Client {
        Client {
            id: ClientId("id".into()),
            client_id: "app".into(),
            protocol: "openid-connect".into(),
            enabled: true,
            settings: ClientSettings {
                admin_url: admin_url.map(str::to_owned),
                root_url: Some("https://app.example/".into()),
                registered_nodes: nodes.iter().map(|node| ((*node).to_owned(), 1)).collect(),
                ..ClientSettings::default()
            },
            attributes: model::Attributes::new(),
            default_scopes: Vec::new(),
            optional_scopes: Vec::new(),
        }
    }

    #[test]
    fn a_client_has_the_addresses_of_its_nodes() {
        let of = |url, nodes: &[&str]| addresses(&client(url, nodes));
        assert_eq!(of(None, &["a"]), [""; 0]);
        assert_eq!(of(Some(""), &["a"]), [""; 0]);
        assert_eq!(of(Some("/k"), &["a"]), ["https://app.example/k"]);
        assert_eq!(of(Some("https://x.example/"), &["a", "b"]), ["https://x.example/"]);
        assert_eq!(of(Some("https://${application.session.host}/k"), &["a:8", "b"]), ["https://a:8/k", "https://b/k"]);
    }

    #[test]
    fn a_node_is_a_host() {
        for node in ["localhost", "10.0.0.1:8080", "[::1]:8080", "node-1.example.org"] {
            assert!(check(&client(None, &[node]).settings).is_ok(), "{node}");
        }
        for node in ["", "a/b", "a@b", "a b", "a#", "${x}", "é", &"a".repeat(256)] {
            assert!(check(&client(None, &[node]).settings).is_err(), "{node}");
        }
    }
}
