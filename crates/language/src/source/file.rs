//! The files of one compilation, and the way from a byte to a line and a column.

use crate::version::Version;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::env::{self, Env, Replaced};
use super::secrets::Marks;
use super::{FileId, Limits, Span};

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// One file: its name, its text as written, and what `{$ENV}` substitution made of it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    /// Where in `name` the part below the folder begins that the user stands in.
    shown_from: usize,
    text: String,
    substituted: Option<(String, Vec<Replaced>)>,
    /// The `{$NAME}` whose value made the text too long; nothing was replaced then.
    overgrown: Option<std::ops::Range<usize>>,
    line_starts: Vec<u32>,
    secrets: OnceLock<Marks>,
    is_outside: bool,
    /// What begins before each multiple of [`STRIDE`] bytes.
    counted: OnceLock<Vec<Counted>>,
}

/// So many bytes at most are counted for one column.
const STRIDE: usize = 1024;

/// How many characters begin in some bytes of UTF-8, and how many halves of UTF-16 they are.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    characters: usize,
    units: usize,
}

impl Counted {
    fn of(bytes: &[u8]) -> Self {
        let characters = bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        // What takes four bytes takes two halves.
        Self { characters, units: characters + bytes.iter().filter(|byte| **byte >= 0xF0).count() }
    }

    fn and(self, other: Self) -> Self {
        Self { characters: self.characters + other.characters, units: self.units + other.units }
    }

    fn before_strides(bytes: &[u8]) -> Vec<Self> {
        let mut all = vec![Self::default()];
        for part in bytes.chunks(STRIDE) {
            all.push(all[all.len() - 1].and(Self::of(part)));
        }
        all
    }
}

impl SourceFile {
    /// The name that Caddy would print: the path as given for the main file, the absolute path for imports.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name as people know the file: relative to the folder that relative paths start from, where it lies below it.
    pub fn shown(&self) -> &str {
        self.name.get(self.shown_from..).unwrap_or(&self.name)
    }

    /// The text as the user wrote it. Bytes that are not UTF-8 have become U+FFFD, one for each byte, as in Go.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that is parsed: `text` with `{$ENV}` replaced.
    pub(crate) fn parsed_text(&self) -> &str {
        self.substituted.as_ref().map_or(&self.text, |(text, _)| text)
    }

    /// The `{$…}` that were replaced, in order.
    pub fn replaced(&self) -> &[Replaced] {
        self.substituted.as_ref().map_or(&[], |(_, replaced)| replaced)
    }

    /// The bytes of the `{$NAME}` whose value made the text longer than [`Limits::text`] allows. The text stays as it is
    /// written then.
    pub(crate) fn overgrown(&self) -> Option<std::ops::Range<usize>> {
        self.overgrown.clone()
    }

    /// Takes a range of the parsed text back to the text as written. A position inside a variable's value becomes
    /// the whole `{$NAME}`.
    pub(crate) fn written(&self, start: usize, end: usize) -> (usize, usize) {
        let Some((_, replaced)) = &self.substituted else { return (start, end) };
        (written_at(replaced, start, false), written_at(replaced, end, true))
    }

    /// Line and column of a byte of the text as written.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|&start| start as usize <= offset).max(1);
        let start = self.line_starts[line - 1] as usize;
        Position { line, column: self.characters(start, offset) + 1 }
    }

    /// The bytes of the line before `offset`, and how many halves of UTF-16 they are: what editors count in.
    pub fn column_units(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|&start| start as usize <= offset).max(1);
        let start = self.line_starts[line - 1] as usize;
        (offset - start, self.counted(start, offset).units)
    }

    /// How many characters there are from `start` to `end`; 0 when one of them is inside of a character.
    fn characters(&self, start: usize, end: usize) -> usize {
        if self.text.is_char_boundary(start) && self.text.is_char_boundary(end) {
            self.counted(start, end).characters
        } else {
            0
        }
    }

    /// What begins from `start` to `end`. In a long line with many faults each would count from the line's begin.
    fn counted(&self, start: usize, end: usize) -> Counted {
        let bytes = self.text.as_bytes();
        if end.saturating_sub(start) <= 2 * STRIDE {
            return Counted::of(&bytes[start..end.max(start)]);
        }
        let known = self.counted.get_or_init(|| Counted::before_strides(bytes));
        // What lies before a byte, by the last multiple of the stride.
        let before = |at: usize| known[at / STRIDE].and(Counted::of(&bytes[at / STRIDE * STRIDE..at]));
        let (start, end) = (before(start), before(end));
        Counted { characters: end.characters - start.characters, units: end.units - start.units }
    }

    /// Whether it lies outside the project, so that no program may be shown what it says.
    pub fn is_outside(&self) -> bool {
        self.is_outside
    }

    /// Where secrets stand in the text as written.
    pub(crate) fn secrets(&self) -> &Marks {
        self.secrets.get_or_init(|| Marks::of(&self.text))
    }

    /// The text of line `line` (from 1), without its line break.
    pub fn line(&self, line: usize) -> &str {
        let Some(&start) = self.line_starts.get(line.wrapping_sub(1)) else { return "" };
        let rest = &self.text[start as usize..];
        rest.split('\n').next().unwrap_or("").trim_end_matches('\r')
    }
}

