//! From a finding in the compiled JSON to the exact words of the Caddyfile: the provenance names the directive, and what
//! the finding says is looked for among its words, or in the definition of the matcher that it uses.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::finding::Finding;
use super::word_index::WordIndex;
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Diagnostic, Label, limited};
use caddyctl_language::expand::{Block, BlockKind};
use caddyctl_language::source::Span;
use caddyctl_language::syntax::Word;

/// The findings as diagnostics of the Caddyfile that was compiled. Several findings at one place with one message become
/// one.
pub fn diagnostics(findings: &[Finding], compilation: &Compilation) -> Vec<Diagnostic> {
    if findings.is_empty() {
        return Vec::new();
    }
    let span_of = |finding: &Finding| compilation.span_at(&finding.pointer);
    let spans = findings.iter().filter_map(span_of).collect();
    let text = Text::new(&compilation.blocks, &spans);
    let mut seen = HashSet::new();
    let mut out: Vec<Diagnostic> = Vec::new();
    for finding in findings {
        let span = span_of(finding);
        let wanted = Wanted { pointer: &finding.pointer, words: finding.words() };
        let found = match span {
            Some(span) => text.at(span, &wanted),
            None => text.anywhere(&wanted),
        };
        let place = span.unwrap_or_default();
        let mut diagnostic = Diagnostic::new(finding.code(), finding.severity(), place, finding.message());
        diagnostic.primary = span.map(Label::at);
        diagnostic.helps = finding.help().into_iter().map(limited).collect();
        if let Some(Place { span, word, user }) = found {
            diagnostic.primary = Some(Label::at(span));
            if let Some(user) = user {
                diagnostic = diagnostic.also(user, "used here");
            }
            diagnostic = compilation.frames.place(diagnostic, word);
        }
        let place = diagnostic.primary.as_ref().map(|label| label.span);
        let user = diagnostic.secondary.first().map(|label| label.span);
        let (code, words) = diagnostic.identity();
        if seen.insert((place, user, diagnostic.severity, code, words.to_owned(), diagnostic.helps.clone())) {
            out.push(diagnostic);
        }
    }
    out
}

/// What to look for.
struct Wanted<'a> {
    pointer: &'a str,
    /// The likeliest first.
    words: Vec<&'a str>,
}

impl Wanted<'_> {
    /// The kind of the matcher that it is in: the name behind the last `match/0` of the pointer.
    fn matcher(&self) -> Option<&str> {
        let (_, below) = self.pointer.rsplit_once("/match/")?;
        if below.contains("/handle/") { None } else { below.split('/').nth(1) }
    }

    /// The word in `range` that is meant; of equal ones the last, since the first of two is never too many.
    fn find<'w>(&self, index: &WordIndex<'w>, range: Range<usize>) -> Option<&'w Word> {
        self.words.iter().find_map(|text| index.last(text, &range))
    }
}

/// Where a finding belongs.
struct Place<'a> {
    span: Span,
    /// The word that shows which import it came from.
    word: &'a Word,
    /// The directive that uses the matcher that the span is in.
    user: Option<Span>,
}

impl<'a> Place<'a> {
    fn at(word: &'a Word) -> Self {
        Self { span: word.span, word, user: None }
    }
}

/// The words of all blocks.
struct Text<'a> {
    blocks: &'a [Block],
    /// Of each span that is asked for: block, segment and word.
    places: HashMap<Span, Vec<(usize, usize, usize)>>,
    /// The blocks of each span.
    sites: HashMap<Span, Vec<usize>>,
    /// The last site that has an address of this text.
    keys: HashMap<&'a str, usize>,
    /// The segments of directives and options, by the names that they were looked for by.
    segments: RefCell<HashMap<&'static [&'static str], Segments<'a>>>,
    /// What was asked for of words, by where they lie.
    index: RefCell<HashMap<*const Word, Rc<WordIndex<'a>>>>,
    /// The first segment of each name, for each block that was asked for.
    definitions: RefCell<HashMap<usize, HashMap<&'a str, &'a [Word]>>>,
}

/// Segments in the order of the text, and the first that has a word of this text.
#[derive(Default)]
struct Segments<'a> {
    all: Vec<&'a [Word]>,
    by_word: HashMap<&'a str, usize>,
}

impl<'a> Segments<'a> {
    fn named(blocks: &'a [Block], names: &[&str]) -> Self {
        let mut segments = Self::default();
        let all = blocks.iter().flat_map(|block| &block.segments);
        for segment in
            all.filter(|words| words.first().is_some_and(|word| names.contains(&word.text.as_str())))
        {
            let has_text = |word: &&Word| !word.opens() && !word.closes() && !word.text.is_empty();
            for word in segment[1..].iter().filter(has_text) {
                segments.by_word.entry(&word.text).or_insert(segments.all.len());
            }
            segments.all.push(segment);
        }
        segments
    }

    /// The segments that have a word of the finding, in order.
    fn with_word_of(&self, wanted: &Wanted) -> Vec<&'a [Word]> {
        let mut places: Vec<_> =
            wanted.words.iter().filter_map(|text| self.by_word.get(text).copied()).collect();
        places.sort_unstable();
        places.into_iter().map(|place| self.all[place]).collect()
    }
}

