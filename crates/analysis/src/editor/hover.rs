//! What a word means, where it stands.

use super::place::Place;
use super::tree::{Line, Tree};
use super::vocabulary::{Term, Vocabulary};
use caddyctl_language::Version;
use caddyctl_language::expand::replace_shorthands;
use caddyctl_language::lower::Registry;
use caddyctl_language::reference;
use caddyctl_language::source::shown::markdown::{block, code};

/// What a word means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The bytes of the word.
    pub word: std::ops::Range<usize>,
    /// What it means, as Markdown.
    pub text: String,
}

/// What the word at byte `offset` of `text` means, where these directives are known; `None` where nothing is known of it.
pub fn hover(directives: &Registry, text: &str, offset: usize) -> Option<Hover> {
    let tree = Tree::of(text);
    let place = Place::of(directives, &tree, offset);
    let word = place.word?;
    placeholder(text, offset)
        .or_else(|| Some(Hover { word: word.span.range(), text: meaning(directives, &tree, &place)? }))
}

fn meaning(directives: &Registry, tree: &Tree, place: &Place) -> Option<String> {
    let name = place.word?.text.as_str();
    if name.starts_with('@') {
        return Some(block("caddyfile", written(tree, definition_of(tree, place, name)?)));
    }
    let page = |term: Option<Term>| term.map(|term| term.page(directives));
    let head = place.head();
    if place.before.is_empty() {
        return page(place.vocabulary.find(directives, name));
    }
    if head == "import" {
        let key = format!("({name})");
        let snippet = tree.lines.iter().find(|line| line.name() == key)?;
        return Some(block("caddyfile", written(tree, snippet)));
    }
    let is_definition = head.starts_with('@') && matches!(place.vocabulary, Vocabulary::Directives);
    if is_definition || matches!(place.vocabulary, Vocabulary::Matchers) {
        return page(Vocabulary::Matchers.find(directives, name));
    }
    let namespace = place.vocabulary.find(directives, head)?.modules()?;
    let module = reference::find(directives, name).into_iter().find(|entry| entry.what == namespace.what)?;
    (place.before.len() == 1).then(|| reference::entry_page(directives, &module))
}

/// The definition of the named matcher that is meant here: in this block, or the nearest one around it.
pub(super) fn definition_of<'t>(tree: &'t Tree, place: &Place<'t>, name: &str) -> Option<&'t Line> {
    let blocks = place.around.iter().rev().filter_map(|line| line.block.as_ref()).chain([&tree.lines]);
    blocks.flatten().find(|line| line.name() == name)
}

fn written<'t>(tree: &'t Tree, line: &Line) -> &'t str {
    tree.text().get(line.span.range()).unwrap_or_default()
}

/// The placeholder around `offset`.
fn placeholder(text: &str, offset: usize) -> Option<Hover> {
    let open = text.get(..offset)?.rfind('{')?;
    let close = open + text.get(open..)?.find('}')?;
    let inner = text.get(open..=close)?;
    if close < offset || inner.contains(char::is_whitespace) {
        return None;
    }
    let explanation = match inner.strip_prefix("{$") {
        Some(name) => {
            let name = name.trim_end_matches('}');
            match name.split_once(':') {
                Some((name, default)) => {
                    format!(
                        "The variable {} of the environment; {} when it is not set.",
                        code(name),
                        code(default)
                    )
                }
                None => {
                    format!(
                        "The variable {} of the environment, filled in before the file is read.",
                        code(name)
                    )
                }
            }
        }
        None => format!("Means {}.", code(&replace_shorthands(inner, Version::NEWEST)?)),
    };
    Some(Hover { word: open..close + 1, text: explanation })
}
