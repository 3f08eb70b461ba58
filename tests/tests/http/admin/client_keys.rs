//! `certificates/{attr}` of a client: the key that it proves itself with, made here or brought along.

use base64::{Engine, engine::general_purpose::STANDARD};
use jose::{PreparedHeader, SignatureAlgorithm, SigningKey, key_store};
use openssl::{
    asn1::Asn1Time,
    bn::BigNum,
    hash::MessageDigest,
    pkcs12::Pkcs12,
    pkey::{PKey, Private},
    rsa::Rsa,
    x509::{X509, X509NameBuilder},
};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::http::support::{REALM, Reply, World, r, send};

const ATTR: &str = "jwt.credential";

/// A client that proves itself with a key.
async fn client(world: &World) -> String {
    let client = json!({
        "clientId": "robot", "serviceAccountsEnabled": true, "clientAuthenticatorType": "client-jwt",
        "redirectUris": [],
    });
    world.admin.post(&r("/clients"), client).await.created()
}

/// What the token endpoint says to a client that signs with this key (PKCS #8).
async fn proves(world: &World, pkcs8: &[u8], id: &str) -> Reply {
    let token_endpoint = world.url(&format!("/realms/{REALM}/protocol/openid-connect/token"));
    let now = world.server.services().now().unix_timestamp();
    let claims = json!({
        "iss": "robot", "sub": "robot", "aud": world.url(&format!("/realms/{REALM}")), "jti": id, "exp": now + 60,
    });
    let key = SigningKey::from_pkcs8_der(SignatureAlgorithm::Rs256, pkcs8).unwrap();
    let assertion =
        key.sign_jwt(&PreparedHeader::new(&json!({"alg": "RS256", "typ": "JWT"})).unwrap(), &claims).unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion.as_str()),
    ];
    send(world.http.post(token_endpoint).form(&form)).await
}

/// Somebody's key with its certificate.
fn own_key() -> (PKey<Private>, X509) {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "robot").unwrap();
    let name = name.build();
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_serial_number(&BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap()).unwrap();
    certificate.set_subject_name(&name).unwrap();
    certificate.set_issuer_name(&name).unwrap();
    certificate.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
    certificate.set_not_after(&Asn1Time::days_from_now(9).unwrap()).unwrap();
    certificate.set_pubkey(&key).unwrap();
    certificate.sign(&key, MessageDigest::sha256()).unwrap();
    (key, certificate.build())
}

async fn upload(world: &World, path: &str, format: &str, file: Vec<u8>, password: &str) -> Reply {
    let form = Form::new()
        .text("keystoreFormat", format.to_owned())
        .text("storePassword", password.to_owned())
        .part("file", Part::bytes(file).file_name("file"));
    send(world.admin.request(Method::POST, path).multipart(form)).await
}

#[tokio::test]
async fn a_key_that_is_made_here_is_the_clients_alone() {
    let world = World::start().await;
    world.admin.put(&r(""), json!({"adminEventsEnabled": true, "adminEventsDetailsEnabled": true})).await.expect(204);
    let api = &world.admin;
    let id = client(&world).await;
    let path = r(&format!("/clients/{id}/certificates/{ATTR}"));
    assert_eq!(api.read(&path).await, json!({}));
    // made and handed out once
    let made = api.post(&format!("{path}/generate"), json!({})).await.expect(200).json();
    let private = key_store::private_key_from_text(made["privateKey"].as_str().unwrap()).unwrap();
    assert_eq!(api.read(&path).await, json!({"certificate": made["certificate"]}));
    proves(&world, &private, "1").await.expect(200);
    let stranger = own_key().0.private_key_to_pkcs8().unwrap();
    proves(&world, &stranger, "2").await.expect(400);
    // a store of it: the key inside is the one whose certificate is known here from now on
    let store = json!({"format": "PKCS12", "keyAlias": "robot", "keyPassword": "pw", "storePassword": "pw",
        "realmCertificate": true, "keySize": 2048, "validity": 2});
    let reply = api.post(&format!("{path}/generate-and-download"), store.clone()).await.expect(200);
    assert_eq!(reply.header("content-type"), Some("application/octet-stream"));
    let read = Pkcs12::from_der(&reply.body).unwrap().parse2("pw").unwrap();
    let certificate = STANDARD.encode(read.cert.unwrap().to_der().unwrap());
    assert_eq!(api.read(&path).await, json!({"certificate": certificate}));
    assert_eq!(read.ca.map(|others| others.len()), Some(1), "the realm's certificate");
    proves(&world, &read.pkey.unwrap().private_key_to_pkcs8().unwrap(), "3").await.expect(200);
    proves(&world, &private, "4").await.expect(400);
    // what is kept is the certificate
    let reply = api.post(&format!("{path}/download"), store.clone()).await.expect(200);
    let read = Pkcs12::from_der(&reply.body).unwrap().parse2("pw").unwrap();
    assert!(read.pkey.is_none());
    // nobody else reads a private key
    let private = made["privateKey"].as_str().unwrap();
    for path in [r("/admin-events?max=100"), r(&format!("/clients/{id}"))] {
        assert!(!api.get(&path).await.text().contains(private), "{path}");
    }
    // other formats, and what can't be
    for (change, said) in [
        (json!({"format": "JKS"}), "by Java alone"),
        (json!({"format": "BCFKS"}), "by Java alone"),
        (json!({"storePassword": ""}), "store password"),
        (json!({"keyPassword": "other"}), "one password"),
    ] {
        let mut wanted = store.clone();
        for (name, value) in change.as_object().unwrap() {
            wanted[name] = value.clone();
        }
        for way in ["download", "generate-and-download"] {
            let reply = api.post(&format!("{path}/{way}"), wanted.clone()).await.expect(400);
            assert!(reply.text().contains(said), "{}", reply.text());
        }
    }
    for change in [json!({"keySize": 512}), json!({"validity": 900}), json!({"keySize": -1})] {
        let mut wanted = store.clone();
        wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        api.post(&format!("{path}/generate-and-download"), wanted).await.expect(400);
    }
    let other = r(&format!("/clients/{id}/certificates/saml.signing/download"));
    api.post(&other, store).await.error(404, "keypair not generated for client");
    api.get(&r("/clients/none/certificates/jwt.credential")).await.error(404, "Could not find client");
}

