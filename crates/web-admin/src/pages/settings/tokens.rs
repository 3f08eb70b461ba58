//! How long sessions and tokens last.

use crate::settings::{Field, Section};

const DAY: i64 = 86_400;

pub(super) fn sections() -> Vec<Section> {
    vec![
        Section::new(
            "sessions",
            "Sessions",
            "A session begins with a login and covers every application that a person uses in that browser.",
            vec![
                Field::duration("ssoSessionIdleTimeout", "Ends when it was not used for", 1),
                Field::duration("ssoSessionMaxLifespan", "Ends in any case after", 1)
                    .at_most(30 * DAY, "A browser that was left behind stays logged in for so long."),
                Field::duration(
                    "ssoSessionIdleTimeoutRememberMe",
                    "With \u{201c}Remember me\u{201d}: when not used for",
                    0,
                )
                .help("0 is the same as without."),
                Field::duration(
                    "ssoSessionMaxLifespanRememberMe",
                    "With \u{201c}Remember me\u{201d}: in any case after",
                    0,
                )
                .help("0 is the same as without.")
                .at_most(400 * DAY, "Longer than that is hardly meant."),
                Field::duration("clientSessionIdleTimeout", "One application's part: when not used for", 0)
                    .help("0 is as long as the session. An application can have its own time."),
                Field::duration("clientSessionMaxLifespan", "One application's part: in any case after", 0)
                    .help("0 is as long as the session."),
            ],
        ),
        Section::new(
            "offline",
            "Offline sessions",
            "An application that asks for the scope offline_access may act for a person after they logged out.",
            vec![
                Field::duration("offlineSessionIdleTimeout", "Ends when it was not used for", 1),
                Field::switch("offlineSessionMaxLifespanEnabled", "Ends in any case after a time")
                    .safe(true, "Else a refresh token that was stolen once can be good for ever."),
                Field::duration("offlineSessionMaxLifespan", "That time", 1)
                    .at_most(400 * DAY, "Longer than that is hardly meant."),
                Field::duration("clientOfflineSessionIdleTimeout", "One application's part: when not used for", 0)
                    .help("0 is as long as the session."),
                Field::duration("clientOfflineSessionMaxLifespan", "One application's part: in any case after", 0)
                    .help("0 is as long as the session."),
            ],
        ),
        Section::new(
            "access",
            "Access tokens",
            "What applications and registries show to get at something. Each is checked without asking this server.",
            vec![
                Field::duration("accessTokenLifespan", "An access token is good for", 1)
                    .help("An application or a registry can have its own time.")
                    .at_most(3_600, "A stolen token is good until it ends; applications get new ones by themselves."),
                Field::duration(
                    "accessTokenLifespanForImplicitFlow",
                    "One that a browser got at the login is good for",
                    1,
                )
                .at_most(3_600, "Such a token stands in an address."),
                Field::choice(
                    "defaultSignatureAlgorithm",
                    "Tokens are signed with",
                    &[
                        ("RS256", "RS256"),
                        ("RS384", "RS384"),
                        ("RS512", "RS512"),
                        ("PS256", "PS256"),
                        ("PS384", "PS384"),
                        ("PS512", "PS512"),
                        ("ES256", "ES256"),
                        ("ES384", "ES384"),
                        ("ES512", "ES512"),
                        ("EdDSA", "EdDSA"),
                    ],
                )
                .help("The realm needs an active key for it: see Keys. An application can have its own."),
                Field::number("notBefore", "Tokens from before this moment are refused", 0, i64::from(i32::MAX))
                    .help("In seconds since 1970; 0 refuses none."),
            ],
        ),
        Section::new(
            "refresh",
            "Refresh tokens",
            "What applications get new access tokens for, for as long as the session goes on.",
            vec![
                Field::switch("revokeRefreshToken", "Each is good once")
                    .help("One that is used twice ends everything that came of it.")
                    .safe(true, "A copied token is noticed as soon as both are used."),
                Field::number("refreshTokenMaxReuse", "It may be used again so often", 0, 1_000)
                    .at_most(0, "A copied token can be used so often before anybody notices."),
            ],
        ),
        Section::new(
            "logins",
            "Logins and codes",
            "",
            vec![
                Field::duration("accessCodeLifespan", "An authorization code is good for", 1)
                    .at_most(60, "Applications redeem it at once; a leaked one can be tried for so long."),
                Field::duration("accessCodeLifespanLogin", "A login may take", 1),
                Field::duration("accessCodeLifespanUserAction", "A step of it, such as a consent, may take", 1),
                Field::duration("attributes.parRequestUriLifespan", "A pushed request is good for", 1)
                    .help("Empty is one minute."),
                Field::duration("oauth2DeviceCodeLifespan", "A code that a device shows is good for", 1)
                    .at_most(1_800, "Who talks somebody into approving a foreign device has so long for it."),
                Field::number("oauth2DevicePollingInterval", "Seconds between two questions of a device", 1, 3_600),
                Field::duration(
                    "actionTokenGeneratedByAdminLifespan",
                    "A link that administrators send is good for",
                    60,
                )
                .at_most(12 * 3_600, "Whoever reads the mail can follow the link."),
            ],
        ),
    ]
}
