//! The files that are installed on the host, and what they compile to.

use std::path::Path;

use caddyctl_deploy::artifact::{Artifact, Role};
use caddyctl_deploy::files::disk::Disk;
use caddyctl_deploy::files::host::Host;
use caddyctl_deploy::source::overlay::Overlay;
use caddyctl_host::Bounded;
use caddyctl_language::source::shown;

use super::place::Found;

impl Found {
    /// Compiles the installed Caddyfile; the error is in words.
    pub fn compile_installed(&self) -> Result<Vec<u8>, String> {
        self.compile_at(&self.host.caddyfile)
    }

    /// Compiles the Caddyfile at `path` of the host, as the service would at its next start; the error is in words.
    pub fn compile_at(&self, path: &Path) -> Result<Vec<u8>, String> {
        let host = Host { caddyfile: path.to_owned(), ..self.host.clone() };
        let main = host.on_disk(path);
        let disk = Disk::new(&host.root, "/");
        let disk = Bounded::by_limits(&disk, self.limits_of_installed());
        let overlay = Overlay::new(&host, &disk, &main, None);
        let compilation =
            overlay.compile(&self.env).map_err(|error| format!("{}: {error}", shown::path(&main)))?;
        let faulty = || {
            let first = compilation.diagnostics.iter().find(|found| found.is_error());
            format!(
                "{}: {}",
                shown::path(&main),
                first.map(|found| found.message.clone()).unwrap_or_default()
            )
        };
        if !compilation.is_ok() && (overlay.has_unfit() || compilation.is_stopped_by_limit()) {
            return Err(faulty());
        }
        let asked = self.judge(compilation.json(), |caddy| caddy.adapt(&main));
        let verdict = asked.map_err(|error| format!("{}: {error}", shown::path(&main)))?;
        verdict.map(|verdict| verdict.json).ok_or_else(faulty)
    }

    /// The files that are installed, and what they compile to (`null` when they do not); `None` when there are none.
    pub fn installed(&self) -> Option<Artifact> {
        let disk = Disk::new(&self.host.root, "/");
        let disk = Bounded::by_limits(&disk, self.limits_of_installed());
        let main = self.host.on_disk(&self.host.caddyfile);
        let overlay = Overlay::new(&self.host, &disk, &main, None);
        let compilation = overlay.compile(&self.env).ok()?;
        let json = self.compile_installed().unwrap_or_else(|_| b"null".to_vec());
        let mut artifact = overlay.artifact(&compilation, json).ok()?;
        artifact.files.retain(|file| file.path.starts_with(self.host.config_folder()));
        for file in artifact.files.iter_mut().filter(|file| file.role == Role::Import) {
            file.role = Role::HostImport;
        }
        Some(artifact)
    }
}
