//! `# caddyctl: allow CODE reason` and `# caddyctl: allow-file CODE reason`: findings that the user has looked at.

use std::collections::BTreeMap;

use super::all;
use caddyctl_language::diagnostics::{Code, Diagnostic};
use caddyctl_language::source::{FileId, Sources, Span};
use caddyctl_language::syntax::lex;

/// What a comment for this program begins with, behind its `#`.
const MARK: &str = "caddyctl:";

/// The comments of a configuration that allow findings.
#[derive(Debug, Default)]
pub struct Suppressions {
    /// By the file and the line, from 1.
    lines: BTreeMap<(FileId, usize), Vec<Allowed>>,
    /// By the file.
    files: BTreeMap<FileId, Vec<Allowed>>,
    /// What is wrong with the comments.
    malformed: Vec<Diagnostic>,
}

/// A code that a comment allows.
#[derive(Debug)]
struct Allowed {
    code: Code,
    span: Span,
    is_used: bool,
}

impl Suppressions {
    /// Reads the comments of all files.
    pub fn of(sources: &Sources) -> Self {
        let mut all = Self::default();
        for (file, source) in sources.iter() {
            if source.text().contains(MARK) {
                all.read(sources, file);
            }
        }
        all
    }

    fn read(&mut self, sources: &Sources, file: FileId) {
        let text = sources.file(file).text();
        let (words, _) = lex(sources, file);
        let mut words = words.iter().map(|word| word.span.range()).peekable();
        let mut from = 0;
        while let Some(at) = text[from..].find('#').map(|at| at + from) {
            while words.next_if(|word| word.end <= at).is_some() {}
            // A `#` in a word, a quote or a heredoc begins no comment.
            if let Some(word) = words.peek().filter(|word| word.contains(&at)) {
                from = word.end.max(at + 1);
                continue;
            }
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            from = end;
            self.comment(sources, file, text, at + 1..end);
        }
    }

    /// Reads one comment, without its `#`.
    fn comment(&mut self, sources: &Sources, file: FileId, text: &str, range: std::ops::Range<usize>) {
        let comment = &text[range.clone()];
        let Some(rest) = comment.trim_start().strip_prefix(MARK) else { return };
        let span = |part: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            Span::new(file, start, start + part.len())
        };
        let rest = rest.trim();
        let (verb, codes) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        if verb != "allow" && verb != "allow-file" {
            let fault = Diagnostic::warning(Code::SUPPRESSION, span(rest), "unknown comment for caddyctl");
            self.malformed
                .push(fault.help("write `# caddyctl: allow CODE` or `# caddyctl: allow-file CODE`"));
            return;
        }
        let mut allowed = Vec::new();
        for (number, (word, follows_comma)) in listed(codes).enumerate() {
            let Some(code) = known(word) else {
                if number > 0 && !follows_comma && !looks_like_code(word) {
                    // The reason begins here.
                    break;
                }
                let fault =
                    Diagnostic::warning(Code::SUPPRESSION, span(word), "unknown code in this comment");
                self.malformed.push(fault.help("run `caddyctl explain` to list the codes"));
                continue;
            };
            if number > 0 && !follows_comma && !looks_like_code(word) {
                break;
            }
            if code.is_always_error() {
                let message = format!("{} is always an error, and a comment cannot allow errors", code.id);
                self.malformed.push(
                    Diagnostic::warning(Code::SUPPRESSION, span(word), message)
                        .help("correct what the error reports"),
                );
                continue;
            }
            allowed.push(Allowed { code, span: span(word), is_used: false });
        }
        if listed(codes).next().is_none() {
            let fault = Diagnostic::warning(Code::SUPPRESSION, span(rest), "this comment allows nothing");
            self.malformed.push(fault.help("write the code of a finding, such as `# caddyctl: allow C001`"));
        }
        if verb == "allow-file" {
            self.files.entry(file).or_default().extend(allowed);
        } else {
            let line = sources.file(file).position(range.start).line;
            self.lines.entry((file, line)).or_default().extend(allowed);
        }
    }

    /// Whether a comment allows the finding: on its line, on the comment lines above it, or for the whole file. The comment
    /// counts as used then. Errors of the compiler are never allowed.
    pub fn allow(&mut self, finding: &Diagnostic, sources: &Sources) -> bool {
        let Some(label) = &finding.primary else { return false };
        if (self.lines.is_empty() && self.files.is_empty())
            || (finding.is_error() && Code::ALL.contains(&finding.code))
        {
            return false;
        }
        let id = label.span.file;
        let file = sources.file(id);
        let line = sources.position(label.span).line;
        let above = (1..line).rev().take_while(|above| file.line(*above).trim_start().starts_with('#'));
        let mut is_allowed = false;
        for line in std::iter::once(line).chain(above) {
            is_allowed |= uses(self.lines.get_mut(&(id, line)), finding.code);
        }
        is_allowed | uses(self.files.get_mut(&id), finding.code)
    }

    /// What is wrong with the comments: unknown codes, and those that allow nothing although `is_looked_for`.
    pub fn findings(self, is_looked_for: impl Fn(Code) -> bool) -> Vec<Diagnostic> {
        let mut found = self.malformed;
        for allowed in self.lines.into_values().chain(self.files.into_values()).flatten() {
            if !allowed.is_used && is_looked_for(allowed.code) {
                let message = format!("this comment allows {}, which is not found here", allowed.code.id);
                found.push(
                    Diagnostic::warning(Code::SUPPRESSION, allowed.span, message)
                        .help("remove the code from the comment"),
                );
            }
        }
        found
    }
}

