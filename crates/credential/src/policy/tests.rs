use proptest::prelude::*;

use super::*;

fn policy(text: &str) -> PasswordPolicy {
    text.parse().unwrap()
}

fn key(policy_text: &str, password: &str) -> Option<&'static str> {
    policy(policy_text).check(password, "Alice", Some("alice@example.org")).err().map(|violation| violation.key)
}

#[test]
fn each_rule_refuses_with_its_key() {
    let cases = [
        ("length(8)", "1234567", "12345678", "invalidPasswordMinLengthMessage"),
        ("maxLength(3)", "abcd", "abc", "invalidPasswordMaxLengthMessage"),
        ("digits(2)", "a1b", "a1b2", "invalidPasswordMinDigitsMessage"),
        ("lowerCase", "ABC", "ABc", "invalidPasswordMinLowerCaseCharsMessage"),
        ("upperCase()", "abc", "abC", "invalidPasswordMinUpperCaseCharsMessage"),
        ("specialChars(1)", "abc1", "abc!", "invalidPasswordMinSpecialCharsMessage"),
        ("notUsername(undefined)", "aLICE", "alice2", "invalidPasswordNotUsernameMessage"),
        ("notContainsUsername", "xaLiCEx", "alic", "invalidPasswordNotContainsUsernameMessage"),
        ("notEmail", "Alice@Example.org", "alice@example.com", "invalidPasswordNotEmailMessage"),
        ("regexPattern(a+|(b))", "ab", "aa", "invalidPasswordRegexPatternMessage"),
    ];
    for (text, bad, good, expected) in cases {
        assert_eq!(key(text, bad), Some(expected), "{text}");
        assert_eq!(key(text, good), None, "{text}");
    }
}

#[test]
fn lengths_count_characters_not_bytes() {
    assert_eq!(key("length(4) and maxLength(4)", "äöü€"), None);
}

#[test]
fn violations_speak_plainly_and_carry_their_number() {
    let violation = policy("length(8)").check("x", "a", None).unwrap_err();
    assert_eq!(violation.params, ["8"]);
    assert_eq!(violation.text, "The password must have at least 8 characters.");
    assert_eq!(policy("digits").check("x", "a", None).unwrap_err().text, "The password must have at least 1 digit.");
    assert_eq!(PolicyViolation::history(3).text, "The password must not be one of the last 3.");
    assert_eq!(PolicyViolation::blacklisted().key, "invalidPasswordBlacklistedMessage");
    assert_eq!(PolicyViolation::recently_used(1).text, "The password must not have been used within the last 1 day.");
}

#[test]
fn the_first_broken_rule_is_told() {
    assert_eq!(key("digits(1) and length(8)", "x"), Some("invalidPasswordMinDigitsMessage"));
}

#[test]
fn an_absent_username_or_email_matches_nothing() {
    assert_eq!(policy("notUsername and notContainsUsername and notEmail").check("", "", None), Ok(()));
}

#[test]
fn every_id_is_read_with_its_default() {
    let text = "length and maxLength and digits and lowerCase and upperCase and specialChars and notUsername and \
                notContainsUsername and notEmail and passwordHistory and passwordAge and forceExpiredPasswordChange \
                and hashAlgorithm and hashIterations and maxAuthAge and recoveryCodesWarningThreshold";
    let policy = policy(text);
    assert_eq!(policy.rules().next(), Some(&Rule::Length(8)));
    assert_eq!(policy.rules().nth(1), Some(&Rule::MaxLength(64)));
    assert_eq!(policy.password_history(), Some(3));
    assert_eq!(policy.password_age(), Some(30 * 86_400));
    assert_eq!(policy.password_lifetime(), Some(365 * 86_400));
    assert_eq!(policy.max_auth_age(), Some(300));
    assert_eq!(policy.argon2_parameters(), Argon2Parameters::default());
    assert_eq!(policy.to_string(), text);
}

#[test]
fn the_cost_of_new_hashes_follows_the_policy_within_bounds() {
    let iterations = |text: &str| policy(text).argon2_parameters().iterations;
    assert_eq!(iterations("hashIterations(7)"), 7);
    assert_eq!(iterations("hashIterations(7) and hashAlgorithm(argon2)"), 7);
    assert_eq!(iterations("hashIterations(7) and hashAlgorithm(pbkdf2-sha256)"), 5);
    assert_eq!(iterations("hashIterations(27500)"), 5);
    assert_eq!(iterations("hashIterations(0)"), 5);
    assert_eq!(iterations("hashIterations(-1)"), 5);
    assert_eq!(iterations(""), 5);
}

