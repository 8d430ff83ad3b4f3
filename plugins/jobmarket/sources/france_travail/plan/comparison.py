"""What is held of a day compared with what the day is said to hold, asked for in other words. Pure.

The time of the day is cut anew, into *pieces* that are asked for without a filter and in another order, and
each slice is looked at. What differs is looked into, not judged: slices that changed are read again, what no
slice shows is read without a filter, a piece that announces less than it holds is cut; and the pieces
concerned are asked for again. What still differs after ``ROUNDS`` is a doubt. When this is asked, and what
else is, is in ``verification``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

from jobmarket.sources.france_travail.client.answer import CAP
from jobmarket.sources.france_travail.client.request import Request
from jobmarket.sources.france_travail.plan.expectation import Expectation
from jobmarket.sources.france_travail.plan.piece import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from jobmarket.foundation.lake.manifest import SliceCertificate, Witness
    from jobmarket.sources.france_travail.client.answer import Answer
    from jobmarket.sources.france_travail.plan.day_view import DayView
    from jobmarket.sources.france_travail.plan.slices import Slice

FEWEST_PIECES = 8

ROUNDS = 14
"""Rounds of looking into what differs."""

LOOKS = ((2, 6), (4, 3), (1_000_000, 1))
"""Slices and how often each is looked at: a small day can afford to meet every replica."""

FINE_PIECES = 23
"""Pieces of a last look at a day of which several states were met: no two hide in the same place."""

SMALL_DAY = 8
"""Slices of a day that is looked at so, even if only its totals have differed."""

WARY_ASKS = (4, 20)
"""Times that a piece is asked for once replicas disagree: at first, and if none said what is held."""


class Comparison:
    """Compares what a plan holds with the day as a whole.

    :param plan: has no question open whenever :meth:`proceed` is called.
    """

    def __init__(self, plan: DayView) -> None:
        self.is_finished = False
        self.doubts: list[str] = []
        self.witnesses: list[Witness] = []
        self._plan = plan
        self._next: Callable[[], None] = self.start
        self._is_fine = False
        self._rounds = 0
        self._pieces: list[Piece] = []
        self._looked_at: list[Slice] = []
        self._unexplained: list[Piece] = []
        # whether pieces said more, or less, than slices that stay as they were read
        self._contradictions: set[bool] = set()

    def start(self) -> None:
        """Cut the day anew and ask for all of it."""
        expectation = self._expect()
        pieces = max(FEWEST_PIECES, -(-len(expectation) // self._piece_size()))
        windows = expectation.cut(self._plan.whole, pieces)
        del expectation  # it is large, and made anew
        self._ask([Piece(window) for window in windows], self._to_look_at())

    def proceed(self) -> None:
        """Judge what was answered and ask the next questions; finished if there are none."""
        self._next()

    def certificates(self) -> list[SliceCertificate]:
        """Return the pieces that hold more than could be read."""
        return [piece.certificate() for piece in self._unexplained]

    def _piece_size(self) -> int:
        return max(1, self._plan.terms.piece * self._plan.cap.reach // CAP.reach)

    def _to_look_at(self) -> list[Slice]:
        """Return the slices to look at: of many, while replicas agree, a share that their queries choose."""
        slices = list(self._plan.slices())
        share = self._plan.terms.look_share
        if self._plan.replicas_disagree or len(slices) <= SMALL_DAY:
            return slices
        return [s for s in slices if s.is_replayed or not crc32(s.window.query.encode()) % share]

    def _expect(self) -> Expectation:
        plan = self._plan
        return Expectation(plan.offers().values(), plan.whole, plan.shift.seconds)

    def _ask(self, pieces: list[Piece], slices: list[Slice]) -> None:
        """Ask for pieces as a whole, and look at slices."""
        self._pieces, self._looked_at = pieces, slices
        expectation = self._expect()
        for piece in pieces:
            piece.expected = expectation.bounds(piece.window)
            piece.answers = []
            self._ask_piece(piece, WARY_ASKS[0] if self._plan.replicas_disagree else 1)
        looks = next(times for most, times in LOOKS if len(slices) <= most)
        for slice_ in slices:
            slice_.recheck.look(lambda: None, looks)
        self._next = self._judge

    def _ask_piece(self, piece: Piece, times: int) -> None:
        for _ in range(times):
            request = Request(piece.window.query, 0, 0, is_urgent=True, is_fresh=True)
            self._plan.ask(request, piece.window, lambda answer, _: self._piece_told(piece, answer))

    def _piece_told(self, piece: Piece, answer: Answer) -> None:
        # facets that count more than is announced tell of offers that the total leaves out
        piece.answers.append(max(answer.announced or 0, answer.counted))
        self._plan.notice(set(piece.answers))

    def _judge(self) -> None:
        if self._ask_more():
            return
        self._rounds += 1
        for piece in self._pieces:
            piece.lost = sum(s.recheck.lost for s in self._plan.slices() if piece.overlaps(s))
        self.witnesses += [piece.witness() for piece in self._pieces]
        missed = [piece for piece in self._pieces if not piece.agrees]
        changed = [slice_ for slice_ in self._looked_at if slice_.recheck.has_changed]
        is_contradicted = len(self._contradictions) == 2
        if not missed and not changed and not is_contradicted:
            if not self._look_finely():
                self.is_finished = True
            return
        if self._rounds >= ROUNDS or is_contradicted:
            self._unexplained = [piece for piece in missed if piece.is_more]
            self.doubts = self._differences(missed, changed)
            self.is_finished = True
            return
        for slice_ in changed:
            slice_.read_again()
        touched = [
            piece for piece in self._pieces if piece.agrees and any(map(piece.overlaps, changed))
        ]
        for piece in missed:
            piece.misses += 1
        if changed:
            # what is read again may explain what is missed: it is asked for when that is done
            self._next = partial(self._ask_again, [*missed, *touched])
        else:
            self._look_into(missed)

    def _look_finely(self) -> bool:
        """Cut the day finely once more, where its states are several; tell whether that is being asked."""
        is_small = len(list(self._plan.slices())) <= SMALL_DAY
        is_odd = bool(self._contradictions) or (self._plan.replicas_disagree and is_small)
        if self._is_fine or not is_odd:
            return False
        self._is_fine = True
        windows = self._expect().cut(self._plan.whole, FINE_PIECES)
        self._ask([Piece(window) for window in windows], [])
        return True

    def _ask_more(self) -> bool:
        """Ask again for pieces of which no replica has said what is held; tell whether there are any."""
        if not self._plan.replicas_disagree:
            return False
        unsure = [
            piece
            for piece in self._pieces
            if not piece.agrees and not piece.is_more and len(piece.answers) < WARY_ASKS[1]
        ]
        for piece in unsure:
            self._ask_piece(piece, WARY_ASKS[1] - len(piece.answers))
        return bool(unsure)

    def _ask_again(self, pieces: list[Piece]) -> None:
        if any(certificate.gap for certificate in self._plan.certificates()):
            self.is_finished = True
            return
        self._ask(pieces, [])

    def _look_into(self, missed: list[Piece]) -> None:
        """Go on with pieces that differ though no slice that was looked at has changed."""
        if self._plan.read_replayed_again():
            self._next = partial(self._ask_again, missed)
            return
        again: list[Piece] = []
        slices: list[Slice] = []
        # one may have gone and one come, which no look at a slice shows
        anew: dict[Slice, None] = {}
        for piece in missed:
            patience = max(self._plan.terms.patience, 3 if self._plan.replicas_disagree else 1)
            if piece.misses <= patience + 1:
                again.append(piece)
                slices += [s for s in self._plan.slices() if piece.overlaps(s)]
                if piece.misses > patience:
                    anew |= dict.fromkeys(slices)
                continue
            self._contradictions.add(piece.is_more)
            if piece.is_more and piece.misses == patience + 2:
                self._plan.read_unfiltered(piece.window)
            # a total that may be a ceiling, or be wrong, is judged by its parts
            halves = self._expect().cut(piece.window, 2)
            if len(halves) == 1:
                again.append(piece)
            else:
                again += [Piece(half, misses=piece.misses - 1) for half in halves]
        for slice_ in anew:
            slice_.read_again()
        self._next = partial(self._ask, again, [s for s in dict.fromkeys(slices) if s not in anew])

    def _differences(self, missed: list[Piece], changed: list[Slice]) -> list[str]:
        doubts = [
            f"{piece.expected.fewest} offers are held of {piece.window.query}, and {max(piece.answers)} "
            f"announced: some were withdrawn meanwhile, or what the API says contradicts itself."
            for piece in missed
            if not piece.is_more
        ]
        if changed:
            doubts.append(
                f"{len(changed)} slices still change while they are read, such as "
                f"{changed[0].proof.query}."
            )
        if len(self._contradictions) == 2:
            doubts.append(
                f"Some pieces of the {self._plan.terms.name} are announced to hold more, some fewer offers "
                "than slices that stay as they were read: several states of the API answer, each to other "
                "questions."
            )
        return doubts
