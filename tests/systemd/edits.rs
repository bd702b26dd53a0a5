//! What a deploy destroys is reported before: sites, logins, edits of the host, another deploy that ended meanwhile.

use std::time::Duration;

use crate::container::{Container, boot};

const ASK: &str = "curl -s -m 5 localhost:8000";

/// A server that answers after three seconds.
const SLOW: &str = "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 9, LocalPort => 8020, ReuseAddr => 1); \
     while (my $c = $s->accept) { next if fork; sleep 3; print $c \"HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\nConnection: close\\r\\n\\r\\nslow\"; exit }";

pub fn nothing_is_replaced_unseen() {
    let container = boot("edits");
    what_goes_away_is_named(&container);
    an_edit_on_the_host(&container);
    a_deploy_that_ended_meanwhile(&container);
}

fn site(container: &Container, word: &str) {
    container.write("Caddyfile", &format!(":8000 {{\n\trespond \"{word}\"\n}}\n"));
}

/// Before the first deployment nothing was edited, and no flag is needed.
fn what_goes_away_is_named(container: &Container) {
    container.ok(
        "printf ':8000 {\\n\\trespond found\\n}\\nhttp://blog.test:8000 {\\n\\trespond blog\\n}\\n' >/etc/caddy/Caddyfile; systemctl reload-or-restart caddy",
    );
    site(container, "first");
    let plan = container.ok("caddyctl deploy --dry-run");
    assert!(plan.contains("loses   ") && plan.contains("blog.test"), "{plan}");
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("loses   ") && done.contains("blog.test"), "{done}");
    assert!(done.contains("note: no site was checked: no checks.toml"), "{done}");
    container.write("Caddyfile", ":8000 {\n\treverse_proxy localhost:8099\n}\n");
    let done = container.ok("caddyctl deploy");
    assert!(done.contains("warning: the upstream localhost:8099 is unreachable"), "{done}");
    site(container, "first");
    container.ok("caddyctl deploy");
}

fn an_edit_on_the_host(container: &Container) {
    let edited = "printf 'http://hand.test:8000 {\\n\\trespond hand\\n}\\n' >>/etc/caddy/Caddyfile; systemctl reload caddy; sha256sum /etc/caddy/Caddyfile";
    let edited = container.ok(edited);
    site(container, "second");
    let plan = container.ok("caddyctl deploy --dry-run");
    assert!(plan.contains("edited  /etc/caddy/Caddyfile, since the last deployment"), "{plan}");
    let refused = container.run("caddyctl deploy");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(
        refused.text.contains("/etc/caddy/Caddyfile was edited since the last deployment"),
        "{}",
        refused.text
    );
    assert!(
        refused.text.contains("--replace-edits") && refused.text.contains("hand.test"),
        "{}",
        refused.text
    );
    let json = container.run("caddyctl deploy --format json");
    assert!(json.status == 1 && json.text.contains("--replace-edits"), "{}", json.text);
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile"), edited);
    // A source that is the installed file replaces no edit.
    container.ok("caddyctl deploy --config /etc/caddy/Caddyfile");
    assert_eq!(container.ok("sha256sum /etc/caddy/Caddyfile"), edited);
    container.ok("echo '# by hand' >>/etc/caddy/Caddyfile; caddyctl deploy --replace-edits");
    assert_eq!(container.ok(ASK), "second");
    // What was replaced is kept, and a rollback needs no flag.
    container.ok(
        "echo '# by hand' >>/etc/caddy/Caddyfile; caddyctl rollback; grep hand.test /etc/caddy/Caddyfile",
    );
    container.ok("caddyctl deploy");
}

fn a_deploy_that_ended_meanwhile(container: &Container) {
    container.write("slow.pl", SLOW);
    container.ok("systemd-run --quiet --unit slow perl /opt/site/slow.pl; mkdir -p /opt/slow");
    container.write("../slow/Caddyfile", ":8000 {\n\treverse_proxy localhost:8020\n}\n");
    container
        .write("../slow/checks.toml", "[[check]]\nurl = \"http://localhost:8000/\"\ncontains = \"slow\"\n");
    site(container, "late");
    let mut first = container.spawn("cd /opt/slow && caddyctl deploy");
    std::thread::sleep(Duration::from_millis(1500));
    let refused = container.run("caddyctl deploy");
    assert!(first.wait().unwrap().success());
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("ended while this deploy waited"), "{}", refused.text);
    assert_eq!(container.ok(ASK), "slow");
    container.ok("caddyctl deploy");
    assert_eq!(container.ok(ASK), "late");
}
