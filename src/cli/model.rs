//! The model of requests for the version of Caddy that counts.

use std::path::Path;

use caddyctl_analysis::advisories::Subject;
use caddyctl_analysis::diff::Side;
use caddyctl_analysis::requests::{FOLLOWED, Program};
use caddyctl_analysis::upgrade::between;
use caddyctl_language::Version;

use super::with::Plugins;
use super::{input, print};

/// The program of a configuration as the version answers that the command line or the settings of `path` name. What it answers
/// otherwise, and the model does not follow, is named on standard error.
pub fn program<'s>(side: &'s Side, path: &Path, plugins: &Plugins) -> anyhow::Result<Program<'s>> {
    let here = input::working_directory()?;
    let path = if path == Path::new(input::STDIN) { Path::new(input::DEFAULT) } else { path };
    let version = plugins.named(&here.join(path), false)?.unwrap_or_default();
    if version != Version::default() {
        let config = side.whole();
        let found = between(&Subject::of_side(side, &config), Version::default(), version);
        for found in found.iter().filter(|found| !FOLLOWED.contains(&found.change.name)) {
            let (_, now) = found.behaviour();
            print::stderr(format!(
                "warning: the answers are those of Caddy {} in one thing that {version} does otherwise: {now}\n",
                Version::default()
            ));
        }
    }
    Ok(Program::new(side.tree()).for_version(version))
}
