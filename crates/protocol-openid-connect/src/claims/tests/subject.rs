//! `sub`, public and pairwise.

use model::protocol_mapper::ProtocolMapper;
use serde_json::json;

use super::{super::*, support::*};

fn pairwise(sector: &str, salt: &str) -> ProtocolMapper {
    let settings = [("sectorIdentifierUri", sector), ("pairwiseSubAlgorithmSalt", salt)];
    mapper("oidc-sha256-pairwise-sub-mapper", &settings)
}

fn identifier(known: &Known, mapper: &ProtocolMapper) -> String {
    subject_identifier(&ClaimMapper::parse_all([mapper]), &known.facts()).unwrap()
}

#[test]
fn id_tokens_and_userinfo_always_have_a_subject_others_if_a_mapper_says_so() {
    let known = Known::new();
    for target in TARGETS {
        let always = matches!(target, Target::Id | Target::UserInfo);
        let expected = if always { json!({"sub": USER}) } else { json!({}) };
        assert_eq!(known.claims(&[], target), expected, "{target:?}");
        let mapped = known.claims(&[everywhere("oidc-sub-mapper", &[])], target);
        assert_eq!(mapped, json!({"sub": USER}), "{target:?}");
    }
    let usual = mapper("oidc-sub-mapper", &[("access.token.claim", "true"), ("introspection.token.claim", "true")]);
    assert_eq!(known.claims(&[usual], Target::LightweightAccess), json!({}));
}

#[test]
fn who_is_no_user_has_no_subject() {
    let mut known = Known::new();
    known.subject.user_id = None;
    for target in TARGETS {
        let mappers = [everywhere("oidc-sub-mapper", &[]), pairwise("", "salt")];
        assert_eq!(known.claims(&mappers, target), json!({}), "{target:?}");
    }
}

/// Calculated by another program from Keycloak's description.
#[test]
fn pairwise_subjects_are_keycloaks() {
    let known = Known::new();
    assert_eq!(identifier(&known, &pairwise("", "salt")), "0849c124-131b-35c9-b2e4-f2c8140dc69d");
    let sector = pairwise("https://other.example.org/redirects.json", "salt");
    assert_eq!(identifier(&known, &sector), "63e43de9-8a3d-37ff-85d7-485887981cdb");
}

#[test]
fn a_pairwise_subject_is_the_same_everywhere_and_wins() {
    let known = Known::new();
    let mappers = [everywhere("oidc-sub-mapper", &[]), pairwise("", "salt"), pairwise("", "other")];
    for target in TARGETS {
        let expected = json!({"sub": "0849c124-131b-35c9-b2e4-f2c8140dc69d"});
        assert_eq!(known.claims(&mappers, target), expected, "{target:?}");
        assert_eq!(known.claims(&mappers[1..2], target), expected, "{target:?}");
    }
}

#[test]
fn clients_of_one_host_share_a_sector_others_do_not() {
    let mut known = Known::new();
    let mapper = pairwise("", "salt");
    let mut with = |uris: &[&str], id: &str| {
        known.client.settings.redirect_uris = texts(uris);
        known.client.id = id.into();
        identifier(&known, &mapper)
    };
    let first = with(&["https://app.example.org/callback"], "c1");
    assert_eq!(with(&["https://APP.example.org:8443/a/*", "http://app.example.org/b"], "c2"), first);
    assert_ne!(with(&["https://other.example.org/"], "c1"), first);
    let several = ["https://app.example.org/", "https://other.example.org/"];
    let alone = with(&several, "c1");
    assert_ne!(alone, first);
    assert_ne!(with(&several, "c2"), alone, "without a sector a client is on its own");
    for uris in [&[][..], &["*"], &["com.example.app:/callback"], &["/relative"]] {
        assert_eq!(with(uris, "c1"), alone, "{uris:?}");
    }
}

#[test]
fn relative_redirect_uris_are_below_the_root_url() {
    let mut known = Known::new();
    let mapper = pairwise("", "salt");
    let absolute = identifier(&known, &mapper);
    known.client.settings.redirect_uris = texts(&["/callback"]);
    known.client.settings.root_url = Some("https://app.example.org".into());
    assert_eq!(identifier(&known, &mapper), absolute);
}

#[test]
fn without_a_salt_the_mappers_id_stands_in() {
    let known = Known::new();
    let mut unsalted = pairwise("", " ");
    let one = identifier(&known, &unsalted);
    assert_eq!(identifier(&known, &pairwise("", &unsalted.id.0)), one);
    unsalted.id.0.push('x');
    assert_ne!(identifier(&known, &unsalted), one);
}
