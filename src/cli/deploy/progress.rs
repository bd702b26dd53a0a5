//! How far a deploy has come: a line with its steps on a terminal, plain lines elsewhere.

use std::cell::RefCell;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use caddyctl::deploy::world::Step;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::print;

/// Shows the steps on standard error.
pub struct Progress {
    bar: Option<ProgressBar>,
    last: RefCell<Option<(Step, Instant)>>,
    quiet: bool,
}

impl Progress {
    /// For standard error as it is; `quiet` says nothing where there is no terminal.
    pub fn new(quiet: bool) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            // The template is fixed, so a fault in it would only lose the looks.
            let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Self { bar, last: RefCell::new(None), quiet }
    }

    /// A step begins, and the one before it has ended.
    pub fn step(&self, step: Step) {
        self.end_last();
        if let Some(bar) = &self.bar {
            bar.set_message(step.name());
        }
        *self.last.borrow_mut() = Some((step, Instant::now()));
    }

    /// All steps have ended.
    pub fn end(&self) {
        self.end_last();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn end_last(&self) {
        let Some((step, begun)) = self.last.borrow_mut().take() else { return };
        let line = format!("{:<8} {:.1} s", step.name(), begun.elapsed().as_secs_f64());
        match &self.bar {
            Some(bar) => bar.println(line),
            None if !self.quiet => print::stderr(line + "\n"),
            None => {}
        }
    }
}
