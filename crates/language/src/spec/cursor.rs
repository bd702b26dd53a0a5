//! A position in the words of one directive. How lines and blocks are separated here is the language: a word ends a
//! line if the next one stands on a later line, in another file, or came by another import; a block opens with a `{` at
//! the end of a line; a brace with something behind it on its line opens and closes nothing.

mod segment;

use std::any::Any;
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use ecow::EcoString;
use thin_vec::ThinVec;

use super::fault::{Fault, Parsed, arguments, older};
use crate::config::{Module, Value};
use crate::diagnostics::{Subject, braces};
use crate::syntax::{Reach, Word};
use crate::version::Version;

/// Reads the words of one directive, from its name on.
#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    words: Cow<'a, [Word]>,
    /// Stands for the first word: the directive's name, where its matcher has been taken out.
    head: Option<Word>,
    /// The words that were taken out, in order. They stay where they are: whoever copied the others would copy all
    /// blocks of a directive, at each level.
    removed: ThinVec<Range<usize>>,
    /// Index of the current word; `None` before the first.
    at: Option<usize>,
    nesting: usize,
    /// What `word` gives when there is none.
    nothing: Word,
    /// Faults of lines that were passed over; shared with the cursors that were made from this one.
    faults: OnceCell<Rc<RefCell<Vec<Fault>>>>,
    /// The modules and matchers that the stock build does not have.
    known: Option<Arc<dyn Known>>,
    /// The Caddy that reads the words.
    version: Version,
}

/// Modules and matchers that the stock build does not have: what whoever reads words of them asks.
pub(crate) trait Known: fmt::Debug + Send + Sync {
    /// Whether the namespace has the module `name`.
    fn has_module(&self, namespace: &str, name: &str) -> bool;

    /// Whether only the name of that module is known.
    fn is_opaque(&self, namespace: &str, name: &str) -> bool;

    /// Reads the module of the namespace that the current word names, into its fields; `None` if there is no such module.
    fn read_module(&self, namespace: &str, cursor: &mut Cursor) -> Option<Parsed<Module>>;

    /// The names of the modules of a namespace.
    fn module_names(&self, namespace: &str) -> Vec<&str>;

    /// Reads the matcher `name` from all its lines; `None` if there is no such matcher.
    fn read_matcher(&self, name: &str, cursor: &mut Cursor) -> Option<Parsed<Value>>;

    /// The names of the matchers.
    fn matcher_names(&self) -> Vec<&str>;

    /// What it is.
    fn as_any(&self) -> &dyn Any;
}

impl<'a> Cursor<'a> {
    /// Before the first of `words`.
    pub fn new(words: impl Into<Cow<'a, [Word]>>) -> Self {
        let words = words.into();
        // A fault with no word to stand at stands at the last one.
        let nothing = words.last().map_or_else(Word::default, |last| Word {
            text: EcoString::new(),
            span: last.span,
            line: last.line,
            quote: last.quote,
            chain: last.chain,
            snippet: last.snippet,
            frame: last.frame,
            reach: Reach::default(),
        });
        Self {
            words,
            head: None,
            removed: ThinVec::new(),
            at: None,
            nesting: 0,
            nothing,
            faults: OnceCell::new(),
            known: None,
            version: Version::DEFAULT,
        }
    }

    /// The same, where these modules and matchers are known too.
    #[must_use]
    pub(crate) fn with(mut self, known: Option<Arc<dyn Known>>) -> Self {
        self.known = known;
        self
    }

