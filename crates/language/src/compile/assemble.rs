//! Sites to the whole configuration: listeners, servers, and what goes with them.

use super::connections::Policies;
use super::site::Site;
use super::supply::RouteSupply;
use super::{Stage, listeners, logs, options, pki, precedence, servers, tls};
use crate::config::{Apps, Document, HttpApp};
use crate::lower::{Options, State};

/// Puts the parts together; what is at fault is reported and left out.
pub(super) fn assemble(
    sites: &mut [Site],
    options: &mut Options,
    state: &mut State,
    begin: &mut dyn FnMut(Stage),
) -> Document {
    begin(Stage::Compile);
    let mut pairings = listeners::map(sites, options, state);
    for pairing in &mut pairings {
        precedence::sort_sites(pairing, sites, state);
    }
    let (supply, policies) = (RouteSupply::new(&pairings, sites), Policies::new(sites));
    let (pairings, sites, options) = (&*pairings, &*sites, &*options);
    let mut servers = servers::build(pairings, sites, supply, policies, options, state);
    begin(Stage::Tls);
    let tls = tls::build(pairings, sites, options, state);
    let http = HttpApp {
        http_port: options.http_port.unwrap_or_default(),
        https_port: options.https_port.unwrap_or_default(),
        grace_period: options.grace_period,
        shutdown_delay: options.shutdown_delay,
        metrics: servers.take_metrics(options),
        servers: servers.servers,
    };
    let tls = tls.unwrap_or_else(|fault| {
        state.report(fault);
        None
    });
    let logging = logs::build(pairings, sites, options);
    Document {
        admin: options::admin(options),
        logging,
        storage: options.storage.clone(),
        apps: Apps {
            http: (!http.servers.is_empty()).then_some(http),
            pki: pki::build(pairings, sites, options),
            tls,
            other: options.apps.clone(),
        },
    }
}
