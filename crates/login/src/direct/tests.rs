use std::collections::BTreeMap;

use services::store::login::{DISABLED_REASON, LoginFailures, PERMANENT_LOCKOUT};

use super::*;

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;
const RIGHT: Judgement = Judgement { right: true, outdated: false };
const WRONG: Judgement = Judgement { right: false, outdated: false };

fn record() -> LoginRecord {
    LoginRecord {
        user: User {
            id: "u".into(),
            username: "alice".to_owned(),
            email: None,
            email_verified: false,
            first_name: None,
            last_name: None,
            enabled: true,
            created: NOW,
            not_before: 0,
            attributes: BTreeMap::new(),
            required_actions: Vec::new(),
            service_account_of: None,
        },
        given: Assignments::default(),
        password: Some(Credential {
            id: "c".into(),
            kind: "password".to_owned(),
            label: None,
            created: NOW,
            credential_data: String::new(),
            secret_data: Secret::new(String::new()),
            priority: 10,
        }),
        failures: None,
    }
}

fn why(record: &LoginRecord, judgement: Judgement) -> Option<Reason> {
    refusal(Some(record), judgement, true, NOW)
}

#[test]
fn a_right_password_of_a_good_account_is_accepted() {
    assert_eq!(why(&record(), RIGHT), None);
    assert_eq!(why(&record(), WRONG), Some(Reason::WrongPassword));
    assert_eq!(refusal(None, RIGHT, true, NOW), Some(Reason::UnknownUser));
}

#[test]
fn the_state_of_the_account_comes_before_the_password() {
    let mut disabled = record();
    disabled.user.enabled = false;
    let mut locked_for_good = disabled.clone();
    locked_for_good.user.attributes.insert(DISABLED_REASON.to_owned(), vec![PERMANENT_LOCKOUT.to_owned()]);
    let mut of_client = record();
    of_client.user.service_account_of = Some("client".into());
    let mut locked = record();
    locked.failures = Some(LoginFailures {
        failures: 30,
        temporary_lockouts: 1,
        last_failure: NOW,
        last_ip: None,
        locked_until: Some(NOW + Duration::SECOND),
    });
    let mut without = record();
    without.password = None;
    for judgement in [RIGHT, WRONG] {
        assert_eq!(why(&disabled, judgement), Some(Reason::Disabled));
        assert_eq!(why(&locked_for_good, judgement), Some(Reason::PermanentlyLocked));
        assert_eq!(why(&of_client, judgement), Some(Reason::ServiceAccount));
        assert_eq!(why(&locked, judgement), Some(Reason::TemporarilyLocked));
        assert_eq!(why(&without, judgement), Some(Reason::NoPassword));
    }
    assert_eq!(refusal(Some(&locked), RIGHT, false, NOW), None);
    assert_eq!(refusal(Some(&locked), RIGHT, true, NOW + Duration::SECOND), None);
}

#[test]
fn an_old_password_must_be_changed() {
    let record = record();
    let policy: PasswordPolicy = "forceExpiredPasswordChange(2)".parse().unwrap();
    let due = |days| due_actions(&record.user, record.password.as_ref(), &policy, NOW + Duration::days(days));
    assert!(due(1).is_empty());
    assert_eq!(due(2), [UPDATE_PASSWORD]);
    let mut user = record.user.clone();
    user.required_actions = vec![UPDATE_PASSWORD.to_owned()];
    assert_eq!(due_actions(&user, record.password.as_ref(), &policy, NOW + Duration::days(3)), [UPDATE_PASSWORD]);
}
