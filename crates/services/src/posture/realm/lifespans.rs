//! How long codes, tokens and sessions last.

use super::{Findings, RealmFacts, Rule};
use crate::posture::Severity::{Violation, Warning};

/// ASVS 10.4.3: the longest life of a code at level 3, and at levels 1 and 2. Seconds.
const CODE_LEVEL_3: i64 = 60;
const CODE_LONGEST: i64 = 600;
/// RFC 6750 section 5.3: "one hour or less". Seconds.
pub const ACCESS_TOKEN_LONG: i64 = 3_600;
pub const ACCESS_TOKEN_LONGEST: i64 = 86_400;
/// Sessions that last longer than this are hardly meant so. Seconds.
const SESSION_LONGEST: i64 = 30 * 86_400;
const REMEMBERED_LONGEST: i64 = 400 * 86_400;
const DEVICE_CODE_LONGEST: i64 = 1_800;

static CODE_LIVES_LONG: Rule = Rule {
    id: "code-lives-long",
    severity: Violation,
    risk: "A code that leaks through a log, a browser's history or a proxy can be tried for a long time.",
    remedy: "Set accessCodeLifespan (Realm settings, Tokens, Client login timeout) to 60 seconds, and to no more than 600.",
    reference: "ASVS 5.0 10.4.3; RFC 6749 section 4.1.2",
};
static CODE_LIVES_OVER_A_MINUTE: Rule = Rule {
    id: "code-lives-over-a-minute",
    severity: Warning,
    risk: "A code that leaks can be tried for longer than an application needs to redeem it.",
    remedy: "Set accessCodeLifespan (Realm settings, Tokens, Client login timeout) to 60 seconds.",
    reference: "ASVS 5.0 10.4.3 (level 3); FAPI 2.0 Security Profile section 5.3.2.1",
};
static ACCESS_TOKEN_LIVES_LONG: Rule = Rule {
    id: "access-token-lives-long",
    severity: Warning,
    risk: "Services that check access tokens by themselves honour a stolen one, and one of a user who was locked out, until it ends.",
    remedy: "Set accessTokenLifespan and accessTokenLifespanForImplicitFlow to minutes; refresh tokens keep users logged in.",
    reference: "RFC 6750 section 5.3; RFC 9700 section 4.10",
};
static ACCESS_TOKEN_LIVES_VERY_LONG: Rule = Rule {
    id: "access-token-lives-very-long",
    severity: Violation,
    risk: "A stolen access token is good for more than a day, and services that check it by themselves never hear that it was revoked.",
    remedy: "Set accessTokenLifespan and accessTokenLifespanForImplicitFlow to minutes; refresh tokens keep users logged in.",
    reference: "RFC 6750 section 5.3; RFC 9700 section 4.10",
};
static REFRESH_ROTATION_OFF: Rule = Rule {
    id: "refresh-rotation-off",
    severity: Violation,
    risk: "Public clients have no secret: whoever copies a refresh token uses it beside the application, and nobody notices.",
    remedy: "Set revokeRefreshToken to true (Realm settings, Tokens). A token that is used twice then ends all that came of it.",
    reference: "ASVS 5.0 10.4.5; RFC 9700 section 4.14.2",
};
static REFRESH_REUSE: Rule = Rule {
    id: "refresh-token-may-be-reused",
    severity: Warning,
    risk: "A copied refresh token can be used again so often before anybody notices.",
    remedy: "Set refreshTokenMaxReuse to 0, unless an application sends requests twice and can't be mended.",
    reference: "ASVS 5.0 10.4.5; RFC 9700 section 4.14.2",
};
static REFRESH_NEVER_ENDS: Rule = Rule {
    id: "refresh-token-never-ends",
    severity: Violation,
    risk: "An offline refresh token lives for as long as it is used: one that was stolen once is good for ever.",
    remedy: "Set offlineSessionMaxLifespanEnabled to true, and offlineSessionMaxLifespan to the time after which users may be asked to log in again.",
    reference: "ASVS 5.0 10.4.8; RFC 9700 section 4.14.2",
};
static SESSION_LIVES_LONG: Rule = Rule {
    id: "session-lives-long",
    severity: Warning,
    risk: "A browser that was left logged in, and every refresh token of the session, stay good for a very long time.",
    remedy: "Set ssoSessionMaxLifespan to 30 days at the most, and ssoSessionMaxLifespanRememberMe to 400.",
    reference: "ASVS 5.0 7.3.2; ASVS 5.0 10.4.8",
};
static DEVICE_CODE_LIVES_LONG: Rule = Rule {
    id: "device-code-lives-long",
    severity: Warning,
    risk: "Who talks a user into approving somebody else's device has all this time for it, and codes can be guessed for longer.",
    remedy: "Set oauth2DeviceCodeLifespan to 600 seconds, and to no more than 1800.",
    reference: "RFC 8628 sections 5.1 and 5.4",
};

