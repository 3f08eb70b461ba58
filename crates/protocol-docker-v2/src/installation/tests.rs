use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    sync::LazyLock,
};

use jose::{
    Curve, PublicKey,
    generate::{generate_ec, generate_rsa},
    jwks::{KeyUse, jwk, jwk_set},
};
use model::{
    id::RealmId,
    realm::{Realm, RealmSettings},
};
use serde_yaml_ng::Value;

use super::*;
use crate::testing::client;

/// Client ids that break out of careless quoting.
const NASTY: [&str; 14] = [
    "a: b",
    "#x",
    "$(id)",
    "${HOME}",
    "$x",
    "it's",
    "say \"hi\"",
    "back\\slash",
    "123",
    "yes",
    "null",
    "`id`",
    "é☃😀",
    "%s {x} [y] & * !",
];

fn realm(name: &str) -> Realm {
    Realm {
        id: RealmId(serde_json::from_str("\"00000000-0000-0000-0000-000000000001\"").unwrap()),
        given_id: "r".to_owned(),
        name: name.to_owned(),
        enabled: true,
        default_role: "default".into(),
        default_role_name: "default".into(),
        listeners: Vec::new(),
        settings: RealmSettings::default(),
    }
}

/// The keys of the realm, made once as that takes long.
static KEYS: LazyLock<String> = LazyLock::new(|| {
    let rsa = PublicKey::from_pkcs8_der(&generate_rsa(2048).unwrap()).unwrap();
    let ec = PublicKey::from_pkcs8_der(&generate_ec(Curve::P256).unwrap()).unwrap();
    let keys = [(&rsa, "RS256"), (&ec, "ES256")]
        .map(|(key, algorithm)| jwk(key, algorithm, KeyUse::Signature, algorithm, &[]).unwrap());
    jwk_set(keys.to_vec()).to_string()
});

fn made(id: &str, client_id: &str, attributes: &[(&str, &str)], realm_name: &str) -> Result<Vec<u8>, String> {
    let (realm, client) = (realm(realm_name), client(client_id, attributes));
    let context = InstallationContext {
        realm: &realm,
        client: &client,
        client_secret: None,
        public_url: "https://id.example.org/",
        registry_bundle: "BUNDLE",
        registry_jwks: &KEYS,
        localhost_certificate: &|| Ok(("CERTIFICATE".to_owned(), "KEY".to_owned())),
    };
    make(id, &context).unwrap().map(|file| file.content)
}

fn text(id: &str, client_id: &str, attributes: &[(&str, &str)]) -> String {
    String::from_utf8(made(id, client_id, attributes, "acme").unwrap()).unwrap()
}

fn yaml(text: &str) -> Value {
    serde_yaml_ng::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The files of an archive by name.
fn unpacked(archive: Vec<u8>) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).unwrap();
            let mut content = String::new();
            file.read_to_string(&mut content).unwrap();
            (file.name().strip_prefix("portcullis-docker-compose/").unwrap().to_owned(), content)
        })
        .collect()
}

#[test]
fn pitfall_41_registry_configs_say_the_service_exactly() {
    for service in NASTY {
        for id in [REGISTRY_CONFIG, REGISTRY3_CONFIG] {
            let config = yaml(&text(id, service, &[]));
            let token = &config["auth"]["token"];
            assert_eq!(token["service"], service);
            assert_eq!(token["realm"], "https://id.example.org/realms/acme/protocol/docker-v2/auth");
            assert_eq!(token["issuer"], "https://id.example.org/realms/acme");
            assert!(token["rootcertbundle"].as_str().unwrap().ends_with("/portcullis-ca.pem"));
            assert_eq!(token.get("jwks"), None);
            assert_eq!(config["storage"]["delete"]["enabled"], true);
            assert_eq!(config["http"]["addr"], ":5000");
        }
        let zot = yaml(&text(ZOT_CONFIG, service, &[]));
        assert_eq!(zot["http"]["auth"]["bearer"]["service"], service);
    }
    let bundle = yaml(&text(REGISTRY_CONFIG, "r", &[]))["auth"]["token"]["rootcertbundle"].clone();
    assert_eq!(bundle, "/etc/docker/registry/portcullis-ca.pem");
}

#[test]
fn pitfall_41_compose_and_environment_say_the_service_exactly() {
    for service in NASTY {
        let files = unpacked(made(COMPOSE, service, &[], "acme").unwrap());
        let compose = yaml(&files["docker-compose.yaml"]);
        let environment = &compose["services"]["registry"]["environment"];
        // Compose halves the dollars, then the registry reads what is left as YAML
        let value = environment["REGISTRY_AUTH_TOKEN_SERVICE"].as_str().unwrap();
        assert!(!value.replace("$$", "").contains('$'));
        assert_eq!(yaml(&value.replace("$$", "$")), service);

        let script = text(VARIABLE_OVERRIDE, service, &[]);
        let printed = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!("curl() {{ :; }}; docker() {{ printf '%s\\0' \"$@\"; }}\n{script}"))
            .output()
            .unwrap();
        assert!(printed.status.success() && printed.stderr.is_empty(), "{script}");
        let words = String::from_utf8(printed.stdout).unwrap();
        let value = words.split('\0').find_map(|word| word.strip_prefix("REGISTRY_AUTH_TOKEN_SERVICE=")).unwrap();
        assert_eq!(yaml(value), service);
    }
}

