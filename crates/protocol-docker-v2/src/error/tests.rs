use super::*;

fn all() -> Vec<TokenError> {
    vec![
        TokenError::InvalidCredentials,
        TokenError::CredentialsRequired,
        TokenError::InvalidIdentityToken,
        TokenError::MissingField("service"),
        TokenError::InvalidRequest("The field service occurs twice.".to_owned()),
        TokenError::UnsupportedGrantType,
        TokenError::UnknownService,
        TokenError::TooMuch(TooManyScopes::Count.to_string()),
        TokenError::UnknownRealm,
        TokenError::NotFound,
        TokenError::MethodNotAllowed,
        TokenError::BodyTooLarge,
        TokenError::UnsupportedMediaType,
        TokenError::TlsRequired,
        TokenError::RateLimited(0),
        TokenError::Unavailable(7),
        TokenError::Internal,
    ]
}

#[test]
fn pitfall_32_every_refusal_speaks_both_dialects_and_carries_its_id() {
    for error in all() {
        let body = error.body("0192-x");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.ends_with("(id 0192-x).") && !message.contains(".."), "{message}");
        assert_eq!(body["error_description"], message);
        assert!(body["error"].as_str().is_some_and(|code| !code.is_empty()));
        assert!(body["errors"][0]["code"].as_str().is_some_and(|code| !code.is_empty()));
        assert_eq!(error.challenge("acme").is_some(), error.status() == 401, "{error:?}");
        assert!((400..=503).contains(&error.status()));
    }
}

#[test]
fn pitfall_16_one_answer_for_every_failed_login() {
    let error = TokenError::InvalidCredentials;
    assert_eq!(error.status(), 401);
    assert!(error.message("i").starts_with("The user name or password is wrong."));
    assert_eq!(error.challenge("a \"realm\"\r\nX: y").unwrap(), "Basic realm=\"a realmX: y\", charset=\"UTF-8\"");
}

#[test]
fn waiting_is_told_in_seconds() {
    assert_eq!(TokenError::Unavailable(7).retry_after(), Some(7));
    assert_eq!(TokenError::RateLimited(0).retry_after(), Some(1));
    assert_eq!(TokenError::Internal.retry_after(), None);
}
