use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::*;

const FORM: &str = "application/x-www-form-urlencoded";

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

fn get(query: &str, authorization: Option<&str>) -> Result<TokenRequest, TokenError> {
    let header: Vec<&[u8]> = authorization.iter().map(|header| header.as_bytes()).collect();
    TokenRequest::from_query(query.as_bytes(), &header)
}

fn post(body: &str) -> Result<TokenRequest, TokenError> {
    TokenRequest::from_form(body.as_bytes(), Some(FORM), &[])
}

#[test]
fn a_docker_login_is_read() {
    let query = "account=alice&client_id=docker&offline_token=true&service=my+registry";
    let request = get(query, Some(&basic("alice:pass:word"))).unwrap();
    assert_eq!(request.method, RequestMethod::Get);
    assert_eq!(request.service, "my registry");
    assert!(request.offline && request.scopes.is_empty());
    assert_eq!(request.account.as_deref(), Some("alice"));
    assert_eq!(request.client_label.as_deref(), Some("docker"));
    match request.credentials {
        Credentials::Password { username, password } => {
            assert_eq!((username.as_str(), password.expose()), ("alice", "pass:word"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn scopes_come_repeated_joined_or_empty() {
    let request =
        get("service=r&scope=repository%3Aa%3Apull&scope=repository:b:pull+repository:c:push&scope=", None).unwrap();
    assert_eq!(request.scopes, ["repository:a:pull", "repository:b:pull repository:c:push", ""]);
    assert!(matches!(request.credentials, Credentials::None));
    let request =
        post("grant_type=refresh_token&service=r&refresh_token=abc&scope=a%3Ab%3Ac&scope=d:e:f&client_id=x").unwrap();
    assert_eq!(request.scopes, ["a:b:c", "d:e:f"]);
    assert!(matches!(request.credentials, Credentials::IdentityToken(token) if token.expose() == "abc"));
}

#[test]
fn a_containerd_post_is_read() {
    let body = "client_id=containerd-client&grant_type=password&password=p%26w+%C3%A4&scope=x&service=r&username=alice&access_type=offline";
    let request =
        TokenRequest::from_form(body.as_bytes(), Some("application/x-www-form-urlencoded; charset=utf-8"), &[])
            .unwrap();
    assert!(request.offline);
    match request.credentials {
        Credentials::Password { password, .. } => assert_eq!(password.expose(), "p&w ä"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn pitfall_06_fields_are_decoded_once() {
    let request = get("service=r&scope=repository:a%252Fb:pull", None).unwrap();
    assert_eq!(request.scopes, ["repository:a%2Fb:pull"]);
}

#[test]
fn pitfall_13_bad_credentials_never_become_anonymous() {
    let long_name = basic(&format!("{}:x", "a".repeat(256)));
    let long_password = basic(&format!("a:{}", "x".repeat(4097)));
    let not_utf8 = format!("Basic {}", STANDARD.encode(b"a\xff:b"));
    for header in [
        "Basic Og==",
        "Basic ",
        "Basic",
        "",
        "Basic !!!",
        "Basic YWxpY2U=",
        "Bearer abc",
        "Negotiate abc",
        &basic(":password"),
        &basic("alice:"),
        &basic("ali\0ce:x"),
        &basic("alice:x\0"),
        &basic("ali\nce:x"),
        &not_utf8,
        &long_name,
        &long_password,
        &"x".repeat(100_000),
    ] {
        assert_eq!(get("service=r", Some(header)).unwrap_err(), TokenError::InvalidCredentials, "{header:.80}");
    }
    let twice: [&[u8]; 2] = [b"Basic YTpi", b"Basic YTpi"];
    assert_eq!(TokenRequest::from_query(b"service=r", &twice).unwrap_err(), TokenError::InvalidCredentials);
    assert!(get("service=r", Some("basic  YTpi")).is_ok());
    assert!(get("service=r", Some("BASIC YTpiYw")).is_ok());
}

#[test]
fn pitfall_14_account_must_be_the_user_who_logs_in() {
    let error = get("service=r&account=alice", Some(&basic("bob:x"))).unwrap_err();
    assert!(matches!(error, TokenError::InvalidRequest(_)));
    assert!(get("service=r&account=Alice", Some(&basic("alice:x"))).is_ok());
    assert!(get("service=r&account=", Some(&basic("alice:x"))).is_ok());
    assert!(matches!(get("service=r&account=alice", None).unwrap().credentials, Credentials::None));
}

#[test]
fn pitfall_15_client_id_is_a_label_of_any_content() {
    for label in ["docker", "%00%0a<script>", &"x".repeat(60_000), "%ff", ""] {
        let request = get(&format!("service=r&client_id={label}"), None).unwrap();
        let label = request.client_label.unwrap_or_default();
        assert!(label.chars().count() <= MAX_LABEL_LENGTH && !label.chars().any(char::is_control));
    }
    assert_eq!(get(&format!("service=r&client_id={}", "x".repeat(65_536)), None).unwrap_err().status(), 400);
}

#[test]
fn pitfall_33_fields_that_must_be_single_are() {
    for body in [
        "grant_type=password&grant_type=password&service=r&username=a&password=b",
        "grant_type=password&service=r&service=r&username=a&password=b",
        "grant_type=password&service=r&username=a&username=a&password=b",
        "grant_type=password&service=r&username=a&password=b&password=b",
        "grant_type=refresh_token&service=r&refresh_token=a&refresh_token=b",
        "grant_type=password&service=r&username=a&password=b&access_type=sometimes",
    ] {
        assert!(matches!(post(body).unwrap_err(), TokenError::InvalidRequest(_)), "{body}");
    }
    assert!(matches!(get("service=r&service=s", None).unwrap_err(), TokenError::InvalidRequest(_)));
    for (body, field) in [
        ("", "grant_type"),
        ("grant_type=&service=r", "grant_type"),
        ("grant_type=password", "service"),
        ("grant_type=password&service=", "service"),
        ("grant_type=password&service=r&password=b", "username"),
        ("grant_type=password&service=r&username=a", "password"),
        ("grant_type=refresh_token&service=r", "refresh_token"),
    ] {
        assert_eq!(post(body).unwrap_err(), TokenError::MissingField(field), "{body}");
    }
    assert_eq!(get("", None).unwrap_err(), TokenError::MissingField("service"));
    assert_eq!(get("service=", None).unwrap_err(), TokenError::MissingField("service"));
    assert_eq!(post("grant_type=client_credentials&service=r").unwrap_err(), TokenError::UnsupportedGrantType);
    for content_type in
        [None, Some(""), Some("application/json"), Some("text/plain; x=application/x-www-form-urlencoded")]
    {
        let error = TokenRequest::from_form(b"grant_type=password", content_type, &[]).unwrap_err();
        assert_eq!(error, TokenError::UnsupportedMediaType);
    }
    let both =
        TokenRequest::from_form(b"grant_type=password&service=r&username=a&password=b", Some(FORM), &[b"Basic YTpi"]);
    assert!(matches!(both.unwrap_err(), TokenError::InvalidRequest(_)));
}

#[test]
fn bad_credentials_in_a_form_are_a_failed_login() {
    for body in [
        "grant_type=password&service=r&username=&password=b",
        "grant_type=password&service=r&username=a&password=",
        "grant_type=password&service=r&username=a%00&password=b",
        "grant_type=password&service=r&username=a&password=b%ff",
    ] {
        assert_eq!(post(body).unwrap_err(), TokenError::InvalidCredentials, "{body}");
    }
    for token in ["", "a%20b", "a%00", &"x".repeat(4097)] {
        let error = post(&format!("grant_type=refresh_token&service=r&refresh_token={token}")).unwrap_err();
        assert_eq!(error, TokenError::InvalidIdentityToken);
    }
}

#[test]
fn services_that_no_client_can_have_are_unknown() {
    for service in ["a%00b", "a%0ab", &"x".repeat(256)] {
        assert_eq!(get(&format!("service={service}"), None).unwrap_err(), TokenError::UnknownService);
    }
    assert_eq!(get("service=a;b", None).unwrap().service, "a;b");
}

#[test]
fn pitfall_31_requests_print_no_secret() {
    let password = get("service=r", Some(&basic("alice:hunter2"))).unwrap();
    let token = post("grant_type=refresh_token&service=r&refresh_token=hunter2").unwrap();
    assert!(!format!("{password:?}{token:?}").contains("hunter2"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_bytes_make_the_readers_panic(
        form in prop::collection::vec(any::<u8>(), 0..300),
        header in prop::collection::vec(any::<u8>(), 0..100),
    ) {
        let _ = TokenRequest::from_query(&form, &[]);
        let _ = TokenRequest::from_query(&form, &[&header]);
        let _ = TokenRequest::from_query(b"service=r", &[&[b"Basic ", &header[..]].concat()]);
        let _ = TokenRequest::from_form(&form, Some(FORM), &[]);
        let _ = TokenRequest::from_form(&[b"grant_type=password&service=r&username=", &form[..]].concat(), Some(FORM), &[]);
    }

    #[test]
    fn credentials_arrive_as_sent(username in "[^:\\p{C}\u{fffd}]{1,60}", password in "[^\0\u{fffd}]{1,60}") {
        let request = get("service=r", Some(&basic(&format!("{username}:{password}")))).unwrap();
        match request.credentials {
            Credentials::Password { username: name, password: secret } => {
                prop_assert_eq!(name, username);
                prop_assert_eq!(secret.expose(), password);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
