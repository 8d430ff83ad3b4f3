"""A piece of a day that is asked for as a whole: what it should hold, what was announced. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobmarket.foundation.lake.manifest import SliceCertificate, Witness
from jobmarket.sources.france_travail.plan.expectation import NOTHING, Bounds

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.plan.partition import Window
    from jobmarket.sources.france_travail.plan.slices import Slice


@dataclass
class Piece:
    """A window asked for as a whole, and how often it was not as expected."""

    window: Window
    expected: Bounds = NOTHING
    answers: list[int] = field(default_factory=list)
    misses: int = 0
    lost: int = 0
    """Offers fewer than expected that its slices announced since they were read."""

    @property
    def is_more(self) -> bool:
        """More is announced than is held."""
        return max(self.answers, default=0) > self.expected.most

    @property
    def agrees(self) -> bool:
        """What is announced is what is held; a replica that lags may announce less."""
        fewest = Bounds(self.expected.fewest - self.lost, self.expected.most)
        return not self.is_more and any(map(fewest.hold, self.answers))

    def overlaps(self, slice_: Slice) -> bool:
        """Tell whether some second is asked for by both."""
        return self.window.start <= slice_.window.end and slice_.window.start <= self.window.end

    def witness(self) -> Witness:
        """Return what was asked and answered."""
        return Witness(
            kind="whole",
            query=self.window.query,
            expected=self.expected.most,
            announced=max(self.answers),
            agrees=self.agrees,
        )

    def certificate(self) -> SliceCertificate:
        """Return the gap of a piece that holds more than could be read."""
        announced = max(self.answers)
        return SliceCertificate(
            query=self.window.query,
            is_division=True,
            announced=announced,
            announced_first=self.answers[0],
            announced_last=self.answers[-1],
            collected=self.expected.most,
            gap=max(1, announced - self.expected.most),
            requests=len(self.answers),
            retries=0,
            re_reads=0,
        )
