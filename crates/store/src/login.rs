//! What a login with a password reads and writes: one statement to find everything, one to count a failure, one to
//! forget failures.
//!
//! Counting and forgetting are single statements, each a transaction of its own, so that any number of logins on any
//! number of nodes count exactly. They take the [`Store`] and not a transaction, because a login holds no connection
//! while its password is hashed.

use model::{
    credential::{Credential, PASSWORD},
    id::{RealmId, UserId},
    realm::{BruteForceSettings, BruteForceStrategy},
    subject::Assignments,
    user::User,
};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::{Result, Store, Tx, credentials, subjects::assigned, users::user_of};

/// The user attribute that tells why an account is disabled.
pub const DISABLED_REASON: &str = "disabledReason";
/// Its value when too many wrong passwords did it.
pub const PERMANENT_LOCKOUT: &str = "permanentLockout";

/// Failed logins of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginFailures {
    /// Failures that were not forgotten yet.
    pub failures: i32,
    /// Lockouts that came of them.
    pub temporary_lockouts: i32,
    /// The last failure.
    pub last_failure: OffsetDateTime,
    /// From where it came.
    pub last_ip: Option<String>,
    /// No login is accepted before this moment.
    pub locked_until: Option<OffsetDateTime>,
}

impl LoginFailures {
    /// Whether logins are refused at `now`.
    #[must_use]
    pub fn locked_at(&self, now: OffsetDateTime) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }
}

/// Everything that decides about a login with a password.
#[derive(Clone, Debug)]
pub struct LoginRecord {
    /// The user.
    pub user: User,
    /// What was given to the user.
    pub given: Assignments,
    /// The first password, if there is one.
    pub password: Option<Credential>,
    /// Failed logins, if there were any.
    pub failures: Option<LoginFailures>,
}

/// The user who logs in as `login_name` (in lower case): the one of this name, else, if `by_email`, the only one
/// with this address.
///
/// # Errors
/// If the database fails.
pub async fn find(
    conn: &mut PgConnection,
    realm: RealmId,
    login_name: &str,
    by_email: bool,
) -> Result<Option<LoginRecord>> {
    let row = sqlx::query!(
        r#"with named as materialized (
               select id from users where realm_id = $1 and username = $2
           ),
           addressed as materialized (
               select id from users
               where realm_id = $1 and $3 and not exists (select from named)
                   and (email = $2 and not email_shared or email = $2 and email_shared)
               limit 2
           ),
           chosen as (
               select id from named
               union all
               select id from addressed where (select count(*) from addressed) = 1
           )
           select u.id as "id!", u.username as "username!", u.email, u.email_verified as "email_verified!",
               u.first_name, u.last_name, u.enabled as "enabled!", u.created_at as "created_at!",
               u.not_before as "not_before!", u.attributes as "attributes!",
               u.required_actions as "required_actions!", u.service_account_of,
               c.id as "credential_id?", c.kind as "kind?", c.label as "label?",
               c.created_at as "credential_created_at?", c.credential_data as "credential_data?",
               c.secret_data as "secret_data?", c.priority as "priority?",
               f.failures as "failures?", f.temporary_lockouts as "temporary_lockouts?",
               f.last_failure_at as "last_failure_at?", f.last_ip, f.locked_until,
               array(select role_id from user_roles where realm_id = $1 and user_id = u.id order by role_id) as "role_ids!",
               array(select group_id from user_groups where realm_id = $1 and user_id = u.id order by group_id)
                   as "group_ids!"
           from chosen
           join users u on u.realm_id = $1 and u.id = chosen.id
           left join lateral (
               select * from credentials c where c.realm_id = $1 and c.user_id = u.id and c.kind = $4
               order by c.priority, c.created_at, c.id limit 1
           ) c on true
           left join login_failures f on f.realm_id = $1 and f.user_id = u.id"#,
        realm.0,
        login_name,
        by_email,
        PASSWORD
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let password = match (row.credential_id, row.kind, row.credential_created_at, row.credential_data, row.secret_data)
    {
        (Some(id), Some(kind), Some(created_at), Some(credential_data), Some(secret_data)) => {
            let (label, priority) = (row.label, row.priority.unwrap_or_default());
            let row = credentials::Row { id, kind, label, created_at, credential_data, secret_data, priority };
            Some(Credential::from(row))
        }
        _ => None,
    };
    let failures = match (row.failures, row.temporary_lockouts, row.last_failure_at) {
        (Some(failures), Some(temporary_lockouts), Some(last_failure)) => Some(LoginFailures {
            failures,
            temporary_lockouts,
            last_failure,
            last_ip: row.last_ip,
            locked_until: row.locked_until,
        }),
        _ => None,
    };
    let given = assigned(row.role_ids, row.group_ids);
    Ok(Some(LoginRecord { user: user_of!(row)?, given, password, failures }))
}

