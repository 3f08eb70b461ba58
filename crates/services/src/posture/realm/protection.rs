//! What protects logins, and what is known of them afterwards.

use credential::{PasswordPolicy, policy::Rule as PasswordRule};

use super::{Findings, RealmFacts, Rule};
use crate::posture::Severity::{Note, Violation, Warning};

/// NIST SP 800-63B section 3.2.2: the most wrong attempts in a row.
const MOST_FAILURES: i32 = 100;
/// The least time that events are worth keeping, seconds.
const LEAST_EVENTS: i64 = 86_400;

static TLS_NOT_REQUIRED: Rule = Rule {
    id: "tls-not-required",
    severity: Violation,
    risk: "Passwords, codes and tokens may travel in the clear, where everybody on the way reads them.",
    remedy: "Set sslRequired to external or all (Realm settings, General, Require SSL).",
    reference: "RFC 9700 section 2.6; RFC 6749 sections 3.1 and 3.2; ASVS 5.0 12.2.1",
};
static BRUTE_FORCE_OFF: Rule = Rule {
    id: "brute-force-protection-off",
    severity: Violation,
    risk: "Passwords can be guessed without end.",
    remedy: "Set bruteForceProtected to true (Realm settings, Security defenses, Brute force detection).",
    reference: "ASVS 5.0 6.3.1",
};
static BRUTE_FORCE_LOOSE: Rule = Rule {
    id: "brute-force-protection-loose",
    severity: Warning,
    risk: "A great many passwords can be tried before an account is locked for a while.",
    remedy: "Set failureFactor to 100 at the most, and waitIncrementSeconds and maxFailureWaitSeconds above 0.",
    reference: "ASVS 5.0 6.3.1; NIST SP 800-63B-4 section 3.2.2",
};
static PASSWORDS_WITHOUT_POLICY: Rule = Rule {
    id: "passwords-without-least-length",
    severity: Warning,
    risk: "Users may choose passwords that anybody guesses in a few attempts.",
    remedy: "Set passwordPolicy to length(8) or more; length(15) where passwords are all there is (Authentication, Policies).",
    reference: "ASVS 5.0 6.2.1; NIST SP 800-63B-4 section 3.1.1.2",
};
static LOGIN_EVENTS_OFF: Rule = Rule {
    id: "login-events-off",
    severity: Warning,
    risk: "Nobody can find out afterwards who logged in, from where, and what was refused.",
    remedy: "Set eventsEnabled to true, and eventsExpiration to a day at least (Realm settings, Events).",
    reference: "ASVS 5.0 16.3.1",
};
static ADMIN_EVENTS_OFF: Rule = Rule {
    id: "admin-events-off",
    severity: Note,
    risk: "Nobody can find out afterwards which administrator changed what.",
    remedy: "Set adminEventsEnabled to true (Realm settings, Events).",
    reference: "ASVS 5.0 16.3.3",
};

pub(super) const RULES: &[&Rule] = &[
    &TLS_NOT_REQUIRED,
    &BRUTE_FORCE_OFF,
    &BRUTE_FORCE_LOOSE,
    &PASSWORDS_WITHOUT_POLICY,
    &LOGIN_EVENTS_OFF,
    &ADMIN_EVENTS_OFF,
];

pub(super) fn check(facts: &RealmFacts<'_>, findings: &mut Findings<'_>) {
    let settings = &facts.realm.settings;
    if settings.ssl_required.eq_ignore_ascii_case("none") {
        findings.add(&TLS_NOT_REQUIRED, "sslRequired is none.");
    }
    let guard = &settings.brute_force;
    if !guard.brute_force_protected {
        findings.add(&BRUTE_FORCE_OFF, "bruteForceProtected is off.");
    } else if guard.failure_factor > MOST_FAILURES {
        findings.add(&BRUTE_FORCE_LOOSE, format!("An account is locked after {} failures.", guard.failure_factor));
    } else if !guard.permanent_lockout && (guard.wait_increment_seconds == 0 || guard.max_failure_wait_seconds == 0) {
        findings.add(&BRUTE_FORCE_LOOSE, "A locked account is free again at once.");
    }
    let least = settings.password_policy.as_deref().and_then(least_length);
    match least {
        None => findings.add(&PASSWORDS_WITHOUT_POLICY, "No password policy asks for a least length."),
        Some(..8) => {
            findings.add(&PASSWORDS_WITHOUT_POLICY, "The password policy is content with less than 8 letters.");
        }
        Some(_) => {}
    }
    let events = &settings.events;
    if !events.events_enabled {
        findings.add(&LOGIN_EVENTS_OFF, "eventsEnabled is off.");
    } else if (1..LEAST_EVENTS).contains(&events.events_expiration) {
        findings.add(&LOGIN_EVENTS_OFF, format!("Events are deleted after {} seconds.", events.events_expiration));
    }
    if !events.admin_events_enabled {
        findings.add(&ADMIN_EVENTS_OFF, "adminEventsEnabled is off.");
    }
}

/// What a policy's `length` asks for.
fn least_length(policy: &str) -> Option<u32> {
    let policy: PasswordPolicy = policy.parse().ok()?;
    policy.rules().find_map(|rule| if let PasswordRule::Length(least) = rule { Some(*least) } else { None })
}
