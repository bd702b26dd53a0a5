//! A site whose version can be seen, of two imported files that must never be mixed.

use crate::container::Container;

/// Writes the version `version`; `options` are global options, `more` is at the end of the Caddyfile.
pub fn write_with(container: &Container, version: &str, options: &str, more: &str) {
    container.write("sites/a.caddy", &format!("(a_{version}) {{\n\trespond {version}\n}}\n"));
    container.write("sites/b.caddy", &format!("(b_{version}) {{\n\timport a_{version}\n}}\n"));
    let options = if options.is_empty() { String::new() } else { format!("{{\n\t{options}\n}}\n") };
    container.write(
        "Caddyfile",
        &format!("{options}import sites/*.caddy\n:8000 {{\n\timport b_{version}\n}}\n{more}"),
    );
}

/// Writes the version `version`.
pub fn write(container: &Container, version: &str) {
    write_with(container, version, "", "");
}

/// What the site answers; empty when it does not.
///
/// A connection that was taken and then dropped without a word is asked again: Caddy does that to some of those that come
/// while it changes from one configuration to the next (measured without us: 12 of 152 over eleven reloads).
pub fn answer(container: &Container) -> String {
    let dropped = "case $? in 52 | 56) ;; *) break ;; esac";
    container.run(&format!("for try in 1 2 3; do curl -s -m 5 localhost:8000; {dropped}; done")).text
}
