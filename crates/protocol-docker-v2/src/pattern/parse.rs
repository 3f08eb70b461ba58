//! Reading patterns, with errors that name the offending part.

use super::{Component, MAX_PATTERN_LENGTH, Piece, Variable};
use crate::repository_name::{is_host, is_separator};

/// Why a text is no pattern. Each message names the offending part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Nothing there.
    #[error("a pattern is empty")]
    Empty,
    /// More than [`MAX_PATTERN_LENGTH`] bytes.
    #[error("the pattern that begins with `{0}` is longer than 512 characters")]
    TooLong(String),
    /// Two slashes in a row, or one at an end.
    #[error("`{0}` has an empty part: write no slash at the beginning or end and no two in a row")]
    EmptyPart(String),
    /// `**` next to other text.
    #[error("in `{0}`: `**` must stand alone between slashes; within a part write `*`")]
    ManyWithinPart(String),
    /// `${` without `}`.
    #[error("in `{0}`: `${{` is not closed by `}}`")]
    OpenVariable(String),
    /// A variable of another name.
    #[error("`${{{0}}}` is unknown: use `${{username}}`, `${{group}}` or `${{attribute:NAME}}`")]
    UnknownVariable(String),
    /// A character that occurs in no repository name.
    #[error(
        "in `{part}`: {character} occurs in no repository name; allowed are a-z, 0-9, `.`, `_`, `-` and the wildcards `*` and `**`"
    )]
    Character {
        /// The part between slashes.
        part: String,
        /// The character, quoted.
        character: String,
    },
    /// Separators that no name has in this place.
    #[error(
        "`{0}` matches no repository name: a part begins and ends with a letter or digit, and between them stand single dots, one or two underscores, or hyphens"
    )]
    Separator(String),
}

/// Reads the parts of a pattern.
pub(super) fn components(text: &str) -> Result<Vec<Component>, PatternError> {
    if text.is_empty() {
        return Err(PatternError::Empty);
    }
    if text.len() > MAX_PATTERN_LENGTH {
        return Err(PatternError::TooLong(shown(text.chars().take(40))));
    }
    let parts: Vec<&str> = text.split('/').collect();
    let several = parts.len() > 1;
    parts
        .into_iter()
        .enumerate()
        .map(|(index, part)| match part {
            "" => Err(PatternError::EmptyPart(shown(text.chars()))),
            "**" => Ok(Component::Many),
            host if index == 0 && several && is_host(host) => Ok(Component::One(vec![Piece::Literal(host.to_owned())])),
            part => {
                let pieces = pieces(part)?;
                check_literals(part, &pieces)?;
                Ok(Component::One(pieces))
            }
        })
        .collect()
}

fn pieces(part: &str) -> Result<Vec<Piece>, PatternError> {
    if part.contains("**") {
        return Err(PatternError::ManyWithinPart(shown(part.chars())));
    }
    let mut pieces = Vec::new();
    let mut rest = part;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('*') {
            pieces.push(Piece::Star);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("${") {
            let (name, after) = after.split_once('}').ok_or_else(|| PatternError::OpenVariable(shown(part.chars())))?;
            pieces.push(Piece::Variable(variable(name)?));
            rest = after;
        } else {
            let star = rest.find('*').unwrap_or(rest.len());
            let variable = rest.find("${").unwrap_or(rest.len());
            let (literal, after) = rest.split_at(star.min(variable));
            pieces.push(Piece::Literal(literal.to_owned()));
            rest = after;
        }
    }
    Ok(pieces)
}

fn variable(name: &str) -> Result<Variable, PatternError> {
    match name {
        "username" => Ok(Variable::Username),
        "group" => Ok(Variable::Group),
        name => match name.strip_prefix("attribute:") {
            Some(attribute) if !attribute.is_empty() && !attribute.chars().any(char::is_control) => {
                Ok(Variable::Attribute(attribute.to_owned()))
            }
            _ => Err(PatternError::UnknownVariable(shown(name.chars()))),
        },
    }
}

/// Refuses literal text that no name could contain where it stands, since such a rule would silently never apply.
fn check_literals(part: &str, pieces: &[Piece]) -> Result<(), PatternError> {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let literal = |piece: Option<&Piece>| match piece {
        Some(Piece::Literal(text)) => text.clone(),
        _ => String::new(),
    };
    for piece in pieces {
        let Piece::Literal(text) = piece else { continue };
        let foreign = text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(*c)));
        if let Some(character) = foreign {
            let character = match character {
                'A'..='Z' => format!("the upper-case letter `{character}`"),
                other => format!("`{}`", other.escape_debug()),
            };
            return Err(PatternError::Character { part: shown(part.chars()), character });
        }
        let runs_are_sound =
            text.as_bytes().split(|byte| is_alphanumeric(*byte)).all(|run| run.is_empty() || is_separator(run));
        if !runs_are_sound {
            return Err(PatternError::Separator(shown(part.chars())));
        }
    }
    if literal(pieces.first()).starts_with(['.', '_', '-']) || literal(pieces.last()).ends_with(['.', '_', '-']) {
        return Err(PatternError::Separator(shown(part.chars())));
    }
    Ok(())
}

/// A text for a message: control characters escaped.
fn shown(text: impl Iterator<Item = char>) -> String {
    text.flat_map(char::escape_debug).collect()
}
