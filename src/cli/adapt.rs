//! `caddyctl adapt`: what `caddy adapt` prints.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caddyctl_host::Machine;
use caddyctl_language::compile::{self, Compilation};
use caddyctl_language::config::write::Style;
use caddyctl_language::diagnostics::render::{Report, full};
use caddyctl_language::diagnostics::{Diagnostic, opaque};
use caddyctl_language::source::{Env, Loader, shown};

use super::environment::{Environment, OfService};
use super::limits::Raise;
use super::with::{Build, Plugins};
use super::{colour, input, print, provision};

/// What the command is for, in the list of commands and above its help.
pub const ABOUT: &str = "Print the same JSON as `caddy adapt`";

// The short options are Caddy's.
#[derive(Debug, clap::Args)]
#[command(about = ABOUT, after_help = HELP)]
pub struct Args {
    /// The Caddyfile; `-` reads standard input. Without it, the Caddyfile of this folder.
    #[arg(short, long, value_name = "PATH", default_value = input::DEFAULT)]
    config: PathBuf,
    /// The format of the input; only `caddyfile` is supported.
    #[arg(short, long, value_parser = [ADAPTER], default_value = ADAPTER, hide_default_value = true)]
    #[arg(value_name = "NAME", hide_possible_values = true)]
    adapter: String,
    /// The file name of standard input in messages; imports are relative to its folder.
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    /// Indent the JSON.
    #[arg(short, long)]
    pretty: bool,
    /// Also report errors that Caddy finds only when it loads the configuration, such as missing certificates.
    #[arg(long)]
    validate: bool,
    #[command(flatten)]
    environment: Environment,
    #[command(flatten)]
    service: OfService,
    #[command(flatten)]
    raise: Raise,
    #[command(flatten)]
    plugins: Plugins,
}

/// The form of the input.
const ADAPTER: &str = "caddyfile";

const HELP: &str = "Examples:
  caddyctl adapt --pretty
  caddyctl adapt --config /etc/caddy/Caddyfile --envfile /etc/caddy/env
  caddyctl adapt --config - < Caddyfile | jq .apps.http

Standard output is the same JSON as that of Caddy 2.11.9, or of the version of --for, byte for byte. Warnings and errors go to standard error.

Exit status: 0 success; 1 the Caddyfile has errors; 2 usage error, or a file cannot be read.";

/// Prints the JSON of a Caddyfile.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let text = input::read(&args.config, args.raise)?;
    let env = args.environment.read_with(&args.service)?;
    let disk = input::disk(args.raise)?;
    let known = args.plugins.known(&disk.base().join(args.name()), false, &mut |_| ())?;
    if let Some(settings) = &known.settings {
        print::stderr(format!("note: {} adds plugins to the language\n", shown::path(settings)));
    }
    known.warn();
    // The program of `--caddy` may have to read the same text.
    let copy = known.build.is_some().then(|| text.clone());
    let mut compilation = compile::adapt_with(&known.registry, &name(args.name()), text, &env, &disk);
    known.judge(&mut compilation.diagnostics);
    if let Some(build) =
        known.build.as_ref().filter(|_| compilation.is_ok() && !compilation.opaque.is_empty())
    {
        return args.ask(build, copy.as_deref(), &compilation, &env);
    }
    let adapted = compilation.is_ok() && compilation.opaque.is_empty();
    compilation.diagnostics = compilation.diagnostics.into_iter().map(opaque::without_json).collect();
    if args.validate {
        let machine = Machine::new(input::working_directory()?, env);
        provision::check(&mut compilation, Some(&machine));
    }
    if !compilation.diagnostics.is_empty() {
        let report = Report { sources: &compilation.sources, diagnostics: &compilation.diagnostics };
        print::stderr_styled(full::render(&[report], colour::on_stderr()));
    }
    if adapted {
        let style = if args.pretty { Style::Pretty } else { Style::Compact };
        print::data_with(|out| {
            compilation.write(style, &mut *out)?;
            out.write_all(b"\n")
        })?;
    }
    let failed = compilation.diagnostics.iter().any(Diagnostic::is_error);
    Ok(ExitCode::from(u8::from(failed)))
}

impl Args {
    /// Prints what the program of `--caddy` makes of the file.
    fn ask(
        &self,
        build: &Build,
        text: Option<&[u8]>,
        compilation: &Compilation,
        env: &Env,
    ) -> anyhow::Result<ExitCode> {
        let text = text.filter(|_| self.config == Path::new(input::STDIN));
        let json = build.adapt(&self.config, text, env, self.pretty)?;
        let report = Report { sources: &compilation.sources, diagnostics: &compilation.diagnostics };
        print::stderr_styled(full::render(&[report], colour::on_stderr()));
        print::stderr(format!("note: this is the JSON of {}\n", build.has().program));
        print::data(json)?;
        Ok(ExitCode::SUCCESS)
    }

    /// The name that the file goes by.
    fn name(&self) -> &Path {
        match &self.stdin_filename {
            Some(name) if self.config == Path::new(input::STDIN) => name,
            _ => &self.config,
        }
    }
}

/// The name of the file as Caddy has it: the path as given.
fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
