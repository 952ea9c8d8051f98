#!/usr/bin/env bash
# Chromium for the browser tests: by the system's package manager when root, else say how.
set -euo pipefail
if [ -n "${BATON_CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null; then
    exit 0
fi
how="Browser tests need Chromium: apt-get install chromium, or set BATON_CHROMIUM to its path."
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "$how Until then they are skipped." >&2
    exit 0
fi
log="$(mktemp)"
echo "Installing Chromium (a minute or two; log in $log)"
export DEBIAN_FRONTEND=noninteractive
for attempt in 1 2 3; do
    if { apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation; } >>"$log" 2>&1; then
        exit 0
    fi
    echo "Attempt $attempt failed." >&2
    sleep 5
done
tail -n 20 "$log" >&2
echo "$how" >&2
exit 1
