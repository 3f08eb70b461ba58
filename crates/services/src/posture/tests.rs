//! Every rule finds what it is about, and nothing where a setting is as it is by default.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Attributes,
    client::{Client, ClientSettings},
    component::Component,
    id::{ClientId, ComponentId, RealmId, RoleId},
    key::{Key, KeyUse},
    realm::{Realm, RealmSettings},
};
use openssl::{
    ec::{EcGroup, EcKey},
    nid::Nid,
    pkey::{PKey, Private},
    rsa::Rsa,
};
use time::{Duration, OffsetDateTime};

use super::*;

const NOW: OffsetDateTime = OffsetDateTime::UNIX_EPOCH.saturating_add(Duration::days(20_000));

struct World {
    realm: Realm,
    keys: Vec<Key>,
    policies: Vec<Component>,
    client: Client,
    privileged: bool,
}

fn world() -> World {
    let realm = Realm {
        id: RealmId(uuid::Uuid::nil()),
        given_id: "acme".into(),
        name: "acme".into(),
        enabled: true,
        default_role: RoleId("role".into()),
        default_role_name: "default".into(),
        listeners: Vec::new(),
        settings: RealmSettings::default(),
    };
    let client = Client {
        id: ClientId("id".into()),
        client_id: "app".into(),
        protocol: "openid-connect".into(),
        enabled: true,
        settings: ClientSettings {
            redirect_uris: vec!["https://app.example.org/cb".into()],
            full_scope_allowed: false,
            ..ClientSettings::default()
        },
        attributes: [("pkce.code.challenge.method".to_owned(), "S256".to_owned())].into(),
        default_scopes: vec!["profile".into()],
        optional_scopes: vec!["offline_access".into()],
    };
    let policies = vec![policy("trusted-hosts", &[("host-sending-registration-request-must-match", "true")])];
    World { realm, keys: vec![ec_key()], policies, client, privileged: false }
}

fn rsa_key(bits: u32) -> Key {
    key(&PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap())
}

fn ec_key() -> Key {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    key(&PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap())
}

fn key(pair: &PKey<Private>) -> Key {
    Key {
        kid: "kid".into(),
        component: None,
        provider_id: "rsa-generated".into(),
        priority: 100,
        enabled: true,
        active: true,
        purpose: KeyUse::Signature,
        algorithm: "RS256".into(),
        sealed: String::new(),
        public: Some(pair.public_key_to_der().unwrap()),
        certificate: None,
        created: NOW - Duration::days(10),
    }
}

fn policy(kind: &str, config: &[(&str, &str)]) -> Component {
    let mut settings = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in config {
        settings.entry((*name).to_owned()).or_default().push((*value).to_owned());
    }
    Component {
        id: ComponentId(kind.into()),
        name: kind.into(),
        provider_id: kind.into(),
        provider_type: crate::client_registration::PROVIDER_TYPE.into(),
        parent_id: "acme".into(),
        sub_type: Some("anonymous".into()),
        config: settings,
    }
}

fn trusting(hosts: &[&str]) -> Vec<Component> {
    let mut config = vec![("host-sending-registration-request-must-match", "true")];
    config.extend(hosts.iter().map(|host| ("trusted-hosts", *host)));
    vec![policy("trusted-hosts", &config), policy("consent-required", &[])]
}

impl World {
    fn findings(&self) -> Vec<Finding> {
        let mut findings = of_realm(&RealmFacts {
            realm: &self.realm,
            keys: &self.keys,
            registration_policies: &self.policies,
            now: NOW,
        });
        let privileged = self.privileged;
        findings.extend(of_client(&ClientFacts { realm: "acme", client: &self.client, privileged, now: NOW }));
        findings
    }

    fn ids(&self) -> BTreeSet<&'static str> {
        self.findings().iter().map(|finding| finding.rule.id).collect()
    }

    fn settings(&mut self) -> &mut RealmSettings {
        &mut self.realm.settings
    }

    fn switches(&mut self) -> &mut ClientSettings {
        &mut self.client.settings
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.client.attributes.insert(name.into(), value.into());
    }

    fn redirect(&mut self, uri: &str) {
        self.client.settings.redirect_uris = vec![uri.into()];
    }
}

