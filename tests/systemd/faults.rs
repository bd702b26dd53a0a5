//! Faults of a host: a full disk, folders that cannot be written, a port that is taken, a restart in between. Each is
//! refused or undone with words, nothing is lost, and no file is left behind.

use std::fmt::Write as _;
use std::time::Duration;

use crate::container::{Container, boot, say};
use crate::site::{answer, write, write_with};

/// What a fault did to a deploy.
struct Fault {
    name: &'static str,
    /// How the host is broken, and repaired again.
    scripts: [&'static str; 2],
    /// The exit status, and words that have to be printed.
    status: i32,
    words: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "/var/lib/caddyctl is full",
        scripts: ["mount -t tmpfs -o size=16k none /var/lib/caddyctl", "umount /var/lib/caddyctl"],
        status: 2,
        words: "is too full",
    },
    Fault {
        name: "/etc/caddy is full",
        scripts: [
            "cp -a /etc/caddy /root/etc-caddy; mount -t tmpfs -o size=32k,mode=755 none /etc/caddy; cp -a /root/etc-caddy/. /etc/caddy/; \
             dd if=/dev/zero of=/etc/caddy/filler bs=4k 2>/dev/null; true",
            "umount /etc/caddy; rm -r /root/etc-caddy",
        ],
        status: 2,
        words: "is too full",
    },
    Fault {
        name: "/etc/caddy is read-only",
        scripts: [
            "mount --bind /etc/caddy /etc/caddy; mount -o remount,ro,bind /etc/caddy",
            "umount /etc/caddy",
        ],
        status: 2,
        words: "cannot write to /etc/caddy",
    },
    Fault {
        name: "/etc/caddy/sites is read-only",
        scripts: [
            "mount --bind /etc/caddy/sites /etc/caddy/sites; mount -o remount,ro,bind /etc/caddy/sites",
            "umount /etc/caddy/sites",
        ],
        status: 2,
        words: "Read-only file system",
    },
    Fault {
        name: "the Caddyfile cannot be replaced (immutable)",
        scripts: ["chattr +i /etc/caddy/Caddyfile", "chattr -i /etc/caddy/Caddyfile"],
        status: 2,
        words: "/etc/caddy/Caddyfile",
    },
    Fault {
        name: "/usr/local/bin is read-only",
        scripts: [
            "caddyctl uninstall; mount --bind /usr/local/bin /usr/local/bin; mount -o remount,ro,bind /usr/local/bin",
            "umount /usr/local/bin",
        ],
        status: 2,
        words: "/usr/local/bin",
    },
    Fault {
        name: "the Caddyfile there is root's alone",
        scripts: [
            "chown root:root /etc/caddy/Caddyfile; chmod 0600 /etc/caddy/Caddyfile",
            "chmod 0644 /etc/caddy/Caddyfile",
        ],
        status: 2,
        words: "could not read",
    },
    Fault {
        name: "the program is gone, and the old process runs on",
        scripts: ["mv /usr/bin/caddy /usr/bin/away", "mv /usr/bin/away /usr/bin/caddy"],
        status: 2,
        words: "Caddy would not start again",
    },
    Fault {
        name: "the admin API hangs (caddy is frozen)",
        scripts: ["systemctl kill -s STOP caddy", "systemctl kill -s CONT caddy"],
        status: 2,
        words: "no response from",
    },
];

pub fn of_the_host() {
    let container = boot("faults");
    write(&container, "v0");
    container.ok("caddyctl deploy");
    let mut table =
        "\nfault of the host                             | exit | what the deploy says\n".to_owned();
    for (number, fault) in FAULTS.iter().enumerate() {
        let (old, new) = (format!("v{number}"), format!("v{}", number + 1));
        let listing = "ls -A /etc/caddy /etc/caddy/sites | grep -v filler; sha256sum /etc/caddy/Caddyfile /etc/caddy/sites/*";
        let before = container.ok(listing);
        container.ok(fault.scripts[0]);
        write(&container, &new);
        let time = if fault.words.contains("no response") { "5s" } else { "60s" };
        let deploy = container.run(&format!("caddyctl deploy --timeout {time}"));
        let output = deploy.text.lines().find(|line| line.contains("error")).unwrap_or_default().to_owned();
        let after = container.ok(listing);
        container.ok(fault.scripts[1]);
        assert_eq!(deploy.status, fault.status, "{}: {}", fault.name, deploy.text);
        assert!(deploy.text.contains(fault.words), "{}: {}", fault.name, deploy.text);
        assert_eq!(after, before, "{}: files changed: {}", fault.name, deploy.text);
        assert_eq!(answer(&container), old, "{}", fault.name);
        let _ = writeln!(table, "{:<45} | {:<4} | {output}", fault.name, deploy.status);
        container.ok("systemctl reset-failed caddy; systemctl restart caddy");
        container.await_ok("curl -s -m 5 localhost:8000", Duration::from_secs(10));
        assert_eq!(answer(&container), old, "{}: after a restart", fault.name);
        assert!(container.ok("caddyctl recover").starts_with("nothing to do"), "{}", fault.name);
        container.ok("caddyctl deploy");
        assert_eq!(answer(&container), new, "{}", fault.name);
    }
    say(&table);
    a_restart_in_between_is_made_good(&container);
    a_port_in_use_changes_nothing(&container);
    a_state_that_cannot_be_used(&container);
    checks_that_do_not_fit(&container);
}