    /// The same, as this version of Caddy reads the words.
    #[must_use]
    pub(crate) fn of(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// The version of Caddy whose reading counts.
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// The modules and matchers that are known in addition to those of the stock build.
    pub(crate) fn known(&self) -> Option<Arc<dyn Known>> {
        self.known.clone()
    }

    /// Before the first of other words, with the same modules and matchers known. What is kept there is kept here.
    #[must_use]
    pub(crate) fn over<'b>(&self, words: impl Into<Cow<'b, [Word]>>) -> Cursor<'b> {
        let mut over = Cursor::new(words).with(self.known()).of(self.version);
        over.faults = OnceCell::from(Rc::clone(self.faults.get_or_init(Rc::default)));
        over
    }

    /// The same words without the second one, and the position before the first: how a matcher is taken out.
    #[must_use]
    pub(crate) fn without_second(&self) -> Self {
        let mut rest = self.clone();
        rest.head = self.get(0).cloned();
        match &mut rest.words {
            Cow::Borrowed(words) => *words = words.get(1..).unwrap_or_default(),
            Cow::Owned(words) => {
                if !words.is_empty() {
                    words.remove(0);
                }
            }
        }
        for range in &mut rest.removed {
            *range = range.start.saturating_sub(1)..range.end.saturating_sub(1);
        }
        rest.at = None;
        rest.nesting = 0;
        rest
    }

    /// Back to before the first word.
    pub(crate) fn reset(&mut self) {
        self.at = None;
        self.nesting = 0;
    }

    fn get(&self, index: usize) -> Option<&Word> {
        match &self.head {
            Some(head) if index == 0 => Some(head),
            _ => self.words.get(index),
        }
    }

    /// The first of the words from `index` on that was not taken out.
    #[inline]
    fn onward(&self, index: usize) -> usize {
        if self.removed.is_empty() {
            return index;
        }
        let earlier = self.removed.partition_point(|range| range.end <= index);
        self.removed.get(earlier).filter(|range| range.start <= index).map_or(index, |range| range.end)
    }

    /// The last of the words before `index` that was not taken out.
    fn backward(&self, index: usize) -> Option<usize> {
        let earlier = self.removed.partition_point(|range| range.end < index);
        let index =
            self.removed.get(earlier).filter(|range| range.end == index).map_or(index, |range| range.start);
        index.checked_sub(1)
    }

    fn following(&self) -> usize {
        self.onward(self.at.map_or(0, |at| at + 1))
    }

    /// The current word; an empty one before the first.
    pub(crate) fn word(&self) -> &Word {
        self.at.and_then(|at| self.get(at)).unwrap_or(&self.nothing)
    }

    /// The current word's text.
    pub(crate) fn text(&self) -> &str {
        &self.word().text
    }

    /// The current word's text, to keep.
    pub(crate) fn owned(&self) -> String {
        self.word().text.to_string()
    }

    /// The word after the current one, whatever line it is on.
    pub(crate) fn peek(&self) -> Option<&Word> {
        self.get(self.following())
    }

    /// The word before the current one.
    pub(crate) fn back(&mut self) {
        self.at = self.at.and_then(|at| self.backward(at));
    }

    /// Goes to the next word, whatever line it is on.
    #[expect(clippy::should_implement_trait, reason = "it moves; the words are read with `word`")]
    pub fn next(&mut self) -> bool {
        let next = self.following();
        if next < self.words.len() {
            self.at = Some(next);
        }
        next < self.words.len()
    }

    /// Goes to the next word if it stands on the same line.
    #[inline]
    pub(crate) fn next_on_line(&mut self) -> bool {
        let Some(at) = self.at else {
            self.at = Some(self.following());
            return true;
        };
        let following = self.following();
        match (self.get(at), self.get(following)) {
            (Some(current), Some(next)) if !current.ends_line_before(next) => {
                self.at = Some(following);
                true
            }
            _ => false,
        }
    }

    /// Goes to the next argument: a word of this line that opens no block.
    pub fn next_arg(&mut self) -> bool {
        !self.peek().is_some_and(Word::opens) && self.next_on_line()
    }

    /// Goes to the next word of the block that opens on this line; at its end, `false`. To be called in a loop with
    /// the [`nesting`](Self::nesting) from before the block, each time at the end of what has been read.
    pub fn next_block(&mut self, level: usize) -> bool {
        if self.nesting > level {
            if !self.next() {
                return false;
            }
            if self.word().closes() && !self.next_on_line() {
                self.nesting -= 1;
            } else if self.word().opens() && !self.next_on_line() {
                self.nesting += 1;
            }
            return self.nesting > level;
        }
        if !self.next_on_line() {
            return false;
        }
        if !self.word().opens() {
            self.back();
            return false;
        }
        self.next();
        if self.word().closes() {
            return false;
        }
        self.nesting += 1;
        true
    }

    /// Where the current word stands, for `delete_from`.
    pub fn mark(&self) -> usize {
        self.at.unwrap_or_default()
    }

    /// Takes out the words from `mark` to the current one. Afterwards the position is at the word before them: how a
    /// directive takes its own subdirectives out of those that it hands on. What is taken out is in the order of the
    /// text.
    pub(crate) fn delete_from(&mut self, mark: usize) {
        let Some(at) = self.at.filter(|at| mark <= *at) else { return };
        let end = (at + 1).min(self.words.len());
        self.at = self.backward(mark);
        match self.removed.last_mut().filter(|last| last.end >= mark) {
            Some(last) => *last = last.start.min(mark)..end,
            None if mark < end => self.removed.push(mark..end),
            None => {}
        }
    }

    /// Reads the block that opens on this line: `read` is called at each word that a line begins with, and leaves the
    /// position at the last word that it has read. A line at fault is passed over, so that the faults of all lines come
    /// out in one run: the last one as the error, those before it with [`Self::take_faults`].
    pub(crate) fn block(&mut self, mut read: impl FnMut(&mut Self) -> Parsed<()>) -> Parsed<()> {
        let level = self.nesting;
        let mut last = Ok(());
        while self.next_block(level) {
            let (at, nesting) = (self.at, self.nesting);
            if let Err(fault) = read(self) {
                if let Err(earlier) = std::mem::replace(&mut last, Err(fault)) {
                    self.keep(earlier);
                }
                self.at = at;
                self.nesting = nesting;
                self.pass_over();
            }
        }
        last
    }

    /// Goes to the last word of the line that begins at the current word, and of its block; from a `{` that belongs to no
    /// line, to its `}`.
    fn pass_over(&mut self) {
        if !self.word().opens() {
            self.segment();
            return;
        }
        let level = self.nesting.saturating_sub(1);
        while self.next_block(level) {}
    }

    /// Keeps a warning, or a fault that need not stop the reading.
    pub(crate) fn keep(&self, fault: Fault) {
        self.faults.get_or_init(Rc::default).borrow_mut().push(fault);
    }

    /// The faults of lines that were passed over, but for those that came out as errors.
    pub(crate) fn take_faults(&self) -> Vec<Fault> {
        self.faults.get().map(|faults| faults.take()).unwrap_or_default()
    }

    /// How many blocks are open.
    pub fn nesting(&self) -> usize {
        self.nesting
    }

    /// The remaining arguments of this line.
    pub(crate) fn args(&mut self) -> Vec<Word> {
        let mut args = Vec::new();
        while self.next_arg() {
            args.push(self.word().clone());
        }
        args
    }

    /// The texts of the remaining arguments of this line.
    pub(crate) fn arg_texts(&mut self) -> Vec<String> {
        let mut args = Vec::new();
        while self.next_arg() {
            args.push(self.owned());
        }
        args
    }

    /// How many arguments remain on this line.
    pub(crate) fn count_args(&self) -> usize {
        let mut ahead = self.clone();
        let mut count = 0;
        while ahead.next_arg() {
            count += 1;
        }
        count
    }

    /// The text of the next argument, if there is one.
    pub(crate) fn arg(&mut self) -> Option<String> {
        self.next_arg().then(|| self.owned())
    }

    /// The one argument of this line; anything else is a fault. `what` names it: "a duration".
    pub(crate) fn one_arg(&mut self, what: &str) -> Parsed<String> {
        let name = self.word().clone();
        let Some(value) = self.arg() else { return Err(self.missing(&name, what)) };
        self.no_more_args(&name, what)?;
        Ok(value)
    }

    /// The next argument; a fault if there is none. Whatever follows it stays to be read.
    pub(crate) fn need_arg(&mut self, what: &str) -> Parsed<String> {
        let name = self.word().clone();
        self.arg().ok_or_else(|| self.missing(&name, what))
    }

    /// A fault if the line goes on.
    pub(crate) fn no_more_args(&mut self, name: &Word, what: &str) -> Parsed<()> {
        if self.next_arg() { Err(self.surplus(name, what)) } else { Ok(()) }
    }

    /// "`name` takes `what`, and nothing after it", at the current word.
    pub(crate) fn surplus(&self, name: &Word, what: &str) -> Fault {
        arguments::surplus(self.word(), &name.text, what)
    }

    /// A fault if anything stands behind the flag `name` on its line.
    pub(crate) fn no_args(&mut self) -> Parsed<()> {
        let name = self.word().clone();
        self.no_more_args(&name, "")
    }

    /// "`name` needs `what`".
    #[expect(clippy::unused_self, reason = "a reader of words makes this fault, as it makes the others")]
    pub(crate) fn missing(&self, name: &Word, what: &str) -> Fault {
        arguments::missing(name, what)
    }

    /// An unknown word in a block, with the names that may stand there.
    pub(crate) fn unknown<'n>(&self, parent: &str, names: impl IntoIterator<Item = &'n str>) -> Fault {
        let word = self.word();
        if word.opens() || word.closes() {
            return Fault::at(word, braces::not_a_subdirective(word.span, parent));
        }
        if let Some(gone) = older::gone(word, self.version, parent) {
            return gone;
        }
        let names: Vec<&str> = names.into_iter().collect();
        let fault = Fault::new(
            crate::diagnostics::Code::UNKNOWN_SUBDIRECTIVE,
            word,
            format!("`{parent}` has no subdirective `{}`", word.text),
        )
        .about(Subject::UnknownWord(parent.into()));
        match super::suggest(&word.text, names.iter().copied()) {
            Some(near) => fault.suggest(word, Some(near)),
            None if names.is_empty() => fault.help(format!("`{parent}` has no subdirectives")),
            None => fault.help(format!("it has {}", super::fault_list(&names))),
        }
    }
}
