//! Which names in a folder are those of Caddyfiles.

/// Whether a file of this name is a Caddyfile: the names that Caddy itself takes for one, whatever their case, and `*.caddy`. What
/// `Caddyfile.NAME` says of the NAME may be that it is something else.
pub fn is_caddyfile(name: &str) -> bool {
    let name = name.to_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let ends = name.strip_prefix("caddyfile.");
    name == "caddyfile"
        || matches!(extension, "caddyfile" | "caddy")
        || ends.is_some_and(|ends| !ends.split('.').any(is_something_else))
}

/// Whether the files of a folder of this name are not the project's own, or are not meant to be seen.
pub fn is_foreign_folder(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "node_modules" | "vendor")
}

/// Whether the end of a name says that the file is written in another language, is a template of a Caddyfile, or a backup.
fn is_something_else(end: &str) -> bool {
    end.is_empty() || end.ends_with('~') || [LANGUAGES, TEMPLATES, BACKUPS].concat().contains(&end)
}

/// Languages and formats: programs, markup, data, archives, images.
const LANGUAGES: &[&str] = &[
    "adoc",
    "awk",
    "bash",
    "bat",
    "c",
    "cc",
    "cfg",
    "clj",
    "cmd",
    "cpp",
    "cs",
    "css",
    "csv",
    "cue",
    "dart",
    "diff",
    "dockerfile",
    "ex",
    "exs",
    "fish",
    "go",
    "golden",
    "gradle",
    "graphql",
    "groovy",
    "gz",
    "h",
    "hcl",
    "hpp",
    "hs",
    "htm",
    "html",
    "ini",
    "ipynb",
    "java",
    "jpeg",
    "jpg",
    "js",
    "json",
    "json5",
    "jsonc",
    "jsonnet",
    "jsx",
    "key",
    "kt",
    "lock",
    "log",
    "lua",
    "map",
    "markdown",
    "md",
    "mjs",
    "ml",
    "nix",
    "patch",
    "pdf",
    "pem",
    "php",
    "pl",
    "png",
    "properties",
    "proto",
    "ps1",
    "py",
    "rb",
    "rs",
    "rst",
    "sass",
    "scala",
    "scss",
    "service",
    "sh",
    "snap",
    "sql",
    "sum",
    "svelte",
    "svg",
    "swift",
    "tar",
    "tex",
    "tf",
    "tfvars",
    "toml",
    "ts",
    "tsx",
    "vim",
    "vue",
    "webp",
    "xml",
    "yaml",
    "yml",
    "zig",
    "zip",
    "zsh",
    "zst",
];

/// Template languages, whose files become Caddyfiles later.
const TEMPLATES: &[&str] = &[
    "ejs",
    "epp",
    "erb",
    "gotmpl",
    "gotpl",
    "handlebars",
    "hbs",
    "in",
    "j2",
    "jinja",
    "jinja2",
    "liquid",
    "mako",
    "mustache",
    "njk",
    "template",
    "templ",
    "tmpl",
    "tpl",
    "twig",
];

/// What editors, package managers and people leave behind.
const BACKUPS: &[&str] = &[
    "backup",
    "bak",
    "bkp",
    "dpkg-dist",
    "dpkg-new",
    "dpkg-old",
    "dpkg-tmp",
    "old",
    "orig",
    "rej",
    "rpmnew",
    "rpmorig",
    "rpmsave",
    "save",
    "saved",
    "swo",
    "swp",
    "tmp",
    "ucf-dist",
    "ucf-new",
    "ucf-old",
];

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
