//! What a source may not do: a drop-in that runs programs, archives that are not whole, links that lead out. All is refused
//! before anything changes, with the place and the reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::deploy::bench::{err, out};

/// A source and a root, without a Caddy.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        fs::create_dir(place.path("root")).unwrap();
        place.write("repo/Caddyfile", ":8000 {\n\timport sites/*\n}\n");
        place.write("repo/sites/a", "respond hi\n");
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caddyctl"));
        command.current_dir(self.0.path()).args(words).args(["--root", "root"]).stdin(Stdio::null());
        command.output().unwrap()
    }

    /// Nothing was changed, and what was printed.
    fn refused(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let printed = err(&output);
        assert_eq!(output.status.code(), Some(1), "{printed}{}", out(&output));
        assert!(fs::read_dir(self.path("root")).unwrap().next().is_none(), "{printed}");
        printed
    }

    fn drop_in(&self) -> String {
        fs::read_to_string(self.path("root/etc/systemd/system/caddy.service.d/override.conf")).unwrap()
    }

    /// The source as an archive.
    fn archive(&self) -> Vec<u8> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
        builder.append_dir_all("repo", self.path("repo")).unwrap();
        builder.into_inner().unwrap().finish().unwrap()
    }
}

const DROP_IN: &str = "repo/systemd/caddy.service.d/override.conf";

#[test]
fn a_drop_in_sets_only_restarts_and_limits() {
    let place = Place::new();
    let text = "[Service]\nUser=root\nExecStartPre=+/bin/sh -c \"id > /tmp/owned\"\nRestart=always\n[Unit]\nUpholds=debug-shell.service\n";
    place.write(DROP_IN, text);
    place.write("site.tar.gz", place.archive());
    for source in [
        ["deploy", "repo/Caddyfile"].as_slice(),
        &["deploy", "--from", "repo"],
        &["deploy", "--from", "site.tar.gz"],
    ] {
        for more in [&[][..], &["--dry-run"]] {
            let printed = place.refused(&[source, more].concat());
            for words in [
                "  systemd/caddy.service.d/override.conf:2: User= in [Service]\n",
                "  systemd/caddy.service.d/override.conf:3: ExecStartPre= in [Service]\n",
                "  systemd/caddy.service.d/override.conf:6: Upholds= in [Unit]: it names a unit that the deploy does not install\n",
                "--allow-unit-settings",
            ] {
                assert!(printed.contains(words), "{printed}");
            }
            assert!(!printed.contains("Restart= in") && !printed.contains("/tmp/owned"), "{printed}");
        }
    }
    let json = place.run(&["deploy", "repo/Caddyfile", "--format", "json"]);
    let line: Value = serde_json::from_str(&out(&json)).unwrap();
    assert!(line["msg"].as_str().unwrap().contains("ExecStartPre= in [Service]"), "{line}");
    // Left out, it does no harm.
    assert!(place.run(&["deploy", "repo/Caddyfile", "--no-drop-in", "--dry-run"]).status.success());

    let named = "allow   ExecStartPre= in [Service], in line 3 of the drop-in\n";
    let dry = place.run(&["deploy", "repo/Caddyfile", "--allow-unit-settings", "--dry-run"]);
    assert!(out(&dry).contains(named), "{}{}", out(&dry), err(&dry));
    let dry =
        place.run(&["deploy", "repo/Caddyfile", "--allow-unit-settings", "--dry-run", "--format", "json"]);
    let line: Value = serde_json::from_str(&out(&dry)).unwrap();
    let settings = serde_json::json!([
        {"section": "Service", "key": "User", "line": 2},
        {"section": "Service", "key": "ExecStartPre", "line": 3},
        {"section": "Unit", "key": "Upholds", "line": 6}
    ]);
    assert_eq!((&line["unit_settings"], &line["plan"]["unit_settings"]), (&settings, &settings));
    let done = place.run(&["deploy", "repo/Caddyfile", "--allow-unit-settings"]);
    assert!(done.status.success() && out(&done).contains(named), "{}{}", out(&done), err(&done));
    assert_eq!(place.drop_in(), text);
    // Going back to it needs no flag: it was in force on this host. The plan names it.
    place.write(DROP_IN, "[Service]\nRestart=no\n");
    assert!(place.run(&["deploy", "repo/Caddyfile"]).status.success());
    let back = place.run(&["rollback"]);
    assert!(back.status.success() && out(&back).contains(named), "{}{}", out(&back), err(&back));
    assert_eq!(place.drop_in(), text);
    let json = place.run(&["deploy", "repo/Caddyfile", "--allow-unit-settings", "--format", "json"]);
    let line: Value = serde_json::from_str(&out(&json)).unwrap();
    assert_eq!((&line["changed"], line.get("unit_settings")), (&true.into(), None), "{line}");
}

