//! Which rules apply, and how much they weigh: the `[lint]` part of a `caddyctl.toml`, and what the command line adds.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::{Rule, all};
use caddyctl_language::diagnostics::{Code, Diagnostic, LeftOut, Severity};
use caddyctl_language::expand::matches;

/// The settings of the rules. A rule is meant by its code, by its name, or by the beginning of its code: `S`, `C00`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Settings {
    /// Which rules apply where `select` names none.
    pub preset: Preset,
    /// The rules that apply; those of the preset when empty.
    pub select: Vec<String>,
    /// Those that do not. Warnings of the compiler can be ignored too; errors cannot.
    pub ignore: Vec<String>,
    /// Other severities than the rules' own; of several that mean a rule the longest counts.
    pub(crate) severity: BTreeMap<String, Level>,
    /// What is ignored in some files. A key without `/` means every file or folder of that name, with `/` a path from
    /// the folder of the settings; `*`, `?` and `[…]` stand for parts of a name.
    pub(crate) per_path: BTreeMap<String, Vec<String>>,
}

/// Which rules apply, in a word.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// All but those that report what is debatable.
    #[default]
    Default,
    /// All.
    Strict,
}

/// A severity as it is written in the settings.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// [`Severity::Error`].
    Error,
    /// [`Severity::Warning`].
    Warning,
    /// [`Severity::Note`].
    Note,
    /// The rule does not apply.
    Off,
}

/// Why settings cannot be used. Each names what they say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Such a rule does not exist.
    #[error("unknown rule `{0}`")]
    Rule(String),
    /// It is to be ignored, and is never less than an error.
    #[error("`{0}` is always an error, and errors cannot be ignored")]
    Error(String),
}

impl Unusable {
    /// What the settings say.
    pub fn given(&self) -> &str {
        let (Self::Rule(given) | Self::Error(given)) = self;
        given
    }
}

impl Settings {
    /// Settings in which every rule that is named exists, and every one that is ignored can be.
    pub fn check(&self) -> Result<(), Unusable> {
        let codes = || all().map(|rule| rule.code).chain(Code::ALL.iter().copied());
        let ignored = || self.ignore.iter().chain(self.per_path.values().flatten());
        for wanted in self.select.iter().chain(ignored()).chain(self.severity.keys()) {
            if !codes().any(|code| means(wanted, code)) {
                return Err(Unusable::Rule(wanted.clone()));
            }
        }
        for wanted in ignored() {
            if codes().filter(|code| means(wanted, *code)).all(Code::is_always_error) {
                return Err(Unusable::Error(wanted.clone()));
            }
        }
        Ok(())
    }

    /// Whether findings of this code are looked for and shown everywhere.
    pub fn shows(&self, code: Code) -> bool {
        let is_listed = |list: &[String]| list.iter().any(|wanted| means(wanted, code));
        let is_selected = Code::ALL.contains(&code) || (self.chooses(code) && !self.is_off(code));
        is_selected && !is_listed(&self.ignore) && !self.per_path.values().any(|list| is_listed(list))
    }

    /// Whether the rule applies at all.
    pub fn selects(&self, rule: &Rule) -> bool {
        let is_listed = |list: &[String]| list.iter().any(|wanted| means(wanted, rule.code));
        self.chooses(rule.code) && !is_listed(&self.ignore) && !self.is_off(rule.code)
    }

    /// Whether `select`, or else the preset, has the rule of this code.
    fn chooses(&self, code: Code) -> bool {
        if self.select.is_empty() {
            self.preset == Preset::Strict || !super::is_strict(code)
        } else {
            self.select.iter().any(|wanted| means(wanted, code))
        }
    }

    /// Whether the severity of the rule of this code is `off`.
    fn is_off(&self, code: Code) -> bool {
        self.level_of(code) == Some(Level::Off)
    }

    /// Whether a finding in the file `path`, seen from the folder of the settings, is shown. Errors of the compiler
    /// always are.
    pub fn keeps(&self, finding: &Diagnostic, path: Option<&Path>) -> bool {
        let is_listed = |list: &[String]| list.iter().any(|wanted| means(wanted, finding.code));
        let here = |pattern: &str| path.is_some_and(|path| lies_in(path, pattern));
        let is_ignored = is_listed(&self.ignore)
            || self.per_path.iter().any(|(pattern, list)| is_listed(list) && here(pattern));
        let is_compilers = Code::ALL.contains(&finding.code);
        let is_selected = is_compilers || (self.chooses(finding.code) && !self.is_off(finding.code));
        (is_selected && !is_ignored) || (finding.is_error() && is_compilers)
    }

    /// How much they leave out of what is found without any settings.
    pub fn left_out(&self) -> LeftOut {
        let codes = || all().map(|rule| rule.code);
        let is_in = |list: &[String], code: Code| list.iter().any(|wanted| means(wanted, code));
        // What the preset leaves out is no choice of the settings.
        let off = |code: Code| {
            (!self.select.is_empty() && !is_in(&self.select, code))
                || is_in(&self.ignore, code)
                || self.is_off(code)
        };
        // Errors of the compiler cannot be left out, and its warnings are not selected.
        let compilers = Code::ALL.iter().filter(|code| !code.id.starts_with('E'));
        let warnings = compilers.filter(|code| is_in(&self.ignore, **code)).count();
        let in_some: Vec<&String> = self.per_path.values().flatten().collect();
        let lowered = |rule: &Rule| self.severity_of(rule.code).is_some_and(|wanted| wanted < rule.severity);
        LeftOut {
            rules: codes().filter(|code| off(*code)).count() + warnings,
            in_some_files: codes()
                .filter(|code| !off(*code) && in_some.iter().any(|wanted| means(wanted, *code)))
                .count(),
            lowered: all().filter(|rule| !off(rule.code) && lowered(rule)).count(),
        }
    }

