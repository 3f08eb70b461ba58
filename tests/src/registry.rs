//! A real registry, configured by nothing but the file that the server generates.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    admin::Admin,
    answer::{Answer, http},
    peer::is_here,
    poll::until,
    process::{Log, Process, free_port},
};

/// A running docker-registry 2.8. It is stopped when it is dropped, and its images go with it.
#[derive(Debug)]
pub struct Registry {
    process: Process,
    log: Log,
    port: u16,
    _folder: TempDir,
}

impl Registry {
    /// Starts a registry for the client with the id `client` of `realm`, from the file that the server generates.
    pub async fn of_client(admin: &Admin, realm: &str, client: &str) -> Self {
        let path = format!("/realms/{realm}/clients/{client}/installation/providers/docker-v2-registry-config-file");
        Self::start(&admin.get(&path).await.expect(200).text()).await
    }

    /// Starts a registry with a generated configuration. What its user has to do is done here, and nothing else: the
    /// certificates are fetched with the command in the file's comments, and storage, port and the place of the
    /// certificates are those of this test.
    ///
    /// # Panics
    /// If the file is not what it should be, or the registry does not start with it.
    pub async fn start(config: &str) -> Self {
        assert!(is_here("docker-registry"));
        let folder = tempfile::Builder::new().prefix("registry").tempdir().expect("a folder");
        let port = free_port();
        let bundle = folder.path().join("portcullis-ca.pem");
        fetch_bundle(config, &bundle);
        let config = adapted(config, folder.path(), &bundle, port);
        let file = folder.path().join("config.yml");
        fs::write(&file, &config).expect("a file");
        let mut command = Command::new("docker-registry");
        // The registry reads each of these as a setting of its own; podman's REGISTRY_AUTH_FILE is one of them.
        for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"REGISTRY_")) {
            command.env_remove(name);
        }
        let log = Log::default();
        let process = Process::start(command.arg("serve").arg(&file), &log);
        let mut registry = Self { process, log, port, _folder: folder };
        registry.ready(&config).await;
        registry
    }

    async fn ready(&mut self, config: &str) {
        let (client, url) = (http(), format!("http://{}/v2/", self.address()));
        let (process, log) = (&mut self.process, &self.log);
        until("the registry to be ready", 20, || {
            if let Some(status) = process.ended() {
                panic!("the registry ended ({status}) with the configuration\n{config}\n{}", log.text());
            }
            let request = client.get(&url);
            async move { Answer::try_to(request).await.ok().filter(|answer| answer.status == 401) }
        })
        .await;
    }

    /// `host:port`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The image `name` in this registry, for skopeo.
    #[must_use]
    pub fn image(&self, name: &str) -> String {
        format!("docker://{}/{name}", self.address())
    }

    /// What the registry has written.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// The process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Asks the registry for `path` below `/v2/` with a token, or without.
    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        let request = http().get(format!("http://{}/v2/{path}", self.address()));
        Answer::to(match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
        .await
    }
}

/// Runs the command of the comments, with another place for its result.
fn fetch_bundle(config: &str, bundle: &Path) {
    let command = config.lines().filter_map(|line| line.strip_prefix('#')).map(str::trim);
    let command = command.filter(|line| line.starts_with("curl ")).find(|line| line.contains("/ca.pem"));
    let command = command.unwrap_or_else(|| panic!("no comment says how to fetch the certificates:\n{config}"));
    let place = named_bundle(config);
    assert!(command.contains(&place), "the command does not fetch into {place}: {command}");
    let command = command.replace(&place, bundle.to_str().expect("a readable path"));
    let done = Command::new("sh").arg("-c").arg(&command).env("no_proxy", "*").stdin(Stdio::null()).output();
    let done = done.expect("there is a shell");
    assert!(done.status.success(), "`{command}` failed: {}", String::from_utf8_lossy(&done.stderr));
}

fn named_bundle(config: &str) -> String {
    let parsed: Value = serde_yaml_ng::from_str(config).unwrap_or_else(|error| panic!("no YAML ({error}):\n{config}"));
    parsed["auth"]["token"]["rootcertbundle"].as_str().expect("a rootcertbundle").to_owned()
}

fn adapted(config: &str, folder: &Path, bundle: &Path, port: u16) -> String {
    let parsed: Value = serde_yaml_ng::from_str(config).expect("YAML");
    let storage = parsed["storage"]["filesystem"]["rootdirectory"].as_str().expect("a rootdirectory");
    let address = parsed["http"]["addr"].as_str().expect("an address");
    let mut adapted = String::new();
    for line in config.lines() {
        let (key, _) = line.split_once(':').unwrap_or((line, ""));
        match key.trim() {
            "rootdirectory" => adapted.push_str(&line.replace(storage, &format!("{}/storage", folder.display()))),
            "addr" => adapted.push_str(&line.replace(address, &format!("127.0.0.1:{port}"))),
            "rootcertbundle" => {
                adapted.push_str(&line.replace(&named_bundle(config), bundle.to_str().expect("a readable path")));
            }
            _ => adapted.push_str(line),
        }
        adapted.push('\n');
    }
    adapted
}
