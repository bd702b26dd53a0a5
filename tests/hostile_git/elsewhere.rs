//! A `.git` that leads to files of other repositories.

use std::fs;
use std::os::unix::fs::symlink;

use super::PROGRAM;
use super::place::Place;

#[test]
fn the_repository_of_another_folder_is_not_read() {
    let place = Place::new();
    place.repository("work/private");
    place.git("work/private", &["worktree", "add", "-q", "../linked", "HEAD"]);
    place.repository("work/outer");
    place.git("work/outer", &["submodule", "--quiet", "add", "../private", "inner"]);
    place.write("work/opened/Caddyfile", "x.example {\n\trespond new\n}\n");
    let diff = |folder: &str| place.run(PROGRAM, &["diff", "--against", "HEAD", "Caddyfile"], folder);
    for own in ["work/private", "work/linked", "work/outer/inner"] {
        let (status, _, error) = diff(own);
        assert!(status < 2, "{own}: {error}");
    }
    let refuses = || {
        let (status, out, error) = diff("work/opened");
        assert!(status == 2 && out.is_empty(), "{out}");
        assert!(error.contains("the repository of another folder"), "{error}");
    };
    place.write("work/opened/.git", "gitdir: ../private/.git\n");
    refuses();
    place.write(
        "work/opened/.git",
        &format!("gitdir: {}\n", place.at("work/private/.git/worktrees/linked").display()),
    );
    refuses();
    fs::remove_file(place.at("work/opened/.git")).unwrap();
    symlink("../private/.git", place.at("work/opened/.git")).unwrap();
    refuses();
    // A repository of this folder that is kept elsewhere can say so, as the help has it.
    fs::remove_file(place.at("work/opened/.git")).unwrap();
    place.git("work/opened", &["init", "-q", "--separate-git-dir", "../kept"]);
    place.git("work/opened", &["add", "Caddyfile"]);
    place.git("work/opened", &["commit", "-q", "-m", "one"]);
    refuses();
    place.git("work/opened", &["config", "core.worktree", place.at("work/opened").to_str().unwrap()]);
    let (status, _, error) = diff("work/opened");
    assert_eq!(status, 0, "{error}");
}

#[test]
fn a_git_folder_that_leads_to_other_files_is_not_read() {
    let place = Place::new();
    place.repository("work/private");
    let main = fs::read_to_string(place.at("work/private/.git/refs/heads/main")).unwrap();
    let plant: [(&str, &dyn Fn()); 4] = [
        ("objects/info/alternates", &|| {
            let objects = place.at("work/private/.git/objects");
            place.write("work/opened/.git/objects/info/alternates", objects.to_str().unwrap());
        }),
        ("commondir", &|| place.write("work/opened/.git/commondir", "../../private/.git")),
        ("objects", &|| {
            fs::remove_dir_all(place.at("work/opened/.git/objects")).unwrap();
            symlink(place.at("work/private/.git/objects"), place.at("work/opened/.git/objects")).unwrap();
        }),
        // git would quote the line that it does not understand.
        ("packed-refs", &|| {
            place.write("outside", "private line\n");
            symlink(place.at("outside"), place.at("work/opened/.git/packed-refs")).unwrap();
        }),
    ];
    for (path, plant) in plant {
        place.repository("work/opened");
        place.write("work/opened/.git/refs/heads/other", &main);
        plant();
        let (status, out, error) =
            place.run(PROGRAM, &["diff", "--against", "other", "Caddyfile"], "work/opened");
        assert!(status == 2 && out.is_empty(), "{path}: {out}");
        assert!(error.contains(&format!(".git/{path} leads out of the repository")), "{path}: {error}");
        assert!(!error.contains("private line"), "{error}");
        fs::remove_dir_all(place.at("work/opened")).unwrap();
    }
}
