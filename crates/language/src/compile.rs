//! From source text to Caddy's configuration: sites to listeners, to servers, to sorted routes.

mod address;
mod assemble;
mod connections;
mod listeners;
mod logs;
mod options;
mod pki;
mod precedence;
mod servers;
mod site;
mod sites;
mod supply;
mod tls;

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::{Document, span_at, write};
use crate::diagnostics::{Code, Diagnostic, Severity, Subject, braces, short};
use crate::directives;
use crate::expand::{Block, BlockKind, Frames, SnippetUse, expand};
use crate::lower::{ADMIN_VARIABLE, Options, Registry, State};
use crate::repair::{Repair, Repairs};
use crate::source::{Env, FileId, Loader, Sources, Span};
use crate::spec::{Fault, Text, age, plugin};
use crate::syntax::{Quote, Word, fmt};
use crate::version::{Change, Version, history};

pub use address::Address;

/// What came of compiling one Caddyfile.
#[derive(Debug, Default)]
pub struct Compilation {
    /// The main file and everything it imported.
    pub sources: Sources,
    /// Every fault and warning, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The configuration; `None` when there is an error.
    pub config: Option<Document>,
    /// What could be made of a text with errors, without the directives at fault: only good for finding further ones.
    partial: Option<Partial>,
    /// What stands at the top of the file, with imports carried out and shorthands written in full. [`adapt`] leaves
    /// their directives out.
    pub blocks: Vec<Block>,
    /// The trail of imports of the blocks' words.
    pub frames: Frames,
    /// The snippets that the texts define.
    pub snippets: Vec<SnippetUse>,
    /// The names of the ordered directives, in the order in which they run.
    pub directive_order: Vec<Text>,
    /// The directives there are.
    pub directives: Arc<Registry>,
    /// The words of which only the name is known, with their places. With any, the configuration serves to look for errors
    /// and to compare, but is not that of Caddy.
    pub opaque: Vec<Diagnostic>,
}

/// A configuration that lacks what was at fault.
#[derive(Debug)]
struct Partial {
    config: Document,
    /// Whether all global options could be read.
    has_options: bool,
}

impl Compilation {
    /// The words that the route or handler at `pointer` of [`Self::checkable`], or its nearest ancestor of these kinds,
    /// was compiled from.
    pub fn span_at(&self, pointer: &str) -> Option<Span> {
        span_at(self.checkable()?, pointer)
    }

    /// The configuration, or what could be made of a text with errors, to look for further ones.
    pub fn checkable(&self) -> Option<&Document> {
        self.config.as_ref().or(self.partial.as_ref().map(|partial| &partial.config))
    }

    /// Whether what is found at `pointer` of [`Self::checkable`] is surely a fault, and not there only because something
    /// else, which is at fault already, is missing: options have a say in all but the routes, and name authorities.
    pub fn is_whole(&self, pointer: &str) -> bool {
        let has_options = self.partial.as_ref().is_none_or(|partial| partial.has_options);
        has_options || (pointer.contains("/routes/") && !pointer.contains("/ca"))
    }

    /// Whether Caddy would accept the file.
    pub fn is_ok(&self) -> bool {
        self.config.is_some()
    }

    /// The configuration, if it is that of Caddy; `None` with words of which only the name is known.
    fn exact(&self) -> Option<&Document> {
        self.config.as_ref().filter(|_| self.opaque.is_empty())
    }

    /// What the configuration says as JSON, whether or not Caddy would say the same: to compare two compilations.
    pub fn comparable(&self) -> Option<Vec<u8>> {
        self.config.as_ref().map(write::compact)
    }

    /// Whether a limit of ours ended it, which Caddy does not have.
    pub fn is_stopped_by_limit(&self) -> bool {
        self.diagnostics.iter().any(|found| found.is_error() && found.subject == Subject::Limit)
    }

    /// Caddy's JSON on one line, without a final line break; `None` when there is an error, or an opaque word.
    pub fn json(&self) -> Option<Vec<u8>> {
        self.exact().map(write::compact)
    }

