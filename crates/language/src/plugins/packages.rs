//! The definitions that are part of the program, and the registry with those that a user has asked for.

use crate::source::shown;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, LazyLock};

use ecow::EcoString;

use super::build::Build;
use super::definition::{Definition, Part};
use super::read::{Author, Problem, definition};
use super::words;
use crate::directives;
use crate::lower::Registry;
use crate::spec::suggest;

macro_rules! packages {
    ($($package:literal => $file:literal,)*) => {
        /// The packages whose definitions are part of the program, and their definition files, by package.
        const PACKAGES: &[(&str, &str)] = &[$(($package, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/", $file, ".toml")))),*];
    };
}

include!("packages/list.rs");

/// The packages whose definitions are part of the program, in order.
pub fn packages() -> impl Iterator<Item = &'static str> {
    PACKAGES.iter().map(|(package, _)| *package)
}

/// The definition file of a package, if it is part of the program.
pub fn shipped(package: &str) -> Option<&'static str> {
    PACKAGES.iter().find(|(known, _)| *known == package).map(|(_, text)| *text)
}

/// What the handler of a plugin turns requests away for, as the definitions say that are part of the program: identity, address,
/// rate, content. Empty where it lets all pass; `None` of a handler that no definition makes.
pub fn guards(handler: &str) -> Option<&'static str> {
    static GUARDS: LazyLock<BTreeMap<EcoString, EcoString>> = LazyLock::new(|| {
        let texts = PACKAGES.iter().map(|(_, text)| *text).filter(|text| text.contains("[[directive]]"));
        let found = texts.filter_map(|text| definition(text, Author::Program).ok());
        let words = found.flat_map(|found| found.words);
        let guards = words.filter_map(|word| match word.part {
            Part::Directive { handler, behaviour, .. } => Some((handler, behaviour.guards)),
            _ => None,
        });
        guards.collect()
    });
    GUARDS.get(handler).map(EcoString::as_str)
}

/// A package that a build has, as `xcaddy build --with` takes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// The Go package.
    pub package: String,
    /// Its version.
    pub version: Option<String>,
}

impl Request {
    /// Reads `PACKAGE[@VERSION][=REPLACEMENT]`.
    pub fn parse(text: &str) -> Self {
        let text = text.split('=').next().unwrap_or_default().trim();
        let (package, version) = match text.split_once('@') {
            Some((package, version)) => (package, Some(version.to_owned())),
            None => (text, None),
        };
        Self { package: package.trim_end_matches('/').to_owned(), version }
    }
}

/// What came of the packages that a user has asked for.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The words of the stock build and of the packages.
    pub registry: Arc<Registry>,
    /// The packages, with those that they bring.
    pub packages: Vec<String>,
    /// What a user should know.
    pub warnings: Vec<String>,
}

