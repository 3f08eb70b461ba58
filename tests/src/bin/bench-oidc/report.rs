//! The report about OpenID Connect.

use std::time::Duration;

use tests::bench::{
    arguments::Arguments,
    limit::Limit,
    machine,
    report::{Page, Row},
};

use crate::{
    measure::{Kind, Limits, Results},
    scene::USERS,
};

/// Everything that was measured, as a page.
pub fn page(arguments: &Arguments, results: &Results) -> Page {
    let mut page = Page::new("OpenID Connect", "oidc", results.load_before);
    let scene = format!(
        "One realm with stored events, protection against guessing and rotation of refresh tokens; {USERS} users, each \
         with a role and in a group; confidential clients with `client_secret_basic` and PKCE. 32 connections, 8 for \
         logins."
    );
    page.conditions(&scene, arguments);
    let row = |(kind, measured)| {
        let (title, limit, aim) = described(kind, &results.limits);
        Row { title: title.to_owned(), measured, limit, aim }
    };
    let rows: Vec<_> = results.requests.iter().map(|(kind, measured)| row((*kind, measured))).collect();
    page.requests(&rows);
    page.paragraph(
        "A limit is how often all processors could do what no server can do without, if they did nothing else: the \
         table below, divided by the processor time of all that is named, times the processors. A code, a refresh and a \
         login sign an access token and an ID token each. The events of what went well are written behind the answer, \
         many at a time, in the same processor time. “Room for” is how many requests the processors have time for if \
         nothing else runs; where the rate stays far below it, somebody else used the machine, or the requests waited \
         for the disk. How many SQL statements and row writes each kind of request takes is in \
         [statements.md](../statements.md), which a test holds.",
    );
    let Limits { argon2, rsa, ecdsa, statements, exchange, flushes } = results.limits;
    page.limits(&[
        ("Argon2id alone (7 MiB, 5 passes, 1 lane), a thread on each processor", argon2),
        ("`openssl speed rsa2048`: signatures, one thread", rsa.sign),
        ("`openssl speed rsa2048`: verifications, one thread", rsa.verify),
        ("`openssl speed ecdsap256`: signatures, one thread", ecdsa.sign),
        ("one row read by its key: PostgreSQL and a program that does nothing else, 20 connections", statements.read),
        ("one row changed and committed, 20 connections", statements.update),
        ("4 kB over TCP in answer to a request, 32 connections: both ends", exchange),
        ("8 KiB written and flushed to this disk, one after the other", flushes),
    ]);
    page.process(results.starts.as_ref(), results.requests.iter().map(|(_, measured)| measured));
    page
}

/// How a kind of request is called, its limit, and its aim.
fn described(kind: Kind, limits: &Limits) -> (&'static str, (f64, &'static str), &'static str) {
    let Limits { argon2, rsa, ecdsa, statements, exchange, .. } = *limits;
    let of = |parts: &[Limit]| {
        let busy: Duration = parts.iter().map(|part| part.busy).sum();
        machine::threads() as f64 / busy.as_secs_f64().max(1e-9)
    };
    let (read, update) = (statements.read, statements.update);
    match kind {
        Kind::Login => ("login with a password, up to the tokens", (argon2.rate, "Argon2 alone"), ""),
        Kind::Code => (
            "authorization code of a session, and the tokens for it, RS256",
            (of(&[rsa.sign, rsa.sign, read, read, update, update]), "2 signatures, 2 reads, 2 writes"),
            "",
        ),
        Kind::Refresh => (
            "refresh with rotation, RS256",
            (of(&[rsa.sign, rsa.sign, read, update]), "2 signatures, 1 read, 1 write"),
            "≥ 1,000/s",
        ),
        Kind::RefreshEs256 => (
            "refresh with rotation, ES256",
            (of(&[ecdsa.sign, ecdsa.sign, read, update]), "2 signatures, 1 read, 1 write"),
            "≥ 1,000/s",
        ),
        Kind::Introspection => ("introspection", (of(&[rsa.verify, read]), "1 verification, 1 read"), "≥ 4,000/s"),
        Kind::UserInfo => ("userinfo", (of(&[rsa.verify, read, read]), "1 verification, 2 reads"), ""),
        Kind::ClientCredentials => {
            ("client_credentials, RS256", (rsa.sign.per_machine(), "1 signature"), "ratio ≥ 0.5")
        }
        Kind::ClientCredentialsEs256 => ("client_credentials, ES256", (ecdsa.sign.per_machine(), "1 signature"), ""),
        Kind::Discovery => ("discovery", (exchange.per_machine(), "TCP alone"), ""),
        Kind::Certs => ("JWKS", (exchange.per_machine(), "TCP alone"), "≥ 20,000/s"),
    }
}
