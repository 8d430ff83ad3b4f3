"""The sources: their connections are there and sound, and the API accepts who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jobmarket.airflow.connections import remember_connection
from jobmarket.airflow.doctor.line import Check, NotSeen, Off, lines_of
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.http.address import is_on_a_laptop
from jobmarket.sources.registry import source_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.airflow.doctor.line import Line

REQUIRED = ("france_travail",)
"""Sources without which the project has nothing to do; another one is off until it has a connection."""

_PATIENCE = {"connect_timeout_s": 5.0, "read_timeout_s": 20.0}


def source_lines() -> list[Line]:
    """Return the lines of each source."""
    return [
        line
        for name in source_names()
        for line in lines_of(SourceHook(name).source.label, _checks(SourceHook(name)))
    ]


def _checks(hook: SourceHook) -> Iterator[Check]:
    found: dict[str, Any] = {}

    def sound() -> str:
        try:
            connection = hook.get_connection(hook.source_conn_id)
        except Exception:
            if hook.source.name not in REQUIRED:
                raise Off(
                    f"there is no connection {hook.source_conn_id}; the DAG {hook.source.name}_daily needs "
                    f"it, with {hook.source.connection_help}"
                ) from None
            hook.get_conn()
            raise
        remember_connection(connection)
        if hook.source.settings is None:
            hook.get_conn()
            raise NotSeen("the source does not say where its connection leads")
        found["settings"] = settings = hook.source.settings(connection, hook.source_conn_id)
        return f"leads to {urlsplit(settings.base_url).hostname}"

    yield Check("connection", sound, is_gate=True)
    settings = found.get("settings")
    is_excused = settings is not None and is_on_a_laptop(urlsplit(settings.base_url).hostname)
    yield Check("https", lambda: _require_https(settings, hook), is_excused=is_excused)
    yield Check("credentials", lambda: _greet(hook))


def _require_https(settings: Any, hook: SourceHook) -> str:
    if settings.is_exposed:
        raise ConfigurationError(
            f"The connection {hook.source_conn_id} sends its secret over plain http: begin its host, and "
            "token_url if its extra has one, with https://."
        )
    return "its secret travels encrypted, or not at all"


def _greet(hook: SourceHook) -> str:
    if hook.source.greet is None:
        raise NotSeen("not asked: each question counts in the budget; the next run tells")
    client = hook.get_conn(**_PATIENCE)
    try:
        return hook.source.greet(client)
    finally:
        client.close()
