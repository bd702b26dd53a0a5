//! Certificates take time: a deploy waits for the first one, reports it, and distinguishes "not yet" from "never".

use std::path::Path;
use std::time::Duration;

use crate::container::{Container, boot};

/// A proxy that waits before it passes a connection on: an authority that is far away.
pub const SLOW: &str = "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 9, LocalPort => 9443, ReuseAddr => 1); \
     while (my $c = $s->accept) { next if fork; select undef, undef, undef, $ARGV[0]; \
     my $u = IO::Socket::INET->new(PeerAddr => '127.0.0.1:9444'); \
     if (fork) { while (sysread $c, my $b, 65536) { syswrite $u, $b } shutdown $u, 1 } \
     else { while (sysread $u, my $b, 65536) { syswrite $c, $b } shutdown $c, 1 } exit }";

const CHECKS: &str =
    "address = \"127.0.0.1\"\n[[check]]\nurl = \"https://site.test/\"\ncontains = \"secure\"\n";

pub fn the_first_one_is_waited_for() {
    let container = boot("certificate");
    container.ok("echo '127.0.0.1 site.test ca.test' >>/etc/hosts");
    an_internal_one_needs_no_file(&container);
    from_a_slow_authority(&container);
    from_none(&container);
    one_that_no_retry_fixes(&container);
}

/// The authority comes from the admin API, and is trusted for its own names alone.
fn an_internal_one_needs_no_file(container: &Container) {
    container
        .write("Caddyfile", "{\n\tskip_install_trust\n}\nsite.test {\n\ttls internal\n\trespond secure\n}\n");
    container.write("checks.toml", CHECKS);
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("is in place"), "{done}");
    let verified = container.run("caddyctl verify");
    assert_eq!(verified.status, 1, "without a deploy nobody says whom to trust: {}", verified.text);
}

fn site(acme: &str, word: &str) -> String {
    format!(
        "{{\n\tskip_install_trust\n\tacme_ca https://ca.test:{acme}/acme/local/directory\n\tacme_ca_root /etc/ca-root.crt\n}}\nsite.test {{\n\trespond {word}\n}}\n"
    )
}

fn from_a_slow_authority(container: &Container) {
    container.write("ca/Caddyfile", "{\n\tadmin localhost:2999\n\tskip_install_trust\n\tauto_https disable_redirects\n\thttp_port 9081\n\thttps_port 9444\n}\nca.test:9444 {\n\ttls internal\n\tacme_server\n}\n");
    container.write("slow.pl", SLOW);
    container.ok(
        "systemd-run --quiet --unit ca -E HOME=/root/ca -E XDG_DATA_HOME=/root/ca caddy run --config /opt/site/ca/Caddyfile --adapter caddyfile; \
         systemd-run --quiet --unit slow perl /opt/site/slow.pl 8",
    );
    container
        .await_ok("curl -s localhost:2999/pki/ca/local | grep -q root_certificate", Duration::from_secs(20));
    container.ok(
        r#"curl -s localhost:2999/pki/ca/local | sed 's/.*"root_certificate":"\([^"]*\)".*/\1/; s/\\n/\n/g' >/etc/ca-root.crt; chmod 644 /etc/ca-root.crt; grep -c . /etc/ca-root.crt"#,
    );
    container.write("Caddyfile", &site("9443", "secure"));
    let done = container.run("caddyctl deploy --cacert /etc/ca-root.crt");
    assert_eq!(
        done.status,
        0,
        "{}\n{}",
        done.text,
        container.run("journalctl -u caddy -n 40 --no-pager -o cat").text
    );
    assert!(done.text.contains("certificate "), "{}", done.text);
    assert!(!done.text.contains("undo"), "{}", done.text);
    container.ok("systemctl stop slow");
}

/// Caddy tries again after a minute, which is after the deadline: its own words are reported, and at once.
fn from_none(container: &Container) {
    container.write("Caddyfile", &site("9555", "secure").replace("site.test {", "site.test, other.test {"));
    container.write("checks.toml", &CHECKS.replace("site.test", "other.test"));
    let begun = std::time::Instant::now();
    let failed = container.run("caddyctl deploy --timeout 40s");
    assert_eq!(failed.status, 1, "{}", failed.text);
    assert!(failed.text.contains("Caddy has no certificate for other.test yet: "), "{}", failed.text);
    assert!(failed.text.contains("connection refused"), "{}", failed.text);
    assert!(begun.elapsed() < Duration::from_secs(39), "{:?}", begun.elapsed());
    // While it is waited for, Caddy's own words are shown.
    let failed = container.run("caddyctl deploy --timeout 85s");
    assert_eq!(failed.status, 1, "{}", failed.text);
    let waiting =
        failed.text.lines().find(|line| line.starts_with("waiting  other.test: ")).unwrap_or_default();
    assert!(waiting.contains("connection refused"), "{}", failed.text);
}

/// A certificate of a file whose time is over does not get better, whoever trusts it.
fn one_that_no_retry_fixes(container: &Container) {
    for name in ["cert.pem", "key.pem"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/systemd/expired").join(name);
        container.write(&format!("../expired/{name}"), &std::fs::read_to_string(path).unwrap());
    }
    container.ok("chmod -R a+rX /opt/expired");
    container.write(
        "Caddyfile",
        "{\n\tskip_install_trust\n}\nstt.fullen.dev {\n\ttls /opt/expired/cert.pem /opt/expired/key.pem\n\trespond old\n}\n",
    );
    container.write(
        "checks.toml",
        "address = \"127.0.0.1\"\n[[check]]\nurl = \"https://stt.fullen.dev/\"\nretries = 40\n",
    );
    let begun = std::time::Instant::now();
    let failed = container.run("caddyctl deploy --cacert /opt/expired/cert.pem");
    assert_eq!(failed.status, 1, "{}", failed.text);
    assert!(failed.text.contains("the certificate ended at 2025-04-01"), "{}", failed.text);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
