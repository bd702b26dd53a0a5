//! `fastcgi`: to a `FastCGI` server such as PHP-FPM.

use crate::config::{Fields, Module};
use crate::spec::{Cursor, Kind, ModuleSpec, Parsed, Row, arguments, read_block};

/// The module.
pub(crate) static MODULE: ModuleSpec =
    ModuleSpec::new("fastcgi", "", "A FastCGI server such as PHP-FPM", read).rows(ROWS);

const ROWS: &[Row] = &[
    Row::new("root", "<path>", Kind::Text, "The folder of the site, as the FastCGI server sees it").lenient(),
    Row::new("split", "<at...>", Kind::List, "Where to split the path into the file and `PATH_INFO`")
        .at("split_path"),
    Row::new("env", "<key> <value>", Kind::Custom(env), "Sets a FastCGI variable"),
    Row::new(
        "resolve_root_symlink",
        "",
        Kind::On,
        "Passes the target of `root` to the server if `root` is a symbolic link",
    ),
    Row::new("dial_timeout", "<duration>", Kind::Duration, "The time limit for connecting").lenient(),
    Row::new("read_timeout", "<duration>", Kind::Duration, "The time limit for reading").lenient(),
    Row::new("write_timeout", "<duration>", Kind::Duration, "The time limit for writing").lenient(),
    Row::new("capture_stderr", "", Kind::On, "Logs what the server writes to its error output"),
];

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let mut fields = Module::new();
    read_block(cursor, "fastcgi", &MODULE.rows, &mut fields)?;
    Ok(fields)
}

fn env(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    match cursor.args().as_slice() {
        // A variable's name may have a slash in it, so it is no path.
        [key, value] => {
            fields.object("env").insert(key.text.clone(), value.text.clone());
            Ok(())
        }
        [_, _, third, ..] => Err(arguments::surplus_text(third, "env", "a name and a value", "value")),
        _ => Err(cursor.missing(&name, "a name and a value")),
    }
}
