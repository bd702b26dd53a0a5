//! Where in the Caddyfile something stands that leaves no trace in the compiled configuration but its name: global
//! options, the `tls` and `log` directives, the addresses of sites.
//!
//! The words that the compiler read are asked, not the text, so that imported lines are found too. Among lines that
//! fit equally well the one counts that the other side does not have.

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};

use ecow::EcoString;

use super::super::report::Place;
use super::super::side::Side;
use super::super::units::{Unit, Units};
use caddyctl_language::compile::Address;
use caddyctl_language::expand::{Block, BlockKind};
use caddyctl_language::source::Span;
use caddyctl_language::syntax::Word;

/// Names in Caddy's JSON, and the words of a Caddyfile that set them where these are others.
const WORDS: &[(&str, &[&str])] = &[
    ("automatic_https", &["auto_https"]),
    ("ca", &["acme_ca", "acme_dns"]),
    ("certificate_authorities", &["ca"]),
    ("challenges", &["acme_dns", "dns"]),
    ("cipher_suites", &["ciphers"]),
    ("client_authentication", &["client_auth"]),
    ("disable_ocsp_stapling", &["ocsp_stapling"]),
    ("disable_storage_check", &["storage_check"]),
    ("disable_storage_clean", &["storage_clean_interval"]),
    ("encoder", &["format"]),
    ("encrypted_client_hello", &["ech"]),
    ("endpoint", &["ask"]),
    ("external_account", &["acme_eab", "eab"]),
    ("filename", &["output"]),
    ("filesystems", &["filesystem"]),
    ("idle_timeout", &["idle"]),
    ("install_trust", &["skip_install_trust"]),
    ("intermediate_common_name", &["intermediate_cn"]),
    ("issuers", &["issuer", "cert_issuer", "acme_ca", "local_certs"]),
    ("listen_protocols", &["protocols"]),
    ("logging", &["log"]),
    ("max_header_bytes", &["max_header_size"]),
    ("max_write_chunk", &["write_max_chunk"]),
    ("on_demand", &["on_demand_tls"]),
    ("permission", &["ask"]),
    ("persist", &["persist_config"]),
    ("protocol_max", &["protocols"]),
    ("protocol_min", &["protocols"]),
    ("read_header_timeout", &["read_header"]),
    ("read_idle_timeout", &["read_body_idle"]),
    ("read_min_rate", &["read_body_idle"]),
    ("read_timeout", &["read_body"]),
    ("resolvers", &["tls_resolvers"]),
    ("root_common_name", &["root_cn"]),
    ("should_log_credentials", &["log_credentials"]),
    ("subscriptions", &["events"]),
    ("tls_connection_policies", &["tls"]),
    ("write_idle_timeout", &["write_idle"]),
    ("write_min_rate", &["write_idle"]),
    ("write_timeout", &["write"]),
    ("writer", &["output"]),
    ("allow_0rtt", &["0rtt"]),
];

/// Global options that certificates come from, for sites that say nothing themselves.
const CERTIFICATES: &[&str] = &[
    "acme_ca",
    "acme_ca_root",
    "acme_dns",
    "acme_eab",
    "auto_https",
    "cert_issuer",
    "cert_lifetime",
    "email",
    "key_type",
    "local_certs",
    "on_demand_tls",
    "preferred_chains",
    "renewal_window_ratio",
];

/// More lines than this say nothing about a setting.
const FEW: usize = 64;

/// One line of the options block or of a directive.
struct Line<'a> {
    /// The first words of the lines whose blocks it stands in, the outermost first, with their arguments.
    around: Vec<&'a [Word]>,
    words: &'a [Word],
}

impl Line<'_> {
    /// The line and what is around it, to know it again on the other side.
    fn text(&self) -> String {
        let lines = self.around.iter().copied().chain([self.words]);
        lines.flatten().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// The lines of one side that effects come from.
pub(crate) struct Written<'a> {
    side: &'a Side,
    by_span: HashMap<Span, &'a Block>,
    options: OnceCell<Vec<Line<'a>>>,
    sites: OnceCell<Vec<Line<'a>>>,
    texts: OnceCell<HashSet<String>>,
    /// The address of each host in the keys of sites that were asked about, by the span of the site.
    hosts: RefCell<HashMap<Span, HashMap<EcoString, Span>>>,
}

