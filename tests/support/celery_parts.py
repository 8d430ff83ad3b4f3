"""Redis and Celery workers as processes of this machine, for tests."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from local.process import LOOPBACK, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
STARTS_WITHIN_S = 120


def is_open(port: int) -> bool:
    """Tell whether somebody listens there."""
    try:
        socket.create_connection((LOOPBACK, port)).close()
    except OSError:
        return False
    return True


@contextmanager
def redis(password: str, told: Path | None = None) -> Iterator[dict[str, str]]:
    """Run Redis; yield the settings by which Airflow gives its tasks to it.

    :param told: a directory for all that it can be made to say: its log, and a dump when it is asked for one.
    """
    port = free_port()
    # what it holds is lost with it: it would not end where it cannot save
    command = ["redis-server", "--port", str(port), "--bind", LOOPBACK, "--save", ""]
    if told:
        command += ["--dir", str(told), "--logfile", "redis.log", "--loglevel", "debug"]
        command += ["--rdbcompression", "no"]
    process = subprocess.Popen([*command, "--requirepass", password], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not is_open(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            "AIRFLOW__CELERY__BROKER_URL": f"redis://:{password}@{LOOPBACK}:{port}/0",
        }
    finally:
        process.terminate()
        process.wait()


@contextmanager
def worker(environment: dict[str, str], name: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker with its tasks in a process group of its own."""
    log = Path(environment["JOBMARKET_STATE"]) / f"{name}.log"
    options = ("--celery-hostname", f"{name}@%h", "--concurrency", "1", "--skip-serve-logs")
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["scripts/airflow", "celery", "worker", *options],
            cwd=REPOSITORY, env=environment, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while b"ready." not in log.read_bytes():
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline
            time.sleep(0.5)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(120)
