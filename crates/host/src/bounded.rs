//! A loader as one Caddyfile sees it: how much the Caddyfile may grow, and which files belong to its project.

use std::io;
use std::path::{Path, PathBuf};

use caddyctl_language::expand::join;
use caddyctl_language::source::{Limits, Loader};

use crate::Project;
use crate::project::is_of_system;

/// The files of another loader, with limits or a project of their own.
pub struct Bounded<'l> {
    loader: &'l dyn Loader,
    limits: Limits,
    project: Option<Project>,
    /// The path of the Caddyfile as it was given, where that names a file of the system: it was meant.
    given: Option<PathBuf>,
    maps: Vec<(PathBuf, PathBuf)>,
}

impl<'l> Bounded<'l> {
    /// The files of `loader`, for Caddyfiles that may grow as `limits` say.
    pub fn by_limits(loader: &'l dyn Loader, limits: Limits) -> Self {
        Self { loader, limits, project: None, given: None, maps: Vec::new() }
    }

    /// The files of `loader`, of which those outside the project of `entry` are known as such, but for the folders `also`.
    /// `entry` is a path as seen from the loader's base, or `-`.
    pub fn by_project(loader: &'l dyn Loader, entry: &Path, also: &[PathBuf]) -> Self {
        let also: Vec<PathBuf> = also.iter().map(|folder| loader.base().join(folder)).collect();
        let path = loader.base().join(entry);
        // Standard input, and what a shell hands over as a file, belong to the working directory.
        let given = (is_of_system(&path) || entry == Path::new("-")).then(|| path.clone());
        let path = if given.is_some() { loader.base().join("-") } else { path };
        let project = Some(Project::of(&path, &also));
        Self { loader, limits: loader.limits(), project, given, maps: Vec::new() }
    }

    /// The same, where imports of absolute paths below the first folder of a pair read the second one. The first pair that fits
    /// counts; relative folders start from the loader's base.
    #[must_use]
    pub fn with_maps(self, maps: &[(PathBuf, PathBuf)]) -> Self {
        let maps = maps.iter().map(|(from, to)| (from.clone(), clean(&self.loader.base().join(to))));
        Self { maps: maps.collect(), ..self }
    }
}

/// The path without `.` and `..`, as Go's `filepath.Clean` has it.
fn clean(path: &Path) -> PathBuf {
    join(path, "")
}

impl Loader for Bounded<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        // A file of the system, such as the environment of a process, is part of no configuration. An error would quote it.
        if self.project.is_some() && self.given.as_deref() != Some(path) {
            let real = std::fs::canonicalize(self.loader.on_disk(path));
            if real.is_ok_and(|real| is_of_system(&real) && real.is_file()) {
                return Err(io::Error::other("it is a system file, not a part of a configuration"));
            }
        }
        self.loader.read(path)
    }

    fn list(&self, path: &Path) -> Vec<String> {
        self.loader.list(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.loader.exists(path)
    }

    fn base(&self) -> &Path {
        self.loader.base()
    }

    fn refused(&self) -> Option<String> {
        self.loader.refused()
    }

    fn on_disk(&self, path: &Path) -> PathBuf {
        self.loader.on_disk(path)
    }

    fn mapped(&self, path: PathBuf) -> PathBuf {
        let mut fits = self.maps.iter().filter_map(|(from, to)| Some(to.join(path.strip_prefix(from).ok()?)));
        let found = fits.next();
        self.loader.mapped(found.unwrap_or(path))
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn is_outside(&self, path: &Path) -> bool {
        let is_in = |project: &Project| project.has(&self.loader.on_disk(path));
        match &self.project {
            Some(project) => self.given.as_deref() != Some(path) && !is_in(project),
            None => self.loader.is_outside(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Disk;

    #[test]
    fn each_bound_leaves_the_other_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("site")).unwrap();
        std::fs::write(path("secret"), "x").unwrap();
        let mut limits = Limits::default();
        limits.file = 7;
        let disk = Disk::new(path("site")).with_limits(limits);
        let project = Bounded::by_project(&disk, Path::new("Caddyfile"), &[]);
        assert_eq!(project.limits().file, 7);
        assert!(project.is_outside(&path("secret")) && !project.is_outside(&path("site/a")));
        let both = Bounded::by_limits(&project, Limits::default());
        assert_eq!(both.limits().file, Limits::default().file);
        assert!(both.is_outside(&path("secret")));
        let also = Bounded::by_project(&disk, Path::new("Caddyfile"), &[path("")]);
        assert!(!also.is_outside(&path("secret")));
        let maps = [("/etc/caddy".into(), "..".into()), ("/etc".into(), "/x".into())];
        let mapped = project.with_maps(&maps);
        let to = |from: &str| mapped.mapped(PathBuf::from(from));
        assert_eq!(to("/etc/caddy/a/*"), path("a/*"));
        assert_eq!((to("/etc/hosts"), to("/etcetera")), ("/x/hosts".into(), "/etcetera".into()));
        let given = Bounded::by_project(&disk, Path::new("/dev/stdin"), &[]);
        assert!(!given.is_outside(Path::new("/dev/stdin")) && given.is_outside(Path::new("/dev/null")));
    }
}
