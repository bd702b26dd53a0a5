//! From listeners and sites to servers.

use std::collections::{BTreeMap, VecDeque};

use super::Address;
use super::connections::{Connections, Policies, PolicyId};
use super::listeners::Pairing;
use super::precedence::refuse_ambiguous_sites;
use super::site::{Site, SiteView};
use super::supply::RouteSupply;
use crate::config::{
    AutomaticHttps, ErrorRoutes, Handler, MatcherSet, Metrics, NetworkAddress, Route, Server, ServerLogs,
    Value,
};
use crate::diagnostics::Code;
use crate::go::split_host_port;
use crate::lower::{CustomLog, Options, State, TlsSetting, routes};
use crate::spec::{Fault, Parsed, Suggestions};
use crate::syntax::Word;
use crate::version::Change;

/// The servers by name, and the metrics that they ask for.
#[derive(Debug, Default)]
pub(super) struct Servers {
    pub(super) servers: BTreeMap<String, Box<Server>>,
    metrics: Vec<Metrics>,
}

impl Servers {
    /// The metrics of the whole app. Those of a server replace the global ones, but for `per_host`.
    pub(super) fn take_metrics(&mut self, options: &Options) -> Option<Metrics> {
        let mut metrics = options.metrics.clone();
        for own in std::mem::take(&mut self.metrics) {
            let per_host = metrics.take().unwrap_or_default().per_host || own.per_host;
            metrics = Some(Metrics { per_host, ..Metrics::default() });
        }
        metrics
    }
}

/// Builds a server for each pairing, whose sites are in order. `supply` has their routes, `policies` what their
/// directives say of connections. Faults are reported; a server
/// that cannot be made is left out.
pub(super) fn build(
    pairings: &[Pairing],
    sites: &[Site],
    mut supply: RouteSupply,
    mut policies: Policies,
    options: &Options,
    state: &mut State,
) -> Servers {
    let mut out = Servers::default();
    let mut suggestions = Suggestions::default();
    let (mut names, mut policies_of) = (Vec::new(), Vec::new());
    for (index, pairing) in pairings.iter().enumerate() {
        refuse_ambiguous_sites(pairing, sites, state);
        let (supply, suggestions) = (&mut supply, &mut suggestions);
        let builder =
            Builder { pairing, sites, options, state, supply, suggestions, server: Server::default() };
        match builder.build(&mut policies) {
            Ok((server, ids)) => {
                let name = format!("srv{index}");
                names.push(name.clone());
                policies_of.push(ids);
                out.servers.insert(name, Box::new(server));
            }
            Err(fault) => state.report_once(fault),
        }
    }
    for (name, policies) in names.iter().zip(policies.of_servers(&policies_of)) {
        if let Some(server) = out.servers.get_mut(name) {
            server.tls_connection_policies = policies;
        }
    }
    match super::options::apply_server_options(&mut out.servers, options) {
        Ok(metrics) => out.metrics = metrics,
        Err(fault) => state.report(fault),
    }
    out
}

struct Builder<'a> {
    pairing: &'a Pairing,
    sites: &'a [Site],
    options: &'a Options,
    state: &'a mut State,
    supply: &'a mut RouteSupply,
    suggestions: &'a mut Suggestions,
    server: Server,
}

