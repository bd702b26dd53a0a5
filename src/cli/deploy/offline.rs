//! The checks of a source before anything changes: they run through the model, and nothing is sent.

use caddyctl_analysis::checks::{self, Outcome, State};
use caddyctl_analysis::diff::Side;
use caddyctl_analysis::requests::{Facts, Nothing, Program};
use caddyctl_analysis::routes::variables;
use caddyctl_deploy::place::Found;
use caddyctl_language::compile::Compilation;
use caddyctl_language::config::span_at;
use caddyctl_language::source::secrets;
use caddyctl_language::source::shown::line;
use caddyctl_language::source::variables::Mode;
use serde_json::Value;

use super::source::CHECKS;
use crate::cli::fault::Fault;

/// What to do about checks that fail.
const HELP: &str = "nothing was changed; `caddyctl test -v` shows what happens to each request; --no-checks skips the checks";

/// Runs the checks in `text` against the new configuration.
///
/// # Errors
///
/// The checks that fail.
pub(super) fn check(
    text: &[u8],
    config: &Value,
    compilation: &Compilation,
    found: &Found,
) -> Result<(), Fault> {
    // The text was understood before.
    let Ok(read) = checks::parse(&String::from_utf8_lossy(text)) else { return Ok(()) };
    let side = Side::json(CHECKS, config.clone());
    let program = Program::new(side.tree()).for_version(found.version());
    let machine = found.machine();
    let facts: &dyn Facts = if found.host.is_staged() { &Nothing } else { &machine };
    let outcomes = checks::run(&checks::cases(&read), &read, &program, facts);
    let failed: Vec<&Outcome> = outcomes.iter().filter(|outcome| outcome.state() == State::Failed).collect();
    if failed.is_empty() {
        return Ok(());
    }
    let document = compilation.config.as_ref().filter(|_| compilation.value().as_ref() == Some(config));
    let variables = variables(&compilation.sources);
    let one = |outcome: &&Outcome| {
        let pointer = outcome.answer.place.as_ref().map(|place| place.pointer.as_str());
        let span = document.zip(pointer).and_then(|(document, pointer)| span_at(document, pointer));
        let at = span.map(|span| format!(" (answered by {})", compilation.sources.place(span)));
        let sentence = secrets::hide_within(&variables.hide_distinct(&outcome.sentence(), Mode::Sentence));
        let (name, number) = (line(&outcome.case.name), outcome.case.line);
        format!("{CHECKS}:{number}: {name}: {}{}", line(&sentence), at.unwrap_or_default())
    };
    let lines: Vec<String> = failed.iter().map(one).collect();
    let message = match &lines[..] {
        [only] => format!("a check fails offline: {only}"),
        all => format!("{} of {} checks fail offline\n  {}", all.len(), outcomes.len(), all.join("\n  ")),
    };
    Err(Fault::input(message).help(HELP))
}
