//! Reference pages of the words of the language, made from the tables that read them: a word that is declared has a page.

mod entry;
mod page;

pub use entry::{DIRECTIVE, Entry, MATCHER, OPTION, all, find, uses};
pub use page::{entry_page, example, page, row_page};
