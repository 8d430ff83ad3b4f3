"""Processes of the laptop set-up: started with a log, awaited, stopped, never left behind.

What lives here: the life of one process, and the account it runs as when we are root. What does not:
which servers there are (``postgres``, ``object_store``).

A process dies with the one that started it, even if that one is killed: nothing is left behind.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOPBACK = "127.0.0.1"
# a name that leads elsewhere is not followed: somebody else may have put it there
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20


class ServiceError(RuntimeError):
    """A local server did not start; the message holds the end of its log."""


def free_port() -> int:
    """Return a TCP port of loopback that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@dataclass
class Service:
    """A server process with its log.

    :param stop_signal: the signal that makes it stop at once and cleanly.
    """

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: int = signal.SIGTERM

    def wait_until(self, answers: Callable[[], bool], timeout_s: float = START_TIMEOUT_S) -> None:
        """Wait for the first true answer; raise :class:`ServiceError` if the process ends or time is up."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if answers():
                return
            time.sleep(0.05)
        self.stop()
        raise ServiceError(f"{self.name} did not start; the end of {self.log}:\n{end_of(self.log)}")

    def stop(self) -> None:
        """Stop the process; kill it if it does not obey in time."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def end_what_is_left(self) -> None:
        """Kill what a process that has ended leaves behind of its session, and wait until it is gone.

        A worker whose scheduler was killed has inherited the scheduler's connections: the open transaction
        stays, and its locks keep the next scheduler from every run that the first one looked at.
        """
        left = _of_session(self.process.pid)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with suppress(ChildProcessError):  # a subreaper is their parent now, others are not
                os.waitpid(pid, 0)


def _of_session(session: int) -> list[int]:
    """Return the processes of a session (Linux; elsewhere none)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # pid (name) state ppid pgrp session: a name may hold spaces and brackets
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                found.append(int(stat.parent.name))
    return found


def launch(
    name: str,
    command: Sequence[str],
    log: Path,
    *,
    owner: pwd.struct_passwd | None = None,
    env: dict[str, str] | None = None,
    stop_signal: int = signal.SIGTERM,
    **options: Any,
) -> Service:
    """Start a server that dies with this process; its output goes to ``log``.

    :param owner: run it as this account (only root can).
    """
    as_owner: dict[str, Any] = {}
    if owner is not None:
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    with os.fdopen(os.open(log, _APPEND, 0o600), "ab") as out:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
            # a session of its own: Ctrl-C reaches us, and we stop the servers in order
            start_new_session=True,
            preexec_fn=_die_with_parent(stop_signal),
            **as_owner,
            **options,
        )
    return Service(name, process, log, stop_signal)


def answers_http(url: str) -> bool:
    """Return whether an HTTP server gives any answer below 500 at this address."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _die_with_parent(signal_number: int) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    set_parent_death_signal = 1
    return lambda: libc.prctl(set_parent_death_signal, signal_number)


def unprivileged_account() -> pwd.struct_passwd | None:
    """Return the account PostgreSQL runs as when we are root, which it refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServiceError(
        "PostgreSQL does not run as root, and there is no account `nobody`: run this as another user."
    )


def end_of(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
