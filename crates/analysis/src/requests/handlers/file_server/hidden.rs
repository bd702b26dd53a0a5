//! Files that are not served.

use crate::requests::glob;
use crate::requests::program::FileServer;
use crate::requests::state::State;

/// What is hidden.
pub(super) struct Hidden(Vec<String>);

impl Hidden {
    pub(super) fn new(state: &State<'_>, config: &FileServer) -> Self {
        let hide = config.hide.iter().map(|text| {
            let text = state.fill(text).into_owned();
            if text.contains('/') { state.absolute(&text) } else { text }
        });
        Self(hide.collect())
    }

    /// Whether a file is hidden.
    pub(super) fn has(&self, state: &State<'_>, file: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let file = state.absolute(file);
        self.0.iter().any(|text| {
            if text.contains('/') {
                if file.strip_prefix(text.as_str()).is_some_and(|rest| rest.starts_with('/')) {
                    return true;
                }
            } else if file.split('/').any(|part| glob::matches(text, part) == Some(true)) {
                return true;
            }
            glob::matches(text, &file) == Some(true)
        })
    }
}
