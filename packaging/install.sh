#!/bin/sh
# Installs the program of a release archive, after its checksum was compared:
#
#     sh install.sh ARCHIVE SHA256SUMS [PREFIX]
#
# ARCHIVE is caddyctl-VERSION-x86_64-linux.tar.gz and SHA256SUMS the file of the same release. PREFIX is /usr/local, or ~/.local for other
# users than root. Exit status: 0 installed; 2 anything else, and then nothing was changed.
set -eu

fail() {
    printf 'error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf 'help: %s\n' "$2" >&2
    exit 2
}

[ $# -ge 2 ] && [ $# -le 3 ] || fail "usage: sh install.sh ARCHIVE SHA256SUMS [PREFIX]"
archive=$1
sums=$2
if [ "$(id -u)" -eq 0 ]; then prefix=${3:-/usr/local}; else prefix=${3:-$HOME/.local}; fi

[ "$(uname -s)" = Linux ] || fail "this archive is for Linux, and this system is $(uname -s)"
[ -f "$archive" ] || fail "$archive does not exist" "download it together with SHA256SUMS"
[ -f "$sums" ] || fail "$sums does not exist" "download it together with the archive"
name=$(basename -- "$archive")
case "$name" in
    *-"$(uname -m)"-linux.tar.gz) ;;
    *) fail "$name is not for this machine, which is $(uname -m)" ;;
esac
wanted=$(awk -v name="$name" '$2 == name || $2 == "*" name { print $1 }' "$sums")
[ -n "$wanted" ] || fail "$sums has no line for $name" "use the SHA256SUMS of the same release"
found=$(sha256sum -- "$archive" | cut -d ' ' -f 1)
[ "$wanted" = "$found" ] || fail "the checksum of $name is $found, not $wanted" "the download is incomplete or was changed; download it again"

mkdir -p -- "$prefix/bin" 2>/dev/null || fail "cannot create $prefix/bin" "run this as root, or give another prefix"
[ -w "$prefix/bin" ] || fail "cannot write to $prefix/bin" "run this as root, or give another prefix"
work=$(mktemp -d "$prefix/bin/.caddyctl.XXXXXX") || fail "cannot write to $prefix/bin"
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
tar -xzf "$archive" -C "$work" --no-same-owner || fail "$name is not a complete archive" "download it again"
set -- "$work"/caddyctl-*/
folder=$1
[ -f "${folder}caddyctl" ] || fail "$name does not contain caddyctl"
chmod 755 "${folder}caddyctl"
"${folder}caddyctl" version >/dev/null || fail "the program does not run on this machine" "see the message above"

place() {
    mkdir -p -- "$(dirname -- "$2")"
    cp -- "$1" "$2.new"
    mv -f -- "$2.new" "$2"
}
for page in "$folder"man/*.1; do
    [ ! -f "$page" ] || place "$page" "$prefix/share/man/man1/$(basename -- "$page")"
done
[ ! -f "${folder}completions/caddyctl.bash" ] || place "${folder}completions/caddyctl.bash" "$prefix/share/bash-completion/completions/caddyctl"
[ ! -f "${folder}completions/_caddyctl" ] || place "${folder}completions/_caddyctl" "$prefix/share/zsh/site-functions/_caddyctl"
[ ! -f "${folder}completions/caddyctl.fish" ] || place "${folder}completions/caddyctl.fish" "$prefix/share/fish/vendor_completions.d/caddyctl.fish"
# The program comes last: an installation that was interrupted leaves the old program.
mv -f -- "${folder}caddyctl" "$prefix/bin/caddyctl"
"$prefix/bin/caddyctl" version
