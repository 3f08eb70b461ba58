//! Chains of allowed calls, searched at random: none leads to a right that the caller did not begin with (attack 49 of the
//! project's list).
//!
//! An administrator with a few permissions does anything that the Admin API offers for handing rights on, in any order. Then
//! every account that they could log in with is asked what it may do.

use std::collections::BTreeSet;

use model::permission::Permission;
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use reqwest::Method;
use serde_json::{Value, json};

use crate::http::support::{Api, REALM, World, field, r, send};

const CHAINS: u64 = 12;
const STEPS: usize = 90;
/// With what chains begin: what a help desk, an application owner and a realm's maintainer would have.
const BEGINNINGS: [&[Permission]; 6] = [
    &[Permission::ManageUsers],
    &[Permission::ManageClients],
    &[Permission::ManageRealm],
    &[Permission::ManageUsers, Permission::ManageClients],
    &[Permission::ManageRealm, Permission::ManageClients, Permission::ManageIdentityProviders],
    &[Permission::ManageUsers, Permission::ManageRealm, Permission::Impersonation],
];

/// A chain under way.
struct Chain<'a> {
    world: &'a World,
    api: Api,
    /// The administrator's own account.
    own: String,
    random: StdRng,
    management: String,
    /// Ids of roles, by what they are part of.
    roles: Vec<Value>,
    users: Vec<String>,
    groups: Vec<String>,
    clients: Vec<String>,
    number: usize,
    /// What was done, to be read when it led somewhere.
    done: Vec<String>,
}

