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

# What is undone when something fails: folders that were missing, and files that are not in their place yet.
undo=
finished=
leave() {
    [ -z "${work:-}" ] || rm -rf -- "$work"
    [ -n "$finished" ] || eval "$undo"
}
trap leave EXIT
trap 'exit 2' HUP INT TERM
quoted() {
    printf "'"
    printf %s "$1" | sed "s/'/'\\\\''/g"
    printf "'"
}
folder() {
    [ ! -d "$1" ] || return 0
    folder "$(dirname -- "$1")" || return 1
    mkdir -- "$1" || return 1
    undo="rmdir -- $(quoted "$1") 2>/dev/null; $undo"
}
folder "$prefix/bin" || fail "cannot create $prefix/bin" "run this as root, or give another prefix"
work=$(mktemp -d "$prefix/bin/.caddyctl.XXXXXX" 2>/dev/null) ||
    fail "cannot write to $prefix/bin" "run this as root, or give another prefix"
tar -xzf "$archive" -C "$work" --no-same-owner || fail "$name cannot be unpacked in $prefix/bin" "see the message above"
set -- "$work"/caddyctl-*/
unpacked=$1
[ -f "${unpacked}caddyctl" ] || fail "$name does not contain caddyctl"
chmod 755 "${unpacked}caddyctl"
"${unpacked}caddyctl" version >"$work/trial" 2>&1 || {
    # What the dynamic linker says: version `GLIBC_2.34' not found.
    needed=$(grep -o 'GLIBC_2\.[0-9.]*' "$work/trial" | sort -uV | tail -n 1)
    if [ -n "$needed" ]; then
        fail "the program needs the GNU C library ${needed#GLIBC_} or newer, and this system has $(getconf GNU_LIBC_VERSION | cut -d ' ' -f 2)" \
            "the archive of a release has a program that needs no C library"
    fi
    cat "$work/trial" >&2
    fail "the program does not run on this machine" "see the message above, or the exit status of caddyctl version"
}

# All files are written next to their places first. The program comes last: an installation that was interrupted leaves the old one.
place=
write() {
    [ -f "$1" ] || return 0
    folder "$(dirname -- "$2")" && undo="rm -f -- $(quoted "$2.new"); $undo" && cp -- "$1" "$2.new" ||
        fail "cannot write $2" "see the message above"
    place="$place mv -f -- $(quoted "$2.new") $(quoted "$2");"
}
for page in "$unpacked"man/*.1; do
    write "$page" "$prefix/share/man/man1/$(basename -- "$page")"
done
write "${unpacked}completions/caddyctl.bash" "$prefix/share/bash-completion/completions/caddyctl"
write "${unpacked}completions/_caddyctl" "$prefix/share/zsh/site-functions/_caddyctl"
write "${unpacked}completions/caddyctl.fish" "$prefix/share/fish/vendor_completions.d/caddyctl.fish"
for notice in LICENSE-APACHE LICENSE-MIT THIRD-PARTY-LICENSES.txt; do
    write "$unpacked$notice" "$prefix/share/licenses/caddyctl/$notice"
done
eval "$place"
mv -f -- "${unpacked}caddyctl" "$prefix/bin/caddyctl"
finished=yes
"$prefix/bin/caddyctl" version
