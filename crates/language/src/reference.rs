//! Reference pages of the words of the language, made from the tables that read them: a word that is declared has a page.

mod entry;
mod module;
mod page;

pub use entry::{DIRECTIVE, Entry, MATCHER, OPTION, Use, all, among, find, uses};
pub use module::{ModuleId, modules};
pub use page::{entry_page, example, page, row_page};
