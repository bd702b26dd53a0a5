//! How a word is written, on one line: its arguments, and what its block may hold.

/// What a block may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holds {
    /// Lines that begin with the rows of the table.
    #[default]
    Rows,
    /// Nothing: the rows are words of the line itself.
    Words,
    /// Directives.
    Directives,
    /// Matchers.
    Matchers,
}

/// So many characters of a line list the rows of a block; further ones become `...`.
const WIDTH: usize = 120;

/// How `name` is written. Arguments that show a block themselves (`off | { ... }`) are all there is to say; else the block is
/// what it `holds`: `lines` that no row describes, and the rows.
pub(crate) fn syntax(
    name: &str,
    args: &str,
    lines: &str,
    rows: impl IntoIterator<Item = String>,
    holds: Holds,
) -> String {
    let mut text = format!("{name} {args}").trim_end().to_owned();
    if args.contains('{') {
        return text;
    }
    match holds {
        Holds::Words => return text,
        Holds::Directives => return text + " { <directives...> }",
        Holds::Matchers => return text + " { <matchers...> }",
        Holds::Rows => {}
    }
    let lines = (!lines.is_empty()).then(|| lines.to_owned());
    let all: Vec<String> = lines.into_iter().chain(rows).collect();
    if all.is_empty() {
        return text;
    }
    text += " {";
    for (at, line) in all.iter().enumerate() {
        let separator = if at == 0 { " " } else { "  " };
        let rest = if at + 1 < all.len() { "  ... }".len() } else { " }".len() };
        if text.len() + separator.len() + line.len() + rest > WIDTH {
            return text + separator + "... }";
        }
        text += separator;
        text += line;
    }
    text + " }"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_shown_as_far_as_there_is_space() {
        let rows =
            ["one", "two", "three"].map(|name| format!("{name} <something of some length, as it is...>"));
        let shown = |args, lines, rows: &[String], holds| syntax("word", args, lines, rows.to_vec(), holds);
        assert_eq!(shown("", "", &[], Holds::Rows), "word");
        assert_eq!(shown("<a>", "", &[], Holds::Directives), "word <a> { <directives...> }");
        assert_eq!(shown("<a> or { ... }", "", &rows, Holds::Rows), "word <a> or { ... }");
        assert_eq!(shown("<a>", "", &rows, Holds::Words), "word <a>");
        assert_eq!(
            shown("", "<b>", &rows, Holds::Rows),
            "word { <b>  one <something of some length, as it is...>  two <something of some length, as it is...>  ... }"
        );
    }
}
