//! FIFOs and devices: no command waits for them.

use std::fs;
use std::time::{Duration, Instant};

use super::{Scene, fifo, with_service};
use crate::deploy::bench::{err, out};

#[test]
fn special_files_stop_no_command() {
    for name in [
        "etc/caddy/Caddyfile",
        "etc/caddy/sites/one",
        "etc/caddy/checks.toml",
        "etc/systemd/system/caddy.service.d/override.conf",
        "usr/local/bin/caddyctl",
        "etc/passwd",
        "etc/group",
        "var/lib/caddyctl/lock",
        "var/lib/caddyctl/journal.json",
        "var/lib/caddyctl/history/RECORD/record.json",
        "var/lib/caddyctl/history/RECORD/1",
    ] {
        let Some(scene) = Scene::new("special_files_stop_no_command") else { return };
        let is_of_units = name.starts_with("usr") || name.contains("systemd");
        let units: &[&str] = if is_of_units { &[] } else { &["--no-drop-in"] };
        let first = scene.deploy(units);
        assert!(first.status.success(), "{}", err(&first));
        let history = scene.path("root/var/lib/caddyctl/history");
        let record = fs::read_dir(&history).unwrap().next().unwrap().unwrap().file_name();
        let path = scene.path("root").join(name.replace("RECORD", record.to_str().unwrap()));
        fifo(&path);
        fs::write(scene.path("repo/Caddyfile"), ":80 {\n\timport sites/*\n\trespond ho\n}\n").unwrap();
        fs::write(scene.path("repo/sites/one"), "header a b\n").unwrap();
        for words in [
            &["status"][..],
            &["history"],
            &["doctor"],
            &["confirm"],
            &["recover"],
            &["rollback", "0", "--no-drop-in"],
            &["diff", "repo/Caddyfile"],
            &["deploy", "repo/Caddyfile", "--timeout", "5s"],
            &["uninstall"],
        ] {
            let begun = Instant::now();
            let ran = scene.run(&[words, if words[0] == "deploy" { units } else { &[] }].concat());
            let all = out(&ran) + &err(&ran);
            assert!(ran.status.code().is_some_and(|code| code < 3), "{name} {words:?}: {} {all}", ran.status);
            assert!(begun.elapsed() < Duration::from_secs(20), "{name} {words:?}: {:?}", begun.elapsed());
        }
    }
}

#[test]
fn a_special_file_in_the_source_is_refused() {
    let Some(scene) = Scene::new("a_special_file_in_the_source_is_refused") else { return };
    for name in
        ["repo/checks.toml", "repo/sites/one", "repo/systemd/caddy.service.d/override.conf", "repo/Caddyfile"]
    {
        fs::create_dir_all(scene.path(name).parent().unwrap()).unwrap();
        fifo(&scene.path(name));
        let ran = scene.deploy(&[]);
        assert!(ran.status.code().is_some(), "{name}: {}", err(&ran));
    }
}

#[test]
fn special_files_of_a_service_stop_no_command() {
    let Some(scene) = Scene::new("special_files_of_a_service_stop_no_command") else { return };
    fs::write(scene.path("repo/Caddyfile"), "http://a.test {\n\trespond ho\n}\n").unwrap();
    let commands = "for words in status doctor history confirm recover 'deploy repo/Caddyfile --dry-run' \
                    'rollback --dry-run'; do timeout --signal=KILL 20 \"$CADDYCTL\" $words --compiler caddyctl \
                    >/tmp/out.$$ 2>&1; echo \"$words: $?\"; cat /tmp/out.$$; done; rm -f /tmp/out.$$";
    let commands = commands.replace("history", "'history'");
    let plain = with_service(&scene, &commands);
    assert!(out(&plain).contains("deploy repo/Caddyfile --dry-run: 0\n"), "{}{}", out(&plain), err(&plain));
    for (path, deploys, output) in [
        ("/run/home/.config/caddy/autosave.json", 0, "this is what a deploy would do"),
        ("/run/site/env", 2, "cannot read the environment file /run/site/env: it is not a regular file"),
        ("/run/site/Caddyfile", 2, "cannot replace /run/site/Caddyfile: it is not a regular file"),
        (
            "/run/home/.local/share/caddy/certificates/x/a.test/a.test.crt",
            0,
            "this is what a deploy would do",
        ),
    ] {
        for plant in ["mkfifo PATH", "ln -s /dev/zero PATH", "ln -s /proc/kmsg PATH"] {
            let plant = format!("rm -f PATH; {plant}; chown -h 1:1 PATH; ").replace("PATH", path);
            let ran = with_service(&scene, &(plant.clone() + &commands));
            let all = out(&ran);
            assert!(!all.contains(": 137\n") && !all.contains(": 124\n"), "{plant} {all}");
            assert!(all.contains(&format!("deploy repo/Caddyfile --dry-run: {deploys}\n")), "{plant} {all}");
            assert!(all.contains("recover: 0\n") && all.contains("confirm: 1\n"), "{plant} {all}");
            assert!(!plant.starts_with("mkfifo") || all.contains(output), "{plant} {all}");
        }
    }
}
