//! The scopes of a token request, read once into types that hold no bad name.
//!
//! Grammar: distribution's token scope documentation. A scope value may hold several scopes separated by spaces, and
//! names may contain colons (ports, IPv6), so the first colon ends the type and the last one starts the actions.
//! A malformed piece grants nothing and fails nothing: it is listed, for the event and for the evaluate screen.

use std::{collections::BTreeSet, fmt};

use crate::{
    action::{Action, ActionSet},
    repository_name::{NameError, RepositoryName},
};

#[cfg(test)]
mod tests;

/// The most scopes of one request. Bounds the token: see [`crate::claims::MAX_TOKEN_LENGTH`].
pub const MAX_SCOPES: usize = 100;
/// The most bytes of scope text in one request.
pub const MAX_SCOPE_TEXT: usize = 16 * 1024;
/// The longest excerpt of a refused piece that is kept, in characters.
const MAX_EXCERPT: usize = 120;

/// What a scope is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// A repository.
    Repository(RepositoryName),
    /// The list of all repositories: `registry:catalog`.
    Catalog,
    /// Something that this server grants nothing on.
    Other(OtherResource),
}

impl Resource {
    /// The type as in scopes and in the `access` claim.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Repository(_) => "repository",
            Self::Catalog => "registry",
            Self::Other(other) => &other.type_name,
        }
    }

    /// The name as in scopes and in the `access` claim.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Repository(name) => name.as_str(),
            Self::Catalog => "catalog",
            Self::Other(other) => &other.name,
        }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.type_name(), self.name())
    }
}

/// A resource of a type or name that this server doesn't know. Visible ASCII only.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OtherResource {
    type_name: String,
    name: String,
}

/// One resource with what is asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceScope {
    /// What it is about.
    pub resource: Resource,
    /// The actions asked for; `*` stays `*`.
    pub actions: ActionSet,
    /// Words asked for that are no action of a registry; they are never granted.
    pub unknown_actions: BTreeSet<String>,
}

impl fmt::Display for ResourceScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.resource, self.actions)?;
        for (index, word) in self.unknown_actions.iter().enumerate() {
            let comma = if index > 0 || !self.actions.is_empty() { "," } else { "" };
            write!(f, "{comma}{word}")?;
        }
        Ok(())
    }
}

/// A piece of a scope value that is no scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredScope {
    /// Its beginning, control characters escaped.
    pub text: String,
    /// What is wrong with it.
    pub reason: ScopeError,
}

/// Why a piece is no scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// Fewer than two colons.
    #[error("a scope has three parts: type:name:actions")]
    Parts,
    /// The type or its class isn't `a-z0-9`.
    #[error("the type of the scope is malformed")]
    Type,
    /// The name is malformed.
    #[error("{0}")]
    Name(#[from] NameError),
    /// The name of a resource of another type is empty, too long or not visible ASCII.
    #[error("the name in the scope is malformed")]
    OtherName,
    /// No action, or one that is neither `*` nor `a-z`.
    #[error("the actions of the scope are malformed")]
    Actions,
}

/// A request asks for too much at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooManyScopes {
    /// More than [`MAX_SCOPES`] pieces.
    #[error("More than 100 scopes in one request. Ask for fewer repositories at once.")]
    Count,
    /// More than [`MAX_SCOPE_TEXT`] bytes.
    #[error("The scopes of this request are longer than 16 KiB. Ask for fewer repositories at once.")]
    Length,
}

/// The scopes of one request, each resource once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedScopes {
    /// The well-formed ones, in the order of their first mention.
    pub resources: Vec<ResourceScope>,
    /// The pieces that are no scopes.
    pub ignored: Vec<IgnoredScope>,
}

impl RequestedScopes {
    /// Reads all scope values of a request: each may hold any number of scopes separated by spaces.
    ///
    /// # Errors
    /// If they exceed [`MAX_SCOPES`] or [`MAX_SCOPE_TEXT`].
    pub fn parse<S: AsRef<str>>(values: &[S]) -> Result<Self, TooManyScopes> {
        if values.iter().map(|value| value.as_ref().len()).sum::<usize>() > MAX_SCOPE_TEXT {
            return Err(TooManyScopes::Length);
        }
        let mut scopes = Self::default();
        let pieces = values.iter().flat_map(|value| value.as_ref().split(' ')).filter(|piece| !piece.is_empty());
        for (index, piece) in pieces.enumerate() {
            if index >= MAX_SCOPES {
                return Err(TooManyScopes::Count);
            }
            match parse_scope(piece) {
                Ok(scope) => scopes.add(scope),
                Err(reason) => scopes.ignored.push(IgnoredScope { text: excerpt(piece), reason }),
            }
        }
        Ok(scopes)
    }

    fn add(&mut self, scope: ResourceScope) {
        match self.resources.iter_mut().find(|known| known.resource == scope.resource) {
            Some(known) => {
                known.actions = known.actions.union(scope.actions);
                known.unknown_actions.extend(scope.unknown_actions);
            }
            None => self.resources.push(scope),
        }
    }
}

impl fmt::Display for RequestedScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.resources.iter().enumerate() {
            let space = if index > 0 { " " } else { "" };
            write!(f, "{space}{scope}")?;
        }
        Ok(())
    }
}

/// Reads one scope. Nothing is percent-decoded: that happened once, at the form.
///
/// # Errors
/// The part that is malformed.
pub fn parse_scope(piece: &str) -> Result<ResourceScope, ScopeError> {
    let (type_and_class, rest) = piece.split_once(':').ok_or(ScopeError::Parts)?;
    let (name, actions) = rest.rsplit_once(':').ok_or(ScopeError::Parts)?;
    let type_name = parse_type(type_and_class).ok_or(ScopeError::Type)?;
    let resource = match (type_name, name) {
        ("repository", name) => Resource::Repository(RepositoryName::parse(name)?),
        ("registry", "catalog") => Resource::Catalog,
        (other, name) => {
            let visible = !name.is_empty() && name.len() <= 255 && name.bytes().all(|byte| byte.is_ascii_graphic());
            if !visible {
                return Err(ScopeError::OtherName);
            }
            Resource::Other(OtherResource { type_name: other.to_owned(), name: name.to_owned() })
        }
    };
    let mut scope = ResourceScope { resource, actions: ActionSet::NONE, unknown_actions: BTreeSet::new() };
    for word in actions.split(',').filter(|word| !word.is_empty()) {
        match Action::parse(word) {
            Some(action) => scope.actions.insert(action),
            None if word.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                scope.unknown_actions.insert(word.to_owned());
            }
            None => return Err(ScopeError::Actions),
        }
    }
    if scope.actions.is_empty() && scope.unknown_actions.is_empty() {
        return Err(ScopeError::Actions);
    }
    Ok(scope)
}

/// The type without its class: `repository(plugin)` is `repository`, as registries match the bare type only.
fn parse_type(text: &str) -> Option<&str> {
    let is_word = |word: &str| {
        !word.is_empty()
            && word.len() <= 64
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let name = match text.split_once('(') {
        None => text,
        Some((name, class)) => {
            let class = class.strip_suffix(')')?;
            if !is_word(class) {
                return None;
            }
            name
        }
    };
    is_word(name).then_some(name)
}

/// The beginning of a refused piece, fit for logs.
fn excerpt(piece: &str) -> String {
    let mut text: String = piece.chars().take(MAX_EXCERPT).flat_map(char::escape_debug).collect();
    if piece.chars().nth(MAX_EXCERPT).is_some() {
        text.push('…');
    }
    text
}