/// Why packages cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No definition is known of this package; the text is a near name.
    Unknown(String, Option<String>),
    /// A program does not have this package.
    Lacking {
        /// The package.
        package: String,
        /// The program.
        program: String,
    },
    /// A definition file is wrong.
    Faulty(String, Vec<Problem>),
    /// Two packages define one word, so that no build has both.
    Twice {
        /// What the word is.
        what: String,
        /// The word.
        name: String,
        /// The packages.
        packages: [String; 2],
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Unknown(package, near) => {
                write!(f, "no definition of the package `{}` is known", shown::line(package))?;
                near.as_ref().map_or(Ok(()), |near| write!(f, "; did you mean `{near}`?"))
            }
            Self::Lacking { package, program } => {
                write!(f, "{program} has no module of the package `{}`", shown::line(package))
            }
            Self::Faulty(file, problems) => {
                for (at, problem) in problems.iter().enumerate() {
                    let line = if at == 0 { "" } else { "\n" };
                    write!(f, "{line}{file}:{problem}")?;
                }
                Ok(())
            }
            Self::Twice { what, name, packages: [first, second] } => {
                write!(
                    f,
                    "the {what} `{name}` is defined by {first} and {second}; a build can have only one of them"
                )
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// The registry with the words of packages, and of definition files that a user wrote: each a name for messages, and its text.
/// With a `build` it has the words of all its packages. What only the build knows is opaque.
///
/// # Errors
///
/// A package is unknown or not part of the build, a file is wrong, or two packages define one word.
pub fn choose(
    requests: &[Request],
    own: &[(String, String)],
    build: Option<&Build>,
) -> Result<Chosen, Refusal> {
    let mut definitions: BTreeMap<String, Definition> = BTreeMap::new();
    let mut warnings = Vec::new();
    for (name, text) in own {
        let found =
            definition(text, Author::User).map_err(|problems| Refusal::Faulty(name.clone(), problems))?;
        if shipped(&found.package).is_some() {
            warnings
                .push(format!("{name} takes the place of the definition of {} in caddyctl", found.package));
        }
        lacks(build, &found.package, Some(&found))?;
        definitions.insert(found.package.to_string(), found);
    }
    let mut wanted: Vec<String> = requests.iter().map(|request| request.package.clone()).collect();
    wanted.extend(build.into_iter().flat_map(Build::defined).map(str::to_owned));
    wanted.extend(definitions.values().flat_map(|found| found.brings.iter().map(ToString::to_string)));
    while let Some(package) = wanted.pop() {
        if definitions.contains_key(&package) {
            continue;
        }
        let Some(text) = shipped(&package) else {
            lacks(build, &package, None)?;
            if build.is_some() {
                continue;
            }
            let near = suggest(&package, packages()).map(str::to_owned).or_else(|| near_end(&package));
            return Err(Refusal::Unknown(package, near));
        };
        let found = definition(text, Author::Program)
            .map_err(|problems| Refusal::Faulty(package.clone(), problems))?;
        lacks(build, &package, Some(&found))?;
        wanted.extend(found.brings.iter().map(ToString::to_string));
        definitions.insert(package, found);
    }
    for request in requests {
        let Some((found, version)) = definitions.get(&request.package).zip(request.version.as_deref()) else {
            continue;
        };
        if !found.tested.is_empty() && !found.tested.iter().any(|tested| tested == version) {
            let tested = found.tested.join(", ");
            warnings.push(format!(
                "the definition of {} was compared with {tested}, not with {version}",
                request.package
            ));
        }
    }
    check_words(&definitions)?;
    // Caddy's plugins enter the order of directives by their import paths.
    let stock = Registry::clone(directives::stock());
    let registry = definitions.values().fold(stock, words::add);
    let registry = match build {
        Some(build) => super::build::add(registry, build),
        None => registry,
    };
    Ok(Chosen { registry: Arc::new(registry), packages: definitions.into_keys().collect(), warnings })
}

/// Refuses a package that the build does not have.
fn lacks(build: Option<&Build>, package: &str, definition: Option<&Definition>) -> Result<(), Refusal> {
    match build.filter(|build| !build.has_package(package, definition)) {
        Some(build) => Err(Refusal::Lacking { package: package.to_owned(), program: build.program.clone() }),
        None => Ok(()),
    }
}

/// A package whose last part is this one's.
fn near_end(package: &str) -> Option<String> {
    let last = package.rsplit('/').next().filter(|last| last.len() > 2)?;
    packages().find(|known| known.split('/').any(|part| part == last)).map(str::to_owned)
}

/// No two packages define one word.
fn check_words(definitions: &BTreeMap<String, Definition>) -> Result<(), Refusal> {
    let mut known: BTreeMap<(String, &str), &str> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (package, found) in definitions {
        for word in &found.words {
            let what = match &word.part {
                Part::Directive { .. } => "directive".to_owned(),
                Part::Option { .. } => "global option".to_owned(),
                Part::Matcher => "matcher".to_owned(),
                Part::Module { slot, .. } => format!("module of {slot}"),
            };
            for name in std::iter::once(&word.name).chain(&word.aliases) {
                let first = *known.entry((what.clone(), name.as_str())).or_insert(package);
                if first != package || !seen.insert((what.clone(), name.as_str())) {
                    return Err(Refusal::Twice {
                        what,
                        name: name.to_string(),
                        packages: [first.to_owned(), package.clone()],
                    });
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modules;
    use crate::spec::plugin;

    #[test]
    fn packages_are_read_as_xcaddy_does() {
        let request = |text| {
            let Request { package, version } = Request::parse(text);
            (package, version)
        };
        assert_eq!(request("a/b"), ("a/b".to_owned(), None));
        assert_eq!(request("a/b@v1"), ("a/b".to_owned(), Some("v1".to_owned())));
        assert_eq!(request("a/b@v1=../b"), ("a/b".to_owned(), Some("v1".to_owned())));
    }

    #[test]
    fn messages_name_the_package_of_each_word() {
        let mut missing = Vec::new();
        for package in packages() {
            let found = definition(shipped(package).unwrap(), Author::Program).unwrap();
            assert_eq!(found.package, package);
            for word in &found.words {
                let what = match &word.part {
                    Part::Directive { .. } => "directive",
                    Part::Option { .. } => "global option",
                    Part::Matcher => "matcher",
                    Part::Module { slot, .. } => {
                        match modules::ALL.iter().find(|namespace| namespace.id == *slot) {
                            Some(namespace) => namespace.what,
                            // Only words of the package itself name them.
                            None => continue,
                        }
                    }
                };
                for name in std::iter::once(&word.name).chain(&word.aliases) {
                    let known = plugin::find(what, name).map(|plugin| plugin.package);
                    // Two packages have the encoding `br`.
                    if known != Some(package) && name != "br" {
                        missing.push(format!("{what} {name}: {package}"));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "{missing:#?}");
    }

    #[test]
    fn what_cannot_be_used_is_refused() {
        let refused = |packages: &[&str]| {
            let requests: Vec<_> = packages.iter().map(|package| Request::parse(package)).collect();
            choose(&requests, &[], None).unwrap_err().to_string()
        };
        assert_eq!(
            refused(&["github.com/caddy-dns/duckdn"]),
            "no definition of the package `github.com/caddy-dns/duckdn` is known; did you mean \
             `github.com/caddy-dns/duckdns`?"
        );
        assert_eq!(
            refused(&["github.com/ueffel/caddy-brotli", "github.com/dunglas/caddy-cbrotli"]),
            "the module of http.encoders `br` is defined by github.com/dunglas/caddy-cbrotli and \
             github.com/ueffel/caddy-brotli; a build can have only one of them"
        );
        let own =
            ("ours.toml".to_owned(), "format = 1\npackage = \"x\"\n[[option]]\nnme = \"y\"\n".to_owned());
        assert_eq!(
            choose(&[], &[own], None).unwrap_err().to_string(),
            "ours.toml:3:1: the key `name` is missing"
        );
    }

    #[test]
    fn versions_that_were_not_compared_are_a_warning() {
        let requests = [Request::parse("github.com/caddy-dns/duckdns@v9.0.0")];
        let chosen = choose(&requests, &[], None).unwrap();
        assert_eq!(
            chosen.warnings,
            ["the definition of github.com/caddy-dns/duckdns was compared with v0.5.0, not with v9.0.0"]
        );
    }
}