#[test]
fn pitfall_41_line_breaks_stay_within_their_quotes() {
    for evil in ["a\nb: c", "x\r\n# y", "\u{85}\u{2028}\u{0}\u{7f}\u{feff}", "'\n'; id #"] {
        assert_eq!(yaml(&format!("k: {}\n", quoting::yaml(evil)))["k"], evil);
        assert_eq!(quoting::yaml(evil).lines().count(), 1);
        assert_eq!(quoting::url(evil).lines().count(), 1);
        let shell = |word: &str| std::process::Command::new("sh").arg("-c").arg(format!("printf %s {word}")).output();
        if !evil.contains('\0') {
            assert_eq!(shell(&quoting::shell(evil)).unwrap().stdout, evil.as_bytes());
        }
        assert!(made(REGISTRY_CONFIG, evil, &[], "acme").unwrap_err().contains("clientId"));
        // a realm of such a name can't be made, but if it were, no comment line would end early
        for id in [REGISTRY_CONFIG, REGISTRY3_CONFIG, ZOT_CONFIG] {
            let config = yaml(&String::from_utf8(made(id, "r", &[], evil).unwrap()).unwrap());
            assert!(config.get("b").is_none());
        }
    }
}

#[test]
fn the_archive_holds_every_file_that_it_names() {
    let files = unpacked(made(COMPOSE, "registry", &[], "acme").unwrap());
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        [
            "README.md",
            "certs/localhost.crt",
            "certs/localhost.key",
            "certs/portcullis-ca.pem",
            "data/.gitignore",
            "docker-compose.yaml"
        ]
    );
    assert_eq!((files["certs/localhost.key"].as_str(), files["certs/portcullis-ca.pem"].as_str()), ("KEY", "BUNDLE"));
    let compose = yaml(&files["docker-compose.yaml"]);
    let registry = &compose["services"]["registry"];
    assert_eq!(registry["image"], "registry:2");
    for (_, value) in registry["environment"].as_mapping().unwrap() {
        if let Some(file) = value.as_str().and_then(|value| value.strip_prefix("/opt/certs/")) {
            assert!(files.contains_key(&format!("certs/{file}")), "{file}");
        }
    }
    let thumbprint = [("docker.token.header", "thumbprint")];
    let files = unpacked(made(COMPOSE, "registry", &thumbprint, "acme").unwrap());
    let compose = yaml(&files["docker-compose.yaml"]);
    assert_eq!(compose["services"]["registry"]["image"], "registry:3");
    assert_eq!(
        compose["services"]["registry"]["environment"]["REGISTRY_AUTH_TOKEN_JWKS"],
        "/opt/certs/portcullis-jwks.json"
    );
    assert!(files["certs/portcullis-jwks.json"].contains("RS256"));
}

#[test]
fn files_say_how_to_fetch_what_they_name() {
    let bundle = "'https://id.example.org/realms/acme/protocol/docker-v2/ca.pem'";
    for id in [REGISTRY_CONFIG, REGISTRY3_CONFIG, VARIABLE_OVERRIDE] {
        assert!(text(id, "r", &[]).contains(bundle), "{id}");
    }
    let config = text(REGISTRY3_CONFIG, "r", &[("docker.token.header", "libtrust")]);
    assert!(config.contains("'https://id.example.org/realms/acme/protocol/docker-v2/certs'"));
    assert_eq!(yaml(&config)["auth"]["token"]["jwks"], "/etc/distribution/portcullis-jwks.json");
}

#[test]
fn what_a_registry_cannot_verify_is_said() {
    for attributes in [[("docker.token.header", "thumbprint")], [("access.token.signed.response.alg", "EdDSA")]] {
        assert!(made(REGISTRY_CONFIG, "r", &attributes, "acme").unwrap_err().contains("Registry 2.8 can't verify"));
        assert!(text(VARIABLE_OVERRIDE, "r", &attributes).contains("registry:3"));
        assert!(made(REGISTRY3_CONFIG, "r", &attributes, "acme").is_ok());
    }
    let bad = made(COMPOSE, "r", &[("access.token.lifespan", "1")], "acme").unwrap_err();
    assert!(bad.contains("access.token.lifespan"));
}

#[test]
fn pitfall_30_the_zot_file_carries_its_key_and_a_warning() {
    for (algorithm, lines) in [("RS256", 9), ("RS512", 9), ("ES256", 4)] {
        let config = text(ZOT_CONFIG, "r", &[("access.token.signed.response.alg", algorithm)]);
        let pem: String =
            config.lines().filter_map(|line| line.strip_prefix("#| ")).map(|line| format!("{line}\n")).collect();
        assert!(PublicKey::from_spki_pem(pem.as_bytes()).is_ok());
        assert_eq!(pem.lines().count(), lines);
        assert!(config.contains("checks neither issuer nor service"));
    }
    assert!(
        made(ZOT_CONFIG, "r", &[("access.token.signed.response.alg", "EdDSA")], "acme").unwrap_err().contains("no key")
    );
}

#[test]
fn pitfall_36_plain_http_is_warned_about() {
    let (realm, client) = (realm("acme"), client("r", &[]));
    for (public_url, warned) in [("http://localhost:8080", true), ("https://localhost:8443", false)] {
        let context = InstallationContext {
            realm: &realm,
            client: &client,
            client_secret: None,
            public_url,
            registry_bundle: "BUNDLE",
            registry_jwks: "{}",
            localhost_certificate: &|| Err("none".to_owned()),
        };
        let file = make(REGISTRY_CONFIG, &context).unwrap().unwrap();
        assert_eq!(String::from_utf8(file.content).unwrap().contains("# Warning"), warned);
        assert_eq!(make(COMPOSE, &context).unwrap().unwrap_err(), "none");
        assert!(make("other", &context).is_none());
    }
}
