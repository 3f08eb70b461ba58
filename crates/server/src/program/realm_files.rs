//! Files of realms: found, read, and put together where a realm's users are in files of their own.

use std::{
    fs::File,
    io::{Cursor, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail, ensure};
use representation::{
    RealmRepresentation, UserRepresentation,
    realm_file::{self, RealmInFile},
};
use serde::Deserialize as _;
use serde_json::Value;

/// The largest YAML file: it is read as a whole.
const LARGEST_YAML: u64 = 64 * 1024 * 1024;
/// How many users are read at once.
const BATCH: usize = 1_000;

/// Where users of a realm are.
#[derive(Clone, Debug)]
pub struct UsersAt {
    source: Source,
    number: usize,
}

/// What a file holds, as JSON.
#[derive(Clone, Debug)]
enum Source {
    /// It is JSON.
    File(PathBuf),
    /// It was YAML, or a part of it.
    Read(PathBuf, Arc<[u8]>),
}

impl Source {
    fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Read(path, _) => path,
        }
    }

    fn open(&self) -> std::io::Result<Box<dyn Read>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path)?),
            Self::Read(_, text) => Box::new(Cursor::new(Arc::clone(text))),
        })
    }
}

impl UsersAt {
    /// The users in batches; ends early if `take` wants no more.
    pub fn read(&self, take: impl FnMut(Vec<UserRepresentation>) -> bool) -> anyhow::Result<()> {
        let path = self.source.path().display();
        let file = self.source.open().with_context(|| format!("{path} can't be read"))?;
        realm_file::users(file, self.number, BATCH, take).with_context(|| path.to_string())
    }
}

/// A realm that is to be made, or a wish about one that is there.
#[derive(Clone, Debug)]
pub struct GivenRealm {
    /// Its name.
    pub name: String,
    /// The realm without its users.
    pub realm: RealmRepresentation,
    /// How many users it has.
    pub user_count: usize,
    /// Where they are.
    pub users: Vec<UsersAt>,
}

/// The realms in these files and folders.
///
/// # Errors
/// If a file can't be read, or a realm is given twice.
pub fn load(paths: &[PathBuf]) -> anyhow::Result<Vec<GivenRealm>> {
    let (mut realms, mut only_users) = (Vec::<GivenRealm>::new(), Vec::new());
    for path in files(paths)? {
        let source = source(&path)?;
        let file = source.open().with_context(|| format!("{} can't be read", path.display()))?;
        let found = realm_file::realms(file).with_context(|| path.display().to_string())?;
        for (number, RealmInFile { realm, users: user_count, only_users: only }) in found.into_iter().enumerate() {
            let name = realm.realm.clone().unwrap_or_default();
            ensure!(!name.is_empty(), "{}: a realm without a name", path.display());
            let users = UsersAt { source: source.clone(), number };
            let users = if user_count > 0 { vec![users] } else { Vec::new() };
            let given = GivenRealm { name, realm, user_count, users };
            if only {
                only_users.push(given);
            } else if let Some(twice) = realms.iter().find(|other| other.name == given.name) {
                bail!("{}: the realm {} is in another file too", path.display(), twice.name);
            } else {
                realms.push(given);
            }
        }
    }
    for given in only_users {
        match realms.iter_mut().find(|realm| realm.name == given.name) {
            Some(realm) => {
                realm.user_count += given.user_count;
                realm.users.extend(given.users);
            }
            None => realms.push(given),
        }
    }
    Ok(realms)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml"))
}

/// Files as they are given, and those in folders by name.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).with_context(|| format!("{} can't be read", path.display()))?;
        let mut within = Vec::new();
        for entry in entries {
            let file = entry?.path();
            let is_json = file.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
            if file.is_file() && (is_json || is_yaml(&file)) {
                within.push(file);
            }
        }
        ensure!(!within.is_empty(), "{}: there are no files in JSON or YAML", path.display());
        within.sort();
        files.extend(within);
    }
    Ok(files)
}

fn source(path: &Path) -> anyhow::Result<Source> {
    if !is_yaml(path) {
        return Ok(Source::File(path.to_owned()));
    }
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("{shown} can't be read"))?;
    ensure!(file.metadata()?.len() <= LARGEST_YAML, "{shown}: a YAML file may have {LARGEST_YAML} bytes at the most");
    let mut text = String::new();
    file.take(LARGEST_YAML).read_to_string(&mut text).with_context(|| format!("{shown} can't be read"))?;
    let documents = serde_yaml_ng::Deserializer::from_str(&text).map(Value::deserialize);
    let mut documents: Vec<Value> =
        documents.collect::<Result<_, _>>().with_context(|| format!("{shown} is not YAML"))?;
    documents.retain(|document| !document.is_null());
    let whole = if documents.len() == 1 { documents.remove(0) } else { Value::Array(documents) };
    Ok(Source::Read(path.to_owned(), serde_json::to_vec(&whole)?.into()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn usernames(realm: &GivenRealm) -> Vec<String> {
        let mut names = Vec::new();
        for users in &realm.users {
            users
                .read(|batch| {
                    names.extend(batch.into_iter().filter_map(|user| user.username));
                    true
                })
                .unwrap();
        }
        names
    }

    #[test]
    fn users_in_files_of_their_own_belong_to_their_realm() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("a-users-0.json", r#"{"realm":"a","users":[{"username":"x"},{"username":"y"}]}"#);
        write("a-realm.json", r#"{"realm":"a","enabled":true,"users":[{"username":"w"}]}"#);
        write("a-users-1.json", r#"{"realm":"a","users":[{"username":"z"}]}"#);
        write("b.yaml", "realm: b\nenabled: true\nusers:\n- username: v\n---\nrealm: c\nenabled: false\n");
        write("notes.txt", "nothing");
        let realms = load(&[folder.path().to_owned()]).unwrap();
        let seen: Vec<_> =
            realms.iter().map(|realm| (realm.name.as_str(), realm.user_count, usernames(realm))).collect();
        let texts = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(seen, [("a", 4, texts(&["w", "x", "y", "z"])), ("b", 1, texts(&["v"])), ("c", 0, texts(&[]))]);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            format!("{:#}", load(&[path]).unwrap_err())
        };
        assert!(refused("bad.json", "{").contains("bad.json: it is not the JSON of a realm"));
        assert!(refused("field.yaml", "realm: a\nnonsense: 1\n").contains("Unrecognized field \"nonsense\""));
        assert!(refused("bad.yaml", "a: [").contains("bad.yaml is not YAML"));
        assert!(refused("none.json", "{}").contains("a realm without a name"));
        assert!(
            refused("twice.json", r#"[{"realm":"a","enabled":true},{"realm":"a"}]"#).contains("in another file too")
        );
        assert!(format!("{:#}", load(&["nowhere.json".into()]).unwrap_err()).contains("nowhere.json can't be read"));
    }
}
