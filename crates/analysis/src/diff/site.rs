//! What differs between the two versions of one site.

use std::collections::HashSet;
use std::fmt::Write;

use serde_json::Value;

use super::access;
use super::consequences;
use super::fields::{self, Show};
use super::headers;
use super::moved;
use super::pairs::{self, Pairs, SiteRows};
use super::report::{AccessKind, Change, Control, Field, HeaderChange, RouteChange};
use super::side::Side;
use crate::routes::answer;
use crate::routes::flat::Flat;
use crate::routes::server::Phase;
use crate::routes::{handler, shadow};
use caddyctl_language::spec::Answer;

/// Both versions of one site, and how they are shown.
pub(crate) struct Versions<'a> {
    /// The old side.
    pub old_side: &'a Side,
    /// The new side.
    pub new_side: &'a Side,
    /// Its routes before.
    pub old: SiteRows<'a>,
    /// Its routes now.
    pub new: SiteRows<'a>,
    /// Whether secrets may be shown.
    pub show: Show,
    /// Whether requests that no route of the site answers get an empty answer, and not that of another site.
    pub alone: bool,
}

/// The differences, without the names of the sites.
#[derive(Clone, Debug, Default)]
pub(crate) struct Differences {
    /// Routes.
    pub routes: Vec<RouteChange>,
    /// Headers.
    pub headers: Vec<HeaderChange>,
}

