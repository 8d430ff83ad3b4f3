"""The warehouse's answers for a report: the facts of the run, and a frame for each SQL file.

What does not live here: what the answers mean (``registry``), how they look (``page``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from psycopg.rows import dict_row, tuple_row

from jobmarket.errors import ConfigurationError
from jobmarket.report.facts import RunFacts
from jobmarket.report.registry import ANALYSES, DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path
    from typing import Any

    import pandas as pd
    from psycopg import Connection

    from jobmarket.report.registry import Analysis

FACTS = "run_facts"  # the SQL file beside those of the analyses


def query_report(
    connection: Connection[Any],
    *,
    source: str,
    day: date,
    run_id: str,
    analyses: Iterable[Analysis] = ANALYSES,
    directory: Path = DIRECTORY,
) -> tuple[RunFacts, dict[str, pd.DataFrame]]:
    """Return the facts of a run and the frames of the analyses, by SQL file, all of the same instant.

    :param connection: to the warehouse, with no transaction begun.
    :param run_id: the run that loaded the day.

    Raise :class:`ConfigurationError` if the run is not in ``control.ingestion_run``.
    """
    parameters = {"source": source, "day": day, "run_id": run_id}
    with connection.transaction():
        # one snapshot: a load of another run must not fall between two figures of a page
        connection.execute("set transaction isolation level repeatable read, read only")
        facts = _facts(connection, directory, parameters)
        stems = dict.fromkeys(analysis.sql for analysis in analyses)
        frames = {stem: _frame(connection, directory, stem, parameters) for stem in stems}
    return facts, frames


def _facts(connection: Connection[Any], directory: Path, parameters: dict[str, Any]) -> RunFacts:
    with connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute((directory / f"{FACTS}.sql").read_bytes(), parameters)
        row = cursor.fetchone()
    if row is None:
        raise ConfigurationError(
            f"Expected run {parameters['run_id']} of {parameters['source']} for {parameters['day']} in "
            f"control.ingestion_run, but it is not there: load the day before it is reported."
        )
    return msgspec.convert(row, RunFacts)


def _frame(
    connection: Connection[Any], directory: Path, stem: str, parameters: dict[str, Any]
) -> pd.DataFrame:
    import pandas as pd

    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute((directory / f"{stem}.sql").read_bytes(), parameters)
        names = [column.name for column in cursor.description or ()]
        # object: a null stays None, and a count never becomes a float beside one
        return pd.DataFrame(cursor.fetchall(), columns=names, dtype=object)
