"""Airflow's own share of a daily run, with `make up` warm: measured from outside, through the REST API.

Runs a day several times. The wall time of a run, less what its tasks spent inside `execute` (Airflow marks
both ends in the log of a task), is what Airflow itself costs.
"""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from datetime import datetime
from typing import Any

from local import kept

DAG = "france_travail_daily"
DAY = "2026-11-18"
RUNS = 5
RUN_TIMEOUT_S = 300


def main() -> None:
    """Print the wall time of each run and what each task took."""
    api = Api(kept.ui_address(kept.Ports.last()))
    api.call("PATCH", f"dags/{DAG}?update_mask=is_paused", {"is_paused": False})
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


class Api:
    """Airflow's REST API, logged in as the user of `make up`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""
        login = {"username": kept.UI_USER, "password": kept.ui_password()}
        self.token = self._send("POST", f"{url}/auth/token", login)["access_token"]

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Call an endpoint below ``/api/v2``; return its answer."""
        return self._send(method, f"{self.url}/api/v2/{path}", body)

    def _send(self, method: str, url: str, body: dict[str, Any] | None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310
            url, method=method, data=json.dumps(body).encode() if body is not None else None
        )
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return dict(json.load(answer))


if __name__ == "__main__":
    main()
