"""One contestant of the load in a process of its own: ``python -m bench.load_contestants NAME DSN PAGES``.

Each reads the same landed pages and fills the same tables, but for dlt, which makes its own. Each is
written as its own documentation teaches it, and stores long texts as ours does (LZ4). The peers do less:
no strict reading, no entities, no coordinates put right, no rejected records, no counts, and ``to_sql``
only appends. Which field they write to which column is in ``load_mapping``.

Prints one line of JSON: wall time, CPU of this process, peak memory, what it loaded.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.load_mapping import (
    CHILDREN,
    COLUMNS,
    DATES,
    FIELDS,
    OBSERVED_AT,
    RUN,
    SOURCE,
    labels,
    row_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STARTED = time.monotonic()
LZ4 = "set default_toast_compression = 'lz4'"


def bodies(pages: Path) -> Iterator[bytes]:
    """Yield the bodies of the landed pages, in order."""
    import zstandard

    decompressor = zstandard.ZstdDecompressor()
    for path in sorted(pages.glob("*.json.zst")):
        yield decompressor.decompress(path.read_bytes())


def stated(dsn: str, pages: Path) -> dict[str, Any]:
    """Ours, but only what the source states: the job that the peers do.

    Without the place, pay and technologies read in each offer and without the counts of the day.
    """
    _read_nothing()
    return jobmarket(dsn, pages)


def jobmarket(dsn: str, pages: Path) -> dict[str, Any]:
    """Ours, as the task calls it, with the pages at hand."""
    manifest = _manifest(pages)
    return _load(dsn, manifest, zip(manifest.pages, bodies(pages), strict=True))


def task_stated(dsn: str, pages: Path) -> dict[str, Any]:
    """What the source states, with the pages in S3."""
    _read_nothing()
    return task(dsn, pages)


def task(dsn: str, pages: Path) -> dict[str, Any]:
    """Ours, as the task runs it: with the pages in S3."""
    manifest = _manifest(pages)
    import boto3
    from jobmarket.foundation.lake.store import Lake

    where = json.loads((pages / "s3.json").read_text())
    lake = Lake(boto3.client("s3", **where["client"]), where["bucket"])
    return _load(dsn, manifest, lake.iter_pages(manifest))


def _read_nothing() -> None:
    from jobmarket.offers import load_records
    from jobmarket.offers.writer import Writer

    load_records.conclude = lambda read, notes: None
    Writer.count_day = lambda self, day: None


def _manifest(pages: Path) -> Any:
    import msgspec
    from jobmarket.foundation.lake.manifest import Manifest

    return msgspec.json.decode((pages / "manifest.json").read_bytes(), type=Manifest)


def _load(dsn: str, manifest: Any, pages: Iterable[Any]) -> dict[str, Any]:
    import psycopg
    from jobmarket.offers.load import load_run
    from jobmarket.sources.registry import source

    with psycopg.connect(dsn) as connection:
        return load_run(connection, manifest, pages, source(manifest.source).reader()).counts()


def floor(dsn: str, pages: Path, form: str = "binary") -> dict[str, Any]:
    """COPY of rows made ready beforehand into the same final tables: no reading, no typing, no hash."""
    import psycopg

    with psycopg.connect(dsn) as connection:
        connection.execute(LZ4)
        for path in sorted((pages / form).iterdir()):
            with (
                connection.cursor() as cursor,
                cursor.copy(f"copy core.{path.name} from stdin (format {form})") as copy,
                path.open("rb") as ready,
            ):
                while chunk := ready.read(256 * 1024):
                    copy.write(chunk)
    return {}


def floor_text(dsn: str, pages: Path) -> dict[str, Any]:
    """The same with rows in COPY's text format."""
    return floor(dsn, pages, "text")


