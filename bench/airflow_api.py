"""Airflow's REST API, as the measures of the stack that ``make up`` runs call it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from local import kept

DAG = "france_travail_daily"


class Api:
    """Airflow's REST API, logged in as the user of `make up`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""
        login = {"username": kept.UI_USER, "password": kept.ui_password()}
        self.token = self._send("POST", f"{url}/auth/token", login)["access_token"]

    def unpause(self) -> None:
        """Let the DAG run."""
        self.call("PATCH", f"dags/{DAG}?update_mask=is_paused", {"is_paused": False})

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
