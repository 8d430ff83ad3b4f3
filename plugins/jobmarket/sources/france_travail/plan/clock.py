"""Whether the date filter compares the clock that the offers show. Pure.

A known offer of each end of the day is asked for by its own creation second. One that is not given may have
been withdrawn, or hidden by a replica that lags: so others are tried. Meanwhile the hours around are asked,
so that what they give measures by how much the filter is off.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from heapq import nlargest, nsmallest
from operator import itemgetter
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import Witness
from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.plan.partition import Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.plan.day_view import DayView

TRIES = 3
"""Offers of each end of the day that are asked for until one is given."""

ASKS_AGAIN = 4
"""Times that an offer is asked for, once one was not given."""

_WIDTHS_S = (1_800, 4 * 3600)  # around an offer that was not given
_HOURS = 26  # each whole hour so far away: a filter of another zone gives the offer there
_LOOKED_THROUGH = 1_000  # offers of each end of the day, for some of a quiet second
_CROWD = 50  # offers of three seconds that one page may hold beside the one that is looked for


class ClockCheck:
    """Asks for known offers by their creation second.

    :param plan: has no question open when :meth:`ask` is called.
    :param known: offers, id -> creation second; not empty.
    """

    def __init__(self, plan: DayView, known: dict[str, int]) -> None:
        self.witnesses: list[Witness] = []
        self._plan = plan
        self.tries = 0
        when = itemgetter(1, 0)
        self._known = {
            "first": nsmallest(_LOOKED_THROUGH, known.items(), key=when),
            "last": nlargest(_LOOKED_THROUGH, known.items(), key=when),
        }
        self._missed = set(self._known)

    @property
    def is_answered(self) -> bool:
        """An offer of each end was given, or enough were tried."""
        return self.tries > 0 and (not self._missed or self.tries == TRIES)

    def ask(self) -> None:
        """Ask for an offer of each end that is still missed."""
        self.tries += 1
        for end in sorted(self._missed):
            offer_id, created = self._known_offer(end)
            at = created - self._plan.shift.seconds
            told = partial(self._told, offer_id, end)
            self._ask_moment(at, 0, told, times=1 if self.tries == 1 else ASKS_AGAIN)
            if self.tries == 2:
                for width in _WIDTHS_S:
                    self._ask_moment(at, width, None)
                for hours in range(-_HOURS, _HOURS + 1):
                    self._ask_moment(at + 3600 * hours, 0, None)

    def doubts(self) -> list[str]:
        """Return why the filter may compare another clock."""
        if not self._missed:
            return []
        ends = " and the ".join(sorted(self._missed))
        sentence = (
            f"{TRIES} known offers of the {ends} hours of the {self._plan.terms.name} are not given when "
            f"asked for by their own creation second: the date filter compares another clock than they show, "
            f"or leaves offers out."
        )
        return [sentence]

    def _ask_moment(
        self,
        at: int,
        width: int,
        told: Callable[[Window, Answer], None] | None,
        *,
        times: int = 1,
    ) -> None:
        """Ask for what was created about a second; its answer measures the shift, whoever is told."""
        window = Window(at - width, at + 1 + width)
        last = self._plan.cap.page_size - 1
        request = Request(window.query, 0, last, is_urgent=True, is_fresh=True)

        def reply(answer: Answer, _: bool) -> None:
            if told:
                told(window, answer)

        for _ in range(times):
            self._plan.ask(request, window, reply)

    def _known_offer(self, end: str) -> tuple[str, int]:
        """Return an offer of one end of the day, if possible of a second that one page can hold."""
        known = self._known[end]
        seconds = Counter(created for _, created in known)
        quiet = [
            (offer_id, created)
            for offer_id, created in known
            if sum(seconds[created + step] for step in (-1, 0, 1)) <= _CROWD
        ]
        choices = quiet or known
        return choices[(self.tries - 1) % len(choices)]

    def _told(self, offer_id: str, end: str, window: Window, answer: Answer) -> None:
        is_given = any(sighting.offer_id == offer_id for sighting in answer.offers)
        if (answer.announced or 0) > len(answer.offers) > 0:
            # a crowd of which one page shows a part: then that part tells the clock
            first, last = (second + self._plan.shift.seconds for second in window.asked)
            is_given |= all(
                s.created is not None and first <= s.created <= last for s in answer.offers
            )
        if is_given:
            self._missed.discard(end)
        self.witnesses.append(
            Witness(
                kind="clock",
                query=window.query,
                expected=1,
                announced=answer.announced or 0,
                agrees=is_given,
            )
        )