impl<'a> Written<'a> {
    /// The lines of `side`.
    pub(crate) fn new(side: &'a Side) -> Self {
        let sites = side.blocks.iter().filter(|block| block.kind == BlockKind::Site);
        Self {
            side,
            by_span: sites.map(|block| (block.span, block)).collect(),
            options: OnceCell::new(),
            sites: OnceCell::new(),
            texts: OnceCell::new(),
            hosts: RefCell::default(),
        }
    }

    fn options(&self) -> &[Line<'a>] {
        self.options.get_or_init(|| {
            let first = self.side.blocks.first().filter(|block| block.keys.is_empty());
            first.into_iter().flat_map(|block| &block.segments).flat_map(|segment| lines(segment)).collect()
        })
    }

    /// The lines of `tls` and `log` of all sites.
    fn sites(&self) -> &[Line<'a>] {
        self.sites.get_or_init(|| {
            let sites = self.side.blocks.iter().filter(|block| !block.keys.is_empty());
            sites.flat_map(tls_and_logs).collect()
        })
    }

    fn has(&self, line: &Line) -> bool {
        let all = || self.options().iter().chain(self.sites()).map(Line::text).collect();
        self.texts.get_or_init(all).contains(&line.text())
    }

    fn place(&self, line: &Line) -> Option<Place> {
        self.side.place(line.words.first().map(|word| word.span))
    }

    /// The line that sets `name`, the way to a setting in Caddy's JSON such as `apps.http.grace_period`.
    pub(crate) fn setting(&self, name: &str, other: &Written) -> Option<Place> {
        let parts: Vec<&str> = name.split(['.', ' ']).filter(|part| !part.is_empty()).collect();
        let score = |line: &Line| {
            let own = fits(line.words.first()?, &parts);
            let around = line
                .around
                .iter()
                .filter(|words| words.iter().take_while(|word| !word.opens()).any(|word| fits(word, &parts)));
            let arguments = line.words.iter().skip(1).any(|word| parts.contains(&word.text.as_str()));
            // Its own word counts most: the options `servers` and `log` are around many others.
            own.then(|| 2 + around.count() + usize::from(arguments))
        };
        let in_sites = ["logging", "tls_connection_policies", "certificates"];
        let wanted = |part: &&str| in_sites.contains(part) || part.starts_with("log");
        let sites = if parts.iter().any(wanted) { self.sites() } else { &[] };
        self.best(self.options().iter().chain(sites), score, other)
    }

    /// All lines that may set `name`, the way to a setting in Caddy's JSON, as far as there are few.
    pub(crate) fn settings(&self, name: &str) -> Vec<Place> {
        let parts: Vec<&str> = name.split('.').filter(|part| !part.is_empty()).collect();
        let sites = self.side.blocks.iter().filter(|block| !block.keys.is_empty());
        let bound = sites.flat_map(|block| &block.segments).filter(|words| {
            parts.contains(&"servers") && words.first().is_some_and(|word| word.text == "bind")
        });
        let bound: Vec<Line> = bound.flat_map(|segment| lines(segment)).collect();
        let all = self.options().iter().chain(self.sites()).chain(&bound);
        let found = all.filter(|line| line.words.first().is_some_and(|word| fits(word, &parts)));
        let places: Vec<Place> = found.take(FEW + 1).filter_map(|line| self.place(line)).collect();
        if places.len() > FEW { Vec::new() } else { places }
    }

