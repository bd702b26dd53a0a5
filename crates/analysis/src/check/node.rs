//! A value of the configuration that knows where it stands.

use super::view::View;
use caddyctl_language::config::pointer::escape;

/// A value and the way to it. What is missing is a node too, with nothing inside. A node borrows the one above it, and
/// its pointer is spelled out only when something is found there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a, 'p> {
    view: View<'a>,
    above: Option<&'p Node<'a, 'p>>,
    step: Step<'p>,
}

/// The way from the node above.
#[derive(Clone, Copy, Debug)]
enum Step<'p> {
    /// None: it is the whole document.
    Root,
    /// From the document to an app.
    App(&'p str),
    Field(&'p str),
    Item(usize),
}

impl<'a, 'p> Node<'a, 'p> {
    /// The whole document.
    pub(super) fn root(view: View<'a>) -> Self {
        Self { view, above: None, step: Step::Root }
    }

    /// The app `name` of a document.
    pub(super) fn app(document: View<'a>, name: &'p str) -> Self {
        Self { view: document.at("apps").at(name), above: None, step: Step::App(name) }
    }

    /// The pointer, as RFC 6901 has it.
    pub(super) fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut at = Some(self);
        while let Some(node) = at {
            steps.push(node.step);
            at = node.above;
        }
        let mut pointer = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Step::Root => {}
                Step::App(name) => pointer += &format!("/apps/{}", escape(name)),
                Step::Field(name) => pointer += &format!("/{}", escape(name)),
                Step::Item(index) => pointer += &format!("/{index}"),
            }
        }
        pointer
    }

    /// The bare value.
    pub(super) fn view(&self) -> View<'a> {
        self.view
    }

    /// At the same place another form of the value.
    pub(super) fn seen_as(self, view: View<'a>) -> Self {
        Self { view, ..self }
    }

    /// The field `key`.
    pub(super) fn at<'q>(&'q self, key: &'q str) -> Node<'a, 'q> {
        Node { view: self.view.at(key), above: Some(self), step: Step::Field(key) }
    }

    /// The elements; none when it is no list.
    pub(super) fn items<'q>(&'q self) -> impl Iterator<Item = Node<'a, 'q>> {
        let items = self.view.items().enumerate();
        items.map(move |(index, view)| Node { view, above: Some(self), step: Step::Item(index) })
    }

    /// The fields by name; none when it is no object.
    pub(super) fn fields<'q>(&'q self) -> impl Iterator<Item = (&'a str, Node<'a, 'q>)>
    where
        'a: 'q,
    {
        let fields = self.view.fields();
        fields.map(move |(name, view)| (name, Node { view, above: Some(self), step: Step::Field(name) }))
    }

    /// Whether it is missing or `null`.
    pub(super) fn is_null(&self) -> bool {
        self.view.is_null()
    }

    /// How many elements or fields it has.
    pub(super) fn count(&self) -> usize {
        self.view.count()
    }

    /// The text, or an empty one.
    pub(super) fn text(&self) -> &'a str {
        self.view.as_text().unwrap_or("")
    }

    /// Whether it is `true`.
    pub(super) fn is_true(&self) -> bool {
        self.view.as_bool() == Some(true)
    }

    /// The whole number, or 0. Numbers beyond 64 bits are clamped.
    pub(super) fn number(&self) -> i64 {
        let Some(number) = self.view.as_number() else { return 0 };
        #[expect(clippy::cast_possible_truncation, reason = "a float that large is clamped")]
        number.as_i64().or_else(|| number.as_f64().map(|n| n as i64)).unwrap_or(0)
    }
}
