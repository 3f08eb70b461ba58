//! Finds the programs of a PostgreSQL server.
//!
//! Debian keeps them out of `PATH`, one folder for each major version, and several may be installed. A cluster can only
//! be opened by the major version that made it, so that one is preferred over the newest.

use crate::error::Error;
use std::{
    cmp::Reverse,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A folder with `initdb` and `postgres`, and the version they report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binaries {
    directory: PathBuf,
    /// Major version, such as 15.
    pub(crate) major: u32,
}

/// Where to look.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    /// Folders that hold one folder for each version, or a `bin` themselves.
    roots: Vec<PathBuf>,
    /// Single folders, in the form of the variable `PATH`.
    path: OsString,
}

/// Where Debian, source builds, Homebrew (both processors), Alpine, EnterpriseDB and Postgres.app put their versions.
const ROOTS: [&str; 7] = [
    "/usr/lib/postgresql",
    "/usr/local/pgsql",
    "/opt/homebrew/opt",
    "/usr/local/opt",
    "/usr/libexec/postgresql",
    "/Library/PostgreSQL",
    "/Applications/Postgres.app/Contents/Versions",
];

impl Search {
    /// The usual places of this machine.
    pub(crate) fn usual_places() -> Self {
        Self { roots: ROOTS.iter().map(PathBuf::from).collect(), path: env::var_os("PATH").unwrap_or_default() }
    }

    /// Folders that may hold the programs, the most promising first: within a root the newest version.
    fn candidates(&self) -> Vec<PathBuf> {
        let mut candidates = Vec::new();
        for root in &self.roots {
            let mut versions: Vec<PathBuf> =
                fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            versions.sort_by_key(|path| Reverse(version_in_name(path)));
            candidates.extend(versions.into_iter().map(|version| version.join("bin")));
            candidates.push(root.join("bin"));
        }
        candidates.extend(env::split_paths(&self.path).filter(|folder| folder.is_absolute()));
        candidates
    }

    /// The server to use: of the cluster's own major version if there is a cluster, else the first in line.
    ///
    /// # Errors
    /// [`Error::BinariesNotFound`], or [`Error::WrongVersion`] if only other versions are there.
    pub(crate) fn find(&self, cluster: Option<u32>, data_dir: &Path) -> Result<Binaries, Error> {
        let mut others = Vec::new();
        for candidate in self.candidates() {
            let Some(binaries) = Binaries::in_folder(&candidate) else { continue };
            match cluster {
                Some(wanted) if binaries.major != wanted => others.push(binaries.major),
                _ => return Ok(binaries),
            }
        }
        match cluster {
            Some(cluster) if !others.is_empty() => Err(wrong_version(data_dir, cluster, others)),
            _ => Err(Error::BinariesNotFound),
        }
    }
}

impl Binaries {
    /// The server in the configured folder, which may also be the folder above `bin`.
    ///
    /// # Errors
    /// [`Error::BinariesUnusable`], or [`Error::WrongVersion`] if it cannot open the cluster.
    pub(crate) fn configured(folder: &Path, cluster: Option<u32>, data_dir: &Path) -> Result<Self, Error> {
        let found = Self::in_folder(folder)
            .or_else(|| Self::in_folder(&folder.join("bin")))
            .ok_or_else(|| Error::BinariesUnusable { directory: folder.to_owned() })?;
        match cluster {
            Some(cluster) if cluster != found.major => Err(wrong_version(data_dir, cluster, vec![found.major])),
            _ => Ok(found),
        }
    }

    /// Looks into one folder. A link to `postgres`, as in `/usr/local/bin`, is followed to where `initdb` is too.
    fn in_folder(folder: &Path) -> Option<Self> {
        let linked = fs::canonicalize(folder.join("postgres")).ok()?;
        let directory = [Some(folder), linked.parent()]
            .into_iter()
            .flatten()
            .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())?;
        let directory = fs::canonicalize(directory).ok()?;
        let output = Command::new(directory.join("postgres")).arg("--version").env_clear().output().ok()?;
        let major = major_version(&String::from_utf8_lossy(&output.stdout))?;
        Some(Self { directory, major })
    }

    /// Path of `initdb`.
    pub(crate) fn initdb(&self) -> PathBuf {
        self.directory.join("initdb")
    }

    /// Path of `postgres`.
    pub(crate) fn postgres(&self) -> PathBuf {
        self.directory.join("postgres")
    }
}

