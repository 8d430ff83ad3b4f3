"""The stack of ``docker-compose.yaml`` on a Docker engine, as a project of its own, for tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from local.process import LOOPBACK, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REPOSITORY = Path(__file__).parents[2]
COMPOSE = Path(sysconfig.get_path("scripts")) / "docker-compose"
RUNS = "/api/v2/dags/france_travail_daily/dagRuns"
LONGEST_S = 900
SOON_S = 120
# of a person who tries this on their machine; the rest of what they set is an account of their own
KEPT = (
    *("PATH", "HOME", "AIRFLOW_IMAGE", "POSTGRES_IMAGE", "SEAWEEDFS_IMAGE", "REDIS_IMAGE"),
    *("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_BUILDKIT"),
)


def engine_is_there() -> bool:
    """Tell whether a Docker engine answers."""
    if shutil.which("docker") is None:
        return False
    return subprocess.run(("docker", "info"), capture_output=True, check=False).returncode == 0


def until(look: Callable[[], list[Any]], longest_s: float = SOON_S) -> list[Any]:
    """Look again and again until something is there; return it."""
    deadline = time.monotonic() + longest_s
    while not (there := look()):
        assert time.monotonic() < deadline, f"not there after {longest_s} s"
        time.sleep(0.5)
    return there


@dataclass
class ComposeStack:
    """The containers of one project.

    :param directory: where what differs from the product's file is written.
    :param settings: what ``.env`` would say.
    :param name: of the project; its volumes are removed by :meth:`forget`.
    """

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)
    name: str = "jobmarket-test"
    port: int = field(default_factory=free_port)

    def differ(self, services: dict[str, dict[str, Any]]) -> None:
        """Have services differ from the file of the product, from the next :meth:`up` on."""
        (self.directory / "differs.json").write_text(json.dumps({"services": services}))

    def compose(
        self, *arguments: str, told: str = "", check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run Docker Compose, telling it something; fail with what it said, unless not to check."""
        files = ("-f", "docker-compose.yaml", "-f", str(self.directory / "differs.json"))
        own = {key: os.environ[key] for key in KEPT if key in os.environ}
        done = subprocess.run(
            (str(COMPOSE), "-p", self.name, "--env-file", os.devnull, *files, *arguments),
            cwd=REPOSITORY, env={**own, **self.settings, "AIRFLOW_PORT": str(self.port)},
            input=told, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0 or not check, done.stderr[-3000:]
        return done

    def up(self, *options: str) -> float:
        """Start what does not run yet; return the seconds until all of it was healthy."""
        started = time.monotonic()
        self.compose("up", "-d", "--wait", *options)
        return time.monotonic() - started

    def forget(self) -> None:
        """Remove the containers and their volumes."""
        self.compose("down", "-v", "-t", "10", "--remove-orphans", check=False)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask Airflow's REST API as the admin."""
        url = f"http://{LOOPBACK}:{self.port}"
        login = {"username": "admin", "password": "admin"}
        token = requests.post(f"{url}/auth/token", json=login, timeout=60).json()["access_token"]
        answer = requests.request(
            method, url + path, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        answer.raise_for_status()
        return dict(answer.json())

    def start(self, days: Sequence[str]) -> list[str]:
        """Start a run of each day, from the API; return their ids."""
        bodies = [{"logical_date": None, "conf": {"day": day, "source": "api"}} for day in days]
        return [self.call("POST", RUNS, body)["dag_run_id"] for body in bodies]

    def wait_for(self, started: Sequence[str]) -> None:
        """Wait until runs have ended, and require that each succeeded."""

        def ended() -> list[str]:
            met = {run["dag_run_id"]: run["state"] for run in self.runs()}
            states = [met[run_id] for run_id in started]
            return states if {*states} <= {"success", "failed"} else []

        assert until(ended, LONGEST_S) == ["success"] * len(started)

    def runs(self, **like: str) -> list[dict[str, Any]]:
        """Return what Airflow knows of each run of which it says what ``like`` does."""
        runs: list[dict[str, Any]] = self.call("GET", f"{RUNS}?limit=100")["dag_runs"]
        return [run for run in runs if like.items() <= run.items()]

    def scheduled_runs(self) -> list[str]:
        """Wait until the schedule has started its own run; return its id."""
        return [run["dag_run_id"] for run in until(lambda: self.runs(run_type="scheduled"))]

    def running_task(self, task_id: str, of: Sequence[str]) -> dict[str, Any]:
        """Wait until that task of one of some runs is at work; return what Airflow knows of it."""
        path = "/api/v2/dags/~/dagRuns/~/taskInstances?state=running"

        def at_work() -> list[dict[str, Any]]:
            tasks = self.call("GET", path)["task_instances"]
            theirs = [t for t in tasks if t["task_id"] == task_id and t["dag_run_id"] in of]
            return [dict(task) for task in theirs if task["hostname"]]

        return until(at_work)[0]

    def task(self, of: dict[str, Any]) -> dict[str, Any]:
        """Return what Airflow knows now of a task."""
        return self.call("GET", f"{RUNS}/{of['dag_run_id']}/taskInstances/{of['task_id']}")

    def let_answers_take(self, milliseconds: int) -> None:
        """Have the sandbox take so long for each answer; 0: none."""
        slow = {"every": 1, "kinds": ["slow"], "slow_ms": milliseconds}
        told = json.dumps(slow if milliseconds else {"every": 0})
        program = (
            "import sys, urllib.request as u; u.urlopen(u.Request("
            "'http://127.0.0.1:8600/_sandbox/faults', sys.argv[1].encode(),"
            " {'Content-Type': 'application/json'}, method='PUT'), timeout=30)"
        )
        self.compose("exec", "-T", "sandbox", "python", "-c", program, told)

    def rows(self, sql: str, **bound: str) -> list[list[str]]:
        """Ask the warehouse.

        :param bound: values that the statement names like ``:'day'``.
        """
        psql = ["psql", "-U", "jobmarket", "-d", "warehouse", "-AtF", ","]
        psql += [f"-v{name}={value}" for name, value in bound.items()]
        said = self.compose("exec", "-T", "postgres", *psql, told=sql).stdout
        return [line.split(",") for line in said.splitlines()]
