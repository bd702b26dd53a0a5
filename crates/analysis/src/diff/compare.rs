//! The comparison of two configurations.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use super::access;
use super::consequences;
use super::disguise::Disguise;
use super::effects::{self, Half, Written};
use super::fields::Show;
use super::merge;
use super::normal::{Own, Same};
use super::pairs::SiteRows;
use super::proof;
use super::report::{Change, Control, Effect, EffectKind, Report, RouteChange, Verdict};
use super::side::Side;
use super::site::{self, Differences, Versions};
use super::text;
use super::units::{Unit, Units};
use crate::routes::flat::{Flat, Row};
use crate::routes::server::{Phase, Server};
use caddyctl_language::spec::Answer;

/// Compares `old` with `new`. Secrets are hidden in everything it gives back unless `show` says otherwise.
pub fn compare(old: &Side, new: &Side, show: Show) -> Report {
    let (old_units, new_units) = (Units::new(old.tree()), Units::new(new.tree()));
    Comparison { old, new, show, old_units, new_units, named: RefCell::default() }.report()
}

/// A site that only one side has, with the normal form of its content.
struct Lone<'u> {
    key: &'u (String, String),
    unit: &'u Unit,
    content: String,
}

struct Comparison<'a> {
    old: &'a Side,
    new: &'a Side,
    show: Show,
    old_units: Units<'a>,
    new_units: Units<'a>,
    /// Pairs of servers whose named routes have been compared.
    named: RefCell<HashMap<(String, String), bool>>,
}

impl<'a> Comparison<'a> {
    fn report(&self) -> Report {
        let mut all = Differences::default();
        let mut effects = Vec::new();
        let written = (Written::new(self.old), Written::new(self.new));
        let old = Half { side: self.old, units: &self.old_units, written: &written.0 };
        let new = Half { side: self.new, units: &self.new_units, written: &written.1 };
        effects.extend(effects::listeners(old, new));
        self.sites((old, new), &mut all, &mut effects);
        effects.extend(effects::sites(old, new));
        effects.extend(effects::certificates(old, new, self.show));
        effects.extend(effects::options(old, new, self.show));
        effects.extend(effects::systemd(self.old, self.new));
        all.routes.extend(access::client_certificates(old, new, self.show));
        let mut routes = merge::routes(all.routes);
        let access = access::take_out(&mut routes);
        let headers = merge::headers(all.headers);
        let effects = merge::effects(effects);
        let texts = text::changes(self.old, self.new, self.show);
        let mut report = Report {
            old: self.old.name.clone(),
            new: self.new.name.clone(),
            verdict: Verdict::Different,
            access,
            effects,
            routes,
            headers,
            texts,
            is_incomplete: self.old_units.effort.is_spent() || self.new_units.effort.is_spent(),
        };
        if !report.has_effects() && !report.has_routes() {
            report.effects.extend(effects::unproved(old, new));
        }
        if !report.has_effects() && !report.has_routes() {
            report.verdict = if report.texts.is_empty() { Verdict::Same } else { Verdict::FormattingOnly };
        } else if report.is_about_caddy() || self.old.whole() != self.new.whole() {
            report.effects.extend(effects::streams(self.old, &self.old_units));
        }
        if !self.show.secrets {
            Disguise::new(self.old, self.new, [&self.old_units, &self.new_units]).apply(&mut report);
        }
        report
    }

