"""Slow tests on real parts that are broken on purpose: ``make faults``, and not ``make test``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

collect_ignore_glob = [] if os.environ.get("JOBMARKET_FAULTS") else ["test_*.py"]


@pytest.fixture(autouse=True)
def figures() -> Iterator[None]:
    """Write what was measured into docs/reliability.md, fault by fault: a session may be ended."""
    yield
    if faults.RECOVERIES:
        faults.write_table()
