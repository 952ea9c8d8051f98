#!/usr/bin/env bash
# Make the virtual environment with uv in it. Needs Python 3.11 or newer and nothing else.
set -euo pipefail
python="${1:-}"
folder="$2"

if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Baton needs Python 3.11 or newer. Install it (apt-get install python3.11 python3.11-venv), or say make PYTHON=/path/to/python3." >&2
    exit 1
fi
echo "Environment in $folder with $("$python" --version)"
if ! "$python" -m venv "$folder"; then
    rm -rf "$folder"
    echo "This Python has no venv module. Install it (apt-get install python3-venv) and try again." >&2
    exit 1
fi
if [ ! -x "$folder/bin/uv" ]; then
    echo "Installing uv"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check uv
fi
