//! The functions and operators that Caddy's expressions have, with the types they take and give.
//!
//! From the standard definitions of the CEL language definition and the documentation of cel-go's extensions for strings,
//! lists, mathematics and bindings.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::types::Type;

/// One way to call a function.
#[derive(Clone, Debug)]
pub(super) struct Overload {
    /// Whether it is called on a target, which is then the first of `takes`.
    pub(super) member: bool,
    /// The types of its arguments; open types are the parameters 0 and 1.
    pub(super) takes: Vec<Type>,
    /// The type of its result.
    pub(super) gives: Type,
}

/// The ways to call the function `name`; `None` when there is no such function.
pub(super) fn find(name: &str) -> Option<&'static [Overload]> {
    FUNCTIONS.get(name).map(Vec::as_slice)
}

/// The function whose name is most like `name`.
pub(super) fn similar(name: &str) -> Option<&'static str> {
    let near = |known: &str| known.eq_ignore_ascii_case(name);
    FUNCTIONS.keys().copied().find(|known| near(known))
}

static FUNCTIONS: LazyLock<BTreeMap<&'static str, Vec<Overload>>> = LazyLock::new(|| {
    let mut all: BTreeMap<&'static str, Vec<Overload>> = BTreeMap::new();
    for (name, overloads) in TABLE {
        all.entry(name).or_default().extend(overloads.split(' ').map(overload));
    }
    all
});

/// `is>b`: takes an int and a string, gives a bool. A leading dot means that it is called on its first argument.
fn overload(text: &str) -> Overload {
    let (takes, gives) = text.split_once('>').unwrap_or((text, "d"));
    let member = takes.starts_with('.');
    let mut letters = takes.trim_start_matches('.').chars();
    let mut types = Vec::new();
    while let Some(found) = self::letter(&mut letters) {
        types.push(found);
    }
    Overload { member, takes: types, gives: letter(&mut gives.chars()).unwrap_or(Type::Dyn) }
}

fn letter(letters: &mut std::str::Chars) -> Option<Type> {
    Some(match letters.next()? {
        'b' => Type::Bool,
        'i' => Type::Int,
        'u' => Type::Uint,
        'f' => Type::Double,
        's' => Type::Text,
        'y' => Type::Bytes,
        'D' => Type::Duration,
        'T' => Type::Timestamp,
        't' => Type::Kind,
        'R' => Type::Request,
        'a' => Type::Any,
        'L' => Type::list(letter(letters)?),
        'M' => Type::map(letter(letters)?, letter(letters)?),
        'A' => Type::Open(0),
        'B' => Type::Open(1),
        _ => Type::Dyn,
    })
}

/// Letters: b bool, i int, u uint, f double, s string, y bytes, D duration, T timestamp, t type, R request, a any, d dyn,
/// L list of, M map of, A and B parameters.
const TABLE: &[(&str, &str)] = &[
    ("?:", "bAA>A"),
    ("!_", "b>b"),
    ("-_", "f>f i>i"),
    ("==", "AA>b"),
    ("!=", "AA>b"),
    ("+", "yy>y ff>f DD>D DT>T TD>T ii>i LALA>LA ss>s uu>u"),
    ("-", "ff>f DD>D ii>i TD>T TT>D uu>u"),
    ("*", "ff>f ii>i uu>u"),
    ("/", "ff>f ii>i uu>u"),
    ("%", "ii>i uu>u"),
    ("<", "bb>b ii>b uu>b ff>b ss>b yy>b TT>b DD>b"),
    ("<=", "bb>b ii>b uu>b ff>b ss>b yy>b TT>b DD>b"),
    (">", "bb>b ii>b uu>b ff>b ss>b yy>b TT>b DD>b"),
    (">=", "bb>b ii>b uu>b ff>b ss>b yy>b TT>b DD>b"),
    ("[]", "LAi>A MABA>B"),
    ("in", "ALA>b AMAB>b"),
    ("size", "y>i .y>i LA>i .LA>i MAB>i .MAB>i s>i .s>i"),
    ("type", "A>t"),
    ("bool", "b>b s>b"),
    ("bytes", "y>y s>y"),
    ("double", "f>f i>f s>f u>f"),
    ("duration", "D>D s>D"),
    ("dyn", "A>d"),
    ("int", "i>i f>i D>i s>i T>i u>i"),
    ("string", "s>s b>s y>s f>s D>s i>s T>s u>s"),
    ("timestamp", "T>T i>T s>T"),
    ("uint", "u>u f>u i>u s>u"),
    ("contains", ".ss>b"),
    ("endsWith", ".ss>b"),
    ("startsWith", ".ss>b"),
    ("matches", "ss>b .ss>b"),
    ("getFullYear", ".T>i .Ts>i"),
    ("getMonth", ".T>i .Ts>i"),
    ("getDayOfYear", ".T>i .Ts>i"),
    ("getDayOfMonth", ".T>i .Ts>i"),
    ("getDate", ".T>i .Ts>i"),
    ("getDayOfWeek", ".T>i .Ts>i"),
    ("getHours", ".T>i .Ts>i .D>i"),
    ("getMinutes", ".T>i .Ts>i .D>i"),
    ("getSeconds", ".T>i .Ts>i .D>i"),
    ("getMilliseconds", ".T>i .Ts>i .D>i"),
    ("charAt", ".si>s"),
    ("indexOf", ".ss>i .ssi>i"),
    ("lastIndexOf", ".ss>i .ssi>i"),
    ("lowerAscii", ".s>s"),
    ("upperAscii", ".s>s"),
    ("replace", ".sss>s .sssi>s"),
    ("split", ".ss>Ls .ssi>Ls"),
    ("substring", ".si>s .sii>s"),
    ("trim", ".s>s"),
    ("format", ".sLd>s"),
    ("strings.quote", "s>s"),
    ("join", ".Ls>s .Lss>s"),
    ("reverse", ".s>s .LA>LA"),
    ("slice", ".LAii>LA"),
    ("flatten", ".LLA>LA .Ldi>Ld"),
    ("sort", ".Li>Li .Lu>Lu .Lf>Lf .Lb>Lb .LD>LD .LT>LT .Ls>Ls .Ly>Ly"),
    ("lists.range", "i>Li"),
    ("distinct", ".LA>LA"),
    ("math.@min", "f>f i>i u>u ff>f ii>i uu>u iu>d if>d fi>d fu>d ui>d uf>d Lf>f Li>i Lu>u"),
    ("math.@max", "f>f i>i u>u ff>f ii>i uu>u iu>d if>d fi>d fu>d ui>d uf>d Lf>f Li>i Lu>u"),
    ("math.ceil", "f>f"),
    ("math.floor", "f>f"),
    ("math.round", "f>f"),
    ("math.trunc", "f>f"),
    ("math.isInf", "f>b"),
    ("math.isNaN", "f>b"),
    ("math.isFinite", "f>b"),
    ("math.abs", "f>f i>i u>u"),
    ("math.sign", "f>f i>i u>u"),
    ("math.bitAnd", "ii>i uu>u"),
    ("math.bitOr", "ii>i uu>u"),
    ("math.bitXor", "ii>i uu>u"),
    ("math.bitNot", "i>i u>u"),
    ("math.bitShiftLeft", "ii>i ui>u"),
    ("math.bitShiftRight", "ii>i ui>u"),
    ("math.sqrt", "f>f i>f u>f"),
    ("ph", "Rs>a"),
];
