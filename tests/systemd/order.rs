//! The order of a deploy's system calls: what a power cut must not find half done.

use std::path::Path;
use std::process::Command;

use crate::container::say;

/// A power cut in a container leaves the page cache alone, so the order of the system calls is looked at itself: what is
/// renamed into place was written to the disk before, and the folder after (window 12).
pub fn renamed_only_after_it_is_on_the_disk() {
    let strace = Command::new("strace").arg("-V").output();
    assert!(strace.is_ok(), "it needs strace: apt-get install strace");
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    std::fs::create_dir_all(site.join("sites")).unwrap();
    let log = folder.path().join("log");
    let mut renames = 0;
    for version in ["one", "two"] {
        std::fs::write(site.join("Caddyfile"), format!("import sites/*\n:8000 {{\n\timport {version}\n}}\n"))
            .unwrap();
        std::fs::write(site.join("sites/x"), format!("({version}) {{\n\trespond {version}\n}}\n")).unwrap();
        let done = Command::new("strace")
            .args(["-f", "-y", "-e", "trace=rename,renameat,renameat2,fsync,fdatasync", "-o"])
            .arg(&log)
            .arg(env!("CARGO_BIN_EXE_caddyctl"))
            .args(["deploy", "--root"])
            .arg(folder.path().join("root"))
            .current_dir(&site)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        renames += in_order(&std::fs::read_to_string(&log).unwrap());
    }
    assert!(renames > 6, "only {renames} renames were seen");
    say(&format!("window 12: {renames} renames, each of a file on the disk, each followed by its folder\n"));
}

/// Counts the renames into place of a log of strace; fails when one is not as it should be.
fn in_order(log: &str) -> usize {
    let calls: Vec<&str> = log.lines().filter(|line| line.ends_with("= 0")).collect();
    let synced = |path: &str, calls: &[&str]| {
        calls.iter().any(|call| call.contains("sync(") && call.contains(&format!("<{path}>")))
    };
    let mut renames = 0;
    for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.contains("rename")) {
        // `renameat(4</folder>, "name", 5</folder>, "name")`
        let folders: Vec<&str> = call.split('<').skip(1).filter_map(|part| part.split('>').next()).collect();
        let names: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
        let ([from, home], [name, _]) = (&folders[..], &names[..]) else { panic!("{call}") };
        let from = Path::new(from).join(name);
        assert!(
            synced(from.to_str().unwrap(), &calls[..at]),
            "not on the disk before it was renamed: {call}\n{log}"
        );
        assert!(synced(home, &calls[at..]), "its folder was not synced: {call}\n{log}");
        renames += 1;
    }
    renames
}