def to_sql(dsn: str, pages: Path) -> dict[str, Any]:
    """pandas: json_normalize, then to_sql into the same tables, append only."""
    import pandas as pd
    import sqlalchemy

    offers = [offer for body in bodies(pages) for offer in json.loads(body)["resultats"]]
    frame = pd.json_normalize(offers)
    rows = pd.DataFrame({column: frame[path] for column, path in FIELDS.items() if path in frame})
    for column, path in DATES.items():
        naive = pd.to_datetime(frame[path].str.removesuffix("Z"), format="ISO8601")
        rows[column] = naive.dt.tz_localize("Europe/Paris", ambiguous=True)
    rows["created_on"] = frame["dateCreation"].str.slice(0, 10)
    rows = rows.assign(
        source=SOURCE,
        is_coordinates_swapped=False,
        soft_skill_labels=frame["qualitesProfessionnelles"].map(labels),
        observed_at=OBSERVED_AT,
        content_hash=b"",
        run_id=RUN,
    )
    engine = sqlalchemy.create_engine(dsn.replace("postgresql://", "postgresql+psycopg2://"))
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text(LZ4))
        rows.to_sql("job_offer", connection, schema="core", if_exists="append", index=False)
        for table, (list_of, columns) in CHILDREN.items():
            children = [
                {"source": SOURCE, "offer_id": offer["id"], "position": i}
                | {column: item.get(name) for column, name in columns.items()}
                for offer in offers
                for i, item in enumerate(list_of(offer))
            ]
            pd.DataFrame(children).to_sql(
                table, connection, schema="core", if_exists="append", index=False
            )
    return {"rows": len(rows)}


def execute_values(dsn: str, pages: Path) -> dict[str, Any]:
    """psycopg2: plain dictionaries, execute_values of 1,000 rows, on conflict do update."""
    import psycopg2
    from psycopg2.extras import execute_values as insert

    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(LZ4)
        cursor.execute(
            "set timezone = 'Europe/Paris'"
        )  # a date without its Z is then read as Paris
        for body in bodies(pages):
            offers = json.loads(body)["resultats"]
            rows = [row_of(offer) for offer in offers]
            insert(cursor, _upsert("job_offer", COLUMNS, 2), rows, page_size=1000)
            for table, (list_of, names) in CHILDREN.items():
                children = [
                    (SOURCE, offer["id"], i, *map(item.get, names.values()))
                    for offer in offers
                    for i, item in enumerate(list_of(offer))
                ]
                statement = _upsert(table, ["source", "offer_id", "position", *names], 3)
                insert(cursor, statement, children, page_size=1000)
    connection.close()
    return {}


def dlt_merge(dsn: str, pages: Path) -> dict[str, Any]:
    """dlt: merge on the id; its own tables for each nested list."""
    import dlt

    @dlt.resource(name="job_offer", write_disposition="merge", primary_key="id")
    def job_offer() -> Iterator[list[dict[str, Any]]]:
        for body in bodies(pages):
            offers = json.loads(body)["resultats"]
            for offer in offers:
                offer.pop("contact", None)
                offer.pop("agence", None)
            yield offers

    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.postgres(dsn),
        dataset_name="dlt",
        pipelines_dir=str(pages / f"dlt-{time.time_ns()}"),
    )
    pipeline.run(job_offer())
    return {}


def _upsert(table: str, columns: Sequence[str], keys: int) -> str:
    names = ["source", "offer_id", "position"][:keys]
    changes = ", ".join(
        f"{column} = excluded.{column}" for column in columns if column not in names
    )
    return (
        f"insert into core.{table} ({', '.join(columns)}) values %s "  # noqa: S608
        f"on conflict ({', '.join(names)}) do update set {changes}"
    )


CONTESTANTS = {
    run.__name__: run
    for run in (
        jobmarket,
        stated,
        task,
        task_stated,
        floor,
        floor_text,
        to_sql,
        execute_values,
        dlt_merge,
    )
}


def main() -> None:
    """Run the contestant named on the command line."""
    name, dsn, pages = sys.argv[1:]
    loaded = CONTESTANTS[name](dsn, Path(pages))
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(
        json.dumps(
            {
                "wall_s": time.monotonic() - STARTED,
                "client_cpu_s": sum(used.ru_utime + used.ru_stime for used in uses),
                "peak_mb": peak / 1024,
                "loaded": loaded,
            }
        )
    )


if __name__ == "__main__":
    main()
