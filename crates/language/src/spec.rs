//! The vocabulary of the tables: what a subdirective, a matcher and a module are, and the one reader of their words.

mod additions;
pub(crate) mod age;
mod conduct;
mod cursor;
mod fault;
mod handler;
mod module;
pub(crate) mod opaque;
pub(crate) mod plugin;
mod reader;
mod row;
mod suggest;
mod syntax;
mod text;

pub use additions::{Additions, Opened};
pub use conduct::{Answer, Conduct, Guard, Raises, Serves};
pub use cursor::Cursor;
pub(crate) use cursor::Known;
pub(crate) use fault::{Fault, Parsed, arguments, conflict, older, value};
pub use handler::{Changes, HandlerModule, Shown, Sign};
pub use module::{MatcherModule, ModuleSpec, Namespace};
pub use reader::Reader;
pub use row::{Kind, Row, Rows};
pub(crate) use row::{append, join, not_a, not_a_duration, put, read_block, read_known, read_row};
pub(crate) use suggest::Suggestions;
pub use suggest::suggest;
pub use syntax::Holds;
pub(crate) use syntax::syntax;
pub(crate) use text::set;
pub use text::{List, Text};

/// `a`, `b` and `c`: names as a sentence lists them, at most a dozen.
pub(crate) fn fault_list(names: &[&str]) -> String {
    const MOST: usize = 12;
    let mut quoted: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    if names.len() > MOST {
        quoted.push("others".to_owned());
    }
    match quoted.pop() {
        None => String::new(),
        Some(last) if quoted.is_empty() => last,
        Some(last) => format!("{} and {last}", quoted.join(", ")),
    }
}
