//! The settings of authenticators, with Keycloak's names.

use protocol::{Setting, SettingType};

use SettingType::{Boolean, List, MultivaluedString, Role, String as Line};

const fn setting(name: &'static str, label: &'static str, kind: SettingType, help: &'static str) -> Setting {
    Setting { name, label, help, kind, default: None, options: &[], required: false }
}

const fn usually(setting: Setting, default: &'static str) -> Setting {
    Setting { default: Some(default), ..setting }
}

const fn one_of(setting: Setting, options: &'static [&'static str]) -> Setting {
    Setting { options, ..setting }
}

const NEGATE: Setting =
    usually(setting("negate", "Negate output", Boolean, "The condition holds if it would not."), "false");

pub const NONE: &[Setting] = &[];

pub const CONDITIONAL_OTP: &[Setting] = &[
    setting(
        "otpControlAttribute",
        "OTP control User Attribute",
        Line,
        "An attribute whose value is 'skip' or 'force'.",
    ),
    setting("skipOtpRole", "Skip OTP for Role", Role, "Who has this role is not asked."),
    setting("forceOtpRole", "Force OTP for Role", Role, "Who has this role is asked."),
    setting("noOtpRequiredForHeaderPattern", "Skip OTP for Header", Line, "No question if a header matches this."),
    setting("forceOtpForHeaderPattern", "Force OTP for Header", Line, "A question if a header matches this."),
    usually(
        one_of(
            setting("defaultOtpOutcome", "Fallback OTP handling", List, "What happens if nothing else decides."),
            &["skip", "force"],
        ),
        "force",
    ),
];

pub const REDIRECTOR: &[Setting] =
    &[setting("defaultProvider", "Default Identity Provider", Line, "The alias of the provider to go to.")];

pub const SUB_FLOW_EXECUTED: &[Setting] = &[
    setting("flow_to_check", "Flow name", Line, "The alias of the other flow."),
    usually(
        one_of(
            setting("check_result", "Check result", List, "What has to be true of the other flow."),
            &["executed", "not-executed"],
        ),
        "executed",
    ),
];

pub const CLIENT_SCOPE: &[Setting] =
    &[setting("client_scope", "Client scope name", Line, "The name of the client scope."), NEGATE];

pub const USER_ROLE: &[Setting] =
    &[setting("condUserRole", "User role", Role, "The role: NAME, or CLIENT.NAME for a client's."), NEGATE];

pub const LEVEL_OF_AUTHENTICATION: &[Setting] = &[
    setting("loa-condition-level", "Level of Authentication (LoA)", Line, "The level, a number."),
    usually(setting("loa-max-age", "Max Age", Line, "How many seconds the level lasts."), "36000"),
];

pub const USER_ATTRIBUTE: &[Setting] = &[
    setting("attribute_name", "Attribute name", Line, "The attribute."),
    setting("attribute_expected_value", "Expected attribute value", Line, "Its value."),
    usually(setting("include_group_attributes", "Include group attributes", Boolean, "Groups count too."), "false"),
    setting("not", "Negate output", Boolean, "The condition holds if it would not."),
    usually(setting("regex", "Regex", Boolean, "The value is a regular expression."), "false"),
];

pub const CREDENTIAL: &[Setting] = &[
    setting("credentials", "Credentials", MultivaluedString, "Types of credentials."),
    usually(
        setting("included", "Included", Boolean, "The condition holds if one was used, rather than if none was."),
        "false",
    ),
];

pub const X509: &[Setting] = &[
    one_of(
        setting(
            "x509-cert-auth.mapping-source-selection",
            "User Identity Source",
            List,
            "The part that names the user.",
        ),
        &[
            "Match SubjectDN using regular expression",
            "Subject's e-mail",
            "Subject's Alternative Name E-mail",
            "Subject's Alternative Name otherName (UPN)",
            "Subject's Common Name",
            "Match IssuerDN using regular expression",
            "Certificate Serial Number",
            "Certificate Serial Number and IssuerDN",
            "SHA-256 Thumbprint",
            "Full Certificate in PEM format",
        ],
    ),
    usually(
        setting(
            "x509-cert-auth.regular-expression",
            "A regular expression to extract user identity",
            Line,
            "Its pattern.",
        ),
        "(.*?)(?:$)",
    ),
    one_of(
        setting("x509-cert-auth.mapper-selection", "User mapping method", List, "How the user is found by it."),
        &["Custom Attribute Mapper", "Username or Email"],
    ),
    setting(
        "x509-cert-auth.mapper-selection.user-attribute-name",
        "A name of user attribute",
        MultivaluedString,
        "The attribute that holds the value.",
    ),
    setting("x509-cert-auth.crl-checking-enabled", "CRL Checking Enabled", Boolean, "Revocation lists are looked at."),
    setting("x509-cert-auth.ocsp-checking-enabled", "OCSP Checking Enabled", Boolean, "An OCSP responder is asked."),
];

pub const RESET_EMAIL: &[Setting] = &[usually(
    one_of(
        setting("force-login", "Force login after reset", List, "Whether the user logs in anew afterwards."),
        &["true", "false", "only-federated"],
    ),
    "only-federated",
)];

pub const RESET_OTP: &[Setting] = &[usually(
    one_of(
        setting("action_on_otp_reset_flow", "Action on OTP reset", List, "What happens to what is set up already."),
        &["Keep existing", "Remove one", "Remove all"],
    ),
    "Keep existing",
)];

pub const REVIEW_PROFILE: &[Setting] = &[usually(
    one_of(
        setting("update.profile.on.first.login", "Update Profile on First Login", List, "When the profile is shown."),
        &["on", "missing", "off"],
    ),
    "missing",
)];

pub const CREATE_UNIQUE: &[Setting] = &[setting(
    "require.password.update.after.registration",
    "Require Password Update After Registration",
    Boolean,
    "The new user has to set a password.",
)];

pub const ORGANIZATION: &[Setting] =
    &[usually(setting("requiresUserMembership", "Requires user membership", Boolean, "Only members go on."), "false")];

pub const DENY_ACCESS: &[Setting] =
    &[setting("denyErrorMessage", "Error message", Line, "What the user is told, or the key of a text.")];

pub const SESSION_LIMITS: &[Setting] = &[
    usually(
        setting("userRealmLimit", "Maximum concurrent sessions for each user within this realm.", Line, "0: any."),
        "3",
    ),
    usually(
        setting("userClientLimit", "Maximum concurrent sessions for each user per keycloak client.", Line, "0: any."),
        "0",
    ),
    usually(
        one_of(
            setting("behavior", "Behavior when user session limit is exceeded", List, "Which session gives way."),
            &["Deny new session", "Terminate oldest session"],
        ),
        "Deny new session",
    ),
    setting("errorMessage", "Optional custom error message", Line, "What the user is told, or the key of a text."),
];

pub const RECAPTCHA: &[Setting] = &[
    setting("site.key", "reCAPTCHA Site Key", Line, "The site's key."),
    setting("secret.key", "reCAPTCHA Secret", Line, "The site's secret."),
    usually(setting("action", "Action Name", Line, "The action that the proof is for."), "register"),
    usually(setting("useRecaptchaNet", "use recaptcha.net", Boolean, "Asks recaptcha.net, not google.com."), "false"),
    usually(setting("recaptcha.v3", "reCAPTCHA v3", Boolean, "The keys are of version 3."), "false"),
];
