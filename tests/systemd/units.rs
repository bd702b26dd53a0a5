//! Units of every kind: another name, `caddy-api.service`, drop-ins of somebody else, a systemd that is too old.

use std::time::Duration;

use crate::container::{Container, boot, say};
use crate::site::{answer, write};

pub fn of_every_kind() {
    let container = boot("units");
    write(&container, "v0");
    an_old_systemd(&container);
    a_torn_drop_in(&container);
    a_drop_in_of_the_source(&container);
    drop_ins_of_somebody_else(&container);
    another_name(&container);
    caddys_other_unit(&container);
    two_units(&container);
    what_was_there_stays(&container);
    a_shell_that_starts_caddy(&container);
    specifiers(&container);
    say(
        "units: old systemd, torn drop-in, own drop-ins, --unit, caddy-api.service: handled, or refused with words\n",
    );
}

/// Older than 249 there is no `Upholds=`: restarts on failure, and no watchdog that nobody would keep quiet.
fn an_old_systemd(container: &Container) {
    container.write(
        "../old/systemctl",
        "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'systemd 247 (247.3-7)'; exit; }\nexec /usr/bin/systemctl \"$@\"\n",
    );
    let done = container.ok("chmod +x /opt/old/systemctl; PATH=/opt/old:$PATH caddyctl deploy");
    assert!(done.contains("systemd 247 cannot start the watchdog's unit; it needs 249 or newer"), "{done}");
    let force = container.ok("systemctl show caddy -p Restart,RestartUSec,WatchdogUSec,Upholds | sort");
    assert_eq!(force, "Restart=on-failure\nRestartUSec=5s\nUpholds=\nWatchdogUSec=0");
    assert!(container.run("ls /etc/systemd/system/caddy-watchdog.service").status != 0);
    assert_eq!(answer(container), "v0");
    // With a newer one the next deploy brings the watchdog.
    container.ok("caddyctl deploy");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "30s");
}

fn a_torn_drop_in(container: &Container) {
    let before = container.ok("cat /etc/systemd/system/caddy.service.d/override.conf");
    for text in ["[Service]\nRestart=on-failure\nRestartS", "[Service]\nRestart=on-failure\nWatchdogSec=3"] {
        container.write("systemd/caddy.service.d/override.conf", text);
        let refused = container.run("caddyctl deploy");
        assert_eq!(refused.status, 1, "{}", refused.text);
        assert!(refused.text.contains("the drop-in is cut off at `"), "{}", refused.text);
    }
    container.ok("rm -r systemd");
    assert_eq!(container.ok("cat /etc/systemd/system/caddy.service.d/override.conf"), before);
}

/// Only restarts, the watchdog and limits are taken, and systemd reads what is refused as it is read here.
fn a_drop_in_of_the_source(container: &Container) {
    let before = container.ok("cat /etc/systemd/system/caddy.service.d/override.conf");
    let test = "/etc/systemd/system/caddy.service.d/zz.conf";
    for (text, is_run) in [
        ("[Service]\\nRestart=no\\nExecStartPre=+/bin/true\\n", true),
        ("[Service]\\nRestart=no\\rExecStartPre=+/bin/true\\n", true),
        ("[Service]\\nRestart=no\\000ExecStartPre=+/bin/true\\n", true),
        ("[Service]\\nRestart=no\\\\\\\\\\nExecStartPre=+/bin/true\\n", true),
        ("[Service]\\n  ExecStartPre = \\\\\\n# c\\n +/bin/true\\n", true),
        ("\\357\\273\\277[Service]\\nExecStartPre=/bin/true\\n", true),
        ("[Service]\\nexecstartpre=/bin/true\\n", false),
        ("[Unit]\\nExecStartPre=/bin/true\\n", false),
    ] {
        container.ok(&format!("printf '{text}' >{test}; systemctl daemon-reload"));
        let shown = container.property("caddy", "ExecStartPre");
        assert_eq!(shown.contains("/bin/true"), is_run, "{text}: {shown}");
        container.ok(&format!(
            "mkdir -p systemd/caddy.service.d; mv {test} systemd/caddy.service.d/override.conf"
        ));
        let refused = container.run("caddyctl deploy");
        assert_eq!(refused.status, 1, "{text}: {}", refused.text);
        let named = refused.text.to_lowercase().contains("execstartpre= in [");
        assert!(named && refused.text.contains("--allow-unit-settings"), "{text}: {}", refused.text);
    }
    container.ok("systemctl daemon-reload");
    assert_eq!(container.ok("cat /etc/systemd/system/caddy.service.d/override.conf"), before);
    container.write(
        "systemd/caddy.service.d/override.conf",
        "[Service]\nLimitNOFILE=54321\nRestart = on-failure\n",
    );
    container.ok("caddyctl deploy");
    assert_eq!(container.property("caddy", "LimitNOFILE"), "54321");
    container
        .write("systemd/caddy.service.d/override.conf", "[Service]\nExecStartPre=+/bin/touch /run/allowed\n");
    let done = container.ok("caddyctl deploy --allow-unit-settings");
    assert!(done.contains("allow   ExecStartPre= in [Service]"), "{done}");
    container.ok("systemctl restart caddy; test -e /run/allowed; rm -r systemd; caddyctl deploy");
    assert_eq!(container.property("caddy", "ExecStartPre"), "");
}

