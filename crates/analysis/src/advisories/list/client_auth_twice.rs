//! Of two `tls` lines with different `client_auth`, only the first counts.

use caddyctl_language::Version;

use crate::lint::Directive;

use crate::advisories::{Advisory, Check, Place, Repaired, Subject};

/// The advisory.
pub(super) static ADVISORY: Advisory = Advisory {
    id: "client-auth-twice",
    aliases: &[],
    title: "Of two `tls` lines with different `client_auth`, only the first counts",
    repaired: Repaired::Adapter,
    first: None,
    fixed_in: Some(Version::new(2, 11, 9)),
    second_fact: None,
    absent: "no site has two `tls` lines with different `client_auth`",
    witness: "the first has `mode request` and the second `require_and_verify`: a client without a certificate gets 200; a repaired version refuses the file",
    remedy: "write one `tls` line",
    dated: "2026-11-30",
    edits: None,
    check: Check::Configuration(check),
};

fn check(subject: &Subject, found: &mut Vec<Place>) {
    for site in &subject.sites {
        let lines = site.directives.iter().filter(|directive| directive.is("tls"));
        let mut asked = lines.filter_map(|line| Some((line, words(line.line("client_auth")?))));
        let Some((_, first)) = asked.next() else { continue };
        found
            .extend(asked.filter(|(_, other)| *other != first).map(|(line, _)| subject.word(line.name.span)));
    }
}

/// The words of a line and its block.
fn words<'a>(line: &Directive<'a>) -> Vec<&'a str> {
    let one = |line: &Directive<'a>| {
        let arguments = line.args.iter().map(|word| word.text.as_str());
        std::iter::once(line.name.text.as_str()).chain(arguments).collect::<Vec<_>>()
    };
    line.walk().flat_map(one).collect()
}
