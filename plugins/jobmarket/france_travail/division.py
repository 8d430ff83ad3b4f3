"""A window divided among slices, and reconciled with the total that the API announces for it.

Pure. The window of a whole day is divided by time; a second that holds more than a query gives is divided
by ROME code, then by what else can be filtered. However it is divided, the window's own total is asked
for again at the end: as many distinct offers must have been proved in its slices. Offers that escape a
filter (those that lack the attribute), or that came late, or that a lagging replica hid from a small
slice, show here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.france_travail.answer import PAGE_SIZE, REACH
from jobmarket.france_travail.filters import FILTERS, filter_values
from jobmarket.france_travail.partition import (
    BY_DATE,
    BY_RELEVANCE,
    Request,
    Window,
    halves,
    page_starts,
)
from jobmarket.france_travail.slices import Desk, Slice
from jobmarket.france_travail.tally import Tally
from jobmarket.manifest import SliceCertificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.france_travail.answer import Answer

BY_TIME = "time"
BY_REACH = "reach"  # not a division: the 3,150 offers that the window itself gives, in two orders

CALM_CLOSINGS = 3
"""Times that the total of a window is asked for at the end while all replicas agree."""

WARY_CLOSINGS = 20
"""The same once two totals were met: all of them miss the larger one once in a million."""

WARY_ROUNDS = 12
"""Rounds of looking again at small slices for what a lagging replica hid."""


class Division:
    """A window and the slices it is divided among.

    :param owner: the division that this one is a part of; ``None`` for a whole day.
    :param steps: how to divide it, each tried only if the ones before leave something out.
    """

    def __init__(
        self, desk: Desk, window: Window, steps: tuple[str, ...], owner: Division | None = None
    ) -> None:
        self.window = window
        self.owner = owner
        self.tally = Tally()
        self.parts: list[Slice | Division] = []
        self.certificate: SliceCertificate | None = None
        self._desk = desk
        self._steps = list(steps)
        self._open = 0
        self._closings = 0
        self._closing_totals: list[int] = []
        self._closing_was_fresh = False
        self._rounds = 0
        self._met_first = 0
        self._requests = 0
        self._retries = 0

    def start(self) -> None:
        """Take the next step in dividing the window."""
        step = self._steps.pop(0)
        if step == BY_TIME:
            self._open_slices([Slice(self._desk, self, self.window)])
        elif step == BY_REACH:
            self._read_reach()
        else:
            windows = [
                self.window.narrowed(step, value) for value in filter_values(step, self._desk.codes)
            ]
            if not windows:  # an empty référentiel divides nothing
                self._ask_total()
            self._open_slices([Slice(self._desk, self, window, expected=0) for window in windows])

    def certificates(self) -> Iterator[SliceCertificate]:
        """Return what was announced and collected: the parts by time and filters, then the whole."""
        for part in sorted(self.parts, key=lambda part: (part.window.start, part.window.filters)):
            if isinstance(part, Division):
                yield from part.certificates()
            elif part.certificate:
                yield part.certificate
        if self.certificate:
            yield self.certificate

    def lineage(self) -> Iterator[Division]:
        """Return this division and those it is a part of."""
        division: Division | None = self
        while division:
            yield division
            division = division.owner

    # What a slice reports

    def slice_read(self, done: Slice) -> None:
        """Take a slice that is read, proved or not."""
        if done not in self.parts:
            self.parts.append(done)
        for division in self.lineage():
            division.tally.add(done.proved_ids, done.proof.ids)
        self._close_part()

    def slice_cut(self, above: Slice, below: Slice) -> None:
        """Take the two parts of a slice that was too big."""
        self._open -= 1
        self._open_slices([above, below])

    def slice_too_big(self, slice_: Slice) -> None:
        """Divide by a filter what cannot be cut by time."""
        window = slice_.window
        group = halves(window.value("codeROME") or "")
        if group:
            parts = [window.narrowed("codeROME", half) for half in group]
            self._open -= 1
            self._open_slices([Slice(self._desk, self, part, expected=0) for part in parts])
            return
        left = [name for name in FILTERS if not window.value(name)]
        division = Division(self._desk, window, (*left[:1], BY_REACH, *left[1:]), self)
        self.parts.append(division)
        division.start()

    def slice_looked_at(self, slice_: Slice) -> None:
        """Take back a slice that was looked at again and has nothing new."""
        self._close_part()

    # How it goes on

    def _open_slices(self, slices: list[Slice]) -> None:
        self._open += len(slices)
        for slice_ in slices:
            slice_.start()

    def _close_part(self) -> None:
        self._open -= 1
        if self._open == 0:
            self._ask_total()

    def _ask_total(self) -> None:
        self._closing_totals.clear()
        self._closing_was_fresh = False
        self._closings = WARY_CLOSINGS if self._desk.replicas_disagree else CALM_CLOSINGS
        for _ in range(self._closings):
            self._ask_one_total()

    def _ask_one_total(self) -> None:
        request = Request(self.window.query, 0, 0, is_urgent=True)
        self._desk.ask(request, self.window, self._total_told)

    def _total_told(self, answer: Answer, is_fresh: bool) -> None:
        self._count(answer)
        self._closing_was_fresh |= is_fresh
        self._closing_totals.append(answer.announced or 0)
        self._desk.notice(set(self._closing_totals))
        if len(self._closing_totals) < self._closings:
            return
        if self._desk.replicas_disagree and self._closings < WARY_CLOSINGS:
            missing = WARY_CLOSINGS - self._closings
            self._closings = WARY_CLOSINGS
            for _ in range(missing):
                self._ask_one_total()
            return
        self._reconcile(max(self._closing_totals))

    def _reconcile(self, total: int) -> None:
        if total <= len(self.tally.proved) or self._parts_gap():
            self._finish(total)
        elif not self._closing_was_fresh:
            self._ask_total()  # what an earlier attempt was told is spent: ask anew
        elif self._look_again():
            return
        elif self._steps:
            self._rounds = 0
            self.start()
        else:
            self._finish(total)

    def _look_again(self) -> bool:
        """Look at the slices that only one replica may have described; tell whether there are any."""
        wary = self._desk.replicas_disagree
        slices = [
            part
            for part in self.parts
            if isinstance(part, Slice)
            and part.is_proved
            and not (wary and len(part.proof.totals) > 1)
        ]
        if not slices or self._rounds >= (WARY_ROUNDS if wary else 1):
            return False
        self._rounds += 1
        self._open += len(slices)
        for slice_ in slices:
            slice_.look_again()
        return True

    def _parts_gap(self) -> int:
        return sum(certificate.gap for certificate in self.certificates())

    def _finish(self, total: int) -> None:
        known = self._parts_gap()
        gap = 0
        if total > len(self.tally.proved):
            gap = max(0 if known else 1, total - len(self.tally) - known)
        self.certificate = SliceCertificate(
            query=self.window.query,
            is_division=True,
            announced=total,
            announced_first=self._met_first,
            announced_last=self._closing_totals[-1],
            collected=len(self.tally),
            gap=gap,
            requests=self._requests,
            retries=self._retries,
            re_reads=0,
        )
        if self.owner:
            self.owner._close_part()

    # Its own pages

    def _read_reach(self) -> None:
        for sort in (BY_DATE, BY_RELEVANCE):
            for first in page_starts(REACH):
                self._open += 1
                query = self.window.sorted_query(sort)
                request = Request(query, first, first + PAGE_SIZE - 1)
                self._desk.ask(request, self.window, self._reach_page)

    def _reach_page(self, answer: Answer, is_fresh: bool) -> None:
        del is_fresh
        self._count(answer)
        ids = frozenset(sighting.offer_id for sighting in answer.offers)
        for division in self.lineage():
            division.tally.add(ids, set())
        self._close_part()

    def _count(self, answer: Answer) -> None:
        self._requests += len(answer.statuses)
        self._retries += len(answer.statuses) - 1
        self._met_first = self._met_first or answer.announced or 0
