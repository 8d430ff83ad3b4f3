"""The checks of a loaded day: runs each, says in one sentence what it found, stores the verdicts.

What lives here: the convention of a check and its verdict. What does not: what is checked and the
bounds, which stand together in ``include/sql/check``, one ``select`` a file; the file's name is the
check's name. Those that hold for one source only are in a folder of its name.

A check takes ``%(source)s``, ``%(day)s`` and ``%(run_id)s`` and returns exactly one row of numbers::

    observed     what was measured; null when there is nothing to judge (a share of no offers): skipped
    fail_below   below this the day fails; null: no such bound (so for the three others)
    fail_above   above this the day fails
    warn_below   below this somebody should look
    warn_above   above this somebody should look

A bound itself is still good. "Must be equal" is ``fail_below = fail_above``. A check whose name ends
in ``_share`` measures a part of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct
from psycopg.rows import tuple_row

from jobmarket.foundation.errors import CheckFailed, ConfigurationError
from jobmarket.foundation.paths import SQL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path
    from typing import Any

    from psycopg import Connection

DIRECTORY = SQL / "check"
STOCK_DIRECTORY = SQL / "check_stock"
COLUMNS = ("observed", "fail_below", "fail_above", "warn_below", "warn_above")

Verdict = Literal["passed", "warned", "failed", "skipped"]


class CheckResult(Struct, frozen=True, kw_only=True):
    """What one check found.

    :param name: of the check: its file without ``.sql``.
    :param sentence: what was observed against which bound, and where to look.
    :param observed: a count, or a part of one if the name ends in ``_share``; None when skipped.
    """

    name: str
    verdict: Verdict
    sentence: str
    observed: float | None
    fail_below: float | None = None
    fail_above: float | None = None
    warn_below: float | None = None
    warn_above: float | None = None

    @property
    def is_share(self) -> bool:
        """Return whether the numbers are parts of one."""
        return self.name.endswith("_share")


def judge(name: str, row: Mapping[str, Any]) -> CheckResult:
    """Return the verdict on the row of a check; a bound that fails outweighs one that warns.

    :param row: the columns of a check, see the module.
    """
    numbers = {key: None if row[key] is None else float(row[key]) for key in COLUMNS}
    verdict, broken = _verdict(numbers)
    return CheckResult(
        name=name, verdict=verdict, sentence=_sentence(name, verdict, numbers, broken), **numbers
    )


def run_checks(
    connection: Connection[Any],
    *,
    source: str,
    day: date,
    run_id: str,
    directory: Path = DIRECTORY,
) -> list[CheckResult]:
    """Run every check on a loaded day, in the order of their names: the common ones, and those of its source.

    :param connection: any psycopg connection to the warehouse.
    :param directory: has the common ones, and a folder for each source that has own ones.
    :param run_id: the run that loaded the day, as in ``control.ingestion_run``.

    Raise :class:`ConfigurationError` if there is no check, or one does not return its row.
    """
    own = sorted((directory / source).glob("*.sql"))
    files = sorted([*directory.glob("*.sql"), *own], key=lambda file: file.stem)
    if not files:
        raise ConfigurationError(
            f"Expected the checks of the day in {directory}, but found no .sql file there: "
            f"deploy include/ beside plugins/."
        )
    parameters = {"source": source, "day": day, "run_id": run_id}
    return [judge(file.stem, _one_row(connection, file, parameters)) for file in files]


def store_results(
    connection: Connection[Any],
    results: Sequence[CheckResult],
    *,
    source: str,
    day: date,
    run_id: str,
) -> None:
    """Write the verdicts beside the run they judge, so that the report shows them.

    Raise :class:`ConfigurationError` if the run is not in ``control.ingestion_run``.
    """
    updated = connection.execute(
        "update control.ingestion_run set checks = %s where source = %s and day = %s and run_id = %s",
        (msgspec.json.encode(results).decode(), source, day, run_id),
    )
    if updated.rowcount != 1:
        raise ConfigurationError(
            f"Expected run {run_id} of {source} for {day} in control.ingestion_run, but it is not there: "
            f"load the day before it is checked."
        )


def require_passed(results: Sequence[CheckResult]) -> None:
    """Raise :class:`CheckFailed` naming every failed check, if there is one."""
    failed = [result for result in results if result.verdict == "failed"]
    if failed:
        raise CheckFailed(
            f"{len(failed)} of {len(results)} checks failed: "
            + " ".join(result.sentence for result in failed)
            + " The day stays loaded and is not reported; put the cause right and run the day again, with "
            "force if the cause is what France Travail gave."
        )


def _one_row(
    connection: Connection[Any], file: Path, parameters: Mapping[str, object]
) -> dict[str, Any]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(file.read_bytes(), parameters)
        names = tuple(column.name for column in cursor.description or ())
        rows = cursor.fetchall()
    if names != COLUMNS or len(rows) != 1:
        raise ConfigurationError(
            f"Expected one row of {', '.join(COLUMNS)} from {file.name}, "
            f"but met {len(rows)} of {', '.join(names) or 'no columns'}: correct the check."
        )
    return dict(zip(names, rows[0], strict=True))


def _verdict(numbers: Mapping[str, float | None]) -> tuple[Verdict, str | None]:
    """Return the verdict and the name of the bound that decided it."""
    observed = numbers["observed"]
    if observed is None:
        return "skipped", None
    for bound in COLUMNS[1:]:
        limit = numbers[bound]
        if limit is None:
            continue
        if observed < limit if bound.endswith("below") else observed > limit:
            return ("failed" if bound.startswith("fail") else "warned"), bound
    return "passed", None


def _sentence(
    name: str, verdict: Verdict, numbers: Mapping[str, float | None], broken: str | None
) -> str:
    share = name.endswith("_share")
    if verdict == "skipped":
        return f"{name}: nothing to judge."
    observed = _number(numbers["observed"], share)
    if broken is None:
        return f"{name}: {observed}, within its bounds."
    side = "below the minimum" if broken.endswith("below") else "above the maximum"
    limit = _number(numbers[broken], share)
    return f"{name}: {observed} is {side} {limit} (why, and when to move it: {name}.sql)."


def _number(value: float | None, share: bool) -> str:
    if value is None:
        return "none"
    return f"{value:.2%}" if share else f"{value:,.10g}"
