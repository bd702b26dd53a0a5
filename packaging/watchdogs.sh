# The units of watchdogs that run the program of this package. Deploys write them; each is named after the unit of a Caddy.
watchdogs() {
    grep -ls '^ExecStart=/usr/bin/caddyctl ' /etc/systemd/system/*-watchdog.service || true
}

# An upgrade: a watchdog that runs gets the new program. Others stay as they are. The words are the command that controls units.
restart_watchdogs() {
    [ -d /run/systemd/system ] || return 0
    for file in $(watchdogs); do
        "$@" try-restart "$(basename "$file")" || true
    done
}

# A removal: without its program, a watchdog's unit would fail, and systemd would restart a healthy Caddy.
remove_watchdogs() {
    for file in $(watchdogs); do
        unit=$(basename "$file" -watchdog.service).service
        # A Caddy that was removed before has no unit that systemd could be asked about.
        /usr/bin/caddyctl uninstall --unit "$unit" >&2 ||
            /usr/bin/caddyctl uninstall --unit "$unit" --no-systemd >&2 || true
        if [ -e "$file" ]; then
            echo "error: $file runs /usr/bin/caddyctl, and \`caddyctl uninstall --unit $unit\` did not remove it" >&2
            echo "help: see the message above; then remove the package again" >&2
            return 1
        fi
        if [ -d /run/systemd/system ]; then
            systemctl daemon-reload || true
            "$@" stop "$(basename "$file")" 2>/dev/null || true
            # What uninstall does where it can ask systemd: a running Caddy must not be killed for its silence.
            pid=$(systemctl show --property MainPID --value "$unit" || true)
            [ "${pid:-0}" = 0 ] || NOTIFY_SOCKET=/run/systemd/notify systemd-notify --pid="$pid" WATCHDOG_USEC=0 || true
        fi
    done
}
