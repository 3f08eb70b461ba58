//! `import`: realms from files, each in one transaction, with a report of what was not taken over.

use std::io::Write;

use anyhow::Context;
use representation::RealmRepresentation;
use services::{
    Caller, Services,
    import_report::ImportReport,
    realms::{Import, ImportOptions},
};
use tokio::sync::mpsc;

use super::{
    complain,
    realm_files::{self, GivenRealm, UsersAt},
    run::{services, with_database},
    terminal::printable,
};
use crate::options::Options;

/// After how many users the person at the terminal hears of it.
const TELL_EVERY: usize = 10_000;

/// `import`.
pub fn import(options: &Options) -> anyhow::Result<()> {
    let files = &options.realm_files;
    let realms = realm_files::load(&files.paths)?;
    let wanted = ImportOptions { overwrite: files.overwrite, dry_run: files.dry_run };
    with_database(options, async |store| {
        // The receiver stays: an import records no login event, and must not fail if it ever does.
        let (services, _events) = services(options, store, options.hostname.clone().unwrap_or_default())?;
        let mut done = Vec::new();
        for given in realms {
            let name = printable(&given.name);
            let imported = one(&services, given, wanted).await;
            imported.with_context(|| format!("the realm {name} was not imported{}", besides(&done)))?;
            done.push(name);
        }
        Ok(())
    })
}

/// What is to be known beside a failure: each realm is a transaction of its own.
fn besides(done: &[String]) -> String {
    if done.is_empty() { String::new() } else { format!(" (imported before it: {})", done.join(", ")) }
}

async fn one(services: &Services, given: GivenRealm, options: ImportOptions) -> anyhow::Result<()> {
    let caller = Caller::of_server(services);
    let GivenRealm { name, realm, user_count, users } = given;
    let name = printable(&name);
    let summary = summary(&realm, user_count);
    complain(&format!("{name}: {summary}"));
    let mut import = Import::begin(services, &caller, realm, options).await?;
    let mut told = 0;
    let mut stored = 0;
    for source in users {
        let mut batches = read(source);
        while let Some(batch) = batches.receive.recv().await {
            stored += batch.len();
            import.users(services, batch).await?;
            if stored >= told + TELL_EVERY {
                told = stored;
                complain(&format!("{name}: {stored} of {user_count} users"));
            }
        }
        batches.reading.await??;
    }
    let (_, report) = import.finish(services, &caller).await?;
    tell(&name, &summary, options.dry_run, &report)
}

/// Users that are read on a thread of their own, a few batches ahead.
struct Batches {
    receive: mpsc::Receiver<Vec<representation::UserRepresentation>>,
    reading: tokio::task::JoinHandle<anyhow::Result<()>>,
}

fn read(source: UsersAt) -> Batches {
    let (send, receive) = mpsc::channel(2);
    let reading = tokio::task::spawn_blocking(move || source.read(|batch| send.blocking_send(batch).is_ok()));
    Batches { receive, reading }
}

fn count<T>(list: Option<&Vec<T>>) -> usize {
    list.map_or(0, Vec::len)
}

fn summary(realm: &RealmRepresentation, users: usize) -> String {
    let (clients, scopes) = (count(realm.clients.as_ref()), count(realm.client_scopes.as_ref()));
    let roles = realm.roles.as_ref().map_or(0, |roles| {
        let of_clients = roles.client.iter().flatten().map(|(_, roles)| roles.len()).sum::<usize>();
        count(roles.realm.as_ref()) + of_clients
    });
    let groups = count(realm.groups.as_ref());
    format!("{clients} clients, {scopes} client scopes, {roles} roles, {groups} groups at the top, {users} users")
}

fn tell(name: &str, summary: &str, dry_run: bool, report: &ImportReport) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let done = if dry_run { "can be imported; nothing was stored" } else { "imported" };
    writeln!(out, "{name}: {done} ({summary})")?;
    if !report.remarks().is_empty() {
        writeln!(out, "  not taken over as it was given:")?;
    }
    for remark in report.remarks() {
        writeln!(out, "  - {}", printable(&remark.to_string()))?;
    }
    Ok(out.flush()?)
}
