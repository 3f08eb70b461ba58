//! A realm with a registry, people with different rights, and somebody's home with the client programs.

use serde_json::{Value, json};
use tests::{
    Admin, Docker, Program, Registry, image,
    peer::{Home, Outcome},
    program::Setup,
};

pub const REALM: &str = "acme";
/// The registry's client id, which is its service name.
pub const SERVICE: &str = "registry.acme";

/// May do everything below `team/` and see the catalog.
pub const ALICE: (&str, &str) = ("alice", "alice's päss:word");
/// May pull below `team/`.
pub const BOB: (&str, &str) = ("bob", "bob has a long passphrase");
/// May pull and push in a place of its own, `home/USERNAME`, as every signed-in user.
pub const CAROL: (&str, &str) = ("carol", "carol-4711-carol");

/// Everything that a test needs. The registry is stopped first.
pub struct Fixture {
    pub registry: Registry,
    pub admin: Admin,
    pub program: Program,
    /// The id of the registry's client.
    pub client: String,
    /// The ids of alice, bob and carol.
    pub users: [String; 3],
}

impl Fixture {
    /// With the usual settings.
    pub async fn start() -> Self {
        Self::with(Setup::default(), json!({})).await
    }

    /// With this start of the program and these attributes of the registry's client.
    pub async fn with(setup: Setup, attributes: Value) -> Self {
        let program = Program::start(setup).await;
        let admin = program.admin().await;
        let (client, users) = realm(&admin, attributes).await;
        let registry = Registry::of_client(&admin, REALM, &client).await;
        Self { registry, admin, program, client, users }
    }

    /// The token endpoint.
    pub fn docker(&self) -> Docker {
        self.program.docker(REALM)
    }

    /// A home in which somebody has logged in with skopeo.
    pub async fn home_of(&self, (username, password): (&str, &str)) -> Home {
        let home = self.home();
        let _ = home.login("skopeo", &self.registry.address(), username, password).await.ok();
        home
    }

    /// A home in which nobody has logged in.
    pub fn home(&self) -> Home {
        Home::new(&self.registry.address())
    }

    /// Pushes a new small image from a home.
    pub async fn push(&self, home: &Home, name: &str) -> Outcome {
        let label = name.replace(['/', ':'], "-");
        let image = image::make(home, &label).await;
        home.run("skopeo", &["copy", "--dest-tls-verify=false", &image, &self.registry.image(name)]).await
    }

    /// Pulls an image into the folder `place` of a home.
    pub async fn pull(&self, home: &Home, name: &str, place: &str) -> Outcome {
        let place = format!("dir:{}", home.path().join(place).display());
        home.run("skopeo", &["copy", "--src-tls-verify=false", &self.registry.image(name), &place]).await
    }

    /// The newest event of the realm that `wanted` likes.
    pub async fn event(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let events = self.admin.events(REALM).await;
        events.iter().find(|event| wanted(event)).unwrap_or_else(|| panic!("no such event in {events:#?}")).clone()
    }
}

/// Makes the realm and gives the ids of the registry's client and of the users.
pub async fn realm(admin: &Admin, attributes: Value) -> (String, [String; 3]) {
    admin.create_realm(REALM).await;
    let mut users = Vec::new();
    for (username, password) in [ALICE, BOB, CAROL] {
        users.push(admin.create_user(REALM, username, password).await);
    }
    for (role, user) in [("developer", &users[0]), ("reader", &users[1])] {
        admin.create_role(REALM, role).await;
        admin.grant_role(REALM, user, role).await;
    }
    let client = admin.create_registry(REALM, SERVICE, attributes).await;
    let role = "docker-v2-role-repository-mapper";
    let everyone = "docker-v2-everyone-repository-mapper";
    for (name, kind, config) in [
        (
            "developers",
            role,
            json!({"role": "developer", "repositories": "team/**", "actions": "*", "catalog": "true"}),
        ),
        ("readers", role, json!({"role": "reader", "repositories": "team/**", "actions": "pull"})),
        ("homes", everyone, json!({"repositories": "home/${username}##home/${username}/**", "actions": "pull,push"})),
        ("public", everyone, json!({"anonymous": "true", "repositories": "public/**", "actions": "pull"})),
        ("publishers", role, json!({"role": "developer", "repositories": "public/**", "actions": "pull,push"})),
    ] {
        let _ = admin.add_mapper(REALM, &client, name, kind, config).await;
    }
    (client, users.try_into().unwrap())
}
