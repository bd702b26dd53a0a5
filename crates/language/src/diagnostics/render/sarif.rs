//! SARIF 2.1.0, for code scanning (OASIS, "Static Analysis Results Interchange Format").

mod log;

use std::collections::BTreeMap;
use std::path::Path;

use log::{
    ArtifactChange, ArtifactLocation, Configuration, Content, Driver, Fix, Invocation, Location, Log,
    Message, Notification, PhysicalLocation, Region, Replacement, Rule, Run, SarifResult, Tool,
};

use super::fingerprint::Fingerprints;
use super::place::Place;
use super::{Report, concise, document, path};
use crate::diagnostics::{Code, Diagnostic, Edit, SettingsFile, Severity};
use crate::source::shown::markup;
use crate::source::{Sources, Span};

/// A rule that a lint brings, with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct LintRule {
    /// Its code.
    pub code: Code,
    /// How bad its findings are.
    pub severity: Severity,
    /// One line: what it finds.
    pub summary: &'static str,
    /// Its page, in Markdown.
    pub page: &'static str,
}

/// All faults as one SARIF log with one run, which carries the page of every code: those of the compiler, and `lints`.
/// Paths become relative to `root`, which should be the repository.
pub fn render(reports: &[Report], root: Option<&Path>, lints: &[LintRule]) -> String {
    render_run(reports, root, lints, &[])
}

/// The same, with a notification for each file of settings that left something out.
pub fn render_run(
    reports: &[Report],
    root: Option<&Path>,
    lints: &[LintRule],
    settings: &[SettingsFile],
) -> String {
    let rules = rules(reports, lints);
    let mut fingerprints = Fingerprints::default();
    let mut results = Vec::new();
    for report in reports {
        let writer = Writer { report: *report, root };
        for found in report.diagnostics {
            let rule = rules.iter().position(|rule| rule.id == found.code.id).unwrap_or(0);
            results.push(writer.result(found, rule, &mut fingerprints));
        }
    }
    document(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: tool(rules),
            invocations: invocations(settings, root),
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

/// What the tool says of its own configuration; without such settings nothing, as there is nothing else to say.
fn invocations(settings: &[SettingsFile], root: Option<&Path>) -> Vec<Invocation> {
    let notification = |file: &SettingsFile| {
        let artifact_location = ArtifactLocation { uri: path::uri(&file.path, root) };
        let physical_location = PhysicalLocation { artifact_location, region: None };
        Notification {
            level: "note",
            message: Message { text: file.sentence().into() },
            locations: [Location { id: None, physical_location, message: None }],
        }
    };
    let notifications: Vec<_> = settings.iter().map(notification).collect();
    if notifications.is_empty() {
        return Vec::new();
    }
    vec![Invocation { execution_successful: true, tool_configuration_notifications: notifications }]
}

/// Every code of the compiler, then the lints, then whatever else was found.
fn rules(reports: &[Report], lints: &[LintRule]) -> Vec<Rule<'static>> {
    let mut rules: Vec<Rule> = Code::ALL.iter().map(|code| compilers(*code)).collect();
    rules.extend(lints.iter().map(|lint| Rule {
        id: lint.code.id,
        name: lint.code.name,
        short_description: Some(Message { text: lint.summary.into() }),
        help: Some(Content { text: lint.page, markdown: lint.page }),
        help_uri: docs(lint.page),
        default_configuration: Configuration { level: concise::word(lint.severity) },
    }));
    for code in reports.iter().flat_map(|report| report.diagnostics).map(|found| found.code) {
        if rules.iter().all(|rule| rule.id != code.id) {
            rules.push(compilers(code));
        }
    }
    rules
}

fn compilers(code: Code) -> Rule<'static> {
    Rule {
        id: code.id,
        name: code.name,
        short_description: code.summary().map(|summary| Message { text: summary.into() }),
        help: code.page().map(|page| Content { text: page, markdown: page }),
        help_uri: code.docs(),
        default_configuration: Configuration {
            level: if code.id.starts_with('E') { "error" } else { "warning" },
        },
    }
}