/// Somebody restarts Caddy after the load and before the commit: the old file comes back to life. The deploy sees it.
fn a_restart_in_between_is_made_good(container: &Container) {
    let old = answer(container);
    // A source's checks reach only what its configuration names.
    write_with(container, "between", "", "http://127.0.0.1:8076 {\n\treverse_proxy 127.0.0.1:8078\n}\n");
    let sleeper = "use IO::Socket::INET; $s = IO::Socket::INET->new(Listen => 9, LocalAddr => q(127.0.0.1:8078), ReuseAddr => 1); \
                   while ($c = $s->accept) { sleep 3; sysread $c, $r, 9999; print $c qq(HTTP/1.0 200 OK\\r\\nContent-Length: 7\\r\\n\\r\\nbetween); close $c }";
    container.ok(&format!("systemd-run --quiet --unit sleeper perl -e '{sleeper}'"));
    container.await_ok("grep -q ':1F8E ' /proc/net/tcp", Duration::from_secs(5));
    // Three seconds for the request through Caddy, which the restart waits for, and three for the upstream itself.
    container.write(
        "checks.toml",
        "[[check]]\nurl = \"http://127.0.0.1:8076/\"\nupstream = \"127.0.0.1:8078\"\nseconds = 30\n",
    );
    let deploy = container.spawn("caddyctl deploy >/root/deploy 2>&1");
    container.await_ok("[ \"$(curl -s localhost:8000)\" = between ]", Duration::from_secs(10));
    container.ok("systemctl restart caddy");
    container.await_ok(&format!("[ \"$(curl -s localhost:8000)\" = {old} ]"), Duration::from_secs(3));
    let done = deploy.wait_with_output().unwrap();
    assert!(done.status.success(), "{}", container.run("cat /root/deploy").text);
    assert_eq!(answer(container), "between");
    container.ok("systemctl restart caddy; rm checks.toml; systemctl stop sleeper");
    container.await_ok("[ \"$(curl -s localhost:8000)\" = between ]", Duration::from_secs(5));
}

fn a_port_in_use_changes_nothing(container: &Container) {
    let before = container.ok("sha256sum /etc/caddy/Caddyfile");
    container.ok("systemd-run --quiet --unit holder caddy respond --listen 127.0.0.1:8079 x");
    container.await_ok("curl -s localhost:8079", Duration::from_secs(5));
    write_with(container, "taken", "", "http://127.0.0.1:8079 {\n\trespond taken\n}\n");
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("address already in use"), "{}", refused.text);
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile"), before);
    assert_eq!(answer(container), "between");
}

/// What deploys keep is a file, is missing, or is of another version: each is an error that names it, and nothing is lost.
fn a_state_that_cannot_be_used(container: &Container) {
    let before = container.ok("sha256sum /etc/caddy/Caddyfile /etc/caddy/sites/*");
    container.ok("mv /var/lib/caddyctl /root/state; echo x >/var/lib/caddyctl");
    write(container, "unusable");
    for command in ["history", "rollback", "deploy", "recover", "confirm", "uninstall", "status", "doctor"] {
        let refused = container.run(&format!("caddyctl {command}"));
        assert_eq!(refused.status, 2, "{command}: {}", refused.text);
        assert!(
            refused.text.contains("cannot use /var/lib/caddyctl: it is not a folder"),
            "{command}: {}",
            refused.text
        );
        assert!(!refused.text.contains("os error"), "{command}: {}", refused.text);
    }
    container.ok("rm /var/lib/caddyctl");
    assert_eq!(container.ok("caddyctl history"), "nothing has been deployed yet");
    assert!(container.ok("caddyctl recover").starts_with("nothing to do"));
    assert_eq!(container.run("caddyctl confirm").status, 1);
    container.ok("rm -rf /var/lib/caddyctl; mv /root/state /var/lib/caddyctl");
    container.ok(r#"echo '{"id":"20990101T000000000-1","phase":"rehearsing","started":"2099-01-01T00:00:00Z"}' >/var/lib/caddyctl/journal.json"#);
    for command in ["deploy", "recover", "confirm", "rollback"] {
        let refused = container.run(&format!("caddyctl {command}"));
        assert_eq!(refused.status, 2, "{command}: {}", refused.text);
        assert!(refused.text.contains("is not from this version of caddyctl"), "{command}: {}", refused.text);
    }
    let status = container.run("caddyctl status");
    assert!(
        status.status == 1 && status.text.contains("is not from this version of caddyctl"),
        "{}",
        status.text
    );
    container.ok("rm /var/lib/caddyctl/journal.json");
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile /etc/caddy/sites/*"), before);
    container.ok("caddyctl deploy");
    assert_eq!(answer(container), "unusable");
}

/// Only the checks changed, and the disk of the state is full: those of before stay.
fn checks_that_do_not_fit(container: &Container) {
    container.write("checks.toml", "[[check]]\nurl = \"http://localhost:8000/\"\n");
    container.ok("caddyctl deploy && caddyctl status");
    container.ok("cp -a /var/lib/caddyctl /root/state; mount -t tmpfs -o size=4m,mode=700 none /var/lib/caddyctl; cp -a /root/state/. /var/lib/caddyctl/; \
                  dd if=/dev/zero of=/var/lib/caddyctl/filler bs=4k 2>/dev/null; true");
    container.write("checks.toml", "[[check]]\nurl = \"http://localhost:8000/other\"\n");
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 2, "{}", refused.text);
    assert!(refused.text.contains("/var/lib/caddyctl/history/"), "{}", refused.text);
    let verified = container.ok("cd / && caddyctl verify");
    assert!(verified.contains("GET http://localhost:8000/ "), "{verified}");
    container.ok("rm /var/lib/caddyctl/filler; caddyctl deploy");
    assert!(container.ok("cd / && caddyctl verify").contains("GET http://localhost:8000/other"));
    container
        .ok("umount /var/lib/caddyctl; rm -r /root/state checks.toml; caddyctl deploy && caddyctl status");
}
