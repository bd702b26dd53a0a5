//! From a finding in the compiled JSON to the exact words of the Caddyfile: the provenance names the directive, and what
//! the finding says is looked for among its words, or in the definition of the matcher that it uses.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::finding::Finding;
use crate::compile::Compilation;
use crate::diagnostics::{Diagnostic, Label};
use crate::expand::{Block, BlockKind};
use crate::source::Span;
use crate::spec::Cursor;
use crate::syntax::Word;

/// The findings as diagnostics of the Caddyfile that `config` was compiled from. Several findings at one place with one
/// message become one.
pub fn diagnostics(findings: &[Finding], config: &Value, compilation: &Compilation) -> Vec<Diagnostic> {
    if findings.is_empty() {
        return Vec::new();
    }
    let provenance = compilation.provenance();
    let spans = findings.iter().filter_map(|finding| provenance.find(&finding.pointer)).collect();
    let text = Text::new(&compilation.blocks, &spans);
    let mut out: Vec<Diagnostic> = Vec::new();
    for finding in findings {
        let span = provenance.find(&finding.pointer);
        let value = config.pointer(&finding.pointer).unwrap_or(&Value::Null);
        let wanted = Wanted::of(finding, value);
        let found = match span {
            Some(span) => text.at(span, &wanted),
            None => text.anywhere(&wanted),
        };
        let mut diagnostic = Diagnostic {
            code: finding.code,
            severity: finding.severity,
            message: finding.message.clone(),
            primary: span.map(|span| Label { span, text: String::new() }),
            secondary: Vec::new(),
            helps: finding.help.iter().cloned().collect(),
            edits: Vec::new(),
            trail: Vec::new(),
            needs: None,
        };
        if let Some(Place { span, word, user }) = found {
            diagnostic.primary = Some(Label { span, text: String::new() });
            if let Some(user) = user {
                diagnostic = diagnostic.also(user, "used here");
            }
            diagnostic = compilation.frames.place(diagnostic, word);
        }
        if !out.contains(&diagnostic) {
            out.push(diagnostic);
        }
    }
    out
}

/// What to look for.
struct Wanted<'a> {
    pointer: &'a str,
    message: &'a str,
    /// The value at fault, as it may stand in the text.
    value: Option<String>,
    /// What the message puts between backticks.
    quoted: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    fn of(finding: &'a Finding, value: &Value) -> Self {
        let value = match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Object(fields) => {
                let name =
                    ["expr", "handler", "module", "source", "policy"].iter().find_map(|key| fields.get(*key));
                name.and_then(Value::as_str).map(str::to_owned)
            }
            _ => None,
        };
        let quoted = finding.message.split('`').skip(1).step_by(2).filter(|text| !text.is_empty()).collect();
        Self { pointer: &finding.pointer, message: &finding.message, value, quoted }
    }

    /// The kind of the matcher that the finding is in: the name behind the last `match/0` of the pointer.
    fn matcher(&self) -> Option<&'a str> {
        let (_, below) = self.pointer.rsplit_once("/match/")?;
        if below.contains("/handle/") { None } else { below.split('/').nth(1) }
    }

    /// The word among `words` that the finding means; of equal ones the last, since the first of two is never too many.
    fn find<'w>(&self, words: &'w [Word]) -> Option<&'w Word> {
        let is = |text: &str| {
            words
                .iter()
                .rfind(|word| word.text == text && !word.opens() && !word.closes() && !text.is_empty())
        };
        let by_name = || self.quoted.iter().find_map(|text| is(text));
        let on_demand = || self.message.starts_with("on-demand").then(|| is("on_demand")).flatten();
        self.value.as_deref().and_then(is).or_else(by_name).or_else(on_demand)
    }
}

/// Where a finding belongs.
struct Place<'a> {
    span: Span,
    /// The word that tells by which import it came.
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
}

impl<'a> Text<'a> {
    fn new(blocks: &'a [Block], spans: &BTreeSet<Span>) -> Self {
        let mut places: HashMap<Span, Vec<_>> = HashMap::new();
        for (b, block) in blocks.iter().enumerate().filter(|_| !spans.is_empty()) {
            for (s, segment) in block.segments.iter().enumerate() {
                for (w, word) in segment.iter().enumerate().filter(|(_, word)| spans.contains(&word.span)) {
                    places.entry(word.span).or_default().push((b, s, w));
                }
            }
        }
        Self { blocks, places }
    }