impl Versions<'_> {
    /// Compares the two versions. `is_proved` says whether it is proved that they treat every request alike.
    pub(crate) fn compare(&self, is_proved: impl FnOnce() -> bool) -> Differences {
        let pairs = pairs::pairs(&self.old, &self.new);
        let mut routes = Vec::new();
        let shadows = (shadow::shadows(&self.old.flat), shadow::shadows(&self.new.flat));
        // Routes whose order is reported already, by what shadows them.
        let mut reported = HashSet::new();
        for row in 0..self.new.flat.rows.len() {
            match pairs.old_of[row] {
                None => routes.extend(self.added(row, shadows.1[row], &pairs)),
                Some(old) => {
                    let reach = self.reach(old, row, shadows.0[old], shadows.1[row]);
                    if reach.is_some() {
                        reported.insert(row);
                    }
                    match (self.changed(old, row, &pairs), reach) {
                        (Some(mut change), Some(reach)) => {
                            change.note = reach.note.or(change.note);
                            routes.push(change);
                        }
                        (change, reach) => routes.extend(change.or(reach)),
                    }
                }
            }
        }
        for row in 0..self.old.flat.rows.len() {
            if pairs.new_of[row].is_none() {
                routes.extend(self.removed(row, shadows.0[row]));
            }
        }
        for moved in moved::moved(&self.old, &self.new, &pairs) {
            if !reported.contains(&moved.new) && !reported.contains(&moved.past) {
                routes.push(self.moved(moved));
            }
        }
        let headers = self.headers(&pairs);
        if routes.is_empty() && headers.is_empty() && !is_proved() {
            routes.extend(self.structure(&pairs));
        }
        Differences { routes, headers }
    }

    fn added(&self, row: usize, shadow: Option<usize>, pairs: &Pairs) -> Option<RouteChange> {
        let new = &self.new.flat.rows[row];
        let mut change = self.blank(Change::Added, None, Some(row));
        if answer::name(new.handler) == "headers" {
            return None;
        }
        change.instead = consequences::instead(&self.old.flat, &self.new.flat, new, self.alone);
        change.note = match shadow {
            Some(by) => Some(Self::shadowed_by(self.new_side, &self.new.flat, by)),
            None => self
                .passed_by(row, pairs, &mut change.access)
                .or_else(|| Self::rewritten(&self.new.flat, row, "now see", &mut change.access)),
        };
        Some(change)
    }

    fn removed(&self, row: usize, shadow: Option<usize>) -> Option<RouteChange> {
        let old = &self.old.flat.rows[row];
        let mut change = self.blank(Change::Removed, Some(row), None);
        if answer::name(old.handler) == "headers" {
            return None;
        }
        change.instead = consequences::instead(&self.new.flat, &self.old.flat, old, self.alone);
        change.note = match shadow {
            Some(_) => Some("it was never reached".to_owned()),
            None => Self::rewritten(&self.old.flat, row, "no longer see", &mut change.access),
        };
        Some(change)
    }

    fn changed(&self, old: usize, new: usize, pairs: &Pairs) -> Option<RouteChange> {
        let mut change = self.blank(Change::Changed, Some(old), Some(new));
        let same_condition = self.old.conditions[old] == self.new.conditions[new];
        let name = answer::name(self.new.flat.rows[new].handler);
        if same_condition && name != "headers" {
            change.old_matchers = None;
        }
        if name != answer::name(self.old.flat.rows[old].handler) {
            return Some(change);
        }
        let (before, after) =
            (without_proxy_headers(&self.old.handlers[old]), without_proxy_headers(&self.new.handlers[new]));
        if name != "headers" {
            change.fields = fields::fields(&before, &after, self.show);
            change.fields.retain(|field| field.name != "upstreams" && !field.name.starts_with("upstreams."));
            if change.old == change.new {
                // The words are the same: what differs are the settings.
                change.fields.extend(upstream_fields(&before, &after, self.show));
            }
        }
        reported_already(&mut change);
        let excludes = (excludes(&self.old, old, &pairs.new_of), excludes(&self.new, new, &pairs.old_of));
        if excludes.0 != excludes.1 {
            let words = |excludes: bool| if excludes { "yes" } else { "no" }.to_owned();
            change.fields.push(Field {
                name: "excludes the routes after it".to_owned(),
                old: Some(words(excludes.0)),
                new: Some(words(excludes.1)),
            });
        }
        let differs = before != after && name != "headers";
        if !same_condition {
            change.note = self.passed_by(new, pairs, &mut change.access);
        }
        if (differs || !same_condition) && change.note.is_none() {
            change.note = Self::rewritten(&self.new.flat, new, "see", &mut change.access);
        }
        (differs || !same_condition || !change.fields.is_empty()).then_some(change)
    }

    /// Whether a route that is on both sides came into the shadow of another, or out of it.
    fn reach(&self, old: usize, new: usize, was: Option<usize>, is: Option<usize>) -> Option<RouteChange> {
        let (change, note) = match (was, is) {
            (None, Some(by)) => (Change::Unreachable, Self::shadowed_by(self.new_side, &self.new.flat, by)),
            (Some(by), None) => (Change::Reachable, {
                let row = &self.old.flat.rows[by];
                format!("{} {} took its requests before", self.old.flat.matchers(row), describe(row.handler))
            }),
            _ => return None,
        };
        let mut change = self.blank(change, Some(old), Some(new));
        change.old_matchers = None;
        change.note = Some(note);
        Some(change)
    }

    /// The logins that the requests of a new route no longer come to.
    fn passed_by(&self, row: usize, pairs: &Pairs, access: &mut Option<AccessKind>) -> Option<String> {
        let guards = consequences::passed_by(&self.new, row, &pairs.old_of);
        let first = guards.first()?;
        *access = access.or(Some(AccessKind::Order));
        let at = self.new_side.place_of(&first.pointer).map(|at| format!(" at {}:{}", at.file, at.line));
        let names = consequences::names(&self.new.flat, &guards);
        Some(format!("answers before {names}{} is asked", at.unwrap_or_default()))
    }

    /// The routes whose matchers see what a rewrite makes.
    fn rewritten(flat: &Flat, row: usize, see: &str, access: &mut Option<AccessKind>) -> Option<String> {
        let later = consequences::see_rewritten(flat, row);
        if later.iter().any(|row| access::kind(flat, row).is_some()) {
            *access = access.or(Some(AccessKind::Order));
        }
        let names = consequences::names(flat, &later);
        (!later.is_empty()).then(|| format!("the matchers of {names} {see} what it makes of the request"))
    }

    fn moved(&self, moved: moved::Moved) -> RouteChange {
        let mut change = self.blank(Change::Moved, Some(moved.old), Some(moved.new));
        let past = &self.new.flat.rows[moved.past];
        let matchers = self.new.flat.matchers(past);
        let (now, then) = if moved.before { ("before", "after") } else { ("after", "before") };
        let what = describe(past.handler);
        change.note = Some(format!("now {now} {matchers} {what}, was {then} it"));
        change
    }

    /// The routes are the same one by one, and nested, ordered or grouped in another way: the first for which that is so.
    fn structure(&self, pairs: &Pairs) -> Option<RouteChange> {
        if self.old.flat.rows.is_empty() && self.new.flat.rows.is_empty() {
            return None;
        }
        let both = |row: usize| Some((pairs.old_of[row]?, row));
        let common: Vec<(usize, usize)> = (0..self.new.flat.rows.len()).filter_map(both).collect();
        // How many of the matchers in front of a handler see the request as it arrived, and not what a rewrite makes of it.
        let rewritten = common.iter().find_map(|&(old, new)| {
            let (was, is) = (self.old.flat.sees_rewritten(old), self.new.flat.sees_rewritten(new));
            (was != is).then_some((old, new, is))
        });
        if let Some((old, new, is)) = rewritten {
            let mut change = self.blank(Change::Changed, Some(old), Some(new));
            let (now, before) = ("the request as it arrives", "what a rewrite makes of the request");
            let (now, before) = if is { (before, now) } else { (now, before) };
            change.note = Some(format!("its matchers now see {now}; before, they saw {before}"));
            return Some(change);
        }
        let (was, is) = (self.old.flat.shape(), self.new.flat.shape());
        let first = common.iter().find(|(old, new)| was.get(*old) != is.get(*new)).or_else(|| common.first());
        let (old, new) = first.map_or((None, None), |&(old, new)| (Some(old), Some(new)));
        if old.is_none() && new.is_none() {
            return None;
        }
        let mut change = self.blank(Change::Changed, old, new);
        change.note = Some(
            "the routes are nested, ordered or grouped in another way, and it is not proved that every request gets \
             the same answer"
                .to_owned(),
        );
        Some(change)
    }

    fn headers(&self, pairs: &Pairs) -> Vec<HeaderChange> {
        let found = headers::changes(&self.old, &self.new, pairs, self.show);
        let changes = found.into_iter().map(|found| {
            let matchers = match (found.new_row, found.old_row) {
                (Some(row), _) => self.new.flat.matchers(&self.new.flat.rows[row]),
                (None, Some(row)) => self.old.flat.matchers(&self.old.flat.rows[row]),
                (None, None) => "*".to_owned(),
            };
            HeaderChange {
                change: found.change,
                security: headers::is_security(&found.name),
                sites: Vec::new(),
                matchers,
                direction: found.direction,
                note: self.header_note(&found),
                name: found.name,
                old: found.old,
                new: found.new,
                old_place: found.old_row.and_then(|r| self.old_side.place_of(&self.old.flat.rows[r].pointer)),
                new_place: found.new_row.and_then(|r| self.new_side.place_of(&self.new.flat.rows[r].pointer)),
            }
        });
        changes.collect()
    }

    /// Who else has a say about the header, and what deferring it means (both measured on Caddy 2.11.7).
    fn header_note(&self, found: &headers::Found) -> Option<String> {
        match found.deferred {
            Some(true) => {
                return Some(
                    "deferred: it replaces an upstream's header, and error pages go without it".to_owned(),
                );
            }
            Some(false) => {
                return Some(
                    "no longer deferred: error pages have it, and an upstream's header is sent too"
                        .to_owned(),
                );
            }
            None => {}
        }
        let rival = found.rival?;
        let (side, flat) = match found.new_row {
            Some(_) => (self.new_side, &self.new.flat),
            None => (self.old_side, &self.old.flat),
        };
        let row = &flat.rows[rival.row];
        let at =
            side.place_of(&row.pointer).map(|at| format!(" at {}:{}", at.file, at.line)).unwrap_or_default();
        let other = format!("that of {}{at}", flat.matchers(row));
        Some(match (found.new_row, rival.wins) {
            (Some(_), true) => format!("{other} wins where both match"),
            (Some(_), false) => format!("wins over {other}"),
            (None, _) => format!("won over {other} before"),
        })
    }

    fn shadowed_by(side: &Side, flat: &Flat, by: usize) -> String {
        let row = &flat.rows[by];
        let at =
            side.place_of(&row.pointer).map(|at| format!(" at {}:{}", at.file, at.line)).unwrap_or_default();
        format!("never reached: {} {}{at} takes its requests", flat.matchers(row), describe(row.handler))
    }

    /// A change with the words and places of the two rows.
    fn blank(&self, change: Change, old: Option<usize>, new: Option<usize>) -> RouteChange {
        let old_row = old.map(|row| &self.old.flat.rows[row]);
        let new_row = new.map(|row| &self.new.flat.rows[row]);
        let old_matchers = old_row.map(|row| self.old.flat.matchers(row));
        let new_matchers = new_row.map(|row| self.new.flat.matchers(row));
        let matchers = new_matchers.or_else(|| old_matchers.clone()).unwrap_or_default();
        let kind = |flat, row: Option<&_>| row.and_then(|row| access::kind(flat, row));
        let (was, is) = (kind(&self.old.flat, old_row), kind(&self.new.flat, new_row));
        RouteChange {
            change,
            access: is.or(was),
            control: Control::of(was.is_some(), is.is_some()),
            sites: Vec::new(),
            on_errors: new_row.or(old_row).is_some_and(|row| row.phase == Phase::Error),
            old_matchers: old_matchers.filter(|old| *old != matchers),
            matchers,
            answers: new_row.or(old_row).is_some_and(|row| row.ends() == Answer::Always),
            old: old_row.map(|row| describe(row.handler)),
            new: new_row.map(|row| describe(row.handler)),
            instead: None,
            fields: Vec::new(),
            note: None,
            old_place: old_row.and_then(|row| self.old_side.place_of(&row.pointer)),
            new_place: new_row.and_then(|row| self.new_side.place_of(&row.pointer)),
        }
    }
}

