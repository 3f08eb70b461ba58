//! What is disabled opens nothing any more, on no way, until an administrator enables it again.

use std::time::Duration;

use serde_json::{Value, json};

use super::disabled_doors::{DOORS, Doors};
use crate::http::support::{REALM, REGISTRY, r};

/// Something to disable, the doors that close by that, and those that stay closed to what was given out before when it
/// is enabled again.
struct Case {
    thing: &'static str,
    closed: &'static [&'static str],
    lost: &'static [&'static str],
}

/// What hangs on alice.
const OF_ALICE: &[&str] = &[
    "userinfo",
    "introspection",
    "exchange",
    "admin",
    "docker password",
    "docker identity",
    "single sign-on",
    "login",
    "password",
    "device",
    "code",
    "refresh",
    "offline",
];
/// What of it ends for good when she is disabled: everything that came of a login.
const ENDED: &[&str] = &[
    "userinfo",
    "introspection",
    "exchange",
    "admin",
    "docker identity",
    "single sign-on",
    "device",
    "code",
    "refresh",
    "offline",
];
/// What hangs on the application.
const OF_APP: &[&str] = &[
    "userinfo",
    "introspection",
    "service token",
    "exchange",
    "admin",
    "single sign-on",
    "login",
    "push",
    "device begins",
    "client credentials",
    "password",
    "device",
    "code",
    "refresh",
    "offline",
];

const CASES: [Case; 10] = [
    Case { thing: "user", closed: OF_ALICE, lost: ENDED },
    Case { thing: "client", closed: OF_APP, lost: &[] },
    Case { thing: "registry", closed: &["docker password", "docker identity"], lost: &[] },
    Case { thing: "realm", closed: &DOORS, lost: &[] },
    Case {
        thing: "signing key",
        closed: &["userinfo", "introspection", "service token", "exchange", "admin"],
        lost: &[],
    },
    Case { thing: "secret key", closed: &["refresh", "offline", "registration"], lost: &[] },
    Case { thing: "role of an administrator", closed: &["admin"], lost: &[] },
    Case { thing: "role for registries", closed: &["docker password", "docker identity"], lost: &[] },
    Case { thing: "service account", closed: &["service token", "client credentials"], lost: &[] },
    Case {
        thing: "session",
        closed: &["userinfo", "introspection", "exchange", "admin", "single sign-on", "device", "code", "refresh"],
        lost: &["userinfo", "introspection", "exchange", "admin", "single sign-on", "device", "code", "refresh"],
    },
];

/// Disables or enables a thing, as an administrator does.
async fn switch(doors: &Doors, alice: &str, thing: &str, enabled: bool) {
    let admin = &doors.world.admin;
    let body = json!({ "enabled": enabled });
    match thing {
        "user" => drop(admin.put(&r(&format!("/users/{alice}")), body).await.expect(204)),
        "client" => drop(admin.put(&r(&format!("/clients/{}", doors.app.id)), body).await.expect(204)),
        "registry" => {
            let id = doors.world.client_id(REALM, REGISTRY).await;
            admin.put(&r(&format!("/clients/{id}")), body).await.expect(204);
        }
        "realm" => drop(admin.put(&r(""), body).await.expect(204)),
        "signing key" | "secret key" => {
            let provider = if thing == "signing key" { "rsa-generated" } else { "hmac-generated" };
            let components = admin.read(&r("/components?type=org.keycloak.keys.KeyProvider")).await;
            for component in components.as_array().unwrap().iter().filter(|found| found["providerId"] == provider) {
                let mut component: Value = component.clone();
                component["config"]["enabled"] = json!([enabled.to_string()]);
                let path = r(&format!("/components/{}", component["id"].as_str().unwrap()));
                admin.put(&path, component).await.expect(204);
            }
        }
        "role of an administrator" => {
            let client = doors.world.client_id(REALM, "realm-management").await;
            let role = admin.read(&r(&format!("/clients/{client}/roles/view-users"))).await;
            let path = r(&format!("/users/{alice}/role-mappings/clients/{client}"));
            match enabled {
                true => admin.post(&path, json!([role])).await.expect(204),
                false => admin.delete_with(&path, json!([role])).await.expect(204),
            };
        }
        "role for registries" => match enabled {
            true => doors.world.grant(alice, "pullers").await,
            false => doors.world.revoke(alice, "pullers").await,
        },
        "service account" => {
            let account = admin.read(&r(&format!("/clients/{}/service-account-user", doors.app.id))).await;
            let path = r(&format!("/users/{}", account["id"].as_str().unwrap()));
            admin.put(&path, body).await.expect(204);
        }
        "session" if !enabled => {
            let sessions = admin.read(&r(&format!("/users/{alice}/sessions"))).await;
            for session in sessions.as_array().unwrap() {
                admin.delete(&r(&format!("/sessions/{}", session["id"].as_str().unwrap()))).await.expect(204);
            }
        }
        // nobody brings a session back
        "session" => {}
        other => panic!("an unknown thing: {other}"),
    }
}

fn without(doors: &[&str]) -> Vec<&'static str> {
    DOORS.into_iter().filter(|door| !doors.contains(door)).collect()
}

#[tokio::test]
async fn attack_47_what_is_disabled_cve_2025_14559() {
    let (mut doors, alice) = Doors::stand().await;
    let mut wrong = Vec::new();
    let mut compare = |what: String, open: Vec<&'static str>, wanted: Vec<&'static str>| {
        if open != wanted {
            let more: Vec<_> = open.iter().filter(|door| !wanted.contains(door)).collect();
            let less: Vec<_> = wanted.iter().filter(|door| !open.contains(door)).collect();
            wrong.push(format!("{what}: open but should be closed {more:?}, closed but should be open {less:?}"));
        }
    };
    let held = doors.take().await;
    compare("at first".to_owned(), doors.open(&held).await, DOORS.to_vec());
    for Case { thing, closed, lost } in CASES {
        let (now, later) = (doors.take().await, doors.take().await);
        switch(&doors, &alice, thing, false).await;
        compare(format!("{thing} disabled"), doors.open(&now).await, without(closed));
        // time alone enables nothing, and neither does a try
        if closed.contains(&"login") {
            doors.world.advance(Duration::from_secs(20)).await;
            let open: Vec<_> = doors.open(&now).await.into_iter().filter(|door| closed.contains(door)).collect();
            compare(format!("{thing} disabled for a while"), open, vec![]);
        }
        switch(&doors, &alice, thing, true).await;
        compare(format!("{thing} enabled, what was given out before"), doors.open(&later).await, without(lost));
        let fresh = doors.take().await;
        compare(format!("{thing} enabled, what is given out now"), doors.open(&fresh).await, DOORS.to_vec());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
