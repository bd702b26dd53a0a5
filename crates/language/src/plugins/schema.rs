//! The keys of a definition file: which there are, what each takes, and what it is for. Reading, the JSON Schema and the list in
//! the documentation are made from these tables.

/// A key of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it is for, on one line.
    pub doc: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A list of lists of texts.
    TextLists,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// Any value.
    Value,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A text, or a list of texts.
    TextOrTexts,
    /// `true`, or a list of texts.
    FlagOrTexts,
    /// One of these texts, or a row.
    ChoiceOrRow(&'static [&'static str]),
    /// A table of any keys and values.
    Values,
    /// A list of rows.
    Rows,
    /// A list of tables of such keys.
    Tables(&'static [&'static [Key]]),
}

const fn key(name: &'static str, takes: Takes, doc: &'static str) -> Key {
    Key { name, takes, doc }
}

const MORE: &[&str] = &["refuse", "option", "ignore", "ignore_rest"];
const AGAIN: &[&str] = &["replace", "refuse", "add"];

/// The keys of the file itself.
pub(super) static FILE: &[Key] = &[
    key("format", Takes::Whole, "The version of this format: 1"),
    key("package", Takes::Text, "The Go package, as `xcaddy build --with` takes it"),
    key("about", Takes::Text, "What the plugin is for, on one line"),
    key("link", Takes::Text, "The address of its documentation"),
    key("tested", Takes::Texts, "The versions with whose answers the definition was compared"),
    key("brings", Takes::Texts, "Further packages that a build has with this one"),
    key("networks", Takes::Texts, "Networks that `bind` can name: `tailscale` for `bind tailscale/node`"),
    key("directive", Takes::Tables(&[NAMED, DIRECTIVE, BODY]), "A directive"),
    key("option", Takes::Tables(&[NAMED, OPTION, BODY]), "A global option"),
    key("matcher", Takes::Tables(&[NAMED, BODY]), "A request matcher"),
    key("module", Takes::Tables(&[NAMED, MODULE, BODY]), "A module that other words name"),
    key("slot", Takes::Tables(&[SLOT]), "A namespace of modules that the plugin opens"),
    key("rows", Takes::Tables(&[SHARED]), "Rows that several words have, for `rows_of`"),
];

/// What every word has.
pub(super) static NAMED: &[Key] = &[
    key("name", Takes::Text, "The word in the Caddyfile"),
    key("aliases", Takes::Texts, "Further names of the same word"),
    key("doc", Takes::Text, "What it does, on one line"),
    key("opaque", Takes::Flag, "Only the name is known: the block is kept as it is, without JSON"),
    key("files", Takes::Texts, "Keys whose values are files that are read at the start"),
    key("placeholders", Takes::Texts, "Placeholders that it sets"),
    key("example", Takes::Tables(&[EXAMPLE]), "Examples, each with its JSON or its error"),
];

/// What a directive has.
pub(super) static DIRECTIVE: &[Key] = &[
    key("handler", Takes::Text, "The handler that it makes; without it, the one of its name"),
    key("at", Takes::Text, "Where in that handler its settings lie: `providers/jwt`"),
    key("order", Takes::Text, "Its place among the directives: `before basic_auth`, `after encode`"),
    key("answers", Takes::Choice(&["always", "sometimes", "never"]), "How many of the requests it answers"),
    key(
        "guards",
        Takes::Choice(&["identity", "address", "rate", "content"]),
        "What it turns requests away for",
    ),
    key("changes", Takes::Texts, "What it changes: path, method, headers, variables, body, response"),
    key("requires", Takes::Text, "The global option without which Caddy does not start"),
];

/// What a global option has.
pub(super) static OPTION: &[Key] = &[
    key("app", Takes::Text, "The app that it configures; without it, the one of its name"),
    key("to", Takes::Text, "Where in that app its settings lie"),
    key("again", Takes::Choice(AGAIN), "What a second one does"),
];

/// What a module has.
pub(super) static MODULE: &[Key] = &[
    key("slot", Takes::Text, "The namespace: `dns.providers`"),
    key("https", Takes::Values, "What an HTTPS upstream adds to a transport"),
];

