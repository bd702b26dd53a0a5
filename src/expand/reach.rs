//! Measures blocks: how far it is from one brace to the other, so that blocks in blocks are passed over in one step.

use crate::syntax::{Reach, Word};

/// Tells the braces of a directive how far they reach, where [`Cursor`](crate::spec::Cursor) would come to the same end
/// word by word. It counts a brace only at the end of its line, and does not look at the first word of a block.
pub(super) fn measure(words: &mut [Word]) {
    // Where each open block begins, unless something in it counts for nothing.
    let mut open: Vec<Option<usize>> = Vec::new();
    for at in 0..words.len() {
        let word = &words[at];
        let (opens, closes) = (word.opens(), word.closes());
        if !opens && !closes {
            continue;
        }
        let ends_line = words.get(at + 1).is_none_or(|next| word.ends_line_before(next));
        let begins_block = at > 0 && words[at - 1].opens();
        if !ends_line || (opens && begins_block) {
            open.fill(None);
        }
        if opens {
            open.push(ends_line.then_some(at));
        } else if let Some(Some(opening)) = open.pop() {
            let reach = Reach::of(at - opening);
            words[opening].reach = reach;
            words[at].reach = reach;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Cursor;

    /// All that can be written with so many words and braces, on one line or on several.
    fn all(length: u32) -> impl Iterator<Item = Vec<Word>> {
        (0..6u32.pow(length)).map(move |number| {
            let mut line = 1;
            let word = |at: u32| {
                let choice = number / 6u32.pow(at) % 6;
                line += choice / 3;
                Word { text: ["a", "{", "}"][choice as usize % 3].into(), line, ..Word::default() }
            };
            (0..length).map(word).collect()
        })
    }

    fn assert_same_segments(plain: &[Word], measured: &[Word]) {
        for from in 0..plain.len() {
            let [by_word, by_step] = [plain, measured].map(|words| {
                let mut cursor = Cursor::new(&words[from..]);
                cursor.next();
                let length = cursor.segment().len();
                let rest = std::iter::from_fn(|| cursor.next().then_some(()));
                (length, rest.count())
            });
            assert_eq!(by_word, by_step, "from word {from} of {plain:?}");
        }
    }

    #[test]
    fn a_step_ends_where_single_words_end() {
        let mut steps = 0;
        for plain in (1..=6).flat_map(all) {
            let mut measured = plain.clone();
            measure(&mut measured);
            steps += measured.iter().filter(|word| word.opens() && word.reach.words().is_some()).count();
            assert_same_segments(&plain, &measured);
        }
        assert!(steps > 5_000, "only {steps} blocks were measured");
    }

    #[test]
    fn so_it_does_when_words_were_taken_out() {
        for plain in all(5) {
            let mut measured = plain.clone();
            measure(&mut measured);
            for (start, end) in (0..5).flat_map(|start| (start + 1..=5).map(move |end| (start, end))) {
                let [plain, measured] = [&plain, &measured].map(|words| {
                    let mut rest = words.clone();
                    rest.drain(start..end);
                    rest
                });
                assert_same_segments(&plain, &measured);
            }
        }
    }
}
