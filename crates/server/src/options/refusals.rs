//! What `start` refuses because it is unsafe, each with what to do about it.

use super::{
    Options, Trouble,
    setting::SETTINGS,
    sources::{Values, name_at},
};

/// Passwords that everybody tries first.
const COMMON: [&str; 12] = [
    "admin",
    "administrator",
    "password",
    "passw0rd",
    "changeme",
    "change-me",
    "secret",
    "keycloak",
    "portcullis",
    "123456",
    "12345678",
    "qwerty",
];
/// The shortest password of the first administrator, in letters.
const SHORTEST_PASSWORD: usize = 8;

/// Adds one trouble for each unsafe setting.
pub fn add(options: &Options, values: &Values, trouble: &mut Vec<Trouble>) {
    let mut refuse = |option: &str, text: String| trouble.push(Trouble::new(option.to_owned(), text));
    let given = |name: &str| values.contains_key(name);
    if options.certificate.is_none() && options.proxies.is_empty() && !certificate_was_tried(values) {
        refuse(
            "--https-certificate-file",
            "passwords and tokens would travel in the clear. Give a certificate and its key \
             (--https-certificate-key-file), or, behind a reverse proxy that speaks TLS, name its address with \
             --proxy-trusted-addresses"
                .to_owned(),
        );
    }
    match options.hostname.as_deref() {
        None if given("hostname") => {}
        None => refuse(
            "--hostname",
            "is missing. It is the address that clients reach the server by, such as https://id.example.org, and the \
             issuer of all tokens"
                .to_owned(),
        ),
        Some(hostname) if hostname.starts_with("http:") => refuse(
            &name_of("hostname", values),
            format!("{hostname} is without TLS. Give an address that begins with https://"),
        ),
        Some(_) => {}
    }
    if !given("sealing-key-file") {
        refuse(
            "--sealing-key-file",
            "is missing. Private keys and secrets in the database are sealed with it, so keep it and a copy apart from \
             the database. Make one with: openssl rand -base64 32 > FILE && chmod 600 FILE"
                .to_owned(),
        );
    }
    let admin = &options.bootstrap_admin;
    if let Some(fault) = admin.password.as_ref().and_then(|password| weakness(&admin.username, password.expose())) {
        let name = if given("bootstrap-admin-password") {
            "bootstrap-admin-password"
        } else {
            "bootstrap-admin-password-file"
        };
        refuse(
            &name_of(name, values),
            format!("{fault}. Give another one, or none: then a random password is made and printed once"),
        );
    }
}

/// Whether a certificate was given but can't be used, which is a fault of its own already.
fn certificate_was_tried(values: &Values) -> bool {
    ["https-certificate-file", "https-certificate-key-file", "proxy-trusted-addresses"]
        .iter()
        .any(|name| values.contains_key(name))
}

fn name_of(name: &str, values: &Values) -> String {
    let setting = SETTINGS.iter().find(|setting| setting.name == name);
    match (setting, values.get(name)) {
        (Some(setting), Some(given)) => name_at(setting, &given.source),
        _ => format!("--{name}"),
    }
}

/// What is weak about a password.
fn weakness(username: &str, password: &str) -> Option<&'static str> {
    let lower = password.to_lowercase();
    if lower == username.to_lowercase() {
        Some("is the same as the administrator's name")
    } else if COMMON.contains(&lower.as_str()) {
        Some("is a password that everybody tries first")
    } else if password.chars().count() < SHORTEST_PASSWORD {
        Some("is shorter than 8 letters")
    } else {
        None
    }
}
