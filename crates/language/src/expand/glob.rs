//! File name patterns of `import`, as Go's `filepath.Glob` matches them.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::source::Loader;

/// A pattern that cannot be read: an open `[` or a trailing backslash.
#[derive(Debug, PartialEq, Eq)]
pub struct BadPattern;

/// Joins and cleans a path as Go's `filepath.Join` does: `.` and empty parts go, `..` takes a part away.
pub fn join(base: &Path, path: &str) -> PathBuf {
    let joined = base.join(path);
    let mut out = PathBuf::new();
    for part in joined.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// Whether `pattern` has anything to match.
pub(super) fn is_pattern(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '\\'])
}

/// The names in folders, each folder read once.
#[derive(Debug, Default)]
pub(super) struct Folders {
    names: FxHashMap<PathBuf, Vec<String>>,
    /// How many names have been compared with patterns.
    compared: usize,
}

/// So many names can be compared with a pattern in the time that a word takes.
const COMPARED_PER_WORD: usize = 8;

impl Folders {
    /// The paths that match the absolute `pattern`, sorted by name within each folder.
    pub(super) fn glob(&mut self, pattern: &str, loader: &dyn Loader) -> Result<Vec<PathBuf>, BadPattern> {
        matches(pattern, "")?;
        let parts: Vec<&str> = pattern.split('/').collect();
        let first = parts.iter().position(|part| is_pattern(part)).unwrap_or(parts.len());
        if first == parts.len() {
            let path = PathBuf::from(pattern);
            return Ok(if loader.exists(&path) { vec![path] } else { Vec::new() });
        }
        let start = parts[..first].join("/");
        let mut found = vec![PathBuf::from(if start.is_empty() { "/" } else { &start })];
        for part in &parts[first..] {
            found = self.inside(&found, part, loader)?;
        }
        Ok(found)
    }

    /// The paths in `folders` whose names match `pattern`.
    fn inside(
        &mut self,
        folders: &[PathBuf],
        pattern: &str,
        loader: &dyn Loader,
    ) -> Result<Vec<PathBuf>, BadPattern> {
        let pattern = parse(&pattern.chars().collect::<Vec<_>>())?;
        let mut found = Vec::new();
        for folder in folders {
            let names = self.names.entry(folder.clone()).or_insert_with(|| {
                let mut names = loader.list(folder);
                names.sort();
                names
            });
            self.compared += names.len() + 1;
            let fits = |name: &&String| run(&pattern, &name.chars().collect::<Vec<_>>());
            found.extend(names.iter().filter(fits).map(|name| folder.join(name)));
        }
        Ok(found)
    }

    /// What has been done since this was last asked, in words that could have been imported in that time.
    pub(super) fn take_effort(&mut self) -> usize {
        std::mem::take(&mut self.compared) / COMPARED_PER_WORD
    }
}

/// Whether `name` matches `pattern`: `*` any run without `/`, `?` one character, `[…]` a class, `\` an escape.
pub fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let parts = parse(&pattern)?;
    Ok(run(&parts, &name))
}

/// One part of a pattern.
enum Part {
    Star,
    Any,
    One(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

fn parse(pattern: &[char]) -> Result<Vec<Part>, BadPattern> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(c) = pattern.get(at) {
        at += 1;
        parts.push(match c {
            '*' => Part::Star,
            '?' => Part::Any,
            '\\' => {
                at += 1;
                Part::One(*pattern.get(at - 1).ok_or(BadPattern)?)
            }
            '[' => {
                let negated = pattern.get(at) == Some(&'^');
                at += usize::from(negated);
                let mut ranges = Vec::new();
                while ranges.is_empty() || pattern.get(at) != Some(&']') {
                    let low = bound(pattern, &mut at)?;
                    let mut high = low;
                    if pattern.get(at) == Some(&'-') {
                        at += 1;
                        high = bound(pattern, &mut at)?;
                    }
                    ranges.push((low, high));
                }
                at += 1;
                Part::Class { negated, ranges }
            }
            other => Part::One(*other),
        });
    }
    Ok(parts)
}

/// One end of a range in a class.
fn bound(pattern: &[char], at: &mut usize) -> Result<char, BadPattern> {
    let mut c = *pattern.get(*at).filter(|c| !matches!(c, '-' | ']')).ok_or(BadPattern)?;
    *at += 1;
    if c == '\\' {
        c = *pattern.get(*at).ok_or(BadPattern)?;
        *at += 1;
    }
    // A class that the pattern does not close is malformed even when it could match.
    if *at >= pattern.len() { Err(BadPattern) } else { Ok(c) }
}

/// Matches with at most one step back for each star, so in the product of the two lengths.
fn run(parts: &[Part], name: &[char]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        let fits = match (parts.get(at), name.get(read)) {
            (None, None) => return true,
            (Some(Part::Star), _) => {
                retry = Some((at, read));
                at += 1;
                continue;
            }
            (Some(Part::Any), Some(c)) => *c != '/',
            (Some(Part::One(one)), Some(c)) => one == c,
            (Some(Part::Class { negated, ranges }), Some(c)) => {
                ranges.iter().any(|(low, high)| (low..=high).contains(&c)) != *negated
            }
            _ => false,
        };
        if fits {
            (at, read) = (at + 1, read + 1);
            continue;
        }
        match retry {
            Some((star, from)) if name.get(from).is_some_and(|c| *c != '/') => {
                retry = Some((star, from + 1));
                (at, read) = (star + 1, from + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn patterns() {
        for (pattern, name, fits) in [
            ("*.caddy", "a.caddy", true),
            ("*.caddy", ".caddy", true),
            ("a*c", "abbbc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[^a]x", "ax", false),
            ("\\*", "*", true),
        ] {
            assert_eq!(matches(pattern, name), Ok(fits), "{pattern} {name}");
        }
        assert_eq!(matches("[a", "a"), Err(BadPattern));
    }

    #[test]
    fn files_come_sorted() {
        let mut files = Memory::new("/etc/caddy");
        for name in ["sites/b.caddy", "sites/a.caddy", "sites/c.txt"] {
            files.add(name, "");
        }
        let found = Folders::default().glob("/etc/caddy/sites/*.caddy", &files).unwrap();
        assert_eq!(
            found,
            [PathBuf::from("/etc/caddy/sites/a.caddy"), PathBuf::from("/etc/caddy/sites/b.caddy")]
        );
        assert_eq!(join(Path::new("/etc/caddy"), "../x/./y"), PathBuf::from("/etc/x/y"));
    }
}