fn wrong_version(data_dir: &Path, cluster: u32, mut found: Vec<u32>) -> Error {
    found.sort_unstable();
    found.dedup();
    let found = found.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    Error::WrongVersion { data_dir: data_dir.to_owned(), cluster, found }
}

/// The version a folder is named after, in hundredths: `15`, `9.6`, `postgresql@17`. Other names come last.
fn version_in_name(folder: &Path) -> Option<u32> {
    let name = folder.file_name()?.to_str()?;
    let number = name.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    Some(major.parse::<u32>().ok()?.saturating_mul(100).saturating_add(minor.parse().unwrap_or(0)))
}

/// The major version in what `postgres --version` prints: `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major_version(printed: &str) -> Option<u32> {
    leading_number(printed.split_once("(PostgreSQL)")?.1.trim_start())
}

/// The digits a text begins with, as a number.
pub(crate) fn leading_number(text: &str) -> Option<u32> {
    text.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// A folder with programs that report a version and do nothing else.
    fn fake(folder: &Path, version: &str) {
        fs::create_dir_all(folder).unwrap();
        for program in ["initdb", "postgres"] {
            let path = folder.join(program);
            fs::write(&path, format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    #[test]
    fn takes_the_newest_but_prefers_the_version_of_the_cluster() {
        let machine = tempfile::tempdir().unwrap();
        for version in ["9.6", "14.2", "16.1", "17beta1"] {
            fake(&machine.path().join(leading_number(version).unwrap().to_string()).join("bin"), version);
        }
        let search = Search { roots: vec![machine.path().to_owned()], path: OsString::new() };
        assert_eq!(search.find(None, Path::new("/d")).unwrap().major, 17);
        assert_eq!(search.find(Some(14), Path::new("/d")).unwrap().major, 14);

        let text = search.find(Some(15), Path::new("/d")).unwrap_err().to_string();
        assert!(text.contains("PostgreSQL 15, but the server found is PostgreSQL 9, 14, 16, 17"), "{text}");
        assert!(text.contains("apt-get install -y --no-install-recommends postgresql-15"), "{text}");
    }

    #[test]
    fn follows_a_link_in_the_path_to_the_folder_with_initdb() {
        let machine = tempfile::tempdir().unwrap();
        let (real, links) = (machine.path().join("real"), machine.path().join("links"));
        fake(&real, "15.3");
        fs::create_dir(&links).unwrap();
        symlink(real.join("postgres"), links.join("postgres")).unwrap();
        let found = Search { roots: vec![], path: links.into() }.find(None, Path::new("/d")).unwrap();
        assert_eq!(found.initdb(), fs::canonicalize(real.join("initdb")).unwrap());
    }

    #[test]
    fn says_how_to_install_when_nothing_is_there() {
        let search = Search { roots: vec![], path: OsString::new() };
        for cluster in [None, Some(15)] {
            let text = search.find(cluster, Path::new("/d")).unwrap_err().to_string();
            for part in
                ["apt-get install -y --no-install-recommends postgresql", "--postgres-binaries", "--database-url"]
            {
                assert!(text.contains(part), "{text}");
            }
        }
    }

    #[test]
    fn a_configured_folder_is_the_only_one_looked_at() {
        let machine = tempfile::tempdir().unwrap();
        fake(&machine.path().join("16/bin"), "16.4");
        let folder = machine.path().join("16");
        assert_eq!(Binaries::configured(&folder, None, Path::new("/d")).unwrap().major, 16);
        assert!(matches!(Binaries::configured(&folder, Some(15), Path::new("/d")), Err(Error::WrongVersion { .. })));
        let wrong = Binaries::configured(machine.path(), None, Path::new("/d"));
        assert!(matches!(wrong, Err(Error::BinariesUnusable { .. })));
    }

    #[test]
    fn reads_versions_of_releases_and_previews() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18devel"), Some(18));
        assert_eq!(major_version("something else"), None);
        assert!(version_in_name(Path::new("/x/postgresql@17")) > version_in_name(Path::new("/x/9.6")));
        assert_eq!(version_in_name(Path::new("/x/latest")), None);
    }
}
