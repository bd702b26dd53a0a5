//! How far a deploy has come: a line with its steps on a terminal, plain lines elsewhere.

use std::cell::RefCell;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use caddyctl_deploy::state::lock::Holder;
use caddyctl_deploy::transaction::setup::Step;
use caddyctl_language::source::shown;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::print;

/// Shows the steps on standard error.
pub struct Progress {
    bar: Option<ProgressBar>,
    last: RefCell<Option<(Step, Instant)>>,
    quiet: bool,
    failed_in: std::cell::Cell<Step>,
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
        Self { bar, last: RefCell::new(None), quiet, failed_in: std::cell::Cell::new(Step::Plan) }
    }

    /// A step begins, and the one before it has ended.
    pub fn step(&self, step: Step) {
        self.end_last();
        // An undo does not fail the deploy: what came before it did.
        if step != Step::Undo {
            self.failed_in.set(step);
        }
        if let Some(bar) = &self.bar {
            bar.set_message(step.name());
        }
        *self.last.borrow_mut() = Some((step, Instant::now()));
    }

    /// The step that a deploy which did not happen had come to.
    pub fn failed_in(&self) -> Step {
        self.failed_in.get()
    }

    /// Another deploy is waited for.
    pub fn waits(&self, holder: &Holder) {
        let line = format!("waiting for another deploy: {}", shown::line(&holder.to_string()));
        match &self.bar {
            Some(bar) => bar.println(line),
            None => print::stderr(line + "\n"),
        }
    }

    /// What Caddy logs while something is waited for.
    pub fn hears(&self, words: &str) {
        let line = format!("waiting  {}", shown::line(words));
        match &self.bar {
            Some(bar) => bar.println(line),
            None if !self.quiet => print::stderr(line + "\n"),
            None => {}
        }
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
