//! Whether the docker command line client is here and new enough for the tests.
//!
//! It is the one peer that cannot be installed from Debian 12: its client, 20.10, needs a daemon to log in.

use std::process::Command;

use crate::process;

/// The first major version whose `docker login` asks the registry itself, without a daemon.
const FIRST: u32 = 28;

/// Nothing when the client can be used, else why not.
pub fn why_not() -> Option<String> {
    if process::program("docker").is_none() {
        return Some("there is no docker command line client on this machine".to_owned());
    }
    match process::read(Command::new("docker").arg("--version")) {
        Ok(answer) => why_not_version(&answer),
        Err(error) => Some(format!("`docker --version` does not work: {error:#}")),
    }
}

fn why_not_version(answer: &str) -> Option<String> {
    match major(answer) {
        None => Some(format!("`docker` is not Docker's own client: it calls itself `{}`", answer.trim())),
        Some(major) if major < FIRST => {
            Some(format!("docker {major} cannot log in without a daemon; {FIRST} or newer can"))
        }
        Some(_) => None,
    }
}

/// The major version in the answer of `docker --version`, as in `Docker version 28.2.2, build e6534b4`.
fn major(answer: &str) -> Option<u32> {
    answer.trim().strip_prefix("Docker version ")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major("Docker version 28.2.2, build e6534b4\n"), Some(28));
        assert_eq!(major("Docker version 20.10.24+dfsg1, build 297e128"), Some(20));
        assert_eq!(major("podman version 4.3.1"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn the_reason_names_what_is_wrong() {
        assert_eq!(why_not_version("Docker version 28.2.2, build e6534b4"), None);
        assert!(why_not_version("Docker version 20.10.24+dfsg1, build 297e128").unwrap().contains("docker 20"));
        assert!(why_not_version("podman version 4.3.1").unwrap().contains("podman version"));
    }
}
