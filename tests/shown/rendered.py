"""Reads documents from standard input, one JSON object a line with `kind`, `name` and `text`, and prints what is wrong
with each: Markdown is rendered by GitHub's own renderer, HTML and XML are parsed."""

import html
import html.parser
import json
import pathlib
import re
import sys
import xml.etree.ElementTree

import cmarkgfm
from cmarkgfm.cmark import Options

MARKDOWN = {"h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "br", "strong", "details",
            "summary", "pre"}
STRONG = re.compile(r"security header$|access control$|never reached: ")
# What renderers look for in text that is not code.
FOUND = [re.compile(p, re.I) for p in (
    r"(^|\W)@\w", r"\w+://", r"\bwww\.", r"[\w.]+@[\w.]+", r"(^|\W)[#!$%&~]\d", r"\bgh-\d", r"\bghsa-", r"\b[0-9a-f]{7,64}\b",
    r":[\w+-]+:(?!\d)", r"\$[^ ]", r"\[[a-z_]+:\d")]
FOUND.append(re.compile(r"\b[A-Z][A-Z0-9]+-\d"))

HTML = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "main", "section", "ol", "ul", "li",
        "div", "span", "a", "code", "small", "strong", "svg", "rect", "text", "path", "g", "defs", "marker", "nav",
        "label", "input", "output", "button", "script", "details", "summary"}
# The one script of the page, which holds nothing of the configuration.
SCRIPT = pathlib.Path(__file__).parents[2].joinpath("crates/analysis/src/routes/format/page.js").read_text().strip()


class Reader(html.parser.HTMLParser):
    def __init__(self, allowed, is_markdown):
        super().__init__(convert_charrefs=True)
        self.allowed, self.is_markdown = allowed, is_markdown
        self.open, self.problems, self.cells, self.strong = [], [], 0, None

    def handle_starttag(self, tag, attrs):
        if tag not in self.allowed:
            self.problems.append(f"element <{tag}> {attrs}")
        for name, value in attrs:
            value = value or ""
            if name.startswith("on") or name in ("src", "srcdoc", "action", "formaction"):
                self.problems.append(f"attribute {name}={value!r}")
            if name == "href" and not value.startswith("#"):
                self.problems.append(f"link to {value!r}")
            if self.is_markdown and (tag, name, value) not in (("code", "class", "language-diff"),
                                                               ("pre", "lang", "diff"), ("code", "class", "language-caddyfile"), ("pre", "lang", "caddyfile")):
                self.problems.append(f"attribute {name}={value!r} of <{tag}>")
        if tag == "tr":
            self.cells = 0
        if tag in ("td", "th"):
            self.cells += 1
        if tag == "script" and attrs:
            self.problems.append(f"attributes of a script: {attrs}")
        if tag not in ("br", "meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-3:]}")
        else:
            self.open.pop()
        if tag == "tr" and self.cells not in (3, 4):
            self.problems.append(f"a row of {self.cells} cells")

    def handle_comment(self, data):
        self.problems.append(f"comment {data!r}")

    def handle_data(self, data):
        if "script" in self.open:
            if data.strip() != SCRIPT:
                self.problems.append(f"script {data[:200]!r}")
            return
        if not self.is_markdown or "code" in self.open or "pre" in self.open:
            return
        if "strong" in self.open and not STRONG.match(data):
            self.problems.append(f"bold {data!r}")
        for pattern in FOUND:
            if found := pattern.search(data):
                self.problems.append(f"{found[0]!r} in the text {data[:200]!r}")


def markdown(text, expected=()):
    rendered = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    plain = html.unescape(re.sub("<[^>]*>", "", rendered))
    return marked_up(rendered, MARKDOWN, True) + [f"{text!r} is not shown" for text in expected if text not in plain]


def marked_up(text, allowed, is_markdown):
    reader = Reader(allowed, is_markdown)
    reader.feed(text)
    reader.close()
    if reader.open:
        reader.problems.append(f"left open: {reader.open}")
    return reader.problems


def xml_document(text):
    try:
        xml.etree.ElementTree.fromstring(text)
    except xml.etree.ElementTree.ParseError as error:
        return [str(error)]
    return []


KINDS = {
    "markdown": markdown,
    "html": lambda text: marked_up(text, HTML, False),
    "xml": xml_document,
}

for line in sys.stdin:
    document = json.loads(line)
    more = [document["expected"]] if "expected" in document else []
    for problem in KINDS[document["kind"]](document["text"], *more)[:9]:
        print(f"{document['name']}: {problem}")
