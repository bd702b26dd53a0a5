//! Measures blocks: how far it is from one brace to the other, so that blocks in blocks are passed over in one step.

use crate::syntax::{Reach, Word};

/// Tells the braces of a directive how far they reach, where [`Cursor`](crate::spec::Cursor) would come to the same end
/// word by word. It counts a brace only at the end of its line, and does not look at the first word of a block.
pub(super) fn measure(words: &mut [Word]) {
    // Where each open block begins, unless something in it counts for nothing: in each of the first `void` ones something does.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut void = 0;
    for at in 0..words.len() {
        let word = &words[at];
        let (opens, closes) = (word.opens(), word.closes());
        if !opens && !closes {
            continue;
        }
        let ends_line = words.get(at + 1).is_none_or(|next| word.ends_line_before(next));
        let begins_block = at > 0 && words[at - 1].opens();
        if !ends_line || (opens && begins_block) {
            void = open.len();
        }
        if opens {
            open.push(ends_line.then_some(at));
        } else {
            let opening = open.pop().flatten().filter(|_| open.len() >= void);
            void = void.min(open.len());
            if let Some(opening) = opening {
                let reach = Reach::of(at - opening);
                words[opening].reach = reach;
                words[at].reach = reach;
            }
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
                // The frame distinguishes the words.
                Word {
                    text: ["a", "{", "}"][choice as usize % 3].into(),
                    line,
                    frame: at + 1,
                    ..Word::default()
                }
            };
            (0..length).map(word).collect()
        })
    }

    /// What a cursor reads from each word on: the words of its line and block, and how many are left behind them.
    fn segments(cursor: &mut Cursor) -> Vec<(Vec<u32>, usize)> {
        let mut all = Vec::new();
        loop {
            cursor.reset();
            if (0..=all.len()).any(|_| !cursor.next()) {
                return all;
            }
            let segment = cursor.segment().iter().map(|word| word.frame).collect();
            all.push((segment, std::iter::from_fn(|| cursor.next().then_some(())).count()));
        }
    }

    #[test]
    fn a_step_ends_where_single_words_end() {
        let mut steps = 0;
        for plain in (1..=6).flat_map(all) {
            let mut measured = plain.clone();
            measure(&mut measured);
            steps += measured.iter().filter(|word| word.opens() && word.reach.words().is_some()).count();
            let [by_word, by_step] =
                [&plain, &measured].map(|words| segments(&mut Cursor::new(words.as_slice())));
            assert_eq!(by_word, by_step, "{plain:?}");
        }
        assert!(steps > 5_000, "only {steps} blocks were measured");
    }

    #[test]
    fn so_it_does_when_words_were_taken_out() {
        let ranges = || (0..5).flat_map(|start| (start + 1..=5).map(move |end| (start, end)));
        for plain in all(5) {
            let mut measured = plain.clone();
            measure(&mut measured);
            for (start, end) in ranges() {
                let mut rest = plain.clone();
                rest.drain(start..end);
                let mut cursor = Cursor::new(measured.as_slice());
                (0..end).for_each(|_| assert!(cursor.next()));
                cursor.delete_from(start);
                let before = start.checked_sub(1).map(|at| plain[at].frame);
                assert_eq!(
                    before.unwrap_or(5),
                    cursor.word().frame,
                    "a cursor before all stands for the last word"
                );
                let by_word = segments(&mut Cursor::new(rest));
                assert_eq!(by_word, segments(&mut cursor), "{start}..{end} of {plain:?}");
            }
        }
    }
}
