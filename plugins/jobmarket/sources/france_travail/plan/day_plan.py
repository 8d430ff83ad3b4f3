"""The plan of one day: the offers created on it. Pure; how it is read is in ``plan``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.client.answer import CAP, Cap, day_start
from jobmarket.sources.france_travail.plan.plan import Plan
from jobmarket.sources.france_travail.plan.terms import DAY_S, Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from jobmarket.sources.france_travail.plan.collection import Collection

OVERLAP_S = 2 * 3600
"""Seconds asked for before and after the day: covers a date filter that compares UTC, not Paris time."""


class DayPlan(Plan):
    """Asks for a day and two hours on each side, and counts what comes.

    :param day: of Europe/Paris.
    :param codes: returns the codes of a référentiel; called only if a second has to be divided.
    :param cap: what one query gives.
    :param collection: of the offers that an earlier plan of this run met.
    """

    def __init__(
        self,
        day: date,
        codes: Callable[[str], Sequence[str]],
        cap: Cap = CAP,
        collection: Collection | None = None,
    ) -> None:
        start = day_start(day)
        terms = Terms(name="day", start=start, end=start + DAY_S, overlap_s=OVERLAP_S)
        super().__init__(terms, codes, cap, collection)
