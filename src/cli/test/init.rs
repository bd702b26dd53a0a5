//! `test --init`: a first checks.toml.

use std::path::Path;
use std::process::ExitCode;

use caddyctl_analysis::checks::init;
use caddyctl_analysis::requests::Place;
use caddyctl_host::Machine;
use caddyctl_language::source::shown;

use super::Args;
use crate::cli::validate::seen::Seen;
use crate::cli::{model, print, trace};

/// Prints the file.
pub fn run(args: &Args, root: &Path) -> anyhow::Result<ExitCode> {
    let Some(side) = args.side(root, &Seen::default())? else { return Ok(ExitCode::from(2)) };
    let machine = Machine::new(root, args.environment.read()?);
    let program = model::program(&side, &args.config, &args.plugins)?;
    let at = |place: &Place| {
        trace::position(&side, place).map(|(file, line)| (shown::line(&file).into_owned(), line))
    };
    print::data(init(&program, &machine, &at))?;
    Ok(ExitCode::SUCCESS)
}
