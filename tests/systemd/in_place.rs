//! Files that are edited in place, and links into a checkout: there is a way back, and what is true of the file is said.

use std::time::Duration;

use crate::container::{Container, boot};

const ASK: &str = "curl -s -m 5 localhost:8000";

pub fn there_is_a_way_back() {
    let container = boot("in-place");
    what_ran_is_kept(&container);
    a_failed_deploy_names_the_file(&container);
    an_upstream_that_was_down_before(&container);
    a_link_into_the_folder_of_another_user(&container);
}

fn edit(container: &Container, word: &str) {
    container.ok(&format!("printf ':8000 {{\\n\\trespond {word}\\n}}\\n' >/etc/caddy/Caddyfile"));
}

/// The file was edited before the first deploy: nobody has the text of what ran, and its JSON is kept.
fn what_ran_is_kept(container: &Container) {
    edit(container, "one");
    container.ok("systemctl reload-or-restart caddy");
    container.await_ok(&format!("[ \"$({ASK})\" = one ]"), Duration::from_secs(10));
    edit(container, "two");
    container.ok("caddyctl deploy --config /etc/caddy/Caddyfile");
    assert_eq!(container.ok(ASK), "two");
    assert_eq!(container.ok("stat -c '%a %U' /var/lib/caddyctl/history/*-found/running.json"), "600 root");
    let back = container.ok("caddyctl rollback");
    assert_eq!(container.ok(ASK), "one", "{back}");
    assert!(back.contains("what runs now is not what /etc/caddy/Caddyfile says"), "{back}");
    let status = container.run("caddyctl status");
    assert!(
        status.status == 1
            && status.text.contains("Caddy does not run the configuration of the installed files"),
        "{}",
        status.text
    );
    // Back again, and then an edit whose text a deployment has.
    container.ok("caddyctl deploy --config /etc/caddy/Caddyfile; caddyctl status");
    assert_eq!(container.ok(ASK), "two");
    edit(container, "three");
    container.ok("caddyctl deploy --config /etc/caddy/Caddyfile");
    assert_eq!(container.ok(ASK), "three");
    container.ok("caddyctl rollback; grep two /etc/caddy/Caddyfile; caddyctl status");
    assert_eq!(container.ok(ASK), "two");
    // The file comes back with what ran.
    container.write("Caddyfile", ":8000 {\n\trespond four\n}\n");
    edit(container, "unloaded");
    container.ok("caddyctl deploy --replace-edits; [ $(curl -s localhost:8000) = four ]; caddyctl rollback; grep unloaded /etc/caddy/Caddyfile");
    assert_eq!(container.ok(ASK), "two");
    container.ok("caddyctl deploy --replace-edits; caddyctl status");
}

fn a_failed_deploy_names_the_file(container: &Container) {
    container.ok("printf ':8000 {\\n\\treverse_proxy localhost:8098\\n}\\n' >/etc/caddy/Caddyfile; printf '[[check]]\\nurl = \"http://localhost:8000/\"\\n' >/etc/caddy/checks.toml");
    let failed = container.run("caddyctl deploy --config /etc/caddy/Caddyfile");
    assert_eq!(failed.status, 1, "{}", failed.text);
    let said = "/etc/caddy/Caddyfile itself is what failed: Caddy runs the configuration from before, and its next start uses this file";
    assert!(failed.text.contains(said), "{}", failed.text);
    assert!(failed.text.contains("the upstream localhost:8098 is unreachable"), "{}", failed.text);
    assert_eq!(container.ok(ASK), "four");
    container.ok("printf ':8000 {\\n\\trespond\\n' >/etc/caddy/Caddyfile");
    let refused = container.run("caddyctl deploy --config /etc/caddy/Caddyfile");
    assert_eq!(refused.status, 1, "{}", refused.text);
    assert!(refused.text.contains("its next start fails with this file"), "{}", refused.text);
    let json = container.run("caddyctl deploy --config /etc/caddy/Caddyfile --format json").text;
    assert!(json.lines().last().unwrap().contains("its next start fails with this file"), "{json}");
    container.ok("rm /etc/caddy/checks.toml; caddyctl deploy --replace-edits; caddyctl status");
}

