#!/usr/bin/env bash
# Make the virtual environment: VENV REQUIREMENTS [PACKAGE]. Needs Python 3.11 or newer, and nothing else installed.
set -euo pipefail
venv=$1 requirements=$2 package=${3:-} python=${PYTHON:-python3}
installers=$(dirname "$0")/installers.txt

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed, and $python is $("$python" --version 2>&1): set PYTHON=python3.12, say." >&2
    exit 1
}
if [ ! -x "$venv/bin/pip" ]; then
    rm -rf "$venv"
    # Debian keeps venv in a package of its own, which a fresh system lacks
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing python$version-venv"
            (apt-get update -qq && apt-get install -y -qq --no-install-recommends "python$version-venv") >/dev/null
        elif ! "$python" -m virtualenv --version >/dev/null 2>&1; then
            echo "Python's venv module is missing: sudo apt-get install python$version-venv, then make again." >&2
            exit 1
        fi
    fi
    "$python" -m venv "$venv" 2>/dev/null || "$python" -m virtualenv -q "$venv"
fi
echo "Installing the pinned packages into $venv"
# uv installs them in seconds; where it cannot reach the package index as pip is set up to, pip does it
"$venv/bin/pip" install -q --disable-pip-version-check --only-binary :all: --require-hashes -r "$installers" 2>/dev/null &&
    "$venv/bin/uv" pip install -q --python "$venv/bin/python" --require-hashes -r "$requirements" 2>/dev/null ||
    "$venv/bin/pip" install -q --require-hashes -r "$requirements"
# the package itself as it stands in this folder: an edit counts at once
[ -z "$package" ] || "$venv/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e "$package"
