"""The world asked again when a day is read: whether what is held is all, and still there.

Pure. A proof that compares a slice with its own total believes that the slices leave nothing out, that the
total is no ceiling, that it is of now, and that the date filter compares the clock that the offers show. Here
each of these has a witness, and none is taken from what an earlier attempt landed:

* **clock**: the first and the last offer of the day are asked for by their own creation second.
* **whole**: the time of the day is cut anew, at other places, and each piece asked for without a filter
  and in another order; it must be announced, and counted by its facets, to hold as many offers as are held.
* **sample**: of each slice, ten offers are asked for again, all if an earlier attempt read it: its total, its
  facets and they must be as read.
* **zero**: a day without offers must be what its week, asked for as one, lacks.

What ``whole`` and ``sample`` compare, and what becomes of differences, is in ``comparison``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.plan.clock import ClockCheck
from jobmarket.sources.france_travail.plan.comparison import SMALL_DAY, Comparison
from jobmarket.sources.france_travail.plan.zero import ZeroCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.foundation.lake.manifest import SliceCertificate, Witness
    from jobmarket.sources.france_travail.plan.day_view import DayView

EXTENSIONS = 3
"""Times that the day is read further to one side, as answers tell more of the shift of the filter."""
ZERO_READINGS = 3
"""Times that a day without offers is read as a whole, because its query is announced to hold more."""


class Verification:
    """Verifies what a plan holds, once all its slices are read.

    :param plan: has no question open whenever :meth:`proceed` is called.
    """

    def __init__(self, plan: DayView) -> None:
        self.is_finished = False
        self.doubts: list[str] = []
        self.witnesses: list[Witness] = []
        self._plan = plan
        self._next: Callable[[], None] = self._begin
        self._extensions = 0
        self._zero_readings = 0
        self._comparison = Comparison(plan)

    def proceed(self) -> None:
        """Judge what was answered and ask the next questions; finished if there are none."""
        self._next()

    def certificates(self) -> list[SliceCertificate]:
        """Return the pieces that hold more than could be read."""
        return self._comparison.certificates()

    def _begin(self) -> None:
        if any(certificate.gap for certificate in self._plan.certificates()):
            self.is_finished = True  # what is missing is known: nothing is to be verified
            return
        if self._plan.is_led_astray and self._plan.read_replayed_again():
            return
        if self._follow_shift():
            return
        start, end = self._plan.span
        known = {
            offer_id: created
            for offer_id, created in self._plan.offers().items()
            if created is not None and start <= created < end
        }
        if known:
            self._check_clock(known)
        else:
            check = ZeroCheck(self._plan)
            check.ask()
            self._next = partial(self._judge_zero, check)

    def _follow_shift(self) -> bool:
        """Read what the filter keeps out of the day, if it does; tell whether that is being read."""
        first, last = self._plan.covered()
        start, end = self._plan.span
        if self._extensions == EXTENSIONS or (first <= start and last >= end):
            return False
        self._extensions += 1
        self._next = self._begin
        return self._plan.extend()

    def _judge_zero(self, check: ZeroCheck) -> None:
        if not check.is_answered:
            check.ask()
            return
        if self._follow_shift():
            return
        if check.unread is not None and self._zero_readings < ZERO_READINGS:
            self._zero_readings += 1
            self._plan.read_unfiltered(check.unread)
            self._next = self._begin
            return
        self.witnesses.append(check.witness())
        self._go_on(check.doubts(), partial(self._check_clock, check.known))

    def _check_clock(self, known: dict[str, int]) -> None:
        check = ClockCheck(self._plan, known)
        check.ask()
        # many slices have told the clock: asked side by side, the check costs no wait of its own
        is_told = len(list(self._plan.slices())) > SMALL_DAY
        if is_told:
            self._comparison.start()
        self._next = partial(self._judge_clock, check, is_told=is_told)

    def _judge_clock(self, check: ClockCheck, *, is_told: bool) -> None:
        if self._follow_shift():
            return
        if not check.is_answered:
            check.ask()
            return
        self.witnesses += check.witnesses
        is_compared = is_told and check.tries == 1
        self._go_on(check.doubts(), self._compare if is_compared else self._start)

    def _start(self) -> None:
        self._comparison.start()
        self._next = self._compare

    def _compare(self) -> None:
        self._next = self._compare
        self._comparison.proceed()
        if self._comparison.is_finished:
            self.witnesses += self._comparison.witnesses
            self._go_on(self._comparison.doubts, self._finish)

    def _finish(self) -> None:
        self.is_finished = True

    def _go_on(self, doubts: list[str], then: Callable[[], None]) -> None:
        if doubts:
            self._give_up(doubts)
        else:
            then()

    def _give_up(self, doubts: list[str]) -> None:
        """End with these doubts, unless they may come from what an earlier attempt was told."""
        if not self._plan.read_replayed_again():
            self.doubts = doubts
            self.is_finished = True
            return
        self.witnesses = []
        self._comparison = Comparison(self._plan)
        self._extensions = 0
        self._next = self._begin
