#!/usr/bin/env bash
# Compares whole runs of caddyctl, built with the profile `dist`, with the real Caddy, and prints each target with what was
# measured: elapsed time, and in brackets the processor time (user and system) of the same runs.
#
#     benches/versus.sh            about five minutes; of Caddy at 10,000 sites the figure in benches/caddy-10000.tsv
#     benches/versus.sh --full     also runs Caddy at 10,000 sites, some minutes, and writes that file anew
#
# Needs hyperfine (Debian: apt-get install hyperfine) and python3. The real Caddy comes from ./test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

full=false
case "${1:-}" in
    "") ;;
    --full) full=true ;;
    *)
        echo "usage: benches/versus.sh [--full]" >&2
        exit 2
        ;;
esac

if ! command -v hyperfine >/dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        apt-get install -y -qq --no-install-recommends hyperfine >&2
    else
        echo "error: hyperfine is missing; on Debian: apt-get install hyperfine" >&2
        exit 2
    fi
fi
caddy=target/caddy/bin/caddy
if ! "$caddy" version >/dev/null 2>&1; then
    echo "error: there is no Caddy at $caddy; ./test --no-run fetches it" >&2
    exit 2
fi

target=${CARGO_TARGET_DIR:-target}
cargo build --profile dist --quiet
# In the same profile, so that nothing is built twice. The last line names the program.
figures=$(cargo bench --profile dist --bench figures --no-run 2>&1 | sed -n 's/.*Executable.*(\(.*\)).*/\1/p')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in proxy flat wild deep headers; do
    for sites in 1000 10000 100000; do
        "$figures" input "$kind" "$sites" >"$work/$kind-$sites"
    done
done
cp Caddyfile "$work/root"
# As it is installed: a program starts a fifth slower from a file that the linker has just written.
cp "$target/dist/caddyctl" "$work/caddyctl"

exec python3 benches/versus.py "$work/caddyctl" "$caddy" "$figures" "$work" "$full"