    fn own_old(&self) -> Own<'a> {
        Own { path: self.old.path.as_deref(), other: self.new.path.as_deref() }
    }

    fn own_new(&self) -> Own<'a> {
        Own { path: self.new.path.as_deref(), other: self.old.path.as_deref() }
    }

    fn sites(&self, halves: (Half, Half), all: &mut Differences, effects: &mut Vec<Effect>) {
        let mut known: HashMap<(&[usize], &[usize]), Option<Differences>> = HashMap::new();
        for (key, old) in &self.old_units.sites {
            let Some(new) = self.new_units.sites.get(key) else { continue };
            let found = known.entry((old.entries.as_slice(), new.entries.as_slice())).or_insert_with(|| {
                self.versions(old, new).map(|versions| versions.compare(|| self.is_proved(old, new)))
            });
            if let Some(found) = found {
                add(all, found, &new.site.to_string());
            }
        }
        self.lone_sites(halves, all, effects);
    }

    /// Whether both versions of a site have one normal form.
    fn is_proved(&self, old: &Unit, new: &Unit) -> bool {
        proof::form(&self.old_units, old, self.own_old()) == proof::form(&self.new_units, new, self.own_new())
    }

    /// Both versions of a site; `None` when they are plainly the same.
    fn versions<'s>(&'s self, old: &Unit, new: &Unit) -> Option<Versions<'s>> {
        let mut same_route = Same { old: self.own_old(), new: self.own_new(), groups: Vec::new() };
        let same = old.entries.len() == new.entries.len()
            && old.entries.iter().zip(&new.entries).all(|(&a, &b)| {
                let ((old, a), (new, b)) = (&self.old_units.entries[a], &self.new_units.entries[b]);
                a.phase == b.phase
                    && a.sets == b.sets
                    && self.same_named(old, new)
                    && same_route.same_routes(a, b)
            });
        (!same).then(|| Versions {
            old_side: self.old,
            new_side: self.new,
            old: rows(&self.old_units, old, self.own_old()),
            new: rows(&self.new_units, new, self.own_new()),
            show: self.show,
            alone: alone(&self.old_units, old) && alone(&self.new_units, new),
        })
    }

    /// Whether the named routes of two servers are the same.
    fn same_named(&self, old: &Server, new: &Server) -> bool {
        let (a, b) = (old.value.get("named_routes"), new.value.get("named_routes"));
        if a.is_none() && b.is_none() {
            return true;
        }
        let key = (old.name.to_owned(), new.name.to_owned());
        *self.named.borrow_mut().entry(key).or_insert_with(|| a == b)
    }

    /// Sites that are on one side only: renamed, moved to another address, added, removed.
    fn lone_sites(&self, halves: (Half, Half), all: &mut Differences, effects: &mut Vec<Effect>) {
        let site_effect = |change, old, new| Self::site_effect(halves, change, old, new);
        let mut gone = lone(&self.old_units, &self.new_units, self.own_old());
        let mut come = lone(&self.new_units, &self.old_units, self.own_new());
        pair(
            &mut gone,
            &mut come,
            |a, b| a.key.0 == b.key.0,
            |old, new| {
                effects.push(site_effect(Change::Moved, Some(old.unit), Some(new.unit)));
            },
        );
        pair(
            &mut gone,
            &mut come,
            |a, b| a.key.1 == b.key.1,
            |old, new| {
                effects.push(site_effect(Change::Changed, Some(old.unit), Some(new.unit)));
            },
        );
        // The same host on another address with other content: compare what it does all the same.
        let mut by_host: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, lone) in come.iter().enumerate().rev() {
            by_host.entry(&lone.key.0).or_default().push(index);
        }
        let mut taken = vec![false; come.len()];
        gone.retain(|old| {
            let Some(index) = by_host.get_mut(old.key.0.as_str()).and_then(Vec::pop) else { return true };
            if old.key.0.is_empty() {
                return true;
            }
            taken[index] = true;
            let new = &come[index];
            effects.push(site_effect(Change::Moved, Some(old.unit), Some(new.unit)));
            if let Some(versions) = self.versions(old.unit, new.unit) {
                add(
                    all,
                    &versions.compare(|| self.is_proved(old.unit, new.unit)),
                    &new.unit.site.to_string(),
                );
            }
            false
        });
        let come: Vec<Lone> =
            come.into_iter().zip(taken).filter(|(_, taken)| !taken).map(|(lone, _)| lone).collect();
        for old in gone {
            effects.push(site_effect(Change::Removed, Some(old.unit), None));
            self.whole(old.unit, Change::Removed, all);
        }
        for new in come {
            effects.push(site_effect(Change::Added, None, Some(new.unit)));
            self.whole(new.unit, Change::Added, all);
            self.without_guards(new.unit, all);
        }
    }

    /// The guards that requests to a new site came to before, or come to at another address, and that it does not have.
    fn without_guards(&self, unit: &Unit, all: &mut Differences) {
        let site = &unit.site;
        let same_host = || {
            let mut sites = self.old_units.sites.iter();
            sites.find(|((host, _), _)| !host.is_empty() && *host == site.host).map(|(_, unit)| unit)
        };
        let Some(other) = self.old_units.covering(&site.host, &site.address).or_else(same_host) else {
            return;
        };
        let (was, is) = (flat(&self.old_units, other), flat(&self.new_units, unit));
        for row in was.rows.iter().filter(|row| row.phase == Phase::Request) {
            let Some(kind) = access::kind(&was, row).filter(|kind| kind.is_login()) else { continue };
            if is.rows.iter().any(|new| new.handler == row.handler) {
                continue;
            }
            all.routes.push(RouteChange {
                change: Change::Removed,
                access: Some(kind),
                control: Control::OnlyBefore,
                sites: vec![site.to_string()],
                on_errors: false,
                matchers: was.matchers(row),
                old_matchers: None,
                answers: false,
                old: Some(site::describe(row.handler)),
                new: None,
                instead: None,
                fields: Vec::new(),
                note: Some(format!("the site is new and has no such guard; {} had it", other.site)),
                old_place: self.old.place_of(&row.pointer),
                new_place: None,
            });
        }
    }

    /// The answering routes of a site that came or went.
    fn whole(&self, unit: &Unit, change: Change, all: &mut Differences) {
        let added = change == Change::Added;
        let (side, units, others) = if added {
            (self.new, &self.new_units, &self.old_units)
        } else {
            (self.old, &self.old_units, &self.new_units)
        };
        let other = others.covering(&unit.site.host, &unit.site.address);
        let other = other.map(|other| (self::flat(others, other), alone(others, other)));
        let flat = flat(units, unit);
        // Where another site takes the requests, it does so without the access control of this one.
        let is_shown = |row: &&Row| {
            row.ends() != Answer::Never || (other.is_some() && access::kind(&flat, row).is_some())
        };
        for row in flat.rows.iter().filter(is_shown) {
            let (what, place) = (site::describe(row.handler), side.place_of(&row.pointer));
            let (old, new) = if added { (None, Some(what)) } else { (Some(what), None) };
            let (old_place, new_place) = if added { (None, place) } else { (place, None) };
            all.routes.push(RouteChange {
                change,
                access: access::kind(&flat, row).filter(|_| other.is_some()),
                control: Control::of(!added, added),
                sites: vec![unit.site.to_string()],
                on_errors: row.phase == Phase::Error,
                matchers: flat.matchers(row),
                old_matchers: None,
                answers: row.ends() == Answer::Always,
                old,
                new,
                instead: other
                    .as_ref()
                    .and_then(|(other, alone)| consequences::instead(other, &flat, row, *alone)),
                fields: Vec::new(),
                note: None,
                old_place,
                new_place,
            });
        }
    }

    fn site_effect(
        (old_half, new_half): (Half, Half),
        change: Change,
        old: Option<&Unit>,
        new: Option<&Unit>,
    ) -> Effect {
        let (before, after) = (old.map(|unit| unit.site.to_string()), new.map(|unit| unit.site.to_string()));
        let message = match (change, &before, &after) {
            (Change::Moved, Some(before), Some(after)) => format!("site {}", merge::moved(before, after)),
            (_, Some(before), Some(after)) => format!("site {before} renamed to {after}"),
            (_, None, Some(after)) => {
                let was = new.and_then(|unit| covering(old_half.units, unit));
                match was {
                    Some(was) => format!("site {after} added; {was} answered its requests before"),
                    None => format!("site {after} added"),
                }
            }
            (_, Some(before), _) => match old.and_then(|unit| covering(new_half.units, unit)) {
                Some(now) => format!("site {before} removed; {now} answers its requests now"),
                None => format!("site {before} removed"),
            },
            _ => String::new(),
        };
        Effect {
            kind: EffectKind::Site,
            change,
            subject: after.or_else(|| before.clone()).unwrap_or_default(),
            message: message.into(),
            before,
            needs: None,
            sites: Vec::new(),
            old_place: old.and_then(|unit| old_half.written.unit(old_half.units, unit)),
            new_place: new.and_then(|unit| new_half.written.unit(new_half.units, unit)),
        }
    }
}

