//! Files that are read from another folder than their own, for Caddy to be asked about them or to stand in for a moment.

use std::path::Path;

use serde_json::Value;

/// The text of a Caddyfile whose imports from `folder` by absolute paths come from `tree` instead.
pub fn moved_imports(bytes: &[u8], folder: &Path, tree: &Path) -> Vec<u8> {
    let from = format!("{}/", folder.display());
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    let mut moved = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let mut words = line.split_whitespace();
        let (first, path) = (words.next(), words.next().unwrap_or_default());
        match path.trim_start_matches(['"', '`']).strip_prefix(&from) {
            Some(_) if first == Some("import") => {
                moved += &line.replacen(&from, &format!("{}/", tree.display()), 1);
            }
            _ => moved += line,
        }
    }
    moved.into_bytes()
}

/// `config` with the names of files in the folder `from` (`hide` of a file server has some) as those of `to`.
pub(crate) fn at_home(config: &Value, from: &Path, to: &Path) -> Value {
    match config {
        Value::String(text) => Value::String(text.replace(&*from.to_string_lossy(), &to.to_string_lossy())),
        Value::Array(items) => items.iter().map(|item| at_home(item, from, to)).collect(),
        Value::Object(map) => map.iter().map(|(key, item)| (key.clone(), at_home(item, from, to))).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_imports() {
        let moved = |text: &str| {
            let moved =
                moved_imports(text.as_bytes(), Path::new("/etc/caddy"), Path::new("/etc/caddy/.x/tree"));
            String::from_utf8(moved).unwrap()
        };
        assert_eq!(
            moved("a\n\timport /etc/caddy/sites/* /etc/caddy/\nimport \"/etc/caddy/b\""),
            "a\n\timport /etc/caddy/.x/tree/sites/* /etc/caddy/\nimport \"/etc/caddy/.x/tree/b\""
        );
        for stays in ["import sites/*\nroot /etc/caddy/x\n", "import /etc/other/caddy/x", "import"] {
            assert_eq!(moved(stays), stays);
        }
    }
}
