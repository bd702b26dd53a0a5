//! No problems are reported only where the sites answer: the checks of the deployment, or else listeners and upstreams.

use std::time::Duration;

use crate::container::{Container, boot};

const ASK: &str = "curl -s -m 5 localhost:8000";

const CHECKS: &str = "[[check]]\nurl = \"http://localhost:8000/\"\nstatus = 200\n[[check]]\nurl = \"http://localhost:8000/post\"\nmethod = \"POST\"\nstatus = 500\n";

pub fn only_what_answers_is_well() {
    let container = boot("serving");
    container.ok("systemd-run --quiet --unit backend caddy respond --listen 127.0.0.1:8080 backend");
    container.await_ok("curl -s localhost:8080", Duration::from_secs(10));
    checks_are_kept_with_the_deployment(&container);
    they_run_where_nobody_has_any(&container);
    without_checks_upstreams_are_asked(&container);
    what_the_next_start_meets(&container);
    only_errors_of_this_life(&container);
    another_caddy(&container);
    many_sites(&container);
}

fn site(container: &Container) {
    let site = ":8000 {\n\treverse_proxy /post localhost:8089\n\treverse_proxy localhost:8080\n}\n";
    container.write(
        "Caddyfile",
        &site.replace("\treverse_proxy /post localhost:8089\n", "\trespond /post none 500\n"),
    );
}

/// The state folder is root's alone; checks that change something are not run by a status.
fn checks_are_kept_with_the_deployment(container: &Container) {
    site(container);
    container.write("checks.toml", CHECKS);
    container.ok("caddyctl deploy");
    assert_eq!(container.ok("stat -c '%a %U' /var/lib/caddyctl/history/*/checks.toml"), "600 root");
    let status = container.ok("caddyctl status");
    assert!(status.contains("checks       1 check of the deployment ran"), "{status}");
    assert!(status.ends_with("no problems"), "{status}");
    container.ok("systemctl stop backend");
    let status = container.run("caddyctl status");
    assert_eq!(status.status, 1, "{}", status.text);
    assert!(
        status.text.contains("problem      the check `GET http://localhost:8000/` fails: status 502"),
        "{}",
        status.text
    );
    let status = container.run("caddyctl status --no-checks");
    assert_eq!(status.status, 1, "{}", status.text);
    assert!(status.text.contains("the upstream localhost:8080 is unreachable"), "{}", status.text);
    assert!(!status.text.contains("checks       "), "{}", status.text);
    container.ok("systemd-run --quiet --unit backend caddy respond --listen 127.0.0.1:8080 backend");
    container.await_ok("caddyctl status", Duration::from_secs(10));
    // Other checks, and nothing else to do.
    container.write("checks.toml", &CHECKS.replace("status = 200", "status = 201"));
    assert!(container.ok("caddyctl deploy").contains("nothing to do"));
    let status = container.run("caddyctl status");
    assert!(status.status == 1 && status.text.contains("status 200, expected 201"), "{}", status.text);
    container.write("checks.toml", CHECKS);
    container.ok("caddyctl deploy && caddyctl status");
}

fn they_run_where_nobody_has_any(container: &Container) {
    let ran = container.ok("cd / && caddyctl verify");
    assert!(
        ran.contains("note: these are the checks of deployment ") && ran.ends_with("2 checks, 0 failed"),
        "{ran}"
    );
    assert!(container.ok("cd / && caddyctl doctor --format json").contains("2 checks"));
    container.write("empty/checks.toml", "address = \"127.0.0.1\"\n");
    let empty = container.run("cd empty && caddyctl verify");
    assert!(empty.status == 2 && empty.text.contains("contains no [[check]]"), "{}", empty.text);
    // What a rollback brings back has its own checks.
    container.write("Caddyfile", ":8000 {\n\trespond other\n}\n");
    container.ok("rm checks.toml; caddyctl deploy");
    let none = container.run("cd / && caddyctl verify");
    assert!(none.status == 2 && none.text.contains("no checks.toml here"), "{}", none.text);
    container.ok("caddyctl rollback; cd / && caddyctl verify");
}

fn without_checks_upstreams_are_asked(container: &Container) {
    container.write("Caddyfile", ":8000 {\n\treverse_proxy localhost:8080\n}\n");
    container.ok("caddyctl deploy && caddyctl status");
    container.ok("systemctl stop backend");
    let status = container.run("caddyctl status");
    assert!(
        status.status == 1 && status.text.contains("the upstream localhost:8080 is unreachable"),
        "{}",
        status.text
    );
    container.ok("systemd-run --quiet --unit backend caddy respond --listen 127.0.0.1:8080 backend");
    container.await_ok("caddyctl status", Duration::from_secs(10));
}

