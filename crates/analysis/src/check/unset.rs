//! `{$NAME}` that stands for nothing: the variable is not set and the text has no default.

use caddyctl_language::diagnostics::{Code, Diagnostic, Label, Severity};
use caddyctl_language::source::{FileId, Sources, Span};

/// One warning for each variable that is neither set nor has a default, at its first place, with its other places. A
/// variable that is alone on its line may be empty.
///
/// Caddy replaces such a variable by nothing and says nothing, so this is a warning: what follows from it (a site that
/// lost its address, a directive that lost its value) may be an error of its own.
fn unset_variables(sources: &Sources) -> Vec<Diagnostic> {
    let mut found: Vec<(&str, Diagnostic)> = Vec::new();
    for (file, name, range) in places(sources) {
        if is_slot(sources.file(file).text(), &range) {
            continue;
        }
        let span = Span::new(file, range.start, range.end);
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, first)) => *first = first.clone().also(span, "here too"),
            None => found.push((name, unset(name, span))),
        }
    }
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// Puts the unset variables first among what was found. Where one takes a site's address away, that is the same fault: it
/// becomes an error, and is reported once.
pub fn name_unset_first(sources: &Sources, found: &mut Vec<Diagnostic>) {
    let is_lost = |fault: &Diagnostic| fault.code == Code::UNSET_VARIABLE && fault.is_error();
    let lost: Vec<Diagnostic> = found.extract_if(.., |fault| is_lost(fault)).collect();
    let mut unset = unset_variables(sources);
    take_followers(sources, found, &mut unset);
    for error in lost {
        let span = error.primary.as_ref().map(|label| label.span);
        let at = |label: &&mut Label| Some(label.span) == span;
        let label = unset.iter_mut().find_map(|warning| {
            let severity = &mut warning.severity;
            let label = warning.primary.iter_mut().chain(&mut warning.secondary).find(at)?;
            *severity = Severity::Error;
            Some(label)
        });
        match label {
            Some(label) => "this site has no address then".clone_into(&mut label.text),
            None => unset.push(error),
        }
    }
    found.splice(0..0, unset);
}

/// Takes the errors of lines that lack a word because a variable is not set: the variable is the error then.
fn take_followers(sources: &Sources, found: &mut Vec<Diagnostic>, unset: &mut [Diagnostic]) {
    for variable in unset {
        let Diagnostic { primary, secondary, severity, .. } = variable;
        for label in primary.iter_mut().chain(secondary) {
            let place = label.span;
            let text = sources.file(place.file).text();
            let start = text[..place.start as usize].rfind('\n').map_or(0, |at| at + 1);
            let is_follower = |fault: &mut Diagnostic| {
                let lacks = fault.is_error() && fault.code == Code::ARGUMENTS;
                lacks
                    && fault.primary.as_ref().is_some_and(|label| {
                        let span = label.span;
                        span.file == place.file && span.start as usize >= start && span.end <= place.start
                    })
            };
            let followers: Vec<Diagnostic> = found.extract_if(.., is_follower).collect();
            if let Some(follower) = followers.first() {
                label.text = format!("{}, and gets nothing", follower.message);
                *severity = Severity::Error;
            }
        }
    }
}

/// Every place of an unset variable outside of comments, file by file.
fn places(sources: &Sources) -> impl Iterator<Item = (FileId, &str, std::ops::Range<usize>)> {
    sources.iter().flat_map(|(id, file)| {
        let replaced = file.replaced().iter().filter(|replaced| replaced.unset);
        let unset = replaced.filter(|replaced| !is_comment(file.text(), replaced.written.start));
        unset.map(move |replaced| (id, replaced.name.as_str(), replaced.written.clone()))
    })
}

/// Whether the line has nothing else: a place for lines that somebody may add, such as `{$CADDY_EXTRA_CONFIG}` in
/// the templates of vendors. Empty it is an empty line.
fn is_slot(text: &str, range: &std::ops::Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or_default();
    let behind = text[range.end..].split('\n').next().unwrap_or_default();
    before.trim().is_empty() && (behind.trim().is_empty() || behind.trim_start().starts_with('#'))
}

/// Whether a word that starts with `#` stands before `at` on its line.
fn is_comment(text: &str, at: usize) -> bool {
    let before = &text[..at];
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    line.split_whitespace().any(|word| word.starts_with('#'))
}

fn unset(name: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(
        Code::UNSET_VARIABLE,
        span,
        format!("the variable `{name}` is not set and has no default"),
    )
    .label("Caddy reads an empty value here")
    .help(format!(
        "set it where Caddy runs and name that environment with `--envfile`, or write `{{${name}:default}}`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use caddyctl_language::source::Env;

    #[test]
    fn a_variable_alone_on_its_line_is_a_slot() {
        let mut sources = Sources::new();
        let text = b"{\n\t{$OPTIONS}\n}\na {\n\t{$MORE} # more\n\trespond {$X}\n\t{$X}\n}\n{$LAST}";
        sources.add("Caddyfile", text, &Env::empty());
        let found = unset_variables(&sources);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.contains("`X`") && found[0].secondary.is_empty(), "{found:?}");
    }

    #[test]
    fn each_variable_is_reported_once_with_all_its_places() {
        let mut sources = Sources::new();
        let text = b"# {$OLD} site\n{$SITE} { # {$NEW}\n\trespond \"{$SET} {$B} {$SITE} {$D:x}\"\n}\n";
        sources.add("Caddyfile", text, &Env::from_iter([("SET", "1")]));
        let found = unset_variables(&sources);
        let reported: Vec<_> =
            found.iter().map(|d| (d.message.split('`').nth(1), d.secondary.len())).collect();
        assert_eq!(reported, [(Some("SITE"), 1), (Some("B"), 0)]);
        let place = found[0].primary.as_ref().map(|label| sources.place(label.span));
        assert_eq!(place.as_deref(), Some("Caddyfile:2:1"));
    }
}
