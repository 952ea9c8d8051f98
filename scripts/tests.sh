#!/usr/bin/env bash
# Every test that does not take minutes, on two cores: those in a browser beside all others, each half file by file in two processes, since much of it
# waits. What the browser's said is shown when both are over.
set -uo pipefail
cd "$(dirname "$0")/.."

split=(-n 2 --dist loadfile)
said=$(mktemp)
trap 'rm -f "$said"' EXIT
.venv/bin/pytest -m 'browser and not long' "${split[@]}" --durations=5 "$@" >"$said" 2>&1 &
browser=$!
.venv/bin/pytest -m 'not browser and not long' "${split[@]}" --durations=10 "$@"
others=$?
wait "$browser"
in_browser=$?
cat "$said"

# 5: the arguments chose no test of that half.
[[ $others == 5 && $in_browser == 5 ]] && exit 5
[[ $others == 0 || $others == 5 ]] && [[ $in_browser == 0 || $in_browser == 5 ]]
