//! Licence expressions of package manifests: SPDX (specification 2.3, annex D), and the slash that older manifests
//! have for OR.

use anyhow::{Result, bail};

/// A licence expression.
#[derive(Debug, PartialEq, Eq)]
pub enum Expression {
    /// One licence, with its exception if it has one: `Apache-2.0 WITH LLVM-exception`.
    Licence(String),
    /// All of them hold.
    And(Vec<Expression>),
    /// The user chooses one.
    Or(Vec<Expression>),
}

impl Expression {
    /// Reads an expression. Operators may be written in lower case too, as the specification allows.
    ///
    /// # Errors
    /// When it is empty, parentheses do not match, or an operator lacks a side.
    pub fn parse(text: &str) -> Result<Self> {
        let mut words = words(text);
        words.reverse();
        let expression = either(&mut words)?;
        match words.pop() {
            None => Ok(expression),
            Some(word) => bail!("`{word}` where the expression should end"),
        }
    }

    /// The licences that stand in the way when only these are accepted; none when there is a choice that fits.
    pub fn refused(&self, accepted: &dyn Fn(&str) -> bool) -> Vec<&str> {
        match self {
            Self::Licence(name) if accepted(name) => Vec::new(),
            Self::Licence(name) => vec![name],
            Self::And(parts) => parts.iter().flat_map(|part| part.refused(accepted)).collect(),
            Self::Or(choices) => {
                let refused: Vec<_> = choices.iter().map(|choice| choice.refused(accepted)).collect();
                if refused.iter().any(Vec::is_empty) { Vec::new() } else { refused.concat() }
            }
        }
    }
}

fn words(text: &str) -> Vec<String> {
    let spaced = text.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// `AND` binds stronger than `OR`. The words are in reverse order, so that the next one is the last.
fn either(words: &mut Vec<String>) -> Result<Expression> {
    list(words, "OR", both, Expression::Or)
}

fn both(words: &mut Vec<String>) -> Result<Expression> {
    list(words, "AND", single, Expression::And)
}

fn list(
    words: &mut Vec<String>,
    operator: &str,
    part: fn(&mut Vec<String>) -> Result<Expression>,
    join: fn(Vec<Expression>) -> Expression,
) -> Result<Expression> {
    let first = part(words)?;
    let mut rest = Vec::new();
    while next_is(words, operator) {
        words.pop();
        rest.push(part(words)?);
    }
    if rest.is_empty() {
        return Ok(first);
    }
    rest.insert(0, first);
    Ok(join(rest))
}

fn single(words: &mut Vec<String>) -> Result<Expression> {
    match words.pop() {
        None => bail!("it ends where a licence should stand"),
        Some(word) if word == "(" => {
            let inner = either(words)?;
            match words.pop() {
                Some(word) if word == ")" => Ok(inner),
                _ => bail!("a parenthesis is not closed"),
            }
        }
        Some(word) if is_operator(&word) => bail!("`{word}` where a licence should stand"),
        Some(licence) if next_is(words, "WITH") => {
            words.pop();
            match words.pop() {
                Some(exception) if !is_operator(&exception) => {
                    Ok(Expression::Licence(format!("{licence} WITH {exception}")))
                }
                _ => bail!("no exception after WITH"),
            }
        }
        Some(licence) => Ok(Expression::Licence(licence)),
    }
}

fn next_is(words: &[String], operator: &str) -> bool {
    words.last().is_some_and(|word| word.eq_ignore_ascii_case(operator))
}

fn is_operator(word: &str) -> bool {
    ["AND", "OR", "WITH", "(", ")"].iter().any(|operator| word.eq_ignore_ascii_case(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is refused when only MIT, Apache-2.0 (also with its exception) and ISC are accepted.
    fn refused(text: &str) -> Vec<String> {
        let accepted = |name: &str| ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"].contains(&name);
        Expression::parse(text).unwrap().refused(&accepted).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn one_accepted_choice_is_enough() {
        assert!(refused("MIT").is_empty());
        assert!(refused("MIT OR GPL-3.0-only").is_empty());
        assert!(refused("GPL-2.0/MIT").is_empty());
        assert!(refused("Apache-2.0 / MIT").is_empty());
        assert!(refused("LGPL-2.1-or-later or mit OR ISC").is_empty());
        assert_eq!(refused("GPL-2.0-only OR AGPL-3.0-only"), ["GPL-2.0-only", "AGPL-3.0-only"]);
    }

    #[test]
    fn every_part_of_an_and_must_be_accepted() {
        assert!(refused("MIT AND ISC").is_empty());
        assert_eq!(refused("MIT AND GPL-3.0-only"), ["GPL-3.0-only"]);
        assert_eq!(refused("(MIT OR Apache-2.0) AND Unicode-3.0"), ["Unicode-3.0"]);
    }

    #[test]
    fn and_binds_stronger_than_or() {
        assert!(refused("GPL-3.0-only AND MIT OR ISC").is_empty());
        assert_eq!(refused("GPL-3.0-only AND (MIT OR ISC)"), ["GPL-3.0-only"]);
        assert_eq!(
            Expression::parse("MIT AND ISC OR MIT").unwrap(),
            Expression::Or(vec![
                Expression::And(vec![Expression::Licence("MIT".into()), Expression::Licence("ISC".into())]),
                Expression::Licence("MIT".into()),
            ])
        );
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert!(refused("Apache-2.0 WITH LLVM-exception").is_empty());
        assert_eq!(refused("GPL-2.0-only WITH Classpath-exception-2.0"), ["GPL-2.0-only WITH Classpath-exception-2.0"]);
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for text in
            ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT ISC", "MIT WITH", "MIT WITH OR", "()", "MIT AND AND ISC"]
        {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }
}