/// Where byte `at` of the parsed text stands in the text as written.
fn written_at(replaced: &[Replaced], at: usize, is_end: bool) -> usize {
    let before = replaced.partition_point(|r| if is_end { r.value.start < at } else { r.value.start <= at });
    let Some(last) = before.checked_sub(1).map(|i| &replaced[i]) else { return at };
    if at < last.value.end || (is_end && at == last.value.end) {
        return if is_end { last.written.end } else { last.written.start };
    }
    at - last.value.end + last.written.end
}

/// All files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    base: PathBuf,
    limits: Limits,
    files: Vec<Arc<SourceFile>>,
    kept_back: Vec<String>,
    /// The Caddy that reads the files.
    version: Version,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// No files yet; `base` is the folder that relative paths start from.
    pub(crate) fn below(base: &Path) -> Self {
        Self { base: base.to_owned(), ..Self::default() }
    }

    /// The same files; those that are added from now on may grow so much.
    #[must_use]
    pub(crate) fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same files, as this version of Caddy reads them.
    #[must_use]
    pub(crate) fn for_version(self, version: Version) -> Self {
        Self { version, ..self }
    }

    /// The version of Caddy whose reading counts.
    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// Adds a file: decodes it, replaces `{$ENV}`, and finds its lines. Bytes that are given away need not be copied.
    pub fn add<'b>(&mut self, name: impl Into<String>, bytes: impl Into<Cow<'b, [u8]>>, env: &Env) -> FileId {
        let text = decode(bytes.into());
        let most = text.len().saturating_add(self.limits.for_text(text.len()).text);
        let (substituted, overgrown) = match env::substitute(&text, env, most) {
            Ok(substituted) => (substituted, None),
            Err(place) => (None, Some(place)),
        };
        let line_starts = line_starts(&text);
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let name = name.into();
        let shown_from = shown_from(&name, &self.base);
        self.files.push(Arc::new(SourceFile {
            name,
            shown_from,
            text,
            substituted,
            overgrown,
            line_starts,
            secrets: OnceLock::new(),
            is_outside: false,
            counted: OnceLock::new(),
        }));
        id
    }

    /// Notes that the file `id` lies outside the project.
    pub(crate) fn mark_outside(&mut self, id: FileId) {
        if let Some(file) = self.files.get_mut(id.0 as usize) {
            Arc::make_mut(file).is_outside = true;
        }
    }

    /// Whether one of the files lies outside the project.
    pub fn has_outside(&self) -> bool {
        self.files.iter().any(|file| file.is_outside)
    }

    /// Notes texts of a configuration that come from other files outside the project.
    pub(crate) fn keep_back(&mut self, texts: Vec<String>) {
        self.kept_back.extend(texts);
    }

    /// Texts of the configuration that no report may show.
    pub(crate) fn kept_back(&self) -> &[String] {
        &self.kept_back
    }

    /// Adds a text whose `{$ENV}` stay as they are written, for those who look at the text and not at its meaning.
    pub fn add_as_written(&mut self, name: impl Into<String>, text: &str) -> FileId {
        let id = self.add(name, text.as_bytes(), &Env::empty());
        if let Some(file) = self.files.last_mut() {
            Arc::make_mut(file).substituted = None;
        }
        id
    }

    /// Adds a file of another compilation, unless a file of its name is here already.
    pub fn adopt(&mut self, file: &Arc<SourceFile>) -> FileId {
        let at = self.files.iter().position(|known| known.name == file.name).unwrap_or_else(|| {
            self.files.push(Arc::clone(file));
            self.files.len() - 1
        });
        FileId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// The same files, with another text of the first.
    #[must_use]
    pub fn with_first(&self, bytes: &[u8], env: &Env) -> Self {
        let mut all = Self::below(&self.base).with_limits(self.limits).for_version(self.version);
        if let Some((first, others)) = self.files.split_first() {
            all.add(first.name(), bytes, env);
            all.files.extend_from_slice(others);
        }
        all
    }

    /// The same files under other names: `name` gives the one of a file, and `base` is the folder that relative paths start
    /// from. A file without another name keeps its own.
    #[must_use]
    pub fn renamed(&self, base: &Path, name: impl Fn(&str) -> Option<String>) -> Self {
        let mut all = Self { base: base.to_owned(), ..self.clone() };
        for file in &mut all.files {
            if let Some(name) = name(&file.name) {
                let shown_from = shown_from(&name, base);
                let file = Arc::make_mut(file);
                (file.name, file.shown_from) = (name, shown_from);
            }
        }
        all
    }

    /// The file `id`. Ids come from [`Sources::add`], so it is always there.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// The file `id`, to keep while further files are added.
    pub fn share(&self, id: FileId) -> Arc<SourceFile> {
        Arc::clone(&self.files[id.0 as usize])
    }

    /// All files with their ids, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        let files = self.files.iter().enumerate();
        files.map(|(i, file)| (FileId(u32::try_from(i).unwrap_or(u32::MAX)), &**file))
    }

    /// Line and column of the start of `span`.
    pub fn position(&self, span: Span) -> Position {
        self.file(span.file).position(span.start as usize)
    }

    /// `file:line:column` of the start of `span`.
    pub fn place(&self, span: Span) -> String {
        let Position { line, column } = self.position(span);
        format!("{}:{line}:{column}", self.file(span.file).shown())
    }

    /// The text of `span` as the user wrote it.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).text().get(span.range()).unwrap_or("")
    }
}

