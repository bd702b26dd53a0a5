//! A site: its addresses, and what its directives gave.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use ecow::EcoString;
use thin_vec::ThinVec;

use super::address::{Address, Specificity};
use super::tls::Subject;
use crate::config::{Authority, Handler, MatcherSet, Route, Value, json};
use crate::diagnostics::Code;
use crate::directives;
use crate::expand::Block;
use crate::go::join_host_port;
use crate::lower::{
    Bind, CustomLog, Directed, Lowered, Options, Place, Registry, Scope, State, TlsSetting, routes,
};
use crate::options;
use crate::source::{FileId, Loader, Sources, Span};
use crate::spec::{Fault, Suggestions};
use crate::syntax::Word;
use crate::version::Change;

/// A site block, lowered. Most sites have few of these lists, and there may be a hundred thousand sites.
#[derive(Debug, Default)]
pub(super) struct Site {
    pub(super) keys: Box<[Word]>,
    /// One for each key.
    pub(super) addresses: Box<[Address]>,
    pub(super) span: Span,
    pub(super) binds: ThinVec<Bind>,
    /// Sorted.
    pub(super) routes: Vec<Directed>,
    /// Of each `handle_errors`.
    pub(super) error_routes: ThinVec<Vec<Route>>,
    pub(super) logs: ThinVec<CustomLog>,
    pub(super) tls: ThinVec<TlsSetting>,
    pub(super) authorities: ThinVec<(String, Authority)>,
    /// Named routes that are invoked, with the word that does it.
    pub(super) invoked: ThinVec<(String, Word)>,
}

impl Site {
    /// Whether one of its addresses could be read.
    pub(super) fn has_addresses(&self) -> bool {
        !self.addresses.is_empty()
    }

    /// How many handlers it has, with those inside others and with the values of their matchers.
    pub(super) fn handlers(&self) -> usize {
        let lowered = self.routes.iter().map(|directed| match &directed.lowered {
            Lowered::Route(route) => route.size(),
            Lowered::Routes(routes) | Lowered::ErrorRoutes(routes) => routes.iter().map(Route::size).sum(),
            _ => 0,
        });
        lowered.chain(self.error_routes.iter().flatten().map(Route::size)).sum()
    }
}

/// Lowers a site block; `None` when it has no address, but its faults are reported.
pub(super) fn lower(
    block: &Block,
    options: &Options,
    state: &mut State,
    sources: &Sources,
    loader: &dyn Loader,
) -> Option<Site> {
    let files = files(block, sources);
    let mut keys = Vec::with_capacity(block.keys.len());
    let mut addresses = Vec::with_capacity(block.keys.len());
    for key in &block.keys {
        match Address::parse(key) {
            Ok(address) => {
                keys.push(key.clone());
                addresses.push(address);
            }
            Err(fault) => state.report(fault),
        }
    }
    let mut site = Site {
        span: block.span,
        keys: keys.into_boxed_slice(),
        addresses: addresses.into_boxed_slice(),
        ..Site::default()
    };
    let mut scope = scope(options, state, &files, loader);
    let mut lowered = scope.lower_segments(&block.segments, Place::Site, block.has_braces);
    site.invoked = std::mem::take(&mut state.invoked).into_iter().collect();
    let is_no_route = |item: &mut Directed| !matches!(item.lowered, Lowered::Route(_) | Lowered::Routes(_));
    for item in lowered.extract_if(.., is_no_route) {
        match item.lowered {
            Lowered::ErrorRoutes(routes) => site.error_routes.push(routes),
            Lowered::Bind(bind) => site.binds.push(bind),
            Lowered::Log(log) => site.logs.push(*log),
            Lowered::Tls(setting) => site.tls.push(setting),
            Lowered::Authority(id, authority) => site.authorities.push((id, *authority)),
            Lowered::Route(_) | Lowered::Routes(_) => {}
        }
    }
    site.routes = lowered;
    routes::sort_site(&mut site.routes, options, state);
    site.routes.shrink_to_fit();
    site.tls.shrink_to_fit();
    (!block.keys.is_empty()).then_some(site)
}

fn scope<'a>(
    options: &'a Options,
    state: &'a mut State,
    files: &'a [String],
    loader: &'a dyn Loader,
) -> Scope<'a> {
    Scope {
        directives: Arc::clone(&state.directives),
        unknown,
        options,
        state,
        matchers: BTreeMap::new(),
        suggestions: Suggestions::default(),
        files,
        loader,
    }
}

