//! The version of the installed Caddy.

use std::path::Path;
use std::time::Duration;

use caddyctl_deploy::compiler::Caddy;
use caddyctl_language::Version;
use caddyctl_language::source::{Env, shown};

use crate::cli::fault::Fault;
use crate::cli::program;

/// How long `caddy version` may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the program `caddy` in `PATH` says.
pub fn version() -> anyhow::Result<Version> {
    let help = "pass the version, such as `--from 2.10.2`";
    let Some(program) = program::find("caddy") else {
        return Err(Fault::system("cannot find the program `caddy` in PATH").help(help).into());
    };
    let env = Env::empty();
    let caddy = Caddy {
        program: program.clone(),
        env: &env,
        user: None,
        launcher: Path::new(""),
        within: PATIENCE,
        memory: 0,
    };
    let printed = caddy.version();
    Version::known(&printed).map_err(|_| {
        let message = format!("unknown version `{}` of {}", shown::line(&printed), shown::path(&program));
        Fault::system(message).help(format!("known versions are {}", Version::list())).into()
    })
}
