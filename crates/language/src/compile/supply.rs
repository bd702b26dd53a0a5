//! The routes of the sites, as the servers take them one after the other.

use thin_vec::ThinVec;

use super::listeners::Pairing;
use super::site::Site;
use crate::config::Route;
use crate::lower::{Directed, sort};
use crate::spec::Text;
use crate::version::{Change, Version};

/// The routes of the sites. A site that several servers share gives each a copy, and the last one the routes
/// themselves.
///
/// Each time but the first they are sorted again where they stand. That shows where a comparison contradicts itself: the second server
/// of a site has its `vars` and its `handle_errors` the other way round before 2.11.8 (measured on Caddy 2.11.7).
pub(super) struct RouteSupply {
    sites: Vec<SiteRoutes>,
}

struct SiteRoutes {
    routes: Vec<Directed>,
    errors: ThinVec<Vec<Route>>,
    /// How many servers still want them.
    uses: u32,
    /// Whether no server has had them, so that they stand as the site has sorted them.
    is_new: bool,
}

impl RouteSupply {
    /// Takes the routes out of the sites.
    pub(super) fn new(pairings: &[Pairing], sites: &mut [Site]) -> Self {
        let mut supply: Vec<SiteRoutes> = sites
            .iter_mut()
            .map(|site| SiteRoutes {
                routes: std::mem::take(&mut site.routes),
                errors: std::mem::take(&mut site.error_routes),
                uses: 0,
                is_new: true,
            })
            .collect();
        for view in pairings.iter().flat_map(|pairing| &pairing.sites) {
            supply[view.site].uses += 1;
        }
        Self { sites: supply }
    }

    /// The routes of a site, and those of each of its `handle_errors`, both sorted. `order` is the order of
    /// directives.
    pub(super) fn take(
        &mut self,
        site: usize,
        order: &[Text],
        version: Version,
    ) -> (Vec<Directed>, ThinVec<Vec<Route>>) {
        let site = &mut self.sites[site];
        if !std::mem::take(&mut site.is_new) {
            sort::sort(&mut site.routes, order, version);
        }
        // Those with codes come first. Before 2.11.8, Caddy's comparison says yes to everything else.
        let keeps_order = version.has(Change::ErrorsKeepOrder);
        let has_codes = |routes: &Vec<Route>| routes.first().is_some_and(|route| !route.matchers.is_empty());
        if !version.has(Change::ErrorCodes) {
            return site.taken();
        }
        sort::stable_by(&mut site.errors, &|a, b| {
            if keeps_order { has_codes(a) && !has_codes(b) } else { has_codes(a) || !has_codes(b) }
        });
        site.taken()
    }
}

impl SiteRoutes {
    /// The routes, which the last server gets itself.
    fn taken(&mut self) -> (Vec<Directed>, ThinVec<Vec<Route>>) {
        self.uses = self.uses.saturating_sub(1);
        if self.uses == 0 {
            (std::mem::take(&mut self.routes), std::mem::take(&mut self.errors))
        } else {
            (self.routes.clone(), self.errors.clone())
        }
    }
}
