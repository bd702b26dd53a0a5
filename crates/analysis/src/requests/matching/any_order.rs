//! Matchers that Caddy asks in any order, another one at each start: the fields of a Go map. What does not depend on the
//! order is decided; of what does, the placeholders are in doubt, and only a request that reads one of them is undecided.

use rustc_hash::FxHashMap;

use crate::requests::notes::About;
use crate::requests::state::{Raised, State};
use crate::requests::value::Value;

/// What one matcher did: whether it holds, and what it kept.
struct Asked {
    holds: bool,
    kept: Vec<(String, Value)>,
}

/// Asks one matcher as if it were the first, and takes back what it kept.
fn ask_alone<'p>(
    state: &mut State<'p>,
    ask: &mut dyn FnMut(&mut State<'p>, usize) -> Result<bool, Raised>,
    number: usize,
) -> Result<Asked, Raised> {
    let (values, doubtful) = (state.values.clone(), state.doubtful.clone());
    let outer = state.kept.replace(Vec::new());
    let holds = ask(state, number);
    let names = std::mem::replace(&mut state.kept, outer).unwrap_or_default();
    let after = std::mem::replace(&mut state.values, values);
    state.doubtful = doubtful;
    let kept = names.into_iter().filter_map(|name| Some((name.clone(), after.get(&name)?.clone()))).collect();
    Ok(Asked { holds: holds?, kept })
}

/// Whether all matchers hold.
pub(super) fn all<'p>(
    state: &mut State<'p>,
    count: usize,
    ask: &mut dyn FnMut(&mut State<'p>, usize) -> Result<bool, Raised>,
) -> Result<bool, Raised> {
    let open = state.notes.undecided.len();
    let (mut asked, mut raised, mut is_certain) = (Vec::new(), None, false);
    for number in 0..count {
        let before = state.notes.undecided.len();
        match ask_alone(state, ask, number) {
            Ok(one) => {
                is_certain |= !one.holds && state.notes.undecided.len() == before;
                asked.push(one);
            }
            Err(error) => raised = Some(error),
        }
    }
    if is_certain {
        // One that certainly does not hold decides, whatever the others left open.
        state.notes.undecided.truncate(open);
    }
    let failed = asked.iter().filter(|one| !one.holds).count();
    for one in &asked {
        // The only one that does not hold is asked in every order; one that holds may come after it.
        let is_sure = raised.is_none() && (failed == 0 || (failed == 1 && !one.holds));
        keep(state, &asked, one, is_sure);
    }
    match raised {
        Some(error @ (Raised::Abort | Raised::Unknown(_))) if failed == 0 => Err(error),
        raised => verdict(state, raised, failed > 0),
    }
}

/// Whether one of several holds; the first that does ends the search.
pub(super) fn any<'p>(
    state: &mut State<'p>,
    count: usize,
    ask: &mut dyn FnMut(&mut State<'p>, usize) -> bool,
) -> bool {
    let mut asked = Vec::new();
    for number in 0..count {
        asked.extend(ask_alone(state, &mut |state, number| Ok(ask(state, number)), number).ok());
    }
    asked.retain(|one| one.holds);
    for one in &asked {
        keep(state, &asked, one, asked.len() == 1);
    }
    !asked.is_empty()
}

/// Keeps what `one` of the matchers captured, or puts it in doubt.
fn keep(state: &mut State<'_>, asked: &[Asked], one: &Asked, is_sure: bool) {
    let differs = |name: &str, value: &Value| {
        let others = asked.iter().filter(|other| !std::ptr::eq(*other, one));
        others.flat_map(|other| &other.kept).any(|(known, other)| known == name && other != value)
    };
    let latest: FxHashMap<&String, &Value> = one.kept.iter().map(|(name, value)| (name, value)).collect();
    for (name, value) in latest {
        let is_disputed = differs(name, value);
        if is_sure {
            state.set(name.clone(), value.clone());
        }
        if is_disputed || (!is_sure && state.values.get(name) != Some(value)) {
            state.doubtful.insert(name.clone());
        }
    }
}

/// What follows from an error that a matcher raised, and from whether another one does not hold.
pub(super) fn verdict(state: &mut State<'_>, raised: Option<Raised>, failed: bool) -> Result<bool, Raised> {
    match raised {
        Some(_) if failed => {
            state.notes.undecided(
                About::Answer,
                "either: a matcher raises an error next to one that does not match, and Caddy asks them in any order",
            );
            Ok(false)
        }
        Some(error) => Err(error),
        None => Ok(!failed),
    }
}
