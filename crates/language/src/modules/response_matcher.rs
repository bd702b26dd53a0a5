//! Response matchers: the `@name` lines of `reverse_proxy` and `intercept`, and the `match` lines of `header` and
//! `encode` (docs: "Response matchers").

use crate::config::{Fields, Value, integer};
use crate::diagnostics::{Code, braces};
use crate::go::atoi;
use crate::spec::{Cursor, Fault, Kind, Parsed, Row, Rows, suggest, value};
use crate::syntax::Word;

/// What may stand in a response matcher.
pub(crate) const ROWS: Rows = &[
    Row::new("status", "<codes...>", Kind::Own, "The status is one of these; `2xx` is a class"),
    Row::new("header", "[!]<field> [<value>]", Kind::Own, "A header field has a value, or is missing"),
];

/// Reads a response matcher, whose name is the current word: one on its line, or those of the block that opens there.
pub(crate) fn read(cursor: &mut Cursor) -> Parsed<Fields> {
    let mut statuses = None;
    let mut headers: Vec<Word> = Vec::new();
    let level = cursor.nesting();
    while cursor.next_arg() || cursor.next_block(level) {
        match cursor.text() {
            "status" => statuses.get_or_insert_with(Vec::new).extend(self::statuses(cursor)?),
            "header" => headers.extend(cursor.segment().into_owned()),
            _ => return Err(unknown(cursor.word())),
        }
    }
    let mut fields = Fields::new();
    if let Some(statuses) = statuses {
        fields.insert("status_code", statuses);
    }
    if !headers.is_empty()
        && let Some(matcher) = crate::matchers::find(None, "header")
    {
        fields.insert("headers", matcher.read(&mut cursor.over(headers), "")?);
    }
    Ok(fields)
}

fn unknown(word: &Word) -> Fault {
    if word.opens() {
        return Fault::at(word, braces::response_matcher(word.span));
    }
    Fault::new(Code::MATCHER, word, format!("an answer cannot be matched by `{}`", word.text))
        .help("write `status 404 5xx` or `header Field value`")
        .suggest(word, suggest(&word.text, ROWS.iter().map(|row| &*row.name)))
}

/// The statuses of a line, one at least.
pub(crate) fn statuses(cursor: &mut Cursor) -> Parsed<Vec<Value>> {
    let name = cursor.word().clone();
    let words = cursor.args();
    if words.is_empty() {
        return Err(cursor.missing(&name, "a status, such as `404` or `5xx`"));
    }
    words.iter().map(|word| status(word).map(integer)).collect()
}

/// A status: a number, or `2xx` for a class, which is its first digit.
pub(crate) fn status(word: &Word) -> Parsed<i64> {
    let class = word.text.strip_suffix("xx").filter(|class| class.len() == 1);
    atoi(class.unwrap_or(&word.text)).ok_or_else(|| value::status(word))
}
