//! Files of exported realms, read in pieces: a realm's users are read on their own and in batches, so that a file may be
//! larger than the memory.
//!
//! A file holds one realm, or a list of several. Keycloak's export into a folder puts users into files of their own, which
//! hold nothing but the realm's name and users.

#[cfg(test)]
mod tests;
mod top;

use std::io::Read;

use serde_json::{Map, Value};

use self::top::{Count, EachUser, Step};
use crate::{ParseError, RealmRepresentation, UserRepresentation, parse};

/// Why a file can't be read.
#[derive(Debug, thiserror::Error)]
pub enum RealmFileError {
    /// It is no JSON, or can't be read to its end.
    #[error("it is not the JSON of a realm: {0}")]
    Json(#[from] serde_json::Error),
    /// Something in it is not what it should be.
    #[error("{0}")]
    Content(String),
}

/// A realm in a file, without its users.
#[derive(Clone, Debug, PartialEq)]
pub struct RealmInFile {
    /// The realm.
    pub realm: RealmRepresentation,
    /// How many users it has here.
    pub users: usize,
    /// The file says nothing but whose users these are.
    pub only_users: bool,
}

/// The realms of a file, in its order.
///
/// # Errors
/// See [`RealmFileError`].
pub fn realms(file: impl Read) -> Result<Vec<RealmInFile>, RealmFileError> {
    let mut counted = Count::default();
    top::read(file, &mut counted)?;
    counted.realms.into_iter().map(|(members, users)| realm(members, users)).collect()
}

fn realm(members: Map<String, Value>, users: usize) -> Result<RealmInFile, RealmFileError> {
    let only_users = users > 0 && members.keys().all(|name| name == "realm" || name == "federatedUsers");
    let members = Value::Object(members);
    refuse_nul(&members)?;
    let text = serde_json::to_vec(&members)?;
    let realm = parse(&text).map_err(|error| RealmFileError::Content(without_place(&error)))?;
    Ok(RealmInFile { realm, users, only_users })
}

/// The text of an error without the place, which is not that in the file.
fn without_place(error: &ParseError) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(place) => format!("{}.", text.get(..place).unwrap_or_default()),
        None => text,
    }
}

/// The users of the realm with this number in a file, in batches of `size`. Ends early if `take` wants no more.
///
/// # Errors
/// See [`RealmFileError`].
pub fn users(
    file: impl Read,
    number: usize,
    size: usize,
    mut take: impl FnMut(Vec<UserRepresentation>) -> bool,
) -> Result<(), RealmFileError> {
    let mut batch = Vec::with_capacity(size);
    let mut count = 0_usize;
    let mut wrong = None;
    let mut each = |user: Value| {
        let name = user.get("username").and_then(Value::as_str).unwrap_or_default().to_owned();
        let read = refuse_nul(&user)
            .and_then(|()| serde_json::from_value(user).map_err(|error| RealmFileError::Content(error.to_string())));
        match read {
            Ok(user) => batch.push(user),
            Err(error) => {
                wrong = Some(RealmFileError::Content(format!("users[{count}] ({name}): {error}")));
                return Step::Stop;
            }
        }
        count = count.saturating_add(1);
        if batch.len() < size || take(std::mem::replace(&mut batch, Vec::with_capacity(size))) {
            Step::GoOn
        } else {
            Step::Stop
        }
    };
    let mut visitor = EachUser::new(number, &mut each);
    let read = top::read(file, &mut visitor);
    let stopped = visitor.stopped;
    match (wrong, read) {
        (Some(wrong), _) => return Err(wrong),
        (None, Err(_)) if stopped => return Ok(()),
        (None, read) => read?,
    }
    if !batch.is_empty() {
        take(batch);
    }
    Ok(())
}

/// No text in the database can hold it.
fn refuse_nul(value: &Value) -> Result<(), RealmFileError> {
    let holds = match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => return items.iter().try_for_each(refuse_nul),
        Value::Object(members) => {
            members.values().try_for_each(refuse_nul)?;
            members.keys().any(|name| name.contains('\0'))
        }
        _ => false,
    };
    match holds {
        true => Err(RealmFileError::Content("a text must not hold the NUL character".to_owned())),
        false => Ok(()),
    }
}
