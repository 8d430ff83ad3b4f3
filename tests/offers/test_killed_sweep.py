"""A sweep whose process dies between any two statements: nothing is half, the next attempt is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from jobmarket.foundation.paths import DDL
from jobmarket.foundation.warehouse.migrations import apply_ddl

from tests.offers.test_sweep import conclude, sweep
from tests.support.stock import offer

if TYPE_CHECKING:
    from collections.abc import Iterator

Connection = psycopg.Connection[Any]
Step = Callable[[Connection], object]
TABLES = (
    "core.job_offer", "core.job_offer_skill", "core.job_offer_partner", "core.job_offer_education",
    "core.job_offer_version", "core.job_offer_restatement", "core.offer_absence", "core.offer_trace",
    "control.sweep", "control.erasure", "control.rejected_record",
)  # fmt: skip
CLOCK = ("loaded_at", "concluded_at", "erased_at", "counts")
"""Columns that tell when a transaction was, and not what it did."""


class Killed(BaseException):
    """The process is gone: nothing above it can put anything right."""


class Mortal(psycopg.Connection[Any]):
    """A connection whose process dies before a statement: its socket is closed, and nothing is said.

    ``dies_before`` is the number of that statement, from 0.
    """

    statements = 0
    dies_before = -1

    def execute(self, *args: Any, **kwargs: Any) -> psycopg.Cursor[Any]:
        if self.statements == self.dies_before:
            self.pgconn.finish()
            raise Killed
        self.statements += 1
        return super().execute(*args, **kwargs)


@pytest.fixture
def warehouse(postgres_dsn: str) -> Iterator[Connection]:
    with psycopg.connect(postgres_dsn, autocommit=True) as connection:
        apply_ddl(connection, DDL)
        yield connection


_STATE = " union all ".join(
    f"select '{table}', (to_jsonb(t) - %(clock)s::text[])::text from {table} as t"  # noqa: S608
    for table in TABLES
)


def state(connection: Connection) -> list[tuple[str, str]]:
    """Return all rows of the tables that a sweep writes, but for its clock."""
    return sorted(connection.execute(_STATE, {"clock": [*CLOCK]}).fetchall())


def life(number: int, said: int) -> dict[str, Any]:
    """Return an offer in one of its states; from the second on they are only dated anew."""
    return offer(
        f"{number:03d}",
        intitule=f"Boulanger {min(said, 2)}",
        dateActualisation=f"2026-11-{2 + said:02d}T10:00:00.000Z",
        formations=[{"niveauLibelle": "CAP", "commentaire": "chez Plantagenet"}],
        origineOffre={"origine": "2", "partenaires": [{"nom": "P", "url": "https://p.example/1"}]},
    )


def prepare(connection: Connection) -> None:
    """Let offers be changed, closed for days, closed by an answer, missing, alive after all."""
    for day in (3, 4, 5):
        sweep(connection, day, [life(n, day - 2) for n in range(12)])
    sweep(connection, 6, [life(n, 3) for n in range(9)])
    conclude(connection, 6, grace_days=2)
    sweep(connection, 7, [life(n, 3) for n in range(6)])
    conclude(connection, 7, gone=["006"], grace_days=2)


def last_sweep(connection: Connection) -> None:
    sweep(connection, 9, [*(life(n, 4) for n in range(3)), life(20, 1), life(9, 4)])


def last_conclusion(connection: Connection) -> None:
    conclude(
        connection, 9, alive=["003"], gone=["004", "007"], unanswered_ids=["005"], grace_days=2
    )


def count(rows: list[tuple[str, str]], table: str) -> int:
    return sum(name == table for name, _ in rows)


STEPS: dict[str, tuple[list[Step], Step]] = {
    "the load of a sweep": ([], last_sweep),
    "a conclusion that closes and erases": ([last_sweep], last_conclusion),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_is_killed_before_any_of_its_statements_leaves_nothing(
    warehouse: Connection, postgres_dsn: str, name: str
) -> None:
    before, step = STEPS[name]
    prepare(warehouse)
    for one in before:
        one(warehouse)
    started = state(warehouse)
    points = 0
    while True:
        with Mortal.connect(postgres_dsn) as mortal:
            mortal.dies_before = points
            try:
                step(mortal)
                break
            except Killed:
                points += 1
        assert state(warehouse) == started, f"killed before statement {points - 1}"
    assert points >= 15
    undisturbed = state(warehouse)
    assert undisturbed != started
    # and what had died after its last statement does no more when it is done again
    step(warehouse)
    assert state(warehouse) == undisturbed
    if before:
        assert count(undisturbed, "control.erasure") > count(started, "control.erasure")
