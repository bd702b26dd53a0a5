//! The state folder, its journal, and folders that the service's user can change.

use std::fs;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};

use super::{Scene, USER};
use crate::deploy::bench::{err, out};

#[test]
fn a_state_folder_of_another_user_is_refused() {
    let Some(scene) = Scene::new("a_state_folder_of_another_user_is_refused") else { return };
    let state = scene.path("root/var/lib/caddyctl");
    fs::create_dir_all(&state).unwrap();
    chown(&state, Some(USER), None).unwrap();
    let refused = scene.deploy(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(err(&refused).contains("var/lib/caddyctl: it belongs to user 977"), "{}", err(&refused));
    assert_eq!(fs::read_dir(&state).unwrap().count(), 0);
    fs::remove_dir(&state).unwrap();
    fs::DirBuilder::new().mode(0o777).create(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).unwrap();
    assert!(scene.deploy(&[]).status.success());
    assert_eq!(fs::metadata(&state).unwrap().mode() & 0o777, 0o700);
}

#[test]
fn a_journal_in_an_image_names_only_files_of_the_image() {
    let Some(scene) = Scene::new("a_journal_in_an_image_names_only_files_of_the_image") else { return };
    assert!(scene.deploy(&[]).status.success());
    let planted = scene.path("root/planted");
    fs::write(&planted, "planted\n").unwrap();
    let digest = |text: &str| caddyctl_deploy::files::digest::Digest::of(text.as_bytes());
    for target in [scene.path("victim"), scene.path("root/../victim")] {
        let journal = serde_json::json!({
            "id": "x", "phase": "committing", "started": "", "admin": [], "moved": null,
            "old_config": null, "new_config": digest(""), "created": [], "pointer": null,
            "staging": [scene.path("victim")], "daemon_reload": false,
            "confirm_until": null,
            "entries": [{
                "role": "import", "target": target, "next": planted, "prev": planted,
                "old": digest("SECRET of root\n"), "new": digest("planted\n"), "in_place": false,
            }],
        });
        let path = scene.path("root/var/lib/caddyctl/journal.json");
        fs::write(path, journal.to_string()).unwrap();
        for words in [&["recover"][..], &["deploy", "repo/Caddyfile"]] {
            let refused = scene.run(words);
            assert_eq!(refused.status.code(), Some(2), "{}{}", out(&refused), err(&refused));
            assert!(err(&refused).contains("which is not below the root"), "{}", err(&refused));
        }
        assert_eq!(fs::read_to_string(scene.path("victim")).unwrap(), "SECRET of root\n");
    }
}

#[test]
fn a_folder_that_the_service_can_change_is_a_warning() {
    let Some(scene) = Scene::new("a_folder_that_the_service_can_change_is_a_warning") else { return };
    fs::write(scene.path("root/etc/passwd"), format!("caddy:x:{USER}:{USER}::/:\n")).unwrap();
    let well = scene.deploy(&["--dry-run"]);
    assert!(!err(&well).contains("warning"), "{}", err(&well));
    chown(scene.path("root/etc/caddy"), Some(USER), None).unwrap();
    let warned = scene.deploy(&[]);
    assert!(warned.status.success(), "{}", err(&warned));
    assert!(
        err(&warned).contains("warning: the service's user (number 977) can change the folder /etc/caddy"),
        "{}",
        err(&warned)
    );
}
