"""Whether the parts of a running stack answer: what `make status` prints and `make up` waits for.

What lives here: one question to each part, without credentials. What does not: starting a part again
(``commands``).
"""

from __future__ import annotations

import json
import socket
import struct
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

from local.process import LOOPBACK, answers_http

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.kept import Ports

PATIENCE_S = 3
# What PostgreSQL answers with one byte, whoever asks: "do you speak TLS?"
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_AIRFLOW_PARTS = ("scheduler", "dag_processor", "triggerer")


def states(ports: Ports) -> dict[str, bool]:
    """Return whether each part answers, by its name, in the order in which they need each other."""
    airflow = _airflow(ports.ui)
    return {
        "PostgreSQL": _answers_postgres(ports.postgres),
        "S3": answers_http(f"http://{LOOPBACK}:{ports.s3}/"),
        "sandbox": answers_http(f"http://{LOOPBACK}:{ports.sandbox}/_sandbox/health"),
        "api-server": airflow is not None,
        **{name.replace("_", "-"): (airflow or {}).get(name, False) for name in _AIRFLOW_PARTS},
    }


def wait_for_all(
    ports: Ports, timeout_s: float, look: Callable[[Ports], dict[str, bool]] = states
) -> dict[str, bool]:
    """Ask until every part answers or time is up; return the last answers."""
    deadline = time.monotonic() + timeout_s
    while True:
        found = look(ports)
        if all(found.values()) or time.monotonic() > deadline:
            return found
        time.sleep(1)


def _answers_postgres(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), PATIENCE_S) as connection:
            connection.settimeout(PATIENCE_S)
            connection.sendall(_SSL_REQUEST)
            return connection.recv(1) in (b"S", b"N")
    except OSError:
        return False


def _airflow(port: int) -> dict[str, bool] | None:
    """Return which of Airflow's parts have lately given a sign of life; ``None`` if none can be asked."""
    try:
        url = f"http://{LOOPBACK}:{port}/api/v2/monitor/health"
        with urllib.request.urlopen(url, timeout=2 * PATIENCE_S) as answer:
            health = json.load(answer)
    except (OSError, ValueError):
        return None
    return {name: health[name]["status"] == "healthy" for name in _AIRFLOW_PARTS}
