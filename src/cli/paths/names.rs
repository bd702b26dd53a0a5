//! Which names in a folder are those of Caddyfiles.

/// Whether a file of this name is a Caddyfile: the names that Caddy itself takes for one, whatever their case, and `*.caddy`. What
/// `Caddyfile.NAME` says of the NAME may be that it is something else.
pub fn is_caddyfile(name: &str) -> bool {
    let name = name.to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let ends = name.strip_prefix("caddyfile.");
    name == "caddyfile"
        || matches!(extension, "caddyfile" | "caddy")
        || ends.is_some_and(|ends| !ends.split('.').any(is_something_else) && !is_of_a_merge(ends))
}

/// Whether a merge tool of git has left the file: `Caddyfile.BASE.1234` and the like.
fn is_of_a_merge(end: &str) -> bool {
    let parts: Vec<&str> = end.split('.').collect();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.windows(2).any(|pair| matches!(pair[0], "base" | "local" | "remote") && is_number(pair[1]))
}

/// Whether the files of a folder of this name are not the project's own, or are not meant to be seen.
pub fn is_foreign_folder(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "node_modules" | "vendor")
}

/// Whether the end of a name says that the file is written in another language, is a template of a Caddyfile, or a backup.
fn is_something_else(end: &str) -> bool {
    end.is_empty()
        || end.ends_with('~')
        || [LANGUAGES, TEMPLATES, BACKUPS].iter().any(|words| words.split(' ').any(|word| word == end))
}

/// Languages and formats: programs, markup, data, archives, images. Rare ones that are also top-level domains are left out, since
/// a name such as `Caddyfile.example.io` is that of a site.
const LANGUAGES: &str = "\
    ada adoc agda age asc asm asp aspx astro avsc awk b64 bash bat bazel bib bison bnf br bz2 bzl c cbor cc cfg \
    class clj cmake cmd cobol coffee cpp cr crt cs css csv cue cypher dart dbml der desktop dhall diff dockerfile \
    docx dot ebnf el elm enc env erl es ex exe exs f90 fish flex fs fsharp g4 gemspec geojson gif glsl gmk go \
    golden gperf gpg gradle graphql groovy gz h hack haml har hcl hjson hpp hrl hs htm html hx ico idl il iml ini \
    ipynb jade java jl jpeg jpg js json json5 jsonc jsonl jsonld jsonnet jsx just key ksh kt l latex lean \
    less libsonnet lisp ll lock log lua m make makefile map markdown md md5 mdown mdx minisig mjs mk ml mm moon \
    mts nim ninja nix numbers ocaml odt org ott p12 p7b pas patch pb pdf peg pegjs pem pest pgp php phtml pkl \
    pl plist pm png pom ppt prisma properties proto proto3 ps1 psd1 psm1 puml purs py py3 pyc pyi pyx qml r rake \
    raku rb rbi re rego res resx rkt rmd rs rst rtf sass sbt scala scm scss sed service sh sha256 sha512 sig sls \
    sml snap sol sops spec sql star starlark sty styl sublime sum svelte svg svgz swift tar tcl tex texi \
    textproto tf tfvars tgz thrift tif toc toml ts tsv tsx ttl txtpb typ uml v vala vb vbs vcl vhd vim vsd vue \
    wasm wat webmanifest webp wgsl woff woff2 wsdl xhtml xls xlsx xml xsd xsl xslt xz y yaml yang yar yara yml \
    yuck z zig zip zsh zst";

/// Template languages, whose files become Caddyfiles later.
const TEMPLATES: &str = "\
    blade cheetah ctmpl dust eco ect edge ejs epp erb esh eta ftl ftlh gohtml gotext gotmpl gotpl haml handlebars \
    hbs hcltmpl in j2 jade jinja jinja2 jsp jst kid latte liq liquid m4 mako marko mjml mst mu mustache njk \
    nunjucks pebble plush pongo2 pug qtpl razor rhtml slim smarty soy stache swig tal templ template tera tftpl \
    tmpl tmplt tpl tt2 ttl2 twig velocity vm vtl vto";

/// What editors, package managers and people leave behind.
const BACKUPS: &str = "\
    back backup bak bak1 bak2 bak3 bck bk bkp copy dpkg-bak dpkg-dist dpkg-new dpkg-old dpkg-tmp mine old old1 \
    old2 orig ours prev previous rej rpmnew rpmorig rpmsave save saved swap swn swo swp theirs tmp trash ucf-dist \
    ucf-new ucf-old";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_caddyfiles() {
        for name in [
            "Caddyfile",
            "caddyfile",
            "Caddyfile.prod",
            "Caddyfile.example",
            "Caddyfile.d.local",
            "Caddyfile.local",
            "Caddyfile.base",
            "Caddyfile.example.io",
            "Caddyfile.docker",
            "Caddyfile.prod.2",
            "blog.caddyfile",
            "BLOG.Caddyfile",
            "blog.caddy",
            "Caddyfile.txt",
        ] {
            assert!(is_caddyfile(name), "{name}");
        }
        for name in [
            "Caddyfile.json",
            "Caddyfiles",
            "caddy",
            "x.caddyfile.bak",
            "",
            "caddyfile.go",
            "Caddyfile.j2",
            "CADDYFILE.J2",
            "Caddyfile.prod.tmpl",
            "Caddyfile.j2.prod",
            "Caddyfile.bak.2",
            "Caddyfile~",
            "Caddyfile.prod~",
            "Caddyfile.yaml",
            "Caddyfile.md",
            "Caddyfile.",
            "Caddyfile.old",
            "x.caddy.j2",
            "caddyfile.pest",
            "Caddyfile.tftpl",
            "Caddyfile.mk",
            "Caddyfile.m4",
            "Caddyfile.sops",
            "Caddyfile.age",
            "Caddyfile.BASE.123",
            "Caddyfile.REMOTE.1",
            "Caddyfile.LOCAL.12",
            "Caddyfile.bak2",
        ] {
            assert!(!is_caddyfile(name), "{name}");
        }
    }

    #[test]
    fn folders_of_others() {
        assert!([".git", "vendor", "node_modules"].iter().all(|name| is_foreign_folder(name)));
        assert!(!["sites", "vendors"].iter().any(|name| is_foreign_folder(name)));
    }
}
