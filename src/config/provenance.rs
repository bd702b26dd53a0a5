//! From a place in the compiled JSON back to the Caddyfile.

use std::collections::BTreeMap;

use crate::source::Span;

/// JSON pointers (RFC 6901, such as `/apps/http/servers/srv0/routes/0/handle/1`) and the words they were compiled from.
///
/// Not every pointer is listed: sites, routes, handlers and policies are, and what lies below belongs to its nearest
/// listed ancestor.
#[derive(Clone, Debug, Default)]
pub struct Provenance {
    spans: BTreeMap<String, Span>,
}

impl Provenance {
    /// Records that what is at `pointer` was compiled from `span`.
    pub fn record(&mut self, pointer: impl Into<String>, span: Span) {
        self.spans.insert(pointer.into(), span);
    }

    /// The words that `pointer`, or its nearest listed ancestor, was compiled from.
    pub fn find(&self, pointer: &str) -> Option<Span> {
        let mut at = pointer;
        loop {
            if let Some(span) = self.spans.get(at) {
                return Some(*span);
            }
            at = &at[..at.rfind('/')?];
        }
    }

    /// All listed pointers, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        self.spans.iter().map(|(pointer, span)| (pointer.as_str(), *span))
    }
}
