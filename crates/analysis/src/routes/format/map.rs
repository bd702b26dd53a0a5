//! The map at the top of the page: sites on the left, what has to match in the middle, where it leads on the right.
//! Drawn for windows that are wide enough; the lists below it say the same, and more.

use std::collections::HashMap;
use std::fmt::Write;

use super::super::Table;
use crate::routes::words;
use caddyctl_language::source::shown::{self, markup::escaped};
use caddyctl_language::spec::Answer;

/// Sizes in the picture's own units, in which the page is 960 wide.
const ROW: f64 = 34.0;
const BOX: f64 = 26.0;
const GAP: f64 = 14.0;
const LETTER: f64 = 7.3;
const BETWEEN: f64 = 64.0;

/// Letters that a box has room for, column by column.
const ROOM: [usize; 3] = [30, 32, 36];

/// More routes than this make no picture that anybody looks at.
const MOST: usize = 400;

/// One of the boxes.
struct Node {
    text: String,
    class: &'static str,
    link: Option<String>,
    y: f64,
}

/// A line: from which box of its column to which of the next one.
struct Edge {
    from: usize,
    to: usize,
    dead: bool,
}

/// The picture, or nothing where there is nothing to see or too much.
pub(super) fn map(sites: &[(String, Vec<usize>)], table: &Table, anchors: &HashMap<&str, usize>) -> String {
    let answering = |number: &usize| table.routes[*number].ends != Answer::Never;
    let count: usize = sites.iter().map(|(_, routes)| routes.iter().filter(|n| answering(n)).count()).sum();
    if count == 0 || count > MOST {
        return String::new();
    }
    let mut columns: [Vec<Node>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    let (mut left, mut right): (Vec<Edge>, Vec<Edge>) = (Vec::new(), Vec::new());
    let mut targets: HashMap<String, usize> = HashMap::new();
    let mut sums: Vec<(f64, f64)> = Vec::new();
    let mut y = GAP;
    for (at, (name, routes)) in sites.iter().enumerate() {
        let first = y;
        for number in routes.iter().filter(|number| answering(number)) {
            let route = &table.routes[*number];
            let dead = route.shadow.is_some();
            let matchers = super::matchers(route);
            let class = if dead { "m dead" } else { "m" };
            columns[1].push(Node { text: matchers, class, link: None, y });
            left.push(Edge { from: at, to: columns[1].len() - 1, dead });
            let own = [super::handler(route)];
            let names = if route.upstreams.is_empty() { &own[..] } else { &route.upstreams };
            for target in names {
                // Upstreams are shared; two file servers are two, whatever they are called.
                let shared = (!route.upstreams.is_empty()).then(|| target.clone());
                let key = shared.unwrap_or_else(|| format!("{number} {target}"));
                let place = *targets.entry(key).or_insert_with(|| {
                    let link = anchors.get(target.as_str()).map(|anchor| format!("#u{anchor}"));
                    let class = match super::html::kind(route) {
                        "" => "r",
                        kind => kind,
                    };
                    columns[2].push(Node { text: target.clone(), class, link, y });
                    sums.push((0.0, 0.0));
                    columns[2].len() - 1
                });
                sums[place] = (sums[place].0 + y, sums[place].1 + 1.0);
                right.push(Edge { from: columns[1].len() - 1, to: place, dead });
            }
            y += ROW;
        }
        if y > first {
            let text = name.clone();
            columns[0].push(Node {
                text,
                class: "s",
                link: Some(format!("#s{at}")),
                y: f64::midpoint(first, y - ROW),
            });
            y += GAP;
        } else {
            // A site in which nothing answers keeps its place.
            columns[0].push(Node { text: name.clone(), class: "s", link: Some(format!("#s{at}")), y });
            y += ROW + GAP;
        }
    }
    for node in columns.iter_mut().flatten() {
        node.text = shown::line(&node.text).into_owned();
    }
    spread(&mut columns[2], &sums);
    draw(&columns, &left, &right)
}

/// Puts what routes lead to next to them, in the middle of those that share it, and none over another.
fn spread(targets: &mut [Node], sums: &[(f64, f64)]) {
    let mut order: Vec<usize> = (0..targets.len()).collect();
    let middle = |at: usize| sums[at].0 / sums[at].1;
    order.sort_by(|a, b| middle(*a).total_cmp(&middle(*b)));
    let mut free = 0.0;
    for &at in &order {
        targets[at].y = middle(at).max(free);
        free = targets[at].y + ROW;
    }
    // Back from the end, so that those that were pushed down share the way.
    let mut last = f64::INFINITY;
    for &at in order.iter().rev() {
        let wish = f64::midpoint(targets[at].y, middle(at)).max(0.0);
        targets[at].y = targets[at].y.min(last - ROW).max(wish.min(last - ROW));
        last = targets[at].y;
    }
    let mut free = GAP;
    for &at in &order {
        targets[at].y = targets[at].y.max(free);
        free = targets[at].y + ROW;
    }
}

fn width(nodes: &[Node], room: usize) -> f64 {
    let longest = nodes.iter().map(|node| node.text.chars().count().min(room)).max().unwrap_or(0);
    f64::from(u32::try_from(longest).unwrap_or(0)) * LETTER + 20.0
}

fn draw(columns: &[Vec<Node>; 3], left: &[Edge], right: &[Edge]) -> String {
    let widths = [0, 1, 2].map(|column| width(&columns[column], ROOM[column]));
    let x = [1.0, 1.0 + widths[0] + BETWEEN, 1.0 + widths[0] + BETWEEN + widths[1] + BETWEEN];
    let whole = x[2] + widths[2] + 1.0;
    let high = columns.iter().flatten().map(|node| node.y + ROW).fold(0.0, f64::max);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg class=\"map\" viewBox=\"0 0 {whole:.0} {high:.0}\" width=\"{whole:.0}\" height=\"{high:.0}\" role=\"group\" \
         aria-label=\"Map of sites, matchers and their targets; the lists below contain the same\">"
    );
    for (edges, column) in [(left, 0), (right, 1)] {
        for edge in edges {
            let (a, b) = (&columns[column][edge.from], &columns[column + 1][edge.to]);
            let (x1, y1) = (x[column] + widths[column], a.y + BOX / 2.0);
            let (x2, y2) = (x[column + 1], b.y + BOX / 2.0);
            let bend = (x2 - x1) / 2.0;
            let dead = if edge.dead { " dead" } else { "" };
            // Lines of one target light up together.
            let names = if column == 1 { format!(" t{}", edge.to) } else { format!(" s{}", edge.from) };
            let _ = writeln!(
                out,
                "<path class=\"e{names}{dead}\" d=\"M{x1:.1} {y1:.1}C{:.1} {y1:.1} {:.1} {y2:.1} {x2:.1} {y2:.1}\"/>",
                x1 + bend,
                x2 - bend
            );
        }
    }
    for (column, nodes) in columns.iter().enumerate() {
        for (at, node) in nodes.iter().enumerate() {
            let shown = words::cut(&node.text, ROOM[column]);
            let full = if shown == node.text {
                String::new()
            } else {
                format!("<title>{}</title>", escaped(&node.text))
            };
            let name = match column {
                0 => format!(" s{at}"),
                2 => format!(" t{at}"),
                _ => String::new(),
            };
            let (open, close) = match &node.link {
                Some(link) => (format!("<a href=\"{link}\" class=\"n {}{name}\">", node.class), "</a>"),
                None => (format!("<g class=\"n {}{name}\">", node.class), "</g>"),
            };
            let _ = writeln!(
                out,
                "{open}{full}<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{BOX}\" rx=\"6\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\">{}</text>{close}",
                x[column],
                node.y,
                widths[column],
                x[column] + 10.0,
                node.y + BOX / 2.0 + 4.5,
                escaped(&shown)
            );
        }
    }
    out.push_str("</svg>\n");
    let _ = writeln!(out, "<style>{}</style>", lights(columns));
    out
}

/// Rules by which the lines of a site or a target light up under the pointer or the keyboard's focus.
fn lights(columns: &[Vec<Node>; 3]) -> String {
    let mut rules = String::new();
    for (letter, nodes) in [('s', &columns[0]), ('t', &columns[2])] {
        for at in 0..nodes.len() {
            let _ = write!(rules, ".map:has(.n.{letter}{at}:is(:hover,:focus)) .e.{letter}{at},");
        }
    }
    let rules = rules.trim_end_matches(',');
    format!("{rules}{{stroke:var(--site);stroke-width:3}}")
}