    /// Caddy's JSON indented with tabs, without a final line break; `None` when there is an error, or an opaque word.
    pub fn pretty(&self) -> Option<Vec<u8>> {
        self.exact().map(write::pretty)
    }

    /// Writes Caddy's JSON without a final line break, so that it need not be in memory as a whole; nothing when there
    /// is an error, or an opaque word. The only errors of its own are those of `out`, which should have a buffer.
    pub fn write(&self, style: write::Style, out: impl Write) -> io::Result<()> {
        self.exact().map_or(Ok(()), |config| write::write(config, style, out))
    }

    /// Caddy's JSON as a tree; `None` when there is an error, or an opaque word.
    pub fn value(&self) -> Option<serde_json::Value> {
        self.exact().and_then(|config| serde_json::to_value(config).ok())
    }
}

/// Compiles the Caddyfile `text`. `name` is its path as the user gave it (it ends up in `file_server`'s `hide`); imports
/// come from `loader`, `{$NAME}` from `env`.
pub fn compile(name: &str, text: &[u8], env: &Env, loader: &dyn Loader) -> Compilation {
    compile_with(directives::stock(), name, text, env, loader)
}

/// Compiles as [`compile`] does, with these directives in place of those of the stock build.
pub fn compile_with(
    directives: &Arc<Registry>,
    name: &str,
    text: &[u8],
    env: &Env,
    loader: &dyn Loader,
) -> Compilation {
    run(directives, name, text.into(), env, loader, Words::Kept, &mut |_| {})
}

/// Compiles as [`compile`] does, for callers that want the configuration alone: the words of a directive are forgotten
/// once it is lowered, which saves a fifth of the memory.
pub fn adapt<'t>(name: &str, text: impl Into<Cow<'t, [u8]>>, env: &Env, loader: &dyn Loader) -> Compilation {
    adapt_with(directives::stock(), name, text, env, loader)
}

/// Compiles as [`compile`] does what `version` of Caddy makes of the text. [`directives::stock_of`] gives the same words to
/// [`compile_with`].
pub fn compile_for(version: Version, name: &str, text: &[u8], env: &Env, loader: &dyn Loader) -> Compilation {
    compile_with(&directives::stock_of(version), name, text, env, loader)
}

/// Compiles as [`adapt`] does, with these directives in place of those of the stock build.
pub fn adapt_with<'t>(
    directives: &Arc<Registry>,
    name: &str,
    text: impl Into<Cow<'t, [u8]>>,
    env: &Env,
    loader: &dyn Loader,
) -> Compilation {
    run(directives, name, text.into(), env, loader, Words::Forgotten, &mut |_| {})
}

/// Compiles as [`adapt`] does, and says when each stage begins: for measurements.
pub fn adapt_in_stages(
    name: &str,
    text: &[u8],
    env: &Env,
    loader: &dyn Loader,
    begin: &mut dyn FnMut(Stage),
) -> Compilation {
    run(directives::stock(), name, text.into(), env, loader, Words::Forgotten, begin)
}

/// The stages of compiling, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The text is decoded, and `{$ENV}` replaced.
    Env,
    /// Words are read, and imports carried out.
    Expand,
    /// Directives become routes and settings.
    Lower,
    /// Sites become servers.
    Compile,
    /// Certificates, logs and authorities.
    Tls,
    /// All is put together; the warnings come in order.
    Finish,
}

/// What becomes of the words of lowered directives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Kept,
    Forgotten,
}

