use super::*;
use crate::testing::client;

fn settings(attributes: &[(&str, &str)]) -> Result<RegistrySettings, Vec<Problem>> {
    RegistrySettings::parse(&client("registry", attributes))
}

#[test]
fn defaults_fit_every_registry() {
    let settings = settings(&[]).unwrap();
    assert_eq!(settings.token_lifespan, 900);
    assert_eq!(settings.algorithm, SignatureAlgorithm::Rs256);
    assert_eq!(settings.header, TokenHeader::X5c);
    assert_eq!(settings.identity_token_lifespan, Some(7_776_000));
    assert!(settings.services.is_empty() && settings.fits_registry_2());
}

#[test]
fn attributes_are_read() {
    let settings = settings(&[
        (TOKEN_LIFESPAN, "60"),
        (TOKEN_ALGORITHM, "ES256"),
        (TOKEN_HEADER, "thumbprint"),
        (SERVICES, "a, b##c\nd registry a"),
        (IDENTITY_TOKEN_LIFESPAN, "0"),
        ("other", "kept"),
    ])
    .unwrap();
    assert_eq!(settings.token_lifespan, 60);
    assert_eq!(settings.algorithm, SignatureAlgorithm::Es256);
    assert_eq!(settings.header, TokenHeader::Thumbprint);
    assert_eq!(settings.services, ["a", "b", "c", "d"]);
    assert_eq!(settings.identity_token_lifespan, None);
    assert!(!settings.fits_registry_2());
}

#[test]
fn bad_values_are_named() {
    for (name, value) in [
        (TOKEN_LIFESPAN, "59"),
        (TOKEN_LIFESPAN, "86401"),
        (TOKEN_LIFESPAN, "5m"),
        (TOKEN_LIFESPAN, "-1"),
        (TOKEN_ALGORITHM, "PS256"),
        (TOKEN_ALGORITHM, "none"),
        (TOKEN_ALGORITHM, "HS256"),
        (TOKEN_HEADER, "jwk"),
        (IDENTITY_TOKEN_LIFESPAN, "59"),
        (IDENTITY_TOKEN_LIFESPAN, "999999999999"),
    ] {
        let problems = settings(&[(name, value)]).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].field, name);
        assert!(problems[0].message.contains(&format!("`{value}`")), "{}", problems[0]);
    }
    let long = "x".repeat(256);
    assert_eq!(settings(&[(SERVICES, &long)]).unwrap_err()[0].field, SERVICES);
    let many = (0..51).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    assert_eq!(settings(&[(SERVICES, &many)]).unwrap_err()[0].field, SERVICES);
    assert_eq!(RegistrySettings::parse(&client(&long, &[])).unwrap_err()[0].field, "clientId");
}

#[test]
fn combinations_that_no_registry_verifies_are_refused() {
    assert_eq!(settings(&[(TOKEN_ALGORITHM, "EdDSA"), (TOKEN_HEADER, "libtrust")]).unwrap_err()[0].field, TOKEN_HEADER);
    assert!(settings(&[(TOKEN_ALGORITHM, "EdDSA")]).is_ok());
    assert!(settings(&[(TOKEN_ALGORITHM, "EdDSA"), (TOKEN_HEADER, "thumbprint")]).is_ok());
    assert!(settings(&[(TOKEN_ALGORITHM, "ES256"), (TOKEN_HEADER, "libtrust")]).is_ok());
}
