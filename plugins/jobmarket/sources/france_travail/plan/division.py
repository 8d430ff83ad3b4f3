"""A second that holds more than a query gives, divided among slices by what can be filtered.

Pure. It is divided by ROME code, then by what else can be filtered. However it is divided, its own total is
asked for again: exactly as many distinct offers must have been proved in its slices. Offers that escape a
filter (those that lack the attribute), or that came late, or that a lagging replica hid from a small slice,
show here; then the next way of dividing it is tried.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import SliceCertificate
from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.plan.filters import FILTERS, filter_values
from jobmarket.sources.france_travail.plan.partition import (
    BY_DATE,
    BY_RELEVANCE,
    Window,
    halves,
    page_starts,
)
from jobmarket.sources.france_travail.plan.slices import Slice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.plan.desk import Desk

BY_REACH = "reach"  # not a division: the 3,150 offers that the window itself gives, in two orders

CALM_CLOSINGS = 3
"""Times that the total of a window is asked for at the end while all replicas agree."""

WARY_CLOSINGS = 20
"""The same once two totals were met: all of them miss the larger one once in a million."""

WARY_ROUNDS = 6
"""Rounds of looking again at small slices for what a lagging replica hid."""


class Division:
    """A window and the slices it is divided among.

    :param owner: the division that this one is a part of; ``None`` if it is a piece of the day.
    """

    def __init__(self, desk: Desk, window: Window, owner: Division | None = None) -> None:
        self.window = window
        self.owner = owner
        self.parts: list[Slice | Division] = []
        self.certificate: SliceCertificate | None = None
        left = [name for name in FILTERS if not window.value(name)]
        self._steps = [*left[:1], BY_REACH, *left[1:]]
        self._desk = desk
        self._beside: dict[str, int | None] = {}  # what the window gave itself
        self._open = 0
        self._closings: list[int] = []
        self._due_closings = 0
        self._rounds = 0
        self._announced_first = 0
        self._requests = 0
        self._retries = 0

    def start(self) -> None:
        """Take the next step in dividing the window."""
        step = self._steps.pop(0)
        if step == BY_REACH:
            self._read_reach()
            return
        values = filter_values(step, self._desk.codes)
        self._open_slices([self.window.narrowed(step, value) for value in values])
        if not values:  # an empty référentiel divides nothing
            self._ask_total()

    def offers(self) -> dict[str, int | None]:
        """Return the offers that are held now: id -> creation second."""
        found = dict(self._beside)
        for part in self.parts:
            found |= (part.offers or {}) if isinstance(part, Slice) else part.offers()
        return found

    def slices(self) -> Iterator[Slice]:
        """Return all slices, those of inner divisions included."""
        for part in self.parts:
            if isinstance(part, Slice):
                yield part
            else:
                yield from part.slices()

    def certificates(self) -> Iterator[SliceCertificate]:
        """Return what was announced and collected: the parts, then the whole."""
        for part in sorted(self.parts, key=lambda part: part.window.filters):
            if isinstance(part, Division):
                yield from part.certificates()
            elif part.certificate:
                yield part.certificate
        if self.certificate:
            yield self.certificate

    # What a slice reports

    def slice_opened(self, slice_: Slice) -> None:
        """Take a slice that is being read again."""
        self._open += 1
        if self.certificate and self.owner:
            self.owner.slice_opened(slice_)
        self.certificate = None

    def slice_read(self, done: Slice) -> None:
        """Take a slice that is read, proved or not."""
        if done not in self.parts:
            self.parts.append(done)
        self._close_part()

    def slice_cut(self, whole: Slice, parts: list[Slice]) -> None:
        """Take the parts of a slice that cannot be read as one."""
        self._drop(whole)
        self._open += len(parts) - 1
        for part in parts:
            part.start()

    def slice_too_big(self, slice_: Slice) -> None:
        """Divide further what is still too big."""
        self._drop(slice_)
        window = slice_.window
        group = halves(window.value("codeROME") or "")
        if group:
            self._open -= 1
            self._open_slices([window.narrowed("codeROME", half) for half in group])
            return
        division = Division(self._desk, window, self)
        self.parts.append(division)
        division.start()

    # How it goes on

    def _drop(self, slice_: Slice) -> None:
        if slice_ in self.parts:
            self.parts.remove(slice_)

    def _open_slices(self, windows: list[Window]) -> None:
        self._open += len(windows)
        for window in windows:
            # what a division rests on, filters, is asked for anew: what has landed may have misled
            Slice(self._desk, self, window, expected=0, is_fresh=True).start()

    def _close_part(self) -> None:
        self._open -= 1
        if self._open == 0:
            self._ask_total()

    def _ask_total(self) -> None:
        self._closings = []
        self._due_closings = 0
        self._ask_totals(WARY_CLOSINGS if self._desk.replicas_disagree else CALM_CLOSINGS)

    def _ask_totals(self, times: int) -> None:
        missing = times - self._due_closings
        self._due_closings = times
        for _ in range(missing):
            request = Request(self.window.query, 0, 0, is_urgent=True, is_fresh=True)
            self._desk.ask(request, self.window, self._total_told)

    def _total_told(self, answer: Answer, is_fresh: bool) -> None:
        del is_fresh
        self._count(answer)
        self._closings.append(answer.announced or 0)
        self._desk.notice(set(self._closings))
        if len(self._closings) < self._due_closings:
            return
        if self._desk.replicas_disagree and self._due_closings < WARY_CLOSINGS:
            self._ask_totals(WARY_CLOSINGS)
            return
        self._reconcile(max(self._closings))

    def _reconcile(self, total: int) -> None:
        if total == len(self.offers()) or self._parts_gap():
            self._finish(total)
        elif self._rounds < (WARY_ROUNDS if self._desk.replicas_disagree else 1):
            self._rounds += 1
            self._look_again()
        elif total > len(self.offers()) and self._steps:
            self._rounds = 0
            self.start()
        else:
            self._finish(total)

    def _look_again(self) -> None:
        """Look at all slices, and read again those that have changed."""
        slices = [part for part in self.parts if isinstance(part, Slice)]
        if not slices:
            self._ask_total()
        self._open += len(slices)
        for slice_ in slices:
            slice_.recheck.look(partial(self._looked_at, slice_))

    def _looked_at(self, slice_: Slice) -> None:
        if slice_.recheck.has_changed:
            slice_.read_again()  # opens it once more, until it is read
        self._close_part()

    def _parts_gap(self) -> int:
        return sum(certificate.gap for certificate in self.certificates())

    def _finish(self, total: int) -> None:
        held = len(self.offers())
        gap = 0
        if total > held:
            known = self._parts_gap()
            gap = max(0 if known else 1, total - held - known)
        self.certificate = SliceCertificate(
            query=self.window.query,
            is_division=True,
            announced=total,
            announced_first=self._announced_first,
            announced_last=self._closings[-1],
            collected=held,
            gap=gap,
            requests=self._requests,
            retries=self._retries,
            re_reads=0,
        )
        if self.owner:
            self.owner._close_part()

    # Its own pages

    def _read_reach(self) -> None:
        cap = self._desk.cap
        starts = page_starts(cap.reach, cap)
        self._open += 2 * len(starts)
        for sort in (BY_DATE, BY_RELEVANCE):
            for first in starts:
                request = Request(
                    self.window.sorted_query(sort), first, first + cap.page_size - 1, is_fresh=True
                )
                self._desk.ask(request, self.window, self._reach_page)

    def _reach_page(self, answer: Answer, is_fresh: bool) -> None:
        del is_fresh
        self._count(answer)
        self._beside.update(answer.offers)
        self._close_part()

    def _count(self, answer: Answer) -> None:
        self._requests += len(answer.statuses)
        self._retries += len(answer.statuses) - 1
        self._announced_first = self._announced_first or answer.announced or 0