#[test]
fn what_systemd_reads_counts() {
    let place = Place::new();
    for (text, words) in [
        ("[Service]\nRestart=no\rExecStartPre=x\n", ":3: ExecStartPre= in [Service]"),
        ("[Service]\nRestart=no\0ExecStartPre=x\n", ":3: ExecStartPre= in [Service]"),
        ("[Service]\nRestart=no \\\nExecStartPre=x\n", ":2: Restart= in [Service]: its value has characters"),
        ("[Service]\n ExecStart\\\n Pre=x\n", ":2: ExecStart Pre= in [Service]"),
        ("ExecStartPre=x\n[Service]\n", ":1: ExecStartPre=, before any section"),
        ("[Service]\nexecstartpre\u{1b}[2K=x\n", "execstartpre\\u{1b}[2K= in [Service]"),
        ("[Service]\nRestart=no\0\n", "the drop-in has a NUL byte"),
        ("[Service]\nRestart=no\nRest", "the drop-in is cut off at `Rest`"),
        ("[Service\n", "the drop-in is cut off at `[Service`"),
    ] {
        place.write(DROP_IN, text);
        let printed = place.refused(&["deploy", "repo/Caddyfile"]);
        assert!(printed.contains(words), "{text:?}: {printed}");
    }
    place.write(DROP_IN, b"[Service]\nRestart=\xff\n");
    assert!(place.refused(&["deploy", "repo/Caddyfile"]).contains("is not UTF-8"));
    place.write(DROP_IN, "#".repeat(300 << 10));
    assert!(place.refused(&["deploy", "repo/Caddyfile"]).contains("is larger than 256 KiB"));
    // What is allowed goes in as it is.
    let good = "# ours\r\n[Service]\r\nRestart = on-failure\r\nLimitNOFILE=65536\r\n[Unit]\r\nUpholds=\r\n";
    place.write(DROP_IN, good);
    let done = place.run(&["deploy", "repo/Caddyfile"]);
    assert!(done.status.success() && !out(&done).contains("allow"), "{}{}", out(&done), err(&done));
    assert!(
        place.drop_in().starts_with("# ours\r\n[Service]\r\nRestart = on-failure\r\nLimitNOFILE=65536\r\n"),
        "{}",
        place.drop_in()
    );
}

#[test]
fn units_come_from_the_program() {
    let place = Place::new();
    let evil = "[Service]\nExecStart=/bin/evil\n";
    for name in ["caddy-watchdog.service", "caddy.service", "caddy.service.d/zz.conf", "evil.service"] {
        place.write(&format!("repo/systemd/{name}"), evil);
    }
    let done = place.run(&["deploy", "--from", "repo"]);
    assert!(done.status.success(), "{}", err(&done));
    let units = place.path("root/etc/systemd/system");
    let own =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("systemd/caddy-watchdog.service"))
            .unwrap();
    assert_eq!(fs::read_to_string(units.join("caddy-watchdog.service")).unwrap(), own);
    let mut names: Vec<_> = fs::read_dir(&units).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["caddy-watchdog.service", "caddy.service.d"]);
    assert_eq!(fs::read_dir(units.join("caddy.service.d")).unwrap().count(), 1);
}

#[test]
fn an_archive_that_is_not_whole() {
    let place = Place::new();
    let good = place.archive();
    let deploy = ["deploy", "--from", "site.tar.gz"];
    let mut wrong = good.clone();
    let at = wrong.len() - 8;
    wrong[at] ^= 1;
    let cut = good[..good.len() - 9].to_vec();
    let more = [&good[..], b"x"].concat();
    let twice = [&good[..], &good].concat();
    let plain = {
        let mut builder = tar::Builder::new(Vec::new());
        builder.append_dir_all("repo", place.path("repo")).unwrap();
        builder.into_inner().unwrap()
    };
    let without_end = plain[..plain.len() - 1024].to_vec();
    for (bytes, words) in [
        (wrong, "it is damaged: corrupt gzip stream does not have a matching checksum"),
        (cut, "it is cut off: its gzip data has no end"),
        (more, "there is data after the end of its gzip stream"),
        (twice, "it consists of several gzip streams"),
        (without_end, "the two blocks of zeros at the end of a tar archive are missing"),
        (plain[..plain.len() - 1536].to_vec(), "it is cut off"),
    ] {
        place.write("site.tar.gz", bytes);
        let printed = place.refused(&deploy);
        assert!(
            printed.starts_with("error: cannot read the archive site.tar.gz: ") && printed.contains(words),
            "{printed}"
        );
        assert!(printed.contains("help: nothing was changed"), "{printed}");
    }
    // A link in it is not passed over: an import of nothing would be legal.
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_path_with_name(place.path("repo/Caddyfile"), "Caddyfile").unwrap();
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    builder.append_link(&mut link, "sites/a", "/etc/passwd").unwrap();
    place.write("site.tar.gz", builder.into_inner().unwrap());
    assert!(
        place.refused(&deploy).contains("sites/a is a symbolic link, which is not followed in an archive")
    );
    place.write("site.tar.gz", good);
    assert!(place.run(&deploy).status.success());
    assert!(place.path("root/etc/caddy/sites/a").exists());
}

