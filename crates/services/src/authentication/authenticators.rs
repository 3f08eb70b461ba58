//! The authenticators that a flow can be made of, with Keycloak's ids, names and settings.
//!
//! A flow may hold every one of them, so that a realm keeps what it was set up with. Which of them this server runs is
//! another matter: see `docs/admin-api.md`.

mod settings;

use model::authentication::{FlowKind, Requirement};
use protocol::Setting;

use Requirement::{Alternative, Disabled, Required};

/// What an authenticator is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It identifies a user.
    User,
    /// It identifies a client; whether it does so with a secret.
    Client(bool),
    /// It shows a form.
    Form,
    /// It is a part of a form.
    FormAction,
}

/// An authenticator.
#[derive(Clone, Copy, Debug)]
pub struct Authenticator {
    /// The id in `authenticator` and `providerId`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub help: &'static str,
    /// What it is for.
    pub role: Role,
    /// What it can be set to in a flow.
    pub choices: &'static [Requirement],
    /// Its settings.
    pub settings: &'static [Setting],
}

impl Authenticator {
    /// Whether it has settings.
    #[must_use]
    pub fn configurable(&self) -> bool {
        !self.settings.is_empty()
    }
}

const ANY: &[Requirement] = &[Required, Alternative, Disabled];
const ALWAYS: &[Requirement] = &[Required];
const SWITCH: &[Requirement] = &[Required, Disabled];
const OF_CLIENTS: &[Requirement] = &[Alternative, Disabled];

macro_rules! authenticators {
    ($role:expr; $($id:literal $name:literal $choices:ident $settings:ident $help:literal)*) => {
        &[$(Authenticator {
            id: $id, name: $name, help: $help, role: $role, choices: $choices, settings: settings::$settings,
        }),*]
    };
}

const USERS: &[Authenticator] = authenticators! { Role::User;
    "auth-cookie" "Cookie" ANY NONE "Validates the SSO cookie set by the auth server."
    "auth-username-password-form" "Username Password Form" ALWAYS NONE "Asks for name and password on one page."
    "auth-username-form" "Username Form" ALWAYS NONE "Asks for the name on a page of its own."
    "auth-password-form" "Password Form" ANY NONE "Asks for the password on a page of its own."
    "auth-otp-form" "OTP Form" ANY NONE "Asks for a one-time code on a page of its own."
    "auth-conditional-otp-form" "Conditional OTP Form" ALWAYS CONDITIONAL_OTP
        "Asks for a one-time code where its conditions say so."
    "auth-spnego" "Kerberos" ANY NONE "Negotiates a Kerberos ticket with the browser (SPNEGO)."
    "identity-provider-redirector" "Identity Provider Redirector" ANY REDIRECTOR
        "Sends the browser to an identity provider: the one that is asked for, or the default one."
    "conditional-sub-flow-executed" "Condition - sub-flow executed" SWITCH SUB_FLOW_EXECUTED
        "Holds if another flow of this login was executed, or was not."
    "conditional-client-scope" "Condition - client scope" SWITCH CLIENT_SCOPE
        "Holds if a client scope applies to the login."
    "conditional-user-role" "Condition - user role" SWITCH USER_ROLE "Holds if the user has a role."
    "conditional-user-configured" "Condition - user configured" SWITCH NONE
        "Holds if the user has set up what the other authenticators of the flow need."
    "conditional-level-of-authentication" "Condition - Level of Authentication" SWITCH LEVEL_OF_AUTHENTICATION
        "Holds if a level of authentication is asked for that is not reached yet."
    "conditional-user-attribute" "Condition - user attribute" SWITCH USER_ATTRIBUTE
        "Holds if the user has an attribute with a value."
    "conditional-credential" "Condition - credential" SWITCH CREDENTIAL
        "Holds if the user logged in with one of these credentials, or did not."
    "direct-grant-validate-username" "Username Validation" ALWAYS NONE
        "Looks up the user that the parameter 'username' of a direct grant names."
    "direct-grant-validate-password" "Password" ANY NONE "Validates the parameter 'password' of a direct grant."
    "direct-grant-validate-otp" "OTP" ANY NONE "Validates the one-time code in the parameter 'totp' of a direct grant."
    "direct-grant-auth-x509-username" "X509/Validate Username" ALWAYS X509
        "Takes the user of a direct grant from a client certificate."
    "auth-x509-client-username-form" "X509/Validate Username Form" ANY X509
        "Takes the user from a client certificate of the browser."
    "reset-credentials-choose-user" "Choose User" ALWAYS NONE "Asks whose credentials are to be reset."
    "reset-credential-email" "Send Reset Email" ALWAYS RESET_EMAIL "Sends a mail and waits until its link is followed."
    "reset-password" "Reset Password" ANY NONE "Makes the user set a new password."
    "reset-otp" "Reset OTP" ANY RESET_OTP "Makes the user set up one-time codes anew."
    "idp-review-profile" "Review Profile" SWITCH REVIEW_PROFILE
        "Shows the profile that an identity provider gave, for the user to review."
    "idp-create-user-if-unique" "Create User If Unique" ANY CREATE_UNIQUE
        "Makes an account unless there is one with the same name or address."
    "idp-detect-existing-broker-user" "Detect existing broker user" ALWAYS NONE
        "Finds the account that has the name or the address which an identity provider gave."
    "idp-confirm-link" "Confirm link existing account" SWITCH NONE
        "Asks whether the account of an identity provider is to be linked to the one that is there."
    "idp-confirm-override-link" "Confirm override existing link" SWITCH NONE
        "Asks whether a link to another account of the identity provider is to be replaced."
    "idp-email-verification" "Verify existing account by Email" ANY NONE
        "Proves by mail that the account which is to be linked is the user's."
    "idp-username-password-form" "Username Password Form for identity provider reauthentication" ALWAYS NONE
        "Proves by password that the account which is to be linked is the user's."
    "idp-auto-link" "Automatically set existing user" ANY NONE
        "Links the account that is there without a question."
    "idp-add-organization-member" "Organization Member Onboard" SWITCH NONE
        "Makes users of an organization's identity provider its members."
    "organization" "Organization Identity-First Login" ANY ORGANIZATION
        "Asks for the name first, and finds the organization by its domain."
    "http-basic-authenticator" "HTTP Basic Authentication" ANY NONE
        "Validates name and password in the header Authorization."
    "docker-http-basic-authenticator" "Docker Authenticator" ALWAYS NONE
        "Validates name and password that a docker client sends."
    "webauthn-authenticator" "WebAuthn Authenticator" ANY NONE "Asks for a registered security key as a second factor."
    "webauthn-authenticator-passwordless" "WebAuthn Passwordless Authenticator" ANY NONE
        "Asks for a registered passkey instead of a password."
    "auth-recovery-authn-code-form" "Recovery Authentication Code Form" ANY NONE "Asks for a recovery code."
    "deny-access-authenticator" "Deny access" ANY DENY_ACCESS "Refuses, always."
    "allow-access-authenticator" "Allow access" ANY NONE "Succeeds, always."
    "user-session-limits" "User session count limiter" ANY SESSION_LIMITS
        "Limits how many sessions a user has at once."
};

