//! What a plan is run with.

use crate::conformance::realm;

/// How the clients of a plan come into being.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Each registers itself.
    Dynamic,
    /// An administrator has made them.
    Static,
}

/// What a plan is run with.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The suite's name of the plan.
    pub plan: &'static str,
    /// What is asked for.
    pub response_type: &'static str,
    /// The answer is a form that the browser sends.
    pub form_post: bool,
    /// How the clients come into being.
    pub registration: Registration,
    /// How they prove who they are.
    pub authentication: &'static str,
    /// The realm.
    pub realm: &'static str,
}

impl Variant {
    /// Dynamic clients with `client_secret_basic`, in the realm as it was created.
    pub const fn of(plan: &'static str, response_type: &'static str) -> Self {
        Self {
            plan,
            response_type,
            form_post: false,
            registration: Registration::Dynamic,
            authentication: "client_secret_basic",
            realm: realm::AS_CREATED,
        }
    }

    /// With `response_mode=form_post`.
    pub const fn form_post(self) -> Self {
        Self { form_post: true, ..self }
    }

    /// With clients that an administrator has made.
    pub const fn static_clients(self) -> Self {
        Self { registration: Registration::Static, ..self }
    }

    /// With clients that prove with a key who they are.
    pub const fn private_key_jwt(self) -> Self {
        Self { authentication: "private_key_jwt", ..self }
    }

    /// In the realm whose ID tokens hold only what was asked for.
    pub const fn lean(self) -> Self {
        Self { realm: realm::LEAN, ..self }
    }

    fn asks_for(&self, what: &str) -> bool {
        self.response_type.split(' ').any(|part| part == what)
    }

    /// The authorization endpoint gives a code.
    pub fn has_code(&self) -> bool {
        self.asks_for("code")
    }

    /// The authorization endpoint gives an ID token.
    pub fn has_front_id_token(&self) -> bool {
        self.asks_for("id_token")
    }

    /// The authorization endpoint gives an access token.
    pub fn has_front_access_token(&self) -> bool {
        self.asks_for("token")
    }

    /// There is an access token in the end.
    pub fn has_access_token(&self) -> bool {
        self.has_code() || self.has_front_access_token()
    }

    /// The grant types that go with the response type.
    pub fn grant_types(&self) -> Vec<&'static str> {
        let code = self.has_code().then_some("authorization_code");
        let implicit = (self.has_front_id_token() || self.has_front_access_token()).then_some("implicit");
        code.into_iter().chain(implicit).collect()
    }
}
