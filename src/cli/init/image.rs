//! What Dockerfiles and Compose files say of Caddy: the version in the tag of an image, and the packages of `xcaddy build`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use caddyctl_language::plugins::Request;

/// A Caddy that a line names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Its version, as it is written: `2.10`.
    pub version: Option<String>,
    /// Its packages, each with its version.
    pub packages: Vec<(String, Option<String>)>,
}

/// What a line names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The number of the line, from 1.
    pub line: usize,
    /// What it names.
    pub image: Image,
}

/// Images that are built with plugins, by the end of their name, and what they have.
const IMAGES: &[(&str, &[&str])] = &[
    (
        "dunglas/frankenphp",
        &[
            "github.com/dunglas/frankenphp/caddy",
            "github.com/dunglas/mercure/caddy",
            "github.com/dunglas/vulcain/caddy",
            "github.com/dunglas/caddy-cbrotli",
        ],
    ),
    ("lucaslorentz/caddy-docker-proxy", &["github.com/lucaslorentz/caddy-docker-proxy/v2"]),
    ("slothcroissant/caddy-cloudflaredns", &["github.com/caddy-dns/cloudflare"]),
    ("caddybuilds/caddy-cloudflare", &["github.com/caddy-dns/cloudflare"]),
];

/// The Dockerfiles and Compose files of a folder and of the folders in it, in order. Links and hidden folders are skipped.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let inside = entries(folder);
    let folders = inside.iter().filter(|path| is_folder(path)).cloned().collect::<Vec<_>>();
    let below = folders.iter().flat_map(|folder| entries(folder));
    for path in inside.iter().cloned().chain(below) {
        let is_file = path.symlink_metadata().is_ok_and(|found| found.is_file());
        if is_file && path.file_name().and_then(|name| name.to_str()).is_some_and(names_images) {
            all.push(path);
        }
    }
    all
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    all.sort();
    all
}

fn is_folder(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or(".");
    !name.starts_with('.')
        && !matches!(name, "node_modules" | "vendor" | "target")
        && path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// Whether a file of this name may name images.
fn names_images(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_yaml = matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml")));
    let is_dockerfile = |stem: &str| {
        name == stem || name.starts_with(&format!("{stem}.")) || name.ends_with(&format!(".{stem}"))
    };
    is_dockerfile("dockerfile")
        || is_dockerfile("containerfile")
        || (is_yaml && (name.starts_with("compose") || name.starts_with("docker-compose")))
}

/// What the lines of a file name.
pub fn named(text: &str) -> Vec<Named> {
    let mut found = Vec::new();
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    for (line, text) in lines(text) {
        let words: Vec<String> = words(&text).map(|word| with_values(word, &arguments)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let first = words.first().copied().unwrap_or_default();
        if first.eq_ignore_ascii_case("ARG") {
            for (name, value) in words[1..].iter().filter_map(|word| word.split_once('=')) {
                arguments.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        let after = |key: &str| {
            first.eq_ignore_ascii_case(key).then(|| words[1..].iter().find(|word| !word.starts_with("--")))
        };
        let image = after("FROM").or_else(|| after("image:")).flatten().and_then(|name| image(name));
        found.extend(image.map(|image| Named { line, image }));
        found.extend(built(&words).map(|image| Named { line, image }));
    }
    found
}

/// The lines of a file, with those that `\` continues. Comments and the marks of lists are left out.
fn lines(text: &str) -> Vec<(usize, String)> {
    let mut all: Vec<(usize, String)> = Vec::new();
    let mut continues = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        let line = line.strip_prefix("- ").unwrap_or(line);
        let (part, more) = match line.strip_suffix('\\') {
            Some(part) => (part, true),
            None => (line, false),
        };
        match all.last_mut().filter(|_| continues) {
            Some((_, before)) => {
                before.push(' ');
                before.push_str(part);
            }
            None => all.push((number + 1, part.to_owned())),
        }
        continues = more;
    }
    all
}

/// The words of a line, without quotes.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split_whitespace().map(|word| word.trim_matches(['"', '\'', ',']))
}

/// A word with the values of `${NAME}`, `${NAME:-value}` and `$NAME`, as far as they are known.
fn with_values(word: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, default, after) = if let Some(inside) = rest.strip_prefix('{') {
            let Some((inside, after)) = inside.split_once('}') else { break };
            let (name, default) =
                inside.split_once(":-").or_else(|| inside.split_once('-')).unwrap_or((inside, ""));
            (name, default, after)
        } else {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            (&rest[..end], "", &rest[end..])
        };
        out.push_str(values.get(name).map_or(default, String::as_str));
        rest = after;
    }
    out + rest
}