fn an_upstream_that_was_down_before(container: &Container) {
    container.write("Caddyfile", ":8000 {\n\treverse_proxy localhost:8097\n}\n");
    container.ok("caddyctl deploy");
    container.write("Caddyfile", ":8000 {\n\theader X-New yes\n\treverse_proxy localhost:8097\n}\n");
    container.write(
        "checks.toml",
        "[[check]]\nurl = \"http://localhost:8000/\"\n[[check]]\nurl = \"http://localhost:8000/x\"\n",
    );
    let failed = container.run("caddyctl deploy");
    assert_eq!(failed.status, 1, "{}", failed.text);
    let said =
        "all 2 checks fail in the same way with the running configuration, so the cause is not this deploy";
    assert!(failed.text.contains(said), "{}", failed.text);
    container.ok("rm checks.toml");
}

/// It is read, and never written: a user who may change the checkout is not root.
fn a_link_into_the_folder_of_another_user(container: &Container) {
    container.ok("useradd -m ann; mkdir /home/ann/site; printf ':8000 {\\n\\trespond linked\\n}\\n' >/home/ann/site/Caddyfile; chown -R ann /home/ann; chmod 755 /home/ann; \
                  ln -sf /home/ann/site/Caddyfile /etc/caddy/Caddyfile; systemctl reload caddy");
    let before = container.ok(
        "sha256sum /home/ann/site/Caddyfile; stat -c '%U %a' /home/ann/site/Caddyfile; ls -A /home/ann/site",
    );
    assert_eq!(container.ok(ASK), "linked");
    // The link's own target is the source: it stays.
    let same = container.ok("caddyctl deploy --config /etc/caddy/Caddyfile --replace-edits; test -L /etc/caddy/Caddyfile && echo stays");
    assert!(same.ends_with("stays"), "{same}");
    container.write("Caddyfile", ":8000 {\n\timport words\n\trespond own\n}\n");
    container.write("words", "header X-Words yes\n");
    let plan = container.ok("caddyctl deploy --replace-edits --dry-run");
    let said = "(a symbolic link to /home/ann/site/Caddyfile, which stays as it is)";
    assert!(plan.contains(said), "{plan}");
    for point in ["pointed", "first-file", "caddyfile", "placed"] {
        let killed = container.run(&format!("CADDYCTL_FAULT={point} caddyctl deploy --replace-edits"));
        assert_eq!(killed.status, 137, "{point}: {}", killed.text);
        container.ok("systemctl restart caddy");
        container.await_ok(ASK, Duration::from_secs(10));
        container.ok("caddyctl recover");
        container.ok("caddyctl rollback; test -L /etc/caddy/Caddyfile");
        assert_eq!(container.ok(ASK), "linked", "{point}");
    }
    container.ok("caddyctl deploy --replace-edits");
    assert_eq!(container.ok(ASK), "own");
    let after =
        "sha256sum /home/ann/site/Caddyfile; stat -c '%U %a' /home/ann/site/Caddyfile; ls -A /home/ann/site";
    assert_eq!(container.ok(after), before);
    assert_eq!(container.ok("stat -c '%F %U' /etc/caddy/Caddyfile"), "regular file root");
    let back = container.ok("caddyctl rollback");
    assert!(back.contains("(with a symbolic link to /home/ann/site/Caddyfile)"), "{back}");
    assert_eq!(container.ok("readlink /etc/caddy/Caddyfile"), "/home/ann/site/Caddyfile");
    assert_eq!(container.ok(ASK), "linked");
    // What the link led to has changed since: its old content comes back as a file.
    container.ok("caddyctl deploy --replace-edits; printf ':8000 {\\n\\trespond moved\\n}\\n' >/home/ann/site/Caddyfile; caddyctl rollback");
    assert_eq!(container.ok("stat -c '%F' /etc/caddy/Caddyfile"), "regular file");
    assert_eq!(container.ok(ASK), "linked");
    // A link of that user's own is refused, as before.
    container.ok("rm /etc/caddy/Caddyfile; ln -s /home/ann/site/Caddyfile /etc/caddy/Caddyfile; chown -h ann /etc/caddy/Caddyfile");
    let refused = container.run("caddyctl deploy --replace-edits");
    assert!(
        refused.status == 2
            && refused.text.contains("the symbolic link /etc/caddy/Caddyfile belongs to user "),
        "{}",
        refused.text
    );
    container.ok("rm /etc/caddy/Caddyfile; caddyctl deploy --replace-edits");
}
