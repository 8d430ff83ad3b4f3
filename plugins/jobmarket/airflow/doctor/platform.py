"""Airflow itself: its version, and the pools that days queue in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from jobmarket.airflow.doctor.line import Check, NotSeen, Off, lines_of
from jobmarket.airflow.doctor.sources import REQUIRED
from jobmarket.airflow.source_hook import SourceHook
from jobmarket.foundation.errors import ConfigurationError
from jobmarket.sources.registry import source_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jobmarket.airflow.doctor.line import Line

TESTED = "3.3.2"
"""The version of Airflow that the tests run; partition keys moved in 3.3, so an older one has other days."""


def platform_lines(pools: Mapping[str, int] | None) -> list[Line]:
    """Return the lines of Airflow itself.

    :param pools: its pools with their slots; None where they cannot be seen.
    """
    return lines_of("Airflow", _checks(pools))


def pools_of_airflow() -> dict[str, int]:
    """Return the pools with their slots, from Airflow's database: not for a task, which has none."""
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        return dict(session.execute(select(Pool.pool, Pool.slots)).tuples().all())


def _checks(pools: Mapping[str, int] | None) -> Iterator[Check]:
    yield Check("version", _is_tested)
    for name in source_names():
        yield Check(f"pool {name}_api", partial(_has_pool, name, pools))


def _is_tested() -> str:
    import airflow

    met = str(airflow.__version__)
    if _numbers(met)[:2] != _numbers(TESTED)[:2]:
        raise ConfigurationError(
            f"The project is tested with Airflow {TESTED}, and this is {met}: install "
            f"apache-airflow=={TESTED} with the pins of requirements.txt."
        )
    return met if met == TESTED else f"{met}; tested is {TESTED}"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _has_pool(source: str, pools: Mapping[str, int] | None) -> str:
    pool = f"{source}_api"
    if pools is None:
        raise NotSeen(f"a task does not see the pools of Airflow: `airflow pools get {pool}` tells")
    if pool not in pools:
        if source not in REQUIRED and not _has_connection(source):
            raise Off(f"the DAG {source}_daily has no connection either")
        raise ConfigurationError(
            f"Airflow has no pool {pool}, so the days of {source}_daily never start: say `airflow pools set "
            f"{pool} 1 'one rate for a client'` (Admin > Pools)."
        )
    if pools[pool] != 1:
        raise ConfigurationError(
            f"The pool {pool} has {pools[pool]} slots, and one client has one rate: give it 1 slot "
            "(Admin > Pools)."
        )
    return "one slot"


def _has_connection(source: str) -> bool:
    hook: Any = SourceHook(source)
    try:
        hook.get_connection(hook.source_conn_id)
    except Exception:
        return False
    return True
