//! What protects logins from guessing.

use crate::settings::{Field, Kind, Section};

pub(super) fn sections() -> Vec<Section> {
    vec![
        Section::new(
            "guessing",
            "Password guessing",
            "Failed logins are counted for each account, wherever they come from: login page, registry, token endpoint.",
            vec![
                Field::switch("bruteForceProtected", "Lock accounts after failed logins")
                    .safe(true, "Else passwords can be guessed without end."),
                Field::number("failureFactor", "Failures until an account is locked", 1, 100_000)
                    .at_most(100, "This is how many passwords can be tried in a row."),
                Field::switch("permanentLockout", "Lock for good").help(
                    "Only an administrator can unlock the account then: whoever knows a name can lock people out.",
                ),
                Field::number("maxTemporaryLockouts", "Temporary locks before that", 0, 100_000),
            ],
        ),
        Section::new(
            "waiting",
            "How long an account is locked",
            "",
            vec![
                Field::choice(
                    "bruteForceStrategy",
                    "The wait grows",
                    &[("MULTIPLE", "With every so many failures"), ("LINEAR", "With every failure")],
                ),
                Field::duration("waitIncrementSeconds", "By", 0)
                    .at_least(1, "Else a locked account is free again at once."),
                Field::duration("maxFailureWaitSeconds", "Up to", 0)
                    .at_least(1, "Else a locked account is free again at once."),
                Field::duration("maxDeltaTimeSeconds", "Failures are forgotten after", 1),
                Field::number(
                    "quickLoginCheckMilliSeconds",
                    "Two failures within so many milliseconds are a program's",
                    0,
                    3_600_000,
                ),
                Field::duration("minimumQuickLoginWaitSeconds", "After those an account is locked for", 0),
            ],
        ),
        Section::new(
            "kept",
            "Headers for browsers",
            "This server sends strict headers with every page by itself: no foreign scripts, no framing, no sniffing, HTTPS \
             from then on. They can't be loosened. What stands here is kept for exports to Keycloak.",
            vec![Field::new("browserSecurityHeaders", "Headers in exports", Kind::Pairs)],
        ),
    ]
}
