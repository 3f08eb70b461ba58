//! Real servers in directories of their own: first and later starts, crashes of either side, second copies, refusals.

use crate::{EmbeddedPostgres, Error, Lifetime, Settings, effective_uid, remove_cluster};
use std::{
    env,
    fs::{self, Permissions},
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A short directory that the server's user may pass.
fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("ep").permissions(Permissions::from_mode(0o755)).tempdir_in("/tmp");
    folder.unwrap()
}

fn settings(folder: &TempDir) -> Settings {
    Settings::disposable(folder.path().join("d"))
}

/// Runs one statement through `psql`, an implementation of the protocol that is not ours.
fn try_psql(url: &str, sql: &str) -> Result<String, String> {
    let output = Command::new("psql").args(["-XAt", "-v", "ON_ERROR_STOP=1", "-c", sql, url]).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn psql(url: &str, sql: &str) -> String {
    try_psql(url, sql).unwrap()
}

fn kill(signal: &str, pid: u32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().unwrap().success());
}

/// Tries until it holds; tests must not hang for ever.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The message of a start that must fail.
fn refused(settings: &Settings) -> Error {
    EmbeddedPostgres::start(settings).map(|_| ()).unwrap_err()
}

#[test]
fn starts_from_nothing_and_keeps_data_over_a_restart() {
    let folder = folder();
    let settings = Settings::durable(folder.path().join("a b+c"));
    let postgres = EmbeddedPostgres::start(&settings).unwrap();
    assert!(!postgres.is_attached());
    let odd = "odd \"name\" /?ä";
    postgres.create_database_if_missing(odd).unwrap();
    postgres.create_database_if_missing(odd).unwrap();
    let url = postgres.url(odd);
    psql(&url, "CREATE TABLE kept AS SELECT 42 AS answer");
    assert_eq!(psql(&url, "SHOW fsync"), "on");
    assert_eq!(psql(&url, "SHOW listen_addresses"), "");
    assert_eq!(psql(&url, "SELECT current_database()"), odd);
    let pid = postgres.server_pid().unwrap();
    postgres.stop();
    assert!(!Path::new(&format!("/proc/{pid}")).exists());

    let postgres = EmbeddedPostgres::start(&settings).unwrap();
    assert_eq!(psql(&postgres.url(odd), "SELECT answer FROM kept"), "42");
}

