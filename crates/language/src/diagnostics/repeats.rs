//! Faults that are too many to be listed: a fault in a snippet comes back with each import of it, and a file of megabytes may
//! have one in each line.

use rustc_hash::FxHashMap;

use super::Diagnostic;
use crate::source::Span;
use crate::source::limits::grouped;

/// So many faults of one kind at one place are listed.
const MOST: usize = 20;

/// So many errors are listed, and as many other findings.
const LISTED: usize = 100_000;

/// How often faults have been found.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    /// What is imported, by its code and its place.
    imported: FxHashMap<(&'static str, Option<Span>), usize>,
    errors: usize,
    others: usize,
}

impl Repeats {
    /// The fault, unless there are enough of them.
    pub(crate) fn admit(&mut self, fault: Diagnostic) -> Option<Diagnostic> {
        let fault = self.admit_at_its_place(fault)?;
        let number = if fault.is_error() { &mut self.errors } else { &mut self.others };
        *number += 1;
        if *number == LISTED {
            return Some(fault.help(format!("no more than {} are listed", grouped(LISTED))));
        }
        (*number < LISTED).then_some(fault)
    }

    /// The fault, unless there are enough of its kind at its place. What is not imported is found once for each time that
    /// it is written.
    fn admit_at_its_place(&mut self, fault: Diagnostic) -> Option<Diagnostic> {
        if fault.trail.is_empty() {
            return Some(fault);
        }
        let place = (fault.code.id, fault.primary.as_ref().map(|label| label.span));
        let number = self.imported.entry(place).or_default();
        *number += 1;
        if *number == MOST {
            return Some(fault.help("further imports repeat this; they are not listed"));
        }
        (*number < MOST).then_some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Code, Frame, Severity};
    use crate::source::FileId;

    #[test]
    fn what_imports_repeat_is_listed_a_few_times() {
        let mut repeats = Repeats::default();
        let span = Span::new(FileId::default(), 0, 1);
        let plain = Diagnostic::error(Code::VALUE, span, "wrong");
        let imported = Diagnostic { trail: vec![Frame { span, what: String::new() }], ..plain.clone() };
        assert_eq!((0..100).filter_map(|_| repeats.admit(plain.clone())).count(), 100);
        let listed: Vec<_> = (0..100).filter_map(|_| repeats.admit(imported.clone())).collect();
        assert_eq!(listed.len(), MOST);
        assert_eq!(listed[MOST - 2].helps.len(), 0);
        assert_eq!(listed[MOST - 1].helps.len(), 1);
    }

    #[test]
    fn there_is_an_end_to_errors_and_to_warnings() {
        let mut repeats = Repeats::default();
        let span = Span::new(FileId::default(), 0, 1);
        let error = Diagnostic::error(Code::VALUE, span, "wrong");
        let warning = Diagnostic::new(Code::VALUE, Severity::Warning, span, "odd");
        assert_eq!((0..LISTED + 10).filter_map(|_| repeats.admit(warning.clone())).count(), LISTED);
        let listed: Vec<_> = (0..LISTED + 10).filter_map(|_| repeats.admit(error.clone())).collect();
        assert_eq!((listed.len(), listed[LISTED - 1].helps.len()), (LISTED, 1));
    }
}
