//! Inside a crate, no more than two files use each other in a circle: what lies deeper can be read without what lies above.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module, by the names on the way to it from the root of its crate.
type Module = Vec<String>;

/// The most files that may use each other.
const MOST: usize = 2;

#[test]
fn no_circle_has_more_than_two_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for source in
        ["src", "crates/language/src", "crates/analysis/src", "crates/host/src", "crates/deploy/src"]
    {
        let files = Files::of(&root.join(source));
        let uses: BTreeMap<&Module, BTreeSet<Module>> =
            files.code.keys().map(|module| (module, files.used_by(module))).collect();
        for circle in circles(&uses) {
            let names: Vec<String> = circle.iter().map(|module| module.join("::")).collect();
            wrong.push(format!("{source}: {}", names.join(", ")));
            for module in &circle {
                let others = uses[module].iter().filter(|used| circle.contains(*used));
                wrong
                    .extend(others.map(|used| format!("    {} uses {}", module.join("::"), used.join("::"))));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files of a crate.
struct Files {
    /// Their code, without tests and comments.
    code: BTreeMap<Module, String>,
    /// Names that a module takes from elsewhere, with where they come from.
    names: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
}

impl Files {
    fn of(source: &Path) -> Self {
        let mut code = BTreeMap::new();
        for path in rust_files(source) {
            let inside = path.strip_prefix(source).unwrap().with_extension("");
            let mut module: Module = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            if matches!(module.last().map(String::as_str), Some("lib" | "main")) {
                module.pop();
            }
            if module.last().is_some_and(|name| name == "tests") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            code.insert(module, lines.collect::<Vec<_>>().join("\n"));
        }
        let names = code.iter().map(|(module, text)| (module.clone(), imports(text))).collect();
        Self { code, names }
    }

    /// The other modules whose items `module` names, but for those around it: the file of a folder declares what those in it
    /// share, and lists them.
    fn used_by(&self, module: &Module) -> BTreeSet<Module> {
        let paths = self.names[module].values().cloned().chain(written(&self.code[module]));
        // A module that hands on what another has does not use it.
        let handed_on = exports(&self.code[module]);
        let used =
            paths.filter(|path| !handed_on.contains(path)).filter_map(|path| self.resolve(module, &path));
        used.filter(|used| !module.starts_with(used)).collect()
    }

    /// The module that has the item at `path`, as `from` writes it; `None` for what other crates have.
    fn resolve(&self, from: &Module, path: &[String]) -> Option<Module> {
        let (mut at, rest) = match path.first()?.as_str() {
            "crate" => (Module::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => (from[..from.len().checked_sub(1)?].to_vec(), &path[1..]),
            first => {
                let child = [from.as_slice(), &[first.to_owned()]].concat();
                if self.code.contains_key(&child) {
                    (child, &path[1..])
                } else {
                    let known = self.names[from].get(first).filter(|known| known.first() != path.first())?;
                    return self.resolve(from, &[known.as_slice(), &path[1..]].concat());
                }
            }
        };
        for (place, name) in rest.iter().enumerate() {
            if name == "super" {
                at.pop();
                continue;
            }
            let child = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.code.contains_key(&child) {
                at = child;
            } else if let Some(known) = self.names[&at].get(name).filter(|known| known.as_slice() != path) {
                return self.resolve(&at, &[known.as_slice(), &rest[place + 1..]].concat());
            } else {
                break;
            }
        }
        Some(at)
    }
}

/// The names that `use` brings into a module, and the whole paths.
fn imports(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for path in statements(text).flat_map(|(_, tree)| leaves(tree)) {
        let (path, name) = match path.split_once(" as ") {
            Some((path, name)) => (path.to_owned(), name.to_owned()),
            None => (path.clone(), path.rsplit("::").next().unwrap_or_default().to_owned()),
        };
        let mut parts: Vec<String> = path.split("::").map(str::to_owned).collect();
        if parts.last().is_some_and(|last| last == "self") {
            parts.pop();
        }
        let name = if name == "self" { parts.last().cloned().unwrap_or_default() } else { name };
        all.insert(name, parts);
    }
    all
}

/// The paths that a module only hands on.
fn exports(text: &str) -> BTreeSet<Vec<String>> {
    let public = statements(text).filter(|(is_public, _)| *is_public);
    public
        .flat_map(|(_, tree)| leaves(tree))
        .map(|path| path.split("::").map(str::to_owned).collect())
        .collect()
}

/// Each `use`: whether it hands on what it names, and its tree.
fn statements(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.split(';').filter_map(|statement| {
        let at = statement.rfind("use ")?;
        let before = statement[..at].lines().last().unwrap_or_default().trim();
        let is_use = before.is_empty() || before.starts_with("pub");
        is_use.then(|| (before.starts_with("pub"), statement[at + 4..].trim()))
    })
}

/// The paths of a tree such as `a::{b, c::{d, e}}`.
fn leaves(tree: &str) -> Vec<String> {
    let Some((start, inner)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let inner = inner.trim_end().trim_end_matches('}');
    let (mut parts, mut depth, mut part) = (Vec::new(), 0, String::new());
    for letter in inner.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if letter == ',' && depth == 0 {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(letter);
        }
    }
    parts.push(part);
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts.flat_map(leaves).map(|leaf| format!("{}{leaf}", start.trim())).collect()
}

/// Paths in the code itself, such as `super::tls::read`.
fn written(text: &str) -> Vec<Vec<String>> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = text.split(|c: char| !is_path(c)).filter(|word| word.contains("::"));
    words.map(|word| word.trim_matches(':').split("::").map(str::to_owned).collect()).collect()
}

/// The sets of modules of which each reaches each other, where they are too many.
fn circles(uses: &BTreeMap<&Module, BTreeSet<Module>>) -> Vec<BTreeSet<Module>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        uses.keys().map(|module| (*module, reached_from(module, uses))).collect();
    let mut found = BTreeSet::new();
    for (module, all) in &reached {
        let back = all.iter().filter(|other| reached.get(**other).is_some_and(|all| all.contains(module)));
        let circle: BTreeSet<Module> = back.map(|other| (*other).clone()).collect();
        if circle.len() > MOST {
            found.insert(circle);
        }
    }
    found.into_iter().collect()
}

fn reached_from<'m>(module: &Module, uses: &'m BTreeMap<&Module, BTreeSet<Module>>) -> BTreeSet<&'m Module> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![module]);
    while let Some(next) = open.pop() {
        for used in uses.get(next).into_iter().flatten() {
            if seen.insert(used) {
                open.push(used);
            }
        }
    }
    seen
}

pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all
}
