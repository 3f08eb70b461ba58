//! Removes what earlier runs left behind. The databases lie in memory, so they must not pile up.

use crate::{
    administration::execute,
    template::{LOCK, PREFIX},
};
use sqlx::PgConnection;

/// Templates that are kept when another one is made. More than one, because crates have templates of their own and
/// checkouts may take turns; a template that went missing is simply made again.
const KEPT_TEMPLATES: i64 = 4;

/// Age in seconds from which a test's database counts as left behind, if nobody is connected.
const LEFT_BEHIND: i64 = 3600;

/// Drops all but the youngest templates. The internal ids of databases grow, so they tell the age.
pub(crate) async fn old_templates(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let sql = "SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1) ORDER BY oid DESC OFFSET $2";
    let names: Vec<String> =
        sqlx::query_scalar(sql).bind(PREFIX).bind(KEPT_TEMPLATES).fetch_all(&mut *connection).await?;
    for name in names {
        drop_if_unused(connection, &name).await;
    }
    Ok(())
}

/// Drops the databases of tests that did not live to drop them. One process does it; the others go on.
pub(crate) async fn left_behind(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let sql = "SELECT datname::text FROM pg_database
               WHERE datname ~ '^t_[0-9]{1,12}_[0-9a-f]{32}$'
                 AND split_part(datname::text, '_', 2)::bigint < extract(epoch FROM now()) - $1
                 AND NOT EXISTS (SELECT FROM pg_stat_activity AS s WHERE s.datname = pg_database.datname)";
    let names: Vec<String> = sqlx::query_scalar(sql).bind(LEFT_BEHIND).fetch_all(&mut *connection).await?;
    if names.is_empty() {
        return Ok(());
    }
    let alone: bool =
        sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(&mut *connection).await?;
    if alone {
        for name in names {
            drop_if_unused(connection, &name).await;
        }
        sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(connection).await?;
    }
    Ok(())
}

/// Without FORCE: a database that is being copied or connected to after all refuses, and is left for the next time.
async fn drop_if_unused(connection: &mut PgConnection, name: &str) {
    let quoted = name.replace('"', "\"\"");
    let _ = execute(connection, format!("DROP DATABASE IF EXISTS \"{quoted}\"")).await;
}
