//! `--coverage`: what no check reaches.

use caddyctl_analysis::checks::coverage::{Coverage, format};
use caddyctl_analysis::diff::Side;
use caddyctl_language::source::shown;

use crate::cli::print;

/// What is reported of coverage.
#[derive(Debug, clap::Args)]
pub struct Covered {
    /// Also list the routes, matchers and handlers that no check reaches. In a format other than text, the report is the only
    /// output, and the results of the checks go to standard error.
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    coverage: Option<Format>,
    /// Fail if less than this percentage of all routes, matchers and handlers is covered.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    min_coverage: Option<u8>,
}

/// The format of the coverage report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines of text.
    Text,
    /// A JSON object, described in docs/checks.md.
    Json,
    /// Tables in Markdown.
    Markdown,
    /// The Caddyfile with colours.
    Html,
}

impl Covered {
    /// Whether anybody asked.
    pub fn is_wanted(&self) -> bool {
        self.coverage.is_some() || self.min_coverage.is_some()
    }

    /// Whether the report is all that goes to standard output.
    pub fn is_only_output(&self) -> bool {
        self.coverage.is_some_and(|format| format != Format::Text)
    }

    /// The output, `checks` among it, and whether enough is covered.
    pub fn report(&self, coverage: &Coverage, side: &Side, checks: &str) -> (String, bool) {
        let text = match self.coverage {
            None => checks.to_owned(),
            Some(Format::Text) => format!("{checks}\n{}", format::text(coverage, side)),
            Some(other) => {
                print::stderr(checks);
                match other {
                    Format::Json => {
                        shown::json(&(format::json(coverage, side).to_string() + "\n")).into_owned()
                    }
                    Format::Markdown => format::markdown(coverage, side),
                    Format::Text | Format::Html => format::html(coverage, side),
                }
            }
        };
        let is_enough = self.min_coverage.is_none_or(|least| coverage.percent() >= f64::from(least));
        if !is_enough {
            let least = self.min_coverage.unwrap_or_default();
            print::stderr(format!(
                "error: the checks cover {:.1} % of the configuration, less than {least} %\n",
                coverage.percent()
            ));
        }
        (text, is_enough)
    }
}
