//! Two configurations, compared in both directions and with themselves, in every form. The part `new` is the second one.

use caddyctl_analysis::diff::format::{self, Paint};
use caddyctl_analysis::diff::{Show, Side, Verdict, compare, patch};

use super::case::Case;
use super::output;
use super::routes::side;

/// Compares.
pub fn run(data: &[u8]) {
    let case = Case::of(data);
    let Some(old) = side("old", case.text, &case) else { return };
    let same = compare(&old, &old, Show { secrets: true });
    assert_eq!(same.verdict, Verdict::Same, "nothing differs from itself");
    let Some(new) = case.part("new").and_then(|text| side("new", text, &case)) else { return };
    for secrets in [false, true] {
        let show = Show { secrets };
        print(&old, &new, show, data);
        print(&new, &old, show, data);
    }
    let (before, after) = (old.whole(), new.whole());
    let ops = patch::patch(&before, &after);
    let _ = patch::has_secrets(&ops);
    let ops: json_patch::Patch = serde_json::from_value(ops.into()).expect("RFC 6902");
    let mut patched = before.into_owned();
    json_patch::patch(&mut patched, &ops).expect("the patch fits");
    assert_eq!(patched, *after, "the patch makes the new configuration of the old one");
}

fn print(old: &Side, new: &Side, show: Show, data: &[u8]) {
    let report = compare(old, new, show);
    let json = format::json(&report, None);
    output::is_json(&json);
    let (text, markdown) = (format::text(&report, Paint::Plain), format::markdown(&report));
    output::is_plain(&text);
    output::is_plain(&markdown);
    let all = [json, text, markdown, format::text(&report, Paint::Terminal), format::github(&report)];
    if !show.secrets {
        for report in &all {
            output::hides_variables(report, data);
        }
    }
}