fn add(all: &mut Differences, found: &Differences, site: &str) {
    let named = |sites: &mut Vec<String>| sites.push(site.to_owned());
    all.routes.extend(found.routes.iter().cloned().map(|mut change| {
        named(&mut change.sites);
        change
    }));
    all.headers.extend(found.headers.iter().cloned().map(|mut change| {
        named(&mut change.sites);
        change
    }));
}

/// The name of the site that takes the requests of `unit` where it is missing.
fn covering(units: &Units, unit: &Unit) -> Option<String> {
    units.covering(&unit.site.host, &unit.site.address).map(|other| other.site.to_string())
}

/// Whether what a site leaves unanswered comes to no other site.
fn alone(units: &Units, unit: &Unit) -> bool {
    unit.site.host.is_empty()
        || unit.entries.iter().any(|&number| {
            let entry = &units.entries[number].1;
            entry.is_terminal() && entry.sets.is_empty()
        })
}

fn flat<'u>(units: &'u Units, unit: &Unit) -> Flat<'u> {
    let Some(&first) = unit.entries.first() else { return Flat::default() };
    let entries = unit.entries.iter().map(|&number| &units.entries[number].1);
    Flat::new(&units.entries[first].0, entries, &units.effort)
}

fn rows<'u>(units: &'u Units, unit: &Unit, own: Own) -> SiteRows<'u> {
    SiteRows::new(flat(units, unit), own)
}

