#!/usr/bin/env bash
# Measure everything and write bench/results/: extraction, load, reports, Airflow's share. Takes some thirty-five minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONPATH=.
python=.venv/bin/python peers=.local/bench-venv results=bench/results
mkdir -p "$results" .local
[ -x "$peers/bin/python" ] || scripts/venv.sh "$peers" bench/requirements.txt

"$python" -m bench.extraction | tee "$results/extraction.json"
"$python" -m bench.extraction --hard | tee "$results/extraction-hard.json"
"$python" -m bench.inventory --offers 500000 | tee "$results/inventory.json"
"$python" -m bench.load --turns 5 --large 400000 --peer-python "$peers/bin/python" | tee "$results/load.md"
"$python" -m bench.report | tee "$results/report.md"
make up
trap 'make down' EXIT
"$python" -m bench.airflow_share | tee "$results/airflow-share.md"
