//! What the editor may do about findings: their edits, all safe edits at once, a comment that allows a lint finding.

use std::collections::HashMap;
use std::ops::Range as Bytes;
use std::path::Path;

use caddyctl_analysis::lint::{self, fix::fix};
use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Applicability, Diagnostic, Edit};
use caddyctl_language::source::shown;
use gen_lsp_types::{CodeAction, CodeActionKind, Range, TextEdit, Uri, WorkspaceEdit};

use super::analysis::Analysis;
use super::documents::uri_of;
use super::encoding::Encoding;
use super::published::diagnostic;

/// What may be done about the findings that touch `wanted` in the file `path`, whose text is `text`.
pub fn actions(
    analysis: &Analysis,
    path: &Path,
    text: &str,
    wanted: &Bytes<usize>,
    base: &Path,
    encoding: Encoding,
) -> Vec<CodeAction> {
    let findings = analysis.findings(path);
    let mut actions = Vec::new();
    for (compilation, found) in &findings {
        let Some(place) = found.primary.as_ref().map(|label| label.span.range()) else { continue };
        if place.end < wanted.start || wanted.end < place.start {
            continue;
        }
        let about = vec![diagnostic(compilation, found, base, encoding)];
        if let Some((uri, edit)) =
            fixed_file(compilation, std::iter::once(*found), Applicability::Guess, base, encoding)
        {
            actions.push(CodeAction {
                title: shown::line(&title(found)).into_owned(),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(about.clone()),
                is_preferred: Some(found.edits.iter().all(Edit::is_safe)),
                edit: Some(change(uri, edit)),
                ..CodeAction::default()
            });
        }
        if let (Some(rule), Some(uri)) = (lint::find(found.code.id), uri_of(path)) {
            let start = text.get(..place.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
            let blanks: String = text[start..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
            let at = encoding.position(text, start);
            let comment = format!("{blanks}# caddyctl: allow {}\n", rule.code.id);
            actions.push(CodeAction {
                title: format!("Allow {} ({}) here", rule.code.id, rule.code.name),
                kind: Some(CodeActionKind::QuickFix),
                diagnostics: Some(about),
                edit: Some(change(uri, TextEdit { range: Range { start: at, end: at }, new_text: comment })),
                ..CodeAction::default()
            });
        }
    }
    let all = findings.first().and_then(|(compilation, _)| {
        let same = findings.iter().filter(|(other, _)| std::ptr::eq(*other, *compilation));
        fixed_file(compilation, same.map(|(_, found)| *found), Applicability::Safe, base, encoding)
    });
    if let Some((uri, edit)) = all {
        actions.push(CodeAction {
            title: "Apply all safe edits".to_owned(),
            kind: Some(CodeActionKind::SourceFixAll),
            edit: Some(change(uri, edit)),
            ..CodeAction::default()
        });
    }
    actions
}

/// What the edits of a finding do.
fn title(found: &Diagnostic) -> String {
    match (found.helps.last(), found.edits.as_slice()) {
        (Some(help), _) => sentence(help),
        (None, [edit]) if edit.replacement.is_empty() => "Delete it".to_owned(),
        (None, [edit]) if !edit.replacement.contains('\n') => format!("Write `{}`", edit.replacement),
        (None, _) => format!("Fix: {}", found.message),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The edits of findings as one edit of their file.
fn fixed_file<'f>(
    compilation: &Compilation,
    findings: impl Iterator<Item = &'f Diagnostic>,
    most: Applicability,
    base: &Path,
    encoding: Encoding,
) -> Option<(Uri, TextEdit)> {
    let (file, fixed) = fix(&compilation.sources, findings, most).into_iter().next()?;
    let source = compilation.sources.file(file);
    Some((uri_of(&base.join(source.name()))?, difference(source.text(), &fixed.text, encoding)))
}

/// The one edit that makes `new` of `old`: what they share at both ends stays.
pub fn difference(old: &str, new: &str, encoding: Encoding) -> TextEdit {
    let shared = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(one, other)| one == other).map(|(c, _)| c.len_utf8()).sum()
    };
    let start = shared(&mut old.chars().zip(new.chars()));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = shared(&mut old_rest.chars().rev().zip(new_rest.chars().rev()));
    let range = encoding.range(old, &(start..old.len() - end));
    TextEdit { range, new_text: new[start..new.len() - end].to_owned() }
}

fn change(uri: Uri, edit: TextEdit) -> WorkspaceEdit {
    WorkspaceEdit { changes: Some(HashMap::from([(uri, vec![edit])])), ..WorkspaceEdit::default() }
}
