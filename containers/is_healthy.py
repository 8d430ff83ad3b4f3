"""The health check of Airflow's parts that answer nobody: ``python is_healthy.py dag_processor``.

Copied into the image. The api-server knows of each part when it gave a sign of life last, and says so
without a login in 10 ms; Airflow's own check, `airflow jobs check`, takes five seconds of CPU each time.
"""

from __future__ import annotations

import json
import sys
import urllib.request

PATIENCE_S = 5


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


if __name__ == "__main__":
    sys.exit(not is_healthy(*sys.argv[1:]))