    /// The words of the finding in what `span`, a directive or a site, was compiled to.
    fn at(&self, span: Span, wanted: &Wanted) -> Option<Place<'a>> {
        let places = self.places.get(&span).map_or(&[][..], Vec::as_slice);
        let mut first = None;
        for (b, s, w) in places.iter().copied() {
            let (block, segment) = (&self.blocks[b], &self.blocks[b].segments[s]);
            let own = line_and_block(segment, w);
            let named = own.get(1).filter(|word| word.text.starts_with('@'));
            if let (Some(kind), Some(named)) = (wanted.matcher(), named)
                && let Some(definition) = definition(block, s, &named.text)
            {
                let found = wanted.find(&definition[1..]).map(|word| (word.span, word));
                let found = found.or_else(|| arguments(definition, kind));
                let (span, word) = found.unwrap_or((definition[0].span, &definition[0]));
                return Some(Place { span, word, user: Some(named.span) });
            }
            if let Some(word) = wanted.find(own.get(1..).unwrap_or_default()) {
                return Some(Place::at(word));
            }
            first = first.or_else(|| segment.get(w).map(Place::at));
        }
        let sites = self.blocks.iter().filter(|block| block.span == span);
        sites.filter_map(|block| wanted.find(&block.keys)).map(Place::at).next().or(first)
    }

    /// The words of the finding where no directive is known: in the options, addresses and site directives that make
    /// such a part of the configuration.
    fn anywhere(&self, wanted: &Wanted) -> Option<Place<'a>> {
        let names: &[&str] = match wanted.pointer {
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
        let keys = self.blocks.iter().filter(|block| block.kind == BlockKind::Site);
        let segments = || {
            let all = self.blocks.iter().flat_map(|block| &block.segments);
            all.filter(|segment| segment.first().is_some_and(|word| names.contains(&word.text.as_str())))
        };
        let found = segments().find_map(|segment| wanted.find(&segment[1..]));
        let found = found.or_else(|| keys.rev().find_map(|block| wanted.find(&block.keys)));
        let only = || {
            let mut all = segments();
            all.next().filter(|_| all.next().is_none()).and_then(|segment| segment.first())
        };
        found.or_else(only).map(Place::at)
    }
}

/// The words of the directive that stands at `at`: its line and its block. They lie together, unless a brace in them
/// counts for nothing; then what is behind it may be more than its own.
fn line_and_block(segment: &[Word], at: usize) -> &[Word] {
    let words = segment.get(at..).unwrap_or_default();
    let mut cursor = Cursor::new(words);
    cursor.next();
    let length = cursor.segment().len();
    &words[..length.min(words.len())]
}

/// The definition of the matcher `name` that a directive of a segment uses: the nearest one, from its name on.
fn definition<'a>(block: &'a Block, segment: usize, name: &str) -> Option<&'a [Word]> {
    let own = &block.segments[segment];
    let inside = (1..own.len()).find(|at| own[*at].text == name && own[at - 1].ends_line_before(&own[*at]));
    if let Some(at) = inside {
        return Some(line_and_block(own, at));
    }
    let top = block.segments.iter().find(|segment| segment.first().is_some_and(|word| word.text == name))?;
    Some(top)
}

/// From the first to the last argument of the line `kind` of a matcher's definition.
fn arguments<'a>(definition: &'a [Word], kind: &str) -> Option<(Span, &'a Word)> {
    let at = definition.iter().position(|word| word.text == kind)?;
    let line = definition[at..].windows(2).take_while(|pair| !pair[0].ends_line_before(&pair[1])).count();
    let (first, last) = (definition.get(at + usize::from(line > 0))?, definition.get(at + line)?);
    if first.span.file != last.span.file || last.opens() {
        return Some((definition[at].span, &definition[at]));
    }
    Some((Span { end: last.span.end, ..first.span }, first))
}
