//! `import`, `export`, `plan`, `apply` and `drift`: the built program with files, as people and pipelines run it.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use services::store::Store;
use tempfile::TempDir;
use test_db::{PrepareError, TestDatabase};
use tests::{
    Program, TestServer,
    process::{Log, Process},
    program,
    template::SEALING_KEY,
};

/// A database with the master realm, and a folder with the key that opens it.
struct Stage {
    database: TestDatabase,
    folder: TempDir,
}

impl Stage {
    async fn new() -> Self {
        let stage = Self { database: TestServer::database().await, folder: tempfile::tempdir().unwrap() };
        stage.write("key", SEALING_KEY);
        fs::set_permissions(stage.path("key"), fs::Permissions::from_mode(0o600)).unwrap();
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The exit status of a command, and what it wrote.
    fn run(&self, arguments: &[&str]) -> (i32, String) {
        let key = self.path("key");
        let environment =
            [("PORTCULLIS_DATABASE_URL", self.database.url()), ("PORTCULLIS_SEALING_KEY_FILE", key.to_str().unwrap())];
        let (status, text) = Program::run(arguments, &environment);
        (status.code().unwrap_or(-1), text)
    }

    /// A command that has to succeed.
    #[track_caller]
    fn succeed(&self, arguments: &[&str]) -> String {
        let (status, text) = self.run(arguments);
        assert_eq!(status, 0, "{arguments:?}: {text}");
        text
    }

    fn export(&self, realm: &str) -> Value {
        let file = self.path("exported.json");
        self.succeed(&["export", realm, "--users", "--file", file.to_str().unwrap()]);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "it holds secrets");
        serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
    }

    async fn realms(&self) -> Vec<String> {
        let store = Store::connect(self.database.url(), 2).await.unwrap();
        let realms = services::store::realms::list(&mut store.read().await.unwrap(), None, 0, None).await.unwrap();
        store.close().await;
        realms.into_iter().map(|realm| realm.name).collect()
    }
}

