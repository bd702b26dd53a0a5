//! The git work tree around a folder, found without git: which folder it is, and whose files they are.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use crate::{os, regular};

/// The longest `.git` or `commondir` file: they hold one path (bytes).
const LONGEST: u64 = 64 * 1024;

/// The most entries of a git folder whose owner is looked at.
const MOST: usize = 10_000;

/// The top of the work tree in which `folder` lies: the nearest folder with a `.git` in it, from `folder` upwards.
/// Nothing is opened. `folder` should be absolute.
pub fn top_of(folder: &Path) -> Option<PathBuf> {
    let top = folder.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok())?;
    Some(top.to_owned())
}

/// The first file of the work tree at `top` that has another owner than `user`: the top, its `.git`, and what lies in the
/// folders that git reads settings and names of revisions from.
pub fn owned_by_another(top: &Path, user: u32) -> Option<(PathBuf, u32)> {
    let another = |path: &Path, found: std::io::Result<Metadata>| {
        let owner = os::owner(&found.ok()?)?;
        (owner != user).then(|| (path.to_owned(), owner))
    };
    let marker = top.join(".git");
    let first = [top, &marker].into_iter().find_map(|path| another(path, path.symlink_metadata()));
    if first.is_some() {
        return first;
    }
    let folder = git_folder(&marker)?;
    let common = common_folder(&folder);
    [Some(folder), common].into_iter().flatten().find_map(|folder| {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten().take(MOST);
        let inside =
            entries.map(|entry| entry.path()).find_map(|path| another(&path, path.symlink_metadata()));
        another(&folder, folder.metadata()).or(inside)
    })
}

/// `.git` is a folder, a link to one, or a file that names one.
fn git_folder(marker: &Path) -> Option<PathBuf> {
    if marker.is_dir() {
        return marker.canonicalize().ok();
    }
    let named = regular::read_text(marker, LONGEST).ok()?;
    marker.parent()?.join(named.strip_prefix("gitdir: ")?.trim_end()).canonicalize().ok()
}

/// The repository that the `.git` of the work tree at `top` leads to, where that lies elsewhere and does not name this work tree
/// as its own: a folder that somebody else made can have the `.git` of any repository on the machine. That of a linked work
/// tree has its path in `gitdir`, that of a submodule in `core.worktree`.
pub fn foreign_repository(top: &Path) -> Option<PathBuf> {
    let folder = git_folder(&top.join(".git"))?;
    let is_top = |path: PathBuf| path.canonicalize().is_ok_and(|path| path == top);
    let read = |name: &str| regular::read_text(&folder.join(name), LONGEST).unwrap_or_default();
    let is_linked =
        || folder.join(read("gitdir").trim_end()).parent().is_some_and(|path| is_top(path.to_owned()));
    let is_submodule = || {
        let config = read("config");
        let settings = config.lines().filter_map(|line| line.split_once('='));
        let mut named = settings.filter(|(name, _)| name.trim() == "worktree");
        named.any(|(_, path)| is_top(folder.join(path.trim().trim_matches('"'))))
    };
    let is_own = folder.starts_with(top) || is_linked() || is_submodule();
    (!is_own).then_some(folder)
}

/// What makes git read files outside of the repository of the work tree at `top`: a list of alternates, a link that leads out
/// of it, or a `commondir` that names another one. A folder that somebody else made can name any file on the machine: objects of another repository would be read
/// as those of a revision, and a line of a private file would be quoted as one of `packed-refs` that git does not understand.
pub fn leading_out(top: &Path) -> Option<PathBuf> {
    let own = git_folder(&top.join(".git"))?;
    let common = common_folder(&own).unwrap_or_else(|| own.clone());
    // The folder of a linked work tree lies in that of its repository.
    if !own.starts_with(&common) {
        return Some(own.join("commondir"));
    }
    let leads_out = |path: &PathBuf| {
        path.symlink_metadata().is_ok_and(|found| found.is_symlink())
            && !path.canonicalize().is_ok_and(|to| to.starts_with(&common))
    };
    let objects = common.join("objects");
    let alternates = ["alternates", "http-alternates"].map(|name| objects.join("info").join(name));
    let mut listed = alternates.into_iter().filter(|path| path.symlink_metadata().is_ok());
    // Loose objects lie in folders of two digits.
    let loose = (0..=u8::MAX).map(|byte| objects.join(format!("{byte:02x}")));
    let mut folders =
        [&own, &common].into_iter().cloned().chain([objects.clone(), objects.join("pack")]).chain(loose);
    listed.next().or_else(|| {
        folders.find_map(|folder| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST);
            // Shared hooks are never run.
            entries.filter(|entry| entry.file_name() != "hooks").map(|entry| entry.path()).find(leads_out)
        })
    })
}

