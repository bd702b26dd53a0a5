//! The names of functions, which definitions of the program may give.

/// A function that reads a value or a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// An address with a scheme, to which a slash is added.
    UrlWithSlash,
    /// A duration, or a number of seconds.
    GoDurationOrSeconds,
    /// Networks, and the names of lists of them.
    RealipFrom,
    /// Versions of IP.
    IpVersions,
    /// Claims that become placeholders.
    JwtMetaClaims,
    /// How many threads a worker has, or `watch`.
    WorkerNumber,
    /// A text in small letters.
    SmallLetters,
    /// The settings of a storage of `cache`.
    CacheSettings,
    /// A host without a scheme.
    S3Host,
}

impl Function {
    /// Whether it reads a whole line; the others read one value.
    pub(super) fn reads_lines(self) -> bool {
        !matches!(self, Self::UrlWithSlash | Self::GoDurationOrSeconds | Self::SmallLetters | Self::S3Host)
    }
}

/// A function that has the last word about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The workers and threads of `FrankenPHP` fit.
    FrankenphpApp,
    /// The number of a `php` handler.
    PhpNumber,
    /// The routes of `php_server`.
    PhpServerRoutes,
    /// The frame of the app `cache`.
    CacheApp,
    /// The frame of the handler `cache`.
    CacheHandler,
}

/// The function of this name.
pub(super) fn find(name: &str) -> Option<Function> {
    Some(match name {
        "url_with_slash" => Function::UrlWithSlash,
        "go_duration_or_seconds" => Function::GoDurationOrSeconds,
        "realip_from" => Function::RealipFrom,
        "ip_versions" => Function::IpVersions,
        "jwt_meta_claims" => Function::JwtMetaClaims,
        "worker_number" => Function::WorkerNumber,
        "small_letters" => Function::SmallLetters,
        "cache_settings" => Function::CacheSettings,
        "s3_host" => Function::S3Host,
        _ => return None,
    })
}

/// The last step of this name.
pub(super) fn step(name: &str) -> Option<Step> {
    Some(match name {
        "frankenphp_app" => Step::FrankenphpApp,
        "php_number" => Step::PhpNumber,
        "php_server_routes" => Step::PhpServerRoutes,
        "cache_app" => Step::CacheApp,
        "cache_handler" => Step::CacheHandler,
        _ => return None,
    })
}
