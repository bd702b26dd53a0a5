//! The tree of an expression, with macros already expanded.

/// A node, and the byte at which it starts.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) at: usize,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A number, a text, `true`, `false` or `null`.
    Literal(Literal),
    /// A name.
    Ident(String),
    /// `operand.field`.
    Select(Box<Expr>, String),
    /// `has(operand.field)`.
    Has(Box<Expr>, String),
    /// `function(args)`; operators are functions too.
    Call(String, Vec<Expr>),
    /// `target.function(args)`.
    Member(Box<Expr>, String, Vec<Expr>),
    /// `[…]`.
    List(Vec<Expr>),
    /// `{key: value}`.
    Map(Vec<(Expr, Expr)>),
    /// `a.b.Message{…}`.
    Message(String),
    /// `range.all(variable, …)` and its like.
    Fold(Box<Fold>),
    /// `cel.bind(variable, value, body)`.
    Bind(String, Box<Expr>, Box<Expr>),
    /// One of Caddy's matchers, whose arguments are known to be texts or maps of texts.
    Matcher(String, Vec<Expr>),
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What is done with each element of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FoldKind {
    /// Whether all meet the condition.
    All,
    /// Whether one or more meet the condition.
    Exists,
    /// Whether exactly one meets the condition.
    ExistsOne,
    /// `filter`: elements that meet the condition.
    Filter,
    /// `map`: a new value for each element.
    Map,
    /// `sortBy`: the elements in the order of their keys.
    Sort,
}

/// A loop over a list, or over the keys of a map.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub(crate) kind: FoldKind,
    pub(crate) range: Expr,
    pub(crate) variable: String,
    pub(crate) condition: Option<Expr>,
    pub(crate) value: Option<Expr>,
}

impl Expr {
    /// The parts of it.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Literal(_) | Kind::Ident(_) | Kind::Message(_) => Vec::new(),
            Kind::Select(operand, _) | Kind::Has(operand, _) => vec![operand],
            Kind::Call(_, args) | Kind::List(args) | Kind::Matcher(_, args) => args.iter().collect(),
            Kind::Member(target, _, args) => std::iter::once(&**target).chain(args).collect(),
            Kind::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            Kind::Fold(fold) => {
                std::iter::once(&fold.range).chain(&fold.condition).chain(&fold.value).collect()
            }
            Kind::Bind(_, value, body) => vec![value, body],
        }
    }

    /// The text, if it is a text literal.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Literal(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// `a.b.c`, if it is nothing but names.
    pub(crate) fn qualified(&self) -> Option<String> {
        match &self.kind {
            Kind::Ident(name) => Some(name.clone()),
            Kind::Select(operand, field) => Some(format!("{}.{field}", operand.qualified()?)),
            _ => None,
        }
    }
}
