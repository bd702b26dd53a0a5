//! The sentences that all formats share.

use crate::diff::report::{
    Access, AccessKind, Change, Control, Direction, Effect, EffectKind, Field, HeaderChange, Place, Report,
    RouteChange, Verdict,
};

/// The sign at the start of a line.
pub(crate) fn sign(change: Change) -> char {
    match change {
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed => '~',
        Change::Moved => '>',
        Change::Unreachable | Change::Reachable => '!',
    }
}

/// The word for a change.
pub(crate) fn change(change: Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Changed => "changed",
        Change::Moved => "moved",
        Change::Unreachable => "unreachable",
        Change::Reachable => "reachable again",
    }
}

/// What an effect is about.
pub(crate) fn effect_kind(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::Listener => "listener",
        EffectKind::Site => "site",
        EffectKind::Certificate => "certificate",
        EffectKind::Option => "option",
        EffectKind::Systemd => "systemd",
        EffectKind::Streams => "streams",
    }
}

/// `file:line` where the change is written: on the new side, or on the old one for what is gone.
pub(crate) fn place<'p>(old: Option<&'p Place>, new: Option<&'p Place>) -> Option<&'p Place> {
    new.or(old)
}

/// A place as `file:line`.
pub(crate) fn at(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

/// The matchers of a route, with those before when they were others.
pub(crate) fn matchers(change: &RouteChange) -> String {
    let errors = if change.on_errors { "on errors: " } else { "" };
    match &change.old_matchers {
        Some(old) => format!("{errors}{old} -> {}", change.matchers),
        None => format!("{errors}{}", change.matchers),
    }
}

/// The one site, or how many, with the matchers that lead there.
pub(crate) fn who(sites: &[String], matchers: &str) -> String {
    match (sites, matchers) {
        ([one], "") => one.clone(),
        ([one], matchers) => format!("{one} {matchers}"),
        (many, "") => format!("{} ways", many.len()),
        (many, matchers) => format!("{} sites {matchers}", many.len()),
    }
}

/// What answers before and now; the same directive is printed once.
pub(crate) fn handlers(change: &RouteChange) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old == new => new.clone(),
        (Some(old), Some(new)) => match (old.split_once(' '), new.split_once(' ')) {
            (Some((a, before)), Some((b, after))) if a == b => format!("{a} {before} -> {after}"),
            _ => format!("{old} -> {new}"),
        },
        (None, Some(new)) => match &change.instead {
            Some(was) if was != new => format!("{new} (was {was})"),
            Some(was) => format!("{new} (as before by {was})"),
            None => new.clone(),
        },
        (Some(old), None) => match &change.instead {
            Some(now) if now != old => format!("{old} (now {now})"),
            Some(_) => format!("{old} (still answered so)"),
            None => old.clone(),
        },
        (None, None) => String::new(),
    }
}

/// What became of access control, in words.
pub(crate) fn access(access: &Access) -> String {
    let change = access.route.change;
    let (what, plural) = match access.kind {
        AccessKind::BasicAuth => ("the password", false),
        AccessKind::ForwardAuth => ("the login at the auth server", false),
        AccessKind::ClientAuth => ("the client certificate", false),
        AccessKind::Guard => ("the guard", false),
        AccessKind::Address => ("the rule for client addresses", false),
        AccessKind::Refusal => ("requests", true),
        AccessKind::Order => ("the route that guards come after", false),
    };
    let asked = !matches!(access.kind, AccessKind::Address | AccessKind::Refusal | AccessKind::Order);
    // A route that is on both sides may control access on one of them only, or for other requests.
    let change = match (change, access.route.control) {
        (Change::Changed, Control::OnlyBefore) => Change::Removed,
        (Change::Changed, Control::OnlyNow) => Change::Added,
        (change, _) => change,
    };
    let is_for_others = access.route.old_matchers.is_some();
    let became = match (change, asked) {
        (Change::Added, true) => "is required now",
        (Change::Removed, true) => "is no longer required",
        (Change::Unreachable, true) => "is no longer required: the route is never reached",
        (Change::Reachable, true) => "is required again",
        (Change::Changed, true) if is_for_others => "is required for other requests",
        (Change::Changed, true) => "is required in another way",
        (Change::Moved, _) => "changed its position",
        (Change::Added, _) if plural => "are refused now",
        (Change::Removed, _) if plural => "are no longer refused",
        (Change::Unreachable, _) if plural => "are no longer refused: the route is never reached",
        (Change::Reachable, _) if plural => "are refused again",
        (Change::Changed, _) if plural && is_for_others => "are refused under another condition",
        (Change::Changed, _) if plural => "are refused in another way",
        (change, _) => return format!("{what} {}: {}", self::became(change), handlers(&access.route)),
    };
    format!("{what} {became}: {}", handlers(&access.route))
}

