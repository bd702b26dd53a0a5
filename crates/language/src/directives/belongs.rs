//! Where a word belongs that its block does not have: in an inner block, in another directive, among the global options.
//! The tables of directives and options know it; a few words of Caddy 1 have a list.

use std::sync::LazyLock;

use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostics::{Applicability, Diagnostic, Subject};
use crate::options;
use crate::source::{Sources, Span};
use crate::spec::{Kind, Row};

/// The blocks from a directive or option down to the one that has a word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Home {
    /// Whether the first block is a global option.
    is_global: bool,
    /// The first line of each block, without its `{`.
    path: Vec<EcoString>,
    /// Whether the blocks below the first one need no arguments.
    is_plain: bool,
}

/// The blocks that have each word; and the modules that a row of a block names.
#[derive(Default)]
struct Index {
    words: FxHashMap<EcoString, Vec<Home>>,
    modules: FxHashMap<(EcoString, EcoString), EcoString>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::default();
    for directive in super::ALL {
        let home = Home { is_global: false, path: vec![directive.name.as_str().into()], is_plain: true };
        index.walk(&directive.rows, &home);
    }
    for option in options::ALL {
        let home = Home { is_global: true, path: vec![option.name.as_str().into()], is_plain: true };
        index.walk(&option.rows, &home);
    }
    index
});

impl Home {
    /// The smallest is the likeliest: few blocks, and of several with the same rows the usual one.
    fn rank(&self) -> (usize, usize) {
        const USUAL: [&str; 3] = ["transport http", "servers", "reverse_proxy"];
        let usual = USUAL.iter().position(|usual| self.path.iter().any(|block| block == usual));
        (self.path.len(), usual.unwrap_or(USUAL.len()))
    }

    /// Its blocks, the innermost first.
    fn in_words(&self) -> String {
        let blocks: Vec<String> = self.path.iter().rev().map(|block| format!("`{block}`")).collect();
        blocks.join(" in ")
    }
}

impl Index {
    /// Takes in the `rows` of the block `home`.
    fn walk(&mut self, rows: &[Row], home: &Home) {
        const DEEPEST: usize = 4;
        for row in rows {
            self.words.entry(row.name.as_str().into()).or_default().push(home.clone());
            if home.path.len() == DEEPEST {
                continue;
            }
            let inner = |line: EcoString, is_plain: bool| {
                let path = home.path.iter().cloned().chain([line]).collect();
                Home { path, is_plain: home.is_plain && is_plain, ..*home }
            };
            match &row.kind {
                Kind::Block(rows) | Kind::CustomBlock(_, rows) => {
                    self.walk(rows, &inner(row.name.as_str().into(), row.args.is_empty()));
                }
                Kind::Module(namespace) => {
                    for module in namespace.all {
                        let line = ecow::eco_format!("{} {}", row.name, module.name);
                        if let Some(block) = home.path.last() {
                            let key = (block.clone(), module.name.as_str().into());
                            self.modules.entry(key).or_insert_with(|| line.clone());
                        }
                        self.walk(&module.rows, &inner(line, module.args.is_empty()));
                    }
                }
                _ => {}
            }
        }
    }
}

/// Words of Caddy 1's `proxy`, and what `reverse_proxy` has for them; `{}` stands for the arguments.
const PROXY: &[(&str, &str)] = &[
    ("except", "use a matcher with `not path` in place of `except`"),
    ("fail_timeout", "write `fail_duration{}`"),
    ("header_downstream", "write `header_down{}`"),
    ("header_upstream", "write `header_up{}`"),
    ("health_check", "write `health_uri{}`"),
    ("insecure_skip_verify", "write `tls_insecure_skip_verify` in the block of `transport http`"),
    ("max_conns", "write `unhealthy_request_count{}`"),
    ("policy", "write `lb_policy{}`"),
    ("timeout", "write `dial_timeout{}` in the block of `transport http`"),
    ("transparent", "remove it: `reverse_proxy` passes on the host and the address of the client by itself"),
    ("websocket", "remove it: `reverse_proxy` passes on WebSockets by itself"),
    ("without", "write `handle_path` around `reverse_proxy`, which removes the path"),
];

/// Says where unknown subdirectives belong, with the values of the line.
pub(crate) fn improve(diagnostics: &mut [Diagnostic], sources: &Sources) {
    let mut written = FxHashSet::default();
    for found in diagnostics {
        let Subject::UnknownWord(parent) = found.subject.clone() else { continue };
        let Some(span) = found.primary.as_ref().map(|label| label.span) else { continue };
        let name = sources.text(span).to_owned();
        let arguments = arguments(sources, span);
        let Some((help, inner)) = place(&name, &parent, arguments) else { continue };
        found.helps = vec![help];
        found.edits = Vec::new();
        let text = sources.file(span.file).text();
        if let Some(line) = inner.filter(|line| !text.contains(line.as_str()) && written.insert(line.clone()))
        {
            let end = span.end + u32::try_from(arguments.len()).unwrap_or_default();
            let indent = indent(text, span);
            let block = format!("{line} {{\n{indent}\t{name}{arguments}\n{indent}}}");
            *found = found.clone().edit(Span { end, ..span }, block, Applicability::Unsafe);
        }
    }
}