#[test]
fn passes_settings_on_and_shuts_other_users_out() {
    let folder = folder();
    let mut settings = settings(&folder);
    settings.max_connections = 17;
    settings.extra.push(("work_mem".to_owned(), "5MB".to_owned()));
    let postgres = EmbeddedPostgres::start(&settings).unwrap();
    let url = postgres.url("postgres");
    assert_eq!(psql(&url, "SHOW max_connections"), "17");
    assert_eq!(psql(&url, "SHOW work_mem"), "5MB");
    assert_eq!(psql(&url, "SHOW fsync"), "off");
    for private in ["run", "pgdata"] {
        let mode = fs::metadata(settings.data_dir.join(private)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{private}");
    }
}

#[test]
fn the_error_of_the_server_is_passed_on() {
    let folder = folder();
    let mut settings = settings(&folder);
    settings.extra.push(("work_mem".to_owned(), "plenty".to_owned()));
    let error = refused(&settings);
    assert!(matches!(&error, Error::Exited { log, .. } if log.contains("work_mem")), "{error}");
}

#[test]
fn comes_back_by_itself_when_the_server_is_killed() {
    let folder = folder();
    let postgres = EmbeddedPostgres::start(&Settings::durable(folder.path().join("d"))).unwrap();
    let url = postgres.url("postgres");
    psql(&url, "CREATE TABLE kept AS SELECT 1 AS one");
    for _ in 0..2 {
        // A session that is busy outlives its server for a moment and still holds the lock.
        let busy = thread::spawn({
            let url = url.clone();
            move || try_psql(&url, "SELECT count(*) FROM generate_series(1, 3000000)")
        });
        eventually("a busy session", || {
            psql(&url, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1, 3%'") != "0"
        });
        let pid = postgres.server_pid().unwrap();
        kill("-KILL", pid);
        eventually("another server", || {
            postgres.server_pid().is_some_and(|now| now != pid) && try_psql(&url, "SELECT one FROM kept").is_ok()
        });
        let _ = busy.join().unwrap();
    }
    postgres.stop();
}

#[test]
fn a_second_copy_attaches_and_takes_over() {
    let folder = folder();
    let settings = settings(&folder);
    let first = EmbeddedPostgres::start(&settings).unwrap();
    let second = EmbeddedPostgres::start(&settings).unwrap();
    let third = EmbeddedPostgres::start(&settings).unwrap();
    assert!(second.is_attached() && third.is_attached());
    let pid = first.server_pid();
    third.stop();
    assert_eq!(psql(&first.url("postgres"), "SELECT 1"), "1");
    assert_eq!(first.server_pid(), pid);

    first.stop();
    eventually("the second copy starts it", || try_psql(&second.url("postgres"), "SELECT 1").is_ok());
    assert_ne!(second.server_pid(), pid);
}

#[test]
fn copies_that_start_at_the_same_time_share_one_server() {
    let folder = folder();
    let settings = settings(&folder);
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let settings = settings.clone();
            thread::spawn(move || EmbeddedPostgres::start(&settings).unwrap())
        })
        .collect();
    let copies: Vec<_> = starts.into_iter().map(|start| start.join().unwrap()).collect();
    assert_eq!(copies.iter().filter(|copy| !copy.is_attached()).count(), 1);
    for copy in &copies {
        copy.create_database_if_missing("shared").unwrap();
    }
}

/// Not a test of its own: the process that the tests below kill. Without the variable it has nothing to do.
#[test]
fn child_process() {
    let Some(data_dir) = env::var_os("EMBEDDED_POSTGRES_CHILD") else { return };
    let lifetime =
        if env::var_os("EMBEDDED_POSTGRES_DETACHED").is_some() { Lifetime::Detached } else { Lifetime::WithParent };
    let postgres = EmbeddedPostgres::start(&Settings { lifetime, ..Settings::durable(data_dir) }).unwrap();
    println!("ready {}", postgres.server_pid().unwrap());
    thread::sleep(Duration::from_secs(60));
}

/// Starts a server in another process and kills that process. Gives the server's process id.
fn start_and_kill_parent(data_dir: &Path, detached: bool) -> u32 {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "tests::child_process", "--nocapture"]).env("EMBEDDED_POSTGRES_CHILD", data_dir);
    if detached {
        command.env("EMBEDDED_POSTGRES_DETACHED", "1");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let pid = output.lines().map_while(Result::ok).find_map(|line| line.split_once("ready ")?.1.trim().parse().ok());
    child.kill().unwrap();
    child.wait().unwrap();
    pid.expect("the child tells the server's process id")
}

#[cfg(target_os = "linux")]
#[test]
fn the_server_ends_when_its_parent_is_killed() {
    let folder = folder();
    let data_dir = folder.path().join("d");
    start_and_kill_parent(&data_dir, false);
    eventually("the server is gone", || !data_dir.join("pgdata/postmaster.pid").exists());
    assert!(!EmbeddedPostgres::start(&Settings::durable(data_dir)).unwrap().is_attached());
}

#[test]
fn a_detached_server_outlives_its_parent() {
    let folder = folder();
    let settings = Settings { lifetime: Lifetime::Detached, ..settings(&folder) };
    let pid = start_and_kill_parent(&settings.data_dir, true);
    let attached = EmbeddedPostgres::start(&settings).unwrap();
    assert!(attached.is_attached());
    assert_eq!(attached.server_pid(), Some(pid));
    assert_eq!(psql(&attached.url("postgres"), "SELECT 1"), "1");
    assert!(!remove_cluster(&settings.data_dir).unwrap(), "a cluster in use is not removed");
    drop(attached);
    kill("-INT", pid);
    eventually("the cluster can be removed", || remove_cluster(&settings.data_dir).unwrap());
    assert!(!settings.data_dir.join("pgdata").exists());
}