/// A further work tree keeps its settings and branches in the folder of the first.
fn common_folder(folder: &Path) -> Option<PathBuf> {
    let named = regular::read_text(&folder.join("commondir"), LONGEST).ok()?;
    folder.join(named.trim_end()).canonicalize().ok()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn the_nearest_folder_with_a_git_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("a/.git")).unwrap();
        fs::create_dir_all(at("a/b/c")).unwrap();
        fs::write(at("a/b/.git"), "gitdir: ../.git\n").unwrap();
        assert_eq!(top_of(&at("a/b/c")), Some(at("a/b")));
        assert_eq!(top_of(&at("a")), Some(at("a")));
        assert_eq!(git_folder(&at("a/b/.git")), Some(at("a/.git").canonicalize().unwrap()));
    }

    #[test]
    fn links_and_lists_that_lead_out_of_a_repository_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().canonicalize().unwrap().join(path);
        fs::create_dir_all(at("other/objects/pack")).unwrap();
        fs::write(at("other/objects/one"), "").unwrap();
        for path in ["pack", "info", "ab"] {
            fs::create_dir_all(at("a/.git/objects").join(path)).unwrap();
        }
        assert_eq!(leading_out(&at("a")), None);
        for (path, to) in [
            ("objects/pack/p.pack", "other/objects/one"),
            ("objects/ab/cd", "other/objects/one"),
            ("objects/ff", "other/objects"),
            ("packed-refs", "other/objects/one"),
            ("objects/info/alternates", "other/objects"),
            ("objects/info/alternates", "nowhere"),
        ] {
            let path = at("a/.git").join(path);
            std::os::unix::fs::symlink(at(to), &path).unwrap();
            assert_eq!(leading_out(&at("a")), Some(path.clone()));
            fs::remove_file(&path).unwrap();
        }
        // A link that stays in the repository leads to no other, and hooks are not run.
        std::os::unix::fs::symlink(at("other"), at("a/.git/hooks")).unwrap();
        std::os::unix::fs::symlink("ab", at("a/.git/objects/ac")).unwrap();
        assert_eq!(leading_out(&at("a")), None);
        fs::write(at("a/.git/objects/info/alternates"), at("other/objects").to_str().unwrap()).unwrap();
        assert_eq!(leading_out(&at("a")), Some(at("a/.git/objects/info/alternates")));
        fs::remove_dir_all(at("a/.git/objects")).unwrap();
        std::os::unix::fs::symlink(at("other/objects"), at("a/.git/objects")).unwrap();
        assert_eq!(leading_out(&at("a")), Some(at("a/.git/objects")));
        fs::write(at("a/.git/commondir"), "../../other").unwrap();
        assert_eq!(leading_out(&at("a")), Some(at("a/.git/commondir")));
        fs::remove_file(at("a/.git/commondir")).unwrap();
        // A linked work tree has the objects of the first one.
        fs::create_dir_all(at("b")).unwrap();
        fs::create_dir_all(at("a/.git/worktrees/b")).unwrap();
        fs::write(at("a/.git/worktrees/b/commondir"), "../..").unwrap();
        fs::write(at("b/.git"), format!("gitdir: {}", at("a/.git/worktrees/b").display())).unwrap();
        assert_eq!(leading_out(&at("b")), Some(at("a/.git/objects")));
    }

    #[test]
    fn an_owner_that_differs_is_found_wherever_git_reads() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at(".git")).unwrap();
        fs::write(at(".git/config"), "").unwrap();
        let me = folder.path().metadata().unwrap().uid();
        assert_eq!(owned_by_another(folder.path(), me), None);
        assert_eq!(owned_by_another(folder.path(), me + 1).unwrap(), (folder.path().to_owned(), me));
        if me != 0 {
            return;
        }
        // Only root can give files away.
        for path in [".git/config", ".git", "."] {
            std::os::unix::fs::chown(at(path), Some(977), None).unwrap();
            assert_eq!(owned_by_another(folder.path(), 0).unwrap().1, 977, "{path}");
            std::os::unix::fs::chown(at(path), Some(0), None).unwrap();
        }
        fs::create_dir(at("second")).unwrap();
        fs::write(at("second/.git"), "gitdir: ../.git\n").unwrap();
        fs::write(at(".git/HEAD"), "").unwrap();
        std::os::unix::fs::chown(at(".git/HEAD"), Some(977), None).unwrap();
        assert_eq!(owned_by_another(&at("second"), 0).unwrap().1, 977);
    }
}
