"""What a task of a run took: time, calls, bytes, rows, and what that costs on AWS by a stated price list.

What lives here: the receipt, its cost, and its row in ``control.run_receipt``. What does not: when it is
taken (``airflow.receipts``), how S3 is counted (``lake.usage``), what is shown of it (``report``,
``airflow.ui``).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jobmarket.foundation.paths import REFERENCE, SQL

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection

    from jobmarket.foundation.period import Period

PRICE_LIST = REFERENCE / "unit_price.toml"
_GB = 1_000_000_000
_HOUR_S = 3600


class UnitPrices(NamedTuple):
    """Prices in US dollars; see the comments of ``include/reference/unit_price.toml``.

    :param bytes_an_offer: what a row takes in the warehouse, its parts and indexes included.
    """

    s3_write_request: float
    s3_read_request: float
    s3_gb_month: float
    rds_instance_hour: float
    rds_gb_month: float
    bytes_an_offer: int


@cache
def unit_prices(file: Path = PRICE_LIST) -> UnitPrices:
    """Return the price list; raise :class:`KeyError` or :class:`tomllib.TOMLDecodeError` if it is broken."""
    with file.open("rb") as stream:
        told = tomllib.load(stream)
    s3, rds = told["s3"], told["rds"]
    return UnitPrices(
        s3["write_request"],
        s3["read_request"],
        s3["gb_month"],
        rds["instance_hour"],
        rds["gb_month"],
        rds["bytes_an_offer"],
    )


@dataclass(kw_only=True)
class Receipt:
    """What one attempt of a task took.

    :param phase: ``extract``, ``load``, ``check`` or ``report``.
    :param run_id: run that collected the pages, once it is known.
    :param phase_seconds: wall time.
    :param warehouse_seconds: of it with a connection to the warehouse open.
    :param source_call_count: HTTP requests to the source.
    :param source_bytes: of the bodies that it answered.
    :param row_count: offers collected (extract) or written (load).
    :param lake_write_count: requests to S3, priced as writes; ``lake_read_count`` likewise.
    :param lake_written_bytes: sent to S3; ``lake_read_bytes`` received from it.
    """

    phase: str
    run_id: str | None = None
    phase_seconds: float = 0.0
    warehouse_seconds: float = 0.0
    source_call_count: int = 0
    source_bytes: int = 0
    row_count: int = 0
    lake_write_count: int = 0
    lake_read_count: int = 0
    lake_written_bytes: int = 0
    lake_read_bytes: int = 0

    def s3_cost_usd(self, prices: UnitPrices | None = None) -> float:
        """Return what S3 asks for the requests, and for a month of the bytes that were written."""
        prices = prices or unit_prices()
        return (
            self.lake_write_count * prices.s3_write_request
            + self.lake_read_count * prices.s3_read_request
            + self.lake_written_bytes / _GB * prices.s3_gb_month
        )

    def rds_cost_usd(self, prices: UnitPrices | None = None) -> float:
        """Return what the server's time costs, and a month of the rows that were written."""
        prices = prices or unit_prices()
        written = self.row_count if self.phase == "load" else 0
        return (
            self.warehouse_seconds / _HOUR_S * prices.rds_instance_hour
            + written * prices.bytes_an_offer / _GB * prices.rds_gb_month
        )


def record_receipt(
    connection: Connection[Any],
    receipt: Receipt,
    *,
    dag_id: str,
    dag_run_id: str,
    source: str,
    period: Period,
    is_done: bool,
) -> None:
    """Write the receipt of an attempt, added to those of the attempts before it.

    :param dag_run_id: the run, as Airflow calls it.
    :param period: the day, week or month that it is about.
    :param is_done: the attempt ended well.
    """
    connection.execute(
        (SQL / "receipt" / "upsert_receipt.sql").read_bytes(),
        {
            **vars(receipt),
            "dag_id": dag_id,
            "dag_run_id": dag_run_id,
            "source": source,
            "period_key": period.key,
            "first_day": period.start,
            "is_done": is_done,
            "s3_cost_usd": receipt.s3_cost_usd(),
            "rds_cost_usd": receipt.rds_cost_usd(),
        },
    )