/// A wrong password that is to be counted.
#[derive(Clone, Debug)]
pub struct Attempt<'a> {
    /// When.
    pub now: OffsetDateTime,
    /// From where.
    pub ip_address: Option<&'a str>,
    /// A keyed hash of user, password and address: the same one again soon is the same attempt.
    pub fingerprint: &'a [u8],
    /// How soon.
    pub same_within: Duration,
}

/// What counting an attempt led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Failures by now.
    pub failures: i32,
    /// Logins are refused until then.
    pub locked_until: Option<OffsetDateTime>,
    /// The account was disabled for good by this attempt.
    pub disabled: bool,
}

/// Counts a wrong password and locks the account if the realm's rules say so: atomic, whatever happens at the same
/// time. None if nothing was counted, because the account was locked already or there is no such user.
///
/// The rules are Keycloak's. Failures are forgotten after a quiet time. From `failure_factor` failures on, the account
/// is locked for a time that grows by the chosen strategy; before that, two failures in quick succession lock it for a
/// short while. With permanent lockout, the account is disabled at `failure_factor` failures, or, if temporary
/// lockouts come first, at the lockout after the last allowed one; its identity tokens and sessions end with that.
///
/// The statement does not wait for the disk: a crash of the database may forget the last failures, and in return the
/// time of the answer does not tell whether something was counted.
///
/// # Errors
/// If the database fails.
pub async fn count_failure(
    store: &Store,
    realm: RealmId,
    user: &UserId,
    rules: &BruteForceSettings,
    attempt: &Attempt<'_>,
) -> Result<Option<Counted>> {
    let permanent_at_once = rules.permanent_lockout && rules.max_temporary_lockouts <= 0;
    let factor = rules.failure_factor.max(1);
    let linear = rules.brute_force_strategy == BruteForceStrategy::Linear;
    let row = sqlx::query!(
        r#"with
           quickly as materialized (select set_config('synchronous_commit', 'off', true) as setting),
           -- The one user, and what a first failure leads to: with a factor of one it locks at once.
           target as materialized (
               select u.id, case when $7::integer = 1 and not $8::boolean then least($9::integer, $10::integer) else 0 end as first_wait
               from quickly, users u where u.realm_id = $1 and u.id = $2::text
           ),
           counted as (
               insert into login_failures as f (realm_id, user_id, failures, temporary_lockouts, last_failure_at,
                   last_ip, locked_until, last_attempt)
               select $1, id, 1, (first_wait > 0)::integer, $3::timestamptz, $4::text,
                   case when first_wait > 0 and not ($11::boolean and 1 > $12::integer)
                       then $3::timestamptz + make_interval(secs => first_wait) end,
                   $5::bytea
               from target
               on conflict (realm_id, user_id) do update set
                   (failures, temporary_lockouts, last_failure_at, last_ip, locked_until, last_attempt) = (
                       select
                           case when same then f.failures else failed end,
                           case when same then f.temporary_lockouts when wait > 0 then locked + 1 else locked end,
                           -- Attempts of several nodes need not come in the order of their times.
                           case when same then f.last_failure_at else greatest(f.last_failure_at, $3::timestamptz) end,
                           $4::text,
                           case
                               when same then f.locked_until
                               when wait > 0 and not ($11::boolean and locked + 1 > $12::integer)
                                   then $3::timestamptz + make_interval(secs => least(wait, $10::integer))
                               when wait = 0 and quick and $14::integer > 0
                                   then $3::timestamptz + make_interval(secs => least($14::integer, $10::integer))
                           end,
                           $5::bytea
                       from (
                           select
                               f.last_attempt = $5::bytea and f.last_failure_at > $3::timestamptz - make_interval(secs => $6::double precision) as same,
                               case when over then 1 else f.failures + 1 end as failed,
                               case when over then 0 else f.temporary_lockouts end as locked,
                               not over and $13::double precision > 0 and $3::timestamptz - f.last_failure_at < make_interval(secs => $13::double precision) as quick
                           from (select f.last_failure_at < $3::timestamptz - make_interval(secs => $15::double precision) as over) as quiet
                       ) as now,
                       lateral (
                           select case
                               when $8::boolean or failed < $7::integer then 0
                               when $16::boolean then least($9::bigint * (1 + failed - $7::integer), 2147483647)::integer
                               else least($9::bigint * (failed / $7::integer), 2147483647)::integer
                           end as wait
                       ) as waiting
                   )
                   where f.locked_until is null or f.locked_until <= $3::timestamptz
               returning f.failures, f.temporary_lockouts, f.locked_until
           ),
           disabled as (
               update users u set enabled = false,
                   attributes = u.attributes || jsonb_build_object($17::text, jsonb_build_array($18::text))
               from counted c
               where u.realm_id = $1 and u.id = $2::text and u.enabled
                   and $11::boolean and ($12::integer <= 0 and c.failures >= $7::integer or $12::integer > 0 and c.temporary_lockouts > $12::integer)
               returning u.id
           ),
           tokens as (delete from identity_tokens where realm_id = $1 and user_id in (select id from disabled)),
           sessions as (delete from user_sessions where realm_id = $1 and user_id in (select id from disabled))
           select failures as "failures!", locked_until, exists (select from disabled) as "disabled!" from counted"#,
        realm.0,
        user.as_str(),
        attempt.now,
        attempt.ip_address,
        attempt.fingerprint,
        attempt.same_within.as_seconds_f64(),
        factor,
        permanent_at_once,
        rules.wait_increment_seconds.max(0),
        rules.max_failure_wait_seconds.max(0),
        rules.permanent_lockout,
        rules.max_temporary_lockouts,
        std::time::Duration::from_millis(rules.quick_login_check_milli_seconds.try_into().unwrap_or(0)).as_secs_f64(),
        rules.minimum_quick_login_wait_seconds.max(0),
        f64::from(rules.max_delta_time_seconds.max(0)),
        linear,
        DISABLED_REASON,
        PERMANENT_LOCKOUT
    )
    .fetch_optional(&mut *store.acquire().await?)
    .await?;
    Ok(row.map(|row| Counted {
        failures: row.failures,
        locked_until: row.locked_until.filter(|until| *until > attempt.now),
        disabled: row.disabled,
    }))
}

