"""The answers of a report without a warehouse: what the tests of the page start from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
from jobmarket.foundation.lake.manifest import MANIFEST_VERSION
from jobmarket.foundation.lake.standing import standing_of
from jobmarket.foundation.period import day_period
from jobmarket.report.answers import Answers
from jobmarket.report.baseline import DayRead, baseline
from jobmarket.report.comparison import Counts
from jobmarket.report.facts import PeriodFacts, RunFacts

from tests.loaded_day import DAY, SOURCE, THIS_RUN, certificate

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


def frame(columns: str, *rows: tuple[Any, ...]) -> pd.DataFrame:
    """Return a frame as a query gives it."""
    return pd.DataFrame(list(rows), columns=columns.split(), dtype=object)


# offers of the day by dimension and value, (France Travail, partner sites)
COUNTS: dict[str, dict[str, tuple[int, int]]] = {
    "all": {"": (10_000, 30_000)},
    "contract_type": {
        "CDI": (6_000, 17_000),
        "MIS": (1_998, 8_000),
        "CDD": (2_000, 5_000),
        "REP": (2, 0),
    },
    "departement": {
        "59": (500, 1_500),
        "33": (400, 1_200),
        "2A": (10, 20),
        "": (64, 200),
    },
    "rome": {"M1805": (300, 700), "K1304": (900, 2_100), "J1501": (100, 150)},
    "technology": {"python": (60, 140), "sql": (40, 120), "excel": (20, 90)},
    "partner": {"JOBATOUT": (0, 20_000), "EMPLOIVIF": (0, 10_000)},
}


def frames() -> dict[str, pd.DataFrame]:
    """Return the frames of a day, as the queries give them."""
    return {
        "hours": frame(
            "label france_travail partner",
            *((hour, 10 * hour, 100 if hour == 3 else 2) for hour in range(24)),
        ),
        "wider_places": frame("label offers", ("france", 200), ("region 44", 60), ("Monaco", 4)),
        "pay": frame(
            "label offers low middle high minimum",
            ("", 900, 22_000, 26_000, 34_000, 160),
            ("M", 500, 24_010, 31_050, 42_000, 50),
            ("K", 300, 21_900, 23_450, 26_010, 110),
            ("M1805", 120, 38_000, 45_049, 55_000, 3),
            ("K1304", 200, 21_900, 22_600, 24_000, 90),
            ("J1501", 19, 24_000, 26_000, 28_000, 0),
        ),
        "employers": frame(
            "is_agency label offers departements has_siret",
            (False, "VALTERRE", 80, 12, False),
            (False, "Mme Dupont", 12, 4, False),
            (False, "", 9_000, 90, False),
            (False, None, 20_000, 100, False),
            (True, "VIVATEMP", 400, 40, False),
            (True, "", 90, 30, False),
        ),
        "readings": frame(
            "reading kind decided_by offers",
            ("pay", "absent", None, 24_000),
            ("pay", "stated", "label", 16_000),
            ("place", "commune", "commune_code", 38_000),
            ("place", "france", "label", 2_000),
        ),
    }


def answers(
    facts_of_it: PeriodFacts | None = None,
    *,
    history: dict[int, float] | None = None,
    counts: dict[str, dict[str, tuple[int, int]]] | None = None,
    usual: dict[str, dict[str, tuple[int, int]]] | None = None,
    **changed: pd.DataFrame,
) -> Answers:
    """Return the answers of a day.

    :param history: certified days before it, days back -> offers as a part of :data:`COUNTS`; four weeks of
        98 percent by default.
    :param counts: dimensions of the day that differ from :data:`COUNTS`.
    :param usual: dimensions of the days before that differ from :data:`COUNTS`.
    :param changed: frames that differ.
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
        for dimension, values in (COUNTS | (changes or {})).items():
            for value, both in values.items():
                for origin, number in zip("12", both, strict=True):
                    twelfths = round(number * parts[weight.day]) * weight.weight
                    rows.append((weight.series, dimension, value, origin, twelfths))
    return Answers(facts_of_it, frames() | changed, read, compared, Counts(rows, compared.spread))