const CLIENTS: &[Authenticator] = &[
    of_client("client-secret", "Client Id and Secret", true, "Validates a secret in the header or in the form."),
    of_client("client-jwt", "Signed Jwt", false, "Validates a JWT that the client signed with its private key."),
    of_client("client-secret-jwt", "Signed Jwt with Client Secret", true, "Validates a JWT made with the secret."),
    of_client("client-x509", "X509 Certificate", false, "Validates the certificate of the client's TLS connection."),
];

const fn of_client(id: &'static str, name: &'static str, secret: bool, help: &'static str) -> Authenticator {
    Authenticator { id, name, help, role: Role::Client(secret), choices: OF_CLIENTS, settings: settings::NONE }
}

const FORMS: &[Authenticator] = authenticators! { Role::Form;
    "registration-page-form" "Registration Page" SWITCH NONE "Shows the page on which people register."
};

const FORM_ACTIONS: &[Authenticator] = authenticators! { Role::FormAction;
    "registration-user-creation" "Registration User Profile Creation" ALWAYS NONE
        "Validates the profile and makes the account. It has to come first."
    "registration-password-action" "Password Validation" SWITCH NONE "Validates the password and its repetition."
    "registration-recaptcha-action" "reCAPTCHA" SWITCH RECAPTCHA "Asks for a proof that a human registers."
    "registration-terms-and-conditions" "Terms and conditions" SWITCH NONE "Asks for consent to terms and conditions."
};

/// All authenticators.
pub fn all() -> impl Iterator<Item = &'static Authenticator> {
    [USERS, CLIENTS, FORMS, FORM_ACTIONS].into_iter().flatten()
}

/// The authenticator with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Authenticator> {
    all().find(|one| one.id == id)
}

/// The authenticator with this id, if a flow of this kind can have it.
#[must_use]
pub fn for_flow(kind: FlowKind, id: &str) -> Option<&'static Authenticator> {
    find(id).filter(|one| match kind {
        FlowKind::Basic => one.role == Role::User,
        FlowKind::Client => matches!(one.role, Role::Client(_)),
        FlowKind::Form => one.role == Role::FormAction,
    })
}

/// What a flow within a flow can be set to.
#[must_use]
pub fn choices_of_flow(kind: FlowKind) -> &'static [Requirement] {
    match kind {
        FlowKind::Basic => &[Required, Alternative, Disabled, Requirement::Conditional],
        FlowKind::Form => SWITCH,
        FlowKind::Client => &[Alternative, Required, Disabled],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_as_many_as_keycloaks_clients_expect() {
        let count = |role: fn(Role) -> bool| all().filter(|one| role(one.role)).count();
        assert_eq!(count(|role| role == Role::User), 42);
        assert_eq!(count(|role| matches!(role, Role::Client(_))), 4);
        assert_eq!((count(|role| role == Role::Form), count(|role| role == Role::FormAction)), (1, 4));
        let ids: HashSet<_> = all().map(|one| one.id).collect();
        assert_eq!(ids.len(), all().count());
    }

    #[test]
    fn every_step_of_a_new_realm_is_known() {
        let flows = super::super::built_in::flows(false, 0, |_| false, &mut || String::from("x"));
        for execution in &flows.executions {
            if let Some(authenticator) = &execution.authenticator {
                assert!(find(authenticator).is_some(), "{authenticator}");
            }
        }
    }
}
