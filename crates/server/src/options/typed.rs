//! Options from texts to types, each fault named with the option and the place it was given at.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use model::{network::Network, secret::Secret};
use tracing_subscriber::EnvFilter;
use url::{Host, Url};
use web::{ForwardedHeader, TrustedProxies};

use super::{
    BootstrapAdmin, Certificate, Command, Database, LogFormat, Machine, Options, PostureCheck, RealmExport, RealmFiles,
    SealingKeyFile, Trouble,
    setting::SETTINGS,
    sources::{Given, Values, name_at},
};

/// The longest value of any duration: a day.
const LONGEST_SHUTDOWN: u64 = 86_400;
/// The largest secret in a file, in bytes.
const LARGEST_SECRET: u64 = 64 * 1024;

struct Reader<'a> {
    values: &'a Values,
    trouble: &'a mut Vec<Trouble>,
}

impl<'a> Reader<'a> {
    fn given(&self, name: &str) -> Option<&'a Given> {
        self.values.get(name)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.given(name).map(|given| given.value.clone())
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.given(name).map(|given| PathBuf::from(&given.value))
    }

    fn fault(&mut self, name: &str, given: &Given, text: impl Into<String>) {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else { return };
        self.trouble.push(Trouble::new(name_at(setting, &given.source), text.into()));
    }

    /// The value as read by `read`, or a fault that says what it has to be.
    fn read<T>(&mut self, name: &str, wanted: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let given = self.given(name)?;
        let value = read(given.value.trim());
        if value.is_none() {
            let secret = SETTINGS.iter().any(|setting| setting.name == name && setting.secret);
            let shown = if secret { "the value".to_owned() } else { format!("`{}`", given.value) };
            self.fault(name, given, format!("{shown} is not {wanted}"));
        }
        value
    }

    fn number<T: FromStr + PartialOrd>(&mut self, name: &str, least: T, most: T, wanted: &str) -> Option<T> {
        self.read(name, wanted, |text| text.parse().ok().filter(|number| *number >= least && *number <= most))
    }

    fn port(&mut self, name: &str, least: u16) -> Option<u16> {
        self.number(name, least, u16::MAX, &format!("a port, a number from {least} to 65535"))
    }

    /// A secret from the option itself or from the file that `name`-file names.
    fn secret(&mut self, name: &'static str, file: &'static str) -> Option<Secret> {
        let given = self.given(name).map(|given| Secret::new(given.value.clone()));
        let Some(named) = self.given(file) else { return given };
        if given.is_some() {
            self.fault(file, named, format!("says the same as {name}: give one of the two"));
            return given;
        }
        let path = Path::new(&named.value);
        let read = std::fs::metadata(path).and_then(|file| {
            if file.len() > LARGEST_SECRET {
                return Err(std::io::Error::other("it is too large"));
            }
            std::fs::read_to_string(path)
        });
        match read {
            Ok(text) if text.trim().is_empty() => self.fault(file, named, format!("{} is empty", path.display())),
            Ok(text) => return Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => self.fault(file, named, format!("{} can't be read: {error}", path.display())),
        }
        None
    }
}

/// The options, with a usable value also where a text is wrong, so that every fault is found in one go.
pub fn options(command: Command, values: &Values, machine: &Machine, trouble: &mut Vec<Trouble>) -> Options {
    let mut reader = Reader { values, trouble };
    let dev = command == Command::StartDev;
    let certificate = certificate(&mut reader);
    let proxies = proxies(&mut reader);
    let http_port = reader.port("http-port", 0).unwrap_or(8080);
    let data_dir = reader.path("data-dir").unwrap_or_else(|| default_data_dir(machine));
    let hashing_threads = positive(&mut reader, "password-hashing-threads", machine.processors);
    Options {
        command,
        hostname: hostname(&mut reader),
        http_host: reader.text("http-host").unwrap_or_else(|| (if dev { "localhost" } else { "0.0.0.0" }).to_owned()),
        http_port: (command != Command::Start || !proxies.is_empty()).then_some(http_port),
        https_port: reader.port("https-port", 0).unwrap_or(8443),
        certificate,
        management_port: management_port(&mut reader),
        management_port_given: values.contains_key("management-port"),
        proxies,
        outgoing_trust: reader.path("outgoing-trust-file"),
        database: database(&mut reader),
        database_connections: reader
            .number("database-pool-max-size", 2, 1_000, "a number of connections from 2 to 1000")
            .unwrap_or(20),
        sealing_key: SealingKeyFile {
            path: reader.path("sealing-key-file").unwrap_or_else(|| data_dir.join("sealing-key")),
            create: dev && !values.contains_key("sealing-key-file"),
        },
        data_dir,
        bootstrap_admin: bootstrap_admin(&mut reader),
        log_level: log_level(&mut reader),
        log_format: reader
            .read("log-format", "text or json", |text| match text {
                "text" => Some(LogFormat::Text),
                "json" => Some(LogFormat::Json),
                _ => None,
            })
            .unwrap_or(LogFormat::Text),
        workers: positive(&mut reader, "workers", machine.processors),
        hashing_queue: reader
            .number("password-hashing-queue", 1, 100_000, "a number from 1 to 100000")
            .unwrap_or(hashing_threads.get() * 64),
        hashing_threads,
        keys_ahead: reader.number("keys-made-ahead", 0, 1_000, "a number from 0 to 1000").unwrap_or(32),
        shutdown_timeout: Duration::from_secs(
            reader.number("shutdown-timeout", 0, LONGEST_SHUTDOWN, "a number of seconds from 0 to 86400").unwrap_or(30),
        ),
        posture_check: PostureCheck::default(),
        realm_files: RealmFiles::default(),
        realm_export: RealmExport::default(),
    }
}

