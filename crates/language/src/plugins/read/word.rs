//! The keys of a word: a directive, an option, a matcher, a module.

use std::sync::Arc;

use ecow::EcoString;

use super::Reader;
use super::body::MORE;
use super::row::AGAIN;
use super::table::Table;
use crate::directives;
use crate::plugins::definition::{Behaviour, Example, Part, Place, Word};
use crate::plugins::schema::{self, Key};
use crate::spec::{Answer, Text};

impl Reader<'_> {
    pub(super) fn word(&mut self, kind: &str, mut table: Table<'_>) -> Option<Word> {
        let name = self.required(&mut table, "name")?;
        let (part, keys): (Part, &[Key]) = match kind {
            "directive" => (self.directive(&mut table, &name), schema::DIRECTIVE),
            "option" => {
                let app = table.text(self, "app").unwrap_or_else(|| name.clone());
                let to = table.text(self, "to").unwrap_or_default();
                let again = table.choice(self, "again", AGAIN).unwrap_or_default();
                (Part::Option { app, to, again }, schema::OPTION)
            }
            "module" => {
                let slot = self.required(&mut table, "slot").unwrap_or_default();
                let https = table.values(self, "https");
                (Part::Module { slot, https }, schema::MODULE)
            }
            _ => (Part::Matcher, &[]),
        };
        let aliases = table.texts(self, "aliases");
        let doc = table.text(self, "doc").unwrap_or_default();
        table.texts(self, "files");
        table.texts(self, "placeholders");
        let is_opaque = table.flag(self, "opaque");
        let examples = self.examples(&mut table);
        let more = table.choice(self, "more", MORE);
        let body = (!is_opaque).then(|| Arc::new(self.body(&mut table, 0, more)));
        if is_opaque {
            self.finish(&table, &[schema::NAMED, keys]);
        } else {
            self.finish(&table, &[schema::NAMED, keys, schema::BODY]);
        }
        Some(Word { part, name, aliases, doc, body, examples })
    }

    fn directive(&mut self, table: &mut Table<'_>, name: &EcoString) -> Part {
        let handler = table.text(self, "handler").unwrap_or_else(|| name.clone());
        let order = self.order(table);
        let answers =
            [("always", Answer::Always), ("sometimes", Answer::Sometimes), ("never", Answer::Never)];
        let behaviour = Behaviour {
            answers: table.choice(self, "answers", &answers),
            guards: table
                .choice(
                    self,
                    "guards",
                    &[
                        ("identity", "identity"),
                        ("address", "address"),
                        ("rate", "rate"),
                        ("content", "content"),
                    ],
                )
                .unwrap_or_default()
                .into(),
            changes: table.has("changes").then(|| table.texts(self, "changes")),
            requires: table.text(self, "requires").unwrap_or_default(),
        };
        Part::Directive { handler, at: table.text(self, "at").unwrap_or_default(), order, behaviour }
    }

    fn order(&mut self, table: &mut Table<'_>) -> Option<Place> {
        let text = table.text(self, "order")?;
        let at = table.get("order").map(toml::Spanned::span);
        let place = match text.split_once(' ') {
            Some(("before", other)) => Some((true, other)),
            Some(("after", other)) => Some((false, other)),
            _ => None,
        };
        let Some((is_before, other)) = place else {
            let help = "write `before NAME` or `after NAME`".to_owned();
            self.problem(at, "this is not a position in the order".to_owned(), Some(help));
            return None;
        };
        let order = directives::stock().order();
        if !order.iter().any(|known| *known == *other) {
            let help = Self::near(other, order.iter().map(Text::as_str));
            self.problem(at, format!("`{other}` has no place in the order"), help);
            return None;
        }
        Some(Place { is_before, other: other.into() })
    }

    fn examples(&mut self, table: &mut Table<'_>) -> Vec<Example> {
        let mut examples = Vec::new();
        for mut table in table.tables(self, "example") {
            let text = self.required(&mut table, "text").unwrap_or_default();
            let (json, error) = (table.text(self, "json"), table.text(self, "error"));
            let answer = match (json, error) {
                (Some(json), None) => Ok(json),
                (None, Some(error)) => Err(error),
                _ => {
                    let message = "an example has either `json` or `error`".to_owned();
                    self.problem(Some(table.span.clone()), message, None);
                    continue;
                }
            };
            self.finish(&table, &[schema::EXAMPLE]);
            examples.push(Example { text, answer, at: table.span.start });
        }
        examples
    }
}