fn run(
    directives: &Arc<Registry>,
    name: &str,
    text: Cow<[u8]>,
    env: &Env,
    loader: &dyn Loader,
    words: Words,
    begin: &mut dyn FnMut(Stage),
) -> Compilation {
    let given = Given { directives, name, env, loader, words };
    let (read, ends_open) = given.read(text, &Repairs::default(), begin);
    if read.is_ok() && !ends_open || read.is_stopped_by_limit() {
        return read;
    }
    let is_directive = |name: &str| directives.find(name).is_some();
    let mut found = Repair::of(&read.sources, &is_directive);
    if read.is_ok() {
        found.faults.truncate(1);
        return read.with(found.faults.into_iter().map(braces::ends_open));
    }
    if found.is_final {
        return Compilation { diagnostics: found.faults, partial: None, ..read };
    }
    if found.faults.is_empty() {
        return read;
    }
    let errors = |of: &Compilation| of.diagnostics.iter().filter(|found| found.is_error()).count();
    let Some((_, file)) = read.sources.iter().next() else { return read };
    let again = given.read(file.text().as_bytes().to_vec().into(), &found.repairs, &mut |_| {}).0;
    if errors(&again) >= errors(&read) {
        return read;
    }
    let mut meant = Compilation { config: None, partial: None, ..again };
    meant.diagnostics.retain(|found| found.code != Code::UNFORMATTED);
    meant.with(found.faults)
}

impl Compilation {
    /// The same with more diagnostics.
    fn with(mut self, more: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.diagnostics.extend(more);
        in_order(&mut self.diagnostics);
        self
    }
}

/// By place in the text.
fn in_order(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|d| d.primary.as_ref().map(|label| (label.span.file, label.span.start)));
}

/// What a Caddyfile is read with.
struct Given<'g> {
    directives: &'g Arc<Registry>,
    name: &'g str,
    env: &'g Env,
    loader: &'g dyn Loader,
    words: Words,
}

impl Given<'_> {
    /// Compiles `text`, of which some words are read in another way; and whether it ends inside a block.
    fn read(&self, text: Cow<[u8]>, repairs: &Repairs, begin: &mut dyn FnMut(Stage)) -> (Compilation, bool) {
        let Self { directives, name, env, loader, words } = *self;
        begin(Stage::Env);
        let mut sources =
            Sources::below(loader.base()).with_limits(loader.limits()).for_version(directives.version());
        let file = sources.add(name, text, env);
        if loader.is_outside(&loader.base().join(name)) {
            sources.mark_outside(file);
        }
        begin(Stage::Expand);
        let expanded = expand(&mut sources, file, env, loader, repairs, directives.version());
        begin(Stage::Lower);
        let mut state = State::new(expanded.frames, expanded.diagnostics);
        let written = sources.iter().map(|(_, file)| file.text().len()).sum();
        state.directives = Arc::clone(directives);
        state.additions = directives.additions_in(env);
        state.limits = loader.limits().for_text(written);
        let mut blocks = expanded.blocks;
        check_keys(&blocks, directives, &sources, &mut state);
        refuse_heredocs(&blocks, &mut state);

        let mut options = Options {
            version: directives.version(),
            order: directives.default_order(),
            admin_from_environment: env.get(ADMIN_VARIABLE).map(str::to_owned),
            ..Options::default()
        };
        let has_options = blocks.first().is_some_and(|first| first.keys.is_empty());
        let (global, rest) = blocks.split_at_mut(usize::from(has_options));
        // Where braces are not in order, what stands in which block is a guess.
        let is_sound = state.has_sound_structure();
        let before_options = state.failures();
        if let [global] = global {
            if let Some(fault) = lost_address(&sources, global).filter(|_| has_directives(global, directives))
            {
                state.report(fault);
                sites::expand_shorthands(global, state.version());
                site::lower(global, &options, &mut state, &sources, loader);
            } else {
                options::read(&mut options, global, &mut state);
            }
        }
        let has_options = state.failures() == before_options;
        rest.iter_mut()
            .filter(|block| block.kind == BlockKind::NamedRoute)
            .for_each(|block| sites::expand_shorthands(block, directives.version()));
        let routes: Vec<&Block> = rest.iter().filter(|block| block.kind == BlockKind::NamedRoute).collect();
        site::lower_named_routes(&routes, &mut options, &mut state, &sources, loader);
        let mut sites = sites::lower(rest, words, &options, &mut state, &sources, loader);
        if words == Words::Forgotten {
            blocks = Vec::new();
        }

        let was_sound = !state.failed();
        let mut config = None;
        if was_sound || is_sound {
            sites.retain(|site| was_sound || site.has_addresses());
            config = Some(assemble::assemble(&mut sites, &mut options, &mut state, begin));
        }
        begin(Stage::Finish);
        sources.keep_back(std::mem::take(&mut state.kept_back));
        let (mut diagnostics, frames) = state.into_parts();
        name_joined_braces(&mut diagnostics, &blocks);
        directives::belongs::improve(&mut diagnostics, &sources);
        let is_opaque = |found: &&Diagnostic| matches!(found.subject, Subject::Opaque(_));
        let opaque = diagnostics.iter().filter(is_opaque).cloned().collect();
        let mut partial = None;
        if diagnostics.iter().any(Diagnostic::is_error) {
            partial = config.take().map(|config| Partial { config, has_options });
        }
        if config.is_some() {
            diagnostics.extend(unformatted(directives.version(), &sources, file));
        }
        in_order(&mut diagnostics);
        let (snippets, directive_order) = (expanded.snippets, options.order.names);
        let directives = Arc::clone(directives);
        let compilation = Compilation {
            sources,
            diagnostics,
            config,
            partial,
            blocks,
            frames,
            snippets,
            directive_order,
            directives,
            opaque,
        };
        (compilation, expanded.ends_open)
    }
}

