//! What a client's tokens and requests are signed with, and how long they last.

use super::{ClientFacts, Findings, Rule, shown};
use crate::posture::{
    Severity::{Note, Violation, Warning},
    realm::lifespans::{ACCESS_TOKEN_LONG, ACCESS_TOKEN_LONGEST},
};

/// Client attributes; Keycloak's names.
const REQUEST_OBJECT: &str = "request.object.signature.alg";
const SIGNATURES: [&str; 2] = ["access.token.signed.response.alg", "id.token.signed.response.alg"];
const LIFESPAN: &str = "access.token.lifespan";

static REQUEST_OBJECT_UNSIGNED: Rule = Rule {
    id: "request-object-unsigned",
    severity: Violation,
    risk: "Anybody makes request objects in the name of this client; that they come as a JWT proves nothing.",
    remedy: "Set the attribute request.object.signature.alg to the algorithm that the client signs with (Advanced, Request object signature algorithm).",
    reference: "RFC 9101 section 10.1; RFC 8725 sections 3.1 and 3.2",
};
static SIGNATURE_IGNORED: Rule = Rule {
    id: "token-signature-not-with-a-key-pair",
    severity: Note,
    risk: "A token without a signature, or with a shared secret, can be made by others. This server signs tokens with key pairs only and uses the realm's algorithm instead: what is set is not what happens.",
    remedy: "Remove the attribute, or name ES256, PS256, RS256 or EdDSA (Advanced, Fine grain OpenID Connect configuration).",
    reference: "RFC 8725 sections 3.1 and 3.2",
};
static LIVES_LONG: Rule = Rule {
    id: "access-token-of-client-lives-long",
    severity: Warning,
    risk: "Services that check access tokens by themselves honour a stolen one, and one of a user who was locked out, until it ends.",
    remedy: "Set the attribute access.token.lifespan to minutes, or remove it (Advanced, Access token lifespan).",
    reference: "RFC 6750 section 5.3; RFC 9700 section 4.10",
};
static LIVES_VERY_LONG: Rule = Rule {
    id: "access-token-of-client-lives-very-long",
    severity: Violation,
    risk: "A stolen access token is good for more than a day, and services that check it by themselves never hear that it was revoked.",
    remedy: "Set the attribute access.token.lifespan to minutes, or remove it (Advanced, Access token lifespan).",
    reference: "RFC 6750 section 5.3; RFC 9700 section 4.10",
};

pub(super) const RULES: &[&Rule] = &[&REQUEST_OBJECT_UNSIGNED, &LIVES_VERY_LONG, &LIVES_LONG, &SIGNATURE_IGNORED];

pub(super) fn check(facts: &ClientFacts<'_>, findings: &mut Findings<'_>) {
    if facts.is_redirected_to() && facts.attribute(REQUEST_OBJECT) == Some("none") {
        findings.add(&REQUEST_OBJECT_UNSIGNED, format!("{REQUEST_OBJECT} is none."));
    }
    for name in SIGNATURES {
        let named = facts.attribute(name);
        if let Some(algorithm) = named.filter(|algorithm| *algorithm == "none" || algorithm.starts_with("HS")) {
            findings.add(&SIGNATURE_IGNORED, format!("{name} is {}.", shown(algorithm)));
        }
    }
    let seconds = facts.attribute(LIFESPAN).and_then(|seconds| seconds.trim().parse::<i64>().ok());
    match seconds {
        None | Some(..=ACCESS_TOKEN_LONG) => {}
        Some(seconds @ ..=ACCESS_TOKEN_LONGEST) => {
            findings.add(&LIVES_LONG, format!("{LIFESPAN} is {seconds} seconds."));
        }
        Some(seconds) => findings.add(&LIVES_VERY_LONG, format!("{LIFESPAN} is {seconds} seconds.")),
    }
}
