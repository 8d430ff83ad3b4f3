"""What it means for the life of an offer that it was observed earlier than was known: a run is loaded late.

What lives here: the SQL that puts down which sweeps have missed it. What does not: sweeps themselves
(``offers.life``).

A sweep that was loaded before keeps no list of its offers. It needs none: had it held the offer, the offer
would have been known from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from jobmarket.offers.history.store import statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from jobmarket.offers.writer import Writer


class Late(NamedTuple):
    """An offer observed before what was known of it.

    :param observed_at: its first observation.
    :param known_at: what was its first observation before this load; None if it was unknown.
    """

    offer_id: str
    observed_at: datetime
    known_at: datetime | None


def last_sweep_at(writer: Writer) -> datetime | None:
    """Return when the last counted sweep began, None if there is none."""
    row = writer.connection.execute(
        statement("select_last_sweep"), {"source": writer.source}
    ).fetchone()
    return row[0] if row else None


def note_absences(writer: Writer, late: Sequence[Late]) -> None:
    """Put down the absences of offers from counted sweeps that lie between the two observations."""
    connection, source = writer.connection, {"source": writer.source}
    observed = {
        "offer_ids": ",".join(one.offer_id for one in late),
        "observed_at": [one.observed_at for one in late],
        "known_at": [one.known_at for one in late],
    }
    connection.execute(statement("create_late"), source | observed)
    connection.execute(statement("update_late_absence"), source)
    connection.execute(statement("insert_late_absence"), source)
    settle(writer, [], observed["offer_ids"])
    connection.execute("drop table late")


def settle(writer: Writer, days: Sequence[date | None], offer_ids: object) -> None:
    """Have absences say what follows from the sweeps beside their first day.

    :param days: absences that begin on one of these.
    :param offer_ids: absences of these offers, separated by commas.
    """
    writer.connection.execute(
        statement("settle_absence"),
        {"source": writer.source, "days": [*days], "offer_ids": offer_ids},
        prepare=False,
    )
