//! Routes of what directives gave: sorted, grouped, merged.

use super::Options;
use super::directive::Order;
use super::order::Exclusive;
use super::scope::{Directed, Lowered, State};
use super::sort;
use crate::config::Route;
use crate::diagnostics::Code;
use crate::spec::Fault;
use crate::syntax::Word;

/// Makes routes of what directives gave, sorted unless they keep their own order.
pub(crate) fn build(
    mut items: Vec<Directed>,
    sorted: bool,
    options: &Options,
    state: &mut State,
) -> Vec<Route> {
    if sorted {
        let order = options.order.names.as_slice();
        items.retain(|item| {
            let ordered = order.contains(&item.directive);
            if !ordered {
                let fault = unordered(item, state);
                state.report(fault);
            }
            ordered
        });
        sort::sort(&mut items, order, state.version());
    }
    for (directive, exclusive) in options.order.exclusive.iter() {
        let count = items.iter().filter(|item| item.directive == *directive).count();
        let even_alone = *exclusive == Exclusive::EvenAlone;
        if count == 0 && even_alone {
            state.groups += 1;
        } else if count > 1 || (count == 1 && even_alone) {
            let group = state.next_group();
            for item in items.iter_mut().filter(|item| item.directive == *directive) {
                if let Lowered::Route(route) = &mut item.lowered {
                    route.group = Some(group.clone());
                }
            }
        }
    }
    let mut routes = Vec::with_capacity(items.len());
    for item in items {
        match item.lowered {
            Lowered::Route(route) => routes.push(route),
            Lowered::Routes(together) => routes.extend(together),
            _ => {}
        }
    }
    consolidate(routes)
}

/// The routes of what directives gave, one for each.
pub(crate) fn ungrouped(items: Vec<Directed>) -> Vec<Route> {
    let mut routes = Vec::with_capacity(items.len());
    for item in items {
        match item.lowered {
            Lowered::Route(route) => routes.push(route),
            Lowered::Routes(together) => routes.extend(together),
            _ => {}
        }
    }
    routes
}

/// Reports and leaves out what has no place in the order, and sorts the rest: the directives of a site.
pub(crate) fn sort_site(items: &mut Vec<Directed>, options: &Options, state: &mut State) {
    let order = options.order.names.as_slice();
    // Those of the stock build that belong to a site have given no route.
    items.retain(|item| {
        let ordered = order.contains(&item.directive);
        if !ordered {
            let fault = unordered(item, state);
            state.report(fault);
        }
        ordered
    });
    sort::sort(items, order, state.version());
}

/// Joins neighbouring routes that differ only in their handlers.
pub(crate) fn consolidate(mut routes: Vec<Route>) -> Vec<Route> {
    routes.dedup_by(|route, last| {
        let joins = last.matchers == route.matchers
            && last.terminal == route.terminal
            && last.group.as_deref().unwrap_or("") == route.group.as_deref().unwrap_or("");
        if joins {
            last.handlers.append(&mut route.handlers);
        }
        joins
    });
    routes
}

/// A directive that has no place in the order, where the order decides.
fn unordered(item: &Directed, state: &State) -> Fault {
    let word = Word { span: item.span, frame: item.frame, ..Word::default() };
    if state.directives.find(&item.directive).is_some_and(|known| known.order == Order::Own) {
        let name = &item.directive;
        return Fault::new(Code::MISPLACED_DIRECTIVE, &word, format!("`{name}` has no place in the order"))
            .help(format!("put it into a `route` block, or add the global option `order {name} first`"));
    }
    Fault::new(Code::MISPLACED_DIRECTIVE, &word, format!("`{}` is not allowed here", item.directive))
        .help("put it directly into a site block, not into the block of another directive")
}
