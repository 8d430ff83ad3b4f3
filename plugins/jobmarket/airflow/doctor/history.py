"""The history of all days: its catalog reached, its table there, its files read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.airflow.connections import HISTORY_CONN_ID, has_history, open_history
from jobmarket.airflow.doctor.line import Check, Off, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.airflow.doctor.line import Line
    from jobmarket.history.table import History


def history_lines() -> list[Line]:
    """Return the lines of the history."""
    return lines_of("history", _checks())


def _checks() -> Iterator[Check]:
    found: dict[str, History] = {}

    def reach() -> str:
        if not has_history():
            raise Off(
                f"there is no connection {HISTORY_CONN_ID}, so no day is kept for good: docs/history.md"
            )
        found["history"] = open_history()
        return "its catalog is named"

    def is_there() -> str:
        location = found["history"].location()
        return f"it lies at {location}" if location else "the first day that is kept makes it"

    yield Check("connection", reach, is_gate=True)
    yield Check("table", is_there)
