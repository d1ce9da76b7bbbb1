//! Patterns of Fluent: what of its syntax a template may use, and which variables it names.

use crate::rulebook::hint::{cut, shown};
use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};
use std::collections::BTreeSet;

/// Why a text is no pattern for a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PatternError {
    /// The syntax is broken.
    #[error("the text is not in Fluent's syntax: {0}")]
    Syntax(String),
    /// It is more than one pattern: an attribute, a comment or another message.
    #[error("the text must be a single pattern, without attributes")]
    NotOnePattern,
    /// It refers to something that a template cannot have.
    #[error("a text may hold variables only, not {0}")]
    Reference(String),
    /// Placeables lie deeper in one another than anybody reads.
    #[error("the text has choices within choices beyond {MOST_DEPTH}")]
    TooDeep,
}

/// How deep choices may lie in one another.
const MOST_DEPTH: usize = 8;

/// The identifier under which Fluent knows the one message of a resource.
pub(crate) const MESSAGE: &str = "m";

/// A text that was read as a pattern.
pub(crate) struct Pattern {
    resource: FluentResource,
    variables: BTreeSet<String>,
}

impl Pattern {
    /// Reads a text as the one pattern of a message.
    pub(crate) fn read(body: &str) -> Result<Self, PatternError> {
        // Each line is indented, so that no line of the text can begin another message. Braces
        // that open and do not close would send the parser deep: they are counted first.
        let mut depth = 0_usize;
        for c in body.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > 4 * MOST_DEPTH {
                return Err(PatternError::TooDeep);
            }
        }
        let mut source = format!("{MESSAGE} =\n");
        for line in body.trim().lines() {
            source.push_str("    ");
            source.push_str(line);
            source.push('\n');
        }
        let resource = FluentResource::try_new(source).map_err(|(_, problems)| {
            let first = problems.first().map(|problem| problem.kind.to_string());
            PatternError::Syntax(cut(&first.unwrap_or_default()))
        })?;
        let mut variables = BTreeSet::new();
        {
            let mut entries = resource.entries();
            let (Some(Entry::Message(message)), None) = (entries.next(), entries.next()) else {
                return Err(PatternError::NotOnePattern);
            };
            let pattern = message.value.as_ref().filter(|_| message.attributes.is_empty());
            let pattern = pattern.ok_or(PatternError::NotOnePattern)?;
            look(&pattern.elements, 0, &mut variables)?;
        }
        Ok(Self { resource, variables })
    }

    /// The variables that it names, each once.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(String::as_str)
    }

    /// Fluent's own reading of it.
    pub(crate) fn into_resource(self) -> FluentResource {
        self.resource
    }
}

fn look(
    elements: &[PatternElement<&str>],
    depth: usize,
    variables: &mut BTreeSet<String>,
) -> Result<(), PatternError> {
    if depth > MOST_DEPTH {
        return Err(PatternError::TooDeep);
    }
    for element in elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => look_inline(inline, depth, variables)?,
            Expression::Select { selector, variants } => {
                look_inline(selector, depth, variables)?;
                for variant in variants {
                    look(&variant.value.elements, depth + 1, variables)?;
                }
            }
        }
    }
    Ok(())
}

fn look_inline(
    inline: &InlineExpression<&str>,
    depth: usize,
    variables: &mut BTreeSet<String>,
) -> Result<(), PatternError> {
    match inline {
        InlineExpression::VariableReference { id } => {
            variables.insert(id.name.to_owned());
            Ok(())
        }
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => Ok(()),
        InlineExpression::FunctionReference { id, .. } => {
            Err(PatternError::Reference(format!("the function {}", shown(id.name))))
        }
        InlineExpression::MessageReference { id, .. } => {
            Err(PatternError::Reference(format!("the message {}", shown(id.name))))
        }
        InlineExpression::TermReference { id, .. } => {
            Err(PatternError::Reference(format!("the term {}", shown(id.name))))
        }
        InlineExpression::Placeable { expression } => match expression.as_ref() {
            Expression::Inline(inline) if depth < MOST_DEPTH => look_inline(inline, depth + 1, variables),
            Expression::Select { .. } | Expression::Inline(_) => Err(PatternError::TooDeep),
        },
    }
}
