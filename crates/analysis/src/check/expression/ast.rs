//! The tree of an expression, with macros already expanded.

/// A node, and the byte at which it starts.
#[derive(Clone, Debug)]
pub(super) struct Expr {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
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
    Matcher(Vec<Expr>),
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes,
}

/// What is done with each element of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FoldKind {
    /// `all`, `exists` and `exists_one`: the condition says it all.
    Test,
    /// `filter`: elements that meet the condition.
    Filter,
    /// `map`: a new value for each element.
    Map,
    /// `sortBy`: the elements in the order of their keys.
    Sort,
}

/// A loop over a list, or over the keys of a map.
#[derive(Clone, Debug)]
pub(super) struct Fold {
    pub(super) kind: FoldKind,
    pub(super) range: Expr,
    pub(super) variable: String,
    pub(super) condition: Option<Expr>,
    pub(super) value: Option<Expr>,
}

impl Expr {
    /// The text, if it is a text literal.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Literal(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// `a.b.c`, if it is nothing but names.
    pub(super) fn qualified(&self) -> Option<String> {
        match &self.kind {
            Kind::Ident(name) => Some(name.clone()),
            Kind::Select(operand, field) => Some(format!("{}.{field}", operand.qualified()?)),
            _ => None,
        }
    }
}
