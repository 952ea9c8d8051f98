#!/usr/bin/env bash
# Every test that does not take minutes, on two cores: those in a browser, file by file in two processes since they wait much, beside all others.
# What they said is shown when both are over.
set -uo pipefail
cd "$(dirname "$0")/.."

said=$(mktemp)
trap 'rm -f "$said"' EXIT
.venv/bin/pytest -m 'browser and not long' -n 2 --dist loadfile --durations=5 "$@" >"$said" 2>&1 &
browser=$!
.venv/bin/pytest -m 'not browser and not long' --durations=10 "$@"
others=$?
wait "$browser"
in_browser=$?
cat "$said"

# 5: the arguments chose no test of that half.
[[ $others == 5 && $in_browser == 5 ]] && exit 5
[[ $others == 0 || $others == 5 ]] && [[ $in_browser == 0 || $in_browser == 5 ]]
