//! `order`: the order in which directives are tried (docs: "Global options").

use crate::diagnostics::Code;
use crate::directives;
use crate::lower::{GlobalOption, Options};
use crate::spec::{Cursor, Fault, Kind, Parsed, Row, Rows, suggest};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption {
    name: "order",
    syntax: "order <directive> first|last|before <other>|after <other>",
    doc: "Changes the order in which directives are tried",
    rows: ROWS,
    example: "order rewrite before redir",
    read,
};

/// The places that a directive can be moved to.
const PLACES: [&str; 4] = ["first", "last", "before", "after"];

const ROWS: Rows = &[
    Row::new("first", "", Kind::Own, "Before all others"),
    Row::new("last", "", Kind::Own, "Behind all others"),
    Row::new("before", "<directive>", Kind::Own, "Just before another directive"),
    Row::new("after", "<directive>", Kind::Own, "Just behind another directive"),
];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    // Both may stand on later lines.
    if !cursor.next() {
        return Err(cursor.missing(&name, "a directive"));
    }
    let Some(directive) = directives::find(cursor.text()) else {
        return Err(unknown(cursor, directives::ALL.iter().map(|directive| directive.name)));
    };
    if !cursor.next() {
        return Err(cursor.missing(&name, "a place: `first`, `last`, `before` or `after`"));
    }
    let place = cursor.word().clone();
    let mut order = options.order.clone();
    order.retain(|known| *known != directive.name);
    let index = match place.text.as_str() {
        "first" => 0,
        "last" => order.len(),
        "before" | "after" => {
            cursor.need_arg("the other directive")?;
            let other = order.iter().position(|known| *known == cursor.text());
            let Some(other) = other else { return Err(no_place(cursor, &order)) };
            if place.text == "after" { other + 1 } else { other }
        }
        text => {
            let fault = Fault::value(&place, format!("`{text}` is no place in the order"));
            return Err(match suggest(text, PLACES) {
                Some(near) => fault.suggest(&place, Some(near)),
                None => fault.help("write `first`, `last`, `before` or `after`"),
            });
        }
    };
    if cursor.next_arg() {
        return Err(Fault::arguments(cursor.word(), "`order` moves one directive to one place")
            .label("one word too many")
            .help("write another `order` for another directive"));
    }
    order.insert(index, directive.name);
    options.order = order;
    Ok(())
}

/// A name that is no directive.
fn unknown<'n>(cursor: &Cursor, names: impl IntoIterator<Item = &'n str>) -> Fault {
    let word = cursor.word();
    Fault::new(Code::UNKNOWN_DIRECTIVE, word, format!("there is no directive `{}`", word.text))
        .suggest(word, suggest(&word.text, names))
}

/// A directive that has no place in the order, so that nothing can stand before or behind it.
fn no_place(cursor: &Cursor, order: &[&'static str]) -> Fault {
    if directives::find(cursor.text()).is_none() {
        return unknown(cursor, order.iter().copied());
    }
    Fault::value(cursor.word(), format!("`{}` has no place in the order", cursor.text()))
        .help("name a directive that the order has, or write `first` or `last`")
}
