//! The keys of a body.

use ecow::EcoString;

use super::table::Table;
use super::{Author, DEEPEST, MOST_ROWS, Reader};
use crate::config::Value;
use crate::plugins::definition::{Always, Block, Body, More, Reading, Row, Unknown};
use crate::plugins::function;

pub(super) const MORE: &[(&str, More)] = &[
    ("refuse", More::Refuse),
    ("option", More::Option),
    ("ignore", More::Ignore),
    ("ignore_rest", More::IgnoreRest),
];

impl Reader<'_> {
    /// Reads the keys of a body, in so many rows.
    pub(super) fn body(&mut self, table: &mut Table<'_>, depth: usize, more: Option<More>) -> Body {
        let args = self.rows(table, "args", depth + 1, false);
        let mut rows = self.rows(table, "rows", depth + 1, true);
        for name in table.texts(self, "rows_of") {
            if let Some(shared) = self.shared.get(&name) {
                rows.extend(shared.iter().cloned());
            } else {
                let help = Self::near(&name, self.shared.keys().map(EcoString::as_str));
                let at = table.get("rows_of").map(toml::Spanned::span);
                self.problem(at, format!("nothing defines the rows `{name}`"), help);
            }
        }
        let mut body = Body {
            args,
            more: more.unwrap_or_default(),
            block: table
                .choice(
                    self,
                    "block",
                    &[("read", Block::Read), ("ignore", Block::Ignore), ("unless_args", Block::UnlessArgs)],
                )
                .unwrap_or_default(),
            unknown: self.unknown(table, depth),
            rows,
            always: self.always(table),
            keys: table.texts(self, "keys"),
            need: table.texts(self, "need"),
            exactly_one: table.text_lists(self, "exactly_one"),
            finally: table.values(self, "finally"),
            has_inline_rows: table.flag(self, "inline_rows"),
            read: table
                .choice(
                    self,
                    "read",
                    &[("lines", Reading::Lines), ("words", Reading::Words), ("pairs", Reading::Pairs)],
                )
                .unwrap_or_default(),
            stops_at_faults: table
                .choice(self, "faults", &[("report", false), ("stop", true)])
                .unwrap_or(false),
            ..Body::default()
        };
        for (key, value) in table.values(self, "start") {
            if let Value::Ordered(fields) = &value
                && let Some((_, Value::String(variable))) = fields.iter().find(|(name, _)| name == "env")
            {
                let or = fields.iter().find(|(name, _)| name == "or").map(|(_, value)| value.clone());
                body.start.push((key.clone(), or.unwrap_or_default()));
                body.start_env.push((key, variable.clone()));
                continue;
            }
            body.start.push((key, value));
        }
        if let Some(name) = table.text(self, "step") {
            let at = table.get("step").map(toml::Spanned::span);
            match function::step(&name) {
                Some(step) if self.author == Author::Program => body.step = Some(step),
                Some(_) => self.problem(
                    at,
                    format!("only definitions that are part of caddyctl may name the function `{name}`"),
                    None,
                ),
                None => self.problem(at, format!("unknown function `{name}`"), None),
            }
        }
        self.check_keys(table, &body);
        body
    }

    fn unknown(&mut self, table: &mut Table<'_>, depth: usize) -> Unknown {
        let Some(value) = table.get("unknown") else { return Unknown::Refuse };
        if let Some(inner) = value.get_ref().as_table() {
            let inner = Table::new(inner, value.span());
            let row = self.row(inner, depth + 1, false);
            return row.map_or(Unknown::Refuse, |row| Unknown::Row(Box::new(row)));
        }
        let choices = [("refuse", 0), ("ignore", 1), ("ignore_value", 2)];
        match table.choice(self, "unknown", &choices) {
            Some(1) => Unknown::Ignore,
            Some(2) => Unknown::IgnoreValue,
            _ => Unknown::Refuse,
        }
    }

    fn always(&mut self, table: &mut Table<'_>) -> Always {
        match table.get("always").map(toml::Spanned::get_ref) {
            None | Some(toml::de::DeValue::Boolean(false)) => Always::None,
            Some(toml::de::DeValue::Boolean(true)) => Always::All,
            Some(_) => Always::Keys(table.texts(self, "always")),
        }
    }

    /// Reads the rows of a list, each once.
    pub(super) fn rows(&mut self, table: &mut Table<'_>, key: &str, depth: usize, named: bool) -> Vec<Row> {
        let tables = table.tables(self, key);
        if depth > DEEPEST && !tables.is_empty() {
            self.problem(Some(table.span.clone()), format!("rows lie more than {DEEPEST} deep"), None);
            return Vec::new();
        }
        let mut rows: Vec<Row> = Vec::new();
        for table in tables {
            self.rows += 1;
            if self.rows == MOST_ROWS + 1 {
                self.problem(
                    Some(table.span.clone()),
                    format!("the file has more than {MOST_ROWS} rows"),
                    None,
                );
            }
            if self.rows > MOST_ROWS {
                return rows;
            }
            let span = table.span.clone();
            let Some(row) = self.row(table, depth, named) else { continue };
            let twice = row.words.iter().find(|word| rows.iter().any(|known| known.words.contains(word)));
            if let Some(word) = twice {
                self.problem(Some(span), format!("the row `{word}` is defined twice"), None);
            }
            rows.push(row);
        }
        rows
    }

    /// Names of keys that no row sets.
    fn check_keys(&mut self, table: &Table<'_>, body: &Body) {
        let rows = || body.rows.iter().chain(&body.args);
        let mut known: Vec<&str> = rows().map(|row| row.to.as_str()).collect();
        if let Unknown::Row(row) = &body.unknown {
            known.push(&row.to);
        }
        known.extend(body.start.iter().chain(&body.finally).map(|(key, _)| key.as_str()));
        // What a row sets in the object around it is known only there.
        let is_open = rows().any(|row| {
            row.to.is_empty() || matches!(row.kind, crate::plugins::definition::Kind::Function(_))
        }) || body.step.is_some();
        if is_open {
            return;
        }
        let mut wanted: Vec<(&str, &str)> = Vec::new();
        for key in &body.need {
            wanted.extend(key.split('|').map(|key| ("need", key)));
        }
        for group in &body.exactly_one {
            wanted.extend(group.iter().flat_map(|keys| keys.split('+')).map(|key| ("exactly_one", key)));
        }
        for (of, key) in wanted {
            if !known.contains(&key) {
                let help = Self::near(key, known.iter().copied());
                let at = table.get(of).map(toml::Spanned::span);
                self.problem(at, format!("no row sets the key `{key}`"), help);
            }
        }
    }
}
