//! A route table in which values of the environment are the names of their variables.

use std::rc::Rc;

use super::server::Config;
use super::site::Site;
use super::spellings::spellings;
use super::table::Table;
use super::veil::Veil;
use caddyctl_language::source::Sources;
use caddyctl_language::source::variables::Variables;

/// The variables of a compilation, with the spellings that reports use.
pub fn variables(sources: &Sources) -> Variables {
    Variables::of(sources, &spellings)
}

/// A list of sites that several routes share, with its values and with the names of variables.
struct Shared {
    before: Rc<[Site]>,
    after: Rc<[Site]>,
}

/// A pointer in which servers and named routes are called as the file calls them.
fn shown_pointer(variables: &Variables, pointer: &str) -> String {
    let mut before = "";
    let parts = pointer.split('/').map(|part| {
        let is_name = matches!(before, "servers" | "named_routes");
        before = part;
        if is_name { variables.hide(part, &[]) } else { part.to_owned() }
    });
    parts.collect::<Vec<_>>().join("/")
}

impl Table {
    /// The table of `config`, with `{$NAME}` for what came from `{$NAME}` in `sources`.
    pub fn shown(config: Config<'_>, sources: &Sources) -> Self {
        let variables = variables(sources);
        let mut table = Self::with(config, &Veil { sources, variables: &variables });
        if !variables.is_empty() {
            table.hide_sites(&variables);
        }
        table
    }

    fn hide_sites(&mut self, variables: &Variables) {
        // Routes of one server share their list of sites.
        let mut last: Option<Shared> = None;
        for route in &mut self.routes {
            route.pointer = shown_pointer(variables, &route.pointer);
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