#[test]
fn stale_files_of_a_crash_are_not_believed() {
    let folder = folder();
    let settings = settings(&folder);
    EmbeddedPostgres::start(&settings).unwrap().stop();
    // Both name a process that lives: this one.
    let us = std::process::id();
    let pgdata = settings.data_dir.join("pgdata");
    let run = settings.data_dir.join("run");
    let stale = format!("{us}\n{}\n1700000000\n5432\n{}\n\n  123456  7\nready   \n", pgdata.display(), run.display());
    fs::write(pgdata.join("postmaster.pid"), &stale).unwrap();
    fs::write(run.join(".s.PGSQL.5432.lock"), &stale).unwrap();
    fs::write(run.join(".s.PGSQL.5432"), "").unwrap();
    let postgres = EmbeddedPostgres::start(&settings).unwrap();
    assert!(!postgres.is_attached());
    assert_ne!(postgres.server_pid(), Some(us));
    assert_eq!(psql(&postgres.url("postgres"), "SELECT 1"), "1");
}

#[test]
fn an_interrupted_initdb_is_begun_again() {
    let folder = folder();
    let settings = settings(&folder);
    EmbeddedPostgres::start(&settings).unwrap().stop();
    fs::rename(settings.data_dir.join("pgdata"), settings.data_dir.join("pgdata.new")).unwrap();
    let postgres = EmbeddedPostgres::start(&settings).unwrap();
    assert_eq!(psql(&postgres.url("postgres"), "SELECT 1"), "1");
}

#[test]
fn a_cluster_of_another_major_version_is_refused() {
    let folder = folder();
    let settings = settings(&folder);
    EmbeddedPostgres::start(&settings).unwrap().stop();
    fs::write(settings.data_dir.join("pgdata/PG_VERSION"), "11\n").unwrap();
    let text = refused(&settings).to_string();
    assert!(text.contains("made by PostgreSQL 11, but the server found is PostgreSQL"), "{text}");
    assert!(text.contains("postgresql-11"), "{text}");
    assert!(remove_cluster(&settings.data_dir).unwrap());
    EmbeddedPostgres::start(&settings).unwrap().stop();
}

#[test]
fn a_folder_without_a_server_is_refused() {
    let folder = folder();
    let settings = Settings { binaries: Some(folder.path().to_owned()), ..settings(&folder) };
    let text = refused(&settings).to_string();
    assert!(text.contains("--postgres-binaries"), "{text}");
}

#[test]
fn a_path_too_long_for_a_socket_is_refused() {
    let folder = folder();
    let text = refused(&Settings::durable(folder.path().join("x".repeat(90)))).to_string();
    assert!(text.contains("choose a shorter `--data-dir`"), "{text}");
}

#[test]
fn a_directory_out_of_the_servers_reach_is_named() {
    if effective_uid() != 0 {
        // Only root runs the server as somebody else.
        return;
    }
    let folder = folder();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, Permissions::from_mode(0o700)).unwrap();
    let error = refused(&Settings::durable(closed.join("d")));
    let Error::Unreachable { blocked_by, .. } = &error else { panic!("{error}") };
    assert_eq!(*blocked_by, closed);
    assert!(error.to_string().contains("another `--data-dir`"), "{error}");
}

#[test]
fn an_impossible_database_name_is_refused() {
    let folder = folder();
    let postgres = EmbeddedPostgres::start(&settings(&folder)).unwrap();
    assert!(matches!(postgres.create_database_if_missing("a\0b"), Err(Error::Io { .. })));
    assert!(matches!(postgres.create_database_if_missing(""), Err(Error::Refused { .. })));
}