/// The last address of Caddy's documentation on a page.
fn docs(page: &str) -> Option<&str> {
    let start = page.rfind("https://caddyserver.com/docs/")?;
    page[start..].split_whitespace().next()
}

fn tool(rules: Vec<Rule<'static>>) -> Tool<'static> {
    // Empty until Cargo.toml has it.
    let information_uri = Some(env!("CARGO_PKG_HOMEPAGE")).filter(|site| !site.is_empty());
    let semantic_version = env!("CARGO_PKG_VERSION");
    Tool { driver: Driver { name: "caddyctl", semantic_version, information_uri, rules } }
}

/// Writes the results of one report.
struct Writer<'a> {
    report: Report<'a>,
    root: Option<&'a Path>,
}

impl<'a> Writer<'a> {
    fn result(
        &self,
        found: &'a Diagnostic,
        rule_index: usize,
        fingerprints: &mut Fingerprints,
    ) -> SarifResult<'a> {
        let sources = self.report.sources;
        let primary = found.primary.as_ref();
        let name = primary.map_or(self.report.name(), |label| sources.file(label.span.file).name());
        let location = match primary {
            Some(label) => self.location(label.span, None),
            None => Location { id: None, physical_location: self.physical(name, None), message: None },
        };
        let secondary = found.secondary.iter().map(|label| (label.span, markup::sarif(&label.text)));
        let trail = found
            .trail
            .iter()
            .map(|frame| (frame.span, format!("{} imported here", markup::sarif(&frame.what))));
        let related = secondary.chain(trail).enumerate().map(|(id, (span, text))| Location {
            id: Some(id),
            ..self.location(span, Some(text).filter(|text| !text.is_empty()))
        });
        let fingerprint = fingerprints.next(found, sources, path::relative(name, self.root));
        SarifResult {
            rule_id: found.code.id,
            rule_index,
            level: concise::word(found.severity),
            message: Message { text: text(found).into() },
            locations: [location],
            related_locations: related.collect(),
            fixes: self.fixes(found),
            partial_fingerprints: BTreeMap::from([("caddyctl/v1", fingerprint)]),
        }
    }

    fn location(&self, span: Span, text: Option<String>) -> Location<'a> {
        let sources: &'a Sources = self.report.sources;
        let place = Place::of(sources, span);
        let physical_location = self.physical(place.file.name(), Some(region(&place)));
        Location { id: None, physical_location, message: text.map(|text| Message { text: text.into() }) }
    }

    fn physical(&self, name: &str, region: Option<Region>) -> PhysicalLocation {
        PhysicalLocation { artifact_location: self.artifact(name), region }
    }

    fn artifact(&self, name: &str) -> ArtifactLocation {
        ArtifactLocation { uri: path::uri(name, self.root) }
    }

    /// The edits that together fix the error: one fix, with the changes of each file. SARIF has no word for edits
    /// that may change the meaning, so only safe ones are offered.
    fn fixes(&self, found: &'a Diagnostic) -> Vec<Fix<'a>> {
        if found.edits.is_empty() || found.edits.iter().any(|edit| !edit.is_safe()) {
            return Vec::new();
        }
        let mut files: BTreeMap<_, Vec<Replacement<'a>>> = BTreeMap::new();
        for Edit { span, replacement, .. } in &found.edits {
            let deleted_region = region(&Place::exactly(self.report.sources, *span));
            let inserted_content = Message { text: replacement.as_str().into() };
            files.entry(span.file).or_default().push(Replacement { deleted_region, inserted_content });
        }
        let change = |(file, replacements)| ArtifactChange {
            artifact_location: self.artifact(self.report.sources.file(file).name()),
            replacements,
        };
        let description = Message { text: "fix it".into() };
        vec![Fix { description, artifact_changes: files.into_iter().map(change).collect() }]
    }
}

/// The message and the helps.
fn text(found: &Diagnostic) -> String {
    let helps = found.helps.iter().map(|help| format!("\nhelp: {}", markup::sarif(help)));
    std::iter::once(markup::sarif(&found.message)).chain(helps).collect()
}

fn region(place: &Place) -> Region {
    Region {
        start_line: place.start.line,
        start_column: place.start.column,
        end_line: place.end.line,
        end_column: place.end.column,
    }
}
