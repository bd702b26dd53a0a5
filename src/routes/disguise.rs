//! A route table in which values of the environment are the names of their variables.

use super::spellings::spellings;
use super::table::Table;
use crate::source::Sources;
use crate::source::variables::Variables;

/// The variables of a compilation, with the spellings that reports use.
pub fn variables(sources: &Sources) -> Variables {
    Variables::of(sources, &spellings)
}

impl Table {
    /// Shows what came from `{$NAME}` as `{$NAME}`.
    pub fn disguise(&mut self, sources: &Sources) {
        let variables = variables(sources);
        if variables.is_empty() {
            return;
        }
        for route in &mut self.routes {
            let place = route.span.map(|span| (sources.file(span.file).shown(), sources.position(span).line));
            let places: Vec<_> = place.into_iter().collect();
            route.matchers = variables.hide(&route.matchers, &places);
            route.what = variables.hide(&route.what, &places);
            for upstream in &mut route.upstreams {
                *upstream = variables.hide(upstream, &places);
            }
            for site in &mut route.sites {
                (site.host, site.address) = variables.site(&site.host, &site.address);
            }
        }
    }
}
