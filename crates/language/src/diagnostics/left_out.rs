//! How much settings leave out of what would be found: a change may come with settings that hide what is wrong with it.

use std::fmt;

/// What settings leave out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct LeftOut {
    /// Rules, and warnings of the compiler, that are off everywhere.
    pub rules: usize,
    /// Further rules that are off in some files.
    pub in_some_files: usize,
    /// Further rules with a lower severity than their own.
    pub lowered: usize,
}

impl LeftOut {
    /// Whether nothing is left out.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

impl fmt::Display for LeftOut {
    /// `switches off 27 rules, lowers the severity of 1 rule`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules = |count: usize| format!("{count} rule{}", if count == 1 { "" } else { "s" });
        let mut parts = Vec::new();
        if self.rules > 0 {
            parts.push(format!("switches off {}", rules(self.rules)));
        }
        if self.in_some_files > 0 {
            parts.push(match self.rules {
                0 => format!("switches off {} in some files", rules(self.in_some_files)),
                _ => format!("and {} in some files", rules(self.in_some_files)),
            });
        }
        if self.lowered > 0 {
            parts.push(format!("lowers the severity of {}", rules(self.lowered)));
        }
        f.write_str(&parts.join(", "))
    }
}

/// A file of settings that leaves something out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFile {
    /// Its path, as it is shown.
    pub path: String,
    /// What it leaves out.
    pub left_out: LeftOut,
}

impl SettingsFile {
    /// What it does, without its name.
    pub fn sentence(&self) -> String {
        format!("{}; `--isolated` ignores the file", self.left_out)
    }
}
