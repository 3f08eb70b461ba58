//! The uppermost level of a file, walked through without keeping what nobody asked for.

use std::{
    fmt,
    io::{BufReader, Read},
};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The member with a realm's users.
const USERS: &str = "users";

/// What is done with the parts of a file as they come.
pub(super) trait Parts {
    /// A realm begins.
    fn realm(&mut self);
    /// Whether other members than users are wanted.
    fn wants_members(&self) -> bool;
    /// A member of the present realm, but for its users.
    fn member(&mut self, name: String, value: Value);
    /// Whether the users of the present realm are wanted.
    fn wants_users(&self) -> bool;
    /// A user of the present realm, if they are wanted.
    fn user(&mut self, user: Value) -> Step;
    /// A user of the present realm, if they are not.
    fn passed_user(&mut self);
}

/// Whether reading goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    GoOn,
    Stop,
}

/// Walks through a file.
pub(super) fn read(file: impl Read, parts: &mut impl Parts) -> Result<(), serde_json::Error> {
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(file));
    json.deserialize_any(Top(parts))?;
    json.end()
}

/// One realm, or a list.
struct Top<'a, P>(&'a mut P);

impl<'de, P: Parts> Visitor<'de> for Top<'_, P> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a realm or a list of realms")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        Realm(self.0).visit_map(members)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut realms: A) -> Result<(), A::Error> {
        while realms.next_element_seed(Realm(self.0))?.is_some() {}
        Ok(())
    }
}

struct Realm<'a, P>(&'a mut P);

impl<'de, P: Parts> DeserializeSeed<'de> for Realm<'_, P> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, P: Parts> Visitor<'de> for Realm<'_, P> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a realm")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.realm();
        let mut users_seen = false;
        while let Some(name) = members.next_key::<String>()? {
            if name == USERS {
                if std::mem::replace(&mut users_seen, true) {
                    return Err(A::Error::duplicate_field(USERS));
                }
                members.next_value_seed(Users(self.0))?;
            } else if self.0.wants_members() {
                let value = members.next_value()?;
                self.0.member(name, value);
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct Users<'a, P>(&'a mut P);

impl<'de, P: Parts> DeserializeSeed<'de> for Users<'_, P> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, P: Parts> Visitor<'de> for Users<'_, P> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of users")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut users: A) -> Result<(), A::Error> {
        if self.0.wants_users() {
            while let Some(user) = users.next_element()? {
                if self.0.user(user) == Step::Stop {
                    return Err(A::Error::custom("stopped"));
                }
            }
        } else {
            while users.next_element::<IgnoredAny>()?.is_some() {
                self.0.passed_user();
            }
        }
        Ok(())
    }
}

/// Keeps everything but users, which are counted.
#[derive(Default)]
pub(super) struct Count {
    pub(super) realms: Vec<(Map<String, Value>, usize)>,
}

impl Parts for Count {
    fn realm(&mut self) {
        self.realms.push((Map::new(), 0));
    }

    fn wants_members(&self) -> bool {
        true
    }

    fn member(&mut self, name: String, value: Value) {
        if let Some((members, _)) = self.realms.last_mut() {
            members.insert(name, value);
        }
    }

    fn wants_users(&self) -> bool {
        false
    }

    fn user(&mut self, _: Value) -> Step {
        Step::GoOn
    }

    fn passed_user(&mut self) {
        if let Some((_, users)) = self.realms.last_mut() {
            *users = users.saturating_add(1);
        }
    }
}

/// Hands over the users of one realm.
pub(super) struct EachUser<'a> {
    /// How many realms come before it, counted down; none once it is over.
    before: Option<usize>,
    begun: bool,
    each: &'a mut dyn FnMut(Value) -> Step,
    /// No more users were wanted.
    pub(super) stopped: bool,
}

impl<'a> EachUser<'a> {
    pub(super) fn new(number: usize, each: &'a mut dyn FnMut(Value) -> Step) -> Self {
        Self { before: Some(number), begun: false, each, stopped: false }
    }
}

impl Parts for EachUser<'_> {
    fn realm(&mut self) {
        if std::mem::replace(&mut self.begun, true) {
            self.before = self.before.and_then(|before| before.checked_sub(1));
        }
    }

    fn wants_members(&self) -> bool {
        false
    }

    fn member(&mut self, _: String, _: Value) {}

    fn wants_users(&self) -> bool {
        self.before == Some(0)
    }

    fn user(&mut self, user: Value) -> Step {
        let step = (self.each)(user);
        self.stopped |= step == Step::Stop;
        step
    }

    fn passed_user(&mut self) {}
}
