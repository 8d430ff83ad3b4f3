"""The health check of Airflow's parts that answer nobody: ``python is_healthy.py dag_processor``.

Copied into the image. The api-server knows of each part when it gave a sign of life last, and says so
without a login in 10 ms; a worker answers a ping through its broker. Airflow's and Celery's own commands
(`airflow jobs check`, `celery inspect`) load all of Airflow for it: five seconds of CPU each time.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import urllib.request

PATIENCE_S = 5
WORKER = "worker"


def is_healthy(part: str, url: str = "http://airflow-apiserver:8080") -> bool:
    """Tell whether a part has lately given a sign of life.

    :param part: ``dag_processor``, ``triggerer`` or ``scheduler``.
    """
    try:
        health_url = f"{url}/api/v2/monitor/health"
        with urllib.request.urlopen(health_url, timeout=PATIENCE_S) as answer:  # noqa: S310
            return bool(json.load(answer)[part]["status"] == "healthy")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def answers_ping(worker: str, broker_url: str, patience_s: float = PATIENCE_S) -> bool:
    """Tell whether a Celery worker answers through its broker.

    :param worker: its name, ``celery@<host>``.
    """
    from celery import Celery
    from kombu.exceptions import KombuError

    # a broker that is away is told by the first attempt: the next check asks again
    once = {"broker_connection_timeout": patience_s, "broker_transport_options": {"max_retries": 0}}
    app = Celery(broker=broker_url, changes=once, set_as_current=False)
    with app.connection_for_write() as connection:
        try:
            asked = app.control.inspect([worker], patience_s, connection=connection, limit=1)
            answers = asked.ping()
        except (KombuError, *connection.connection_errors):
            return False
    return worker in (answers or {})


def main(part: str) -> bool:
    """Tell whether a part is healthy; a worker: the one of this container."""
    if part == WORKER:
        broker_url = os.environ["AIRFLOW__CELERY__BROKER_URL"]
        return answers_ping(f"celery@{socket.gethostname()}", broker_url)
    return is_healthy(part)


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
