//! The table of all options: one name each, used as flag, environment variable and key of the configuration file.

/// The prefix of environment variables.
pub const PREFIX: &str = "PORTCULLIS_";
/// The option that names the configuration file; it can't stand in the file itself.
pub const CONFIG: &str = "config";
/// The environment variable that names the configuration file.
pub const CONFIG_FILE_VARIABLE: &str = "PORTCULLIS_CONFIG_FILE";

/// One option.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The flag without dashes, and the key in the file.
    pub name: &'static str,
    /// What stands for the value in help.
    pub value: &'static str,
    /// What it does, for help.
    pub help: &'static str,
    /// The heading in help.
    pub heading: &'static str,
    /// Its value may never be shown.
    pub secret: bool,
}

impl Setting {
    /// Its environment variable.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("{PREFIX}{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }
}

const LISTENING: &str = "Listening";
const OUTGOING: &str = "Requests of the server";
const DATABASE: &str = "Database";
const SECRETS: &str = "Keys and administrator";
const LOG: &str = "Log";
const CAPACITY: &str = "Capacity";

const fn setting(heading: &'static str, name: &'static str, value: &'static str, help: &'static str) -> Setting {
    Setting { name, value, help, heading, secret: false }
}

const fn secret(heading: &'static str, name: &'static str, value: &'static str, help: &'static str) -> Setting {
    Setting { name, value, help, heading, secret: true }
}

/// Every option, in the order of help.
pub const SETTINGS: &[Setting] = &[
    setting(
        LISTENING,
        "hostname",
        "URL",
        "The public address of the server, such as https://id.example.org: the issuer of all tokens. With start-dev and \
         without it, it is the address that each request came to",
    ),
    setting(
        LISTENING,
        "http-host",
        "HOST",
        "The address or name to listen on [default: 0.0.0.0; with start-dev: localhost]",
    ),
    setting(
        LISTENING,
        "http-port",
        "PORT",
        "The port without TLS; 0 takes a free one. `start` opens it only behind trusted proxies [default: 8080]",
    ),
    setting(LISTENING, "https-port", "PORT", "The port with TLS, opened where a certificate is given [default: 8443]"),
    setting(
        LISTENING,
        "https-certificate-file",
        "FILE",
        "The certificate of the server as PEM, followed by its intermediate ones",
    ),
    setting(LISTENING, "https-certificate-key-file", "FILE", "The private key of the certificate as PEM"),
    setting(
        LISTENING,
        "proxy-trusted-addresses",
        "CIDR,…",
        "The reverse proxies that are believed when they name the client and its protocol, such as 10.0.0.0/8,fd00::/8",
    ),
    setting(
        LISTENING,
        "proxy-headers",
        "xforwarded|forwarded",
        "Which headers these proxies set: X-Forwarded-For, -Proto, -Host and -Port, or Forwarded of RFC 7239 [default: \
         xforwarded]",
    ),
    setting(
        LISTENING,
        "management-port",
        "PORT|off",
        "The port of /metrics and /health, for monitoring only: keep it away from the internet [default: 9000]",
    ),
    setting(
        OUTGOING,
        "outgoing-trust-file",
        "FILE",
        "Certificate authorities as PEM that the server believes beside those of the machine when it calls a client's \
         address",
    ),
    setting(
        DATABASE,
        "data-dir",
        "FOLDER",
        "Where the embedded PostgreSQL and, with start-dev, the sealing key live [default: /var/lib/portcullis as root, \
         else ~/.local/share/portcullis]",
    ),
    secret(
        DATABASE,
        "database-url",
        "URL",
        "A PostgreSQL 15 or newer, such as postgres://user:password@host/portcullis. Without it, the server runs a \
         private PostgreSQL of its own, for development and small installations",
    ),
    setting(DATABASE, "database-url-file", "FILE", "A file that holds the database URL"),
    setting(DATABASE, "database-pool-max-size", "NUMBER", "The most connections to the database [default: 20]"),
    setting(
        DATABASE,
        "postgres-binaries",
        "FOLDER",
        "Where initdb and postgres are, for the embedded PostgreSQL [default: the usual places and PATH]",
    ),
    setting(
        SECRETS,
        "sealing-key-file",
        "FILE",
        "A file with the key that seals private keys and secrets in the database: 32 random bytes as base64, as \
         `openssl rand -base64 32` prints. The first line seals, further lines only open. start-dev makes one in the \
         data folder",
    ),
    setting(
        SECRETS,
        "bootstrap-admin-username",
        "NAME",
        "The administrator that is made if there is none yet [default: admin]",
    ),
    secret(
        SECRETS,
        "bootstrap-admin-password",
        "PASSWORD",
        "The administrator's password; prefer a file or the environment to a flag. Without one, a random password is \
         made and printed once",
    ),
    setting(SECRETS, "bootstrap-admin-password-file", "FILE", "A file that holds the administrator's password"),
    setting(
        LOG,
        "log-level",
        "LEVEL",
        "error, warn, info, debug, trace, or per part such as info,services=debug [default: info]",
    ),
    setting(LOG, "log-format", "text|json", "Lines for people or JSON for machines [default: text]"),
    setting(CAPACITY, "workers", "NUMBER", "Threads that answer requests [default: one per processor]"),
    setting(
        CAPACITY,
        "password-hashing-threads",
        "NUMBER",
        "Threads that hash passwords, each with 7 MiB of memory [default: one per processor]",
    ),
    setting(
        CAPACITY,
        "password-hashing-queue",
        "NUMBER",
        "Logins that may wait for these threads before more are refused with 503 [default: 64 per thread]",
    ),
    setting(
        CAPACITY,
        "keys-made-ahead",
        "NUMBER",
        "RSA keys that are kept ready, so that making a realm need not wait for one [default: 32]",
    ),
    setting(
        CAPACITY,
        "shutdown-timeout",
        "SECONDS",
        "How long requests in flight may take after a signal to stop [default: 30]",
    ),
];