/// Drops the settings that the two lines about the handlers show already.
fn reported_already(change: &mut RouteChange) {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return };
    let within = |value: &Option<String>, line: &str| {
        value.as_ref().is_none_or(|value| {
            line.ends_with(value.as_str())
                || (value.starts_with(['"', '`']) && line.contains(value.as_str()))
                || line.split(' ').any(|word| word == value || word.ends_with(&format!("={value}")))
        })
    };
    // `browse` in one line and not in the other says that it was set.
    let flag = |field: &Field| {
        let name = field.name.rsplit('.').next().unwrap_or("");
        let has = |line: &str| line.split(' ').any(|word| word == name);
        has(old) != has(new)
            && [&field.old, &field.new].into_iter().flatten().all(|v| v == "{}" || v == "true")
    };
    let scheme = |line: &str| line.contains(" https://") || line.contains(" h2c://");
    let of_scheme = |field: &Field| {
        scheme(old) != scheme(new)
            && match field.name.as_str() {
                "transport.protocol" => within(&field.old, "http") && within(&field.new, "http"),
                "transport.tls" => [&field.old, &field.new].into_iter().flatten().all(|v| v == "{}"),
                _ => false,
            }
    };
    let differ = old != new;
    change.fields.retain(|field| {
        !(differ && ((within(&field.old, old) && within(&field.new, new)) || flag(field) || of_scheme(field)))
    });
}

