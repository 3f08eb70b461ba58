//! The sealing key's file.

use std::{
    fs::{File, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use anyhow::{Context, bail};
use jose::seal::{SealingKey, SealingKeys};
use model::secret::Secret;

use crate::options::SealingKeyFile;

/// Reads the keys: the first line seals, further ones only open. Lines that begin with `#` are comments.
///
/// # Errors
/// If the file can't be read or made, or a line is no key.
pub fn load(file: &SealingKeyFile) -> anyhow::Result<SealingKeys> {
    if file.create && !file.path.exists() {
        create(&file.path).with_context(|| format!("the sealing key {} can't be made", file.path.display()))?;
    }
    let shown = file.path.display();
    let text = std::fs::read_to_string(&file.path)
        .map(Secret::new)
        .with_context(|| format!("--sealing-key-file: {shown} can't be read"))?;
    if File::open(&file.path)?.metadata()?.mode() & 0o077 != 0 {
        tracing::warn!(file = %shown, "the sealing key may be read by other users of this machine: chmod 600");
    }
    let lines = text.expose().lines().map(str::trim).enumerate();
    let mut keys = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let key = SealingKey::from_base64(line);
        keys.push(
            key.with_context(|| format!("--sealing-key-file: line {} of {shown} is no sealing key", number + 1))?,
        );
    }
    let mut keys = keys.into_iter();
    let Some(current) = keys.next() else {
        bail!("--sealing-key-file: {shown} holds no key. Make one with: openssl rand -base64 32 > {shown}")
    };
    Ok(SealingKeys { current, older: keys.collect() })
}

/// Makes a key that only this user may read. A second process that does the same at the same time finds it made.
fn create(path: &Path) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Written aside and linked into place whole: nobody ever reads half a key.
    let aside = path.with_extension(format!("new-{}", std::process::id()));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
    file.write_all(SealingKey::generate_base64()?.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_is_made_once_and_only_for_us() {
        let folder = tempfile::tempdir().unwrap();
        let file = SealingKeyFile { path: folder.path().join("below/sealing-key"), create: true };
        let first = load(&file).unwrap();
        assert_eq!(std::fs::metadata(&file.path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(load(&file).unwrap().current.kid(), first.current.kid());
        assert_eq!(std::fs::read_dir(folder.path().join("below")).unwrap().count(), 1);
    }

    #[test]
    fn further_lines_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let lines: Vec<_> = (0..3).map(|_| SealingKey::generate_base64().unwrap().to_string()).collect();
        std::fs::write(&path, format!("# ours\n{}\n\n{}\n{}\n", lines[0], lines[1], lines[2])).unwrap();
        let keys = load(&SealingKeyFile { path: path.clone(), create: false }).unwrap();
        assert_eq!(keys.older.len(), 2);
        std::fs::write(&path, "# nothing\n").unwrap();
        assert!(load(&SealingKeyFile { path: path.clone(), create: false }).is_err());
        std::fs::write(&path, "c2hvcnQ=\n").unwrap();
        let error = load(&SealingKeyFile { path, create: false }).unwrap_err();
        assert!(format!("{error:#}").contains("line 1") && !format!("{error:#}").contains("c2hvcnQ"));
    }
}
