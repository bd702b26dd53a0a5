//! One page with a map: sites, their matchers and where these lead, as boxes and lines. Nothing is loaded from
//! anywhere, nothing runs; it bends to a phone's width and to the reader's light or dark colours.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use super::super::{Route, Table};
use caddyctl_language::source::shown::markup::escaped;
use caddyctl_language::spec::Answer;

const STYLE: &str = include_str!("page.css");

/// The page. `title` names the configuration, `place` gives the location of a route, as `file:line`.
pub fn html(title: &str, table: &Table, place: &dyn Fn(&Route) -> Option<String>) -> String {
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
    out.push_str("<p class=\"about\">Each site tries its routes from top to bottom; those with a green edge answer, the others pass on.</p>\n");
    for (number, (site, routes)) in sites.iter().enumerate() {
        let names = each("div", site.split(", "));
        let _ = write!(
            out,
            "<section class=\"site\" id=\"s{number}\" aria-label=\"{}\">\n<h2 class=\"box name\">{names}</h2>\n<ol>\n",
            escaped(site)
        );
        for (_, route) in routes {
            line(&mut out, route, table, &anchors, &near);
        }
        out.push_str("</ol>\n</section>\n");
    }
    if !upstreams.is_empty() {
        out.push_str("<h2 id=\"upstreams\">Upstreams</h2>\n<ul class=\"upstreams\">\n");
        for (number, (name, users)) in upstreams.iter().enumerate() {
            let users = each("small", users.iter().map(String::as_str));
            let _ = writeln!(out, "<li id=\"u{number}\"><code>{}</code>{users}</li>", escaped(name));
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
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
    place: &dyn Fn(&Route) -> Option<String>,
) {
    let dead = if route.shadow.is_some() { " dead" } else { "" };
    let answers = if route.ends == Answer::Always { " answers" } else { "" };
    let what = if route.upstreams.is_empty() {
        escaped(&route.what)
    } else {
        let links = route.upstreams.iter().map(|name| match anchors.get(name.as_str()) {
            Some(number) => format!("<a href=\"#u{number}\">{}</a>", escaped(name)),
            None => escaped(name),
        });
        links.collect::<Vec<_>>().join(" ")
    };
    let _ = write!(
        out,
        "<li class=\"route{dead}\"><span class=\"box match\">{}</span><span class=\"wire\" aria-hidden=\"true\"></span>\
         <span class=\"box to{answers}\">{} {what}</span>",
        escaped(&super::matchers(route)),
        escaped(&route.directive),
    );
    if let Some(place) = place(route) {
        let _ = write!(out, "<span class=\"place\">{}</span>", escaped(&place));
    }
    if let Some(words) = super::shadowed(route, table, place) {
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