/// What a namespace has.
pub(super) static SLOT: &[Key] = &[
    key("id", Takes::Text, "What Caddy calls it: `dynamic_dns.ip_sources`"),
    key("key", Takes::Text, "The key that carries a module's name in JSON"),
    key("what", Takes::Text, "What one of its modules is called in a sentence"),
];

/// What shared rows have.
pub(super) static SHARED: &[Key] =
    &[key("name", Takes::Text, "The name that `rows_of` gives"), key("rows", Takes::Rows, "The rows")];

/// What an example has.
pub(super) static EXAMPLE: &[Key] = &[
    key("text", Takes::Text, "The text as in the Caddyfile, from the word on"),
    key("json", Takes::Text, "Its JSON"),
    key("error", Takes::Text, "A part of the message, where it is refused"),
];

/// How the words of an object are read.
pub(super) static BODY: &[Key] = &[
    key("args", Takes::Rows, "The values on the word's own line"),
    key("more", Takes::Choice(MORE), "What becomes of further words on the line"),
    key("block", Takes::Choice(&["read", "ignore", "unless_args"]), "What becomes of the block"),
    key(
        "unknown",
        Takes::ChoiceOrRow(&["refuse", "ignore", "ignore_value"]),
        "What becomes of lines that no row describes",
    ),
    key("rows", Takes::Rows, "The lines of the block"),
    key("rows_of", Takes::Texts, "The names of shared rows"),
    key("start", Takes::Values, "Values before the first line; `{ env = \"X\", or = 1 }` reads a variable"),
    key("finally", Takes::Values, "Values that are set at the end, where nothing is"),
    key("always", Takes::FlagOrTexts, "Keys that are written even if they are zero; `true` for all"),
    key("keys", Takes::Texts, "The order of the keys, where that is not the order of the rows"),
    key("need", Takes::Texts, "Keys that must be set; `a|b` for one of two"),
    key("exactly_one", Takes::TextLists, "Of these keys exactly one is set; `a+b` for both together"),
    key("inline_rows", Takes::Flag, "One row may be on the word's own line"),
    key("read", Takes::Choice(&["lines", "words", "pairs"]), "How the block is read"),
    key("faults", Takes::Choice(&["report", "stop"]), "Whether an error ends the reading silently"),
    key("step", Takes::Text, "The function that has the last word"),
];

/// A row.
pub(super) static ROW: &[Key] = &[
    key("word", Takes::Text, "The first word of the line"),
    key("words", Takes::Texts, "Several names of the same line"),
    key("doc", Takes::Text, "What it is for, on one line"),
    key(
        "to",
        Takes::Text,
        "Where the value goes: a key, or a path such as `cache/size`; the word if not given",
    ),
    key("is", Takes::Text, "What it takes"),
    key("of", Takes::TextOrTexts, "What the values of a list are; the words that a `word` may be"),
    key("slot", Takes::Text, "The namespace of a module"),
    key("more", Takes::Choice(MORE), "What becomes of words behind the value"),
    key("optional", Takes::Flag, "The value on the word's own line may be missing"),
    key("missing", Takes::Choice(&["refuse", "keep", "zero"]), "What becomes of the line without a value"),
    key("default", Takes::Value, "The value where none is given"),
    key("bad", Takes::Choice(&["refuse", "keep", "zero"]), "What becomes of a value that is not of its kind"),
    key("empty", Takes::Choice(&["set", "keep"]), "What an empty value does"),
    key("again", Takes::Choice(AGAIN), "What a second line does"),
    key("zero", Takes::Choice(&["omit", "write"]), "What becomes of a zero that was given"),
    key("set", Takes::Value, "The value that a flag sets"),
    key("map", Takes::Values, "Words that mean a value: `{ auto = -1 }`"),
    key("least", Takes::Number, "The least number"),
    key("most", Takes::Number, "The largest number"),
    key("join", Takes::Text, "What joins the values of a list to one text"),
    key("print", Takes::Choice(&["nanoseconds", "go", "text"]), "How a duration is written"),
    key("sort", Takes::Flag, "`false` keeps the order of the file in a map; Go sorts it"),
    key("secret", Takes::Flag, "The value is a secret"),
    key("refuse", Takes::Text, "Why the line is always an error"),
    key("since", Takes::Text, "The first version that has it, for help"),
];
