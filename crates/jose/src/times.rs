//! The time claims of a token (RFC 7519 sections 4.1.4 to 4.1.6).

use serde_json::Value;

use crate::error::Error;

/// Checks `exp`, `nbf` and `iat` against `now`, seconds since 1970, allowing clocks to differ by `leeway` seconds.
/// `exp` must be there; the others are checked if they are.
///
/// # Errors
/// [`Error::MissingClaim`] without `exp`, [`Error::ClaimType`] if a claim isn't a number, [`Error::Expired`] from
/// `exp` on, [`Error::NotYetValid`] before `nbf` or `iat`.
pub fn check_times(claims: &Value, now: i64, leeway: u32) -> Result<(), Error> {
    if claims.get("exp").is_none() {
        return Err(Error::MissingClaim("exp"));
    }
    check_times_without_expiry(claims, now, leeway)
}

/// The same for tokens that may live without `exp`, such as offline tokens, whose session holds the expiry.
///
/// # Errors
/// As [`check_times`], but a missing `exp` is allowed.
pub fn check_times_without_expiry(claims: &Value, now: i64, leeway: u32) -> Result<(), Error> {
    let leeway = i64::from(leeway);
    if numeric_date(claims, "exp")?.is_some_and(|expiry| now >= expiry.saturating_add(leeway)) {
        return Err(Error::Expired);
    }
    for name in ["nbf", "iat"] {
        if numeric_date(claims, name)?.is_some_and(|start| start > now.saturating_add(leeway)) {
            return Err(Error::NotYetValid);
        }
    }
    Ok(())
}

/// A NumericDate (RFC 7519 section 2): seconds, possibly with a fraction, which is cut off.
fn numeric_date(claims: &Value, name: &'static str) -> Result<Option<i64>, Error> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    // A float beyond the range becomes the nearest end of it, which is what an absurd date should do.
    let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64));
    seconds.map(Some).ok_or(Error::ClaimType(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_expires_at_its_exp_plus_leeway() {
        let claims = json!({"exp": 100});
        assert_eq!(check_times(&claims, 99, 0), Ok(()));
        assert_eq!(check_times(&claims, 100, 0), Err(Error::Expired));
        assert_eq!(check_times(&claims, 109, 10), Ok(()));
        assert_eq!(check_times(&claims, 110, 10), Err(Error::Expired));
    }

    #[test]
    fn nbf_and_iat_in_the_future_are_refused_beyond_the_leeway() {
        for name in ["nbf", "iat"] {
            let claims = json!({"exp": 1000, name: 100});
            assert_eq!(check_times(&claims, 100, 0), Ok(()));
            assert_eq!(check_times(&claims, 99, 0), Err(Error::NotYetValid));
            assert_eq!(check_times(&claims, 90, 10), Ok(()));
        }
    }

    #[test]
    fn only_one_of_the_two_needs_exp() {
        assert_eq!(check_times(&json!({}), 0, 0), Err(Error::MissingClaim("exp")));
        assert_eq!(check_times_without_expiry(&json!({}), 0, 0), Ok(()));
    }

    #[test]
    fn odd_numbers_and_types() {
        assert_eq!(check_times(&json!({"exp": "100"}), 0, 0), Err(Error::ClaimType("exp")));
        assert_eq!(check_times(&json!({"exp": null}), 0, 0), Err(Error::ClaimType("exp")));
        assert_eq!(check_times(&json!({"exp": 100.9}), 100, 0), Err(Error::Expired));
        assert_eq!(check_times(&json!({"exp": i64::MAX}), i64::MAX - 1, u32::MAX), Ok(()));
        assert_eq!(check_times(&json!({"exp": 1e300}), 1, 0), Ok(()));
        assert_eq!(check_times(&json!({"exp": -1e300}), 1, 0), Err(Error::Expired));
    }
}
