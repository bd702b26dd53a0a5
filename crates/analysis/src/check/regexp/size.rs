//! How large a program Go would make of a pattern; it refuses those that are too large or too deep.

/// What is remembered of a part of a pattern, instead of its tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    /// Instructions that it compiles to.
    instructions: u64,
    /// Nesting of operators.
    height: u32,
    /// The largest product of counted repetitions along any path inside.
    repeats: u64,
    /// Whether it is a run of literal characters, which is one node however long.
    literal: bool,
}

/// The most instructions that Go accepts: 128 MiB of 40 bytes each.
const MAX_INSTRUCTIONS: u64 = (128 << 20) / 40;
/// The deepest nesting that Go accepts.
const MAX_HEIGHT: u32 = 1000;
/// The most that nested repetitions may multiply to.
pub(super) const MAX_REPEAT: u64 = 1000;

impl Size {
    /// A class, an assertion, or nothing.
    pub(super) const ATOM: Self = Self { instructions: 1, height: 1, repeats: 1, literal: false };
    /// A literal character.
    pub(super) const LITERAL: Self = Self { literal: true, ..Self::ATOM };

    /// `(…)`.
    pub(super) fn captured(self) -> Self {
        Self {
            instructions: self.instructions.saturating_add(2),
            height: self.height + 1,
            literal: false,
            ..self
        }
    }

    /// `*`, `+` or `?`.
    pub(super) fn starred(self) -> Self {
        self.captured()
    }

    /// `{min,max}`; no `max` means without end.
    pub(super) fn repeated(self, min: u32, max: Option<u32>) -> Self {
        let (low, times) = (u64::from(min), u64::from(max.unwrap_or(min)));
        let instructions = match max {
            None if min == 0 => self.instructions.saturating_add(2),
            None => low.saturating_mul(self.instructions).saturating_add(1),
            Some(_) => times.saturating_mul(self.instructions).saturating_add(times - low),
        };
        let repeats = match max {
            Some(0) => 0,
            _ => times.max(1).saturating_mul(self.repeats),
        };
        Self { instructions: instructions.max(1), height: self.height + 1, repeats, literal: false }
    }

    /// Parts one after the other.
    pub(super) fn sequence(parts: &[Self]) -> Self {
        Self::together(parts, 0)
    }

    /// Parts of which one applies.
    pub(super) fn choice(parts: &[Self]) -> Self {
        Self::together(parts, parts.len().saturating_sub(1))
    }

    fn together(parts: &[Self], joints: usize) -> Self {
        match parts {
            [] => Self::ATOM,
            [one] => *one,
            _ => {
                let literal = joints == 0 && parts.iter().all(|part| part.literal);
                let tallest = parts.iter().map(|part| part.height).max().unwrap_or(0);
                Self {
                    instructions: parts
                        .iter()
                        .fold(joints as u64, |sum, part| sum.saturating_add(part.instructions)),
                    height: tallest + u32::from(!literal),
                    repeats: parts.iter().map(|part| part.repeats).max().unwrap_or(1),
                    literal,
                }
            }
        }
    }

    /// Whether nested repetitions multiply to more than Go accepts.
    pub(super) fn repeats_too_much(self) -> bool {
        self.repeats > MAX_REPEAT
    }

    /// Whether the program would be too large.
    pub(super) fn too_large(self) -> bool {
        self.instructions > MAX_INSTRUCTIONS
    }

    /// Whether the nesting is too deep.
    pub(super) fn too_deep(self) -> bool {
        self.height > MAX_HEIGHT
    }
}
