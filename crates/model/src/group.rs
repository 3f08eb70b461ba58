//! A group of users, in a tree.

use crate::{MultiAttributes, id::GroupId};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The id in admin paths.
    pub id: GroupId,
    /// The group above; none at the top.
    pub parent: Option<GroupId>,
    /// Unique among its siblings.
    pub name: String,
    /// For administrators.
    pub description: Option<String>,
    /// Free attributes.
    pub attributes: MultiAttributes,
}

/// Writes a group's path from the names on the way down to it: `/a/b`, a slash within a name as `~/`.
#[must_use]
pub fn path_text<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().fold(String::new(), |path, name| path + "/" + &name.replace('/', "~/"))
}

/// Reads a path such as `/a/b` into names, from the top down; a leading slash may be missing, `~/` is a literal slash.
/// A name that ends in `~` can't be told from one with a slash, as in Keycloak.
#[must_use]
pub fn path_names(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut letters = path.strip_prefix('/').unwrap_or(path).chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, names.last_mut()) {
            ('~', Some(name)) if letters.peek() == Some(&'/') => {
                letters.next();
                name.push('/');
            }
            ('/', _) => names.push(String::new()),
            (letter, Some(name)) => name.push(letter),
            (_, None) => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_as_it_is_written() {
        for names in [vec!["a"], vec!["a", "b c"], vec!["with/slash", "x"]] {
            assert_eq!(path_names(&path_text(names.clone())), names);
        }
        assert_eq!(path_names("a/b"), ["a", "b"]);
        assert_eq!(path_names("/a//b/"), ["a", "b"]);
        assert!(path_names("/").is_empty());
    }
}
