//! `caddyctl explain`.

use std::process::ExitCode;

use caddyctl::diagnostics::Code;
use caddyctl::lint;

use super::fault::Fault;
use super::print;

/// Arguments of `caddyctl explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// The code in a fault's brackets, such as E0201 or C001, or its name, such as unknown-directive. Without it, all are
    /// listed.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

const HELP: &str = "Examples:
  caddyctl explain E0201
  caddyctl explain unknown-directive
  caddyctl explain

Exit status: 0 explained; 2 there is no such code.";

/// Prints the page of a code, or the list of all.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some(wanted) = &args.code else {
        print::stdout(list())?;
        return Ok(ExitCode::SUCCESS);
    };
    let is_wanted =
        |code: &&Code| code.id.eq_ignore_ascii_case(wanted) || code.name.eq_ignore_ascii_case(wanted);
    let of_rule = lint::find(wanted).map(|rule| (rule.code, rule.page));
    let of_code = || {
        let code = Code::ALL.iter().find(is_wanted)?;
        Some((*code, code.page().unwrap_or_default()))
    };
    let Some((code, page)) = of_rule.or_else(of_code) else {
        let fault = Fault::world(format!("there is no code `{wanted}`"));
        return Err(fault.help("run `caddyctl explain` to list them all").into());
    };
    print::stdout(format!("{}: {}\n\n{page}", code.id, code.name))?;
    Ok(ExitCode::SUCCESS)
}

/// One line for each code, those of the compiler first.
fn list() -> String {
    let codes = Code::ALL.iter().map(|code| (*code, code.summary().unwrap_or_default()));
    let all: Vec<_> = codes.chain(lint::ALL.iter().map(|rule| (rule.code, rule.summary))).collect();
    let width = all.iter().map(|(code, _)| code.name.len()).max().unwrap_or(0);
    let line = |(code, summary): &(Code, &str)| format!("{:5}  {:width$}  {summary}\n", code.id, code.name);
    all.iter().map(line).collect()
}