    /// The line that a certificate of the site comes from: its `tls`, or an option for all sites.
    pub(crate) fn certificate(&self, pointer: &str, host: &str, other: &Written) -> Option<Place> {
        let block = self.block(pointer);
        let own: Vec<Line> = block.into_iter().flat_map(tls_and_logs).collect();
        let tls = |line: &Line| {
            let first = line.around.first().map_or(line.words, |words| words).first()?;
            (first.text == "tls").then_some(1)
        };
        let option = |line: &Line| {
            let first = line.around.first().map_or(line.words, |words| words).first()?;
            CERTIFICATES.contains(&first.text.as_str()).then_some(1)
        };
        let new = self.best(own.iter().filter(|line| !other.has(line)), tls, other);
        let new =
            new.or_else(|| self.best(self.options().iter().filter(|line| !other.has(line)), option, other));
        new.or_else(|| self.best(own.iter(), tls, other)).or_else(|| self.site(pointer, host))
    }

    fn best<'l>(
        &self,
        lines: impl Iterator<Item = &'l Line<'a>>,
        score: impl Fn(&Line) -> Option<usize>,
        other: &Written,
    ) -> Option<Place>
    where
        'a: 'l,
    {
        let mut found: Vec<(usize, &Line)> = lines.filter_map(|line| Some((score(line)?, line))).collect();
        let most = found.iter().map(|(score, _)| *score).max()?;
        found.retain(|(score, _)| *score == most);
        let line = found.iter().find(|(_, line)| !other.has(line)).or_else(|| found.first())?;
        self.place(line.1)
    }

    fn block(&self, pointer: &str) -> Option<&'a Block> {
        self.by_span.get(&self.side.span(pointer)?).copied()
    }

    /// The address of `host` in the keys of the site whose route is at `pointer`.
    pub(crate) fn site(&self, pointer: &str, host: &str) -> Option<Place> {
        let key = self.block(pointer).and_then(|block| {
            let mut hosts = self.hosts.borrow_mut();
            hosts.entry(block.span).or_insert_with(|| keys(block)).get(host).copied()
        });
        self.side.place(key.or_else(|| self.side.span(pointer)))
    }

    /// The address of a site in its keys.
    pub(crate) fn unit(&self, units: &Units, unit: &Unit) -> Option<Place> {
        self.site(units.pointer(unit), &unit.site.host)
    }

    /// The line `name` (such as `log` or `bind`) of the site whose route is at `pointer`.
    pub(crate) fn directive(&self, pointer: &str, name: &str) -> Option<Place> {
        let segments = &self.block(pointer)?.segments;
        let segment = segments.iter().find(|words| words.first().is_some_and(|word| word.text == name))?;
        self.side.place(segment.first().map(|word| word.span))
    }
}

/// The first address of each host among the keys of a site.
fn keys(block: &Block) -> HashMap<EcoString, Span> {
    let mut hosts = HashMap::new();
    for key in &block.keys {
        if let Ok(address) = Address::parse(key) {
            hosts.entry(address.host).or_insert(key.span);
        }
    }
    hosts
}

/// Whether a word of the Caddyfile stands for one of the names on the way to a setting.
fn fits(word: &Word, parts: &[&str]) -> bool {
    let text = word.text.as_str();
    parts
        .iter()
        .any(|part| *part == text || WORDS.iter().any(|(name, words)| name == part && words.contains(&text)))
}

fn tls_and_logs(block: &Block) -> Vec<Line<'_>> {
    let named =
        |words: &&Vec<Word>| words.first().is_some_and(|word| matches!(word.text.as_str(), "tls" | "log"));
    block.segments.iter().filter(named).flat_map(|segment| lines(segment)).collect()
}

/// A directive line by line.
fn lines(segment: &[Word]) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    let mut around: Vec<&[Word]> = Vec::new();
    let mut start = 0;
    for end in 1..=segment.len() {
        if end < segment.len() && !segment[end - 1].ends_line_before(&segment[end]) {
            continue;
        }
        let words = &segment[start..end];
        start = end;
        if matches!(words, [only] if only.closes()) {
            around.pop();
            continue;
        }
        found.push(Line { around: around.clone(), words });
        if words.last().is_some_and(Word::opens) {
            around.push(words);
        }
    }
    found
}
