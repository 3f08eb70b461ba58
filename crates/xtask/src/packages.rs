//! What a machine needs beside Rust, for which purpose, and how its presence is seen.
//!
//! Presence is read from the files themselves and not from the package database: a compiler or a PostgreSQL that came
//! some other way is as good.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{apt, process};

/// One thing that must be on the machine, under the name of the Debian package that brings it.
pub struct Package {
    /// Name in Debian and Ubuntu.
    pub name: &'static str,
    /// What it is for, as words that end a sentence.
    pub purpose: &'static str,
    seen: Seen,
}

/// What shows that a package's content is there.
enum Seen {
    /// A program of this name.
    Program(&'static str),
    /// This file.
    File(&'static str),
    /// The development files of OpenSSL, wherever pkg-config or `OPENSSL_DIR` place them.
    OpenSsl,
    /// The programs of a PostgreSQL server: see [`postgres_programs`].
    Postgres,
    /// A Python that can make an environment of its own, with an installer in it.
    PythonEnvironments,
}

/// To compile the workspace.
pub const BUILD: &[Package] = &[
    Package { name: "gcc", purpose: "linking, and the C parts of ring", seen: Seen::Program("cc") },
    Package { name: "libc6-dev", purpose: "linking", seen: Seen::File("/usr/include/stdio.h") },
    Package { name: "pkg-config", purpose: "finding OpenSSL", seen: Seen::Program("pkg-config") },
    Package { name: "libssl-dev", purpose: "compiling against OpenSSL", seen: Seen::OpenSsl },
];

/// To run with the embedded default database.
pub const DATABASE: &[Package] =
    &[Package { name: "postgresql", purpose: "the private PostgreSQL that Portcullis starts", seen: Seen::Postgres }];

/// What the tests speak with: a real registry, real clients and what makes an image without a network.
pub const PEERS: &[Package] = &[
    Package { name: "docker-registry", purpose: "the registry under test", seen: Seen::Program("docker-registry") },
    Package { name: "skopeo", purpose: "a registry client", seen: Seen::Program("skopeo") },
    Package { name: "podman", purpose: "a registry client", seen: Seen::Program("podman") },
    Package { name: "buildah", purpose: "a registry client", seen: Seen::Program("buildah") },
    Package { name: "umoci", purpose: "making images offline", seen: Seen::Program("umoci") },
    Package { name: "busybox-static", purpose: "the content of test images", seen: Seen::Program("busybox") },
    Package { name: "openssl", purpose: "an independent look at certificates", seen: Seen::Program("openssl") },
    Package { name: "curl", purpose: "an independent HTTP client", seen: Seen::Program("curl") },
];

/// What logs its users in at the server, and the browser in which they do; what is not Debian's comes by
/// [`crate::relying_parties`].
pub const RELYING_PARTIES: &[Package] = &[
    Package { name: "apache2", purpose: "a web server with a login", seen: Seen::Program("apache2") },
    Package {
        name: "libapache2-mod-auth-openidc",
        purpose: "the login of that web server",
        seen: Seen::File("/usr/lib/apache2/modules/mod_auth_openidc.so"),
    },
    Package { name: "chromium", purpose: "the browser", seen: Seen::Program("chromium") },
    Package { name: "nodejs", purpose: "applications in JavaScript", seen: Seen::Program("node") },
    Package { name: "npm", purpose: "installing what these are made of", seen: Seen::Program("npm") },
    Package { name: "python3-venv", purpose: "applications in Python", seen: Seen::PythonEnvironments },
];

impl Package {
    fn is_present(&self) -> bool {
        match self.seen {
            Seen::Program(name) => process::program(name).is_some(),
            Seen::File(path) => Path::new(path).exists(),
            Seen::OpenSsl => openssl_headers(),
            Seen::Postgres => postgres_programs().is_some(),
            Seen::PythonEnvironments => python_environments(),
        }
    }
}

/// Makes sure that everything in these lists is on the machine: installs it where that is possible, else stops with
/// the names. Says nothing when nothing is missing.
pub fn ensure(lists: &[&'static [Package]]) -> Result<()> {
    let missing = missing(lists);
    if missing.is_empty() {
        return Ok(());
    }
    apt::install(&missing)
}

fn missing(lists: &[&'static [Package]]) -> Vec<&'static Package> {
    lists.iter().copied().flatten().filter(|package| !package.is_present()).collect()
}

fn openssl_headers() -> bool {
    let named = std::env::var_os("OPENSSL_DIR").map(|folder| PathBuf::from(folder).join("include/openssl/ssl.h"));
    named.is_some_and(|header| header.exists())
        || Path::new("/usr/include/openssl/ssl.h").exists()
        || process::read(std::process::Command::new("pkg-config").args(["--exists", "openssl"])).is_ok()
}

/// Debian splits the two modules off from Python itself.
fn python_environments() -> bool {
    process::read(std::process::Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok()
}

/// The folder that holds `initdb` and `postgres`: the newest of Debian's, else one in `PATH`, with links followed to
/// where the programs really are, since PostgreSQL finds its other files from there.
pub fn postgres_programs() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let in_path = process::program("postgres")
        .and_then(|file| std::fs::canonicalize(file).ok())
        .and_then(|file| file.parent().map(Path::to_path_buf));
    versions
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(in_path)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOWHERE: &[Package] = &[
        Package { name: "a-file", purpose: "a test", seen: Seen::File("/no/such/file") },
        Package { name: "a-program", purpose: "a test", seen: Seen::Program("no-such-program-anywhere") },
        Package { name: "a-shell", purpose: "a test", seen: Seen::Program("sh") },
    ];

    #[test]
    fn only_what_is_absent_is_missing() {
        let names: Vec<_> = missing(&[NOWHERE]).iter().map(|package| package.name).collect();
        assert_eq!(names, ["a-file", "a-program"]);
    }

    #[test]
    fn no_package_is_named_twice() {
        let lists = [BUILD, DATABASE, PEERS, RELYING_PARTIES];
        let mut names: Vec<_> = lists.into_iter().flatten().map(|package| package.name).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