#[tokio::test]
async fn a_client_brings_its_own_key() {
    let world = World::start().await;
    let id = client(&world).await;
    let path = r(&format!("/clients/{id}/certificates/{ATTR}"));
    let (key, certificate) = own_key();
    let pkcs8 = key.private_key_to_pkcs8().unwrap();
    let der = STANDARD.encode(certificate.to_der().unwrap());
    let public = STANDARD.encode(key.public_key_to_der().unwrap());
    let jwk = jose::PublicKey::from_pkcs8_der(&pkcs8).unwrap();
    let jwks = json!({"keys": [jwk.jwk_members().unwrap()]}).to_string();
    let mut store = Pkcs12::builder();
    store.name("robot").pkey(&key).cert(&certificate);
    let store = store.build2("pw").unwrap().to_der().unwrap();
    let forget = json!({"attributes": {
        "jwt.credential.certificate": "", "jwt.credential.public.key": "", "jwks.string": "", "use.jwks.string": "",
    }});
    for (number, (format, file, kept)) in [
        ("Certificate PEM", certificate.to_pem().unwrap(), json!({"certificate": der})),
        ("Certificate PEM", der.clone().into_bytes(), json!({"certificate": der})),
        ("Public Key PEM", key.public_key_to_pem().unwrap(), json!({"publicKey": public})),
        ("JSON Web Key Set", jwks.clone().into_bytes(), json!({})),
        ("PKCS12", store.clone(), json!({"certificate": der})),
    ]
    .into_iter()
    .enumerate()
    {
        proves(&world, &pkcs8, &format!("before {number}")).await.expect(400);
        let reply = upload(&world, &format!("{path}/upload-certificate"), format, file, "pw").await.expect(200);
        let answer = reply.json();
        assert!(answer["privateKey"].is_null(), "{format}");
        assert_eq!(world.admin.read(&path).await, kept, "{format}");
        proves(&world, &pkcs8, &format!("after {number}")).await.expect(200);
        world.admin.put(&r(&format!("/clients/{id}")), forget.clone()).await.expect(204);
    }
    // a store gives back the key that was in it, to who asks so
    let reply = upload(&world, &format!("{path}/upload"), "PKCS12", store.clone(), "pw").await.expect(200).json();
    let private = key_store::private_key_from_text(reply["privateKey"].as_str().unwrap()).unwrap();
    assert_eq!(*private, pkcs8);
    // rubbish and other formats
    for (format, file, password) in [
        ("Certificate PEM", b"rubbish".to_vec(), ""),
        ("Certificate PEM", vec![0xff, 0], ""),
        ("Public Key PEM", certificate.to_pem().unwrap(), ""),
        ("JSON Web Key Set", b"{}".to_vec(), ""),
        ("JSON Web Key Set", br#"{"keys": 1}"#.to_vec(), ""),
        ("PKCS12", store, "other"),
        ("JKS", b"rubbish".to_vec(), "pw"),
        ("", Vec::new(), ""),
    ] {
        for way in ["upload", "upload-certificate"] {
            let reply = upload(&world, &format!("{path}/{way}"), format, file.clone(), password).await;
            let body: Value = reply.expect(400).json();
            assert!(body.get("error").or(body.get("errorMessage")).is_some(), "{format}: {body}");
        }
    }
    world.admin.post(&format!("{path}/upload"), json!({})).await.expect(400);
    assert_eq!(world.admin.read(&path).await, json!({"certificate": der}), "a refused one changes nothing");
}
