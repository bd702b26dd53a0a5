//! Findings as the protocol has them.

use std::path::Path;

use caddyctl_language::compile::Compilation;
use caddyctl_language::diagnostics::{Diagnostic, Severity};
use caddyctl_language::source::{Span, shown};
use gen_lsp_types::{
    Code, Diagnostic as Published, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    Message, Range,
};

use super::documents::uri_of;
use super::encoding::Encoding;

/// So many imports of a trail are published, from the innermost.
const STEPS: usize = 6;

/// A finding for the editor; relative names start from `base`.
pub fn diagnostic(
    compilation: &Compilation,
    found: &Diagnostic,
    base: &Path,
    encoding: Encoding,
) -> Published {
    let place = |span: Span| {
        let file = compilation.sources.file(span.file);
        let uri = uri_of(&base.join(file.name()))?;
        Some(Location { uri, range: encoding.range_in(file, &span.range()) })
    };
    let label = |label: &caddyctl_language::diagnostics::Label| {
        Some(DiagnosticRelatedInformation {
            location: place(label.span)?,
            message: shown::line(&label.text).into_owned(),
        })
    };
    let step = |frame: &caddyctl_language::diagnostics::Frame| {
        let message = format!("imported here: {}", shown::line(&frame.what));
        Some(DiagnosticRelatedInformation { location: place(frame.span)?, message })
    };
    let related: Vec<_> = found
        .secondary
        .iter()
        .filter_map(label)
        .chain(found.trail.iter().take(STEPS).filter_map(step))
        .collect();
    let mut message = shown::line(&found.message).into_owned();
    if let Some(label) = found.primary.as_ref().filter(|label| !label.text.is_empty()) {
        message += &format!(" ({})", shown::line(&label.text));
    }
    for help in &found.helps {
        message += &format!("\nhelp: {}", shown::line(help));
    }
    let tag = match found.code.id.as_bytes()[0] {
        b'D' => Some(DiagnosticTag::Deprecated),
        b'R' if found.edits.iter().any(|edit| edit.replacement.is_empty()) => {
            Some(DiagnosticTag::Unnecessary)
        }
        _ => None,
    };
    Published {
        range: found
            .primary
            .as_ref()
            .and_then(|label| place(label.span))
            .map_or(Range::default(), |at| at.range),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Note => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(found.code.id.to_owned())),
        source: Some("caddyctl".to_owned()),
        message: Message::String(message),
        tags: tag.map(|tag| vec![tag]),
        related_information: (!related.is_empty()).then_some(related),
        ..Published::default()
    }
}
