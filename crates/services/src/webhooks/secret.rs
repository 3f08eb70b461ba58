//! The secret of a webhook and what is signed with it, as the Standard Webhooks specification (1.0.0) has them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::secret::Secret;
use representation::SecretText;
use zeroize::Zeroizing;

use crate::{Error, Result, Services, random};

/// How the text of a secret begins; base64 follows.
const PREFIX: &str = "whsec_";
/// How many bytes a secret may have.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// A new secret of 256 bits.
pub(super) fn new(services: &Services) -> Secret {
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(random::bytes::<32>(&*services.random))))
}

/// A secret that somebody chose.
///
/// # Errors
/// `Invalid` if it isn't in the form of one, which is told without it.
pub(super) fn given(text: SecretText) -> Result<Secret> {
    let secret = Secret::new(text.into_inner());
    bytes(&secret).map(|_| secret)
}

fn bytes(secret: &Secret) -> Result<Zeroizing<Vec<u8>>> {
    // The longest is checked first, so that nothing endless is decoded.
    let text = secret.expose().strip_prefix(PREFIX).filter(|text| text.len() <= 2 * LENGTHS.end());
    let bytes = text.and_then(|text| STANDARD.decode(text).ok()).map(Zeroizing::new);
    bytes.filter(|bytes| LENGTHS.contains(&bytes.len())).ok_or_else(|| {
        let (least, most) = (LENGTHS.start(), LENGTHS.end());
        Error::invalid("secret", format!("A secret is {PREFIX} and {least} to {most} bytes in base64"))
    })
}

/// The signature of a message: `v1,` and the HMAC with SHA-256 of id, moment and body with dots between them, in base64.
///
/// # Errors
/// If the secret can't be read, or the cryptographic library fails.
pub(super) fn signature(secret: &Secret, id: &str, moment: i64, body: &str) -> Result<String> {
    let mac = jose::hmac_sha256(&bytes(secret)?, format!("{id}.{moment}.{body}").as_bytes())?;
    Ok(format!("v1,{}", STANDARD.encode(mac)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn the_standard_has_an_example() {
        let secret = given("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).unwrap();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed.unwrap(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_bounded_and_not_told() {
        for bad in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_***"] {
            let error = given(bad.into()).unwrap_err().to_string();
            assert!(error.contains("24 to 64 bytes") && (bad.is_empty() || !error.contains("c2hvcnQ")), "{error}");
        }
        assert!(given(format!("whsec_{}", "A".repeat(100_000)).as_str().into()).is_err());
        assert!(given(format!("whsec_{}", STANDARD.encode([1; 64])).as_str().into()).is_ok());
    }
}
