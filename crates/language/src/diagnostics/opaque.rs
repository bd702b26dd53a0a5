//! Words of which only the name is known: what is said of them, and by whom they are known.

use ecow::EcoString;

use super::{Code, Diagnostic, Severity, Subject};
use crate::source::Span;

/// Who knows a word of which caddyctl knows only the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// This Go package, whose definition says no more than its name.
    Package(EcoString),
    /// A Caddy program, as the user names it, which lists a module for it.
    Program(EcoString),
}

/// A word of which only the name is known, so that it has no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// The word.
    pub word: EcoString,
    /// Who knows it.
    pub owner: Owner,
}

/// The note that the settings of a word are not checked.
pub(crate) fn note(span: Span, word: &str, owner: &Owner) -> Diagnostic {
    let shown = super::short(word);
    let message = match owner {
        Owner::Package(package) => {
            format!("not checked here: the settings of `{shown}`, which is part of the plugin {package}")
        }
        Owner::Program(program) => {
            format!("not checked here: the settings of `{shown}`, which {program} has")
        }
    };
    let opaque = Opaque { word: word.into(), owner: owner.clone() };
    Diagnostic::new(Code::OPAQUE, Severity::Note, span, message).about(Subject::Opaque(Box::new(opaque)))
}

/// The error that there is no JSON, for the note that a word is not checked; other diagnostics stay as they are.
#[must_use]
pub fn without_json(found: Diagnostic) -> Diagnostic {
    let Subject::Opaque(opaque) = &found.subject else { return found };
    let shown = super::short(&opaque.word);
    let message = format!("`{shown}` is known only by its name and has no JSON here");
    let owner = match &opaque.owner {
        Owner::Package(package) => format!("it is part of the plugin {package}"),
        Owner::Program(program) => format!("{program} has it"),
    };
    let help = "`--caddy PROGRAM` takes the JSON of a Caddy program that has it";
    Diagnostic { message, helps: vec![owner, help.to_owned()], severity: Severity::Error, ..found }
}
