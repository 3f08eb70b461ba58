//! Where a claim may go, and the switches that say so.

use model::Attributes;

/// What claims are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An ID token.
    Id,
    /// An access token.
    Access,
    /// An access token of a client with the attribute `client.use.lightweight.access.token.enabled`.
    LightweightAccess,
    /// The answer of the userinfo endpoint.
    UserInfo,
    /// The answer of the introspection endpoint.
    Introspection,
}

impl Target {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Targets(u8);

impl Targets {
    /// Every target.
    pub const ALL: Self =
        Self::of(&[Target::Id, Target::Access, Target::LightweightAccess, Target::UserInfo, Target::Introspection]);
    /// Every one but userinfo, which tells of the user and not of the token.
    pub const TOKENS: Self = Self::of(&[Target::Id, Target::Access, Target::LightweightAccess, Target::Introspection]);
    /// Access tokens and what is said of them.
    pub const ACCESS: Self = Self::of(&[Target::Access, Target::LightweightAccess, Target::Introspection]);
    /// What is handed to the client itself.
    pub const CLIENT: Self = Self::of(&[Target::Id, Target::UserInfo]);

    /// These targets.
    pub const fn of(targets: &[Target]) -> Self {
        let mut bits = 0;
        let mut rest = targets;
        while let [target, others @ ..] = rest {
            bits |= target.bit();
            rest = others;
        }
        Self(bits)
    }

    /// Whether the target is among them.
    pub const fn has(self, target: Target) -> bool {
        self.0 & target.bit() != 0
    }

    /// Those that are in both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The targets that a mapper's switches name. Older exports lack the switches that came later: without its own,
    /// userinfo follows the ID token and introspection the access token, as in Keycloak.
    pub fn switched_on(config: &Attributes) -> Self {
        let access = on(config, "access.token.claim").unwrap_or(false);
        Self::read(config, access, on(config, "introspection.token.claim").unwrap_or(access))
    }

    /// The same for kinds that had no switches at first: they are on until they are switched off.
    pub fn unless_switched_off(config: &Attributes) -> Self {
        let access = on(config, "access.token.claim").unwrap_or(true);
        Self::read(config, access, on(config, "introspection.token.claim").unwrap_or(true))
    }

    fn read(config: &Attributes, access: bool, introspection: bool) -> Self {
        let id = on(config, "id.token.claim").unwrap_or(false);
        let switches = [
            (Target::Id, id),
            (Target::Access, access),
            (Target::LightweightAccess, on(config, "lightweight.claim").unwrap_or(false)),
            (Target::UserInfo, on(config, "userinfo.token.claim").unwrap_or(id)),
            (Target::Introspection, introspection),
        ];
        Self(switches.into_iter().filter(|(_, on)| *on).fold(0, |bits, (target, _)| bits | target.bit()))
    }
}

fn on(config: &Attributes, switch: &str) -> Option<bool> {
    config.get(switch).map(|text| text == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(switches: &[(&str, &str)]) -> Attributes {
        switches.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn each_switch_is_for_its_own_target() {
        let names = [
            ("id.token.claim", Target::Id),
            ("access.token.claim", Target::Access),
            ("lightweight.claim", Target::LightweightAccess),
            ("userinfo.token.claim", Target::UserInfo),
            ("introspection.token.claim", Target::Introspection),
        ];
        for (name, target) in names {
            let others = names.iter().filter(|(other, _)| *other != name).map(|(other, _)| (*other, "false"));
            let switches: Vec<_> = others.chain([(name, "true")]).collect();
            assert_eq!(Targets::switched_on(&config(&switches)), Targets::of(&[target]), "{name}");
        }
    }

    #[test]
    fn exports_from_before_a_switch_follow_an_older_one() {
        let old = Targets::switched_on(&config(&[("id.token.claim", "true"), ("access.token.claim", "true")]));
        let everywhere = [Target::Id, Target::Access, Target::UserInfo, Target::Introspection];
        assert_eq!(old, Targets::of(&everywhere));
        assert_eq!(Targets::switched_on(&config(&[])), Targets::of(&[]));
        assert_eq!(Targets::unless_switched_off(&config(&[])), Targets::of(&[Target::Access, Target::Introspection]));
        assert_eq!(
            Targets::unless_switched_off(&config(&[("access.token.claim", "false")])),
            Targets::of(&[Target::Introspection])
        );
    }

    #[test]
    fn only_true_is_on() {
        assert_eq!(Targets::switched_on(&config(&[("id.token.claim", "TRUE")])), Targets::of(&[]));
    }
}
