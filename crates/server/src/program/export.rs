//! `export`: a realm as JSON that can be imported. Users are written page by page.

use std::{
    fs::Permissions,
    io::{self, BufWriter, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use anyhow::Context;
use serde_json::Value;
use services::{Caller, Services, realms::Export};

use super::run::{services, with_database};
use crate::options::{Options, RealmExport};

/// `export`.
pub fn export(options: &Options) -> anyhow::Result<()> {
    let wanted = &options.realm_export;
    with_database(options, async |store| {
        let (services, _events) = services(options, store, options.hostname.clone().unwrap_or_default())?;
        match &wanted.file {
            None => {
                let mut out = BufWriter::new(io::stdout().lock());
                write(&services, wanted, &mut out).await?;
                Ok(out.flush()?)
            }
            Some(path) => to_file(&services, wanted, path).await,
        }
    })
}

/// Writes a file that appears when it is complete, and that only this user may read.
async fn to_file(services: &Services, wanted: &RealmExport, path: &Path) -> anyhow::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unwritable = || format!("{} can't be written", path.display());
    let mut file = tempfile::Builder::new()
        .prefix(".portcullis-export")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder)
        .with_context(unwritable)?;
    let mut out = BufWriter::new(file.as_file_mut());
    write(services, wanted, &mut out).await?;
    out.flush().with_context(unwritable)?;
    drop(out);
    file.as_file().sync_all().with_context(unwritable)?;
    file.persist(path).with_context(unwritable)?;
    Ok(())
}

async fn write(services: &Services, wanted: &RealmExport, out: &mut impl Write) -> anyhow::Result<()> {
    let caller = Caller::of_server(services);
    let mut export = Export::begin(services, &caller, &wanted.realm)
        .await
        .with_context(|| format!("the realm {} can't be exported", super::terminal::printable(&wanted.realm)))?;
    let document = export.document(services, wanted.users).await?;
    let Value::Object(members) = serde_json::to_value(&document)? else { return Ok(()) };
    let mut before = "{";
    for (name, value) in &members {
        write!(out, "{before}\n  {}: ", Value::from(name.as_str()))?;
        write_indented(out, value, 1)?;
        before = ",";
    }
    if wanted.users {
        write!(out, "{before}\n  \"users\": [")?;
        let mut before = "";
        loop {
            let page = export.users(services).await?;
            if page.is_empty() {
                break;
            }
            for user in page {
                write!(out, "{before}\n    ")?;
                write_indented(out, &serde_json::to_value(user)?, 2)?;
                before = ",";
            }
        }
        write!(out, "\n  ]")?;
    }
    writeln!(out, "\n}}")?;
    Ok(export.end().await?)
}

/// A value in lines, each but the first behind so many steps of two spaces.
fn write_indented(out: &mut impl Write, value: &Value, steps: usize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    let space = format!("\n{}", "  ".repeat(steps));
    out.write_all(text.replace('\n', &space).as_bytes())
}
