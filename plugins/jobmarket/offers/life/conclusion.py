"""What the absences of a sweep close: by an answer of the source, or by a second sweep in a row.

What lives here: what may be closed, what must wait for a person, how sure it is. What does not: how absences
come about (``absence``), what closing erases (``erasure``).

The source is asked for a random sample of what would be closed because two sweeps miss it. If one is alive,
the sweeps missed offers that were there, and nothing is closed but what the source itself calls gone, until
all have been asked for. If none is, the sample bounds how many of the others may be. A wave of closures
beyond what ends on ordinary days waits until a person allows it.
"""

from __future__ import annotations

from math import lgamma, log
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from jobmarket.foundation.errors import ConfigurationError
from jobmarket.foundation.warehouse.migrations import require_idle
from jobmarket.offers.life.absence import absences_of, take_back
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
    :param unasked: absences that nobody asked for, or that got no usable answer.
    :param unproved: closed, or waiting, since two sweeps miss them, and without an answer.
    :param unanswered: of these, asked for in vain.
    :param waiting: offers that would have been closed, had they not been too many.
    :param false_closure_bound: with 95 % confidence no more than this part of ``unproved`` is alive; None if
        none of their like was asked for.
    :param must_ask_all: one of a sample was alive: ask for ``sweep.all_absent`` and conclude again.
    :param sentence: all of it, for a person.
    """

    closed: int
    erased: int
    alive: int
    gone: int
    unasked: int
    unproved: int
    unanswered: int
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
    unanswered_ids: Collection[str] = (),
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
    :param unanswered_ids: of the absences asked for, those of which the source said nothing usable.
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
        absent = {one.offer_id for one in absences_of(writer, sweep_day)}
        unasked = len(absent.difference(gone_ids))
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
        unproved, unanswered, proved = connection.execute(
            statement("select_closable"), {**asked, "unanswered_ids": ",".join(unanswered_ids)}
        ).fetchone() or (0, 0, 0)
        most = max(MIN_WAVE, int(stock * min(MAX_SHARE, 1 - (1 - MAX_DAILY_SHARE) ** days)))
        is_wave = closable > most and not allow_wave
        closed = 0 if is_wave else connection.execute(statement("update_closed"), asked).rowcount
        erased = erase_closed(writer, sweep_day, grace_days)
        waiting = closable if is_wave else 0
        stands = connection.execute(
            statement("update_sweep"),
            {
                **asked,
                "alive_count": len(alive_ids),
                "gone_count": len(gone_ids),
                "closed_count": closed,
                "waiting_count": waiting,
                "unproved_count": unproved,
                "unanswered_count": unanswered,
                "bound": false_closure_bound(proved, unproved, unanswered),
            },
        ).fetchone()
        unproved, unanswered, bound = stands or (0, 0, None)
    conclusion = Conclusion(
        closed=closed,
        erased=erased,
        alive=len(alive_ids),
        gone=len(gone_ids),
        unasked=unasked,
        unproved=unproved,
        unanswered=unanswered,
        waiting=waiting,
        false_closure_bound=bound,
        must_ask_all=must_ask_all,
        sentence="",
    )
    conclusion.sentence = _told(conclusion, sweep_day, stock, most, days)
    return conclusion


def false_closure_bound(proved: int, unproved: int, unanswered: int = 0) -> float | None:
    """Return which part of what is closed without an answer may be alive; None if that is not known.

    :param proved: drawn at random of the same offers, asked for and gone.
    :param unproved: closed without an answer.
    :param unanswered: of these, drawn and asked for in vain: each may be alive.
    """
    if not unproved:
        return 0.0
    if not proved:
        return None
    return (most_alive(proved, unproved - unanswered) + unanswered) / unproved


def most_alive(drawn: int, others: int) -> int:
    """Return how many others may be alive at 95 % confidence, if none is of those drawn at random.

    The exact bound of a draw without replacement (hypergeometric): the greatest number of alive offers that
    all escape the draw with a chance of 5 % or more.
    """
    least = log(1 - CONFIDENCE) - 1e-9  # what a sum of logarithms loses is on the safe side

    def chance_log(alive: int) -> float:
        return (
            lgamma(others + 1)
            - lgamma(others - alive + 1)
            + lgamma(drawn + others - alive + 1)
            - lgamma(drawn + others + 1)
        )

    low, high = 0, others + 1  # the chance falls as they grow more
    while high - low > 1:
        middle = (low + high) // 2
        if chance_log(middle) >= least:
            low = middle
        else:
            high = middle
    return low


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
    if not one.unproved:
        sure = "none was closed without an answer"
    elif one.false_closure_bound is None:
        sure = f"{one.unproved} were closed without an answer, of whose like none was asked for"
    else:
        sure = (
            f"of {one.unproved} closed without an answer at most "
            f"{round(one.false_closure_bound * one.unproved)} ({one.false_closure_bound:.2%}) are alive"
        )
    in_vain = f", {one.unanswered} of them asked for in vain" if one.unanswered else ""
    return (
        f"The sweep of {day} closed {one.closed} offers: {one.gone} asked for are gone, {one.alive} alive, "
        f"and {sure}{in_vain}."
    )