#[test]
fn mistakes_name_the_part() {
    let cases = [
        ("length(8) and foo(1)", "foo(1)"),
        ("length(x)", "length(x)"),
        ("length(-1)", "length(-1)"),
        ("digits(4294967295)", "digits(4294967295)"),
        ("length(8", "length(8"),
        ("length(8) and length(9)", "length(9)"),
        ("length(8) and  and digits", ""),
        ("regexPattern([)", "regexPattern([)"),
        ("regexPattern", "regexPattern"),
        ("regexPattern(a)|(?:b)", "regexPattern(a)|(?:b)"),
        ("regexPattern((?=x)y)", "regexPattern((?=x)y)"),
        (r"regexPattern(\w{1000}{1000})", r"regexPattern(\w{1000}{1000})"),
        ("passwordBlacklist(../x)", "passwordBlacklist(../x)"),
        ("passwordBlacklist", "passwordBlacklist"),
        ("hashAlgorithm(md5)", "hashAlgorithm(md5)"),
    ];
    for (text, part) in cases {
        let error = text.parse::<PasswordPolicy>().unwrap_err();
        assert_eq!(error.part, part, "{text}");
        assert!(error.to_string().contains("password policy"));
    }
    assert!("length".repeat(5000).parse::<PasswordPolicy>().is_err());
}

#[test]
fn values_may_hold_brackets_and_patterns_may_repeat() {
    let policy = policy("regexPattern((ab)+) and regexPattern(.{4}) and passwordBlacklist(10_million.txt)");
    assert_eq!(policy.check("abab", "u", None), Ok(()));
    assert!(policy.check("ab", "u", None).is_err());
    assert_eq!(policy.password_blacklist(), Some("10_million.txt"));
    assert_eq!(policy.to_string(), "regexPattern((ab)+) and regexPattern(.{4}) and passwordBlacklist(10_million.txt)");
}

#[test]
fn an_empty_policy_allows_everything_and_is_written_empty() {
    assert_eq!(policy("  ").to_string(), "");
    assert_eq!(PasswordPolicy::default().check("", "", None), Ok(()));
}

/// Any policy without repeated rules, as text in the form that is written.
fn any_policy() -> impl Strategy<Value = String> {
    let numbers = prop::sample::subsequence(
        vec![
            "length",
            "maxLength",
            "digits",
            "lowerCase",
            "upperCase",
            "specialChars",
            "passwordHistory",
            "passwordAge",
            "forceExpiredPasswordChange",
            "hashIterations",
            "maxAuthAge",
            "recoveryCodesWarningThreshold",
        ],
        0..12,
    );
    let flags =
        prop::sample::subsequence(vec!["notUsername", "notContainsUsername", "notEmail", "hashAlgorithm"], 0..4);
    let patterns = prop::collection::vec("[a-z.]{1,5}[+*]?", 0..3);
    (numbers, prop::collection::vec(0..=i32::MAX, 12), flags, patterns).prop_map(|(ids, values, flags, patterns)| {
        let numbers = ids.iter().zip(values).map(|(id, value)| format!("{id}({value})"));
        let patterns = patterns.iter().map(|pattern| format!("regexPattern({pattern})"));
        let parts: Vec<_> = flags.iter().map(|id| (*id).to_owned()).chain(numbers).chain(patterns).collect();
        parts.join(SEPARATOR)
    })
}

proptest! {
    #[test]
    fn a_policy_is_written_as_it_was_read(text in any_policy()) {
        let policy: PasswordPolicy = text.parse().unwrap();
        prop_assert_eq!(policy.to_string(), text);
        prop_assert_eq!(policy.to_string().parse::<PasswordPolicy>().unwrap(), policy);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-zA-Z() -9]{0,60}", password in ".{0,30}") {
        if let Ok(policy) = text.parse::<PasswordPolicy>() {
            let _verdict = policy.check(&password, "alice", Some("alice@example.org"));
        }
    }
}
