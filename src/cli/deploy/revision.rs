//! The git revision of a folder. Read from the repository's own files: git need not be there, and refuses repositories of
//! other users. Nothing of the repository is run.

use std::path::{Path, PathBuf};

/// The commit that is checked out where `folder` lies, when that is a repository.
pub fn of(folder: &Path) -> Option<String> {
    let marker = folder.ancestors().map(|folder| folder.join(".git")).find(|path| path.exists())?;
    let git = git_folder(&marker)?;
    let head = read(&git.join("HEAD"))?;
    let Some(name) = head.strip_prefix("ref: ") else { return Some(head) };
    // A second work tree keeps branches in the folder of the first.
    let common = read(&git.join("commondir")).map_or_else(|| git.clone(), |path| git.join(path));
    [&git, &common].iter().find_map(|folder| read(&folder.join(name))).or_else(|| packed(&common, name))
}

/// `.git` is a folder, or a file that names one.
fn git_folder(marker: &Path) -> Option<PathBuf> {
    if marker.is_dir() {
        return Some(marker.to_owned());
    }
    Some(marker.parent()?.join(read(marker)?.strip_prefix("gitdir: ")?))
}

fn packed(git: &Path, name: &str) -> Option<String> {
    let all = read(&git.join("packed-refs"))?;
    all.lines()
        .find_map(|line| line.split_once(' ').filter(|(_, known)| *known == name))
        .map(|(id, _)| id.to_owned())
}

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn branches_packed_ones_and_work_trees() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        assert_eq!(of(folder.path()), None);
        put("a/.git/HEAD", "ref: refs/heads/main\n");
        put("a/.git/packed-refs", "# pack-refs\n1111 refs/heads/other\n2222 refs/heads/main\n");
        put("a/sites/x", "");
        assert_eq!(of(&folder.path().join("a/sites")).as_deref(), Some("2222"));
        put("a/.git/refs/heads/main", "3333\n");
        assert_eq!(of(&folder.path().join("a")).as_deref(), Some("3333"));
        put("b/.git", "gitdir: ../a/.git/worktrees/b\n");
        put("a/.git/worktrees/b/HEAD", "ref: refs/heads/main\n");
        put("a/.git/worktrees/b/commondir", "../..\n");
        assert_eq!(of(&folder.path().join("b")).as_deref(), Some("3333"));
        put("a/.git/HEAD", "4444\n");
        assert_eq!(of(&folder.path().join("a")).as_deref(), Some("4444"));
    }
}