fn drop_ins_of_somebody_else(container: &Container) {
    let folder = "/etc/systemd/system/caddy.service.d";
    // One that contradicts has the last word, and is named.
    container.ok(&format!("caddyctl uninstall; mkdir -p {folder}; printf '[Service]\\nRestartSec=9s\\n' >{folder}/zz.conf; systemctl daemon-reload"));
    container.ok("caddyctl deploy");
    assert_eq!(container.property("caddy", "RestartUSec"), "9s");
    let status = container.run("caddyctl status");
    let output = "zz.conf sets RestartSec=9s, and the deploy's drop-in RestartSec=5s";
    assert!(status.status == 1 && status.text.contains(output), "{}", status.text);
    container.ok("caddyctl uninstall");
    // One that has a watchdog and nobody to keep it quiet.
    container
        .ok(&format!("printf '[Service]\\nWatchdogSec=30s\\n' >{folder}/zz.conf; systemctl daemon-reload"));
    let doctor = container.run("caddyctl doctor").text;
    assert!(
        doctor.contains("zz.conf sets WatchdogSec=30s, but the heartbeat caddy-watchdog.service is missing"),
        "{doctor}"
    );
    container.ok("caddyctl deploy && caddyctl status");
    container.ok(&format!("caddyctl uninstall; rm {folder}/zz.conf; systemctl daemon-reload"));
    // One of the same name stays as it is, and ours lies next to it.
    container.ok(&format!("mkdir -p {folder}; printf '[Service]\\nLimitNOFILE=4096\\n' >{folder}/override.conf; systemctl daemon-reload"));
    container.ok("caddyctl deploy");
    assert_eq!(container.ok(&format!("ls {folder}")), "50-caddyctl.conf\noverride.conf");
    assert_eq!(container.property("caddy", "WatchdogUSec"), "30s");
    assert_eq!(container.property("caddy", "LimitNOFILE"), "4096");
    container.ok("caddyctl uninstall");
    assert_eq!(
        container.ok(&format!("cat {folder}/override.conf; ls {folder}")),
        "[Service]\nLimitNOFILE=4096\noverride.conf"
    );
    // One that starts Caddy with another Caddyfile: that is the one to deploy to.
    container.ok(&format!(
        "mkdir -p /etc/other; echo ':8000' >/etc/other/Caddyfile; printf '[Service]\\nExecStart=\\nExecStart=/usr/bin/caddy run --environ --config /etc/other/Caddyfile\\n' \
         >{folder}/override.conf; systemctl daemon-reload; systemctl restart caddy"
    ));
    write(container, "other");
    container.ok("caddyctl deploy --no-drop-in; systemctl restart caddy; ls /etc/other/sites");
    container.await_ok("[ \"$(curl -s localhost:8000)\" = other ]", Duration::from_secs(5));
    container.ok(&format!("rm {folder}/override.conf; systemctl daemon-reload; systemctl restart caddy"));
}