/// What the name of an image says: `caddy:2.10-alpine`.
fn image(name: &str) -> Option<Image> {
    let name = name.split('@').next().unwrap_or_default();
    // A port of a registry is before a slash.
    let (path, tag) = match name.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (name, ""),
    };
    let ends_in = |image: &str| path == image || path.ends_with(&format!("/{image}"));
    if path == "caddy" || ends_in("library/caddy") || ends_in("caddy/caddy") {
        return Some(Image { version: version(tag), packages: Vec::new() });
    }
    let (_, packages) = IMAGES.iter().find(|(image, _)| ends_in(image))?;
    Some(Image {
        version: None,
        packages: packages.iter().map(|package| ((*package).to_owned(), None)).collect(),
    })
}

/// The version in a tag: `2.10-builder-alpine`, `v2.10.0`. `2` alone says nothing.
fn version(tag: &str) -> Option<String> {
    let number = tag.strip_prefix('v').unwrap_or(tag).split('-').next().unwrap_or_default();
    let parts: Vec<&str> = number.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (matches!(parts.len(), 2 | 3) && parts.iter().all(is_number)).then(|| number.to_owned())
}

/// What `xcaddy build [VERSION] --with PACKAGE` in a line builds.
fn built(words: &[&str]) -> Option<Image> {
    let is_xcaddy = |word: &str| word == "xcaddy" || word.ends_with("/xcaddy");
    let at = words.windows(2).position(|pair| is_xcaddy(pair[0]) && pair[1] == "build")?;
    let mut built = Image::default();
    let mut rest = words[at + 2..].iter();
    while let Some(word) = rest.next() {
        if matches!(*word, "&&" | "||" | ";" | "|") {
            break;
        }
        let package = match word.strip_prefix("--with=") {
            Some(package) => Some(package),
            None if *word == "--with" => rest.next().copied(),
            None if matches!(*word, "--output" | "--replace" | "--embed") => {
                rest.next();
                None
            }
            None => {
                built.version = built.version.or_else(|| version(word));
                None
            }
        };
        let ends = package.is_some_and(|package| package.ends_with(';'));
        if let Some(package) =
            package.map(|package| package.trim_end_matches(';')).filter(|package| package.contains('/'))
        {
            let Request { package, version } = Request::parse(package);
            built.packages.push((package, version));
        }
        if ends {
            break;
        }
    }
    Some(built)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> (Vec<String>, Vec<String>) {
        let found = named(text);
        let versions =
            found.iter().filter_map(|named| Some(format!("{}:{}", named.line, named.image.version.clone()?)));
        let packages = found.iter().flat_map(|named| {
            named.image.packages.iter().map(|(package, version)| match version {
                Some(version) => format!("{}:{package}@{version}", named.line),
                None => format!("{}:{package}", named.line),
            })
        });
        (versions.collect(), packages.collect())
    }

    #[test]
    fn dockerfiles() {
        let text = "ARG CADDY=2.10\n# FROM caddy:1.0\nFROM --platform=linux/amd64 caddy:${CADDY}-builder AS build\nRUN apk add git \\\n  && xcaddy build v2.10.2 \\\n    # a comment\n    --with github.com/caddy-dns/cloudflare@v0.2.1 \\\n    --with=github.com/mholt/caddy-ratelimit \\\n    --with github.com/a/b=../b && rm -r /tmp/x/y\nFROM docker.io/library/caddy:2.10.2-alpine@sha256:0\n";
        let (versions, packages) = all(text);
        assert_eq!(versions, ["3:2.10", "4:2.10.2", "10:2.10.2"]);
        assert_eq!(
            packages,
            [
                "4:github.com/caddy-dns/cloudflare@v0.2.1",
                "4:github.com/mholt/caddy-ratelimit",
                "4:github.com/a/b"
            ]
        );
    }

    #[test]
    fn compose_files() {
        let text = "services:\n  web:\n    image: \"caddy:2.9.1\"\n  php:\n    image: dunglas/frankenphp:1-php8.3\n  db:\n    image: localhost:5000/postgres\n  x:\n    image: ${IMAGE:-caddy:2.8}\n";
        let (versions, packages) = all(text);
        assert_eq!(versions, ["3:2.9.1", "9:2.8"]);
        assert_eq!(packages.len(), 4);
        assert_eq!(packages[0], "5:github.com/dunglas/frankenphp/caddy");
    }

    #[test]
    fn names_of_files() {
        for name in [
            "Dockerfile",
            "Dockerfile.prod",
            "caddy.Dockerfile",
            "Containerfile",
            "compose.yaml",
            "docker-compose.prod.yml",
        ] {
            assert!(names_images(name), "{name}");
        }
        for name in ["Dockerfiles", "compose.md", "ci.yaml"] {
            assert!(!names_images(name), "{name}");
        }
    }

    #[test]
    fn tags_without_a_version() {
        for name in ["caddy", "caddy:latest", "caddy:2", "caddy:alpine"] {
            assert_eq!(image(name), Some(Image::default()), "{name}");
        }
        assert_eq!(image("example.com/mycaddy:2.10"), None);
    }
}
