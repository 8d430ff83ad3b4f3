"""Slow tests on real parts that are broken on purpose: ``make faults``, and not ``make test``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

collect_ignore_glob = [] if os.environ.get("JOBMARKET_FAULTS") else ["test_*.py"]
LEAST = 20
"""Faults of a whole session, whose figures are worth keeping."""


@pytest.fixture(scope="session", autouse=True)
def figures() -> Iterator[None]:
    """Write docs/reliability.md when the suite has run as a whole."""
    yield
    if len(faults.RECOVERIES) >= LEAST:
        faults.write_table()