/// A realm with so many users that are in files of their own.
fn folder_export(stage: &Stage, users: usize, per_file: usize) -> String {
    let folder = stage.path("export");
    fs::create_dir_all(&folder).unwrap();
    let realm = json!({
        "realm": "moved", "enabled": true, "keycloakVersion": "26.5.5",
        "groups": [{"name": "staff"}], "clients": [{"clientId": "app", "secret": "the secret", "authorizationServicesEnabled": true}],
    });
    fs::write(folder.join("moved-realm.json"), realm.to_string()).unwrap();
    for (number, first) in (0..users).step_by(per_file).enumerate() {
        let batch: Vec<_> = (first..users.min(first + per_file))
            .map(|n| json!({"id": format!("user-{n}"), "username": format!("user-{n}"), "enabled": true, "groups": ["/staff"]}))
            .collect();
        let file = json!({"realm": "moved", "users": batch});
        fs::write(folder.join(format!("moved-users-{number}.json")), file.to_string()).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_folder_of_files_is_imported_and_exported_again() {
    let stage = Stage::new().await;
    let folder = folder_export(&stage, 2_500, 1_000);
    let tried = stage.succeed(&["import", &folder, "--dry-run"]);
    assert!(tried.contains("moved: can be imported; nothing was stored"), "{tried}");
    assert_eq!(stage.realms().await, ["master"]);
    let text = stage.succeed(&["import", &folder]);
    assert!(text.contains("moved: imported (1 clients") && text.contains("2500 users)"), "{text}");
    assert!(text.contains("- clients[app].authorizationSettings: there are no authorization services"), "{text}");
    assert!(!text.contains("the secret"), "{text}");
    // A realm that is there stays, unless it is to be replaced.
    let (status, text) = stage.run(&["import", &folder]);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("the realm moved was not imported: Realm moved already exists"), "{text}");
    stage.succeed(&["import", &folder, "--overwrite"]);
    let (status, text) = stage.run(&["import", &stage.write("m.json", r#"{"realm":"master"}"#), "--overwrite"]);
    assert!(status == 1 && text.contains("The realm master can't be replaced"), "{text}");
    // Out and in again, elsewhere.
    let exported = stage.export("moved");
    assert_eq!(exported["users"].as_array().unwrap().len(), 2_500);
    let other = Stage::new().await;
    let again = other.write("again.json", &json!([exported, {"realm": "second", "enabled": true}]).to_string());
    other.succeed(&["import", &again]);
    assert_eq!(other.export("moved"), exported);
    assert_eq!(other.realms().await, ["master", "moved", "second"]);
    // Without users, and on standard output.
    let text = other.succeed(&["export", "moved", "--log-level", "off"]);
    let shown: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(shown.get("users").is_none() && shown["clients"].is_array());
    let (status, text) = other.run(&["export", "nowhere"]);
    assert!(status == 1 && text.contains("the realm nowhere can't be exported"), "{text}");
}

#[tokio::test]
async fn an_import_that_is_killed_leaves_nothing() {
    let stage = Stage::new().await;
    let folder = folder_export(&stage, 60_000, 20_000);
    let log = Log::default();
    let mut command = program::clean();
    command.args(["import", &folder]).env("PORTCULLIS_DATABASE_URL", stage.database.url());
    command.env("PORTCULLIS_SEALING_KEY_FILE", stage.path("key"));
    let mut import = Process::start(&mut command, &log);
    tests::poll::until("the first users", 60, || {
        let (told, ended) = (log.text(), import.ended());
        async move {
            assert_eq!(ended, None, "it ended: {told}");
            told.contains("moved: 10000 of 60000 users").then_some(())
        }
    })
    .await;
    import.kill9();
    assert!(!log.text().contains("moved: imported"), "it was killed too late: {}", log.text());
    assert_eq!(stage.realms().await, ["master"]);
    // The same name is free.
    stage.succeed(&["import", &stage.write("moved.json", r#"{"realm":"moved"}"#)]);
}

/// A database with the schema and nothing in it.
async fn without_realms(url: String) -> Result<(), PrepareError> {
    let store = Store::connect(&url, 2).await?;
    store.migrate().await?;
    store.close().await;
    Ok(())
}

#[tokio::test]
async fn a_master_of_keycloak_becomes_the_master_of_an_empty_database() {
    let template = tests::template::further("without realms", |url| Box::pin(without_realms(url)));
    let empty = TestDatabase::from_template(&template).await.unwrap();
    let stage = Stage { database: empty, folder: tempfile::tempdir().unwrap() };
    stage.write("key", SEALING_KEY);
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|above| above.join("shared/data/keycloak-exports/26.5.5-master-realm.json"))
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("the exports lie in shared/data/keycloak-exports"));
    let file = file.to_str().unwrap();
    stage.succeed(&["import", file]);
    stage.succeed(&["bootstrap-admin", "--bootstrap-admin-password", "a password of the first one"]);
    // What was just imported is as the file wants it, whatever was left out.
    let text = stage.succeed(&["plan", file]);
    assert!(text.contains("master: is as the file wants it"), "{text}");
    let server = TestServer::on(&stage.database).await;
    let admin = tests::Admin::login(server.url(), "admin", "a password of the first one").await;
    let _ = admin.post("/realms", Some(json!({"realm": "made", "enabled": true}))).await.made();
    let _ = admin.get("/realms/made/users").await.expect(200);
}

const WANTED: &str = r#"
realm: shop
enabled: true
displayName: Shop
attributes:
  their.own: kept
smtpServer: {host: mail.example.org, port: 25, password: mail secret}
roles:
  realm:
  - name: buyer
    composites: {client: {app: [reader]}}
  client:
    app:
    - name: reader
groups:
- name: staff
  realmRoles: [buyer]
  subGroups:
  - name: night
clients:
- clientId: app
  publicClient: false
  secret: the first secret
  serviceAccountsEnabled: true
  redirectUris: [https://app.example.org/]
  protocolMappers:
  - name: fixed
    protocol: openid-connect
    protocolMapper: oidc-hardcoded-claim-mapper
    config: {claim.name: shop, claim.value: one, jsonType.label: String}
- clientId: legacy
  protocol: saml
authenticationFlows:
- alias: ours
  providerId: basic-flow
  topLevel: true
  builtIn: false
  authenticationExecutions:
  - {authenticator: auth-cookie, requirement: ALTERNATIVE, priority: 10}
  - {authenticator: auth-username-password-form, requirement: ALTERNATIVE, priority: 20}
requiredActions:
- {alias: TERMS_AND_CONDITIONS, enabled: true}
identityProviders:
- alias: corp
  providerId: oidc
  config: {clientId: shop, clientSecret: provider secret, tokenUrl: 'https://corp.example.org/t', authorizationUrl: 'https://corp.example.org/a'}
identityProviderMappers:
- name: mail
  identityProviderAlias: corp
  identityProviderMapper: oidc-user-attribute-idp-mapper
  config: {syncMode: INHERIT, claim: mail, user.attribute: email}
localizationTexts:
  de: {greeting: Hallo}
users:
- username: Ann
  enabled: true
  realmRoles: [buyer]
  groups: [/staff/night]
  credentials: [{type: password, value: ann's password}]
"#;

#[tokio::test]
async fn configuration_is_planned_applied_and_watched() {
    let stage = Stage::new().await;
    let file = stage.write("shop.yaml", WANTED);
    // A realm that is not there.
    let text = stage.succeed(&["plan", &file]);
    assert!(text.contains("shop: is not there: it would be made"), "{text}");
    assert_eq!(stage.run(&["drift", &file]).0, 1);
    assert_eq!(stage.realms().await, ["master"]);
    let text = stage.succeed(&["apply", &file]);
    assert!(text.contains("shop: was made") && !text.contains("without its key"), "{text}");
    // Nothing differs, so nothing is changed; what can't be is said each time.
    let before = stage.export("shop");
    for command in ["apply", "plan", "drift"] {
        let text = stage.succeed(&[command, &file]);
        assert!(text.contains("shop: is as the file wants it"), "{command}: {text}");
        assert!(text.contains("! clients[legacy]: the protocol saml is not offered here"), "{text}");
    }
    assert_eq!(stage.export("shop"), before);
    // What somebody else changed is seen, and what the file does not name is left alone.
    let changed = WANTED
        .replace("displayName: Shop", "displayName: Store")
        .replace("the first secret", "another secret")
        .replace("claim.value: one", "claim.value: two")
        .replace("realmRoles: [buyer]\n  subGroups", "realmRoles: []\n  subGroups")
        .replace("serviceAccountsEnabled: true", "serviceAccountsEnabled: false")
        .replace("- username: Ann\n  enabled: true", "- username: ann\n  enabled: false")
        .replace(
            "auth-username-password-form, requirement: ALTERNATIVE",
            "auth-username-password-form, requirement: REQUIRED",
        )
        .replace("TERMS_AND_CONDITIONS, enabled: true", "TERMS_AND_CONDITIONS, enabled: false")
        .replace("provider secret", "another one of theirs")
        .replace("claim: mail", "claim: address")
        .replace("greeting: Hallo", "greeting: Moin")
        .replace("- clientId: legacy\n  protocol: saml", "- clientId: second\n  publicClient: true");
    let file = stage.write("changed.yml", &changed);
    let planned = stage.succeed(&["plan", &file]);
    for line in [
        r#"~ displayName: "Shop" → "Store""#,
        "~ clients[app].secret: (not shown) → (not shown)",
        "~ clients[app].serviceAccountsEnabled: true → false",
        r#"~ clients[app].protocolMappers[fixed].config.claim.value: "one" → "two""#,
        r#"~ groups[/staff].realmRoles: ["buyer"] → []"#,
        "~ users[ann].enabled: true → false",
        "~ identityProviders[corp].config.clientSecret: (not shown) → (not shown)",
        r#"~ identityProviderMappers[corp/mail].config.claim: "mail" → "address""#,
        "~ requiredActions[TERMS_AND_CONDITIONS].enabled: true → false",
        r#"~ localizationTexts.de.greeting: "Hallo" → "Moin""#,
        "+ clients[second]: {",
    ] {
        assert!(planned.contains(line), "{line}: {planned}");
    }
    for secret in ["the first secret", "another secret", "mail secret", "ann's password", "provider secret", "theirs"] {
        assert!(!planned.contains(secret), "{planned}");
    }
    assert_eq!(stage.run(&["drift", &file]).0, 1);
    assert_eq!(stage.export("shop"), before, "a plan changes nothing");
    let applied = stage.succeed(&["apply", &file]);
    assert!(applied.contains("shop: was changed in"), "{applied}");
    assert_eq!(stage.run(&["drift", &file]).0, 0, "{:?}", stage.run(&["drift", &file]));
    let after = stage.export("shop");
    assert_ne!(after, before);
    assert!(stage.succeed(&["apply", &file]).contains("is as the file wants it"));
    assert_eq!(stage.export("shop"), after);
    let find = |list: &str, name: &str, value: &str| {
        after[list].as_array().unwrap().iter().find(|one| one[name] == value).cloned()
    };
    assert_eq!(find("clients", "clientId", "app").unwrap()["secret"], "another secret");
    assert!(find("clients", "clientId", "account").is_some(), "what the file does not name stays");
    assert!(find("users", "username", "service-account-app").is_none(), "the account went with its switch");
    assert_eq!(after["attributes"]["their.own"], "kept");
    assert_eq!(after["smtpServer"]["password"], "mail secret");
    // Files that are wrong are errors, told from differences.
    let wrong = stage.write("wrong.yaml", "realm: shop\nnonsense: 1\n");
    let (status, text) = stage.run(&["drift", &wrong]);
    assert!(status == 2 && text.contains("Unrecognized field \"nonsense\""), "{status}: {text}");
}