/// Where in `name` the part below `base` begins.
fn shown_from(name: &str, base: &Path) -> usize {
    let below = Path::new(name).strip_prefix(base).ok().filter(|_| Path::new(name).is_absolute());
    below.map_or(0, |below| name.len() - below.as_os_str().len())
}

/// A text of this many bytes is short.
const SHORT: usize = 16 * 1024;

/// Where the lines of `text` begin. In a short one each byte is looked at: memchr first asks the processor what it can do,
/// some 20 questions, each of which takes a virtual machine 4 µs.
fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let start = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let mut starts = vec![0];
    if bytes.len() <= SHORT {
        starts.extend(bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| start(at)));
    } else {
        starts.extend(memchr::memchr_iter(b'\n', bytes).map(start));
    }
    starts
}

/// Bytes to text as Go reads them: every byte that is not part of valid UTF-8 becomes U+FFFD.
fn decode(bytes: Cow<[u8]>) -> String {
    let bytes = match String::from_utf8(bytes.into_owned()) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(std::iter::repeat_n('\u{FFFD}', chunk.invalid().len()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_inside_values_go_back_to_the_variable() {
        let env = Env::from_iter([("HOST", "example.com")]);
        let mut sources = Sources::new();
        let id = sources.add("Caddyfile", b"a\n{$HOST} b\n", &env);
        let file = sources.file(id);
        assert_eq!(file.parsed_text(), "a\nexample.com b\n");
        assert_eq!(file.written(2, 13), (2, 9));
        assert_eq!(file.written(5, 8), (2, 9));
        assert_eq!(file.written(14, 15), (10, 11));
        assert_eq!(file.position(10), Position { line: 2, column: 9 });
        assert_eq!(file.line(2), "{$HOST} b");
    }

    #[test]
    fn columns_of_long_lines() {
        let mut sources = Sources::new();
        let line = "aé€".repeat(3_000);
        let id = sources.add("x", format!("{line}\n{line}\n").into_bytes(), &Env::empty());
        let file = sources.file(id);
        for (start, line) in [(0, 1), (line.len() + 1, 2)] {
            for number in [0, 1, 1_000, 2_047, 2_999] {
                let position = file.position(start + number * 6 + 3);
                assert_eq!(position, Position { line, column: number * 3 + 3 });
            }
        }
    }

    #[test]
    fn invalid_bytes_become_one_replacement_each() {
        let mut sources = Sources::new();
        let id = sources.add("x", b"a\xff\xe2\x82b", &Env::empty());
        assert_eq!(sources.file(id).text(), "a\u{fffd}\u{fffd}\u{fffd}b");
    }
}
