//! The report about the docker token endpoint.

use tests::bench::{
    arguments::Arguments,
    report::{Page, Row},
};

use crate::measure::{Kind, Results};

/// Everything that was measured, as a page.
pub fn page(arguments: &Arguments, results: &Results) -> Page {
    let mut page = Page::new("the docker token endpoint", "docker", results.load_before);
    page.conditions("One realm with stored events and protection against guessing, 50 users.", arguments);
    let rows: Vec<_> = results
        .requests
        .iter()
        .map(|(kind, measured)| {
            let rs256 = (results.rs256.per_processor(), "signing alone, one processor");
            let (title, limit, aim) = match kind {
                Kind::Password => ("password", (results.argon2.rate, "Argon2 alone"), "ratio ≥ 0.8"),
                Kind::Identity => ("identity token, RS256", rs256, "≥ 1,000/s"),
                Kind::IdentityWarn => ("identity token, RS256, log at `warn`", rs256, ""),
                Kind::IdentityEs256 => {
                    let es256 = (results.es256.per_processor(), "signing alone, one processor");
                    ("identity token, ES256", es256, "")
                }
                Kind::Anonymous => ("anonymous, RS256", rs256, ""),
            };
            Row { title: title.to_owned(), measured, limit, aim }
        })
        .collect();
    page.requests(&rows);
    page.paragraph(
        "Each request is answered after its event has reached the disk. “Room for” is how many of them the processors \
         have time for if nothing else runs; where the rate stays far below it, somebody else used the machine, or the \
         requests waited for the disk. How many SQL statements each kind of request takes is in \
         [statements.md](../statements.md), which a test holds.",
    );
    page.limits(&[
        ("Argon2id alone (7 MiB, 5 passes, 1 lane), a thread on each processor", results.argon2),
        ("RS256 tokens signed by `jose`, one thread", results.rs256),
        ("ES256 tokens signed by `jose`, one thread", results.es256),
        ("8 KiB written and flushed to this disk, one after the other", results.flushes),
        ("`openssl speed rsa2048`, signatures, one thread", results.openssl_rsa),
    ]);
    let ratio = results.openssl_rsa.per_processor() / results.rs256.per_processor();
    page.paragraph(&format!(
        "A token signed by `jose` takes {ratio:.2} × the time of a signature in `openssl speed` (aim: 1.2)."
    ));
    page.process(results.starts.as_ref(), results.requests.iter().map(|(_, measured)| measured));
    page
}