impl Builder<'_> {
    fn build(mut self, policies: &mut Policies) -> Parsed<(Server, Vec<PolicyId>)> {
        self.listen();
        self.automatic_https();
        let views = self.pairing.sites.as_slice();
        if views.iter().any(|view| !self.site(view).logs.is_empty()) {
            self.server.logs = Some(ServerLogs::default());
        }
        for view in views {
            self.named_routes(view);
        }
        let mut connections = Connections::new(policies, &self.server, self.options);
        self.server.routes.reserve_exact(views.len());
        for view in views {
            self.warn_of_hosts(view);
            connections.add_site(view, self.sites, &mut self.server);
            self.routes(view);
            self.logs(view);
        }
        let sorts = self.options.version.has(Change::SeveralLogs);
        if let Some(logs) = self.server.logs.as_mut().filter(|_| sorts) {
            logs.skip_hosts.sort();
        }
        self.refuse_mixed_schemes(views, !connections.is_empty())?;
        let ids = connections.finish()?;
        self.server.routes = routes::consolidate(std::mem::take(&mut self.server.routes));
        Ok((self.server, ids))
    }

    fn site(&self, view: &SiteView) -> &Site {
        &self.sites[view.site]
    }

    fn listen(&mut self) {
        self.server.listen = self.pairing.addresses.iter().map(|(address, _)| address.clone()).collect();
        let protocols: Vec<_> = self
            .pairing
            .addresses
            .iter()
            .map(|(_, protocols)| {
                protocols.iter().any(|protocol| !protocol.is_empty()).then(|| protocols.clone())
            })
            .collect();
        if protocols.iter().any(Option::is_some) {
            self.server.listen_protocols = protocols;
        }
    }

    fn automatic_https(&mut self) {
        for word in &self.options.auto_https {
            let automatic = self.server.automatic_https.get_or_insert_default();
            match word.as_str() {
                "off" => automatic.disable = true,
                "disable_redirects" => automatic.disable_redirects = true,
                "disable_certs" => automatic.disable_certificates = true,
                "ignore_loaded_certs" => automatic.ignore_loaded_certificates = true,
                _ => {}
            }
        }
    }

    /// Adds the named routes that a site invokes, and those that they invoke.
    fn named_routes(&mut self, view: &SiteView) {
        for (name, word) in &self.sites[view.site].invoked {
            let mut open = VecDeque::from([name.clone()]);
            while let Some(name) = open.pop_front() {
                if self.server.named_routes.contains_key(&name) {
                    continue;
                }
                let Some((route, invoked)) = self.options.named_routes.get(&name) else {
                    let names = self.options.named_routes.keys();
                    let near = self.suggestions.near(&name, names.map(String::as_str));
                    let message = format!("unknown named route `{name}`");
                    let fault = Fault::new(Code::DEFINITION, word, message)
                        .help(format!("define it at the top of the file: `&({name}) {{`"));
                    self.state.report_once(fault.suggest(word, near));
                    continue;
                };
                self.server.named_routes.insert(name, route.clone());
                open.extend(invoked.iter().cloned());
            }
        }
    }

    fn warn_of_hosts(&mut self, view: &SiteView) {
        for key in view.keys() {
            let site = &self.sites[view.site];
            if matches!(site.addresses[key].host.as_str(), "0.0.0.0" | "::") {
                let word = &site.keys[key];
                let diagnostic = crate::diagnostics::Diagnostic::warning(
                    Code::UNSPECIFIED_HOST,
                    word.span,
                    format!("this site answers only requests whose Host is `{}`", site.addresses[key].host),
                )
                .help("to listen on every interface, leave the host out; to listen on one, use `bind`");
                self.state.report(Fault { diagnostic: Box::new(diagnostic), frame: word.frame });
            }
        }
    }

    fn routes(&mut self, view: &SiteView) {
        let site = &self.sites[view.site];
        let matchers = view.matcher_sets(self.sites);
        // They are sorted already, and only handlers, which all have a place in the order, are among them.
        let (routes, errors) = self.supply.take(view.site, &self.options.order.names, self.options.version);
        let routes = routes::build(routes, false, self.options, self.state);
        let alone = self.pairing.sites.len() == 1;
        if !errors.is_empty() {
            let list = &mut self.server.errors.get_or_insert_with(ErrorRoutes::default).routes;
            if self.options.version.has(Change::ErrorCodes) {
                append(list, errors.into_iter().flatten().collect(), matchers.clone(), alone, site);
            } else {
                for routes in errors {
                    append(list, routes, matchers.clone(), alone, site);
                }
            }
        }
        append(&mut self.server.routes, routes, matchers, alone, site);
    }

    fn logs(&mut self, view: &SiteView) {
        let Some(logs) = &mut self.server.logs else { return };
        let several = self.options.version.has(Change::SeveralLogs);
        let hosts = view.log_hosts(self.sites);
        let catch_all = view.is_catch_all(self.sites);
        let no_hosts = view.hosts(self.sites).is_empty();
        let site = &self.sites[view.site];
        for log in site.logs.iter().filter(|log| !log.no_hostname) {
            if catch_all && log.hostnames.is_empty() {
                logs.default_logger_name.clone_from(&log.name);
            } else if log.hostnames.is_empty() {
                for host in &hosts {
                    let alone = split_host_port(host).filter(|_| several);
                    let host = alone.map_or_else(|| host.clone(), |(host, _)| host);
                    log_name(logs.logger_names.entry(host).or_default(), log, several);
                }
            } else {
                for host in &log.hostnames {
                    log_name(logs.logger_names.entry(host.clone()).or_default(), log, several);
                }
            }
        }
        if site.logs.is_empty() {
            logs.skip_unmapped_hosts |= no_hosts;
            logs.skip_hosts.extend(hosts);
        }
    }

    /// HTTP and HTTPS on one listener.
    fn refuse_mixed_schemes(&self, views: &[SiteView], has_policies: bool) -> Parsed<()> {
        let (http_port, https_port) = (self.options.http_port(), self.options.https_port());
        let mut first: Option<(&str, &Word)> = None;
        for view in views {
            for key in view.keys() {
                let (address, word) = (&self.site(view).addresses[key], &self.site(view).keys[key]);
                let scheme = if address.scheme == "http" || address.port == http_port {
                    "HTTP"
                } else if address.scheme == "https" || address.port == https_port || has_policies {
                    "HTTPS"
                } else if address.host.is_empty() {
                    "HTTP"
                } else {
                    continue;
                };
                match first {
                    Some((other, place)) if other != scheme => {
                        return Err(self.mixed(address, word, scheme, place));
                    }
                    _ if scheme == "HTTP" && has_policies => {
                        return Err(Fault::new(
                            Code::SCHEME_CONFLICT,
                            word,
                            "this site is plain HTTP, and has settings for TLS",
                        )
                        .help("remove its `tls` directive, or give it an HTTPS address"));
                    }
                    _ => {}
                }
                first.get_or_insert((scheme, word));
            }
        }
        Ok(())
    }

    fn mixed(&self, address: &Address, word: &Word, scheme: &str, other: &Word) -> Fault {
        let listeners = self.server.listen.join(", ");
        let fault =
            Fault::new(Code::SCHEME_CONFLICT, word, format!("{listeners} cannot serve both HTTP and HTTPS"))
                .label(format!("this is {scheme}"))
                .also(other, "and this is not");
        if scheme == "HTTP" && address.scheme.is_empty() && address.host.is_empty() {
            return fault.help(format!("write `https://{}` if it should use HTTPS", word.text));
        }
        fault.help("give one of them another port")
    }
}

