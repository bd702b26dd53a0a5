//! A fault in the compiled configuration, and its way back to the Caddyfile.

mod expression;
mod files;
mod kinds;
mod machine;
mod module;
mod no_value;
mod provision;
mod regexp;

pub(super) use expression::Expression;
pub(super) use files::Files;
pub(super) use machine::Machine;
pub(super) use module::Module;
pub(super) use no_value::NoValue;
pub(super) use provision::Provision;
pub(super) use regexp::Regexp;

use caddyctl_language::diagnostics::{Code, Severity};

/// A fault at a place of the compiled JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The place, as an RFC 6901 pointer.
    pub pointer: String,
    /// The value at fault, as it may stand in the text.
    pub(super) value: Option<String>,
    pub(super) kind: Kind,
}

/// The codes, each with its own kinds and a file with their words.
macro_rules! codes {
    ($($kinds:ident = $code:ident),+) => {
        /// What is wrong, with the values that it is about.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Kind {
            $($kinds($kinds)),+
        }

        $(impl From<$kinds> for Kind {
            fn from(kind: $kinds) -> Self {
                Self::$kinds(kind)
            }
        })+

        impl Kind {
            fn code(&self) -> Code {
                match self { $(Self::$kinds(_) => Code::$code),+ }
            }

            fn severity(&self) -> Severity {
                match self { $(Self::$kinds(kind) => kind.severity()),+ }
            }

            fn words(&self, value: &str) -> (String, String) {
                match self { $(Self::$kinds(kind) => kind.words(value)),+ }
            }

            fn names(&self) -> Vec<&str> {
                match self { $(Self::$kinds(kind) => kind.names()),+ }
            }
        }
    };
}

codes!(
    Module = UNKNOWN_MODULE,
    Regexp = REGEXP,
    Expression = EXPRESSION,
    Provision = PROVISION,
    Machine = MACHINE
);

impl Finding {
    /// Which kind of fault.
    pub fn code(&self) -> Code {
        self.kind.code()
    }

    /// `Error` when Caddy would refuse the configuration; `Note` for what was not checked.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }

    /// One sentence: what is wrong.
    pub fn message(&self) -> String {
        self.in_words().0
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(self.in_words().1).filter(|help| !help.is_empty())
    }

    fn in_words(&self) -> (String, String) {
        self.kind.words(self.value.as_deref().unwrap_or_default())
    }

    /// The words of the Caddyfile that are meant, the likeliest first.
    pub(super) fn words(&self) -> Vec<&str> {
        let all = self.value.as_deref().into_iter().chain(self.kind.names());
        all.filter(|word| !word.is_empty()).collect()
    }
}
