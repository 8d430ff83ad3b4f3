"""What `make status` finds, and how often a part that dies is started again."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from local import supervisor
from local.health import states, wait_for_all
from local.kept import Ports
from local.process import LOOPBACK, Service, ServiceError, free_port, launch
from sandbox.server import running
from sandbox.settings import Settings

if TYPE_CHECKING:
    from local.object_store import ObjectStore
    from local.postgres import Postgres

NOBODY = {"api-server": False, "scheduler": False, "dag-processor": False, "triggerer": False}


def test_what_runs_answers(postgres: Postgres, object_store: ObjectStore) -> None:
    with running(Settings(offers_per_day=1)) as api:
        sandbox = int(api.url.rpartition(":")[2])
        found = states(Ports(postgres.port, object_store.port, sandbox, free_port(), free_port()))
    assert found == {"PostgreSQL": True, "S3": True, "sandbox": True, **NOBODY}


def test_what_is_dead_does_not() -> None:
    found = states(Ports(*(free_port() for _ in range(5))))
    assert found == {"PostgreSQL": False, "S3": False, "sandbox": False, **NOBODY}


def test_what_listens_and_is_silent_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.health.PATIENCE_S", 0.1)
    with socket.create_server((LOOPBACK, 0)) as silent:
        port = silent.getsockname()[1]
        assert states(Ports(port, *(free_port() for _ in range(4))))["PostgreSQL"] is False


def test_waiting_ends_with_the_first_whole_answer_or_with_the_time() -> None:
    ports = Ports(1, 2, 3, 4, 5)
    assert wait_for_all(ports, 60, lambda _: {"S3": True}) == {"S3": True}
    assert wait_for_all(ports, 0, lambda _: {"S3": False}) == {"S3": False}


def dead() -> Service:
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    process.wait()
    return Service("S3", process, Path("s3.log"))


def test_a_part_is_started_again_after_longer_and_longer_pauses_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    part, restarts, waited = dead(), supervisor.Restarts("S3"), []
    for _ in range(supervisor.RESTARTS):
        died = clock[0]
        while not restarts.are_due(part):
            clock[0] += 1
        waited.append(clock[0] - died)
    assert waited == [0, 1, 3, 7, 15]
    with pytest.raises(ServiceError, match=r"S3 keeps ending: see s3\.log"):
        restarts.are_due(part)


def test_a_part_that_lived_long_enough_is_as_good_as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    restarts = supervisor.Restarts("S3")
    assert restarts.are_due(dead())
    alive = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    clock[0] += supervisor.GOOD_AS_NEW_S + 1
    assert not restarts.are_due(Service("S3", alive, Path("s3.log")))
    assert restarts.count == 0
    alive.communicate()


def test_what_a_killed_part_leaves_behind_ends_before_the_part_starts_again(tmp_path: Path) -> None:
    # a worker in a process group of its own, as Airflow's tasks are, that holds what the part has opened
    code = (
        "import os, time\n"
        "if os.fork() == 0: os.setpgid(0, 0); print(os.getpid(), flush=True)\n"
        "time.sleep(60)"
    )
    part = launch("scheduler", [sys.executable, "-c", code], tmp_path / "log")
    while not (said := (tmp_path / "log").read_text().strip()):
        time.sleep(0.01)
    part.process.kill()
    part.process.wait()
    worker = int(said)
    assert is_alive(worker)
    assert supervisor.Restarts("scheduler").are_due(part)
    deadline = time.monotonic() + 20
    while is_alive(worker):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """Return whether there is such a process that is more than its exit code (Z)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
