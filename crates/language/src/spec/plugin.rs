//! Names that well-known plugins bring: what the stock build does not have, and is no slip of the pen.

/// A plugin's word, where it may stand, and who brings it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plugin {
    /// What it is: `directive`, `global option`, `matcher`, or what a [`Namespace`](super::Namespace) calls its modules.
    pub what: &'static str,
    /// The name in the Caddyfile.
    pub name: &'static str,
    /// The module, as `caddy list-modules` prints it.
    pub module: &'static str,
    /// The Go package, as `xcaddy build --with` takes it.
    pub package: &'static str,
}

impl Plugin {
    /// Who brings it, and how a build is asked: sentences for a fault's help.
    pub(crate) fn helps(&self) -> [String; 2] {
        let package = self.package;
        let what_to_do = if DEFINED.contains(&package) {
            format!(
                "add `\"{package}\"` to `plugins` under [caddy] in caddyctl.toml, or pass `--with {package}`"
            )
        } else {
            format!("`validate --caddy PATH` asks a build whether it has the module `{}`", self.module)
        };
        [format!("it is part of the plugin {package}, not of the stock build"), what_to_do]
    }
}

macro_rules! packages {
    ($($package:literal => $file:literal,)*) => {
        /// The packages whose definitions are part of the program.
        const DEFINED: &[&str] = &[$($package),*];
    };
}

include!("../plugins/packages/list.rs");

const fn plugin(
    what: &'static str,
    name: &'static str,
    module: &'static str,
    package: &'static str,
) -> Plugin {
    Plugin { what, name, module, package }
}

