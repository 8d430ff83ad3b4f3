#!/usr/bin/env bash
# Make the environments of the named tools, each beside that of the job: their pins contradict its own.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
for tool in "$@"; do
    venv=$here/.venv/$tool pins=$here/infra/tools/$tool.txt
    cmp -s "$pins" "$venv/pins.txt" && continue
    "$here/scripts/venv.sh" "$venv" "$pins"
    cp "$pins" "$venv/pins.txt"
done
