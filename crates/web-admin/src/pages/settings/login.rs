//! How people log in.

use crate::settings::{Field, Section};

pub(super) fn sections() -> Vec<Section> {
    vec![
        Section::new(
            "names",
            "Names and sessions",
            "",
            vec![
                Field::switch("loginWithEmailAllowed", "People may log in with their e-mail address"),
                Field::switch("registrationEmailAsUsername", "The e-mail address is the user name")
                    .help("New users then need no other name."),
                Field::switch("duplicateEmailsAllowed", "Several users may have the same e-mail address")
                    .help("Nobody can log in with it then.")
                    .safe(false, "Who receives mails at an address could be taken for another user."),
                Field::switch("rememberMe", "Offer \u{201c}Remember me\u{201d}").help(
                    "Who ticks it stays logged in when the browser is closed, for the times under \
                           \u{201c}Tokens and sessions\u{201d}.",
                ),
            ],
        ),
        Section::new(
            "later",
            "Kept, and not acted on yet",
            "This server keeps these settings for exports and for later. Its login pages offer none of it so far: users \
             are created by administrators, who can send them a link to choose a password.",
            vec![
                Field::switch("registrationAllowed", "People may create accounts for themselves"),
                Field::switch("resetPasswordAllowed", "Offer \u{201c}Forgot password?\u{201d}"),
                Field::switch("verifyEmail", "New users have to confirm their e-mail address"),
                Field::switch("editUsernameAllowed", "People may change their user names"),
            ],
        ),
    ]
}
