//! The files that a site was configured by are not served.

use std::path::Path;

use crate::config::{Fields, Value};
use crate::expand::{join, matches};
use crate::lower::Scope;
use crate::spec::{Cursor, Parsed, append};
use crate::version::Change;

/// Reads `hide`. Before 2.11.7, a second line replaces the first.
pub(super) fn read(cursor: &mut Cursor, fields: &mut Fields) -> Parsed<()> {
    let name = cursor.word().clone();
    let patterns = cursor.arg_texts();
    if patterns.is_empty() {
        return Err(cursor.missing(&name, "at least one value: `hide <files...>`"));
    }
    if !cursor.version().has(Change::HideAdds) {
        fields.remove("hide");
    }
    append(fields, "hide", patterns);
    Ok(())
}

/// Adds the site's own files to `hide`, unless a pattern there hides them already.
pub(super) fn config_files(fields: &mut Fields, scope: &Scope) {
    for file in scope.files {
        let clean = clean(file);
        let hidden = fields.get("hide").and_then(Value::as_array).is_some_and(|patterns| {
            let absolute = join(scope.loader.base(), &clean);
            let absolute = absolute.to_string_lossy();
            patterns.iter().filter_map(Value::as_str).any(|pattern| is_hidden(&absolute, pattern))
        });
        if !hidden {
            // A bare name would hide every file of that name.
            let shown = if clean.contains('/') { clean } else { format!("./{clean}") };
            append(fields, "hide", [shown]);
        }
    }
}

/// Whether `pattern` hides the file at the absolute path `file`: a pattern without `/` is for each part of the path, any
/// other one for the whole path or a folder that the file is in.
fn is_hidden(file: &str, pattern: &str) -> bool {
    let glob = |name: &str| matches(pattern, name).unwrap_or(false);
    if !pattern.contains('/') && file.split('/').any(glob) {
        return true;
    }
    let in_folder =
        pattern.contains('/') && file.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/'));
    in_folder || glob(file)
}

/// A path without `.`, and without what `..` takes back.
fn clean(path: &str) -> String {
    if path.starts_with('/') {
        return join(Path::new("/"), path).to_string_lossy().into_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in [
            ("./Caddyfile", "Caddyfile"),
            ("../x/./y/../Caddyfile", "../x/Caddyfile"),
            ("/etc/caddy/../Caddyfile", "/etc/Caddyfile"),
            ("a//b", "a/b"),
            ("./.", "."),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }

    #[test]
    fn patterns_hide() {
        for (pattern, expected) in [
            ("Caddyfile", true),
            ("caddy", true),
            ("*", true),
            ("/etc", true),
            ("/etc/caddy/Caddyfile", true),
            ("/etc/*/Caddyfile", true),
            ("/et", false),
            ("./Caddyfile", false),
            ("[", false),
        ] {
            assert_eq!(is_hidden("/etc/caddy/Caddyfile", pattern), expected, "{pattern}");
        }
    }
}