fn another_name(container: &Container) {
    container.ok(
        "mkdir -p /etc/web; cp -a /etc/caddy/Caddyfile /etc/web/; sed 's#/etc/caddy/Caddyfile#/etc/web/Caddyfile#g' /lib/systemd/system/caddy.service \
         >/etc/systemd/system/web.service; cp -a /etc/caddy/sites /etc/web/; systemctl daemon-reload; systemctl disable --now caddy; systemctl enable --now web",
    );
    write(container, "web");
    container.ok("caddyctl deploy --unit web");
    assert_eq!(answer(container), "web");
    let force = container.ok("systemctl show web -p Restart,RestartUSec,WatchdogUSec,Upholds | sort");
    assert_eq!(force, "Restart=on-failure\nRestartUSec=5s\nUpholds=web-watchdog.service\nWatchdogUSec=30s");
    container.ok("systemctl is-active web-watchdog; caddyctl status --unit web; systemctl restart web");
    container.await_ok("systemctl is-active web-watchdog", Duration::from_secs(10));
    container.ok("caddyctl uninstall --unit web.service");
    assert_eq!(container.property("web", "WatchdogUSec"), "0");
    assert!(container.run("ls /etc/systemd/system/web.service.d/override.conf").status != 0);
    container.ok("systemctl disable --now web; rm /etc/systemd/system/web.service; systemctl daemon-reload");
    let unknown = container.run("caddyctl deploy --unit web");
    assert_eq!(unknown.status, 2);
    assert!(unknown.text.contains("unknown systemd unit web.service"), "{}", unknown.text);
}

fn caddys_other_unit(container: &Container) {
    container.ok("systemctl enable --now caddy-api");
    container.await_ok("curl -s localhost:2019/config/", Duration::from_secs(5));
    let before = container.ok("sha256sum /etc/caddy/Caddyfile; curl -s localhost:2019/config/");
    for (command, words) in [
        ("deploy --unit caddy-api", "resumes the last configuration, and reads no Caddyfile"),
        ("deploy", "caddy-api.service runs, and caddy.service does not"),
    ] {
        let refused = container.run(&format!("caddyctl {command}"));
        assert_eq!(refused.status, 2, "{}", refused.text);
        assert!(refused.text.contains(words), "{}", refused.text);
        assert!(refused.text.contains("\nhelp: "), "{}", refused.text);
    }
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile; curl -s localhost:2019/config/"), before);
    container.ok("systemctl disable --now caddy-api; systemctl enable --now caddy; caddyctl deploy");
    assert_eq!(answer(container), "web");
}

/// Each unit has its own files; they share the heartbeat's program.
fn two_units(container: &Container) {
    container.ok(
        "mkdir -p /etc/web; sed 's#/etc/caddy/Caddyfile#/etc/web/Caddyfile#g; s#^ExecStart=.*#ExecStart=/usr/bin/caddy run --environ --config /etc/web/Caddyfile#' \
         /lib/systemd/system/caddy.service >/etc/systemd/system/web.service; systemctl daemon-reload; \
         mkdir -p /opt/web; printf '{\\n\\tadmin localhost:2020\\n}\\n:8010 {\\n\\trespond web\\n}\\n' >/opt/web/Caddyfile; cp /opt/web/Caddyfile /etc/web/; systemctl enable --now web",
    );
    write(container, "caddy");
    container.ok("caddyctl deploy; caddyctl deploy --unit web /opt/web/Caddyfile");
    assert_eq!(container.ok("curl -s -m 5 localhost:8010"), "web");
    container.ok("caddyctl status && caddyctl status --unit web");
    let before = container.ok("sha256sum /etc/caddy/Caddyfile /etc/caddy/sites/* /usr/local/bin/caddyctl /etc/systemd/system/caddy-watchdog.service");
    let done = container.ok("caddyctl uninstall --unit web");
    assert!(done.contains("left    /usr/local/bin/caddyctl, which caddy-watchdog.service runs"), "{done}");
    assert_eq!(
        container.ok("sha256sum /etc/caddy/Caddyfile /etc/caddy/sites/* /usr/local/bin/caddyctl /etc/systemd/system/caddy-watchdog.service"),
        before
    );
    container.ok("systemctl is-active caddy-watchdog; caddyctl status");
    // A source of one unit that would change files of the other one.
    container.ok(
        "sed -i 's#/etc/web/Caddyfile#/etc/caddy/Caddyfile.web#' /etc/systemd/system/web.service; cp /opt/web/Caddyfile /etc/caddy/Caddyfile.web; systemctl daemon-reload; systemctl restart web; \
         mkdir -p /opt/web/sites; printf '{\\n\\tadmin localhost:2020\\n}\\nimport sites/*.caddy\\n:8010 {\\n\\timport other\\n}\\n' >/opt/web/Caddyfile; \
         printf '(other) {\\n\\trespond other\\n}\\n' >/opt/web/sites/a.caddy",
    );
    let refused = container.run("caddyctl deploy --unit web /opt/web/Caddyfile");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(
        refused.text.contains("/etc/caddy/sites/a.caddy belongs to the deployment of caddy.service"),
        "{}",
        refused.text
    );
    container
        .ok("systemctl stop web; rm /etc/systemd/system/web.service /etc/caddy/Caddyfile.web; systemctl daemon-reload");
    assert_eq!(answer(container), "caddy");
}

