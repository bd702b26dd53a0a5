//! `order`: the order in which directives are tried (docs: "Global options").

use crate::diagnostics::Code;
use crate::lower::{DirectiveOrder, GlobalOption, Options};
use crate::spec::{Cursor, Fault, Holds, Kind, Parsed, Row, Rows, Text, arguments, plugin, suggest, value};

/// The option.
pub(crate) static OPTION: GlobalOption = GlobalOption::new(
    "order",
    "<directive> first|last|before <other>|after <other>",
    "Changes the order in which directives run",
    read,
)
.rows(ROWS)
.holds(Holds::Words)
.example("order rewrite before redir");

/// The places that a directive can be moved to.
const PLACES: [&str; 4] = ["first", "last", "before", "after"];

const ROWS: Rows = &[
    Row::new("first", "", Kind::Own, "Before all others"),
    Row::new("last", "", Kind::Own, "After all others"),
    Row::new("before", "<directive>", Kind::Own, "Directly before another directive"),
    Row::new("after", "<directive>", Kind::Own, "Directly after another directive"),
];

fn read(cursor: &mut Cursor, options: &mut Options) -> Parsed<()> {
    let name = cursor.word().clone();
    // Both may stand on later lines.
    if !cursor.next() {
        return Err(cursor.missing(&name, "a directive"));
    }
    let Some(directive) = options.order.known.iter().find(|known| **known == *cursor.text()).cloned() else {
        return Err(unknown(cursor, options.order.known.iter().map(Text::as_str)));
    };
    if !cursor.next() {
        return Err(cursor.missing(&name, "a place: `first`, `last`, `before` or `after`"));
    }
    let place = cursor.word().clone();
    let mut order = options.order.names.clone();
    order.retain(|known| *known != directive);
    let index = match place.text.as_str() {
        "first" => 0,
        "last" => order.len(),
        "before" | "after" => {
            cursor.need_arg("the other directive")?;
            let other = order.iter().position(|known| **known == *cursor.text());
            let Some(other) = other else { return Err(no_place(cursor, &order, &options.order)) };
            if place.text == "after" { other + 1 } else { other }
        }
        _ => return Err(value::not_one_of(&place, "a position in the order", &PLACES)),
    };
    if cursor.next_arg() {
        return Err(arguments::surplus_line(
            cursor.word(),
            "order",
            "one directive and one place",
            "directive",
        ));
    }
    order.insert(index, directive);
    options.order.names = order;
    Ok(())
}

/// A name that is no directive.
fn unknown<'n>(cursor: &Cursor, names: impl IntoIterator<Item = &'n str>) -> Fault {
    let word = cursor.word();
    let fault = Fault::new(Code::UNKNOWN_DIRECTIVE, word, format!("unknown directive `{}`", word.text));
    match plugin::find("directive", &word.text) {
        Some(plugin) => fault.plugin(plugin),
        None => fault.suggest(word, suggest(&word.text, names)),
    }
}

/// A directive that has no place in the order, so that nothing can stand before or behind it.
fn no_place(cursor: &Cursor, order: &[Text], all: &DirectiveOrder) -> Fault {
    if !all.knows(cursor.text()) {
        return unknown(cursor, order.iter().map(Text::as_str));
    }
    value::no_place_in_order(cursor.word())
}
