"""The answers of a report without a warehouse: what the tests of the page start from."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from jobmarket.foundation.lake.manifest import MANIFEST_VERSION
from jobmarket.foundation.lake.standing import standing_of
from jobmarket.foundation.paths import SQL
from jobmarket.foundation.period import day_period
from jobmarket.report.answers import Answers
from jobmarket.report.baseline import DayRead, baseline
from jobmarket.report.comparison import Counts
from jobmarket.report.facts import PeriodFacts, RunFacts
from jobmarket.report.queries import Dimension, SqlFile
from jobmarket.report.registry import ANALYSES

from tests.support.loaded_day import DAY, SOURCE, THIS_RUN, certificate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jobmarket.report.analysis import Analysis

UNIT = 12  # twelfths of an offer


def run_facts(**changes: Any) -> RunFacts:
    """Return the facts of the run of a whole day of 40,000 offers, but for the changes.

    ``certificate`` takes the fields in which the certificate differs from a whole one.
    """
    proof = certificate(40_000, **changes.pop("certificate", {}))
    whole: dict[str, Any] = {
        "read_at": datetime(2026, 11, 19, 4, 8, tzinfo=UTC),
        "updated_at": datetime(2026, 11, 18, 22, 59, tzinfo=UTC),
        "is_sample": False,
        "certificate_version": MANIFEST_VERSION,
        "rejected": 0,
        "offers": 40_000,
        "partner_offers": 30_000,
    }
    given = THIS_RUN | whole | changes
    given.setdefault("standing", standing_of(proof, is_sample=given["is_sample"]))
    return RunFacts(certificate=proof, **given)


def facts(**changes: Any) -> PeriodFacts:
    """Return the facts of a report of that day."""
    return PeriodFacts(source=SOURCE, period=day_period(DAY), runs=[run_facts(**changes)])


# every dimension that a load counts, as its statement names them
COUNTED = frozenset(
    re.findall(
        r"(?:\b(?:then|else|select)\s+)'(\w+)'",
        (SQL / "transform" / "merge_offer_count.sql").read_text(),
    )
)


def require_counted(analyses: Iterable[Analysis]) -> None:
    """Raise :class:`LookupError` if an analysis is of a dimension that no load counts.

    Its table would be empty for ever. It is asked as this module is imported, before any test runs.
    """
    for analysis in analyses:
        query = analysis.builder.query
        if isinstance(query, Dimension) and query.name not in COUNTED:
            raise LookupError(
                f"The analysis {analysis.key} is of the dimension {query.name}, which no load counts: "
                f"count it in include/sql/transform/merge_offer_count.sql, or take one of "
                f"{', '.join(sorted(COUNTED))}."
            )


require_counted(ANALYSES)
QUERIES = [analysis.builder.query for analysis in ANALYSES]
FILES = {query.stem: query for query in QUERIES if isinstance(query, SqlFile)}

# offers of the day by dimension and value, (France Travail, partner sites)
COUNTS: dict[str, Mapping[str, tuple[int, int]]] = {
    "all": {"": (10_000, 30_000)},
    **{query.name: query.sample for query in QUERIES if isinstance(query, Dimension)},
}


def answers(
    facts_of_it: PeriodFacts | None = None,
    *,
    history: dict[int, float] | None = None,
    counts: Mapping[str, Mapping[str, tuple[int, int]]] | None = None,
    usual: Mapping[str, Mapping[str, tuple[int, int]]] | None = None,
    **changed: list[tuple[Any, ...]],
) -> Answers:
    """Return the answers of a day.

    :param history: certified days before it, days back -> offers as a part of :data:`COUNTS`; four weeks of
        98 percent by default.
    :param counts: dimensions of the day that differ from :data:`COUNTS`.
    :param usual: dimensions of the days before that differ from :data:`COUNTS`.
    :param changed: rows that differ from the sample of a SQL file, by its stem.
    """
    facts_of_it = facts_of_it or facts()
    if history is None:
        history = dict.fromkeys(range(1, 29), 0.98)
    read = [
        DayRead(DAY - timedelta(days=back), "certified", round(40_000 * part), 0)
        for back, part in sorted(history.items(), reverse=True)
    ]
    run = facts_of_it.runs[0]
    read.append(DayRead(DAY, run.standing, run.offers, run.certificate.gap))
    compared = baseline(facts_of_it.period, read)
    parts = {DAY - timedelta(days=back): part for back, part in history.items()} | {DAY: 1.0}
    rows = []
    for weight in compared.weights:
        changes = counts if weight.day == DAY else usual
        for dimension, values in {**COUNTS, **(changes or {})}.items():
            for value, both in values.items():
                for origin, number in zip("12", both, strict=True):
                    twelfths = round(number * parts[weight.day]) * weight.weight
                    rows.append((weight.series, dimension, value, origin, twelfths))
    of_files = {stem: file.rows(changed.get(stem, file.sample)) for stem, file in FILES.items()}
    assert changed.keys() <= FILES.keys()
    return Answers(facts_of_it, of_files, read, compared, Counts(rows, compared.spread))
