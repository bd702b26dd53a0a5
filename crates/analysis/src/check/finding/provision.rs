//! E0603: what Caddy finds when it provisions a configuration.

use super::kinds::kinds;
use super::no_value::NoValue;

kinds! {
    /// What Caddy refuses when it provisions a configuration, and, as warnings, what it accepts and what cannot work.
    Provision(value) {
        Error NoModule { key: String } at key => "the module has no name in its field `{key}`", "";
        Error NullModule => "the module is `null`: a value in it could not be written as JSON", "";
        Error EmptyModule { name: String } at name => "`{name}` has no arguments, and Caddy refuses that when it starts",
            "add what it should match, or remove it";
        Error Unread { what: &'static str, why: NoValue } at &why.placeholder => "the {what} cannot be read: {why}",
            "set the variable";
        Error UnreadByService { what: &'static str, why: NoValue } at &why.placeholder =>
            "the {what} cannot be read: {why}", "set the variable for the Caddy service";
        Error NoAuthority => "unknown certificate authority `{value}`",
            "define it in the global option `pki`: `ca {value}`";

        Warning AdminListen { why: String } => "the admin endpoint cannot listen: {why}", "such as `localhost:2019`";
        Warning AdminPorts => "the admin endpoint must listen on exactly one port", "such as `localhost:2019`";
        Error NoEventHandler => "the subscription has no handler", "name one, or remove the subscription";
        Error AuthorityNameless => "the certificate authority has no name", "the default one is `local`";
        Error OutlivesOwnRoot =>
            "the intermediate certificate would outlive its root, which is valid for 3600 days",
            "choose a shorter intermediate lifetime";
        Error KeyFormat => "the format `{value}` is not known", "use `pem_file`";

        Error LogLevel { level: String } => "`{level}` is not a log level",
            "one of DEBUG, INFO, WARN, ERROR, PANIC and FATAL";
        Error LogContradicts => "the log both includes and excludes `{value}`",
            "remove it from one of the two lists";
        Error LogUnrelated => "the log includes `{value}`, to which none of the excluded names is related",
            "with both lists, each name must contain, or be contained in, a name of the other; including only some \
             names already leaves out all the others";
        Error MockCore => "the log core `mock` makes Caddy crash when it starts", "leave the line out";
        Error LogFileNameless => "the log file has no name", "such as `/var/log/caddy/access.log`";
        Error FileMode { mode: String } => "{mode} is not a mode for files", "octal digits such as \"0644\"";
        Error DirMode => "`{value}` is not a mode for folders",
            "octal digits such as 0755, `inherit` or `from_file`";
        Error Compression => "rolled logs cannot be compressed with `{value}`", "one of none, gzip and zstd";
        Error DialTimeout => "the dial timeout is negative", "";
        Error LogAddress { why: String } => "the log address is not valid: {why}", "such as `tcp/logs:5140`";
        Error LogAddressPorts => "the log address has several ports", "give one";
        Error FilterAction => "unknown filter action `{value}`", "one of replace, hash and delete";
        Error NoFilterRegexp => "the filter has no regular expression", "give at least one";
        Error ManyFilterRegexps { count: usize, most: usize } =>
            "the filter has {count} regular expressions; Caddy takes at most {most}", "join some with `|`";
        Error EmptyRegexp => "the regular expression is empty", "";
        Error LongRegexp { most: usize } => "the regular expression is longer than {most} bytes", "split it";

        Error Listener { why: String, help: &'static str } => "the listener address is not valid: {why}", "{help}";
        Error ListenerUnread { why: NoValue } at &why.placeholder =>
            "the listener address `{value}` cannot be read: {why}", "set the variable";
        Error ListenerShared { server: String, other: String } at server, other =>
            "the server `{server}` listens on `{value}`, as `{other}` already does",
            "give each server its own addresses";
        Error ListenProtocols { addresses: usize, lists: usize } =>
            "the server has {addresses} addresses and {lists} lists of protocols", "give one list for each address";
        Error WrapperFirst at "tls" => "the listener wrapper `tls` comes first, which is the default",
            "remove it, or put wrappers before it that should see the raw connection";
        Error WrapperTwice at "tls" => "the listener wrapper `tls` is given twice", "keep one";
        Error LogHost { host: String } at host => "the log for the host `{host}` names a port",
            "logs are chosen by host alone; remove the port";
        Error ExpectedHeader { why: String } => "the expected header `{value}` {why}", "";
        Error HostUnread { why: NoValue } at &why.placeholder =>
            "the host `{value}` cannot have a certificate: {why}", "set the variable for the Caddy service";
        Error ProxyUrl { why: String } => "the proxy's URL is not valid: {why}", "such as `http://proxy:3128`";
        Error Range { why: String } => "{why}", "such as `10.0.0.0/8` or `192.0.2.1`";
        Error MatchedRange { why: String } => "{why}", "such as `10.0.0.0/8`, `2001:db8::/32` or `192.0.2.1`";
        Error PrefixRange { why: String } => "{why}", "write a range, such as `10.0.0.0/8` or `192.0.2.1/32`";

        Error RegexpName => "`{value}` cannot name a regular expression", "use letters, digits and underscores";
        Error HostTwice => "the host `{value}` is listed twice in one matcher", "remove one of them";
        Error TryPolicy { known: String } => "unknown try policy `{value}`", "one of {known}";
        Error UrlPattern { why: String } => "the URL pattern is not valid: {why}", "such as `/books/:id`";

        Error AcmeChallenge => "unknown ACME challenge `{value}`", "one of http-01, dns-01 and tls-alpn-01";
        Error AcmePath => "`{value}` cannot be the path of an ACME server",
            "start it with `/`, without wildcards and placeholders";
        Error AcmeLifetime { authority: String } =>
            "the certificates must expire before the intermediate certificate",
            "choose a shorter `lifetime`, or a longer `intermediate_lifetime` for the authority `{authority}`";
        Error AccountTwice => "the account `{value}` is given twice", "keep one";
        Error AccountNameless => "the account has no name", "give it one; an unset variable becomes nothing";
        Error NoHash { account: String } at account => "the account `{account}` has no password hash",
            "make one with `caddy hash-password`; an unset variable becomes nothing";
        Error NotHash { account: String } at account => "the password of the account `{account}` is not a hash",
            "make one with `caddy hash-password`";
        Warning OtherHash { account: String, algorithm: String } at account =>
            "the password hash of the account `{account}` is not a {algorithm} hash, so nobody can log in",
            "make one with `caddy hash-password`";
        Error CopiedFields => "`copy_response_headers` both includes and excludes fields", "keep one of the two lists";
        Error NotEncoded => "`{value}` is preferred but not among the encodings",
            "add `{value}` to the encodings, or remove it from `prefer`";
        Error PreferredTwice => "`{value}` is preferred twice", "keep one";
        Error GzipLevel => "the gzip level {value} does not exist", "1 (fast) to 9 (small)";
        Error ZstdLevel => "unknown zstd level `{value}`", "one of fastest, default, better and best";
        Error SortOptions => "`sort` takes at most two options", "a field and a direction";
        Error SortBy { known: String } => "listings cannot be sorted by `{value}`", "one of {known}";
        Error ReplacesBoth { field: String } at field =>
            "the replacement in `{field}` searches for both a text and a regular expression", "keep one of the two";
        Error MapDestination => "the destination `{value}` is not a single placeholder", "such as `{{my_value}}`";
        Error MapDefaults { destinations: usize, defaults: usize } =>
            "the map has {destinations} destinations and {defaults} defaults", "give one default for each destination";
        Error MapInputTwice { input: String } at input => "the map has the input `{input}` twice",
            "keep one of the two lines";
        Error MapInputs => "the mapping has both an input and a regular expression", "keep one of the two";
        Error MapOutputs { destinations: usize, outputs: usize } =>
            "the map has {destinations} destinations and this line {outputs} outputs",
            "give one output for each destination; `-` leaves one out";
        Error EmptyFind => "the regular expression to find in the path is empty", "";
        Warning Status { code: i64 } => "{code} is not an HTTP status",
            "use a code from 100 to 599, or put the text in quotes to send it as body";
        Error Delimiters { count: usize } => "templates have {count} delimiters",
            "give two: what opens and what closes an action";

        Warning Upstream { why: String } => "no request can reach the upstream: {why}", "such as `localhost:8080`";
        Warning UpstreamPorts => "no request can reach the upstream: it has several ports",
            "list one upstream for each port";
        Warning Weights { weights: usize, upstreams: usize } =>
            "there are {weights} weights for {upstreams} upstreams",
            "give one weight for each upstream, in their order";
        Error HealthUri { why: String } => "the health check's URI is not valid: {why}", "such as `/health`";
        Error NoHeaderField => "the policy `header` has no header field", "such as `header X-Tenant`";
        Error NoQueryKey => "the policy `query` has no query key", "such as `query tenant`";
        Error RandomChoose => "`random_choose` must choose among at least two upstreams", "use 2 or more";
        Error NegativeWeight => "a weight is negative", "use 0 for an upstream that should get no requests";
        Error NoWeight => "no upstream has a positive weight", "give one weight for each upstream";
        Error HttpVersion => "unknown HTTP version `{value}`", "one of 1.1, 2, h2c and 3";
        Error Http3Combined => "HTTP/3 to upstreams cannot be combined with other versions",
            "write `versions 3` alone, or leave it out";
        Error LocalAddress { why: String } => "the local address is not valid: {why}", "such as `192.0.2.1`";
        Error SplitPath => "paths cannot be split at `{value}`, which is not ASCII", "such as `.php`";
        Error Resolver { why: String } => "the resolver's address is not valid: {why}", "such as `1.1.1.1:53`";

        Error CacheCapacity => "the capacity of the certificate cache is negative", "use 0 for the default";
        Error AskAndPermission at "ask", "on_demand" => "on-demand TLS has both `ask` and a permission module",
            "keep the permission module; `ask` is deprecated";
        Error CatchAllTwice => "two TLS automation policies are for all other hosts; the second is never used",
            "merge them, or give one of them hosts";
        Error ManagedTwice { host: String } => "the certificate of `{host}` is managed twice",
            "keep the host in one TLS automation policy, once";
        Error KeyType { kind: String, known: String } => "unknown key type `{kind}`", "one of {known}";
        Error OnDemandOpen at "on_demand" => "on-demand TLS has no permission module, so anybody could make Caddy order \
            certificates without end", "add the global option `on_demand_tls`, with `ask <url>` in its block";
        Error ManagerUrl => "the certificate manager has no URL", "give the endpoint that hands out certificates";
        Error Cipher => "Caddy does not support the cipher suite `{value}`",
            "such as TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256; best leave them to Caddy";
        Warning Curve { known: String } => "Caddy does not support the curve `{value}`", "one of {known}";
        Error PublicKeyAlgorithm => "unknown public key algorithm `{value}`", "one of rsa, dsa and ecdsa";
        Error SerialNumber { serial: String } => "{serial} is not a certificate's serial number",
            "write it in decimal digits, as a text";
        Warning Protocol => "Caddy does not support the protocol `{value}`", "tls1.2 or tls1.3";
        Error ProtocolOrder { newest: String } => "the oldest protocol `{value}` is newer than the newest `{newest}`",
            "give the older one first";
        Error EchName => "the public name of encrypted ClientHello must have 1 to 255 bytes", "such as `ech.example.com`";
        Error EchProvider => "publishing encrypted ClientHello by DNS needs a DNS provider",
            "build Caddy with the module of your DNS provider and name it";
        Error DnsProvider => "the DNS challenge is switched on, but no DNS provider is configured",
            "name one: `dns <provider> …`, in a Caddy built with its module";

        Error TrustedCertificate { why: String } => "the trusted certificate is unusable: {why}",
            "give the lines between BEGIN and END of a PEM file as one word, or name the file instead";
        Error PoolPki => "the trust pool uses an authority of the `pki` app, which is not configured",
            "add the global option `pki`";
        Error PoolAuthority => "unknown certificate authority `{value}`", "define it in the global option `pki`";
        Error NoPoolKey => "the trust pool has no storage keys", "give at least one";
        Error PoolUrl { why: String } => "the trust pool's URL is not valid: {why}", "";
        Error PoolScheme => "the trust pool's URL `{value}` has no `http://` or `https://`",
            "such as `https://pki.example.com/roots.pem`";
        Error EmptyPool => "the combined trust pool has no source", "give at least one `source`";
        Error SystemPool => "the system's trust pool cannot be combined with others",
            "name the system's file, such as /etc/ssl/certs/ca-certificates.crt";
        Error ClientTrusts => "client authentication has both a trust pool and trusted certificates",
            "keep the trust pool; the certificates are deprecated";
        Error UpstreamTrusts => "the transport has both a trust pool and trusted certificates",
            "keep the trust pool; the certificates are deprecated";
        Error LeafCertificate { why: String } => "the trusted leaf certificate is unusable: {why}", "";
        Error LeafText { why: String } => "the leaf certificate is unusable: {why}", "give it in PEM form";
        Error ClientMode { known: String } => "unknown mode of client authentication `{value}`", "one of {known}";
        Error Renegotiation => "unknown renegotiation level `{value}`", "one of never, once and freely";
        Error KeyAlone => "the client certificate has a key, but no certificate", "";
        Error CertificateAlone => "the client certificate has no key", "give the key's file as second argument";
        Error CertificatePair { why: String } => "the certificate and its key are unusable: {why}", "";
        Error CertificateFormat => "unknown certificate format `{value}`", "use `pem`";
    }
}