/// A deploy and a status know the same.
fn what_the_next_start_meets(container: &Container) {
    let drop_in = "/etc/systemd/system/caddy.service.d/words.conf";
    container.ok(&format!(
        "printf '[Service]\\nEnvironmentFile=/etc/caddy/words\\n' >{drop_in}; systemctl daemon-reload"
    ));
    let said = "the environment file /etc/caddy/words of ";
    let status = container.run("caddyctl status");
    assert!(status.status == 1 && status.text.contains(said), "{}", status.text);
    let refused = container.run("caddyctl deploy --force");
    assert!(refused.status == 2 && refused.text.contains(said), "{}", refused.text);
    container.ok(&format!("rm {drop_in}; systemctl daemon-reload; caddyctl status"));
    container.ok("chmod 0644 /usr/bin/caddy");
    let status = container.run("caddyctl status");
    assert!(
        status.status == 1 && status.text.contains("/usr/bin/caddy is not executable"),
        "{}",
        status.text
    );
    let refused = container.run("caddyctl deploy --force");
    assert!(
        refused.status == 2 && refused.text.contains("program /usr/bin/caddy is not executable"),
        "{}",
        refused.text
    );
    container.ok("chmod 0755 /usr/bin/caddy; chown -R root:root /var/lib/caddy/.local 2>/dev/null; true");
    if container.run("ls -d /var/lib/caddy/.local/share/caddy").status == 0 {
        let status = container.run("caddyctl status");
        assert!(
            status.status == 1 && status.text.contains("caddy cannot write to /var/lib/caddy"),
            "{}",
            status.text
        );
        container.ok("chown -R caddy:caddy /var/lib/caddy/.local; caddyctl status");
    }
    // As `caddy validate` leaves it when root runs it.
    container.ok("cp /etc/caddy/Caddyfile /root/good; mkdir -p /var/log/caddy; chown caddy /var/log/caddy; install -m 0600 /dev/null /var/log/caddy/a.log; \
                  printf 'http://log.test {\\n\\tlog {\\n\\t\\toutput file /var/log/caddy/a.log\\n\\t}\\n}\\n' >>/etc/caddy/Caddyfile");
    let status = container.run("caddyctl status");
    assert!(status.status == 1 && status.text.contains("/var/log/caddy/a.log"), "{}", status.text);
    container.ok("cp /root/good /etc/caddy/Caddyfile; caddyctl status");
}

/// An error of an earlier life is not the cause of anything now.
fn only_errors_of_this_life(container: &Container) {
    container.ok("printf ':8000 {\\n\\trespond x\\n}\\nhttp://127.0.0.1:8080 {\\n}\\n' >/etc/caddy/Caddyfile; systemctl restart caddy; sleep 1; \
                  cp /root/good /etc/caddy/Caddyfile; systemctl reset-failed caddy; systemctl restart caddy; true");
    container.await_ok(ASK, Duration::from_secs(10));
    let status = container.run("caddyctl status").text;
    assert!(!status.contains("logged"), "{status}");
    let doctor = container.run("caddyctl doctor").text;
    assert!(!doctor.contains("8080: bind"), "{doctor}");
}

fn another_caddy(container: &Container) {
    // Another Caddy of the same user writes the same autosave.
    container.ok("mkdir -p /var/lib/caddy/.config/caddy; echo '{}' >/var/lib/caddy/.config/caddy/autosave.json; caddyctl status");
    container.ok("systemctl stop caddy; printf ':8007\\nrespond other\\n' >/root/Other; systemd-run --quiet --unit other caddy run --adapter caddyfile --config /root/Other");
    container.await_ok("curl -s localhost:2019/config/", Duration::from_secs(10));
    let status = container.run("caddyctl status");
    assert!(status.status == 1 && status.text.contains("the service is not running"), "{}", status.text);
    assert!(
        !status.text.contains("running      ") && !status.text.contains("does not run the configuration"),
        "{}",
        status.text
    );
    container.ok("systemctl stop other; systemctl start caddy");
    container.await_ok("caddyctl status", Duration::from_secs(10));
}

/// A summary, and not a line for each of thousands.
fn many_sites(container: &Container) {
    let sites: String = (0..5000).fold(String::new(), |all, number| {
        all + &format!("http://s{number}.test:8000 {{\n\trespond x\n}}\n")
    });
    container.write("Caddyfile", &sites);
    container.ok("echo nameserver 127.0.0.1 >/etc/resolv.conf; caddyctl deploy");
    let doctor = container.run("caddyctl doctor").text;
    assert!(
        doctor.lines().count() < 40,
        "{} lines: {}",
        doctor.lines().count(),
        &doctor[..doctor.len().min(3000)]
    );
    assert!(doctor.contains("the name s0.test does not resolve"), "{doctor}");
    assert!(doctor.contains("more of the same kind"), "{doctor}");
    assert!(!doctor.contains("certificate without it"), "{doctor}");
    assert!(container.run("caddyctl status").text.lines().count() < 40);
}
