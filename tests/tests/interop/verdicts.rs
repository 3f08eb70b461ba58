//! What registries 2.8.2, 3.0.0 and 3.1.1 say about the tokens of every header and algorithm.

use serde_json::json;
use tests::{
    TestServer,
    docker::claims,
    verifier::{
        RegistryVersion::{self, V2_8, V3_0, V3_1},
        Sources::{self, Both, Bundle, Jwks},
        allows,
    },
};

use super::fixture::{ALICE, REALM, SERVICE, realm};

const COLUMNS: [(RegistryVersion, Sources); 7] =
    [(V2_8, Bundle), (V3_0, Bundle), (V3_0, Jwks), (V3_0, Both), (V3_1, Bundle), (V3_1, Jwks), (V3_1, Both)];

#[tokio::test]
async fn tokens_of_every_header_and_algorithm() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (client, _) = realm(&admin, json!({})).await;
    let docker = server.docker(REALM);
    // Accepted is 1, in the order of the columns above.
    for (header, algorithm, expected) in [
        ("x5c", "RS256", "11.11.1"),
        ("x5c", "ES256", "11.11.1"),
        ("x5c", "EdDSA", ".1.11.1"),
        ("libtrust", "RS256", "1.11.11"),
        ("libtrust", "ES256", "1.11.11"),
        ("thumbprint", "RS256", ".111111"),
        // 3.0.0 has wrong thumbprints for certificates of EC keys.
        ("thumbprint", "ES256", "..11111"),
        // No certificate of an Ed25519 key is in the bundle, because registry 2.8 would not start with it.
        ("thumbprint", "EdDSA", "..11.11"),
    ] {
        let attributes = json!({"docker.token.header": header, "access.token.signed.response.alg": algorithm});
        admin.set_attributes(REALM, &client, attributes).await;
        let answer = docker.get(SERVICE, &["repository:team/app:*"], Some(ALICE), &[]).await.expect(200).json();
        let token = answer["token"].as_str().unwrap();
        let claims = claims(token);
        let now = claims["iat"].as_i64().unwrap();
        let trust = docker.trust().await;
        let judge =
            |(version, sources)| trust.verdict(version, sources, token, &docker.issuer(), SERVICE, now).accepted();
        let verdicts: String = COLUMNS.iter().map(|column| if judge(*column) { '1' } else { '.' }).collect();
        assert_eq!(verdicts, expected, "{header} {algorithm}");
        for action in ["pull", "push", "delete", "*"] {
            assert!(allows(&claims, "repository", "team/app", action), "{claims}");
        }
        assert!(!allows(&claims, "repository", "team/other", "pull"));
        // At the end of its life, with the leeway of the registries, and not beyond.
        let end = claims["exp"].as_i64().unwrap();
        let late = |now| trust.verdict(V3_1, Both, token, &docker.issuer(), SERVICE, now).accepted();
        assert_eq!((late(end + 60), late(end + 61)), (true, false));
    }
}

#[tokio::test]
async fn other_realms_and_services_are_not_served() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let _ = realm(&admin, json!({})).await;
    admin.create_realm("other").await;
    let docker = server.docker(REALM);
    let answer = docker.get(SERVICE, &[], Some(ALICE), &[]).await.expect(200).json();
    let token = answer["token"].as_str().unwrap();
    let now = claims(token)["iat"].as_i64().unwrap();
    let (own, others) = (docker.trust().await, server.docker("other").trust().await);
    for version in [V2_8, V3_0, V3_1] {
        assert!(own.verdict(version, Bundle, token, &docker.issuer(), SERVICE, now).accepted());
        assert!(!own.verdict(version, Bundle, token, &docker.issuer(), "another", now).accepted());
        assert!(!own.verdict(version, Bundle, token, &server.docker("other").issuer(), SERVICE, now).accepted());
        assert!(!others.verdict(version, Bundle, token, &docker.issuer(), SERVICE, now).accepted());
    }
}