fn positive(reader: &mut Reader<'_>, name: &str, default: NonZeroUsize) -> NonZeroUsize {
    let number = reader.number(name, 1, 1_024, "a number from 1 to 1024");
    number.and_then(NonZeroUsize::new).unwrap_or(default)
}

/// A public address: scheme, host and port, nothing else.
fn hostname(reader: &mut Reader<'_>) -> Option<String> {
    let given = reader.given("hostname")?;
    let text = given.value.trim().trim_end_matches('/');
    if !text.contains("://") {
        reader.fault("hostname", given, format!("`{text}` has no scheme. Did you mean https://{text}?"));
        return None;
    }
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url else {
        reader.fault("hostname", given, "is no http or https address, such as https://id.example.org");
        return None;
    };
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    if !bare || !url.username().is_empty() || url.password().is_some() {
        reader.fault("hostname", given, "may hold scheme, host and port only, such as https://id.example.org:8443");
        return None;
    }
    if matches!(url.host(), Some(Host::Ipv4(address)) if address.is_unspecified()) {
        reader.fault("hostname", given, "is what clients call the server by; 0.0.0.0 belongs into http-host");
        return None;
    }
    Some(url.origin().ascii_serialization())
}

fn certificate(reader: &mut Reader<'_>) -> Option<Certificate> {
    let (certificate, key) = ("https-certificate-file", "https-certificate-key-file");
    match (reader.given(certificate), reader.given(key)) {
        (Some(certificate), Some(key)) => {
            Some(Certificate { certificate: PathBuf::from(&certificate.value), key: PathBuf::from(&key.value) })
        }
        (Some(given), None) => {
            reader.fault(certificate, given, format!("needs its private key too: add {key}"));
            None
        }
        (None, Some(given)) => {
            reader.fault(key, given, format!("needs its certificate too: add {certificate}"));
            None
        }
        (None, None) => None,
    }
}

fn proxies(reader: &mut Reader<'_>) -> TrustedProxies {
    let header = reader.read("proxy-headers", "xforwarded or forwarded", |text| match text {
        "xforwarded" => Some(ForwardedHeader::XForwarded),
        "forwarded" => Some(ForwardedHeader::Forwarded),
        _ => None,
    });
    let mut networks: Vec<Network> = Vec::new();
    if let Some(given) = reader.given("proxy-trusted-addresses") {
        for text in given.value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(network) => networks.push(network),
                Err(error) => reader.fault("proxy-trusted-addresses", given, error.to_string()),
            }
        }
    }
    TrustedProxies::new(networks, header.unwrap_or_default())
}

fn management_port(reader: &mut Reader<'_>) -> Option<u16> {
    if reader.given("management-port").is_some_and(|given| given.value.trim() == "off") {
        return None;
    }
    Some(reader.port("management-port", 0).unwrap_or(9000))
}

fn database(reader: &mut Reader<'_>) -> Database {
    let Some(url) = reader.secret("database-url", "database-url-file") else {
        return Database::Embedded { binaries: reader.path("postgres-binaries") };
    };
    let known = |url: &str| url.starts_with("postgres://") || url.starts_with("postgresql://");
    let given = reader.given("database-url").or_else(|| reader.given("database-url-file"));
    if let Some(given) = given.filter(|_| !known(url.expose())) {
        let name = if reader.values.contains_key("database-url") { "database-url" } else { "database-url-file" };
        // The address may hold a password, so it isn't shown.
        reader.fault(name, given, "is no address of a PostgreSQL, such as postgres://user:password@host/portcullis");
    }
    Database::Url(url)
}

fn bootstrap_admin(reader: &mut Reader<'_>) -> BootstrapAdmin {
    let username = reader.read("bootstrap-admin-username", "a name of 1 to 255 letters", |text| {
        let sound = !text.is_empty() && text.len() <= 255 && !text.chars().any(char::is_control);
        sound.then(|| text.to_owned())
    });
    let password = reader.secret("bootstrap-admin-password", "bootstrap-admin-password-file");
    BootstrapAdmin { username: username.unwrap_or_else(|| "admin".to_owned()), password }
}

fn log_level(reader: &mut Reader<'_>) -> String {
    let wanted = "a log level: error, warn, info, debug, trace, or a list such as info,services=debug";
    let level = reader.read("log-level", wanted, |text| {
        // A word that is no level would be taken as the name of a part, and nothing would be logged.
        let levels = ["off", "error", "warn", "info", "debug", "trace"];
        let known = |directive: &str| directive.contains('=') || levels.contains(&directive.trim());
        (text.split(',').all(known) && EnvFilter::try_new(text).is_ok()).then(|| text.to_owned())
    });
    level.unwrap_or_else(|| "info".to_owned())
}

fn default_data_dir(machine: &Machine) -> PathBuf {
    let variable = |name: &str| machine.environment.get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if machine.root {
        return PathBuf::from("/var/lib/portcullis");
    }
    let share = variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")));
    share.unwrap_or_default().join("portcullis")
}
