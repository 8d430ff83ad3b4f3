#!/usr/bin/env bash
# Resolve requirements*.in for every Python from 3.11 on: BIN is the folder of the virtual environment's programs.
set -euo pipefail
bin=$1
"$bin/python" -m pip --version >/dev/null 2>&1 || { echo "no pip in $bin" >&2; exit 1; }
"$bin/pip" install -q "uv==0.13.9"
compile() { "$bin/uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --custom-compile-command "make lock" "$@"; }
# the larger set first: what the image installs is what was tested
compile requirements-dev.in -o requirements-dev.txt
compile requirements.in -c requirements-dev.txt -o requirements.txt
compile bench/requirements.in -o bench/requirements.txt
compile bench/spark.in -o bench/spark.txt
# tools whose pins contradict those of the job: each has an environment of its own
compile infra/tools/checkov.in -o infra/tools/checkov.txt
compile infra/tools/ministack.in -o infra/tools/ministack.txt