/// What follows `span` on its line, without comments; empty if a block opens there.
fn arguments(sources: &Sources, span: Span) -> &str {
    let rest = sources.file(span.file).text().get(span.end as usize..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    let line = line.split(" #").next().unwrap_or_default().trim_end();
    if line.contains(['{', '}', '"', '`', '\\']) && !line.ends_with('}') || line.ends_with('{') {
        ""
    } else {
        line
    }
}

fn indent(text: &str, span: Span) -> &str {
    let before = text.get(..span.start as usize).unwrap_or_default();
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    if line.trim().is_empty() { line } else { "" }
}

/// Where the word `name` of the block of `parent` belongs, as a help; and the first line of a block of `parent` to put
/// it into.
fn place(name: &str, parent: &str, arguments: &str) -> Option<(String, Option<EcoString>)> {
    if matches!(parent, "reverse_proxy" | "php_fastcgi" | "forward_auth")
        && let Some((_, now)) = PROXY.iter().find(|(known, _)| *known == name)
    {
        return Some((format!("Caddy 1 had `{name}`; {}", now.replace("{}", arguments)), None));
    }
    let empty = Vec::new();
    let homes = INDEX.words.get(name).unwrap_or(&empty);
    let below = |home: &&Home| {
        home.path.iter().rev().skip(1).any(|block| last_word(block) == parent || block == parent)
    };
    if let Some(home) = homes.iter().filter(below).min_by_key(|home| home.rank()) {
        let at = home.path.iter().position(|block| last_word(block) == parent || block == parent)?;
        let inner = &home.path[at + 1..];
        let help = format!("`{name}` belongs in the block of `{}`", inner.last()?);
        let line = (inner.len() == 1 && home.is_plain).then(|| inner[0].clone());
        return Some((help, line));
    }
    if let Some(line) = INDEX.modules.get(&(parent.into(), name.into())) {
        return Some((format!("write `{line}{arguments}`"), None));
    }
    let is_option = options::find(super::stock(), parent).is_some() && super::find(parent).is_none();
    if !is_option && super::find(name).is_some() {
        return Some((format!("`{name}` is a directive: write it outside of the block of `{parent}`"), None));
    }
    let near = homes.iter().filter(|home| home.is_global == is_option).min_by_key(|home| home.rank());
    if let Some(home) = near {
        return Some((format!("`{name}` belongs in the block of {}", home.in_words()), None));
    }
    if options::find(super::stock(), name).is_some() {
        return Some((
            format!("`{name}` is a global option: write it into the block at the top of the file"),
            None,
        ));
    }
    let home = homes.iter().min_by_key(|home| home.rank())?;
    Some((format!("`{name}` belongs in the block of {}", home.in_words()), None))
}

/// Where a word belongs that is no global option: in the block of one.
pub(crate) fn in_options(name: &str) -> Option<String> {
    let homes = INDEX.words.get(name)?;
    let home = homes.iter().filter(|home| home.is_global).min_by_key(|home| home.rank())?;
    Some(format!("`{name}` belongs in the block of {}", home.in_words()))
}

/// The name of a module in the first line of its block, or the line.
fn last_word(line: &str) -> &str {
    line.rsplit(' ').next().unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_blocks_have_a_place() {
        let help =
            |name: &str, parent: &str| place(name, parent, " 3s").map(|(help, _)| help).unwrap_or_default();
        for (name, parent, expected) in [
            ("dial_timeout", "reverse_proxy", "`dial_timeout` belongs in the block of `transport http`"),
            ("roll_size", "log", "`roll_size` belongs in the block of `output file`"),
            ("stdout", "log", "write `output stdout 3s`"),
            ("max_size", "reverse_proxy", "`max_size` belongs in the block of `request_body`"),
            (
                "encode",
                "reverse_proxy",
                "`encode` is a directive: write it outside of the block of `reverse_proxy`",
            ),
            ("header_upstream", "reverse_proxy", "Caddy 1 had `header_upstream`; write `header_up 3s`"),
            ("email", "tls", "`email` belongs in the block of `issuer acme`"),
        ] {
            assert_eq!(help(name, parent), expected);
        }
        assert_eq!(help("nonsense", "reverse_proxy"), "");
        assert_eq!(in_options("timeouts"), Some("`timeouts` belongs in the block of `servers`".to_owned()));
    }
}