/// A handler on one line.
pub(crate) fn describe(value: &Value) -> String {
    handler::describe(value)
}

/// The handler without the headers of a proxy, which are reported name by name.
fn without_proxy_headers(value: &Value) -> Value {
    let mut value = value.clone();
    if answer::name(&value) == "reverse_proxy"
        && let Some(fields) = value.as_object_mut()
    {
        fields.remove("headers");
    }
    value
}

fn upstream_fields(old: &Value, new: &Value, show: Show) -> Vec<Field> {
    let only = |value: &Value| serde_json::json!({ "upstreams": value.get("upstreams") });
    fields::fields(&only(old), &only(new), show)
}

/// Whether a row, by its group or as a terminal route, shuts out routes that are on both sides. Those that are new or
/// gone are reported themselves.
fn excludes(side: &SiteRows, row: usize, paired: &[Option<usize>]) -> bool {
    if side.exclusion(row).is_empty() {
        return false;
    }
    let flat = &side.flat;
    let own = &flat.rows[row];
    own.levels.iter().enumerate().any(|(depth, &number)| {
        let level = &flat.levels[number];
        let shut_out = |later: usize| {
            let sibling = flat.rows[later].levels.get(depth).map(|&level| &flat.levels[level]);
            level.terminal
                || (level.group.is_some() && sibling.is_some_and(|other| other.group == level.group))
        };
        (level.rows.end..flat.rows.len()).any(|later| paired[later].is_some() && shut_out(later))
    })
}

/// The normal form under which two sites count as one renamed.
pub(crate) fn content(rows: &SiteRows) -> String {
    let mut text = String::new();
    for (row, condition) in rows.conditions.iter().enumerate() {
        text.push_str(condition);
        text.push_str(&rows.handlers[row].to_string());
        let _ = writeln!(text, "{:?}", rows.exclusion(row));
    }
    text
}