/// Heredocs, which versions before 2.8.4 do not have.
fn refuse_heredocs(blocks: &[Block], state: &mut State) {
    let version = state.version();
    if version.has(Change::Heredocs) {
        return;
    }
    let mut words = blocks.iter().flat_map(|block| block.segments.iter().flatten());
    if let Some(word) = words.find(|word| word.quote == Quote::Heredoc) {
        let since = Change::Heredocs.since();
        state.report(age::form(word, version, "heredocs", since, "write the text in quotes or backquotes"));
    }
}

/// Addresses that are none.
fn check_keys(blocks: &[Block], directives: &Registry, sources: &Sources, state: &mut State) {
    for (index, block) in blocks.iter().enumerate() {
        for key in &block.keys {
            let is_directive = state.version().has(Change::DirectivesAreNoAddresses);
            let is_known = |name: &str| {
                !history::refused(state.version(), age::DIRECTIVE, name).any(|(way, _)| way.is_empty())
            };
            if is_directive && directives.find(&key.text).is_some() && is_known(&key.text) {
                state.report(Fault::at(key, crate::diagnostics::address::directive(key.span, &key.text)));
            }
        }
        if index > 0
            && block.keys.is_empty()
            && let Some(first) = block.segments.first().and_then(|segment| segment.first())
        {
            state.report(lost_address(sources, block).unwrap_or_else(|| {
                let brace = brace_before(sources, first);
                Fault::at(&brace, braces::late_options(brace.span))
            }));
        }
    }
}

/// The `{` that the block of `first` begins with, or `first`.
fn brace_before(sources: &Sources, first: &Word) -> Word {
    let file = sources.file(first.span.file);
    let before = file.text().get(..first.span.start as usize).unwrap_or_default();
    let brace = before.rfind('{').map(|at| Span::new(first.span.file, at, at + 1));
    Word { span: brace.unwrap_or(first.span), ..first.clone() }
}

/// The fault of a site whose address is a variable that is not set: Caddy takes it for the global options.
fn lost_address(sources: &Sources, block: &Block) -> Option<Fault> {
    let first = block.segments.first()?.first()?;
    let (name, span) = unset_before(sources, first).filter(|_| block.keys.is_empty())?;
    let message = format!("this site has no address, since the variable `{name}` is not set");
    let help = format!("set `{name}` (`--envfile FILE`), or give it a default: `{{${name}:localhost}}`");
    Some(Fault::new(Code::UNSET_VARIABLE, &Word { span, ..first.clone() }, message).help(help))
}