impl<'a> Text<'a> {
    fn new(blocks: &'a [Block], spans: &BTreeSet<Span>) -> Self {
        let mut places: HashMap<Span, Vec<_>> = HashMap::new();
        let mut sites: HashMap<Span, Vec<_>> = HashMap::new();
        let mut keys = HashMap::new();
        for (b, block) in blocks.iter().enumerate() {
            sites.entry(block.span).or_default().push(b);
            if block.kind == BlockKind::Site {
                keys.extend(block.keys.iter().map(|key| (key.text.as_str(), b)));
            }
            for (s, segment) in block.segments.iter().enumerate().filter(|_| !spans.is_empty()) {
                for (w, word) in segment.iter().enumerate().filter(|(_, word)| spans.contains(&word.span)) {
                    places.entry(word.span).or_default().push((b, s, w));
                }
            }
        }
        Self {
            blocks,
            places,
            sites,
            keys,
            segments: RefCell::default(),
            index: RefCell::default(),
            definitions: RefCell::default(),
        }
    }

    /// What `words` say; looked at once.
    fn index(&self, words: &'a [Word]) -> Rc<WordIndex<'a>> {
        Rc::clone(
            self.index.borrow_mut().entry(words.as_ptr()).or_insert_with(|| Rc::new(WordIndex::of(words))),
        )
    }

    /// The definition of the matcher `name` that a directive of a segment uses: the nearest one, from its name on.
    fn definition(
        &self,
        block: usize,
        segment: usize,
        name: &str,
    ) -> Option<(Rc<WordIndex<'a>>, Range<usize>)> {
        let block_at = &self.blocks[block];
        let own = self.index(&block_at.segments[segment]);
        if let Some(inside) = own.definition(name) {
            return Some((own, inside));
        }
        let mut known = self.definitions.borrow_mut();
        let definitions = known.entry(block).or_insert_with(|| {
            let mut all = HashMap::new();
            for segment in &block_at.segments {
                if let Some(first) = segment.first() {
                    all.entry(first.text.as_str()).or_insert(segment.as_slice());
                }
            }
            all
        });
        let top = self.index(definitions.get(name)?);
        let all = top.all();
        Some((top, all))
    }

    /// The words of the finding in what `span`, a directive or a site, was compiled to.
    fn at(&self, span: Span, wanted: &Wanted) -> Option<Place<'a>> {
        let places = self.places.get(&span).map_or(&[][..], Vec::as_slice);
        let mut first = None;
        for (b, s, w) in places.iter().copied() {
            let segment = self.blocks[b].segments[s].as_slice();
            let index = self.index(segment);
            let own = index.line_and_block(w);
            let inner = (w + 1).min(own.end)..own.end;
            let named = segment[inner.clone()].first().filter(|word| word.text.starts_with('@'));
            if let (Some(kind), Some(named)) = (wanted.matcher(), named)
                && let Some((index, definition)) = self.definition(b, s, &named.text)
            {
                let at = definition.start;
                let found = wanted.find(&index, at + 1..definition.end).map(|word| (word.span, word));
                let found = found.or_else(|| index.arguments(kind, &definition));
                let (span, word) = found.unwrap_or((index.words[at].span, &index.words[at]));
                return Some(Place { span, word, user: Some(named.span) });
            }
            if let Some(word) = wanted.find(&index, inner) {
                return Some(Place::at(word));
            }
            first = first.or_else(|| segment.get(w).map(Place::at));
        }
        let sites = self.sites.get(&span).into_iter().flatten();
        sites.filter_map(|b| self.among_keys(*b, wanted)).map(Place::at).next().or(first)
    }

    /// The word of the finding among the addresses of a block.
    fn among_keys(&self, block: usize, wanted: &Wanted) -> Option<&'a Word> {
        let index = self.index(&self.blocks[block].keys);
        wanted.find(&index, index.all())
    }

    /// The words of the finding where no directive is known: in the options, addresses and site directives that make
    /// such a part of the configuration.
    fn anywhere(&self, wanted: &Wanted) -> Option<Place<'a>> {
        let names: &'static [&'static str] = match wanted.pointer {
            at if at.starts_with("/admin") => &["admin"],
            at if at.starts_with("/logging") => &["log"],
            at if at.starts_with("/storage") => &["storage"],
            at if at.starts_with("/apps/pki") => &["pki"],
            at if at.starts_with("/apps/events") => &["events"],
            at if at.starts_with("/apps/caddy.filesystems") => &["filesystem"],
            at if at.contains("/listen/") => &["bind", "default_bind", "servers"],
            at if at.contains("tls") => &[
                "tls",
                "on_demand_tls",
                "cert_issuer",
                "acme_ca_root",
                "acme_dns",
                "dns",
                "ech",
                "key_type",
                "email",
            ],
            at if at.contains("/logs/") => &["log", "log_name"],
            _ => &["servers", "metrics"],
        };
        let mut known = self.segments.borrow_mut();
        let segments = known.entry(names).or_insert_with(|| Segments::named(self.blocks, names));
        let in_segments = || {
            let mut all = segments.with_word_of(wanted).into_iter();
            all.find_map(|words| wanted.find(&self.index(words), 1..words.len()))
        };
        let of_keys = || {
            let last = wanted.words.iter().filter_map(|text| self.keys.get(text)).max()?;
            self.among_keys(*last, wanted)
        };
        let only = || if let [only] = segments.all.as_slice() { only.first() } else { None };
        in_segments().or_else(of_keys).or_else(only).map(Place::at)
    }
}
