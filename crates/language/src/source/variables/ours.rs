//! Words that reports write themselves. Where a value is such a word, a sentence is no better without it.

/// How a text may show values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The text is what somebody wrote: a value of a configuration, or what a message quotes.
    Value,
    /// A sentence of a report, in which names and values stand among its own words.
    Sentence,
    /// A sentence of a diagnostic, which quotes what it shows.
    Message,
}

/// Words of values that name nothing.
pub(crate) const COMMON: &[&str] = &[
    "http",
    "https",
    "h2c",
    "tcp",
    "tcp4",
    "tcp6",
    "udp",
    "unix",
    "fastcgi",
    "com",
    "org",
    "net",
    "www",
    "localhost",
    "on",
    "off",
    "true",
    "false",
    "internal",
    "example",
];

/// The words of the sentences of `diff` and `routes`.
const OURS: &str = " a absent access account accounts acme added address admin after again all allowed an and anew another \
    answer answered answers any are around as asked at authority automatic basic_auth be become becomes before belong \
    block both by ca caddy cannot carried certificate certificates challenge change changed changes client clients close closed \
    closes come comes configuration copy counted data deferred delay delete deleted demand deploy dns drop dynamic each edge \
    empty encrypt end ends environment error errors every exclude excludes expression file files finds flag for from full \
    further go goes group handle handler has have header headers here history host hosts hot http https if in into is \
    issuer it its json keep keeps key keys later leads leave leaves let letsencrypt line lines link list listen listener \
    listeners load log logger logs long longer loses make makes managed many map match matcher matchers method missing more \
    moved name named needs never new next no not nothing now obtained obtains of off old on once one only open opened \
    option options or order origin other others out over own page pages path place policy port possible proxy query reach \
    reached reaches read reads redirect redirects reload removed renamed replace replaced replaces request requests respond \
    response restart resume revision root route router routes same scheme section see send sent served server servers \
    service set setting settings several shared site sites so some start status stays still stop stream streams subject \
    subjects systemd take takes text than that the them there this to too took transport true trust \
    unanswered unix unreachable unset upstream upstreams use used uses value values variable was way websockets what when \
    where which whole wins with without won word would write writes yes zerossl ";

/// Whether the sentences of reports have this word themselves. Short numbers are counts.
pub(crate) fn is_ours(text: &str) -> bool {
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let is_count = text.len() < 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_count || (is_word && OURS.contains(&format!(" {} ", text.to_ascii_lowercase())))
}

impl Mode {
    /// Whether `text` may be a word of the sentence itself.
    pub fn may_say(self, text: &str) -> bool {
        match self {
            Self::Value => false,
            Self::Sentence => text.split_whitespace().all(is_ours),
            // What a diagnostic shows stands in quotes.
            Self::Message => text.bytes().all(|byte| {
                byte.is_ascii_digit() || byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'_' | b'-')
            }),
        }
    }
}