/// Whether a block without address holds what stands in sites, and not in the global options. A name that is neither says
/// nothing: it may be the option of a plugin.
fn has_directives(block: &Block, known: &Registry) -> bool {
    let names = || block.segments.iter().filter_map(|segment| segment.first());
    let is_option = |name: &Word| crate::options::find(known, &name.text).is_some();
    let is_directive = |name: &Word| !is_option(name) && known.find(&name.text).is_some();
    names().any(is_directive) || !names().any(|name| is_option(name) || is_plugin_option(name))
}

/// Whether a word is an option of a plugin that is not named.
fn is_plugin_option(name: &Word) -> bool {
    plugin::find("global option", &name.text).is_some()
}

/// The variable that stands where the address of the block around `first` should be, if it is not set.
fn unset_before(sources: &Sources, first: &Word) -> Option<(String, Span)> {
    let file = sources.file(first.span.file);
    let unset = file.replaced().iter().rfind(|r| r.unset && r.written.end <= first.span.start as usize)?;
    let between = file.text().get(unset.written.end..first.span.start as usize)?;
    // A variable inside the block took no address away.
    let only_opens =
        between.contains('{') && between.split_whitespace().all(|word| matches!(word, "{" | ","));
    only_opens
        .then(|| (unset.name.clone(), Span::new(first.span.file, unset.written.start, unset.written.end)))
}

/// A `}` that closes nothing, where a line above ends in a word with a `{` at its end: that brace opened nothing.
fn name_joined_braces(faults: &mut [Diagnostic], blocks: &[Block]) {
    let closes_nothing = |fault: &&mut Diagnostic| fault.subject == Subject::ExtraBrace;
    // Found once for all faults: a file may have thousands of them.
    let mut joined: Option<FxHashMap<FileId, &Word>> = None;
    for fault in faults.iter_mut().filter(closes_nothing) {
        let Some(at) = fault.primary.as_ref().map(|label| label.span) else { continue };
        let joined = joined.get_or_insert_with(|| joined_braces(blocks));
        let Some(word) = joined.get(&at.file).filter(|word| word.span.start < at.start) else { continue };
        fault.secondary.push(crate::diagnostics::Label {
            span: word.span,
            text: "this `{` has no space before it, so it opens no block".to_owned(),
        });
        fault.helps = vec![format!("write `{} {{`", short(word.text.trim_end_matches('{')))];
    }
}

/// The first word of each file that ends its line with a `{` of its own.
fn joined_braces(blocks: &[Block]) -> FxHashMap<FileId, &Word> {
    let lines = blocks.iter().flat_map(|block| &block.segments).flat_map(|segment| segment.windows(2));
    let ends = lines.filter(|pair| pair[0].ends_line_before(&pair[1])).map(|pair| &pair[0]);
    let last = blocks.iter().flat_map(|block| &block.segments).filter_map(|segment| segment.last());
    let mut first: FxHashMap<FileId, &Word> = FxHashMap::default();
    let joined = |word: &&Word| !word.is_quoted() && word.text.len() > 1 && word.text.ends_with('{');
    for word in ends.chain(last).filter(joined) {
        let known = first.entry(word.span.file).or_insert(word);
        if word.span.start < known.span.start {
            *known = word;
        }
    }
    first
}

/// The warning that Caddy gives for text that `fmt` would change.
pub fn unformatted(version: Version, sources: &Sources, file: crate::source::FileId) -> Option<Diagnostic> {
    let text = sources.file(file).text();
    let line = fmt::first_difference_for(version, text.as_bytes())?;
    let start = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    let span = crate::source::Span::new(file, start, end);
    let warning =
        Diagnostic::new(Code::UNFORMATTED, Severity::Warning, span, "the Caddyfile is not formatted");
    Some(warning.label("the first line that `fmt` would change").help("run `caddyctl fmt --overwrite`"))
}
