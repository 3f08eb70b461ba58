//! "Who may do what, and why": how a protocol explains its decisions to administrators.

use model::id::MapperId;

/// A rule that decided something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The mapper that holds it.
    pub id: MapperId,
    /// The mapper's name.
    pub name: String,
}

/// One requested action and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluatedAction {
    /// The resource's type, such as `repository`.
    pub resource_type: String,
    /// The resource's name.
    pub resource_name: String,
    /// The action.
    pub action: String,
    /// It is granted.
    pub granted: bool,
    /// Why, in a sentence.
    pub reason: String,
    /// The rule that decided, where one did.
    pub rule: Option<Rule>,
}

/// A request that was tried without making a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// What a token would grant, as scopes.
    pub granted_scope: String,
    /// Each requested action.
    pub actions: Vec<EvaluatedAction>,
    /// Pieces of the request that are no scopes, each with the reason.
    pub ignored: Vec<(String, String)>,
}

/// Whom a rule is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleSubject {
    /// Everyone, without credentials too.
    Anonymous,
    /// Everyone who is signed in.
    SignedIn,
    /// Holders of a role, `NAME` or `CLIENT.NAME`.
    Role(String),
    /// Members of a group.
    Group {
        /// The group's path.
        path: String,
        /// Members of the groups below count too.
        include_subgroups: bool,
    },
}

/// A rule that may apply to an action on a resource, for some value of its variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRule {
    /// The rule.
    pub rule: Rule,
    /// It allows; otherwise it denies.
    pub allows: bool,
    /// Whom it is about.
    pub subject: RuleSubject,
}
