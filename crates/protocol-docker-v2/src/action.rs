//! What may be done with a resource of a registry, and sets of it.

use std::fmt;

/// An action that registries know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Read manifests and blobs.
    Pull,
    /// Write them; registries ask for it together with `pull`.
    Push,
    /// Delete manifests and blobs, cancel uploads.
    Delete,
    /// `*`: as a request, whatever is permitted; in a token, everything.
    Any,
}

impl Action {
    /// The actions on a repository that can be permitted one by one.
    pub const CONCRETE: [Self; 3] = [Self::Pull, Self::Push, Self::Delete];
    /// All actions, in the order of answers.
    pub const ALL: [Self; 4] = [Self::Pull, Self::Push, Self::Delete, Self::Any];

    /// The word in scopes and tokens.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pull => "pull",
            Self::Push => "push",
            Self::Delete => "delete",
            Self::Any => "*",
        }
    }

    /// The action of this word; none if no registry knows it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ActionSet(u8);

impl ActionSet {
    /// No action.
    pub const NONE: Self = Self(0);
    /// Pull, push and delete.
    pub const CONCRETE: Self = Self(0b0111);

    fn bit(action: Action) -> u8 {
        match action {
            Action::Pull => 0b0001,
            Action::Push => 0b0010,
            Action::Delete => 0b0100,
            Action::Any => 0b1000,
        }
    }

    /// Whether `action` itself is in the set; `*` stands for nothing but itself here.
    #[must_use]
    pub fn contains(self, action: Action) -> bool {
        self.0 & Self::bit(action) != 0
    }

    /// Adds an action.
    pub fn insert(&mut self, action: Action) {
        self.0 |= Self::bit(action);
    }

    /// What is in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The set with `*` replaced by what it stands for: pull, push and delete.
    #[must_use]
    pub fn expanded(self) -> Self {
        if self.contains(Action::Any) { Self::CONCRETE } else { self }
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all of this set is in `other`.
    #[must_use]
    pub fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Its actions, in the order of answers.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::ALL.into_iter().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for ActionSet {
    fn from_iter<T: IntoIterator<Item = Action>>(actions: T) -> Self {
        actions.into_iter().fold(Self::NONE, |mut set, action| {
            set.insert(action);
            set
        })
    }
}

impl fmt::Display for ActionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, action) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(action.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_keep_one_order_and_expand_the_star() {
        let set: ActionSet = [Action::Delete, Action::Pull].into_iter().collect();
        assert_eq!(set.to_string(), "pull,delete");
        assert_eq!(set.expanded(), set);
        assert_eq!(ActionSet::from_iter([Action::Any]).expanded(), ActionSet::CONCRETE);
        assert!(set.is_subset(ActionSet::CONCRETE) && !ActionSet::CONCRETE.is_subset(set));
        assert_eq!(Action::parse("*"), Some(Action::Any));
        assert_eq!(Action::parse("Pull"), None);
    }
}
