//! Whether to colour: `--color`, `NO_COLOR`, and whether somebody looks at a terminal.

use std::io;

use anstream::{AutoStream, ColorChoice};

/// The value of `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum When {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl When {
    /// Makes this the choice of the whole process; called once, before the command runs.
    pub fn apply(self) {
        match self {
            Self::Auto if is_forced() => ColorChoice::AlwaysAnsi,
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::AlwaysAnsi,
            Self::Never => ColorChoice::Never,
        }
        .write_global();
    }
}

/// Whether `FORCE_COLOR` asks for colours, as many programs understand it.
fn is_forced() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("NO_COLOR").is_none() && set("FORCE_COLOR").is_some_and(|value| value != "0" && value != "false")
}

/// Whether standard output takes colours.
pub fn on_stdout() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Whether standard error takes colours.
pub fn on_stderr() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}
