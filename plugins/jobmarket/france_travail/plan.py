"""The plan of one day: which questions to ask, in the light of the answers; what was proved in the end.

Pure: no network, no clock, no thread. Who asks the questions is in ``extraction``. Answers may come in
any order, and those that an earlier attempt landed are given in the same way as new ones.

::

    DayPlan                     one Division a value of origineOffre, the day and two hours on each side
    └── Division                a window, reconciled with its own announced total
        ├── Slice               a window that is read whole and proved
        └── Division            a second too full for one query, divided by filters
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from jobmarket.france_travail.answer import day_start
from jobmarket.france_travail.division import BY_TIME, Division
from jobmarket.france_travail.partition import Request, Window
from jobmarket.france_travail.shift import FilterShift

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from jobmarket.france_travail.answer import Answer
    from jobmarket.france_travail.slices import Reply
    from jobmarket.france_travail.tally import Tally
    from jobmarket.manifest import SliceCertificate

OVERLAP_S = 2 * 3600
"""Seconds asked for before and after the day: covers a date filter that compares UTC, not Paris time."""

ORIGINS = ("1", "2")
"""``origineOffre``: France Travail's own offers, partners' offers. Asked apart, because the API ranks
the first before the second and its cap would hide the second."""


class DayPlan:
    """Asks for a day, and counts what comes.

    :param day: of Europe/Paris.
    :param codes: returns the codes of a référentiel; called only if a second has to be divided.
    """

    def __init__(self, day: date, codes: Callable[[str], Sequence[str]]) -> None:
        self.codes = codes
        self.in_day = 0
        self.outside_day = 0
        self.offers_read = 0
        self.replicas_disagree = False
        self._shift = FilterShift()
        self._day = (day_start(day), day_start(day) + 86_400)
        start, end = self._day
        window = Window(start - OVERLAP_S, end + OVERLAP_S, ())
        self._origins = {
            origin: Division(self, window.narrowed("origineOffre", origin), (BY_TIME,))
            for origin in ORIGINS
        }
        self._outbox: list[Request] = []
        self._waiting: dict[Request, list[tuple[Window, Reply]]] = {}

    @property
    def shift_s(self) -> int:
        """Measured shift of the date filter, seconds."""
        return self._shift.seconds

    @property
    def is_finished(self) -> bool:
        """No question is open and the day is reconciled."""
        return not self._waiting and all(d.certificate for d in self._origins.values())

    def start(self) -> list[Request]:
        """Return the first questions."""
        for division in self._origins.values():
            division.start()
        return self._send()

    def receive(self, request: Request, answer: Answer, *, is_fresh: bool = True) -> list[Request]:
        """Take the answer to a question and return the questions that follow from it.

        :param is_fresh: asked by this attempt, not landed by an earlier one.
        """
        waiting = self._waiting[request]
        window, reply = waiting.pop()
        if not waiting:
            del self._waiting[request]
        self._count(answer, self._origins[window.value("origineOffre") or ""].tally)
        self._shift.measure(
            window.asked, [s.created for s in answer.offers if s.created is not None]
        )
        reply(answer, is_fresh)
        return self._send()

    def adopt(self, answer: Answer) -> None:
        """Count the offers of a landed answer that the plan did not ask for this time."""
        for origin in parse_qs(answer.query).get("origineOffre", []):
            self._count(answer, self._origins[origin].tally)

    def certificates(self) -> list[SliceCertificate]:
        """Return what was announced and collected, slice by slice."""
        return [c for division in self._origins.values() for c in division.certificates()]

    def doubts(self) -> list[str]:
        """Return why the day cannot be certified, one sentence each; nothing if it can."""
        first, last = self._day[0] - OVERLAP_S, self._day[1] + OVERLAP_S
        doubts = [
            f"{c.gap} of {c.announced} announced offers are missing in {c.query}."
            for c in self.certificates()
            if c.gap
        ]
        low, high = self._shift.bounds
        if first + high > self._day[0] or last + low < self._day[1]:
            doubts.append(
                f"The date filter gives offers {low} to {high} s away from the dates asked for, more than "
                f"the overlap of {OVERLAP_S} s: the ends of the day may be missing."
            )
        return doubts

    # Desk

    def ask(self, request: Request, window: Window, reply: Reply) -> None:
        """Put a question; ``reply(answer, is_fresh)`` is called with its answer."""
        self._waiting.setdefault(request, []).append((window, reply))
        self._outbox.append(request)

    def notice(self, totals: set[int]) -> None:
        """Register all the totals that one query has announced."""
        self.replicas_disagree |= len(totals) > 1

    def _send(self) -> list[Request]:
        outbox, self._outbox = self._outbox, []
        return outbox

    def _count(self, answer: Answer, tally: Tally) -> None:
        start, end = self._day
        self.offers_read += len(answer.offers)
        for offer_id, created in answer.offers:
            if any(offer_id in division.tally for division in self._origins.values()):
                continue
            tally.stray.add(offer_id)
            # an offer whose date cannot be read is nobody else's: it is kept with the day
            if created is None or start <= created < end:
                self.in_day += 1
            else:
                self.outside_day += 1
