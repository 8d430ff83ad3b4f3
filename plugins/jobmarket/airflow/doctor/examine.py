"""The whole examination, in the order in which parts need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.airflow.doctor.clock import Clocks, clock_lines
from jobmarket.airflow.doctor.history import history_lines
from jobmarket.airflow.doctor.lake import lake_lines
from jobmarket.airflow.doctor.platform import platform_lines
from jobmarket.airflow.doctor.sources import source_lines
from jobmarket.airflow.doctor.warehouse import warehouse_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobmarket.airflow.doctor.line import Line


def examine(pools: Mapping[str, int] | None = None) -> list[Line]:
    """Look at everything; return one line a check. It never raises for what it finds.

    :param pools: of Airflow, with their slots; None where they cannot be seen.
    """
    clocks = Clocks()
    lines = platform_lines(pools) + source_lines() + lake_lines(clocks) + warehouse_lines(clocks)
    return lines + history_lines() + clock_lines(clocks)
