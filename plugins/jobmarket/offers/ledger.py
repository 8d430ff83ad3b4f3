"""What a load leaves in ``control``: the row of its run, and the records it rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from jobmarket.offers.outcome import LoadResult
from jobmarket.offers.writer import statement

if TYPE_CHECKING:
    from psycopg import Connection

    from jobmarket.foundation.lake.manifest import Manifest
    from jobmarket.offers.rejections import Rejection


def record_run(
    connection: Connection[Any],
    manifest: Manifest,
    result: LoadResult,
    rejections: list[Rejection],
    rules_hash: int,
) -> None:
    """Write the row of a loaded run, and exactly the records that this load of it rejected.

    :param rules_hash: version of what reads offers, by which all records of the run were compared.
    """
    connection.execute(
        statement("delete_rejected_record"),
        {
            **_key(manifest),
            "page_keys": [rejection.page_key for rejection in rejections],
            "positions": [rejection.position for rejection in rejections],
        },
    )
    insert_rejections(connection, manifest, rejections)
    _upsert_run(connection, manifest, result, "loaded", rules_hash)


def record_refused(
    connection: Connection[Any], manifest: Manifest, result: LoadResult, rejections: list[Rejection]
) -> None:
    """Write the row of a run that was refused, and the records rejected until then: it did nothing else."""
    count = len(rejections)
    insert_rejections(connection, manifest, rejections)
    refused = LoadResult(
        records=count,
        rejected=count,
        drift=result.drift,
        repairs=result.repairs,
        seconds=result.seconds,
    )
    _upsert_run(connection, manifest, refused, "refused", None)


def _key(manifest: Manifest) -> dict[str, str]:
    return {"source": manifest.source, "day": manifest.day, "run_id": manifest.run_id}


def insert_rejections(
    connection: Connection[Any], manifest: Manifest, rejections: list[Rejection]
) -> None:
    """Keep records that break the contract."""
    with connection.cursor() as cursor:
        cursor.executemany(
            statement("insert_rejected_record"),
            [{**_key(manifest), **rejection._asdict()} for rejection in rejections],
        )


def _upsert_run(
    connection: Connection[Any],
    manifest: Manifest,
    result: LoadResult,
    status: Literal["loaded", "refused"],
    rules_hash: int | None,
) -> None:
    counts = {
        f"{name}_count": getattr(result, attribute)
        for name, attribute in (
            ("record", "records"),
            ("inserted", "inserted"),
            ("updated", "updated"),
            ("unchanged", "unchanged"),
            ("stale", "stale"),
            ("rejected", "rejected"),
            ("duplicate", "duplicates"),
            ("outside_day", "outside_day"),
        )
    }
    connection.execute(
        statement("upsert_ingestion_run"),
        {
            **_key(manifest),
            **counts,
            "status": status,
            "is_sample": manifest.is_sample,
            "is_gap_allowed": manifest.gap_allowed,
            "is_generated": manifest.is_generated,
            "is_certified": manifest.certificate.certified,
            "certificate_version": manifest.version,
            "collection_started_at": manifest.started_at,
            "collection_finished_at": manifest.finished_at,
            "page_count": len(manifest.pages),
            "load_seconds": result.seconds,
            "certificate": _json(manifest.certificate),
            "drift": _json(result.drift),
            "repairs": _json(result.repairs),
            "rules_hash": rules_hash,
        },
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
