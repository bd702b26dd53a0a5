//! Reads the definitions at the top of a file: snippets and named routes.

use ecow::EcoString;

use super::block::{Block, BlockKind};
use super::import::Snippet;
use super::reach::measure;
use super::reader::Reader;
use crate::diagnostics::{Code, Diagnostic, braces};
use crate::source::Span;
use crate::spec::age;
use crate::syntax::Word;
use crate::version::Change;

impl Reader<'_> {
    /// The words of a block that stand between its braces; the current word must open it. `None` after a fault. In a named
    /// route imports are carried out; in a snippet, where it is imported.
    fn block_words(&mut self, key: &Word, kind: BlockKind) -> Option<(Word, Vec<Word>, Word)> {
        let open = self.stream.current().cloned().and_then(|word| {
            // A brace that is joined to the name has been reported, and opens the block all the same.
            let is_joined = word.span == key.span && word.text.ends_with('{');
            if is_joined { Some(Word { text: "{".into(), ..word }) } else { Some(word).filter(Word::opens) }
        });
        let Some(open) = open else {
            self.report(key, braces::definition_without_block(key.span, &key.text));
            self.stream.step_back();
            return None;
        };
        let mut depth = 1usize;
        let mut words = Vec::new();
        while self.stream.advance() {
            let word = self.stream.current()?.clone();
            let imports = kind == BlockKind::NamedRoute && self.version.has(Change::NamedRouteImports);
            if imports && word.text == "import" && self.stream.begins_line() {
                self.import(1);
                // Behind an import with a block Caddy 2.11.7 leaves these two words standing here, as a line of their own.
                words.append(&mut self.left_standing);
                continue;
            }
            if word.closes() {
                depth -= 1;
                if depth == 0 {
                    return Some((open, words, word));
                }
            } else if word.opens() {
                depth += 1;
            }
            words.push(word);
        }
        if self.stream.is_broken() {
            return None;
        }
        self.report(key, braces::unclosed_definition(key.span));
        None
    }

    pub(super) fn named_route(&mut self, name: Word, span: Span) {
        if !self.version.has(Change::NamedRoutes) {
            let since = Change::NamedRoutes.since();
            let fault =
                age::form(&name, self.version, "named routes", since, "write a snippet, and import it");
            self.report(&name, *fault.diagnostic);
        }
        let Some((open, words, close)) = self.block_words(&name, BlockKind::NamedRoute) else { return };
        let mut segment = vec![name.clone(), open];
        segment.extend(words);
        segment.push(close);
        measure(&mut segment);
        self.blocks.push(Block {
            kind: BlockKind::NamedRoute,
            keys: vec![name],
            segments: vec![segment],
            has_braces: true,
            span,
        });
    }

    pub(super) fn snippet(&mut self, key: Word, name: EcoString) {
        let Some((_, mut words, _)) = self.block_words(&key, BlockKind::Site) else { return };
        if let Some(first) = self.snippet_names.get(&name).map(|i| self.snippets[*i].key.span) {
            self.report(
                &key,
                Diagnostic::error(
                    Code::DEFINITION,
                    key.span,
                    format!("the snippet `{name}` is defined twice"),
                )
                .also(first, "first defined here")
                .help("rename or remove one of them"),
            );
            return;
        }
        let index = self.snippets.len();
        let number = u32::try_from(index + 1).unwrap_or(0);
        for word in &mut words {
            word.snippet = number;
        }
        self.snippet_names.insert(name.clone(), index);
        self.snippets.push(Snippet { name, words, key, uses: 0 });
    }
}
