//! Changes of what words mean, or of which forms of them are accepted, that no row of a table can say. Code that reads such a
//! word asks [`Version::has`] for the change.

use std::sync::LazyLock;

use super::{Version, history};

/// What the table calls the rows of changes.
const WHAT: &str = "change";

macro_rules! changes {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal;)*) => {
        /// A change of the language other than a new word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Change {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Change {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name in the table.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

changes! {
    /// `php_fastcgi` redirects to a folder by a relative address.
    PhpRelativeRedirect = "php-relative-redirect";
    /// Several `vars` with matchers that say nothing of their order keep that of the file.
    VarsKeepOrder = "vars-keep-order";
    /// Several `handle_errors` with codes keep the order of the file.
    ErrorsKeepOrder = "errors-keep-order";
    /// Each default `?Field` of `header` has a handler of its own, and `match` holds for it.
    HeaderDefaultsAlone = "header-defaults-alone";
    /// Each listener of a site has a connection policy of its own.
    PoliciesPerListener = "policies-per-listener";
    /// Automation policies are not joined across one whose names overlap.
    MergeKeepsPrecedence = "merge-keeps-precedence";
    /// A name of `ech` that a site's policy covers gets no policy.
    EchSparesSites = "ech-spares-sites";
    /// A second `expression` in a matcher is refused.
    OneExpression = "one-expression";
    /// `{args[-1]}` stays as it is; before, the program crashes.
    NegativeArgument = "negative-argument";
    /// Client authentication of two `tls` of one site is joined as other settings are.
    ClientAuthMerged = "client-auth-merged";
    /// `file_limit` must be a number.
    FileLimitChecked = "file-limit-checked";
    /// A line of `log`, and of its `sampling`, may be given once.
    LogLinesOnce = "log-lines-once";
    /// Named routes that a named route invokes are looked up, and a name may be defined once.
    NamedRoutesLinked = "named-routes-linked";
    /// Imports in named routes are carried out.
    NamedRouteImports = "named-route-imports";
    /// Names without settings below a wildcard that asks for client certificates are spared.
    WildcardShield = "wildcard-shield";
    /// Several `hide` add up.
    HideAdds = "hide-adds";
    /// `uri` of `forward_auth` may be given once.
    ForwardAuthUriOnce = "forward-auth-uri-once";
    /// `roll_interval` takes days.
    RollIntervalDays = "roll-interval-days";
    /// `skip_install_trust` holds for authorities that only sites name.
    TrustOfSiteIssuers = "trust-of-site-issuers";
    /// A brace in quotes is an argument.
    QuotedBraces = "quoted-braces";
    /// Automation policies without issuers are joined by the kind of their names.
    ImplicitIssuersApart = "implicit-issuers-apart";
    /// Automation policies that say nothing stay only where they shadow another one.
    EmptyPoliciesShadow = "empty-policies-shadow";
    /// ACME settings of a site are laid over the issuers of the options.
    AcmeSettingsLaidOver = "acme-settings-laid-over";
    /// `interval` of `sampling` has a unit.
    SamplingIntervalUnit = "sampling-interval-unit";
    /// `zstd` in `encode` reads its block.
    ZstdBlock = "zstd-block";
    /// A quoted word in a set of matchers is an expression.
    QuotedMatchers = "quoted-matchers";
    /// `{block}` in a snippet that an imported file defines belongs to the imports of that snippet.
    SnippetBlocksWait = "snippet-blocks-wait";
    /// `roll_at` and `roll_minutes` take several arguments.
    RollSeveralArguments = "roll-several-arguments";
    /// A site with a host on another port than that for HTTP has a connection policy by itself.
    HostsQualify = "hosts-qualify";
    /// `copy_headers` of `forward_auth` deletes the client's field first.
    ForwardAuthDeletes = "forward-auth-deletes";
    /// A `{block}` that an import does not fill vanishes.
    UnfilledBlocksVanish = "unfilled-blocks-vanish";
    /// `skip_install_trust` makes no authority where `auto_https` is off.
    NoTrustWithoutHttps = "no-trust-without-https";
    /// `{%uri}`, `{%path}` and `{%query}` are shorthands.
    EscapedShorthands = "escaped-shorthands";
    /// ACME challenges are answered on the address of `default_bind`.
    DefaultBindChallenges = "default-bind-challenges";
    /// `log_append <field` adds the field early.
    LogAppendEarly = "log-append-early";
    /// Several lines of names in `preferred_chains` add up.
    PreferredChainsAdd = "preferred-chains-add";
    /// Several `regexp` filters of a field are joined; other filters of a field may be given once.
    RegexpFiltersJoin = "regexp-filters-join";
    /// Settings of DNS challenges need a provider.
    DnsSettingsNeedProvider = "dns-settings-need-provider";
    /// The routes of `handle_errors` stand in a subroute of their own.
    ErrorsInSubroute = "errors-in-subroute";
    /// `log_skip` refuses a block.
    LogSkipWithoutBlock = "log-skip-without-block";
    /// Of paths of the same length, the first by name comes first.
    EqualPathsByName = "equal-paths-by-name";
    /// Named blocks of an import may have arguments and a block.
    NamedBlocksWithArguments = "named-blocks-with-arguments";
    /// Options of ACME make a policy for every name.
    AcmeOptionsMakePolicy = "acme-options-make-policy";
    /// Neighbouring connection policies with the same settings are joined.
    NeighboursJoin = "neighbours-join";
    /// Log writers and the internal issuer refuse unknown lines.
    UnknownLinesRefused = "unknown-lines-refused";
    /// Issuers with DNS challenges have no ports of listeners.
    DnsChallengesWithoutPorts = "dns-challenges-without-ports";
    /// `{?query}` and `{orig_uri}` with its parts are shorthands.
    OriginalShorthands = "original-shorthands";
    /// `php_fastcgi` rewrites to the last file only if it is PHP, and keeps the query in its redirect.
    PhpTryPolicy = "php-try-policy";
    /// `copy_headers` copies a field only if the answer has it.
    CopyHeadersIfGiven = "copy-headers-if-given";
    /// `encode` without formats offers zstd and gzip.
    EncodeDefaults = "encode-defaults";
    /// `precompressed` without formats stands for all.
    PrecompressedDefaults = "precompressed-defaults";
    /// `bind` has a block.
    BindProtocols = "bind-protocols";
    /// `match` in `header` is a matcher of responses.
    HeaderMatch = "header-match";
    /// `auto_https` takes several words.
    AutoHttpsSeveral = "auto-https-several";
    /// `uri strip_prefix` is written as given.
    StripPrefixAsWritten = "strip-prefix-as-written";
    /// A weight of an upstream may be zero.
    ZeroWeights = "zero-weights";
    /// `fmt` keeps text in backquotes as it is.
    LayoutKeepsBackquotes = "layout-keeps-backquotes";
    /// `fmt` leaves no space in front of a line break.
    LayoutWithoutLooseSpaces = "layout-without-loose-spaces";
    /// `fmt` leaves a brace below an import on its line.
    LayoutKeepsImports = "layout-keeps-imports";
    /// `fmt` keeps a brace that nothing follows.
    LayoutKeepsLoneBraces = "layout-keeps-lone-braces";
    /// `fmt` keeps the lines of heredocs.
    LayoutKeepsHeredocs = "layout-keeps-heredocs";
    /// A directive cannot be the address of a site.
    DirectivesAreNoAddresses = "directives-are-no-addresses";
    /// The scheme of an address is HTTP or HTTPS.
    AddressSchemes = "address-schemes";
    /// `root /srv` has no matcher.
    RootWithoutMatcher = "root-without-matcher";
    /// `rewrite /index.html` has no matcher.
    RewriteWithoutMatcher = "rewrite-without-matcher";
    /// There are heredocs.
    Heredocs = "heredocs";
    /// `handle_errors` takes codes.
    ErrorCodes = "error-codes";
    /// The log of a site has a name.
    NamedLogs = "named-logs";
    /// A host may have several logs.
    SeveralLogs = "several-logs";
    /// `ZeroSSL`, the second default issuer, is written as an ACME server.
    ZeroSslAsAcme = "zerossl-as-acme";
    /// `{args[0]}` is an argument of an import.
    ArgumentsInBrackets = "arguments-in-brackets";
    /// A replacement in `header` waits for the response.
    ReplacementsWait = "replacements-wait";
    /// `ask` of `on_demand_tls` is a permission module.
    AskIsPermission = "ask-is-permission";
    /// `acme_server` has options.
    AcmeServerOptions = "acme-server-options";
    /// `filter` takes fields without `fields`.
    FilterFields = "filter-fields";
    /// An expression, and a regular expression, has the name of its matcher.
    NamedMatchers = "named-matchers";
    /// Several `vars`, or paths that differ in `*` alone, are sorted as today.
    SortedByPrefix = "sorted-by-prefix";
    /// Certificates of `client_auth` are written as a trust pool.
    ClientAuthTrustPool = "client-auth-trust-pool";
    /// `import` takes a block.
    ImportBlocks = "import-blocks";
    /// `tls force_automate` is known.
    ForceAutomate = "force-automate";
    /// An upstream may have a range of ports.
    UpstreamPortRanges = "upstream-port-ranges";
    /// Metrics belong to the app.
    MetricsOfApp = "metrics-of-app";
    /// Several lines of one field in `health_headers` add up.
    HealthHeadersAdd = "health-headers-add";
    /// Addresses that are empty are dropped.
    EmptyAddressesDropped = "empty-addresses-dropped";
    /// A site with a host and no settings turns TLS on where automatic HTTPS is configured.
    TlsBySettings = "tls-by-settings";
    /// `fmt` keeps braces in backquotes.
    LayoutKeepsQuotedBraces = "layout-keeps-quoted-braces";
    /// The ports of the options are those of ACME challenges.
    IssuerPorts = "issuer-ports";
    /// Certificate managers distinguish automation policies.
    ManagersDistinguish = "managers-distinguish";
    /// `curves` has x25519mlkem768.
    HybridCurves = "hybrid-curves";
    /// Words on the line of `templates`, `push`, `request_body` and `header` are looked at.
    LineWordsCount = "line-words-count";
    /// `zstd` in `encode` has levels.
    ZstdLevels = "zstd-levels";
    /// `first_exist_fallback` is a policy of `try_files`.
    FallbackPolicy = "fallback-policy";
    /// `storage_clean_interval` may be off.
    StorageCleanOff = "storage-clean-off";
    /// There are named routes.
    NamedRoutes = "named-routes";
    /// Routes inside `route` are grouped.
    RouteGroups = "route-groups";
    /// Imports of snippets with arguments may lead to a later line.
    LinesOfImports = "lines-of-imports";
    /// `forward_proxy_url` is written as a network proxy.
    NetworkProxies = "network-proxies";
    /// Imports that form a cycle are refused.
    ImportCycles = "import-cycles";
    /// Brackets around the host of an upstream without a port are taken off.
    BracketsInUpstreams = "brackets-in-upstreams";
    /// `remote_ip` has no `forwarded`.
    ForwardedIsGone = "forwarded-is-gone";
    /// `skip_log` is another name of `log_skip`, and sets the variable of that name.
    SkipLogRenamed = "skip-log-renamed";
}

impl Change {
    /// The first version from which on all behave as the newest one.
    pub fn since(self) -> Version {
        static SINCE: LazyLock<Vec<Version>> = LazyLock::new(|| {
            let since = |change: &Change| {
                {
                    let Some(found) = history::find(WHAT, change.name(), "") else {
                        return Version::KNOWN[0];
                    };
                    // Codes are accepted before their JSON is that of today.
                    let accepted = found.since().filter(|_| *change == Change::ErrorCodes);
                    accepted.unwrap_or_else(|| found.unchanged_since())
                }
            };
            Change::ALL.iter().map(since).collect()
        });
        SINCE[self as usize]
    }
}

impl Version {
    /// Whether this version behaves as the newest one in what `change` is about.
    pub(crate) fn has(self, change: Change) -> bool {
        self >= change.since()
    }
}
