"""What the absences of a sweep close: by an answer of the source, or by a second sweep in a row.

What lives here: what may be closed, what must wait for a person, how sure it is. What does not: how absences
come about (``absence``), what closing erases (``erasure``).

The source is asked for a random sample of the absences of a sweep. If one is alive, the sweep missed offers
that were there, and nothing is closed by it but what the source itself calls gone, until all of them have
been asked for. A wave of closures beyond what ends on ordinary days waits until a person allows it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.warehouse.migrations import require_idle
from jobmarket.offers.life.absence import absent_ids, take_back
from jobmarket.offers.life.erasure import GRACE_DAYS, erase_closed
from jobmarket.offers.life.statements import statement
from jobmarket.offers.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from psycopg import Connection

# 5 to 8 % of the stock end on a day; the end of a month, or a partner that leaves, doubles that.
MAX_DAILY_SHARE = 0.15
MAX_SHARE = 0.5
# A stock this small is a trial.
MIN_WAVE = 200
CONFIDENCE = 0.95


class Conclusion(Struct, kw_only=True):
    """What a sweep closed: the receipt.

    :param closed: offers closed.
    :param erased: offers erased: closed for longer than the period of grace.
    :param alive: asked for and alive, so not absent.
    :param gone: asked for and gone.
    :param unasked: absences that nobody asked for.
    :param waiting: offers that would have been closed, had they not been too many.
    :param false_closure_bound: with 95 % confidence no more than this part of ``unasked`` is alive; None if
        none was asked for.
    :param must_ask_all: one of a sample was alive: ask for ``sweep.all_absent`` and conclude again.
    :param sentence: all of it, for a person.
    """

    closed: int
    erased: int
    alive: int
    gone: int
    unasked: int
    waiting: int
    false_closure_bound: float | None
    must_ask_all: bool
    sentence: str


def conclude_absences(
    connection: Connection[Any],
    sweep_day: date,
    alive_ids: Collection[str],
    gone_ids: Collection[str],
    allow_wave: bool = False,
    *,
    source: str = "france_travail",
    grace_days: int = GRACE_DAYS,
) -> Conclusion:
    """Close what a counted sweep and the answers of the source prove; erase what has been closed for long.

    One transaction; the same again changes nothing.

    :param connection: with no transaction begun.
    :param sweep_day: of a sweep that is loaded and counted.
    :param alive_ids: of the absences asked for, those that the source still gives.
    :param gone_ids: of the absences asked for, those that it does not (204).
    :param allow_wave: close however many they are.
    :param grace_days: for how many days the text of a closed offer is kept.

    Raise :class:`ConfigurationError` if no counted sweep of that day is loaded.
    """
    require_idle(connection)
    asked: dict[str, Any] = {"source": source, "day": sweep_day}
    with connection.transaction():
        writer = Writer(connection, source, None)
        connection.execute("select set_config('enable_seqscan', 'on', true)")
        if alive_ids:
            take_back(writer, sweep_day, alive_ids)
        if gone_ids:
            connection.execute(statement("update_gone"), {**asked, "offer_ids": ",".join(gone_ids)})
        unasked = len(set(absent_ids(writer, sweep_day)).difference(gone_ids))
        must_ask_all = bool(alive_ids) and unasked > 0
        row = connection.execute(statement("select_stock"), asked).fetchone()
        if row is None:
            raise ConfigurationError(
                f"Expected a certified sweep of {source} for {sweep_day} in control.sweep, but none is "
                f"loaded: load it before its absences are concluded from."
            )
        stock, days = row
        asked["is_only_gone"] = must_ask_all
        closable = connection.execute(statement("create_closable"), asked).rowcount
        most = max(MIN_WAVE, int(stock * min(MAX_SHARE, 1 - (1 - MAX_DAILY_SHARE) ** days)))
        is_wave = closable > most and not allow_wave
        closed = 0 if is_wave else connection.execute(statement("update_closed"), asked).rowcount
        erased = erase_closed(writer, sweep_day, grace_days)
        bound = false_closure_bound(len(alive_ids), len(gone_ids), unasked)
        conclusion = Conclusion(
            closed=closed,
            erased=erased,
            alive=len(alive_ids),
            gone=len(gone_ids),
            unasked=unasked,
            waiting=closable if is_wave else 0,
            false_closure_bound=bound,
            must_ask_all=must_ask_all,
            sentence="",
        )
        conclusion.sentence = _told(conclusion, sweep_day, stock, most, days)
        connection.execute(
            statement("update_sweep"),
            {
                **asked,
                "alive_count": conclusion.alive,
                "gone_count": conclusion.gone,
                "closed_count": closed,
                "waiting_count": conclusion.waiting,
                "bound": bound,
            },
        )
    return conclusion


def false_closure_bound(alive: int, gone: int, unasked: int) -> float | None:
    """Return which part of the absences not asked for may be alive; None if that is not known.

    Of *n* drawn at random none is alive with a chance of at most ``(1 - p) ** n`` where a part ``p`` of all
    is: that is 5 % at the bound. Exact for a large whole, and on the safe side for a small one.
    """
    if not unasked:
        return 0.0
    if alive or not gone:
        return None
    return float(1 - (1 - CONFIDENCE) ** (1 / gone))


def _told(one: Conclusion, day: date, stock: int, most: int, days: int) -> str:
    if one.must_ask_all:
        return (
            f"{one.alive} of {one.alive + one.gone} offers that the sweep of {day} misses are alive, so only "
            f"{one.closed}, which the source calls gone, were closed: ask for the other {one.unasked}, too."
        )
    if one.waiting:
        return (
            f"The sweep of {day} would close {one.waiting} of {stock} offers ({one.waiting / stock:.1%}), "
            f"more than the {most} that end within {days} days at the most, so nothing was closed: see "
            f"whether the source has lost offers, then conclude again with allow_wave, or let the next sweep "
            f"find them."
        )
    if one.false_closure_bound is None:
        sure = "none of them was asked for"
    else:
        sure = f"at most {one.false_closure_bound:.2%} of the {one.unasked} not asked for are alive"
    return (
        f"The sweep of {day} closed {one.closed} offers: {one.gone} asked for are gone, {one.alive} alive, "
        f"and {sure}."
    )