fn lone<'u>(units: &'u Units, others: &Units, own: Own) -> Vec<Lone<'u>> {
    let alone = units.sites.iter().filter(|(key, _)| !others.sites.contains_key(*key));
    alone.map(|(key, unit)| Lone { key, unit, content: site::content(&rows(units, unit, own)) }).collect()
}

/// Takes pairs of equal content that also agree in `fits` out of both lists, each at most once.
fn pair<'u>(
    gone: &mut Vec<Lone<'u>>,
    come: &mut Vec<Lone<'u>>,
    fits: impl Fn(&Lone, &Lone) -> bool,
    mut found: impl FnMut(&Lone<'u>, &Lone<'u>),
) {
    let mut by_content: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, lone) in come.iter().enumerate() {
        by_content.entry(&lone.content).or_default().push(index);
    }
    let mut taken = vec![false; come.len()];
    let mut kept = vec![true; gone.len()];
    for (number, old) in gone.iter().enumerate() {
        let Some(list) = by_content.get_mut(old.content.as_str()) else { continue };
        // Among many equal sites only the next few are tried, so that thousands of them stay cheap.
        let Some(at) = list.iter().take(16).position(|&index| fits(old, &come[index])) else { continue };
        let index = list.remove(at);
        taken[index] = true;
        kept[number] = false;
        found(old, &come[index]);
    }
    let mut kept = kept.into_iter();
    gone.retain(|_| kept.next().unwrap_or(true));
    let mut taken = taken.into_iter();
    come.retain(|_| !taken.next().unwrap_or(false));
}
