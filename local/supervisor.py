"""The life of ``make up``: one process starts all parts, starts again what dies, and ends all with itself.

What does not live here: which parts there are (``stack``), how Airflow is set up (``airflow_setup``), what a
person is told (``commands``).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from local import airflow_setup, kept, stack
from local.migration import migrate_warehouse
from local.process import Service, ServiceError, answers_http, launch
from sandbox.places import private_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

# 20 s on two quiet cores; a busy laptop may take minutes
AIRFLOW_START_TIMEOUT_S = 300
# A part that dies is started again, each time after a longer pause; one that keeps dying has a reason that a
# person must read. One that lived this long is as good as new.
RESTARTS = 5
GOOD_AS_NEW_S = 600
COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")


def serve() -> int:
    """Run the parts and Airflow until told to stop; the life of ``make up``."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    adopt_orphans()
    with supervisor_lock() as lock:
        if lock is None:
            raise ServiceError("Another one runs already: `make down` stops it.")
        lock.write(str(os.getpid()))
        lock.flush()
        ports = kept.Ports.kept()
        try:
            with stack.running(ports) as parts:
                os.environ.update(airflow_setup.airflow_environment(ports))
                print("PostgreSQL, S3 and the France Travail sandbox answer", flush=True)
                kept.ui_password()
                migrate_warehouse(ports)
                airflow_setup.prepare_airflow(ports)
                print("Airflow's metadata, pool and connections are ready", flush=True)
                supervise(ports, stop, parts)
        finally:
            end_descendants()
    return 0


def supervise(ports: kept.Ports, stop: threading.Event, parts: dict[str, Service]) -> None:
    """Start Airflow's components, say when they answer, start again what dies, stop them at the end.

    :param parts: what runs beside them, by name; what is started again takes its place there.
    """
    components = {name: start_component(name) for name in COMPONENTS}
    restarts = {name: Restarts(name) for name in (*parts, *components)}
    try:
        # the first task would otherwise wait for the execution API to be built at its first call
        url = os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"]
        components["api-server"].wait_until(
            lambda: stop.is_set() or answers_http(f"{url}health"), AIRFLOW_START_TIMEOUT_S
        )
        print("Airflow answers", flush=True)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        while not stop.wait(1):
            for name, part in parts.items():
                if restarts[name].are_due(part):
                    parts[name] = stack.start_again(name, ports)
            for name, component in components.items():
                if restarts[name].are_due(component):
                    components[name] = start_component(name)
    finally:
        for component in components.values():
            component.process.send_signal(signal.SIGTERM)
        for component in components.values():
            component.stop()


class Restarts:
    """How often one part was started again, and when it is its turn."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.count = 0
        self.started_at = time.monotonic()
        self.dead_at: float | None = None

    def are_due(self, part: Service) -> bool:
        """Tell whether to start the part again now; raise :class:`ServiceError` if it keeps ending."""
        now = time.monotonic()
        if part.process.poll() is None:
            if now - self.started_at > GOOD_AS_NEW_S:
                self.count = 0
            return False
        if self.dead_at is None:
            self.dead_at = now
            part.end_what_is_left()
            print(
                f"{self.name} ended with code {part.process.returncode}",
                file=sys.stderr,
                flush=True,
            )
            if self.count >= RESTARTS:
                raise ServiceError(f"{self.name} keeps ending: see {part.log}")
        if now - self.dead_at < 2**self.count - 1:
            return False
        self.count, self.started_at, self.dead_at = self.count + 1, now, None
        print(f"{self.name} is started again", file=sys.stderr, flush=True)
        return True


def start_component(name: str) -> Service:
    """Start one of Airflow's components."""
    log = kept.STATE / "airflow" / f"{name}.log"
    command = [sys.executable, "-m", "airflow", name]
    return launch(f"airflow {name}", command, log, cwd=kept.STATE)


@contextmanager
def supervisor_lock() -> Iterator[IO[str] | None]:
    """Give the supervisor's file, locked; ``None`` if a supervisor (or another command) holds it."""
    private_directory(kept.STATE)
    with (kept.STATE / "supervisor.pid").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            file.truncate(0)
            yield file


def supervisor_pid() -> int | None:
    """Return the process id of the running supervisor, if there is one."""
    with supervisor_lock() as lock:
        if lock is not None:
            return None
    return int((kept.STATE / "supervisor.pid").read_text() or 0) or None


def exists(pid: int) -> bool:
    """Return whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def adopt_orphans() -> None:
    """Make this process the parent of what its killed children leave behind (Linux)."""
    if sys.platform == "linux":
        set_child_subreaper = 36
        ctypes.CDLL(None).prctl(set_child_subreaper, 1)


def end_descendants() -> None:
    """Kill what is still below this process: a task of a scheduler that was killed, say."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # pid (name) state ppid: a name may hold spaces and brackets, so count from the last one
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid():
                os.kill(int(stat.parent.name), signal.SIGKILL)