/// The fault of a name that is no directive; it may be a global option.
fn unknown(known: &Registry, segment: &[Word], place: Place, has_braces: bool) -> Fault {
    let fault = directives::unknown(known, segment, place, has_braces);
    let Some(name) = segment.first() else { return fault };
    if fault.diagnostic.helps.is_empty() && options::find(known, &name.text).is_some() {
        return fault.help(format!(
            "`{}` is a global option: put it into a block without an address at the top of the file",
            name.text
        ));
    }
    fault
}

/// The names of the files that a block's directives come from.
fn files(block: &Block, sources: &Sources) -> Vec<String> {
    // Words of one file follow each other.
    let mut ids: Vec<FileId> = Vec::with_capacity(1);
    for word in block.segments.iter().flatten() {
        if ids.last() != Some(&word.span.file) {
            ids.push(word.span.file);
        }
    }
    sorted(ids.into_iter().map(|id| sources.file(id).name().to_owned()))
}

/// Lowers the named routes into the options. Their groups are counted apart from those of the sites.
pub(super) fn lower_named_routes(
    blocks: &[&Block],
    options: &mut Options,
    state: &mut State,
    sources: &Sources,
    loader: &dyn Loader,
) {
    let links = state.version().has(Change::NamedRoutesLinked);
    let groups = std::mem::take(&mut state.groups);
    let mut defined: HashMap<&str, &Word> = HashMap::new();
    for block in blocks {
        let (Some(key), Some(segment)) = (block.keys.first(), block.segments.first()) else { continue };
        let files = files(block, sources);
        let mut scope = scope(options, state, &files, loader);
        let mut cursor = scope.state.cursor(segment);
        cursor.next();
        let mut routes = scope.subroute(&mut cursor);
        // A lone route without matcher keeps only its first handler, as in Caddy.
        let handlers = match routes.as_mut_slice() {
            [only] if only.matchers.is_empty() => only.handlers.drain(..).take(1).collect(),
            _ => vec![Handler::subroute(routes, block.span)],
        };
        let route = Route { handlers, span: block.span, ..Route::default() };
        let invoked = std::mem::take(&mut state.invoked).into_keys().filter(|_| links).collect();
        options.named_routes.insert(key.text.to_string(), (route, invoked));
        if let Some(first) = defined.insert(key.text.as_str(), key).filter(|_| links) {
            let message = format!("the named route `{}` is defined twice", key.text);
            let fault = Fault::new(Code::DEFINITION, key, message).also(first, "first defined here");
            state.report(fault.help("rename or remove one of them"));
        }
    }
    state.groups = groups;
}

/// A site as one listener sees it: only the keys that it serves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct SiteView {
    /// Index of the site.
    pub(super) site: usize,
    /// Which of its keys.
    keys: Keys,
    /// How specific they are.
    pub(super) rank: Rank,
    /// Whether one of them has a path.
    pub(super) has_path: bool,
}

/// What decides which site of a server comes first: the one with the least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rank {
    is_hostless: bool,
    /// Whether it has hosts, and one of them has a star.
    is_wildcard: bool,
    /// The length of the longest host.
    host: Reverse<u32>,
    /// The length of the path with the most letters of its own; 0 without a host.
    path: Reverse<u32>,
}

impl Rank {
    /// That of a site with these addresses: it is compared by its longest host and path.
    fn of<'s>(addresses: impl Iterator<Item = &'s Address>) -> Self {
        let (mut longest, mut path, mut has_star) = (0, (0, 0), false);
        for address in addresses {
            let Specificity { host, path: specific, is_wildcard } = address.specificity;
            has_star |= is_wildcard;
            longest = longest.max(host);
            if specific > path.0 {
                path = (specific, u32::try_from(address.path.len()).unwrap_or(u32::MAX));
            }
        }
        let is_hostless = longest == 0;
        Self {
            is_hostless,
            is_wildcard: has_star && !is_hostless,
            host: Reverse(longest),
            path: Reverse(if is_hostless { 0 } else { path.1 }),
        }
    }
}

/// Which keys of a site a listener serves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Keys {
    /// All that there are, as nearly always.
    All(usize),
    /// Those of these indices, which are not all.
    Some(Box<[usize]>),
}

impl SiteView {
    /// The site at index `site`, with its keys of the indices `keys`, in order.
    pub(super) fn new(site: usize, keys: impl ExactSizeIterator<Item = usize>, sites: &[Site]) -> Self {
        let all = sites[site].keys.len();
        let keys = if keys.len() == all { Keys::All(all) } else { Keys::Some(keys.collect()) };
        let view = Self { site, keys, rank: Rank::default(), has_path: false };
        // Whoever makes a view has just read the addresses, and later they are far away.
        let rank = Rank::of(view.addresses(sites));
        let has_path = view.addresses(sites).any(|address| !address.path.is_empty());
        Self { rank, has_path, ..view }
    }

