#!/usr/bin/env bash
# Make the locks anew: names, versions and hashes, and no download address. `scripts/lock.sh --upgrade` takes newer versions.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links --quiet "$@"
}

# What tests install holds what people install, at the same versions.
# The demo shows planning, so what people install brings its solvers.
compile "$@" --extra plan --output-file requirements.lock
compile "$@" --constraints requirements.lock --group test \
    --extra agentdojo --extra analytics --extra llm --extra mcp --extra nats --extra plan --extra postgres --extra ray --extra train \
    --output-file requirements-dev.lock

if grep -nE '://|^(-i|--)' requirements.lock requirements-dev.lock; then
    echo "A lock names an address. Take it out before committing." >&2
    exit 1
fi