impl Chain<'_> {
    fn one(&mut self, of: fn(&Self) -> &Vec<String>) -> String {
        let things = of(self).clone();
        things.choose(&mut self.random).cloned().unwrap_or_default()
    }

    fn role(&mut self) -> Value {
        self.roles.choose(&mut self.random).cloned().unwrap()
    }

    fn name(&mut self) -> String {
        self.number += 1;
        format!("made-{}-{}", self.own.get(..8).unwrap_or_default(), self.number)
    }

    async fn call(&mut self, method: Method, path: &str, body: Value) -> Option<String> {
        let reply = send(self.api.request(method.clone(), &r(path)).json(&body)).await;
        assert!(reply.status < 500, "{method} {path} {body}: {}", reply.text());
        if reply.status < 300 {
            self.done.push(format!("{method} {path} {body}"));
        }
        (reply.status == 201)
            .then(|| reply.header("location").unwrap_or_default().rsplit('/').next().unwrap().to_owned())
    }

    /// The path of a role mapping of a holder for a role.
    fn mapping(&self, holder: &str, role: &Value) -> String {
        match role["clientRole"].as_bool() {
            Some(true) => format!("/{holder}/role-mappings/clients/{}", role["containerId"].as_str().unwrap()),
            _ => format!("/{holder}/role-mappings/realm"),
        }
    }

    async fn step(&mut self) {
        let (user, group, client) = (self.one(|s| &s.users), self.one(|s| &s.groups), self.one(|s| &s.clients));
        let role = self.role();
        let other = self.role();
        let name = self.name();
        let (post, put, delete) = (Method::POST, Method::PUT, Method::DELETE);
        match self.random.random_range(0..24) {
            0 => drop(self.call(post, &self.mapping(&format!("users/{user}"), &role), json!([role])).await),
            1 => drop(self.call(post, &self.mapping(&format!("groups/{group}"), &role), json!([role])).await),
            2 => drop(self.call(delete, &self.mapping(&format!("users/{user}"), &role), json!([role])).await),
            3 => drop(self.call(put, &format!("/users/{user}/groups/{group}"), json!({})).await),
            4 => drop(self.call(put, &format!("/groups/{group}/members/{user}"), json!({})).await),
            5 => {
                let below = self.one(|s| &s.groups);
                self.call(post, &format!("/groups/{group}/children"), json!({"id": below, "name": below})).await;
            }
            6 => {
                let made = self.call(post, "/groups", json!({"name": name})).await;
                self.groups.extend(made);
            }
            7 => {
                let user = json!({
                    "username": name, "enabled": true, "groups": ["/admins"], "realmRoles": ["powerful"],
                    "clientRoles": {"realm-management": ["realm-admin"]},
                });
                let made = self.call(post, "/users", user).await;
                self.users.extend(made);
            }
            8 => {
                let made = self.call(post, "/users", json!({"username": name, "enabled": true})).await;
                self.users.extend(made);
            }
            9 => {
                let password = json!({"type": "password", "value": "taken", "temporary": false});
                self.call(put, &format!("/users/{user}/reset-password"), password).await;
            }
            10 => {
                let id = role["id"].as_str().unwrap().to_owned();
                self.call(post, &format!("/roles-by-id/{id}/composites"), json!([other])).await;
            }
            11 => {
                let id = role["id"].as_str().unwrap().to_owned();
                self.call(put, &format!("/roles-by-id/{id}"), json!({"name": other["name"]})).await;
            }
            12 => {
                self.call(
                    post,
                    "/roles",
                    json!({"name": name, "composite": true, "composites": {
                    "realm": ["powerful"], "client": {"realm-management": ["realm-admin"]}}}),
                )
                .await;
            }
            13 => {
                if self.call(post, "/roles", json!({"name": name})).await.is_some()
                    && let Ok(role) = read(&self.world.admin, &format!("/roles/{name}")).await
                {
                    self.roles.push(role);
                }
            }
            14 => drop(self.call(put, &format!("/default-groups/{group}"), json!({})).await),
            15 => {
                let default = format!("/roles/default-roles-{REALM}/composites");
                self.call(post, &default, json!([role])).await;
            }
            16 => {
                let client = json!({
                    "clientId": name, "serviceAccountsEnabled": true, "publicClient": false, "secret": "known",
                    "fullScopeAllowed": true, "directAccessGrantsEnabled": true,
                });
                let made = self.call(post, "/clients", client).await;
                self.clients.extend(made);
            }
            17 => drop(
                self.call(
                    put,
                    &format!("/clients/{client}"),
                    json!({"secret": "known", "serviceAccountsEnabled": true}),
                )
                .await,
            ),
            18 => drop(self.call(post, &format!("/clients/{client}/client-secret"), json!({})).await),
            19 => {
                let (own, management) = (self.own.clone(), self.management.clone());
                let path = format!("/users/{own}/role-mappings/clients/{management}");
                self.call(post, &path, json!([role])).await;
            }
            20 => {
                let mapper = json!({
                    "name": name, "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-role-mapper",
                    "config": {"role": "realm-management.realm-admin"},
                });
                self.call(post, &format!("/clients/{client}/protocol-mappers/models"), mapper).await;
            }
            21 => {
                let path = match role["clientRole"].as_bool() {
                    Some(true) => {
                        format!("/clients/{client}/scope-mappings/clients/{}", role["containerId"].as_str().unwrap())
                    }
                    _ => format!("/clients/{client}/scope-mappings/realm"),
                };
                self.call(post, &path, json!([role])).await;
            }
            22 => {
                let everything = json!({
                    "ifResourceExists": "OVERWRITE",
                    "users": [{"username": name, "enabled": true, "clientRoles": {"realm-management": ["realm-admin"]}}],
                    "groups": [{"name": name, "clientRoles": {"realm-management": ["manage-realm"]}}],
                    "roles": {"realm": [{"name": name, "composite": true, "composites": {"realm": ["powerful"]}}]},
                });
                self.call(post, "/partialImport", everything).await;
            }
            _ => drop(self.call(put, &format!("/users/{user}"), json!({"email": format!("{name}@example.org")})).await),
        }
    }
}

async fn read(api: &Api, path: &str) -> Result<Value, u16> {
    let reply = api.get(&r(path)).await;
    if reply.status == 200 { Ok(reply.json()) } else { Err(reply.status) }
}