pub(super) const RULES: &[&Rule] = &[
    &CODE_LIVES_LONG,
    &CODE_LIVES_OVER_A_MINUTE,
    &ACCESS_TOKEN_LIVES_LONG,
    &ACCESS_TOKEN_LIVES_VERY_LONG,
    &REFRESH_ROTATION_OFF,
    &REFRESH_REUSE,
    &REFRESH_NEVER_ENDS,
    &SESSION_LIVES_LONG,
    &DEVICE_CODE_LIVES_LONG,
];

pub(super) fn check(facts: &RealmFacts<'_>, findings: &mut Findings<'_>) {
    let settings = &facts.realm.settings;
    let code = settings.access_code_lifespan;
    match code {
        code if code <= CODE_LEVEL_3 => {}
        code if code <= CODE_LONGEST => {
            findings.add(&CODE_LIVES_OVER_A_MINUTE, format!("A code lives for {code} seconds."));
        }
        _ => findings.add(&CODE_LIVES_LONG, format!("A code lives for {code} seconds.")),
    }
    for (name, seconds) in [
        ("accessTokenLifespan", settings.access_token_lifespan),
        ("accessTokenLifespanForImplicitFlow", settings.access_token_lifespan_for_implicit_flow),
    ] {
        match seconds {
            seconds if seconds <= ACCESS_TOKEN_LONG => {}
            seconds if seconds <= ACCESS_TOKEN_LONGEST => {
                findings.add(&ACCESS_TOKEN_LIVES_LONG, format!("{name} is {seconds} seconds."));
            }
            _ => findings.add(&ACCESS_TOKEN_LIVES_VERY_LONG, format!("{name} is {seconds} seconds.")),
        }
    }
    let reuse = settings.refresh_token_max_reuse;
    match (settings.revoke_refresh_token, reuse) {
        (false, _) => findings.add(&REFRESH_ROTATION_OFF, "A refresh token is good any number of times."),
        (true, 1..) => findings.add(&REFRESH_REUSE, format!("A refresh token may be used again {reuse} times.")),
        (true, _) => {}
    }
    if !settings.offline_session_max_lifespan_enabled {
        let idle = settings.offline_session_idle_timeout;
        let found = format!("Offline sessions end only when they were not used for {idle} seconds.");
        findings.add(&REFRESH_NEVER_ENDS, found);
    }
    for (name, seconds, longest) in [
        ("ssoSessionMaxLifespan", settings.sso_session_max_lifespan, SESSION_LONGEST),
        ("ssoSessionMaxLifespanRememberMe", settings.sso_session_max_lifespan_remember_me, REMEMBERED_LONGEST),
        ("offlineSessionMaxLifespan", settings.offline_session_max_lifespan, REMEMBERED_LONGEST),
    ] {
        if seconds > longest {
            findings.add(&SESSION_LIVES_LONG, format!("{name} is {} days.", seconds / 86_400));
        }
    }
    let device = settings.oauth2_device_code_lifespan;
    if device > DEVICE_CODE_LONGEST {
        findings.add(&DEVICE_CODE_LIVES_LONG, format!("A device code lives for {device} seconds."));
    }
}