/// Forgets the failures of a user who proved to know the password. False if the account is locked, or was disabled:
/// wrong passwords that were judged at the same time got there first, and the login must be refused.
///
/// # Errors
/// If the database fails.
pub async fn succeed(store: &Store, realm: RealmId, user: &UserId, now: OffsetDateTime) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"with forgotten as (
               delete from login_failures
               where realm_id = $1 and user_id = $2 and (locked_until is null or locked_until <= $3)
               returning user_id
           )
           -- Reads the state before the deletion. A row that is locked now was not deleted.
           select exists (select from users where realm_id = $1 and id = $2 and enabled)
               and (exists (select from forgotten)
                   or not exists (select from login_failures where realm_id = $1 and user_id = $2)) as "free!""#,
        realm.0,
        user.as_str(),
        now
    )
    .fetch_one(&mut *store.acquire().await?)
    .await?)
}

/// The failed logins of a user.
///
/// # Errors
/// If the database fails.
pub async fn failures(conn: &mut PgConnection, realm: RealmId, user: &UserId) -> Result<Option<LoginFailures>> {
    Ok(sqlx::query_as!(
        LoginFailures,
        r#"select failures, temporary_lockouts, last_failure_at as "last_failure!", last_ip, locked_until
           from login_failures where realm_id = $1 and user_id = $2"#,
        realm.0,
        user.as_str()
    )
    .fetch_optional(conn)
    .await?)
}

/// Forgets the failed logins of a user, or of all users. An account that they disabled stays disabled.
///
/// # Errors
/// If the database fails.
pub async fn forget_failures(tx: &mut Tx, user: Option<&UserId>) -> Result<u64> {
    let realm = tx.realm();
    let done = sqlx::query!(
        "delete from login_failures where realm_id = $1 and ($2::text is null or user_id = $2)",
        realm.0,
        user.map(UserId::as_str)
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
