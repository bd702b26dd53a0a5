//! E0604: what depends on the machine.

use super::files::Files;
use super::kinds::kinds;

kinds! {
    /// What Caddy would find on this machine, and, as notes, what was not looked at.
    Machine(value) {
        Note FileUnknown { what: String, path: String } => "not checked here: whether the {what} `{path}` can be read", "";
        Error FileUnread { what: String, path: String, why: String } => "the {what} `{path}` cannot be read: {why}",
            "Caddy reads it when it loads the configuration";
        Note PlaceholdersUnknown { what: &'static str } => "not checked here: the placeholders of the {what}", "";
        Note StorageUnknown { what: String, key: String } => "not checked here: the {what} `{key}` in the storage", "";

        Note LogLevelUnknown => "not checked here: the log level `{value}`", "";
        Note LogFileUnknown { path: String } => "not checked here: whether the log file `{path}` can be written", "";
        Error LogFileUnwritten { path: String, why: String } => "the log file `{path}` cannot be written: {why}",
            "give the file, or the folder of a new file, to the user that Caddy runs as";
        Note LogAddressUnknown => "not checked here: the log address `{value}`", "";
        Error NoSocket { path: String } => "the socket `{path}` does not exist, and Caddy connects to it when it starts",
            "start the program that listens there first, or add `soft_start`";
        Note LogAddressNotAsked { address: String } =>
            "not checked here: whether something answers at the log address `{address}`", "";
        Error LogAddressSilent { address: String } => "no response from the log address `{address}`",
            "start it first, or add `soft_start`";

        Note HashUnknown => "not checked here: password hashes that come from placeholders", "";
        Note RangeUnknown => "not checked here: the range `{value}`", "";
        Note PatternUnknown => "not checked here: the pattern `{value}`", "";
        Note HostUnknown => "not checked here: the placeholders of the host `{value}`", "";
        Note ListenerUnknown => "not checked here: the placeholders of the listener address `{value}`", "";
        Warning PortTaken { program: String, port: u16 } => "`{program}` already listens on port {port}",
            "stop it, or let Caddy listen elsewhere";

        Note KeyTypeUnknown => "not checked here: the key type `{value}`", "";
        Note SecretsUnknown => "not checked here: the file for TLS secrets", "";
        Error SecretsUnwritten { path: String, why: String } =>
            "the file for TLS secrets `{path}` cannot be written: {why}", "";
        Error NoRoots => "`{value}` has no PEM certificate", "";
        Error OutlivesRoot => "the intermediate certificate would outlive its root `{value}`",
            "choose a shorter intermediate lifetime, or renew the root";
        Error AuthorityCertificate { why: String } => "the certificate `{value}` is unusable: {why}", "";
        Error AuthorityPair { why: String } =>
            "the certificate authority's certificate and key are unusable: {why}", "";

        Error TrustedFile { why: String } => "a certificate in `{value}` is unusable: {why}", "";
        Warning NothingTrusted => "`{value}` has no PEM certificate, so nothing is trusted",
            "give a file with `-----BEGIN CERTIFICATE-----`";
        Note PoolNotAsked => "not checked here: whether `{value}` gives trusted certificates", "";
        Error PoolSilent => "`{value}` does not respond, so the trust pool cannot be loaded",
            "Caddy fetches it when it loads the configuration";
        Error EmptySource => "a source of the combined trust pool has no certificate",
            "remove it, or name a file that has one";
        Error NotCertificates => "`{value}` has no PEM certificates, or also other content", "";
        Error ClientCertificate { why: String } => "the client certificate is unusable: {why}", "";

        Note CertificateUnknown => "not checked here: the placeholders of the certificate `{value}`", "";
        Note FolderUnknown { path: String } => "not checked here: the certificates in the folder `{path}`", "";
        Error FolderUnread { path: String, why: String } => "the folder of certificates `{path}` cannot be read: {why}",
            "Caddy reads it when it loads the configuration";
        Error PemBlock { file: String, label: String } =>
            "`{file}` has a PEM block `{label}`, which does not belong there",
            "keep only the certificate, its chain and its key in the file";
        Error Certificate { files: Files, why: String }
            at &files.certificate, files.key.as_deref().unwrap_or_default() =>
            "the certificate of {files} is unusable: {why}", "";
        Error CertificateNameless { files: Files }
            at &files.certificate, files.key.as_deref().unwrap_or_default() =>
            "the certificate of {files} has neither alternative names nor a common name",
            "get one for the names that are served";
        Warning CertificateExpired { files: Files }
            at &files.certificate, files.key.as_deref().unwrap_or_default() =>
            "the certificate of {files} has expired", "renew it";
        Warning CertificateTooNew { files: Files }
            at &files.certificate, files.key.as_deref().unwrap_or_default() =>
            "the certificate of {files} is not valid yet", "check the clock, or wait";

        Note LeafUnknown => "not checked here: the placeholders of the leaf certificate `{value}`", "";
        Error Leaf { file: String, why: String } => "the leaf certificate `{file}` is unusable: {why}", "";
        Note LeavesUnknown { path: String } => "not checked here: the leaf certificates in the folder `{path}`", "";
        Error LeavesUnread { path: String, why: String } =>
            "the folder of leaf certificates `{path}` cannot be read: {why}", "";
    }
}
