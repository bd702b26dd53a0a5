//! Routes of what directives gave: sorted, grouped, merged.

use super::scope::{Directed, Lowered, State};
use super::sort;
use crate::config::Route;
use crate::diagnostics::Code;
use crate::spec::Fault;
use crate::syntax::Word;

/// Directives whose routes exclude each other, in the order in which their groups are numbered.
const EXCLUSIVE: [&str; 3] = ["handle", "rewrite", "root"];

/// Makes routes of what directives gave, sorted by `order`; without it they keep their own.
pub(crate) fn build(
    mut items: Vec<Directed>,
    order: Option<&[&'static str]>,
    state: &mut State,
) -> Vec<Route> {
    if let Some(order) = order {
        items.retain(|item| {
            let ordered = order.contains(&item.directive);
            if !ordered {
                state.report(unordered(item));
            }
            ordered
        });
        sort::sort(&mut items, order);
    }
    for directive in EXCLUSIVE {
        let count = items.iter().filter(|item| item.directive == directive).count();
        // A lone rewrite has a group too, so that it is not merged with its neighbours; and the number is used up
        // even where there is none.
        if count == 0 && directive == "rewrite" {
            state.groups += 1;
        } else if count > 1 || (count == 1 && directive == "rewrite") {
            let group = state.next_group();
            for item in items.iter_mut().filter(|item| item.directive == directive) {
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
fn unordered(item: &Directed) -> Fault {
    let word = Word { span: item.span, frame: item.frame, ..Word::default() };
    Fault::new(Code::MISPLACED_DIRECTIVE, &word, format!("`{}` cannot stand here", item.directive))
        .help("put it directly into a site block, not into the block of another directive")
}
