//! Which of a server's sites comes first: only the first that matches answers.

use std::hash::{BuildHasher, BuildHasherDefault};

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rustc_hash::FxHasher;

use super::listeners::Pairing;
use super::site::{Site, SiteView};
use crate::diagnostics::{Code, Diagnostic};
use crate::lower::State;
use crate::spec::Fault;
use crate::syntax::Word;

/// The addresses of one server's sites, each of which only one of them may have.
pub(super) struct Taken<'s> {
    sites: &'s [Site],
    /// The sites and their keys that have them: by number, so that many of them stay in the processor's cache.
    by: HashTable<(u32, u32)>,
}

impl<'s> Taken<'s> {
    /// None yet, with room for those of `pairing`.
    pub(super) fn new(pairing: &Pairing, sites: &'s [Site]) -> Self {
        Self { sites, by: HashTable::with_capacity(pairing.sites.iter().map(SiteView::count).sum()) }
    }

    /// Takes those of another site, and reports what an earlier one has.
    pub(super) fn take(&mut self, view: &SiteView, state: &mut State) {
        let short = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let word = |(site, key): &(u32, u32)| &self.sites[*site as usize].keys[*key as usize];
        for key in view.keys() {
            let this = (short(view.site), short(key));
            let text = &word(&this).text;
            let first = match self.by.entry(
                hash(text),
                |other| word(other).text == *text,
                |other| hash(&word(other).text),
            ) {
                Entry::Vacant(free) => {
                    free.insert(this);
                    continue;
                }
                Entry::Occupied(first) => *first.get(),
            };
            if first.0 != this.0 {
                let message = format!("`{text}` is the address of two sites");
                let fault = Fault::new(Code::AMBIGUOUS_SITE, word(&this), message)
                    .also(word(&first), "the first one")
                    .help("put everything for one address into one site block");
                state.report_once(fault);
            }
        }
    }
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(text)
}

/// Puts the sites with the most specific host first.
pub(super) fn sort_sites(pairing: &mut Pairing, sites: &[Site], state: &mut State) {
    for view in pairing.sites.iter().filter(|view| view.has_path) {
        let site = &sites[view.site];
        for key in view.keys().filter(|key| !site.addresses[*key].path.is_empty()) {
            state.report(deprecated_path(&site.keys[key]));
        }
    }
    // Ties keep the order of the file.
    pairing.sites.sort_by_key(|view| view.rank);
}

fn deprecated_path(word: &Word) -> Fault {
    let diagnostic =
        Diagnostic::warning(Code::DEPRECATED, word.span, "a path in a site address is an old form")
            .help("leave the path out, and put the directives into `handle /path*`");
    Fault { diagnostic: Box::new(diagnostic), frame: word.frame }
}
