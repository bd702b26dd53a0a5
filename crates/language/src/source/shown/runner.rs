//! What the runners of CI systems read in a log and obey.
//!
//! GitHub's runner takes `::name::` at the start of a line, after any blanks, and `##[name]` anywhere in a line; Azure
//! Pipelines takes `##vso[` and Team City `##teamcity[` anywhere. GitLab, Travis and Buildkite want a carriage return or
//! an escape character, which are written out already.

use std::borrow::Cow;

/// What a mark in the middle of a line begins with.
pub(crate) const MARK: &str = "##";

/// Whether `text` begins with `##[`, `##vso[` or the like.
pub(crate) fn begins_mark(text: &str) -> bool {
    let behind = text.strip_prefix(MARK).unwrap_or_default();
    behind.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).starts_with('[')
}

/// `text` without `##[`, `##vso[` and the like: the first character of each is written out.
pub(crate) fn without_marks(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(MARK) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        if c == '#' && begins_mark(&text[at..]) { out.push_str("\\u{23}") } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Lines of a log, none of which is a command.
pub fn disarmed(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = without_marks(text);
    if !text.contains("::") || !text.lines().any(is_command) {
        return text;
    }
    let lines = text.split_inclusive('\n');
    let disarm = |line: &str| {
        if is_command(line) { line.replacen(':', "\\u{3a}", 1) } else { line.to_owned() }
    };
    Cow::Owned(lines.map(disarm).collect())
}

/// A command has two `::`; the `:::` in front of a place, as `::: sites/a:1:1`, is none.
fn is_command(line: &str) -> bool {
    line.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"))
}

/// The text of a workflow command, after its second `::`; its line breaks stay line breaks.
pub fn github_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a workflow command, which ends at `,` or `:`.
pub fn github_property(text: &str) -> String {
    github_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_not_obeyed() {
        for (text, shown) in [
            (
                "::add-mask::x\n \t\u{a0}::set-output name=a::b\n",
                "\\u{3a}:add-mask::x\n \t\u{a0}\\u{3a}:set-output name=a::b\n",
            ),
            ("a ##[add-mask]x ##vso[task.complete]", "a \\u{23}#[add-mask]x \\u{23}#vso[task.complete]"),
            ("####teamcity[x] ##[##[", "##\\u{23}#teamcity[x] \\u{23}#[\\u{23}#["),
            ("  ::: sites/a:1:1\n ::: a::b:1:1\n", "  ::: sites/a:1:1\n \\u{3a}:: a::b:1:1\n"),
            ("## heading\nreverse_proxy [::1]:80\n", "## heading\nreverse_proxy [::1]:80\n"),
        ] {
            assert_eq!(disarmed(text.into()), shown);
            assert_eq!(disarmed(shown.into()), shown);
        }
    }
}
