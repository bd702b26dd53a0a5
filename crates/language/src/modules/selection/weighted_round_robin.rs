//! `weighted_round_robin`: each upstream in turn, the heavier ones more often.

use crate::config::{Module, Value, integer};
use crate::go::atoi;
use crate::spec::{Cursor, ModuleSpec, Parsed, value};
use crate::version::Change;

/// The module.
pub(crate) static MODULE: ModuleSpec = ModuleSpec::new(
    "weighted_round_robin",
    "<weights...>",
    "Each upstream in turn, in proportion to its weight; the weights are in the order of the upstreams",
    read,
)
.by_order();

fn read(cursor: &mut Cursor) -> Parsed<Module> {
    let name = cursor.word().clone();
    let mut weights = Vec::new();
    let least = i64::from(!cursor.version().has(Change::ZeroWeights));
    for word in cursor.args() {
        match atoi(&word.text) {
            Some(weight) if weight >= least => weights.push(integer(weight)),
            _ => {
                return Err(value::weight(&word));
            }
        }
    }
    if weights.is_empty() {
        return Err(cursor.missing(&name, "a weight for each upstream"));
    }
    Ok(std::iter::once(("weights".to_owned(), Value::from(weights))).collect())
}
