"""What the pieces of a plan know of each other: the desk that asks, the keeper that is told. Shapes only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobmarket.sources.france_travail.client.answer import Answer, Cap
    from jobmarket.sources.france_travail.client.request import Request
    from jobmarket.sources.france_travail.plan.partition import Window
    from jobmarket.sources.france_travail.plan.terms import Terms

    Reply = Callable[[Answer, bool], None]

SliceT = TypeVar("SliceT")
"""A ``Slice``: it is told to its keeper, and knows this module."""


class Desk(Protocol):
    """What a slice and a division need from the plan of the day."""

    cap: Cap
    terms: Terms
    is_led_astray: bool
    """Landed pages contradict each other: what else has landed is not believed either."""

    @property
    def shift_s(self) -> int:
        """Measured shift of the date filter, seconds; all but exact."""

    @property
    def replicas_disagree(self) -> bool:
        """Some query has announced two totals."""

    @property
    def replicas_hide(self) -> bool:
        """An answer that announced less held an offer that the largest ones lack."""

    @property
    def patience(self) -> float:
        """Answers that a page may cost once replicas disagree."""

    def ask(self, request: Request, window: Window | None, reply: Reply) -> None:
        """Put a question; ``reply(answer, is_fresh)`` is called with its answer.

        :param window: what its dates ask for, to measure the filter by; ``None`` if it has none.
        """

    def notice(self, totals: set[int]) -> None:
        """Register all the totals that one query has announced."""

    def notice_hiding(self) -> None:
        """Register that an answer which announced less held an offer that the largest ones lack."""

    def codes(self, name: str) -> Sequence[str]:
        """Return the codes of a référentiel."""


class Keeper(Protocol[SliceT]):
    """Whom a slice tells what became of it."""

    def slice_read(self, done: SliceT) -> None:
        """Take a slice that is read, proved or not."""

    def slice_opened(self, slice_: SliceT) -> None:
        """Take note that a slice that was read is being read again."""

    def slice_cut(self, whole: SliceT, parts: list[SliceT]) -> None:
        """Take the parts of a slice that cannot be read as one."""

    def slice_too_big(self, slice_: SliceT) -> None:
        """Take a slice that holds too much in a core too short to be cut."""