type Case = (&'static str, fn(&mut World));

/// What each rule finds: a change of a world in which it finds nothing.
const CASES: &[Case] = &[
    ("code-lives-long", |w| w.settings().access_code_lifespan = 601),
    ("code-lives-over-a-minute", |w| w.settings().access_code_lifespan = 61),
    ("access-token-lives-long", |w| w.settings().access_token_lifespan = 3_601),
    ("access-token-lives-long", |w| w.settings().access_token_lifespan_for_implicit_flow = 86_400),
    ("access-token-lives-very-long", |w| w.settings().access_token_lifespan = 86_401),
    ("refresh-rotation-off", |w| w.settings().revoke_refresh_token = false),
    ("refresh-token-may-be-reused", |w| w.settings().refresh_token_max_reuse = 1),
    ("refresh-token-never-ends", |w| w.settings().offline_session_max_lifespan_enabled = false),
    ("session-lives-long", |w| w.settings().sso_session_max_lifespan = 31 * 86_400),
    ("device-code-lives-long", |w| w.settings().oauth2_device_code_lifespan = 3_600),
    ("tls-not-required", |w| w.settings().ssl_required = "NONE".into()),
    ("brute-force-protection-off", |w| w.settings().brute_force.brute_force_protected = false),
    ("brute-force-protection-loose", |w| w.settings().brute_force.failure_factor = 101),
    ("brute-force-protection-loose", |w| w.settings().brute_force.wait_increment_seconds = 0),
    ("passwords-without-least-length", |w| w.settings().password_policy = Some("length(7)".into())),
    ("login-events-off", |w| w.settings().events.events_enabled = false),
    ("login-events-off", |w| w.settings().events.events_expiration = 60),
    ("rsa-key-small", |w| w.keys = vec![rsa_key(1_024)]),
    ("signing-key-aged", |w| w.keys[0].created = NOW - Duration::days(366)),
    ("signing-key-old", |w| w.keys[0].created = NOW - Duration::days(1_096)),
    ("symmetric-signature-by-default", |w| w.settings().default_signature_algorithm = "HS256".into()),
    ("outgoing-reaches-metadata", |w| allow(w, "10.0.0.0/8, 0.0.0.0/0")),
    ("outgoing-reaches-metadata", |w| allow(w, "169.254.0.0/16")),
    ("outgoing-reaches-metadata", |w| allow(w, "::/0")),
    ("outgoing-reaches-inner-networks", |w| allow(w, "127.0.0.0/8,::1/128")),
    ("registration-open-to-all", |w| w.policies = vec![policy("consent-required", &[])]),
    ("registration-open-to-all", |w| w.policies = trusting(&["example.org", "0.0.0.0/0"])),
    ("registration-open-to-hosts", |w| w.policies = trusting(&["192.0.2.1"])),
    ("registration-without-consent", |w| w.policies = vec![policy("max-clients", &[])]),
    ("redirect-uri-anywhere", |w| w.redirect("https://*")),
    ("redirect-uri-wildcard", |w| w.redirect("https://app.example.org/*")),
    ("redirect-uri-wildcard", |w| w.redirect("/realms/acme/account/*")),
    ("redirect-uri-without-tls", |w| w.redirect("http://app.example.org/cb")),
    ("redirect-uri-without-tls", |w| {
        w.redirect("/cb");
        w.switches().root_url = Some("http://app.example.org/".into());
    }),
    ("redirect-uri-scheme-of-nobody", |w| w.redirect("myapp:/cb")),
    ("redirect-uri-localhost", |w| w.redirect("http://localhost:3000/cb")),
    ("post-logout-redirect-wildcard", |w| w.attribute("post.logout.redirect.uris", "+##https://app.example.org/*")),
    ("pkce-plain", |w| w.attribute("pkce.code.challenge.method", "plain")),
    ("pkce-not-required", |w| w.client.attributes = Attributes::new()),
    ("implicit-flow", |w| w.switches().implicit_flow_enabled = true),
    ("password-grant", |w| w.switches().direct_access_grants_enabled = true),
    ("password-grant", |w| {
        // The name alone excuses nothing.
        w.client.client_id = "admin-cli".into();
        w.switches().public_client = true;
        w.switches().direct_access_grants_enabled = true;
    }),
    ("password-grant-of-admin-cli", |w| {
        w.client.client_id = "admin-cli".into();
        w.switches().public_client = true;
        w.switches().standard_flow_enabled = false;
        w.switches().direct_access_grants_enabled = true;
    }),
    ("device-grant-of-a-public-client", |w| {
        w.switches().public_client = true;
        w.attribute("oauth2.device.authorization.grant.enabled", "true");
    }),
    ("token-exchange", |w| w.attribute("standard.token.exchange.enabled", "true")),
    ("token-exchange-for-refresh-tokens", |w| {
        w.attribute("standard.token.exchange.enabled", "true");
        w.attribute("standard.token.exchange.enableRefreshRequestedTokenType", "SAME_SESSION");
    }),
    ("issuer-left-out-of-answers", |w| w.attribute("exclude.issuer.from.auth.response", "true")),
    ("web-origins-any", |w| w.switches().web_origins = vec!["*".into()]),
    ("web-origins-of-wildcards", |w| {
        w.redirect("https://app.example.org/*");
        w.switches().web_origins = vec!["+".into()];
    }),
    ("web-origin-without-tls", |w| w.switches().web_origins = vec!["http://app.example.org".into()]),
    ("client-keys-without-tls", |w| w.attribute("jwks.url", "HTTP://app.example.org/keys")),
    ("client-keys-without-tls", |w| w.attribute("request.uris", "https://a.example/r##http://a.example/r")),
    ("client-secret-aged", |w| {
        let created = NOW - Duration::days(366);
        w.attribute("client.secret.creation.time", &created.unix_timestamp().to_string());
    }),
    ("client-secret-shared", |w| w.switches().client_authenticator_type = "client-secret-jwt".into()),
    ("request-object-unsigned", |w| w.attribute("request.object.signature.alg", "none")),
    ("token-signature-not-with-a-key-pair", |w| w.attribute("id.token.signed.response.alg", "HS256")),
    ("token-signature-not-with-a-key-pair", |w| w.attribute("access.token.signed.response.alg", "none")),
    ("access-token-of-client-lives-long", |w| w.attribute("access.token.lifespan", "7200")),
    ("access-token-of-client-lives-very-long", |w| w.attribute("access.token.lifespan", "99999")),
    ("full-scope", |w| w.switches().full_scope_allowed = true),
    ("full-scope-of-a-client-that-others-hold", |w| {
        w.switches().full_scope_allowed = true;
        w.switches().consent_required = true;
    }),
    ("offline-access-by-default", |w| w.client.default_scopes.push("offline_access".into())),
    ("service-account-of-an-administrator", |w| {
        w.switches().service_accounts_enabled = true;
        w.privileged = true;
    }),
];

/// What is found in the world that the cases begin with: what [`CASES`] can't switch on because it is there already.
const BEFORE: [&str; 3] = ["passwords-without-least-length", "admin-events-off", "client-secret-shared"];

fn allow(world: &mut World, networks: &str) {
    world.settings().attributes.insert("outgoing.allowed-networks".into(), networks.into());
}

#[test]
fn sound_settings_give_notes_and_one_warning() {
    assert_eq!(world().ids(), BEFORE.into());
    let mut better = world();
    better.settings().password_policy = Some("length(12) and notUsername".into());
    better.settings().events.admin_events_enabled = true;
    better.switches().client_authenticator_type = "client-jwt".into();
    assert_eq!(better.findings(), []);
}

#[test]
fn every_rule_finds_what_it_is_about() {
    for (number, (id, change)) in CASES.iter().enumerate() {
        let mut world = world();
        change(&mut world);
        assert!(world.ids().contains(id), "case {number}, {id}: {:?}", world.ids());
    }
    let tried: BTreeSet<_> = CASES.iter().map(|(id, _)| *id).chain(BEFORE).collect();
    let known: BTreeSet<_> = rules().map(|rule| rule.id).collect();
    assert_eq!(tried, known, "each rule has a case, and each case a rule");
}

#[test]
fn a_rule_has_one_name_and_says_what_to_do() {
    let mut ids: Vec<_> = rules().map(|rule| rule.id).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    for rule in rules() {
        let name = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        assert!(rule.id.chars().all(name), "{}", rule.id);
        for text in [rule.risk, rule.remedy] {
            assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", rule.id);
        }
        let standard = ["RFC ", "ASVS ", "FAPI ", "OpenID Connect ", "OAuth 2.1", "NIST "];
        assert!(standard.iter().any(|name| rule.reference.contains(name)), "{}: {}", rule.id, rule.reference);
        if rule.severity == Severity::Violation {
            let required = ["ASVS 5.0 ", "RFC "].iter().any(|name| rule.reference.contains(name));
            assert!(required, "{}: {}", rule.id, rule.reference);
        }
    }
}

#[test]
fn nobody_gets_a_token_through_these() {
    let worst = |world: &mut World| {
        world.redirect("*");
        world.switches().implicit_flow_enabled = true;
        world.switches().web_origins = vec!["*".into()];
    };
    for change in [
        (|w| w.client.enabled = false) as fn(&mut World),
        |w| w.switches().bearer_only = true,
        |w| w.client.protocol = "docker-v2".into(),
    ] {
        let mut world = world();
        worst(&mut world);
        change(&mut world);
        assert!(world.findings().iter().all(|finding| finding.client.is_none()), "{:?}", world.ids());
    }
}

#[test]
fn what_is_not_in_use_is_not_found() {
    let quiet: [fn(&mut World); 6] = [
        // Nobody is sent to these addresses.
        |w| {
            w.redirect("*");
            w.switches().standard_flow_enabled = false;
        },
        // A passive key only verifies; a disabled one does nothing.
        |w| {
            w.keys[0].created = NOW - Duration::days(3_000);
            w.keys[0].active = false;
        },
        |w| {
            w.keys = vec![rsa_key(1_024)];
            w.keys[0].enabled = false;
        },
        // A policy that trusts nobody, and another one that can't open it.
        |w| w.policies.extend(trusting(&["0.0.0.0/0"])),
        // What can't be read allows nothing.
        |w| allow(w, "everything, 0.0.0.0/0"),
        // Public clients need S256 whatever the attribute says, and exchange nothing.
        |w| {
            w.switches().public_client = true;
            w.client.attributes = [("standard.token.exchange.enabled".to_owned(), "true".to_owned())].into();
        },
    ];
    for (number, change) in quiet.iter().enumerate() {
        let mut world = world();
        change(&mut world);
        let beyond: Vec<_> = world.ids().into_iter().filter(|id| !BEFORE.contains(id)).collect();
        assert!(beyond.is_empty(), "{number}: {beyond:?}");
    }
}

#[test]
fn the_worst_comes_first_and_texts_of_others_stay_short() {
    let mut world = world();
    world.redirect(&format!("https://app.example.org/{}*", "a".repeat(2_000)));
    world.switches().full_scope_allowed = true;
    let facts = ClientFacts { realm: "acme", client: &world.client, privileged: false, now: NOW };
    let findings = of_client(&facts);
    assert!(findings.is_sorted_by_key(|finding| std::cmp::Reverse(finding.rule.severity)), "{findings:?}");
    assert!(findings.iter().all(|finding| finding.found.len() < 300 && finding.client.as_deref() == Some("app")));
}
