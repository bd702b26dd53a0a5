//! The files behind the paths on the command line: a folder stands for the Caddyfiles in it.

use std::path::{Path, PathBuf};

use caddyctl_host::{regular, work_tree};
use caddyctl_language::source::shown;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::fault::Fault;
use super::input::{self, STDIN};
use super::settings;

mod names;

/// What help says of a folder on the command line.
pub const FOLDER: &str = "For a folder, the command reads the files named Caddyfile, Caddyfile.*, *.caddyfile and *.caddy in \
it and in its subfolders, except templates, backups and files that git ignores. To change this, add a [files] table with \
include or exclude to caddyctl.toml.";

/// A file to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path, as given or below the folder that was given.
    pub path: PathBuf,
    /// The folder that it must not lead out of: the one that was given and in which it was found; `None` when it was named
    /// itself.
    pub folder: Option<PathBuf>,
}

impl Found {
    /// The same for the file that is meant when none is named: it may be a link that came with the folder, and must not lead
    /// out of the git work tree, or else out of the folder.
    pub fn stay_in_project(&mut self) {
        let folder = self.path.parent().and_then(|folder| Path::new(".").join(folder).canonicalize().ok());
        self.folder = self.folder.take().or_else(|| Some(around(folder?)));
    }

    /// Why the file is left alone: it is a link, or lies behind one, that leads out of the folder that was given. A
    /// checkout may have such links; who names a link itself means the file that it leads to.
    pub fn leads_out(&self) -> Option<Fault> {
        let folder = self.folder.as_ref()?;
        let (real, root) = (self.path.canonicalize().ok()?, folder.canonicalize().ok()?);
        if real.starts_with(root) {
            return None;
        }
        let message =
            format!("{} is skipped: it leads out of {}", shown::path(&self.path), shown::path(folder));
        Some(Fault::system(message).help("to include it, name the file that it leads to"))
    }
}

/// Which files of a folder are taken.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Selection {
    /// Skip files and folders that match this pattern when a folder is searched. The syntax is that of .gitignore. May be
    /// given several times.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
}

/// The files behind the paths of a command line.
pub struct Expanded {
    /// The files, each once.
    pub files: Vec<Found>,
    /// All folders that were searched.
    pub folders: Vec<PathBuf>,
}

/// Replaces each folder by the Caddyfiles in it and below it, in the order of their names; other paths stay as they
/// are. Hidden folders, those of other people's code (`vendor`, `node_modules`), links to folders, and what git ignores are
/// skipped. `is_isolated` skips the settings of a `caddyctl.toml`.
pub fn expand(paths: &[PathBuf], selection: &Selection, is_isolated: bool) -> anyhow::Result<Expanded> {
    let mut out = Expanded { files: Vec::new(), folders: Vec::new() };
    for path in paths {
        if path.as_path() == Path::new(STDIN) || !path.is_dir() {
            out.files.push(Found { path: path.clone(), folder: None });
            continue;
        }
        let before = out.files.len();
        let real = path.canonicalize().map_err(|error| Fault::unreadable(path, &error))?;
        let mut search = Search::new(path, &real, selection, is_isolated)?;
        search.folder(path, &real, &mut out)?;
        if out.files.len() == before {
            let help = "in a folder, caddyctl reads the files called Caddyfile, Caddyfile.*, *.caddyfile or *.caddy that git does \
                        not ignore; name a file, or add its name to `include` of [files] in caddyctl.toml";
            return Err(Fault::system(format!("no Caddyfile in the folder {}", shown::path(path)))
                .help(help)
                .into());
        }
    }
    let mut seen = std::collections::HashSet::new();
    out.files.retain(|file| seen.insert(file.path.clone()));
    Ok(out)
}

/// Keeps the first of several paths of one file.
pub fn keep_first(files: &mut Vec<Found>) {
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.path.canonicalize().unwrap_or_else(|_| file.path.clone())));
}

/// The project of the file `path`, without links: the git work tree around it, or else its folder.
pub fn project(path: &Path) -> Option<PathBuf> {
    Some(around(path.canonicalize().ok()?.parent()?.to_owned()))
}

/// The git work tree around `folder`, or else the folder.
pub fn around(folder: PathBuf) -> PathBuf {
    work_tree::top_of(&folder).unwrap_or(folder)
}

/// The largest file of ignore patterns (bytes).
const LARGEST: u64 = 1024 * 1024;

/// A search through a folder.
struct Search<'a> {
    /// The folder that was given.
    given: &'a Path,
    /// Patterns of git, of the folders above first.
    ignored: Vec<Gitignore>,
    included: Gitignore,
    excluded: [Gitignore; 2],
}

impl<'a> Search<'a> {
    fn new(given: &'a Path, real: &Path, selection: &Selection, is_isolated: bool) -> anyhow::Result<Self> {
        let here = input::working_directory()?;
        let here = here.canonicalize().unwrap_or(here);
        // The settings are those of a file in the folder.
        let found = settings::nearest(&real.join("Caddyfile"), is_isolated, &mut |_| ())?;
        let (files, folder) = found.map(|found| (found.settings.files, found.folder)).unwrap_or_default();
        let top = work_tree::top_of(real);
        let above = top.iter().flat_map(|top| {
            let between = real.ancestors().skip(1).take_while(|folder| folder.starts_with(top));
            let exclude = git_ignore(top, &top.join(".git/info/exclude"));
            let mut all: Vec<_> =
                between.map(|folder| git_ignore(folder, &folder.join(".gitignore"))).collect();
            all.push(exclude);
            all.reverse();
            all
        });
        Ok(Self {
            given,
            ignored: above.collect(),
            included: patterns(&folder, &files.include, "`include` of caddyctl.toml")?,
            excluded: [
                patterns(&folder, &files.exclude, "`exclude` of caddyctl.toml")?,
                patterns(&here, &selection.exclude, "--exclude")?,
            ],
        })
    }