/// A program that the operator had put there is not taken away.
fn what_was_there_stays(container: &Container) {
    container
        .ok("caddyctl uninstall; rm -rf /var/lib/caddyctl; install /opt/caddyctl /usr/local/bin/caddyctl");
    let done = container.ok("caddyctl deploy --force");
    assert!(done.contains("keep    /usr/local/bin/caddyctl"), "{done}");
    container.ok("caddyctl deploy --force");
    let done = container.ok("caddyctl uninstall");
    assert!(
        done.contains("left    /usr/local/bin/caddyctl, which was there before the first deploy"),
        "{done}"
    );
    container.ok("cmp /opt/caddyctl /usr/local/bin/caddyctl; rm /usr/local/bin/caddyctl; caddyctl deploy");
}

fn a_shell_that_starts_caddy(container: &Container) {
    let drop_in = "/etc/systemd/system/caddy.service.d/zz.conf";
    container.ok(&format!(
        "printf '[Service]\\nExecStart=\\nExecStart=/bin/sh -c \"exec /usr/bin/caddy run --environ --config /etc/caddy/Caddyfile\"\\n' >{drop_in}; \
         systemctl daemon-reload; systemctl restart caddy"
    ));
    container.await_ok("curl -s -m 5 localhost:8000", Duration::from_secs(10));
    write(container, "shell");
    let done = container.ok("caddyctl deploy");
    assert!(!done.contains("/bin/sh"), "{done}");
    assert_eq!(answer(container), "shell");
    container.ok(&format!("rm {drop_in}; systemctl daemon-reload; systemctl restart caddy"));
    container.await_ok("curl -s -m 5 localhost:8000", Duration::from_secs(10));
}

/// What systemd makes of specifiers is what a deploy compiles with before systemd has read the file.
fn specifiers(container: &Container) {
    let all = "nNpPiIjJftSCLETVuUgGhHlvamboBwWAMdyY";
    let words: String = all.chars().map(|letter| format!("Environment=\"S_{letter}=%{letter}\"\n")).collect();
    let drop_in = "/etc/systemd/system/caddy.service.d/zz.conf";
    container.write("../zz.conf", &format!("[Service]\n{words}"));
    container.ok(&format!("cp /opt/zz.conf {drop_in}"));
    let sites: String =
        all.chars().map(|letter| format!("\t\trespond /{letter} \"{{$S_{letter}}}\"\n")).collect();
    container.write("Caddyfile", &format!(":8000 {{\n\troute {{\n{sites}\t\trespond specifiers\n\t}}\n}}\n"));
    // systemd reads the file only in the deploy, which fails where it makes something else of it.
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("run     systemctl daemon-reload"), "{done}");
    assert_eq!(container.ok("curl -s localhost:8000/n"), "caddy.service");
    // Paths match in any case: of two letters, the first counts.
    assert_eq!(container.ok("curl -s localhost:8000/m"), container.ok("cat /etc/machine-id"));
    container.ok(&format!("caddyctl status; rm {drop_in}; systemctl daemon-reload"));
}
