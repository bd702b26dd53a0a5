//! `proxy_protocol`: takes the client's address from the PROXY protocol.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, not_a, read_block, suggest};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("proxy_protocol", "", "Reads the client's address from the PROXY protocol", read)
        .rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("timeout", "<duration>", Kind::Duration, "The time limit for reading the header").lenient(),
    Row::new("allow", "<ranges...>", Kind::AnyTexts, "Peers that must send the header"),
    Row::new("deny", "<ranges...>", Kind::AnyTexts, "Peers that must not send the header"),
    Row::new(
        "fallback_policy",
        "use|ignore|reject|require|skip",
        Kind::Custom(fallback_policy),
        "What to do with the header of all other peers",
    ),
];

/// What can be done with a header. The first one is the default, and left out.
const POLICIES: [&str; 5] = ["IGNORE", "USE", "REJECT", "REQUIRE", "SKIP"];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Fields::new();
    cursor.no_args()?;
    read_block(cursor, &MODULE.name, &MODULE.rows, &mut fields)?;
    Ok(fields)
}

fn fallback_policy(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let text = cursor.need_arg("a policy")?.to_uppercase();
    match POLICIES.iter().position(|policy| *policy == text) {
        Some(0) => {
            fields.remove("fallback_policy");
        }
        Some(_) => {
            fields.insert("fallback_policy", text);
        }
        None => {
            let near = suggest(cursor.text(), ["ignore", "use", "reject", "require", "skip"]);
            return Err(not_a(cursor, "one of `use`, `ignore`, `reject`, `require` and `skip`", "require")
                .suggest(cursor.word(), near));
        }
    }
    Ok(())
}