/// Notes that codes of a comment were needed, if they are that of the finding.
fn uses(allowed: Option<&mut Vec<Allowed>>, code: Code) -> bool {
    let mut is_used = false;
    for allowed in allowed.into_iter().flatten().filter(|allowed| is_same(allowed.code, code)) {
        allowed.is_used = true;
        is_used = true;
    }
    is_used
}

/// Whether who allows one allows the other. An old form is one finding: the compiler's warning, or what a rule says of it.
pub(super) fn is_same(one: Code, other: Code) -> bool {
    let is_old = |code: Code| code == Code::DEPRECATED || code.id.starts_with('D');
    one == other || (is_old(one) && is_old(other) && (one == Code::DEPRECATED || other == Code::DEPRECATED))
}

/// The words of a list, and whether a comma stands before each.
fn listed(codes: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut follows_comma = false;
    codes.split_inclusive([' ', '\t', ',']).filter_map(move |part| {
        let word = part.trim_end_matches([' ', '\t', ',']);
        let before = follows_comma;
        if !word.is_empty() || part.ends_with(',') {
            follows_comma = part.ends_with(',');
        }
        (!word.is_empty()).then_some((word, before))
    })
}

/// The code with this number or name.
fn known(word: &str) -> Option<Code> {
    let mut codes = Code::ALL.iter().copied().chain(all().map(|rule| rule.code));
    codes.find(|code| code.id.eq_ignore_ascii_case(word) || code.name == word)
}

/// A letter and digits, such as `C001`.
fn looks_like_code(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && word.len() >= 4
        && letters.all(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use caddyctl_language::diagnostics::Severity;
    use caddyctl_language::source::Env;

    fn read(text: &str) -> (Sources, Suppressions) {
        let mut sources = Sources::new();
        sources.add("Caddyfile", text.as_bytes(), &Env::empty());
        let all = Suppressions::of(&sources);
        (sources, all)
    }

    fn codes(text: &str) -> Vec<&'static str> {
        let (_, all) = read(text);
        all.lines
            .into_values()
            .chain(all.files.into_values())
            .flatten()
            .map(|allowed| allowed.code.id)
            .collect()
    }

    #[test]
    fn lists() {
        for (comment, expected) in [
            ("allow C001", &["C001"][..]),
            ("allow C001, C022", &["C001", "C022"]),
            ("allow C001,C022 because", &["C001", "C022"]),
            ("allow C001 C022 tls is fine", &["C001", "C022"]),
            ("allow handle-exact-root, C022", &["C001", "C022"]),
            ("allow c001 , C022", &["C001", "C022"]),
            ("allow-file D001", &["D001"]),
        ] {
            assert_eq!(
                codes(&format!("a {{\n\t# caddyctl: {comment}\n\thandle /\n}}\n")),
                expected,
                "{comment}"
            );
        }
        assert!(codes("a {\n\trespond \"# caddyctl: allow C001\"\n}\n").is_empty());
        assert!(codes("a {\n\trespond x#caddyctl: allow C001\n}\n").is_empty());
        assert!(codes("a {\n\trespond <<E\n\t# caddyctl: allow C001\n\tE\n}\n").is_empty());
    }

    #[test]
    fn what_is_wrong_with_comments() {
        for (comment, said) in [
            ("allow Q123", "unknown code"),
            ("allow C001, nonsense", "unknown code"),
            ("ignore C001", "unknown comment"),
            ("allow", "allows nothing"),
            ("allow E0301", "always an error"),
            ("allow C001", "not found here"),
        ] {
            let (_, all) = read(&format!("a {{\n\t# caddyctl: {comment}\n\trespond x\n}}\n"));
            let found = all.findings(|_| true);
            assert!(found.iter().any(|found| found.message.contains(said)), "{comment}: {found:?}");
        }
        let (_, all) = read("a {\n\t# caddyctl: allow C001\n}\n");
        assert!(all.findings(|_| false).is_empty());
    }

    #[test]
    fn an_old_form_is_one_finding() {
        for (comment, code) in [("D001", Code::DEPRECATED), ("W0002", known("D001").unwrap())] {
            let (sources, mut all) = read(&format!("a {{\n\tskip_log # caddyctl: allow {comment}\n}}\n"));
            let span = Span::new(FileId::default(), 5, 13);
            let finding = Diagnostic::new(code, Severity::Warning, span, "x");
            assert!(all.allow(&finding, &sources), "{comment}");
            assert!(all.findings(|_| true).is_empty());
        }
    }
}
