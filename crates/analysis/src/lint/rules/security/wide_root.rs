//! Files served from the top of a disk.

use crate::lint::{Check, Condition, Directive, Lint, Rule, pattern};
use caddyctl_language::diagnostics::{Code, Diagnostic, Severity};
use caddyctl_language::syntax::Word;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    code: Code::new("S049", "wide-root"),
    severity: Severity::Warning,
    summary: "A root that is the whole disk, or a system folder",
    page: "\
Everybody can request the files below `root`. Below `/`, `/etc`, `/root`, `/var` or a home folder, these include keys,
passwords and mail.

## Why

If Caddy may read `/root/.ssh/id_ed25519` or `/etc/shadow`, a client only has to request them.

## Wrong

```caddyfile
example.com {
	root /
	file_server
}
```

## Right

```caddyfile
example.com {
	root /srv/www
	file_server
}
```

## When it is fine

In a container that contains no other files.

See https://caddyserver.com/docs/caddyfile/directives/root
",
    check: Check::Each(check),
};

/// Folders of which nobody means to serve the whole.
const WIDE: &[&str] = &["", "/etc", "/home", "/root", "/usr", "/var", "/var/lib", "/var/log"];

fn check(lint: &Lint, found: &mut Vec<Diagnostic>) {
    let levels = &lint.levels;
    for level in &levels.all {
        // A block for single paths serves these, and nothing below them.
        let is_single = |condition: Condition| {
            let paths = condition.paths();
            !paths.is_empty() && paths.iter().all(|path| pattern::is_literal(&path.text))
        };
        if levels.conditions(level).any(is_single) {
            continue;
        }
        let own = level.directives.iter().copied();
        let serves = |directive: &Directive| {
            directive.is("file_server")
                && directive.line("root").is_none()
                && directive.matcher().is_none_or(|matcher| {
                    !matcher.text.starts_with('/') || !pattern::is_literal(&matcher.text)
                })
        };
        let below = || level.directives.iter().flat_map(|directive| directive.walk());
        let is_served = below().any(serves);
        let roots = own.filter_map(|directive| match directive.name.text.as_str() {
            "root" if is_served => directive.args.last(),
            "file_server" => directive.line("root").and_then(|line| line.args.first()),
            _ => None,
        });
        for root in roots.filter(|root| is_wide(root)) {
            let finding = RULE.finding(lint, root, format!("all of `{}` is served to everybody", root.text));
            found.push(finding.help("name the folder that holds the site, such as `/srv/www`"));
        }
    }
}

/// Names of folders below `/home` in which a site is built.
const BUILT: &[&str] = &["build", "dist", "html", "public", "site", "static", "web", "website", "www"];

fn is_wide(root: &Word) -> bool {
    let path = root.text.trim_end_matches('/');
    let is_home = path
        .strip_prefix("/home/")
        .is_some_and(|name| !name.contains(['/', '{']) && !BUILT.contains(&name.to_lowercase().as_str()));
    root.text.starts_with('/') && (WIDE.contains(&path) || is_home)
}
