"""The plan of a span of creation time: which questions to ask, in the light of the answers; what was proved.

Pure: no network, no clock, no thread. Who asks the questions is in ``extraction``, which of them are open in
``questions``, what a day and the live stock are to it in ``day_plan`` and ``stock_plan``. Answers may come in
any order.

::

    Plan                        the span and what lies beside it, each value of origineOffre apart
    ├── Slice                   a window that is read whole and proved
    ├── Division                a second too full for one query, divided by filters
    └── Verification            the world asked again, in other words, when all of these are read
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import SliceCertificate
from jobmarket.sources.france_travail.client.answer import CAP, Cap
from jobmarket.sources.france_travail.plan.collection import Collection
from jobmarket.sources.france_travail.plan.division import Division
from jobmarket.sources.france_travail.plan.partition import Window
from jobmarket.sources.france_travail.plan.questions import Questions
from jobmarket.sources.france_travail.plan.shift import FilterShift
from jobmarket.sources.france_travail.plan.slices import Slice
from jobmarket.sources.france_travail.plan.verification import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jobmarket.foundation.lake.manifest import Witness
    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.client.request import Request
    from jobmarket.sources.france_travail.plan.desk import Reply
    from jobmarket.sources.france_travail.plan.terms import Terms

LARGEST_SHIFT_S = 36 * 3600
"""Seconds; a filter that is off by more than this is not followed."""

ORIGINS = ("1", "2")
"""``origineOffre``: France Travail's own offers, partners' offers. Asked apart, because the API ranks
the first before the second and its cap would hide the second."""


class Plan:
    """Asks for all offers created in a span, and counts what comes.

    :param terms: the span, and how it is asked for.
    :param codes: returns the codes of a référentiel; called only if a second has to be divided.
    :param cap: what one query gives.
    :param collection: of the offers that an earlier plan of this run met.
    """

    def __init__(
        self,
        terms: Terms,
        codes: Callable[[str], Sequence[str]],
        cap: Cap = CAP,
        collection: Collection | None = None,
    ) -> None:
        self.terms = terms
        self.codes = codes
        self.cap = cap
        self.replicas_disagree = False
        self.replicas_hide = False
        self.is_led_astray = False
        """Landed pages contradict each other: what else has landed is not believed either."""
        self.span = (terms.start, terms.end)
        self.whole = Window(terms.start - terms.overlap_s, terms.end + terms.overlap_s)
        self.parts: list[Slice | Division] = []
        self.shift = FilterShift()
        self.collection = collection or Collection(*self.span)
        self._verification = Verification(self)
        self._questions = Questions(cap)

    @property
    def shift_s(self) -> int:
        """Measured shift of the date filter, seconds; all but exact."""
        return self.shift.lately

    @property
    def patience(self) -> float:
        """Answers that a page may cost once replicas disagree."""
        return self._questions.patience(replicas_hide=self.replicas_hide)

    @property
    def is_spent(self) -> bool:
        """The questions that the day may cost are spent."""
        return self._questions.is_budget_spent

    @property
    def is_finished(self) -> bool:
        """No question is open and the day is verified, or its questions are spent."""
        return self.is_spent or (not self._questions.are_open and self._verification.is_finished)

    def start(self) -> list[Request]:
        """Return the first questions."""
        self.read(self.whole)
        return self._questions.send()

    def receive(self, request: Request, answer: Answer, *, is_fresh: bool = True) -> list[Request]:
        """Take the answer to a question and return the questions that follow from it.

        :param is_fresh: asked by this attempt, not landed by an earlier one.
        """
        window, reply = self._questions.close(request, answer, is_fresh=is_fresh)
        self.collection.add(answer)
        if window and is_fresh:  # the clock of an earlier attempt may have been another one
            self.shift.measure(
                window.asked, [s.created for s in answer.offers if s.created is not None]
            )
        reply(answer, is_fresh)
        while not self._questions.are_open and not self.is_finished:
            self._proceed()
        return self._questions.send()

    def _proceed(self) -> None:
        """Go on when no question is open."""
        self._verification.proceed()

    # What is read, for the verification

    def read(self, window: Window, expected: int | None = None) -> None:
        """Read a window, its origins apart.

        :param expected: no origin of it holds more offers than about this; ``None`` if nothing is known.
        """
        for origin in ORIGINS:
            part = window.narrowed("origineOffre", origin)
            self._questions.expect(part)
            Slice(self, self, part, expected=expected).start()

    def extend(self) -> bool:
        """Read what the shift of the filter kept out of the day; tell whether it can be followed."""
        low, high = self.shift.bounds
        if max(abs(low), abs(high)) > LARGEST_SHIFT_S:
            return False
        start = min(self.whole.start, self.span[0] - self.terms.overlap_s - high)
        end = max(self.whole.end, self.span[1] + self.terms.overlap_s - low)
        before, after = Window(start, self.whole.start), Window(self.whole.end, end)
        self.whole = Window(start, end)
        for window in (before, after):
            if window.start < window.end:
                self.read(window)
        return True

    def read_unfiltered(self, window: Window) -> None:
        """Read a window as it is, beside what was read of it."""
        Slice(self, self, window, is_fresh=True).start()

    def read_replayed_again(self) -> bool:
        """Read anew what is held only because an earlier attempt read it; tell whether there is any."""
        replayed = [slice_ for slice_ in self.slices() if slice_.is_replayed]
        for slice_ in replayed:
            slice_.read_again()
        return bool(replayed)

    def slices(self) -> Iterator[Slice]:
        """Return all slices that were read."""
        for part in self.parts:
            if isinstance(part, Slice):
                yield part
            else:
                yield from part.slices()

    def offers(self) -> dict[str, int | None]:
        """Return the offers that are held now, id -> creation second; what is gone has left them."""
        found: dict[str, int | None] = {}
        for part in self.parts:
            found |= (part.offers or {}) if isinstance(part, Slice) else part.offers()
        return found

    def covered(self) -> tuple[int, int]:
        """Return the seconds of creation that were asked for, after the shift of the filter."""
        low, high = self.shift.bounds
        return self.whole.start + high, self.whole.end + low

    # What it says in the end

    def certificates(self) -> list[SliceCertificate]:
        """Return what was announced and collected, slice by slice."""
        found: list[SliceCertificate] = []
        for part in sorted(self.parts, key=lambda part: (part.window.filters, part.window.start)):
            if isinstance(part, Division):
                found += part.certificates()
            elif part.certificate:
                found.append(part.certificate)
        found += self._verification.certificates()
        if self.is_spent:
            found.append(self._unread())
        return found

    def witnesses(self) -> list[Witness]:
        """Return what was asked to verify the day, and how it was answered."""
        return self._verification.witnesses

    def doubts(self) -> list[str]:
        """Return why the day cannot be certified, one sentence each; nothing if it can."""
        doubts = []
        if self.is_spent:
            doubts.append(
                f"The {self.terms.name} was given up after {self._questions.asked} questions, though "
                f"{self._questions.budget} should do for what it was announced to hold: cutting it does not "
                f"make its pieces smaller."
            )
        doubts += [
            f"{c.gap} of {c.announced} announced offers are missing in {c.query}."
            for c in self.certificates()
            if c.gap
        ]
        low, high = self.shift.bounds
        first, last = self.covered()
        if first > self.span[0] or last < self.span[1]:
            doubts.append(
                f"The date filter gives offers {low} to {high} s away from the dates asked for, more than "
                f"what was asked around the {self.terms.name}: its ends may be missing."
            )
        return doubts + ([] if self.is_spent else self._verification.doubts)

    def _unread(self) -> SliceCertificate:
        announced, collected = self._questions.announced, len(self.collection.in_day)
        return SliceCertificate(
            query=self.whole.query,
            is_division=True,
            announced=announced,
            announced_first=announced,
            announced_last=announced,
            collected=collected,
            gap=max(1, announced - collected),
            requests=0,
            retries=0,
            re_reads=0,
        )

    # Keeper of the slices by time

    def slice_opened(self, slice_: Slice) -> None:
        """Take note that a slice that was read is being read again: nothing is counted here."""

    def slice_read(self, done: Slice) -> None:
        """Take a slice that is read, proved or not."""
        if done not in self.parts:
            self.parts.append(done)

    def slice_cut(self, whole: Slice, parts: list[Slice]) -> None:
        """Take the parts of a slice that cannot be read as one."""
        self._drop(whole)
        for part in parts:
            part.start()

    def slice_too_big(self, slice_: Slice) -> None:
        """Divide by filters what cannot be cut by time."""
        self._drop(slice_)
        division = Division(self, slice_.window)
        self.parts.append(division)
        division.start()

    def _drop(self, slice_: Slice) -> None:
        if slice_ in self.parts:
            self.parts.remove(slice_)

    # Desk

    def ask(self, request: Request, window: Window | None, reply: Reply) -> None:
        """Put a question; ``reply(answer, is_fresh)`` is called with its answer.

        :param window: what its dates ask for, to measure the filter by; ``None`` if it has none.
        """
        self._questions.put(request, window, reply)

    def notice(self, totals: set[int]) -> None:
        """Register all the totals that one query has announced."""
        self.replicas_disagree |= len(totals) > 1

    def notice_hiding(self) -> None:
        """Register that an answer which announced less held an offer that the largest ones lack."""
        self.replicas_hide = True
