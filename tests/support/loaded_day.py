"""A warehouse with a day in it, row by row: what the tests of the checks and of the report start from."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from jobmarket.foundation.lake.manifest import MANIFEST_VERSION, Certificate
from psycopg import sql

if TYPE_CHECKING:
    from psycopg import Connection

SOURCE = "france_travail"
DAY = date(2026, 11, 18)  # a Wednesday in winter: Paris is an hour ahead of UTC
RUN = "run-1"
THIS_RUN: dict[str, Any] = {"source": SOURCE, "day": DAY, "run_id": RUN}
DDL = Path(__file__).parents[2] / "include" / "sql" / "ddl"
_TRANSFORM = DDL.parent / "transform"

OFFER: dict[str, Any] = {
    "source": SOURCE,
    "created_on": DAY,
    "created_at": "2026-11-18 10:30 Europe/Paris",
    "updated_at": "2026-11-18 11:00 Europe/Paris",
    "is_coordinates_swapped": False,
    "origin_code": "1",
    "title": "Maçon / Maçonne",
    "place_label": "59 - Lille",
    "commune_code": "59350",
    "postcode": "59000",
    "departement_code": "59",
    "region_code": "32",
    "place_kind": "commune",
    "place_method": "commune_code",
    "salary_kind": "absent",
    "rome_code": "F1703",
    "contract_type_code": "CDI",
    "observed_at": "2026-11-19 05:00 Europe/Paris",
    "content_hash": b"",
    "run_id": RUN,
}


def add_offers(connection: Connection[Any], count: int, prefix: str = "", **columns: Any) -> None:
    """Insert offers that differ from :data:`OFFER` in the columns given; ids are unique per prefix."""
    row = OFFER | columns
    statement = sql.SQL(
        "insert into core.job_offer (offer_id, {}) "
        "select {} || number, {} from generate_series(1, {}) as numbers (number)"
    ).format(
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.Literal(prefix),
        sql.SQL(", ").join(map(sql.Literal, row.values())),
        sql.Literal(count),
    )
    connection.execute(statement)


def certificate(collected: int, /, **fields: Any) -> Certificate:
    """Return a certificate of so many offers, whole but for the fields given."""
    whole: dict[str, Any] = {
        "certified": True,
        "announced": collected,
        "collected": collected,
        "duplicates": 0,
        "outside_day": 0,
        "gap": 0,
        "requests": 38,
        "retries": 0,
        "re_reads": 0,
        "bytes": 19_000_000,
        "seconds": 5.1,
        "statuses": {"206": 38},
        "filter_shift_s": 0,
        "slices": [],
    }
    return Certificate(**whole | fields)


def add_run(connection: Connection[Any], collected: int, **columns: Any) -> None:
    """Insert the run of :data:`DAY`, or one that differs from it in the columns given.

    ``certificate`` takes the fields in which the certificate differs from a whole one.
    """
    proof = certificate(collected, **columns.pop("certificate", {}))
    row = {
        **THIS_RUN,
        "status": "loaded",
        "is_sample": False,
        "is_gap_allowed": False,
        "is_certified": proof.certified,
        "certificate_version": MANIFEST_VERSION,
        "collection_started_at": "2026-11-19 05:00 Europe/Paris",
        "collection_finished_at": "2026-11-19 05:08 Europe/Paris",
        "page_count": 1,
        "record_count": collected,
        "inserted_count": collected - columns.get("rejected_count", 0),
        "updated_count": 0,
        "unchanged_count": 0,
        "stale_count": 0,
        "rejected_count": 0,
        "duplicate_count": 0,
        "outside_day_count": 0,
        "load_seconds": 1.0,
        "certificate": msgspec.json.encode(proof).decode(),
        "drift": "{}",
        "repairs": "{}",
    }
    row |= columns
    statement = sql.SQL("insert into control.ingestion_run ({}) values ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(map(sql.Literal, row.values())),
    )
    connection.execute(statement)


def count_offers(connection: Connection[Any], *days: date) -> None:
    """Write the counts of days, as their load does; of :data:`DAY` if none is named."""
    for day in days or (DAY,):
        statement = (_TRANSFORM / "merge_offer_count.sql").read_bytes()
        connection.execute(statement, {"source": SOURCE, "day": day})


def add_counts(connection: Connection[Any], day: date, dimension: str, **counts: int) -> None:
    """Insert counts of a day by origin and value, such as ``o2_CDI=7``; ``o1_=7`` has no value."""
    for name, offers in counts.items():
        origin, value = name[1], name[3:]
        connection.execute(
            "insert into mart.offer_count values (%s, %s, %s, %s, %s, %s)",
            (SOURCE, dimension, day, value, origin, offers),
        )


def weeks_before(weeks: int) -> date:
    """Return the same weekday so many weeks before :data:`DAY`."""
    return DAY - timedelta(weeks=weeks)