/// What an account may do.
async fn held(world: &World, management: &str, user: &str) -> BTreeSet<String> {
    let path = r(&format!("/users/{user}/role-mappings/clients/{management}/composite"));
    let roles = world.admin.read(&path).await;
    // A name is only a name: the permission hangs on the role, so those of the beginning are compared by id.
    field(&roles, "id").into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn no_chain_of_calls_leads_to_a_right_that_was_not_there() {
    let world = World::start().await;
    let management = world.client_id(REALM, "realm-management").await;
    let boss = world.user("boss", "pw").await;
    world.grant_admin(REALM, &boss, "realm-admin").await;
    world.role("powerful").await;
    let admin_role = world.admin.read(&r(&format!("/clients/{management}/roles/realm-admin"))).await;
    world.admin.post(&r("/roles/powerful/composites"), json!([admin_role])).await.expect(204);
    let admins = world.group("/admins").await;
    let path = r(&format!("/groups/{admins}/role-mappings/clients/{management}"));
    world.admin.post(&path, json!([admin_role])).await.expect(204);
    let robot =
        json!({"clientId": "robot", "serviceAccountsEnabled": true, "publicClient": false, "secret": "unknown"});
    let robot = world.admin.post(&r("/clients"), robot).await.created();
    let account = world.admin.read(&r(&format!("/clients/{robot}/service-account-user"))).await;
    world.grant_admin(REALM, account["id"].as_str().unwrap(), "realm-admin").await;

    let mut done = 0;
    for seed in 0..CHAINS {
        let mut random = StdRng::seed_from_u64(seed);
        let beginning = *BEGINNINGS.choose(&mut random).unwrap();
        let name = format!("chain-{seed}");
        let own = world.user(&name, "pw").await;
        for permission in beginning {
            world.grant_admin(REALM, &own, permission.as_str()).await;
        }
        let before = held(&world, &management, &own).await;
        let mut roles = Vec::new();
        for path in [format!("/clients/{management}/roles"), "/roles".to_owned()] {
            roles.extend(read(&world.admin, &path).await.unwrap().as_array().unwrap().iter().cloned());
        }
        let api = world.api(REALM, &name, "pw").await;
        let users = vec![own.clone(), boss.clone(), account["id"].as_str().unwrap().to_owned()];
        let (groups, clients) = (vec![admins.clone()], vec![robot.clone(), management.clone()]);
        let mut chain = Chain {
            world: &world,
            api,
            own,
            random,
            management: management.clone(),
            roles,
            users,
            groups,
            clients,
            number: 0,
            done: Vec::new(),
        };
        for _ in 0..STEPS {
            chain.step().await;
        }
        done += chain.done.len();
        // The administrator's own account, those that they made, and those whose password or secret they set.
        let mut reachable: Vec<_> = chain
            .users
            .iter()
            .filter(|user| **user != boss && Some(user.as_str()) != account["id"].as_str())
            .cloned()
            .collect();
        for client in chain.clients.iter().filter(|client| **client != robot && **client != management) {
            if let Ok(account) = read(&world.admin, &format!("/clients/{client}/service-account-user")).await {
                reachable.push(account["id"].as_str().unwrap().to_owned());
            }
        }
        for user in reachable {
            let now = held(&world, &management, &user).await;
            assert!(now.is_subset(&before), "seed {seed}, {beginning:?}: {user} got more by {:#?}", chain.done);
        }
        // The accounts of the others are theirs still.
        assert_eq!(world.password_grant(REALM, "boss", "pw").await.status, 200, "seed {seed}: {:#?}", chain.done);
        let form = [("grant_type", "client_credentials"), ("client_id", "robot"), ("client_secret", "unknown")];
        assert_eq!(world.token(REALM, &form).await.status, 200, "seed {seed}: {:#?}", chain.done);
    }
    assert!(done > 100, "only {done} calls of all chains were allowed: nothing was searched");
}