fn became(change: Change) -> &'static str {
    match change {
        Change::Added => "was added",
        Change::Removed => "was removed",
        Change::Changed => "changed",
        Change::Moved => "changed its position",
        Change::Unreachable => "is never reached any more",
        Change::Reachable => "is reached again",
    }
}

/// One setting before and now.
pub(crate) fn field(field: &Field) -> String {
    match (&field.old, &field.new) {
        (Some(old), Some(new)) if old == new => format!("{}: changed", field.name),
        (Some(old), Some(new)) => format!("{}: {old} -> {new}", field.name),
        (None, Some(new)) if new.is_empty() => format!("{}: set", field.name),
        (None, Some(new)) => format!("{}: set to {new}", field.name),
        (Some(old), None) if old.is_empty() => format!("{}: no longer set", field.name),
        (Some(old), None) => format!("{}: no longer set (was {old})", field.name),
        (None, None) => field.name.clone(),
    }
}

/// What is done to a header before and now.
pub(crate) fn header(change: &HeaderChange) -> String {
    let direction = match change.direction {
        Direction::Response => "",
        Direction::Request => "request ",
        Direction::Upstream => "to upstream ",
        Direction::Downstream => "from upstream ",
    };
    let what = match (&change.old, &change.new) {
        (Some(old), Some(new)) if old == new => "changed".to_owned(),
        (Some(old), Some(new)) => match (old.strip_prefix("set "), new.strip_prefix("set ")) {
            (Some(old), Some(new)) => format!("{old} -> {new}"),
            _ => format!("{old} -> {new}"),
        },
        (None, Some(new)) => new.strip_prefix("set ").unwrap_or(new).to_owned(),
        (Some(old), None) => match old.strip_prefix("delete") {
            Some(rest) => format!("no longer deleted{rest}"),
            None => format!("removed (was {})", old.strip_prefix("set ").unwrap_or(old)),
        },
        (None, None) => String::new(),
    };
    format!("{direction}{}: {what}", change.name)
}

/// Names of sites; more than `most` are counted.
pub(crate) fn sites(names: &[String], most: usize) -> String {
    if names.len() <= most {
        return names.join(", ");
    }
    format!("{} and {} more", names[..most].join(", "), names.len() - most)
}

/// The sentence of an effect, with what has to be done.
pub(crate) fn effect(effect: &Effect) -> String {
    match &effect.needs {
        Some(needs) => format!("{}; {needs}", effect.message),
        None => effect.message.to_string(),
    }
}

/// The report in one line.
pub(crate) fn summary(report: &Report) -> String {
    match report.verdict {
        Verdict::Same => return "no difference".to_owned(),
        Verdict::FormattingOnly => return "formatting only, nothing changes for any request".to_owned(),
        Verdict::Different => {}
    }
    let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let effects = report.effects.iter().filter(|effect| effect.kind != EffectKind::Streams).count();
    let security = report.headers.iter().filter(|header| header.security).count();
    let mut parts = Vec::new();
    if !report.access.is_empty() {
        parts.push(count(report.access.len(), "access control change"));
    }
    if effects > 0 {
        parts.push(count(effects, "effect"));
    }
    for kind in [
        Change::Added,
        Change::Removed,
        Change::Changed,
        Change::Moved,
        Change::Unreachable,
        Change::Reachable,
    ] {
        let n = report.routes.iter().filter(|route| route.change == kind).count();
        if n > 0 {
            parts.push(format!("{} {}", count(n, "route"), change(kind)));
        }
    }
    if !report.headers.is_empty() {
        let marked = if security > 0 { format!(" ({security} for security)") } else { String::new() };
        parts.push(format!("{} changed{marked}", count(report.headers.len(), "header")));
    }
    parts.join(", ")
}
