//! Where the sites of a text begin and end.

use std::ops::Range;

use caddyctl_language::compile::Compilation;
use caddyctl_language::expand::BlockKind;
use caddyctl_language::source::{Env, FileId, Sources};
use caddyctl_language::syntax::{Word, lex};

/// A site, as bytes of the text.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// From its first address to where the next block begins.
    pub(super) extent: Range<usize>,
    /// Between its braces.
    pub(super) body: Range<usize>,
}

/// The sites of `text`, in its order; none when something else shares a line with one.
pub(super) fn of(text: &str, compilation: &Compilation) -> Vec<Site> {
    let is_own = |word: &&Word| word.frame == 0 && word.span.file == FileId::default();
    let start = |word: &Word| word.span.start as usize;
    let blocks = compilation.blocks.iter().filter_map(|block| {
        let first = block.keys.first().filter(is_own)?;
        let is_site = block.kind == BlockKind::Site && block.has_braces;
        Some((start(first), is_site.then_some(block.span.end as usize)))
    });
    let snippets = compilation.snippets.iter().map(|snippet| &snippet.key).filter(is_own);
    let mut starts: Vec<_> = blocks.chain(snippets.map(|key| (start(key), None))).collect();
    starts.sort_unstable();
    let begins_line = |at: usize| at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
    if !starts.iter().all(|(at, _)| begins_line(*at)) || starts.windows(2).any(|pair| pair[0].0 == pair[1].0)
    {
        return Vec::new();
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    let sites = starts.iter().zip(ends).filter_map(|((start, head), end)| {
        let open = text.get((*head)?..end)?.find('{')? + (*head)? + 1;
        let close = last_brace(text.get(open..end)?)? + open;
        Some(Site { extent: *start..end, body: open..close })
    });
    sites.collect()
}

/// Where the last line begins that is a closing brace and nothing else.
fn last_brace(text: &str) -> Option<usize> {
    let mut end = text.len();
    loop {
        let start = text[..end].rfind('\n')? + 1;
        if text[start..end].trim() == "}" {
            return Some(start);
        }
        end = start - 1;
    }
}

/// Whether what stands between the braces of a site leaves the rest of the text alone: no brace, quote or heredoc is open
/// at its end, none closes what was opened before it, and the braces around it keep their own ends of lines.
pub(super) fn is_closed(body: &str, env: &Env) -> bool {
    let Some(inside) = body.strip_prefix('\n').and_then(|body| body.strip_suffix('\n')) else { return false };
    // A backslash joins the line of the closing brace to the one before it, from within a comment too.
    if inside.rsplit('\n').next().is_some_and(|last| last.contains('\\')) {
        return false;
    }
    let mut sources = Sources::new();
    let file = sources.add("", body.as_bytes(), env);
    let (words, faults) = lex(&sources, file);
    // Only a word that nothing closes takes the last line break with it.
    if words.last().is_some_and(|last| last.span.end as usize >= body.len()) {
        return false;
    }
    let mut open = 0_usize;
    for word in &words {
        if word.opens() {
            open += 1;
        } else if word.closes() {
            let Some(less) = open.checked_sub(1) else { return false };
            open = less;
        }
    }
    open == 0 && faults.is_empty()
}

/// The site between whose braces `range` lies.
pub(super) fn around(sites: &[Site], range: &Range<usize>) -> Option<usize> {
    let after = sites.partition_point(|site| site.extent.start <= range.start);
    let number = after.checked_sub(1)?;
    let body = &sites[number].body;
    (body.start <= range.start && range.end <= body.end).then_some(number)
}