    /// The indices of its keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = usize> {
        let (all, some) = match &self.keys {
            Keys::All(all) => (0..*all, [].as_slice()),
            Keys::Some(some) => (0..0, &**some),
        };
        all.chain(some.iter().copied())
    }

    /// How many keys there are.
    pub(super) fn count(&self) -> usize {
        match &self.keys {
            Keys::All(all) => *all,
            Keys::Some(some) => some.len(),
        }
    }

    pub(super) fn addresses<'s>(&self, sites: &'s [Site]) -> impl Iterator<Item = &'s Address> {
        let site = &sites[self.site];
        self.keys().map(|key| &site.addresses[key])
    }

    /// The site's hosts, none if one of its keys has none; sorted, without duplicates.
    pub(super) fn hosts(&self, sites: &[Site]) -> Vec<EcoString> {
        if self.is_catch_all(sites) {
            return Vec::new();
        }
        sorted(self.addresses(sites).map(|a| a.host.clone()))
    }

    /// The hosts as they stand in Host headers: with their port, if it is not 80 or 443.
    pub(super) fn log_hosts(&self, sites: &[Site]) -> Vec<String> {
        sorted(self.addresses(sites).filter(|a| !a.host.is_empty()).map(|a| match a.port.as_str() {
            "" | "80" | "443" => a.host.to_string(),
            port => join_host_port(&a.host, port),
        }))
    }

    /// The hosts that are not served over plain HTTP; sorted, without duplicates.
    pub(super) fn subjects(&self, sites: &[Site], http_port: &str) -> Vec<Subject> {
        let hosts =
            self.addresses(sites).filter(|a| !a.host.is_empty() && a.scheme != "http" && a.port != http_port);
        let mut subjects = Vec::with_capacity(self.keys().count());
        subjects.extend(hosts.map(|a| Subject::known(a.host.clone(), a.kind)));
        subjects.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        subjects.dedup();
        subjects
    }

    /// Whether a key has no host.
    pub(super) fn is_catch_all(&self, sites: &[Site]) -> bool {
        self.addresses(sites).any(|a| a.host.is_empty())
    }

    /// Whether every key says `http://`.
    pub(super) fn is_all_http(&self, sites: &[Site]) -> bool {
        self.addresses(sites).all(|a| a.scheme == "http")
    }

    /// The matchers of the site's route: hosts and paths, those with the same path together.
    pub(super) fn matcher_sets(&self, sites: &[Site]) -> Vec<MatcherSet> {
        struct Pair {
            hosts: Vec<EcoString>,
            path: EcoString,
        }
        fn set(hosts: Vec<EcoString>, path: &str) -> Option<MatcherSet> {
            let mut set = MatcherSet::new();
            if !hosts.is_empty() {
                set.insert("host", Value::from(hosts));
            }
            if !path.is_empty() {
                set.insert("path", json!([path]));
            }
            (!set.is_empty()).then_some(set)
        }
        if self.keys == Keys::All(1) {
            let Address { host, path, .. } = &sites[self.site].addresses[0];
            return Vec::from_iter(set(if host.is_empty() { Vec::new() } else { vec![host.clone()] }, path));
        }
        let mut pairs: Vec<Pair> = Vec::new();
        let mut by_path: HashMap<&str, usize> = HashMap::new();
        let mut seen: HashSet<(usize, &str)> = HashSet::new();
        let mut catch_all = false;
        for address in self.addresses(sites) {
            let index = *by_path.entry(&address.path).or_insert_with(|| {
                pairs.push(Pair { hosts: Vec::new(), path: address.path.clone() });
                pairs.len() - 1
            });
            if address.host.is_empty() && !catch_all {
                pairs[index].hosts.clear();
                catch_all = true;
            }
            if !catch_all && seen.insert((index, &address.host)) {
                pairs[index].hosts.push(address.host.clone());
            }
        }
        // `collect` would keep the room of the pairs.
        let mut sets = Vec::with_capacity(pairs.len());
        sets.extend(pairs.into_iter().filter_map(|pair| set(pair.hosts, &pair.path)));
        sets
    }
}

/// Names in order, each once.
fn sorted<T: Ord>(names: impl Iterator<Item = T>) -> Vec<T> {
    let mut names: Vec<T> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}