/// Adds a log of a host. Before 2.8.4, a host has one, the last.
fn log_name(names: &mut Value, log: &CustomLog, several: bool) {
    if several {
        names.push(log.name.as_str());
    } else {
        *names = Value::from(log.name.as_str());
    }
}

/// Adds a site's routes to its server's. They stand in a subroute of their own, unless the site is alone, matches
/// everything, and none of its routes names a host: a host at the top would be taken for one that needs a certificate.
fn append(list: &mut Vec<Route>, routes: Vec<Route>, matchers: Vec<MatcherSet>, alone: bool, site: &Site) {
    if matchers.is_empty() && routes.is_empty() {
        return;
    }
    let names_host = || routes.iter().any(|route| route.matchers.iter().any(|set| set.get("host").is_some()));
    if matchers.is_empty() && alone && !names_host() {
        list.extend(routes);
        return;
    }
    let handlers = if routes.is_empty() { Vec::new() } else { vec![Handler::subroute(routes, site.span)] };
    list.push(Route { matchers, handlers, terminal: true, span: site.span, group: None });
}

/// Whether a listener has a port other than `port`. A negative port, which Caddy lets pass, is none that a listener has.
pub(super) fn uses_other_port(listeners: &[String], port: &str) -> bool {
    let Ok(port) = port.parse::<i64>() else { return false };
    let mut addresses = listeners.iter().filter_map(|text| NetworkAddress::parse(text).ok());
    addresses.any(|address| port > address.last.into() || port < address.first.into())
}

/// Whether a site has connection settings of its own.
pub(super) fn has_connections(site: &Site) -> bool {
    site.tls.iter().any(|setting| matches!(setting, TlsSetting::Connection(_)))
}

/// A host of an `http://` key is left out of automatic HTTPS. To be called once for each.
pub(super) fn skip_host(server: &mut Server, host: &str) {
    server.automatic_https.get_or_insert_with(AutomaticHttps::default).skip.push(host.to_owned());
}
