//! `plan`, `apply` and `drift`: what files want of realms, compared with what is there.

use std::{io::Write, process::ExitCode};

use anyhow::{Context, ensure};
use representation::RealmRepresentation;
use services::{
    Caller,
    realms::desired::{Mode, Outcome, reconcile},
};

use super::{
    realm_files::{self, GivenRealm},
    run::{services, with_database},
    terminal::printable,
};
use crate::options::{Command, Options};

/// How many users a file may want something of: they are compared at once.
const MOST_USERS: usize = 10_000;

/// `plan`, `apply` and `drift`.
pub fn compare(options: &Options) -> anyhow::Result<ExitCode> {
    let mode = if options.command == Command::Apply { Mode::Apply } else { Mode::Plan };
    let wanted = realm_files::load(&options.realm_files.paths)?.into_iter().map(with_users);
    let wanted = wanted.collect::<anyhow::Result<Vec<_>>>()?;
    let differs = with_database(options, async |store| {
        let (services, _events) = services(options, store, options.hostname.clone().unwrap_or_default())?;
        let caller = Caller::of_server(&services);
        let mut differs = false;
        for realm in wanted {
            let name = printable(realm.realm.as_deref().unwrap_or_default());
            let outcome = reconcile(&services, &caller, realm, mode).await;
            let outcome = outcome.with_context(|| format!("the realm {name}"))?;
            differs |= outcome.differs();
            tell(&outcome, mode)?;
        }
        Ok(differs)
    })?;
    Ok(if differs && options.command == Command::Drift { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn with_users(given: GivenRealm) -> anyhow::Result<RealmRepresentation> {
    let name = printable(&given.name);
    ensure!(
        given.user_count <= MOST_USERS,
        "the realm {name}: its file wants something of {} users, {MOST_USERS} are possible. Use import for all of a realm",
        given.user_count
    );
    let mut users = Vec::new();
    for source in &given.users {
        source.read(|batch| {
            users.extend(batch);
            true
        })?;
    }
    Ok(RealmRepresentation { users: (!users.is_empty()).then_some(users), ..given.realm })
}

fn tell(outcome: &Outcome, mode: Mode) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let name = printable(&outcome.realm);
    let count = outcome.differences.len();
    let done = match (outcome.created, count, mode) {
        (true, _, Mode::Plan) => "is not there: it would be made".to_owned(),
        (true, _, Mode::Apply) => "was made".to_owned(),
        (false, 0, _) => "is as the file wants it".to_owned(),
        (false, 1, Mode::Plan) => "differs in one place".to_owned(),
        (false, _, Mode::Plan) => format!("differs in {count} places"),
        (false, 1, Mode::Apply) => "was changed in one place".to_owned(),
        (false, _, Mode::Apply) => format!("was changed in {count} places"),
    };
    writeln!(out, "{name}: {done}")?;
    for difference in &outcome.differences {
        writeln!(out, "  {}", printable(&difference.to_string()))?;
    }
    for remark in outcome.report.remarks() {
        writeln!(out, "  ! {}", printable(&remark.to_string()))?;
    }
    Ok(out.flush()?)
}