/// The plugins. Sources: their own documentation, and Caddy's list of modules.
#[rustfmt::skip]
static ALL: &[Plugin] = &[
    plugin("directive", "appsec", "http.handlers.appsec", "github.com/hslatman/caddy-crowdsec-bouncer/appsec"),
    plugin("directive", "authenticate", "http.handlers.authenticator", "github.com/greenpau/caddy-security"),
    plugin("directive", "authorize", "http.handlers.authorization", "github.com/greenpau/caddy-security"),
    plugin("directive", "cache", "http.handlers.cache", "github.com/caddyserver/cache-handler"),
    plugin("directive", "cgi", "http.handlers.cgi", "github.com/aksdb/caddy-cgi/v2"),
    plugin("directive", "coraza_waf", "http.handlers.waf", "github.com/corazawaf/coraza-caddy/v2"),
    plugin("directive", "crowdsec", "http.handlers.crowdsec", "github.com/hslatman/caddy-crowdsec-bouncer/http"),
    plugin("directive", "defender", "http.handlers.defender", "pkg.jsn.cam/caddy-defender"),
    plugin("directive", "exec", "http.handlers.exec", "github.com/abiosoft/caddy-exec"),
    plugin("directive", "filter", "http.handlers.filter", "github.com/sjtug/caddy2-filter"),
    plugin("directive", "forward_proxy", "http.handlers.forward_proxy", "github.com/caddyserver/forwardproxy"),
    plugin("directive", "jwtauth", "http.authentication.providers.jwt", "github.com/ggicci/caddy-jwt"),
    plugin("directive", "mercure", "http.handlers.mercure", "github.com/dunglas/mercure/caddy"),
    plugin("directive", "php", "http.handlers.php", "github.com/dunglas/frankenphp/caddy"),
    plugin("directive", "php_server", "http.handlers.php", "github.com/dunglas/frankenphp/caddy"),
    plugin("directive", "rate_limit", "http.handlers.rate_limit", "github.com/mholt/caddy-ratelimit"),
    plugin("directive", "realip", "http.handlers.realip", "github.com/kirsch33/realip"),
    plugin("directive", "replace", "http.handlers.replace_response", "github.com/caddyserver/replace-response"),
    plugin("directive", "s3proxy", "http.handlers.s3proxy", "github.com/lindenlab/caddy-s3-proxy"),
    plugin("directive", "sablier", "http.handlers.sablier", "github.com/sablierapp/sablier-caddy-plugin"),
    plugin("directive", "tailscale_auth", "http.authentication.providers.tailscale", "github.com/tailscale/caddy-tailscale"),
    plugin("directive", "vulcain", "http.handlers.vulcain", "github.com/dunglas/vulcain/caddy"),
    plugin("directive", "waf", "http.handlers.waf", "github.com/fabriziosalmi/caddy-waf"),
    plugin("directive", "webdav", "http.handlers.webdav", "github.com/mholt/caddy-webdav"),
    plugin("global option", "cache", "cache", "github.com/caddyserver/cache-handler"),
    plugin("global option", "crowdsec", "crowdsec", "github.com/hslatman/caddy-crowdsec-bouncer/crowdsec"),
    plugin("global option", "dynamic_dns", "dynamic_dns", "github.com/mholt/caddy-dynamicdns"),
    plugin("global option", "exec", "exec", "github.com/abiosoft/caddy-exec"),
    plugin("global option", "frankenphp", "frankenphp", "github.com/dunglas/frankenphp/caddy"),
    plugin("global option", "git", "git", "github.com/greenpau/caddy-git"),
    plugin("global option", "layer4", "layer4", "github.com/mholt/caddy-l4"),
    plugin("global option", "security", "security", "github.com/greenpau/caddy-security"),
    plugin("global option", "supervisor", "supervisor", "github.com/baldinof/caddy-supervisor"),
    plugin("global option", "tailscale", "tailscale", "github.com/tailscale/caddy-tailscale"),
    plugin("matcher", "dynamic_client_ip", "http.matchers.dynamic_client_ip", "github.com/tuzzmaniandevil/caddy-dynamic-clientip"),
    plugin("matcher", "maxmind_geolocation", "http.matchers.maxmind_geolocation", "github.com/porech/caddy-maxmind-geolocation"),
    plugin("encoding", "br", "http.encoders.br", "github.com/ueffel/caddy-brotli"),
    plugin("listener wrapper", "layer4", "caddy.listeners.layer4", "github.com/mholt/caddy-l4"),
    plugin("log encoder", "formatted", "caddy.logging.encoders.formatted", "github.com/caddyserver/transform-encoder"),
    plugin("log encoder", "transform", "caddy.logging.encoders.transform", "github.com/caddyserver/transform-encoder"),
    plugin("source of IP ranges", "cloudflare", "http.ip_sources.cloudflare", "github.com/WeidiDeng/caddy-cloudflare-ip"),
    plugin("source of IP ranges", "combine", "http.ip_sources.combine", "github.com/fvbommel/caddy-combine-ip-ranges"),
    plugin("storage module", "consul", "caddy.storage.consul", "github.com/pteich/caddy-tlsconsul"),
    plugin("storage module", "redis", "caddy.storage.redis", "github.com/pberkel/caddy-storage-redis"),
    plugin("storage module", "s3", "caddy.storage.s3", "github.com/ss098/certmagic-s3"),
    plugin("transport", "http_ntlm", "http.reverse_proxy.transport.http_ntlm", "github.com/caddyserver/ntlm-transport"),
    plugin("transport", "tailscale", "http.reverse_proxy.transport.tailscale", "github.com/tailscale/caddy-tailscale"),
    plugin("DNS provider", "acmedns", "dns.providers.acmedns", "github.com/caddy-dns/acmedns"),
    plugin("DNS provider", "alidns", "dns.providers.alidns", "github.com/caddy-dns/alidns"),
    plugin("DNS provider", "azure", "dns.providers.azure", "github.com/caddy-dns/azure"),
    plugin("DNS provider", "bunny", "dns.providers.bunny", "github.com/caddy-dns/bunny"),
    plugin("DNS provider", "cloudflare", "dns.providers.cloudflare", "github.com/caddy-dns/cloudflare"),
    plugin("DNS provider", "desec", "dns.providers.desec", "github.com/caddy-dns/desec"),
    plugin("DNS provider", "digitalocean", "dns.providers.digitalocean", "github.com/caddy-dns/digitalocean"),
    plugin("DNS provider", "dnsimple", "dns.providers.dnsimple", "github.com/caddy-dns/dnsimple"),
    plugin("DNS provider", "dnspod", "dns.providers.dnspod", "github.com/caddy-dns/dnspod"),
    plugin("DNS provider", "duckdns", "dns.providers.duckdns", "github.com/caddy-dns/duckdns"),
    plugin("DNS provider", "dynv6", "dns.providers.dynv6", "github.com/caddy-dns/dynv6"),
    plugin("DNS provider", "gandi", "dns.providers.gandi", "github.com/caddy-dns/gandi"),
    plugin("DNS provider", "godaddy", "dns.providers.godaddy", "github.com/caddy-dns/godaddy"),
    plugin("DNS provider", "googleclouddns", "dns.providers.googleclouddns", "github.com/caddy-dns/googleclouddns"),
    plugin("DNS provider", "he", "dns.providers.he", "github.com/caddy-dns/he"),
    plugin("DNS provider", "hetzner", "dns.providers.hetzner", "github.com/caddy-dns/hetzner/v2"),
    plugin("DNS provider", "infomaniak", "dns.providers.infomaniak", "github.com/caddy-dns/infomaniak"),
    plugin("DNS provider", "inwx", "dns.providers.inwx", "github.com/caddy-dns/inwx"),
    plugin("DNS provider", "ionos", "dns.providers.ionos", "github.com/caddy-dns/ionos"),
    plugin("DNS provider", "linode", "dns.providers.linode", "github.com/caddy-dns/linode"),
    plugin("DNS provider", "luadns", "dns.providers.luadns", "github.com/caddy-dns/luadns"),
    plugin("DNS provider", "mailinabox", "dns.providers.mailinabox", "github.com/caddy-dns/mailinabox"),
    plugin("DNS provider", "namecheap", "dns.providers.namecheap", "github.com/caddy-dns/namecheap"),
    plugin("DNS provider", "namedotcom", "dns.providers.namedotcom", "github.com/caddy-dns/namedotcom"),
    plugin("DNS provider", "namesilo", "dns.providers.namesilo", "github.com/caddy-dns/namesilo"),
    plugin("DNS provider", "netcup", "dns.providers.netcup", "github.com/caddy-dns/netcup"),
    plugin("DNS provider", "njalla", "dns.providers.njalla", "github.com/caddy-dns/njalla"),
    plugin("DNS provider", "ovh", "dns.providers.ovh", "github.com/caddy-dns/ovh"),
    plugin("DNS provider", "porkbun", "dns.providers.porkbun", "github.com/caddy-dns/porkbun"),
    plugin("DNS provider", "powerdns", "dns.providers.powerdns", "github.com/caddy-dns/powerdns"),
    plugin("DNS provider", "rfc2136", "dns.providers.rfc2136", "github.com/caddy-dns/rfc2136"),
    plugin("DNS provider", "route53", "dns.providers.route53", "github.com/caddy-dns/route53"),
    plugin("DNS provider", "scaleway", "dns.providers.scaleway", "github.com/caddy-dns/scaleway"),
    plugin("DNS provider", "vercel", "dns.providers.vercel", "github.com/caddy-dns/vercel"),
    plugin("DNS provider", "vultr", "dns.providers.vultr", "github.com/caddy-dns/vultr"),
];

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Plugin> {
    ALL.iter()
}

/// The plugin that brings `name` where a `what` belongs.
pub(crate) fn find(what: &str, name: &str) -> Option<&'static Plugin> {
    ALL.iter().find(|plugin| plugin.what == what && plugin.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_has_nothing_twice() {
        for pair in ALL.windows(2) {
            assert!(pair[0].what != pair[1].what || pair[0].name < pair[1].name, "{:?}", pair[1]);
        }
        for plugin in ALL {
            assert_eq!(find(plugin.what, plugin.name), Some(plugin));
        }
    }
}
