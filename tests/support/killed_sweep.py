"""A process that sweeps and dies by ``kill -9`` in a task.

What lives here: where it dies. What does not: what is whole afterwards (``tests/faults``).

The moment is counted in calls that leave the process: questions to the API, requests to S3, statements to
PostgreSQL. So it dies before something has happened outside that would have, wherever that is.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import signal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from botocore.httpsession import URLLib3Session
from jobmarket.airflow import inventory_operators
from jobmarket.foundation.http.transport import Transport

from tests.support.sweeps import run_tasks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

LONGEST_S = 300
# one process imports Airflow, once, and has neither threads nor connections: each that dies is a copy of it
_COPIES = multiprocessing.get_context("forkserver")
_COPIES.set_forkserver_preload([__name__])

DAG_FILE = Path(__file__).parents[2] / "dags" / "france_travail_inventory.py"


def died(day: date, task: str, call: int) -> int | None:
    """Sweep in a process that dies before a call of a task, from 1; return its exit code, if it ended."""
    process = _COPIES.Process(target=_sweep, args=(dict(os.environ), day, task, call))
    process.start()
    process.join(LONGEST_S)
    exit_code = process.exitcode
    process.kill()
    return exit_code


def _sweep(environment: Mapping[str, str], day: date, fatal_task: str, fatal_call: int) -> None:
    os.environ.update(environment)
    calls = {"": count(1)}
    running = ""

    def begin(name: str) -> None:
        nonlocal running
        running = name
        calls[name] = count(1)

    def watched(call: Any) -> Any:
        def before(*args: Any, **kwargs: Any) -> Any:
            if next(calls[running]) == fatal_call and running == fatal_task:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return before

    for owner, name in (
        (psycopg.Connection, "execute"),
        (URLLib3Session, "send"),
        (Transport, "get"),
    ):
        setattr(owner, name, watched(getattr(owner, name)))
    inventory_operators._today = lambda: day
    run_tasks(tasks(), day, begin=begin)
    made = {name: next(counted) - 1 for name, counted in calls.items()}
    raise SystemExit(f"{fatal_task} makes fewer calls: {made}")


def tasks() -> dict[str, Any]:
    """Return the tasks of the DAG, as its file makes them."""
    spec = importlib.util.spec_from_file_location("inventory", DAG_FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.dag.task_dict
    return found
