//! ID tokens (`OpenID` Connect Core, sections 2, 3.1.3.7 and 5.1).

use serde_json::Value;
use tests::jwt::{Jwt, half_hash};

/// How far the provider's clock may be off, in seconds.
const LEEWAY: i64 = 300;

/// Everything but the signature.
#[track_caller]
pub fn check(jwt: &Jwt, issuer: &str, client_id: &str, nonce: Option<&str>, now: i64) {
    let claims = &jwt.claims;
    assert_eq!(claims["iss"], issuer);
    match &claims["aud"] {
        Value::String(audience) => assert_eq!(audience, client_id),
        Value::Array(audiences) => {
            assert!(audiences.iter().any(|audience| audience == client_id), "aud is {audiences:?}");
            assert!(audiences.len() == 1 || claims["azp"] == client_id, "{claims}");
        }
        other => panic!("aud is {other}"),
    }
    assert!(claims["azp"].is_null() || claims["azp"] == client_id, "azp is {}", claims["azp"]);
    let time = |name: &str| claims[name].as_i64().unwrap_or_else(|| panic!("{name} is {}", claims[name]));
    assert!(time("exp") > now, "it has expired: {claims}");
    assert!((time("iat") - now).abs() <= LEEWAY, "iat is far off: {claims}");
    assert!(claims["nbf"].is_null() || time("nbf") <= now, "nbf is later: {claims}");
    if !claims["auth_time"].is_null() {
        assert!(time("auth_time") <= now && time("auth_time") > now - 86_400, "auth_time is odd: {claims}");
    }
    assert_eq!(claims["nonce"].as_str(), nonce, "nonce");
    let subject = claims["sub"].as_str().expect("a sub");
    assert!(!subject.is_empty() && subject.len() <= 255 && subject.is_ascii(), "sub is {subject}");
    assert!(claims["acr"].is_null() || claims["acr"].is_string(), "acr is {}", claims["acr"]);
    standard_claims(claims);
}

/// Every standard claim that is there has its type, and none is empty.
#[track_caller]
pub fn standard_claims(claims: &Value) {
    for (name, value) in claims.as_object().expect("claims") {
        assert!(!value.is_null() && value != "", "{name} is empty");
        let is_good = match name.as_str() {
            "email_verified" | "phone_number_verified" => value.is_boolean(),
            "updated_at" | "auth_time" | "exp" | "iat" => value.is_number(),
            "name" | "given_name" | "family_name" | "middle_name" | "nickname" | "preferred_username" | "profile"
            | "picture" | "website" | "email" | "gender" | "zoneinfo" | "locale" | "phone_number" => value.is_string(),
            "birthdate" => value.as_str().is_some_and(is_date),
            "address" => {
                let members = value.as_object();
                members.is_some_and(|members| !members.is_empty() && members.values().all(Value::is_string))
            }
            _ => true,
        };
        assert!(is_good, "{name} is {value}");
    }
}

/// `YYYY-MM-DD`, also with 0000 for a year that is not told, or only the year.
fn is_date(text: &str) -> bool {
    let digits = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year] => digits(year, 4),
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    }
}

/// A hash is right if it is there. It has to be there where what it is of came along, if `must`.
#[track_caller]
pub fn hash(jwt: &Jwt, name: &str, of: Option<&str>, must: bool) {
    match (jwt.claims[name].as_str(), of) {
        (Some(hash), Some(of)) => assert_eq!(hash, half_hash(jwt.algorithm(), of), "{name}"),
        (None, Some(_)) => assert!(!must, "there is no {name}: {}", jwt.claims),
        (hash, None) => assert_eq!(hash, None, "{name} of nothing"),
    }
}

/// Both ID tokens of a hybrid flow (`OpenID` Connect Core, section 3.3.3.6).
#[track_caller]
pub fn same_user(front: &Jwt, back: &Jwt) {
    for name in ["iss", "sub", "auth_time"] {
        assert_eq!(front.claims[name], back.claims[name], "{name}");
    }
}

#[test]
fn dates_may_hide_the_year() {
    assert!(is_date("1852-05-04") && is_date("0000-05-04") && is_date("1852"));
    assert!(!is_date("4 May 1852") && !is_date("1852-5-4") && !is_date(""));
}