    /// Adds the Caddyfiles of `folder`, which is `real` without links, and of the folders in it.
    fn folder(&mut self, folder: &Path, real: &Path, out: &mut Expanded) -> anyhow::Result<()> {
        out.folders.push(folder.to_owned());
        self.ignored.push(git_ignore(real, &real.join(".gitignore")));
        let unreadable = |error| Fault::unreadable(folder, &error);
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            entries.push((entry.file_name(), entry.file_type().map_err(unreadable)?));
        }
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (name, kind) in entries {
            let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
            let (real, name) = (real.join(&name), name.to_string_lossy());
            if self.skips(&real, kind.is_dir()) {
                continue;
            }
            if kind.is_dir() {
                if !names::is_foreign_folder(&name) {
                    self.folder(&path, &real, out)?;
                }
            } else if (names::is_caddyfile(&name) || self.included.matched(&real, false).is_ignore())
                && path.is_file()
            {
                out.files.push(Found { path, folder: Some(self.given.to_owned()) });
            }
        }
        self.ignored.pop();
        Ok(())
    }

    /// Whether the settings, the command line or git leave `path` out. The nearest file of patterns decides.
    fn skips(&self, path: &Path, is_folder: bool) -> bool {
        let by_git = || {
            let of = |patterns: &Gitignore| match patterns.matched(path, is_folder) {
                Match::None => None,
                found => Some(found.is_ignore()),
            };
            self.ignored.iter().rev().find_map(of).unwrap_or(false)
        };
        self.excluded.iter().any(|patterns| patterns.matched(path, is_folder).is_ignore()) || by_git()
    }
}

/// The patterns of a `.gitignore` for `folder`. One that cannot be read, or a line that is not a pattern, ignores nothing, as in git.
fn git_ignore(folder: &Path, file: &Path) -> Gitignore {
    let text = regular::read_text(file, LARGEST).unwrap_or_default();
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The patterns of a user, from `folder`. An error names their `origin` and quotes none: settings may come from anybody.
fn patterns(folder: &Path, lines: &[String], origin: &str) -> anyhow::Result<Gitignore> {
    let mut builder = GitignoreBuilder::new(folder);
    let malformed = || {
        Fault::system(format!("a pattern of {origin} is malformed"))
            .help("patterns are those of .gitignore, such as `old/` or `*.txt`")
    };
    for line in lines {
        builder.add_line(None, line).map_err(|_| malformed())?;
    }
    Ok(builder.build().map_err(|_| malformed())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path, paths: &[PathBuf], selection: &Selection) -> Vec<String> {
        let files = expand(paths, selection, false).unwrap().files;
        let name = |file: &Found| file.path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        files.iter().map(name).collect()
    }

    fn write(folder: &Path, files: &[(&str, &str)]) {
        for (file, text) in files {
            let path = folder.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }

    #[test]
    fn folders_are_searched_in_order_and_files_taken_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        write(at, &[("b/Caddyfile", ""), ("a.caddyfile", ""), ("b/.git/Caddyfile", ""), ("c.txt", "")]);
        write(at, &[("node_modules/x/Caddyfile", ""), ("vendor/Caddyfile", "")]);
        let paths = [at.into(), at.join("b/Caddyfile"), at.join("vendor/Caddyfile")];
        let expected = ["a.caddyfile", "b/Caddyfile", "vendor/Caddyfile"];
        assert_eq!(names(at, &paths, &Selection::default()), expected);
    }

    #[test]
    fn what_git_ignores_and_settings_exclude_is_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        for name in ["a", "b", "c", "d"] {
            write(at, &[(&format!("sub/{name}/Caddyfile"), ""), (&format!("sub/{name}.caddy"), "")]);
        }
        write(at, &[("sub/x.conf", ""), ("sub/a/x.conf", "")]);
        write(at, &[(".gitignore", "*.caddy\nb/\n"), ("sub/.gitignore", "!c.caddy\n/d\n")]);
        let all = |selection: &Selection| names(at, &[at.join("sub")], selection);
        // Outside of a repository the files of the folders above say nothing.
        let none = Selection::default();
        assert_eq!(all(&none).len(), 7);
        std::fs::create_dir(at.join(".git")).unwrap();
        assert_eq!(all(&none), ["sub/a/Caddyfile", "sub/c/Caddyfile", "sub/c.caddy"]);
        write(
            at,
            &[("caddyctl.toml", "[files]\ninclude = [\"sub/*.conf\"]\nexclude = [\"/sub/c.caddy\"]\n")],
        );
        assert_eq!(all(&none), ["sub/a/Caddyfile", "sub/c/Caddyfile", "sub/x.conf"]);
        let selection = Selection { exclude: vec!["c/".into()] };
        assert_eq!(all(&selection), ["sub/a/Caddyfile", "sub/x.conf"]);
        assert!(expand(&[at.join("sub")], &Selection { exclude: vec!["[z-a]".into()] }, true).is_err());
        // A file that is named is taken.
        assert_eq!(names(at, &[at.join("sub/b.caddy")], &none), ["sub/b.caddy"]);
    }
}
