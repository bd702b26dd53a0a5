//! A route table in which values of the environment are the names of their variables.

use std::rc::Rc;

use super::site::Site;
use super::spellings::spellings;
use super::table::Table;
use crate::source::Sources;
use crate::source::variables::Variables;

/// The variables of a compilation, with the spellings that reports use.
pub fn variables(sources: &Sources) -> Variables {
    Variables::of(sources, &spellings)
}

/// A list of sites that several routes share, with its values and with the names of variables.
struct Shared {
    before: Rc<[Site]>,
    after: Rc<[Site]>,
}

impl Table {
    /// Shows what came from `{$NAME}` as `{$NAME}`.
    pub fn disguise(&mut self, sources: &Sources) {
        let variables = variables(sources);
        if variables.is_empty() {
            return;
        }
        // Routes of one server share their list of sites.
        let mut last: Option<Shared> = None;
        for route in &mut self.routes {
            let place = route.span.map(|span| (sources.file(span.file).shown(), sources.position(span).line));
            let places: Vec<_> = place.into_iter().collect();
            route.matchers = variables.hide(&route.matchers, &places);
            route.what = variables.hide(&route.what, &places);
            for upstream in &mut route.upstreams {
                *upstream = variables.hide(upstream, &places);
            }
            if !last.as_ref().is_some_and(|last| Rc::ptr_eq(&last.before, &route.sites)) {
                let hidden = route.sites.iter().map(|site| {
                    let (host, address) = variables.site(&site.host, &site.address);
                    Site { host, address, ..site.clone() }
                });
                last = Some(Shared { before: Rc::clone(&route.sites), after: hidden.collect() });
            }
            if let Some(last) = &last {
                route.sites = Rc::clone(&last.after);
            }
        }
    }
}
