//! One page with a map: sites, their matchers and where these lead, as boxes and lines. Nothing is loaded from
//! anywhere; a small script searches and decides what a URL comes to. It bends to a phone's width and to the reader's light
//! or dark colours.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use super::super::server::Phase;
use super::super::{Route, Table};
use caddyctl_language::source::shown::markup::escaped;
use caddyctl_language::spec::Answer;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What each colour means: its class, and the words.
const LEGEND: [(&str, &str); 6] = [
    ("s", "site"),
    ("u", "upstream"),
    ("f", "files"),
    ("l", "login"),
    ("r", "own answer, redirect or error"),
    ("x", "never reached"),
];

/// From so many sites on they have a list of their own.
const MANY: usize = 8;

/// Functions that the page asks about a route.
#[derive(Clone, Copy)]
pub struct Places<'f> {
    /// The location, as `file:line`.
    pub place: &'f dyn Fn(&Route) -> Option<String>,
    /// The address under which an editor opens it.
    pub editor: &'f dyn Fn(&Route) -> Option<String>,
}

/// The page. `title` names the configuration.
pub fn html(title: &str, table: &Table, places: Places<'_>) -> String {
    let place = places.place;
    let sites = super::by_site(table);
    let upstreams = upstreams(table);
    let anchors: HashMap<&str, usize> =
        upstreams.iter().enumerate().map(|(number, (name, _))| (*name, number)).collect();
    let mut out = String::new();
    let main = format!("{title}:");
    let near = |route: &Route| {
        place(route).map(|place| match place.strip_prefix(&main) {
            Some(line) => format!("line {line}"),
            None => place,
        })
    };
    let title = escaped(title);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>Routes of {title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>Routes of {title}</h1>\n\
         <p class=\"about\">{}</p>\n</header>\n<main>\n",
        summary(sites.len(), table, upstreams.len())
    );
    let numbers: Vec<(String, Vec<usize>)> = sites
        .iter()
        .map(|(site, routes)| (site.clone(), routes.iter().map(|(number, _)| *number).collect()))
        .collect();
    out.push_str(&super::map::map(&numbers, table, &anchors));
    let _ = writeln!(out, "<ul class=\"legend\">{}</ul>", legend(table));
    out.push_str(
        "<p class=\"about\">Each site tries its routes from top to bottom; those with a coloured edge answer or ask for a login, the others pass on.</p>\n",
    );
    tools(&mut out, &sites);
    for (number, (site, routes)) in sites.iter().enumerate() {
        let names = each("div", site.split(", "));
        let _ = write!(
            out,
            "<section class=\"site\" id=\"s{number}\" aria-label=\"{}\">\n<h2 class=\"box name\">{names}</h2>\n<ol>\n",
            escaped(site)
        );
        for (_, route) in routes {
            line(&mut out, route, table, &anchors, Places { place: &near, ..places });
        }
        out.push_str("</ol>\n</section>\n");
    }
    if !upstreams.is_empty() {
        out.push_str("<h2 id=\"upstreams\">Upstreams</h2>\n<ul class=\"upstreams\">\n");
        for (number, (name, users)) in upstreams.iter().enumerate() {
            let users = each("small", users.iter().map(String::as_str));
            let name = escaped(name);
            let _ = writeln!(
                out,
                "<li id=\"u{number}\" data-u=\"{name}\"><button type=\"button\" data-u=\"{name}\"><code>{name}</code></button>{users}</li>"
            );
        }
        out.push_str("</ul>\n");
    }
    let _ = write!(out, "</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

/// The colours that the page uses.
fn legend(table: &Table) -> String {
    let has = |class: &str| match class {
        "s" => true,
        "x" => table.routes.iter().any(|route| route.shadow.is_some()),
        class => table.routes.iter().any(|route| kind(route) == class),
    };
    let shown = LEGEND.iter().filter(|(class, _)| has(class));
    shown.map(|(class, words)| format!("<li class=\"k {class}\">{words}</li>")).collect()
}

/// The fields of the script, and the list of sites.
fn tools(out: &mut String, sites: &[(String, Vec<(usize, &Route)>)]) {
    out.push_str(
        "<div id=\"tools\" class=\"tools\" hidden>\n<label>Filter <input id=\"find\" type=\"search\" placeholder=\"site, path or upstream\"></label> \
         <output id=\"shown\"></output>\n<label>URL <input id=\"url\" inputmode=\"url\" placeholder=\"https://example.com/path\"></label>\n\
         <output id=\"decided\"></output>\n</div>\n",
    );
    if sites.len() >= MANY {
        let links = sites.iter().enumerate().map(|(number, (site, routes))| {
            let count = routes.len();
            format!("<li><a href=\"#s{number}\">{}</a> <small>{count}</small></li>", escaped(site))
        });
        let _ = writeln!(
            out,
            "<details class=\"sites\"><summary>{} sites</summary><ul>{}</ul></details>",
            sites.len(),
            links.collect::<String>()
        );
    }
}

/// The class of what a route leads to: an upstream, files, a login, an answer of its own, or nothing.
pub(super) fn kind(route: &Route) -> &'static str {
    match route.directive.as_str() {
        "forward_auth" | "basic_auth" => "l",
        "file_server" => "f",
        _ if !route.upstreams.is_empty() => "u",
        _ if route.ends == Answer::Never => "",
        _ => "r",
    }
}

/// The directive and its words as a Caddyfile has them.
fn written(route: &Route) -> (&str, &str) {
    match route.what.strip_prefix("root=").filter(|_| route.directive == "vars") {
        Some(root) => ("root *", root),
        None => (&route.directive, &route.what),
    }
}

/// A path that the matchers of a route take, where they are one pattern.
fn example(matchers: &str) -> Option<String> {
    let is_pattern = matchers.starts_with('/') && !matchers.contains([' ', '{', '[', '?', '\\', '%']);
    is_pattern.then(|| matchers.replace('*', "x"))
}

/// `2 sites, 7 routes, 3 upstreams`, and how many routes no request reaches.
fn summary(sites: usize, table: &Table, upstreams: usize) -> String {
    let count = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let dead = table.routes.iter().filter(|route| route.shadow.is_some()).count();
    let mut words =
        vec![count(sites, "site"), count(table.routes.len(), "route"), count(upstreams, "upstream")];
    if dead > 0 {
        words.push(format!("<strong class=\"bad\">{} never reached</strong>", count(dead, "route")));
    }
    words.join(", ")
}

/// The upstreams, each with the sites and matchers that lead to it.
fn upstreams(table: &Table) -> BTreeMap<&str, BTreeSet<String>> {
    let mut upstreams: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for route in &table.routes {
        for upstream in &route.upstreams {
            let users = upstreams.entry(upstream).or_default();
            users.extend(route.sites.iter().map(|site| format!("{site} {}", route.matchers)));
        }
    }
    upstreams
}

fn line(
    out: &mut String,
    route: &Route,
    table: &Table,
    anchors: &HashMap<&str, usize>,
    Places { place, editor }: Places<'_>,
) {
    let dead = if route.shadow.is_some() { " dead" } else { "" };
    let (directive, words) = written(route);
    let kind = kind(route);
    let what = if route.upstreams.is_empty() {
        escaped(words)
    } else {
        let links = route.upstreams.iter().map(|name| match anchors.get(name.as_str()) {
            Some(number) => {
                let name = escaped(name);
                format!("<a href=\"#u{number}\" data-u=\"{name}\">{name}</a>")
            }
            None => escaped(name),
        });
        links.collect::<Vec<_>>().join(" ")
    };
    let _ = write!(
        out,
        "<li class=\"route{dead}\" data-ends=\"{}\"{}{}><span class=\"box match\">{}</span><span class=\"wire\" aria-hidden=\"true\"></span>\
         <span class=\"box to {kind}\">{} {what}</span>",
        match route.ends {
            Answer::Always => "always",
            Answer::Never => "never",
            Answer::Sometimes => "sometimes",
        },
        if route.phase == Phase::Error { " data-phase=\"error\"" } else { "" },
        if route.changes_path { " data-changes=\"1\"" } else { "" },
        escaped(&super::matchers(route)),
        escaped(directive),
    );
    if let Some(place) = place(route) {
        let place = escaped(&place);
        let _ = match editor(route) {
            Some(link) => write!(out, "<a class=\"place\" href=\"{}\">{place}</a>", escaped(&link)),
            None => write!(out, "<span class=\"place\">{place}</span>"),
        };
    }
    if let Some(words) = super::shadowed(route, table, place) {
        let words = match example(&route.matchers) {
            Some(path) => format!("{words}, such as {path}"),
            None => words,
        };
        let _ = write!(out, "<span class=\"note\">{}</span>", escaped(&words));
    }
    out.push_str("</li>\n");
}

/// Each text in an element of its own.
fn each<'t>(element: &str, texts: impl Iterator<Item = &'t str>) -> String {
    let mut out = String::new();
    for text in texts {
        let _ = write!(out, "<{element}>{}</{element}>", escaped(text));
    }
    out
}
