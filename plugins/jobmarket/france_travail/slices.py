"""One slice of a day: find out how big it is, then read it whole or say where to cut it.

Pure: a slice asks through its ``Desk`` and is called back with the answers.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from jobmarket.france_travail.answer import LAST_START, PAGE_SIZE, REACH
from jobmarket.france_travail.partition import (
    SHORTEST_CORE_S,
    Request,
    Window,
    choose_cut,
    middle,
)
from jobmarket.france_travail.proof import SliceProof
from jobmarket.manifest import SliceCertificate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobmarket.france_travail.answer import Answer

    Reply = Callable[[Answer, bool], None]


class Desk(Protocol):
    """What a slice and a division need from the plan of the day."""

    @property
    def shift_s(self) -> int:
        """Measured shift of the date filter, seconds."""

    @property
    def replicas_disagree(self) -> bool:
        """Some query has announced two totals."""

    def ask(self, request: Request, window: Window, reply: Reply) -> None:
        """Put a question; ``reply(answer, is_fresh)`` is called with its answer."""

    def notice(self, totals: set[int]) -> None:
        """Register all the totals that one query has announced."""

    def codes(self, name: str) -> Sequence[str]:
        """Return the codes of a référentiel."""


class Keeper(Protocol):
    """Whom a slice tells what became of it."""

    def slice_read(self, done: Slice) -> None:
        """Take a slice that is read, proved or not."""

    def slice_cut(self, above: Slice, below: Slice) -> None:
        """Take the two parts of a slice that was too big."""

    def slice_too_big(self, slice_: Slice) -> None:
        """Take a slice that holds too much in a core too short to be cut."""

    def slice_looked_at(self, slice_: Slice) -> None:
        """Take back a slice that was looked at again and has nothing new."""


class _State(Enum):
    SIZING = auto()
    READING = auto()
    READ = auto()
    CUT = auto()


class Slice:
    """A window on its way to be read.

    :param expected: about how many offers it holds; ``None`` if nothing is known.
    :param is_aimed: the window was cut so as to fit one query. If it does not fit, the order of the
        answers has misled: then it is cut in the middle.
    """

    def __init__(
        self,
        desk: Desk,
        keeper: Keeper,
        window: Window,
        *,
        expected: int | None = None,
        is_aimed: bool = False,
    ) -> None:
        self.window = window
        self.proof = SliceProof(window.query)
        self.proved_ids: frozenset[str] | None = None
        self.certificate: SliceCertificate | None = None
        self._proved_total = 0
        self._desk = desk
        self._keeper = keeper
        self._expected = expected
        self._is_aimed = is_aimed
        self._state = _State.SIZING

    @property
    def is_proved(self) -> bool:
        """The slice was read whole."""
        return self.certificate is not None and self.certificate.gap == 0

    def start(self) -> None:
        """Ask how big the slice is, by the page that is most likely to be of further use."""
        fits = self._expected is not None and self._expected <= LAST_START
        self._ask_size(0 if fits else LAST_START)

    def look_again(self) -> None:
        """Ask what the slice announces now; more than was proved opens it again."""
        self._desk.ask(Request(self.proof.query, 0, 0, is_urgent=True), self.window, self._looked)

    def _ask_size(self, first: int) -> None:
        self.proof.asked(first)
        request = Request(self.proof.query, first, first + PAGE_SIZE - 1, is_urgent=True)
        self._desk.ask(request, self.window, self._sized)

    def _sized(self, answer: Answer, is_fresh: bool) -> None:
        self.proof.receive(answer, is_page=True, is_fresh=is_fresh)
        self._desk.notice(self.proof.totals)
        total = answer.announced
        if total is None:
            self._ask_size(0)
        elif total <= REACH:
            self._state = _State.READING
            self._advance()
        elif self.window.end - self.window.start <= SHORTEST_CORE_S:
            self._give_back()
        elif self._is_aimed:
            self._cut(middle(self.window), above=None, below=None)
        elif answer.first == 0:
            self._ask_size(LAST_START)
        else:
            self._cut_by(answer, total)

    def _cut_by(self, peek: Answer, total: int) -> None:
        shift = self._desk.shift_s
        seconds = [s.created - shift for s in peek.offers if s.created is not None]
        at = choose_cut(self.window, seconds)
        # an offer of this page above the cut tells that the part above holds the newest 3,000 too
        above = sum(second >= at - 1 for second in seconds) if at else 0
        self._cut(at, above=LAST_START, below=total - LAST_START - above if above else None)

    def _cut(self, at: int | None, *, above: int | None, below: int | None) -> None:
        if at is None:
            self._give_back()
            return
        self._state = _State.CUT
        newer, older = self.window.cut(at)
        self._keeper.slice_cut(
            Slice(self._desk, self._keeper, newer, expected=above, is_aimed=above is not None),
            Slice(self._desk, self._keeper, older, expected=below),
        )

    def _give_back(self) -> None:
        self._state = _State.CUT
        self._keeper.slice_too_big(self)

    def _page(self, answer: Answer, is_fresh: bool) -> None:
        self.proof.receive(answer, is_page=True, is_fresh=is_fresh)
        self._desk.notice(self.proof.totals)
        if self._state is _State.READING:
            self._advance()

    def _advance(self) -> None:
        if self.proof.is_over_reach:
            self._cut(middle(self.window), above=None, below=None)
            return
        for first in self.proof.wanted():
            self.proof.asked(first)
            request = Request(self.proof.query, first, first + PAGE_SIZE - 1)
            self._desk.ask(request, self.window, self._page)
        if not self.proof.is_waiting:
            self._finish()

    def _finish(self) -> None:
        proof = self.proof
        self._state = _State.READ
        self._proved_total = proof.target
        self.proved_ids = proof.snapshot()
        self.certificate = SliceCertificate(
            query=proof.query,
            announced=proof.target,
            announced_first=proof.announced_first or 0,
            announced_last=proof.announced_last,
            collected=len(proof.ids),
            gap=proof.gap(),
            requests=proof.requests,
            retries=proof.retries,
            re_reads=proof.re_reads,
        )
        self._keeper.slice_read(self)
        self.proved_ids = None
        proof.forget_reads()

    def _looked(self, answer: Answer, is_fresh: bool) -> None:
        self.proof.receive(answer, is_page=False, is_fresh=is_fresh)
        self._desk.notice(self.proof.totals)
        if (answer.announced or 0) > self._proved_total:
            self._state = _State.READING
            self._advance()
        else:
            self._keeper.slice_looked_at(self)
