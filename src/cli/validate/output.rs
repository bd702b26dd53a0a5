//! Where the findings go, and what else is printed of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use caddyctl_language::diagnostics::render::Report;

/// The arguments.
#[derive(Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Output {
    /// Write the report to this file instead of standard output.
    #[arg(long = "output-file", value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Print how many findings each code has, instead of the findings.
    #[arg(long)]
    pub statistics: bool,
    /// Exit with 0 whatever is found; usage and system errors still exit with 2.
    #[arg(long)]
    pub exit_zero: bool,
    /// Print nothing; only set the exit status.
    #[arg(short, long)]
    pub quiet: bool,
    /// Print the files that would be checked, and check nothing.
    #[arg(long)]
    pub show_files: bool,
    /// Print the settings for each file, and check nothing.
    #[arg(long)]
    pub show_settings: bool,
}

/// How many findings each code has, the commonest first.
pub fn statistics(reports: &[Report]) -> String {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for found in reports.iter().flat_map(|report| report.diagnostics) {
        *counts.entry((found.code.id, found.code.name)).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut text = String::new();
    for ((id, name), count) in counts {
        let _ = writeln!(text, "{count:6}  {id:5}  {name}");
    }
    if text.is_empty() { "no findings\n".to_owned() } else { text }
}
