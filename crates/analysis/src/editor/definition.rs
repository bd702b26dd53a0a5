//! Where the word at a place was defined.

use super::hover::definition_of;
use super::place::Place;
use super::tree::Tree;
use caddyctl_language::directives;

/// What is to be found elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// It stands in this text, at these bytes.
    Here(std::ops::Range<usize>),
    /// An `import` of this name, which is no snippet of this text: a file, or a snippet of another file.
    Import(String),
}

/// Where the word at byte `offset` of `text` was defined: a named matcher, a snippet, a named route.
pub fn definition(text: &str, offset: usize) -> Option<Target> {
    let tree = Tree::of(text);
    let place = Place::of(directives::stock(), &tree, offset);
    let name = place.word?.text.as_str();
    if name.starts_with('@') {
        let line = definition_of(&tree, &place, name)?;
        return Some(Target::Here(line.words.first()?.span.range()));
    }
    if place.before.len() != 1 {
        return None;
    }
    let key = match place.head() {
        "import" => format!("({name})"),
        "invoke" => format!("&({name})"),
        _ => return None,
    };
    let found = tree.lines.iter().find(|line| line.name() == key).and_then(|line| line.words.first());
    match found {
        Some(word) => Some(Target::Here(word.span.range())),
        None if place.head() == "import" => Some(Target::Import(name.to_owned())),
        None => None,
    }
}
