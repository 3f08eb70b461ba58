//! Who may do what in a registry, and why: Portcullis' own.

use crate::define::representation;

representation! {
    /// A request to try: either a user's, or one without credentials.
    DockerEvaluateRequest {
        /// The user who would ask.
        username: String,
        /// Nobody in particular would ask.
        anonymous: bool,
        /// What for, as registries say it: `repository:team/app:pull,push`.
        scope: Vec<String>,
    }

    /// What would become of a request.
    DockerEvaluation {
        /// What a token would grant.
        scope: String,
        /// What was asked for, one by one.
        actions: Vec<DockerEvaluatedAction>,
        /// Malformed scopes.
        ignored: Vec<DockerIgnoredScope>,
    }

    /// An action on a resource, and what would become of it.
    DockerEvaluatedAction {
        /// The type of resource.
        r#type: String,
        /// The resource.
        name: String,
        /// What would be done with it.
        action: String,
        /// Whether it would be granted.
        granted: bool,
        /// Why, or why not.
        reason: String,
        /// The mapper that allowed or denied it; absent where none did.
        rule: DockerRuleName,
    }

    /// A scope that can't be read.
    DockerIgnoredScope {
        /// The scope.
        scope: String,
        /// What is wrong with it.
        reason: String,
    }

    /// A mapper by its name.
    DockerRuleName {
        /// Mapper id.
        id: String,
        /// Name.
        name: String,
    }

    /// Who may do something with a repository.
    DockerAccess {
        /// The rule that lets everybody; absent where none does.
        anonymous: DockerRuleName,
        /// The rules that may be about it for somebody.
        rules: Vec<DockerRule>,
        /// The users whom a rule about a role or a group lets do it.
        users: Vec<DockerPermittedUser>,
        /// Whether there may be further users.
        more: bool,
    }

    /// A rule, with whom it is about.
    DockerRule {
        /// Mapper id.
        id: String,
        /// Name.
        name: String,
        /// `allow` or `deny`.
        effect: String,
        /// The role that it is about.
        role: String,
        /// The path of the group that it is about.
        group: String,
        /// Whether the groups below are meant too.
        include_subgroups: bool,
        /// `anonymous` or `signed-in`: it is about everyone, or about everyone who is signed in.
        everyone: String,
    }

    /// A user who may do something.
    DockerPermittedUser {
        /// User id.
        id: String,
        /// User name.
        username: String,
        /// The rule that lets them.
        rule: DockerRuleName,
    }
}
