//! Debian's Apache with its module `mod_auth_openidc`: a web server that lets only signed-in users see a part of it.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    process::Command,
};

use tempfile::TempDir;

use crate::{
    answer::{Answer, http},
    peer::is_here,
    poll::until,
    process::{Log, Process, free_port},
};

const CONFIG: &str = include_str!("../../relying-parties/apache/httpd.conf");
const MODULES: &str = "/usr/lib/apache2/modules";

/// A running Apache. It is stopped when it is dropped.
#[derive(Debug)]
pub struct Apache {
    process: Process,
    log: Log,
    port: u16,
    _folder: TempDir,
}

impl Apache {
    /// A port to be used with [`Self::start`], so that the client's redirect URI can be registered before.
    #[must_use]
    pub fn port() -> u16 {
        free_port()
    }

    /// Starts it as a client of this issuer and waits until it answers.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(port: u16, issuer: &str, client_id: &str, client_secret: &str) -> Self {
        assert!(is_here("apache2"));
        // Open to others, because Apache's children do not run as root and have to get through.
        let permissions = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().prefix("apache").permissions(permissions).tempdir().expect("a folder");
        let root = folder.path().to_str().expect("a readable path");
        for (name, text) in [("htdocs/protected", "For members only."), ("htdocs/goodbye", "You have left.")] {
            let place = folder.path().join(name);
            fs::create_dir_all(&place).expect("a folder");
            fs::write(place.join("index.html"), format!("<!doctype html><title>Apache</title>{text}")).expect("a file");
        }
        let port_text = port.to_string();
        let config = [
            ("folder", root),
            ("port", &port_text),
            ("user", user(&folder)),
            ("modules", MODULES),
            ("log-level", "info"),
            ("issuer", issuer),
            ("client-id", client_id),
            ("client-secret", client_secret),
            ("passphrase", "only for this test"),
        ]
        .into_iter()
        .fold(CONFIG.to_owned(), |config, (word, value)| {
            config.replace(&format!("{{{{{word}}}}}"), &quoted(word, value))
        });
        let file = folder.path().join("httpd.conf");
        fs::write(&file, config).expect("a file");
        let log = Log::default();
        let mut command = Command::new("apache2");
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").args(["-D", "FOREGROUND", "-f"]).arg(&file);
        let process = Process::start(&mut command, &log);
        let mut apache = Self { process, log, port, _folder: folder };
        apache.ready().await;
        apache
    }

    async fn ready(&mut self) {
        let (client, url) = (http(), self.url("/goodbye/"));
        let (process, log) = (&mut self.process, &self.log);
        until("Apache to be ready", 20, || {
            if let Some(status) = process.ended() {
                panic!("Apache ended ({status}):\n{}", log.text());
            }
            let request = client.get(&url);
            async move { Answer::try_to(request).await.ok().filter(|answer| answer.status == 200) }
        })
        .await;
    }

    /// The address of `path`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it has written.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }
}

/// Root may not be the user of Apache's children, and nobody else may choose one.
fn user(folder: &TempDir) -> &'static str {
    let is_root = fs::metadata(folder.path()).is_ok_and(|folder| folder.uid() == 0);
    if is_root { "User www-data\nGroup www-data" } else { "" }
}

/// Values that may hold blanks, as one word of the configuration.
fn quoted(word: &str, value: &str) -> String {
    if matches!(word, "client-id" | "client-secret" | "passphrase") { format!("\"{value}\"") } else { value.to_owned() }
}
