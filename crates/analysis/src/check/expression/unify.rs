//! Whether one type can stand for another, and what open types turn out to be.

use std::collections::BTreeMap;

use super::types::Type;

/// What is known of open types.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    found: BTreeMap<usize, Type>,
    count: usize,
}

impl Known {
    /// A new open type.
    pub(super) fn fresh(&mut self) -> Type {
        self.count += 1;
        Type::Open(self.count)
    }

    /// The type with all that is known put in.
    pub(super) fn resolve(&self, of: &Type) -> Type {
        match of {
            Type::Open(id) => self.found.get(id).map_or_else(|| of.clone(), |found| self.resolve(found)),
            Type::List(element) => Type::list(self.resolve(element)),
            Type::Map(key, value) => Type::map(self.resolve(key), self.resolve(value)),
            other => other.clone(),
        }
    }

    /// The same, where what is still open could be anything.
    pub(super) fn settle(&self, of: &Type) -> Type {
        match self.resolve(of) {
            Type::Open(_) => Type::Dyn,
            Type::List(element) => Type::list(self.settle(&element)),
            Type::Map(key, value) => Type::map(self.settle(&key), self.settle(&value)),
            other => other,
        }
    }

    /// Whether all of `given` can stand for `wanted`; what that shows of open types is kept only then.
    pub(super) fn accept_all(&mut self, given: &[Type], wanted: &[Type]) -> bool {
        if given.len() != wanted.len() {
            return false;
        }
        let mut copy = self.clone();
        let accepted = given.iter().zip(wanted).all(|(given, wanted)| copy.assign(given, wanted));
        if accepted {
            *self = copy;
        }
        accepted
    }

    /// Whether `given` can stand for `wanted`.
    pub(super) fn accept(&mut self, given: &Type, wanted: &Type) -> bool {
        self.accept_all(std::slice::from_ref(given), std::slice::from_ref(wanted))
    }

    /// The type of something that is one or the other.
    pub(super) fn join(&mut self, one: &Type, other: &Type) -> Type {
        if self.accept(one, other) { general(one, other) } else { Type::Dyn }
    }

    fn assign(&mut self, given: &Type, wanted: &Type) -> bool {
        if let Type::Open(id) = wanted {
            match self.substitute(given, *id) {
                (true, _) => return true,
                (false, true) => return false,
                (false, false) => {}
            }
        }
        if let Type::Open(id) = given {
            return self.substitute(wanted, *id).0;
        }
        if given.is_dyn() || wanted.is_dyn() {
            return true;
        }
        match (given, wanted) {
            (Type::Null, other) | (other, Type::Null) => other.is_nullable(),
            (Type::List(given), Type::List(wanted)) => self.assign(given, wanted),
            (Type::Map(key, value), Type::Map(wanted_key, wanted_value)) => {
                self.assign(key, wanted_key) && self.assign(value, wanted_value)
            }
            _ => given == wanted,
        }
    }

    /// Whether the open type `id` can be `given`, and whether something was known of it before.
    fn substitute(&mut self, given: &Type, id: usize) -> (bool, bool) {
        if *given == Type::Open(id) {
            return (true, true);
        }
        if let Some(known) = self.found.get(&id).cloned() {
            if *given == known {
                return (true, true);
            }
            if !self.assign(given, &known) {
                return (false, true);
            }
            let wider = general(given, &known);
            if !self.mentions(&wider, id) {
                self.found.insert(id, wider);
            }
            return (true, true);
        }
        if self.mentions(given, id) {
            return (false, false);
        }
        self.found.insert(id, given.clone());
        (true, false)
    }

    fn mentions(&self, within: &Type, id: usize) -> bool {
        match within {
            Type::Open(other) => {
                *other == id || self.found.get(other).is_some_and(|found| self.mentions(found, id))
            }
            Type::List(element) => self.mentions(element, id),
            Type::Map(key, value) => self.mentions(key, id) || self.mentions(value, id),
            _ => false,
        }
    }
}

/// The wider of two types that go together.
fn general(one: &Type, other: &Type) -> Type {
    if no_narrower(one, other) { one.clone() } else { other.clone() }
}

fn no_narrower(one: &Type, other: &Type) -> bool {
    match (one, other) {
        (Type::Dyn | Type::Any | Type::Open(_), _) => true,
        (_, Type::Dyn | Type::Any | Type::Open(_)) => false,
        (Type::List(one), Type::List(other)) => no_narrower(one, other),
        (Type::Map(key, value), Type::Map(other_key, other_value)) => {
            no_narrower(key, other_key) && no_narrower(value, other_value)
        }
        _ => one == other,
    }
}
