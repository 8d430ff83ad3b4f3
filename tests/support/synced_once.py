"""Airflow's metadata told of the project's DAGs once a process.

``DAG.test`` parses and writes all of them before each run; they are the same each time.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Iterator

_told: set[str] = set()


@contextmanager
def synced_once(dag_id: str) -> Iterator[None]:
    """Let a run of this DAG begin without writing the DAGs anew, if an earlier one has written it."""
    if dag_id in _told:
        with patch.multiple(
            "airflow.dag_processing.dagbag",
            BundleDagBag=lambda **_: None,
            sync_bag_to_db=lambda *_: None,
        ):
            yield
    else:
        yield
        _told.add(dag_id)
