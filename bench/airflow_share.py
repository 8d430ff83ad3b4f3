"""Airflow's own share of a daily run, with `make up` warm: measured from outside, through the REST API.

Runs a day several times. The wall time of a run, less what its tasks spent inside `execute` (Airflow marks
both ends in the log of a task), is what Airflow itself costs.
"""

from __future__ import annotations

import statistics
import time
from datetime import datetime

from bench.airflow_api import DAG, Api
from local import kept

DAY = "2026-11-18"
RUNS = 5
RUN_TIMEOUT_S = 300


def main() -> None:
    """Print the wall time of each run and what each task took."""
    api = Api(kept.ui_address(kept.Ports.last()))
    api.unpause()
    run_once(api)  # collects the day, and warms every process
    print("| run | wall s | tasks' own work s | Airflow's share s |\n|---|---|---|---|")
    shares = []
    for number in range(1, RUNS + 1):
        wall, own = run_once(api)
        shares.append(wall - own)
        print(f"| {number} | {wall:.1f} | {own:.1f} | {wall - own:.1f} |")
    print(f"\nAirflow's share: median {statistics.median(shares):.1f} s, worst {max(shares):.1f} s")


def run_once(api: Api) -> tuple[float, float]:
    """Run the day; return the seconds from its queueing to its end, and those inside `execute`."""
    conf = {"day": DAY}
    run = api.call("POST", f"dags/{DAG}/dagRuns", {"logical_date": None, "conf": conf})
    path = f"dags/{DAG}/dagRuns/{run['dag_run_id']}"
    deadline = time.monotonic() + RUN_TIMEOUT_S
    while run["state"] not in ("success", "failed"):
        if time.monotonic() > deadline:
            raise SystemExit(f"the run did not end within {RUN_TIMEOUT_S} s")
        time.sleep(0.2)
        run = api.call("GET", path)
    if run["state"] != "success":
        raise SystemExit(f"the run failed: {path}")
    instances = api.call("GET", f"{path}/taskInstances")["task_instances"]
    own = sum(own_seconds(api, f"{path}/taskInstances/{ti['task_id']}/logs/1") for ti in instances)
    return seconds(run["queued_at"], run["end_date"]), own


def own_seconds(api: Api, path: str) -> float:
    """Return the seconds that a task spent inside `execute`, by the marks in its log."""
    lines = api.call("GET", f"{path}?full_content=true")["content"]
    at = {line["event"]: line["timestamp"] for line in reversed(lines) if line.get("timestamp")}
    return seconds(at["::endgroup::"], at["::group::Post Execute"])


def seconds(start: str, end: str) -> float:
    """Return the seconds between two instants, ISO 8601."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


if __name__ == "__main__":
    main()