    /// Gives a rule's finding the severity that the settings want.
    pub fn weigh(&self, finding: &mut Diagnostic) {
        if let Some(severity) = self.severity_of(finding.code) {
            finding.severity = severity;
        }
    }

    /// The severity that the settings want for a rule, if they say.
    fn severity_of(&self, code: Code) -> Option<Severity> {
        match self.level_of(code)? {
            Level::Error => Some(Severity::Error),
            Level::Warning => Some(Severity::Warning),
            Level::Note => Some(Severity::Note),
            Level::Off => None,
        }
    }

    /// What the settings say of the severity of a rule: of several that mean it, the longest counts.
    fn level_of(&self, code: Code) -> Option<Level> {
        let meant = self.severity.iter().filter(|(wanted, _)| means(wanted, code));
        let (_, level) = meant.max_by_key(|(wanted, _)| wanted.len())?;
        (!Code::ALL.contains(&code)).then_some(*level)
    }
}

/// Whether `wanted` is the code's name, or its id begins so.
fn means(wanted: &str, code: Code) -> bool {
    let begins = code.id.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted));
    (begins && !wanted.is_empty()) || code.name.eq_ignore_ascii_case(wanted)
}

/// Whether `path` is what `pattern` means, or lies below it.
fn lies_in(path: &Path, pattern: &str) -> bool {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let same = |pattern: &str, part: &str| matches(pattern, part) == Ok(true);
    let pattern = pattern.trim_end_matches('/');
    if !pattern.contains('/') {
        return parts.iter().any(|part| same(pattern, part));
    }
    let wanted: Vec<_> = pattern.trim_start_matches('/').split('/').collect();
    wanted.len() <= parts.len() && wanted.iter().zip(&parts).all(|(wanted, part)| same(wanted, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Settings {
        crate::settings::Settings::parse(text).unwrap().lint
    }
    use crate::lint::find;
    use caddyctl_language::source::Span;

    fn of(id: &str) -> Diagnostic {
        Diagnostic::new(find(id).unwrap().code, Severity::Warning, Span::default(), "x")
    }

    #[test]
    fn selecting_and_ignoring() {
        let rule = find("C001").unwrap();
        for (select, ignore, expected) in [
            (vec![], vec![], true),
            (vec!["c"], vec![], true),
            (vec!["S"], vec![], false),
            (vec!["C001"], vec!["C00"], false),
            (vec!["handle-exact-root"], vec!["S"], true),
        ] {
            let list = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
            let settings = Settings { select: list(&select), ignore: list(&ignore), ..Settings::default() };
            assert_eq!(settings.selects(rule), expected, "{select:?} {ignore:?}");
        }
    }

    #[test]
    fn presets_and_rules_that_are_off() {
        let strict = all().find(|rule| super::super::is_strict(rule.code)).unwrap();
        let settings = parse("");
        assert!(!settings.selects(strict) && parse("[lint]\npreset = \"strict\"").selects(strict));
        assert!(parse(&format!("[lint]\nselect = [\"{}\"]", strict.code.id)).selects(strict));
        let rule = find("C001").unwrap();
        let settings = parse("[lint.severity]\nC = \"off\"\nC002 = \"note\"");
        assert!(!settings.selects(rule) && settings.selects(find("C002").unwrap()));
        assert!(!settings.keeps(&of("C001"), None));
    }

    #[test]
    fn severities_and_paths() {
        let settings = parse(
            "[lint.severity]\nC = \"note\"\nC001 = \"error\"\n[lint.per-path]\nvendor = [\"C001\"]\n\"a/*\" = [\"C\"]\n",
        );
        let mut finding = of("C001");
        settings.weigh(&mut finding);
        assert_eq!(finding.severity, Severity::Error);
        for (path, kept) in
            [("x/vendor/y", false), ("a/b/Caddyfile", false), ("a", true), ("b/a/Caddyfile", true)]
        {
            assert_eq!(settings.keeps(&finding, Some(Path::new(path))), kept, "{path}");
        }
        let mut refused = Diagnostic::error(Code::VALUE, Span::default(), "x");
        let settings = Settings { ignore: vec!["E".into()], ..Settings::default() };
        settings.weigh(&mut refused);
        assert!(settings.keeps(&refused, None));
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let security = all().filter(|rule| rule.code.id.starts_with('S')).count();
        for (text, expected) in [
            ("", String::new()),
            ("[lint]\nignore = [\"S\"]", format!("switches off {security} rules")),
            ("[lint]\nselect = [\"S\"]", format!("switches off {} rules", all().count() - security)),
            ("[lint]\nignore = [\"C001\", \"W0001\", \"E0201\"]", "switches off 2 rules".to_owned()),
            ("[lint.per-path]\nx = [\"C001\"]", "switches off 1 rule in some files".to_owned()),
            (
                "[lint]\nignore = [\"C001\"]\n[lint.severity]\nC001 = \"note\"\nC002 = \"note\"\nC003 = \"error\"",
                "switches off 1 rule, lowers the severity of 1 rule".to_owned(),
            ),
        ] {
            let left_out = parse(text).left_out();
            assert_eq!(left_out.to_string(), expected, "{text:?}");
            assert_eq!(left_out.is_nothing(), expected.is_empty());
        }
    }
}
