//! Links and further names of files, below `/etc` and below `--root`.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown, lchown, symlink};
use std::process::Command;

use super::{Scene, USER};
use crate::deploy::bench::{err, out};

#[test]
fn a_link_of_another_user_is_refused() {
    let Some(scene) = Scene::new("a_link_of_another_user_is_refused") else { return };
    let caddyfile = scene.path("root/etc/caddy/Caddyfile");
    fs::rename(scene.path("victim"), scene.path("root/victim")).unwrap();
    symlink("root/victim", scene.path("victim")).unwrap();
    symlink("../../victim", &caddyfile).unwrap();
    lchown(&caddyfile, Some(USER), None).unwrap();
    scene.refuses("/etc/caddy/Caddyfile belongs to user 977, who could lead this to any file");
    scene.refuses("or make root its owner: `chown -h root: ");
    lchown(&caddyfile, Some(0), None).unwrap();
    let deployed = scene.deploy(&["--no-drop-in"]);
    assert!(deployed.status.success(), "{}", err(&deployed));
    assert!(fs::read_to_string(scene.path("root/victim")).unwrap().starts_with("import sites/*"));
    assert!(caddyfile.is_symlink());
}

#[test]
fn a_folder_that_is_a_link_of_another_user_is_refused() {
    for folder in ["etc/caddy/sites", "etc/systemd/system", "usr/local/bin", "var/lib"] {
        let Some(scene) = Scene::new("a_folder_that_is_a_link_of_another_user_is_refused") else { return };
        fs::create_dir(scene.path("root/elsewhere")).unwrap();
        let link = scene.path("root").join(folder);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink("/elsewhere", &link).unwrap();
        lchown(&link, Some(USER), None).unwrap();
        let refused = scene.deploy(&[]);
        assert_eq!(refused.status.code(), Some(2), "{folder}: {}{}", out(&refused), err(&refused));
        assert!(err(&refused).contains("belongs to user 977"), "{folder}: {}", err(&refused));
        assert_eq!(fs::read_dir(scene.path("root/elsewhere")).unwrap().count(), 0, "{folder}");
        assert!(!scene.path("root/etc/caddy/Caddyfile").exists(), "{folder}");
    }
}

#[test]
fn a_second_name_of_another_users_file_is_refused() {
    let Some(scene) = Scene::new("a_second_name_of_another_users_file_is_refused") else { return };
    fs::hard_link(scene.path("victim"), scene.path("root/etc/caddy/Caddyfile")).unwrap();
    chown(scene.path("root/etc/caddy"), Some(USER), None).unwrap();
    scene.refuses("it has hard links");
}

#[test]
fn a_root_is_never_left() {
    for (link, to) in [
        ("etc/caddy/Caddyfile", "OUTSIDE/victim"),
        ("etc/caddy/Caddyfile", "../../../outside/victim"),
        ("etc/caddy/sites", "OUTSIDE"),
        ("etc/caddy", "OUTSIDE"),
        ("etc", "OUTSIDE"),
        ("etc/systemd", "OUTSIDE"),
        ("etc/systemd/system/caddy.service.d", "OUTSIDE"),
        ("usr/local/bin", "OUTSIDE"),
        ("usr/local/bin/caddyctl", "OUTSIDE/victim"),
        ("var", "../../outside"),
        ("var/lib", "OUTSIDE"),
        ("var/lib/caddyctl", "OUTSIDE"),
        ("etc/passwd", "OUTSIDE/victim"),
        ("etc/group", "OUTSIDE/group"),
    ] {
        let Some(scene) = Scene::new("a_root_is_never_left") else { return };
        let outside = scene.path("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("victim"), "SECRET of root\n").unwrap();
        fs::write(outside.join("group"), "caddy:x:4321:\n").unwrap();
        fs::write(outside.join("one"), "SECRET\n").unwrap();
        let at = scene.path("root").join(link);
        let _ = fs::remove_dir_all(&at);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        symlink(to.replace("OUTSIDE", outside.to_str().unwrap()), &at).unwrap();
        for words in
            [&["deploy", "repo/Caddyfile"][..], &["status"], &["doctor"], &["recover"], &["uninstall"]]
        {
            // The program is large, and takes its time to be installed.
            let is_of_units = words[0] != "deploy" || link.starts_with("usr") || link.contains("systemd");
            let ran = scene.run(&[words, if is_of_units { &[] } else { &["--no-drop-in"] }].concat());
            let all = out(&ran) + &err(&ran);
            assert!(ran.status.code().is_some() && !all.contains("SECRET"), "{link} {words:?}: {all}");
        }
        let mut left: Vec<_> =
            fs::read_dir(&outside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["group", "one", "victim"], "{link}");
        assert_eq!(fs::read_to_string(outside.join("victim")).unwrap(), "SECRET of root\n", "{link}");
        if let Ok(installed) = fs::metadata(scene.path("root/etc/caddy/Caddyfile")) {
            assert_ne!(installed.gid(), 4321, "{link}");
        }
    }
}

#[test]
fn a_root_may_be_missing_and_may_be_a_link() {
    let Some(scene) = Scene::new("a_root_may_be_missing_and_may_be_a_link") else { return };
    symlink("real", scene.path("link")).unwrap();
    for (root, real) in [("root/../new/image", "new/image"), ("link", "real")] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        let command = command.args(["deploy", "repo/Caddyfile", "--no-drop-in", "--root", root]);
        let done = command.current_dir(scene.folder.path()).output().unwrap();
        assert!(done.status.success(), "{root}: {}", err(&done));
        assert!(scene.path(real).join("etc/caddy/Caddyfile").exists(), "{root}");
    }
}

#[test]
fn a_root_is_not_reached_over_a_link_of_another_user() {
    let Some(scene) = Scene::new("a_root_is_not_reached_over_a_link_of_another_user") else { return };
    fs::create_dir(scene.path("elsewhere")).unwrap();
    symlink("elsewhere", scene.path("link")).unwrap();
    symlink("link", scene.path("own")).unwrap();
    lchown(scene.path("link"), Some(USER), None).unwrap();
    for root in ["link", "link/image", "own", "own/image"] {
        for words in [&["deploy", "repo/Caddyfile", "--no-drop-in"][..], &["recover"], &["uninstall"]] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
            let ran = command.args(words).args(["--root", root]).current_dir(scene.folder.path()).output();
            let ran = ran.unwrap();
            assert_eq!(ran.status.code(), Some(2), "{root} {words:?}: {}", err(&ran));
            let printed = "/link belongs to user 977, who could lead this to any file\nhelp: name the folder itself: --root /";
            assert!(err(&ran).contains(printed), "{root} {words:?}: {}", err(&ran));
        }
    }
    assert_eq!(fs::read_dir(scene.path("elsewhere")).unwrap().count(), 0);
}
