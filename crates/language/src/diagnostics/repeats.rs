//! Faults that imports repeat: a fault in a snippet comes back with each import of it.

use rustc_hash::FxHashMap;

use super::Diagnostic;
use crate::source::Span;

/// So many faults of one kind at one place are listed.
const MOST: usize = 20;

/// How often each fault of what is imported has been found, by its code and its place.
#[derive(Debug, Default)]
pub struct Repeats(FxHashMap<(&'static str, Option<Span>), usize>);

impl Repeats {
    /// The fault, unless there are enough of its kind at its place. What is not imported is found once for each time that
    /// it is written.
    pub fn admit(&mut self, fault: Diagnostic) -> Option<Diagnostic> {
        if fault.trail.is_empty() {
            return Some(fault);
        }
        let place = (fault.code.id, fault.primary.as_ref().map(|label| label.span));
        let number = self.0.entry(place).or_default();
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
    use crate::diagnostics::{Code, Frame};
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
}
