//! The flows, configurations and bindings that a realm has from the start: Keycloak's.

use model::{
    authentication::{AuthenticatorConfig, Execution, Flow, FlowKind, Requirement},
    id::{AuthenticatorConfigId, ExecutionId, FlowId},
};
use store::authentication::All;

use FlowKind::{Basic, Client, Form};
use Requirement::{Alternative, Conditional, Disabled, Required};

/// The flow that no list of flows shows, as in Keycloak.
pub const HIDDEN: &str = "saml ecp";

/// A realm's settings that name a flow, and the flow that each names in a new realm.
pub const BINDINGS: [(&str, &str); 7] = [
    ("browserFlow", "browser"),
    ("registrationFlow", "registration"),
    ("directGrantFlow", "direct grant"),
    ("resetCredentialsFlow", "reset credentials"),
    ("clientAuthenticationFlow", "clients"),
    ("dockerAuthenticationFlow", "docker auth"),
    ("firstBrokerLoginFlow", "first broker login"),
];

/// A flow as it is written down here.
struct Written {
    alias: &'static str,
    description: &'static str,
    kind: FlowKind,
    steps: &'static [Step],
}

/// A step: its priority, what it is, how much depends on it.
struct Step(i32, What, Requirement);

enum What {
    /// An authenticator.
    Does(&'static str),
    /// An authenticator with a configuration: its alias, the only setting and its value.
    Configured(&'static str, &'static str, &'static str, &'static str),
    /// A flow within the flow.
    Flow(&'static Written),
    /// A form, with the authenticator that shows it.
    Form(&'static str, &'static Written),
    /// A flow within the flow that the master realm does not have.
    NotInMaster(&'static Written),
}

use What::{Configured, Does, NotInMaster};

macro_rules! second_factor {
    ($alias:literal, $config:literal) => {
        Written {
            alias: $alias,
            description: "Flow to determine if any 2FA is required for the authentication",
            kind: Basic,
            steps: &[
                Step(10, Does("conditional-user-configured"), Required),
                Step(
                    20,
                    Configured("conditional-credential", $config, "credentials", "webauthn-passwordless"),
                    Required,
                ),
                Step(30, Does("auth-otp-form"), Alternative),
                Step(40, Does("webauthn-authenticator"), Disabled),
                Step(50, Does("auth-recovery-authn-code-form"), Disabled),
            ],
        }
    };
}

const BROWSER: Written = Written {
    alias: "browser",
    description: "Browser based authentication",
    kind: Basic,
    steps: &[
        Step(10, Does("auth-cookie"), Alternative),
        Step(20, Does("auth-spnego"), Disabled),
        Step(25, Does("identity-provider-redirector"), Alternative),
        Step(26, NotInMaster(&ORGANIZATION), Alternative),
        Step(30, What::Flow(&FORMS), Alternative),
    ],
};

const ORGANIZATION: Written = Written {
    alias: "Organization",
    description: "",
    kind: Basic,
    steps: &[Step(10, What::Flow(&BROWSER_ORGANIZATION), Conditional)],
};

const BROWSER_ORGANIZATION: Written = Written {
    alias: "Browser - Conditional Organization",
    description: "Flow to determine if the organization identity-first login is to be used",
    kind: Basic,
    steps: &[Step(10, Does("conditional-user-configured"), Required), Step(20, Does("organization"), Alternative)],
};

const FORMS: Written = Written {
    alias: "forms",
    description: "Username, password, otp and other auth forms.",
    kind: Basic,
    steps: &[
        Step(10, Does("auth-username-password-form"), Required),
        Step(20, What::Flow(&BROWSER_SECOND_FACTOR), Conditional),
    ],
};

const BROWSER_SECOND_FACTOR: Written = second_factor!("Browser - Conditional 2FA", "browser-conditional-credential");

const DIRECT_GRANT: Written = Written {
    alias: "direct grant",
    description: "OpenID Connect Resource Owner Grant",
    kind: Basic,
    steps: &[
        Step(10, Does("direct-grant-validate-username"), Required),
        Step(20, Does("direct-grant-validate-password"), Required),
        Step(30, What::Flow(&DIRECT_GRANT_OTP), Conditional),
    ],
};

const DIRECT_GRANT_OTP: Written = Written {
    alias: "Direct Grant - Conditional OTP",
    description: "Flow to determine if the OTP is required for the authentication",
    kind: Basic,
    steps: &[
        Step(10, Does("conditional-user-configured"), Required),
        Step(20, Does("direct-grant-validate-otp"), Required),
    ],
};

const REGISTRATION: Written = Written {
    alias: "registration",
    description: "Registration flow",
    kind: Basic,
    steps: &[Step(10, What::Form("registration-page-form", &REGISTRATION_FORM), Required)],
};

const REGISTRATION_FORM: Written = Written {
    alias: "registration form",
    description: "Registration form",
    kind: Form,
    steps: &[
        Step(20, Does("registration-user-creation"), Required),
        Step(50, Does("registration-password-action"), Required),
        Step(60, Does("registration-recaptcha-action"), Disabled),
        Step(70, Does("registration-terms-and-conditions"), Disabled),
    ],
};

const RESET_CREDENTIALS: Written = Written {
    alias: "reset credentials",
    description: "Reset credentials for a user if they forgot their password or something",
    kind: Basic,
    steps: &[
        Step(10, Does("reset-credentials-choose-user"), Required),
        Step(20, Does("reset-credential-email"), Required),
        Step(30, Does("reset-password"), Required),
        Step(40, What::Flow(&RESET_OTP), Conditional),
    ],
};

const RESET_OTP: Written = Written {
    alias: "Reset - Conditional OTP",
    description: "Flow to determine if the OTP should be reset or not. Set to REQUIRED to force.",
    kind: Basic,
    steps: &[Step(10, Does("conditional-user-configured"), Required), Step(20, Does("reset-otp"), Required)],
};

const CLIENTS: Written = Written {
    alias: "clients",
    description: "Base authentication for clients",
    kind: Client,
    steps: &[
        Step(10, Does("client-secret"), Alternative),
        Step(20, Does("client-jwt"), Alternative),
        Step(30, Does("client-secret-jwt"), Alternative),
        Step(40, Does("client-x509"), Alternative),
    ],
};

const FIRST_BROKER_LOGIN: Written = Written {
    alias: "first broker login",
    description: "Actions taken after first broker login with identity provider account, which is not yet linked to any \
                  Keycloak account",
    kind: Basic,
    steps: &[
        Step(
            10,
            Configured("idp-review-profile", "review profile config", "update.profile.on.first.login", "missing"),
            Required,
        ),
        Step(20, What::Flow(&USER_CREATION), Required),
        Step(60, NotInMaster(&BROKER_ORGANIZATION), Conditional),
    ],
};

const USER_CREATION: Written = Written {
    alias: "User creation or linking",
    description: "Flow for the existing/non-existing user alternatives",
    kind: Basic,
    steps: &[
        Step(
            10,
            Configured(
                "idp-create-user-if-unique",
                "create unique user config",
                "require.password.update.after.registration",
                "false",
            ),
            Alternative,
        ),
        Step(20, What::Flow(&EXISTING_ACCOUNT), Alternative),
    ],
};

const EXISTING_ACCOUNT: Written = Written {
    alias: "Handle Existing Account",
    description: "Handle what to do if there is existing account with same email/username like authenticated identity \
                  provider",
    kind: Basic,
    steps: &[Step(10, Does("idp-confirm-link"), Required), Step(20, What::Flow(&VERIFICATION), Required)],
};

const VERIFICATION: Written = Written {
    alias: "Account verification options",
    description: "Method with which to verify the existing account",
    kind: Basic,
    steps: &[
        Step(10, Does("idp-email-verification"), Alternative),
        Step(20, What::Flow(&REAUTHENTICATION), Alternative),
    ],
};

const REAUTHENTICATION: Written = Written {
    alias: "Verify Existing Account by Re-authentication",
    description: "Reauthentication of existing account",
    kind: Basic,
    steps: &[
        Step(10, Does("idp-username-password-form"), Required),
        Step(20, What::Flow(&BROKER_SECOND_FACTOR), Conditional),
    ],
};

const BROKER_SECOND_FACTOR: Written =
    second_factor!("First broker login - Conditional 2FA", "first-broker-login-conditional-credential");

const BROKER_ORGANIZATION: Written = Written {
    alias: "First Broker Login - Conditional Organization",
    description: "Flow to determine if the authenticator that adds organization members is to be used",
    kind: Basic,
    steps: &[
        Step(10, Does("conditional-user-configured"), Required),
        Step(20, Does("idp-add-organization-member"), Required),
    ],
};

const SAML_ECP: Written = Written {
    alias: HIDDEN,
    description: "SAML ECP Profile Authentication Flow",
    kind: Basic,
    steps: &[Step(10, Does("http-basic-authenticator"), Required)],
};

const DOCKER: Written = Written {
    alias: "docker auth",
    description: "Used by Docker clients to authenticate against the IDP",
    kind: Basic,
    steps: &[Step(10, Does("docker-http-basic-authenticator"), Required)],
};

/// In the order of lists.
const TOP_LEVEL: [&Written; 8] =
    [&BROWSER, &DIRECT_GRANT, &REGISTRATION, &RESET_CREDENTIALS, &CLIENTS, &FIRST_BROKER_LOGIN, &SAML_ECP, &DOCKER];

/// Writes flows down as rows.
struct Builder<'a> {
    ids: &'a mut dyn FnMut() -> String,
    master: bool,
    all: All,
    place: i32,
}

impl Builder<'_> {
    fn flow(&mut self, written: &Written, top_level: bool) -> FlowId {
        let id = FlowId((self.ids)());
        self.all.flows.push(Flow {
            id: id.clone(),
            alias: written.alias.to_owned(),
            description: Some(written.description).filter(|text| !text.is_empty()).map(str::to_owned),
            kind: written.kind,
            top_level,
            built_in: true,
            place: self.place,
        });
        self.place += 1;
        for Step(priority, what, requirement) in written.steps {
            let (authenticator, config, sub_flow) = match what {
                NotInMaster(_) if self.master => continue,
                Does(authenticator) => (Some(*authenticator), None, None),
                Configured(authenticator, alias, name, value) => {
                    (Some(*authenticator), Some(self.config(alias, name, value)), None)
                }
                What::Flow(inner) | NotInMaster(inner) => (None, None, Some(self.flow(inner, false))),
                What::Form(authenticator, inner) => (Some(*authenticator), None, Some(self.flow(inner, false))),
            };
            self.all.executions.push(Execution {
                id: ExecutionId((self.ids)()),
                flow: id.clone(),
                authenticator: authenticator.map(str::to_owned),
                sub_flow,
                config,
                requirement: *requirement,
                priority: *priority,
            });
        }
        id
    }

    fn config(&mut self, alias: &str, name: &str, value: &str) -> AuthenticatorConfigId {
        let id = AuthenticatorConfigId((self.ids)());
        self.all.configs.push(AuthenticatorConfig {
            id: id.clone(),
            alias: alias.to_owned(),
            config: [(name.to_owned(), value.to_owned())].into(),
        });
        id
    }
}

/// The flows that a realm has from the start, but for top-level ones with an alias for which `has` is true and what is
/// in them. Their places begin at `place`.
pub fn flows(master: bool, place: i32, has: impl Fn(&str) -> bool, ids: &mut dyn FnMut() -> String) -> All {
    let mut builder = Builder { ids, master, all: All::default(), place };
    for written in TOP_LEVEL {
        if !has(written.alias) {
            builder.flow(written, true);
        }
    }
    builder.all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(master: bool, has: impl Fn(&str) -> bool) -> All {
        let mut last = 0;
        flows(master, 0, has, &mut || {
            last += 1;
            last.to_string()
        })
    }

    #[test]
    fn master_has_no_flows_of_organizations() {
        let (master, other) = (made(true, |_| false), made(false, |_| false));
        // Keycloak 26.5.5 exports 18 flows of master.
        assert_eq!((master.flows.len(), other.flows.len()), (18, 21));
        assert!(!master.executions.iter().any(|one| one.authenticator.as_deref() == Some("organization")));
        let aliases: Vec<_> = other.configs.iter().map(|config| config.alias.as_str()).collect();
        assert_eq!(
            aliases,
            [
                "browser-conditional-credential",
                "review profile config",
                "create unique user config",
                "first-broker-login-conditional-credential"
            ]
        );
    }

    #[test]
    fn what_a_realm_has_already_is_left_out_with_its_parts() {
        let some = made(false, |alias| alias != "registration");
        let aliases: Vec<_> = some.flows.iter().map(|flow| flow.alias.as_str()).collect();
        assert_eq!(aliases, ["registration", "registration form"]);
    }

    #[test]
    fn every_binding_names_a_flow() {
        for (_, alias) in BINDINGS {
            assert!(TOP_LEVEL.iter().any(|flow| flow.alias == alias), "{alias}");
        }
    }
}
