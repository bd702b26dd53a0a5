//! `caddyctl explain`: the page of a code, or of a word of the language.

use std::process::ExitCode;

use caddyctl_analysis::lint;
use caddyctl_language::diagnostics::Code;
use caddyctl_language::source::shown;
use caddyctl_language::{reference, spec};

use super::completions::candidates;
use super::fault::Fault;
use super::with::Plugins;
use super::{input, print};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Explain an error code, lint rule, directive, option, matcher or module";

#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// A code such as E0201 or C001, its name such as unknown-directive, or the name of a directive, global option, matcher,
    /// module or subdirective. Without it, list all codes.
    #[arg(value_name = "CODE|WORD", add = candidates::pages())]
    wanted: Option<String>,
    #[command(flatten)]
    plugins: Plugins,
}

const HELP: &str = "Examples:
  caddyctl explain E0201
  caddyctl explain unknown-directive
  caddyctl explain reverse_proxy
  caddyctl explain lb_policy
  caddyctl explain

Exit status: 0 success; 2 unknown code or word.";

/// Prints the page of a code or a word, or the list of all codes.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let Some(wanted) = &args.wanted else {
        print::stdout(list(print::width()))?;
        return Ok(ExitCode::SUCCESS);
    };
    let here = input::working_directory()?.join(input::DEFAULT);
    let known = args.plugins.known(&here, false, &mut |_| ())?;
    // `tls` is a directive and the name of a code.
    let pages: Vec<String> =
        reference::page(&known.registry, wanted).into_iter().chain(page_of_code(wanted)).collect();
    if pages.is_empty() {
        let fault = Fault::system(format!("unknown code or word `{}`", shown::line(wanted)));
        let codes = Code::ALL.iter().chain(lint::all().map(|rule| &rule.code)).map(|code| code.name);
        let words = reference::among(&known.registry).map(|entry| entry.name);
        return Err(match spec::suggest(wanted, codes.chain(words)) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help("run `caddyctl explain` to list the codes"),
        }
        .into());
    }
    print::stdout(pages.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// The page of a code, by its number or its name.
fn page_of_code(wanted: &str) -> Option<String> {
    let is_wanted =
        |code: &&Code| code.id.eq_ignore_ascii_case(wanted) || code.name.eq_ignore_ascii_case(wanted);
    let of_rule = lint::find(wanted).map(|rule| (rule.code, rule.page));
    let of_code = || {
        let code = Code::ALL.iter().find(is_wanted)?;
        Some((*code, code.page().unwrap_or_default()))
    };
    let (code, page) = of_rule.or_else(of_code)?;
    Some(format!("# {}: {}\n\n{page}", code.id, code.name))
}

/// The least room for summaries (columns).
const LEAST: usize = 20;

/// One line for each code, those of the compiler first. Summaries that are too long for a terminal with `columns` columns go
/// on in the next line.
fn list(columns: Option<usize>) -> String {
    let codes = Code::ALL.iter().map(|code| (*code, code.summary().unwrap_or_default()));
    let all: Vec<_> = codes.chain(lint::all().map(|rule| (rule.code, rule.summary))).collect();
    let width = all.iter().map(|(code, _)| code.name.len()).max().unwrap_or(0);
    let start = 5 + 2 + width + 2;
    // With less room, words would be one below the other; the terminal breaks such lines better.
    let columns = columns.filter(|columns| columns.saturating_sub(start) >= LEAST);
    let line = |(code, summary): &(Code, &str)| {
        let summary = summary.trim_end_matches('.');
        let summary =
            columns.map_or(summary.into(), |columns| shown::broken(summary, (start, start), columns));
        format!("{:5}  {:width$}  {summary}\n", code.id, code.name)
    };
    all.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_summaries_are_broken_at_the_terminal() {
        assert!(list(Some(80)).lines().all(|line| line.chars().count() <= 80), "{}", list(Some(80)));
        assert_eq!(list(Some(50)), list(None), "the room is too small");
    }
}