#[test]
fn a_bomb_is_refused_at_once() {
    let place = Place::new();
    for (name, size) in [
        ("Caddyfile", 63_u64 << 20),
        ("sites/a", 17 << 20),
        ("systemd/caddy.service.d/override.conf", 17 << 20),
        ("checks.toml", 1 << 20),
    ] {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
        let mut add = |name: &str, text: &mut dyn std::io::Read, size: u64| {
            let mut header = tar::Header::new_gnu();
            header.set_size(size);
            builder.append_data(&mut header, name, text).unwrap();
        };
        if name != "Caddyfile" {
            add("Caddyfile", &mut b":8000 {\n\timport sites/*\n}\n".as_slice(), 25);
        }
        add(name, &mut std::io::Read::take(std::io::repeat(0), size), size);
        let bomb = builder.into_inner().unwrap().finish().unwrap();
        assert!(bomb.len() < 100_000);
        place.write("site.tar.gz", bomb);
        let begun = Instant::now();
        let refused = place.run(&["deploy", "--from", "site.tar.gz"]);
        assert!(begun.elapsed() < Duration::from_secs(5), "{name}: {:?}", begun.elapsed());
        let printed = err(&refused);
        assert!(matches!(refused.status.code(), Some(1 | 2)), "{name}: {printed}");
        assert!(
            printed.contains("larger than ") && printed.contains(name.rsplit('/').next().unwrap()),
            "{name}: {printed}"
        );
        assert!(fs::read_dir(place.path("root")).unwrap().next().is_none(), "{name}");
    }
}

#[test]
fn links_of_a_checkout_lead_to_no_secret() {
    use std::os::unix::fs::{PermissionsExt as _, lchown, symlink};
    let place = Place::new();
    fs::set_permissions(place.0.path(), fs::Permissions::from_mode(0o755)).unwrap();
    place.write("secret", "TOPSECRET {\n\trespond TOPSECRET\n}\n");
    fs::set_permissions(place.path("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    place.write("open", "respond open\n");
    let reset = |name: &str, target: &Path| {
        let link = place.path("repo").join(name);
        let _ = fs::remove_file(&link);
        symlink(target, &link).unwrap();
        link
    };
    let secret = place.path("secret");
    for name in ["sites/b", "systemd/caddy.service.d/override.conf", "checks.toml"] {
        fs::create_dir_all(place.path("repo/systemd/caddy.service.d")).unwrap();
        let link = reset(name, &secret);
        for source in [
            &["deploy", "repo/Caddyfile"][..],
            &["deploy", "--from", "repo", "--dry-run", "--format", "json"],
        ] {
            let printed = place.refused(source) + &out(&place.run(source));
            assert!(
                printed.contains(&format!("the link {name} leads out of the source")),
                "{name}: {printed}"
            );
            assert!(!printed.contains("TOPSECRET"), "{printed}");
        }
        fs::remove_file(link).unwrap();
    }
    // The Caddyfile itself, and a folder.
    let text = fs::read(place.path("repo/Caddyfile")).unwrap();
    reset("Caddyfile", &secret);
    let printed = place.refused(&["deploy", "repo/Caddyfile"]);
    assert!(printed.contains("the link Caddyfile leads out") && !printed.contains("TOPSECRET"), "{printed}");
    fs::remove_file(place.path("repo/Caddyfile")).unwrap();
    place.write("repo/Caddyfile", text);
    place.write("closed/c", "respond closed\n");
    fs::set_permissions(place.path("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(place.path("repo/sites"), place.path("repo/kept")).unwrap();
    reset("sites", &place.path("closed"));
    assert!(place.refused(&["deploy", "repo/Caddyfile"]).contains("the link sites leads out"));
    reset("sites", Path::new("kept"));
    // In a checkout of another user no link leads out at all.
    if rustix::process::geteuid().is_root() {
        let link = reset("kept/b", &place.path("open"));
        lchown(&link, Some(12), None).unwrap();
        let printed = place.refused(&["deploy", "repo/Caddyfile"]);
        assert!(printed.contains("does not belong to root or the deploying user"), "{printed}");
        fs::remove_file(link).unwrap();
        lchown(place.path("repo"), Some(12), None).unwrap();
    }
    // What is no file at all.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        place.path("repo/kept/fifo"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o644),
        0,
    )
    .unwrap();
    let printed = place.refused(&["deploy", "repo/Caddyfile"]);
    assert!(printed.contains("is not a regular file"), "{printed}");
    fs::remove_file(place.path("repo/kept/fifo")).unwrap();
    let done = place.run(&["deploy", "repo/Caddyfile"]);
    assert!(done.status.success(), "{}", err(&done));
}
