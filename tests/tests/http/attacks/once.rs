//! What is good once is good once, however many ask at the same moment at however many nodes.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;
use tests::verifier::forge::KeyPair;

use super::{
    assertions,
    stage::{App, Browser, Site, answered, location},
};
use crate::http::support::World;

/// How many ask at once.
const ASKING: usize = 100;

/// Something that is good once.
#[derive(Clone, Debug)]
pub enum Once {
    Code(String),
    OfflineCode(String),
    Refresh(String),
    Offline(String),
    RequestUri(String),
    DeviceCode(String),
    Assertion(String),
}

/// One of each. A client called `signing` has to be there, which signs with the key.
pub async fn make(site: &Site, app: &App, key: &KeyPair, browser: &Browser, now: i64) -> Vec<Once> {
    let code = site.code(browser, app, &[]).await;
    let offline_code = site.code(browser, app, &[("scope", "openid offline_access")]).await;
    let refresh = site.tokens(browser, app, "openid").await.refresh();
    let offline = site.tokens(browser, app, "openid offline_access").await.refresh();
    let uri = site.push(app, &[]).await;
    let (device_code, user_code) = site.device(app, "openid").await;
    let end = site.approve(browser, &user_code).await;
    assert!(location(&end).ends_with("approved"), "{}", location(&end));
    let claims = assertions::claims(site, "signing", now);
    let assertion = key.token(&json!({"alg": "RS256", "kid": "k"}), &claims);
    vec![
        Once::Code(code),
        Once::OfflineCode(offline_code),
        Once::Refresh(refresh),
        Once::Offline(offline),
        Once::RequestUri(uri),
        Once::DeviceCode(device_code),
        Once::Assertion(assertion),
    ]
}

/// Uses a thing. Whether it was good.
pub async fn is_good(site: &Site, app: &App, browser: &Browser, once: &Once) -> bool {
    let status = match once {
        Once::Code(code) | Once::OfflineCode(code) => site.redeem(app, code).await.status,
        Once::Refresh(token) | Once::Offline(token) => site.refresh(app, token).await.status,
        Once::DeviceCode(code) => site.poll(app, code).await.status,
        Once::Assertion(assertion) => assertions::present(site, assertion).await.status,
        Once::RequestUri(uri) => {
            let query = [("client_id", app.client_id.as_str()), ("request_uri", uri)];
            let reply = site.authorize(browser, &query).await;
            assert!(reply.status < 500, "{}", reply.text());
            return answered(&reply).contains_key("code");
        }
    };
    assert!([200, 400, 401].contains(&status), "{once:?}: {status}");
    status == 200
}

#[tokio::test]
async fn what_is_good_once_is_good_once_at_one_node_and_at_two() {
    let (world, site) = World::with_alice().await;
    let app = world.app("app", json!({})).await;
    let key = KeyPair::rsa();
    assertions::signing(&world, "signing", &key).await;
    let second = world.server.second_node().await;
    let browser = Browser::default();
    let mut good: BTreeMap<String, usize> = BTreeMap::new();
    for nodes in [vec![site.clone()], vec![site.clone(), site.at(second.url())]] {
        for kind in 0..7 {
            // a session for each: using a code again ends what its client has in the session
            let browser = Browser::default();
            let once = make(&site, &app, &key, &browser, world.now()).await.swap_remove(kind);
            let uses = (0..ASKING).map(|number| is_good(&nodes[number % nodes.len()], &app, &browser, &once));
            let successes = join_all(uses).await.into_iter().filter(|good| *good).count();
            let name = format!("{once:?}").split('(').next().unwrap().to_owned();
            good.insert(format!("{name} at {} nodes", nodes.len()), successes);
            // and afterwards nowhere
            for node in &nodes {
                assert!(!is_good(node, &app, &browser, &once).await, "{once:?} afterwards");
            }
        }
    }
    assert_eq!(good.len(), 14);
    assert!(good.values().all(|successes| *successes == 1), "successes of {ASKING} uses: {good:#?}");
    // a node more changes nothing about what was given out and not used
    let code = site.code(&browser, &app, &[]).await;
    site.at(second.url()).redeem(&app, &code).await.expect(200);
}
