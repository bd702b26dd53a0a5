//! Which of a server's sites comes first: only the first that matches answers.

use rustc_hash::FxHashMap;

use super::listeners::Pairing;
use super::site::{Site, SiteView};
use crate::diagnostics::{Code, Diagnostic};
use crate::lower::State;
use crate::spec::Fault;
use crate::syntax::Word;

/// One address in two sites of one server.
pub(super) fn refuse_ambiguous_sites(pairing: &Pairing, sites: &[Site], state: &mut State) {
    let mut seen: FxHashMap<&str, (usize, &Word)> = FxHashMap::default();
    seen.reserve(pairing.sites.iter().map(SiteView::count).sum());
    for (number, view) in pairing.sites.iter().enumerate() {
        for key in view.keys().map(|key| &sites[view.site].keys[key]) {
            let (other, first) = *seen.entry(&key.text).or_insert((number, key));
            if other != number {
                let message = format!("`{}` is the address of two sites", key.text);
                let fault = Fault::new(Code::AMBIGUOUS_SITE, key, message)
                    .also(first, "the first one")
                    .help("put everything for one address into one site block");
                state.report_once(fault);
            }
        }
    }
}

/// Puts the sites with the most specific host first.
pub(super) fn sort_sites(pairing: &mut Pairing, sites: &[Site], state: &mut State) {
    for view in pairing.sites.iter().filter(|view| view.has_path) {
        let site = &sites[view.site];
        // A directive where an address belongs is an error already, and its arguments are no addresses.
        if site.keys.iter().any(|key| state.directives.find(&key.text).is_some()) {
            continue;
        }
        for key in view.keys().filter(|key| !site.addresses[*key].path.is_empty()) {
            state.report(deprecated_path(&site.keys[key]));
        }
    }
    // Ties keep the order of the file.
    pairing.sites.sort_by_key(|view| view.rank);
}

fn deprecated_path(word: &Word) -> Fault {
    let diagnostic =
        Diagnostic::warning(Code::DEPRECATED, word.span, "a path in a site address is deprecated")
            .help("remove the path, and put the directives into `handle /path*`");
    Fault { diagnostic: Box::new(diagnostic), frame: word.frame }
}
