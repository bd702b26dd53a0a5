//! The order of directives, and which of them exclude each other.

use std::sync::Arc;

use crate::spec::Text;

/// Whether of several directives in one block only the first that matches runs: their routes have one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusive {
    /// All run.
    No,
    /// Only the first runs.
    Yes,
    /// Only the first runs, and a lone one has a group too, so that it is not joined with its neighbours. The number of
    /// the group is used up even where there is none.
    EvenAlone,
}

/// The order in which directives are tried.
#[derive(Clone, Debug, Default)]
pub struct DirectiveOrder {
    /// The names of those that have a place, in the order in which they run: the default one, as `order` has changed it.
    pub names: Vec<Text>,
    /// The names of all directives.
    pub known: Arc<[Text]>,
    /// Those of which in one block only the first that matches runs, by name: in this order their groups are numbered.
    pub exclusive: Arc<[(Text, Exclusive)]>,
}

impl DirectiveOrder {
    /// Whether there is a directive called `name`.
    pub fn knows(&self, name: &str) -> bool {
        self.known.iter().any(|known| *known == *name)
    }
}
